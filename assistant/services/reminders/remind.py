"""A reminder by SMS: asked for, agreed to, one neutral message, and the conversation goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from assistant.domain.consent import ConsentAct, Purpose, Standing
from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.messages import Channel, Choice, Instruction
from assistant.domain.sending import METROPOLE, Area, area_of
from assistant.flows.engine import Library
from assistant.services.consent.asking import ask_consent
from assistant.services.consent.recording import ConsentRecord, standing_of, withdraw
from assistant.services.dialogue.moves import (
    ConsentWord,
    Effect,
    Move,
    ask,
    move,
    say,
    waiting,
    word_choice,
)
from assistant.services.dialogue.steering import what_else
from assistant.services.dialogue.universal_words import Word
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.sms.write_first import WriteFirst

REMIND_PREFIX = "remind/"
SUGGESTED = {1: "choice.remind_1", 3: "choice.remind_3", 7: "choice.remind_7"}
"""The days from today, when nobody said when, with their labels."""

# Late enough to be up, early enough to do it the same day.
HOUR = time(10)

_KEEP = word_choice(Word.KEEP)


def offer(state: DialogueState, on: date | None, today: date, *before: Instruction) -> Move:
    """Ask, in one sentence, whether and when to write: what is picked is the consent."""
    if on is not None:
        question = _dated(ask("reminder.question", _choice(on, "choice.remind_yes"), _KEEP), on)
        asked = ask_consent(state, Purpose.REMINDERS, *before, question=question)
        return replace(asked, action="ask_reminder")
    choices = (_choice(today + timedelta(days), label) for days, label in SUGGESTED.items())
    question = ask("reminder.when", *choices, _KEEP)
    return move("ask_reminder", replace(state, question=Question.REMIND), *before, question)


def accept(state: DialogueState, on: date) -> Move:
    """Agree on a day; the open guide waits until then, or until the person writes."""
    resting = Question.RESUME if state.session.current else None
    # The words that were answered: with the day in them, or with days to choose from.
    asked = state.consent.question if state.consent is not None else None
    agreed = move("reminder", replace(state, question=resting))
    spoken = agreement(asked or ask("reminder.when", *state.offered))
    return replace(agreed, effect=Effect.REMIND, consent=spoken, on=on)


def agreement(question: Instruction) -> ConsentWord:
    """Return the yes to a reminder, in answer to that question."""
    return ConsentWord(Purpose.REMINDERS, ConsentAct.GIVEN, question)


def out_of_reach(library: Library, state: DialogueState, on: date | None) -> Move:
    """Say to somebody whose phone is not known that no reminder can reach them."""
    return replace(_go_on("reminder_unreachable", library, state), effect=Effect.REMIND, on=on)


def take_back(library: Library, state: DialogueState) -> Move:
    """Cancel the reminder, if there is one."""
    taken = _go_on("reminder_cancelled", library, state, say("consent.reminders.withdrawn"))
    return replace(taken, effect=Effect.CANCEL_REMINDER)


def _go_on(action: str, library: Library, state: DialogueState, *told: Instruction) -> Move:
    resting = state.question if state.question is Question.RESUME else None
    calm = replace(state, question=resting)
    after = waiting(library, calm)
    if not after:
        calm, question = what_else(calm)
        after = (question,)
    return move(action, calm, *told, *after)


def _choice(on: date, label: str) -> Choice:
    return Choice(f"{REMIND_PREFIX}{on.isoformat()}", f"interface/{label}")


def _dated(instruction: Instruction, on: date) -> Instruction:
    return replace(instruction, params={"day": f"{on:%d/%m}"})


@dataclass(frozen=True)
class KeepReminder:
    """Writes down the consent and the day, in the caller's transaction, and tells what came of it.

    ``can_link`` says whether a phone can go on with a conversation of the page.
    """

    consents: ConsentRecord
    can_link: bool

    def __call__(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        wanted: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Return the move with what is told first: it is noted, or nobody can be written to."""
        number = reached(work, conversation)
        area = METROPOLE if number is None else area_of(number)
        on = wanted.on
        if wanted.in_days is not None:
            on = local_day(now, area) + timedelta(wanted.in_days)
        spoken = wanted.consent
        if number is None or spoken is None or on is None:
            told = [say("reminder.no_phone" if self.can_link else "reminder.no_sms")]
            told += [_dated(say("reminder.note_day"), on)] if on is not None else []
        else:
            question = spoken.question
            self.consents.give(work, conversation, spoken.purpose, channel, now, question)
            due = datetime.combine(on, HOUR, area.zone).astimezone(UTC)
            work.reminders.ask(conversation.id, due, now)
            told = [_dated(say("reminder.noted"), on)]
        first = tuple(replace(each, whom=wanted.state.whom) for each in told)
        return replace(wanted, instructions=(*first, *wanted.instructions))


def reached(work: UnitOfWork, conversation: Conversation) -> str | None:
    """Return the number to which a reminder of a conversation can go, if there is one.

    On a device that others use, a conversation is erased before any reminder is due.
    """
    address_id = work.addresses.of_conversation(Channel.SMS, conversation.id)
    if address_id is None or conversation.shared_device:
        return None
    number = work.addresses.reveal(address_id)
    return None if work.suppressions.reason(Channel.SMS, number) is not None else number


def cancel_reminder(
    work: UnitOfWork, conversation_id: str, now: datetime, channel: Channel = Channel.SMS
) -> bool:
    """Take back a reminder and the consent to it, in the caller's transaction.

    False when there was nothing to take back.
    """
    return withdraw(work, conversation_id, Purpose.REMINDERS, channel, now)


def local_day(now: datetime, area: Area) -> date:
    """Return which day it is where somebody lives."""
    return now.astimezone(area.zone).date()


@dataclass(frozen=True)
class Remind:
    """Writes what is due, once, unless it is not wanted any more."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    write_first: WriteFirst
    clock: Clock
    wake: Callable[[], None]

    def due(self, at_most: int) -> Sequence[str]:
        """List the conversations whose reminder is due."""
        with self.open_reading() as work:
            return work.reminders.due(self.clock.now(), at_most)

    def __call__(self, conversation_id: str) -> None:
        """Let one reminder leave, in decent hours."""
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            # Whoever answers or erases the conversation meanwhile comes before or after.
            allowed = standing_of(work, conversation_id, Purpose.REMINDERS, now)
            if not work.reminders.take(conversation_id, now):
                return
            if allowed is not Standing.ABSENT:
                self._write(work, conversation_id, now)
            work.commit()
        self.wake()

    def _write(self, work: UnitOfWork, conversation_id: str, now: datetime) -> None:
        state = self.write_first(work, conversation_id, say("sms.reminder"), now)
        if state is not None and state.session.current is not None:
            # « oui » is an answer to the reminder, and not to the step of another day.
            resting = replace(state, question=Question.RESUME)
            version = work.conversations.get(conversation_id).version
            work.conversations.save_state(conversation_id, resting, version)
