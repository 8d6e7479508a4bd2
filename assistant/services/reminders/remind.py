"""A reminder by SMS: asked for, agreed to, one neutral message, and the conversation goes on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from assistant.domain.consent import Purpose, Standing
from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.messages import Author, Channel, Choice, Instruction, Message
from assistant.domain.sending import Area, area_of
from assistant.services.consent.asking import ask_consent
from assistant.services.consent.recording import ConsentRecord, standing_of, withdraw
from assistant.services.dialogue.moves import Effect, Move, ask, move, say, word_choice
from assistant.services.dialogue.universal_words import Word
from assistant.services.ports import Clock, OpenUnitOfWork, UnitOfWork, Wording

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
    noted = _dated(say("reminder.noted"), on)
    agreed = move("reminder", replace(state, question=resting), noted)
    return replace(agreed, effect=Effect.REMIND, on=on)


def _choice(on: date, label: str) -> Choice:
    return Choice(f"{REMIND_PREFIX}{on.isoformat()}", f"interface/{label}")


def _dated(instruction: Instruction, on: date) -> Instruction:
    return replace(instruction, params={"day": f"{on:%d/%m}"})


def keep_reminder(
    work: UnitOfWork,
    consents: ConsentRecord,
    conversation: Conversation,
    address_id: str,
    on: date,
    now: datetime,
) -> None:
    """Write down the consent and the day, in the caller's transaction."""
    # The words of the question that was answered: with the day in it, or with days to choose from.
    named = None if conversation.state.question is Question.REMIND else on
    question = offer(conversation.state, named, on).instructions[-1]
    consents.give(work, conversation, Purpose.REMINDERS, Channel.SMS, now, question)
    zone = area_of(work.addresses.reveal(address_id)).zone
    work.reminders.ask(conversation.id, datetime.combine(on, HOUR, zone).astimezone(UTC), now)


def cancel_reminder(work: UnitOfWork, conversation_id: str, now: datetime) -> None:
    """Take back a reminder and the consent to it, in the caller's transaction."""
    withdraw(work, conversation_id, Purpose.REMINDERS, Channel.SMS, now)


def local_day(now: datetime, area: Area) -> date:
    """Return which day it is where somebody lives."""
    return now.astimezone(area.zone).date()


@dataclass(frozen=True)
class Remind:
    """Writes what is due, once, unless it is not wanted any more."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    wording: Wording
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
            address_id = work.addresses.of_conversation(Channel.SMS, conversation_id)
            if address_id is not None and allowed is not Standing.ABSENT:
                self._write(work, work.conversations.get(conversation_id), address_id, now)
            work.commit()
        self.wake()

    def _write(
        self, work: UnitOfWork, conversation: Conversation, address_id: str, now: datetime
    ) -> None:
        instruction = replace(say("sms.reminder"), whom=conversation.state.whom)
        words = self.wording.say(instruction, conversation.language, Channel.SMS)
        told = work.messages.add(
            conversation.id,
            Message(
                id=uuid.uuid4().hex,
                sequence=0,
                author=Author.ASSISTANT,
                kind=instruction.kind,
                instruction=instruction,
                words=words,
                language=conversation.language,
                created_at=now,
            ),
        )
        texts = self.wording.text_messages([words], conversation.language)
        work.outbox.put(address_id, told.id, texts, now, started_by_us=True)
        if conversation.state.session.current is not None:
            # « oui » is an answer to the reminder, and not to the step of another day.
            resting = replace(conversation.state, question=Question.RESUME)
            work.conversations.save_state(conversation.id, resting, conversation.version)
