"""« Est-ce que ça marche toujours ? »: asked once by SMS, with consent, some days after a guide.

What is answered is counted without the person; whoever says no is offered the guide and a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from assistant.domain.consent import Purpose, Standing
from assistant.domain.conversation import Conversation, DialogueState, Finished, Question
from assistant.domain.messages import Channel, Choice, Instruction
from assistant.domain.sending import area_of
from assistant.domain.tally import Tally
from assistant.flows.engine import Library
from assistant.safety.normalise import fold
from assistant.services.consent.recording import ConsentRecord, standing_of
from assistant.services.dialogue.moves import (
    HUMAN,
    MENU,
    Move,
    ask,
    move,
    need_choice,
    say,
    waiting,
)
from assistant.services.dialogue.steering import what_else
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.reminders.remind import HOUR, local_day, reached
from assistant.services.sms.write_first import WriteFirst

STILL_PREFIX = "still/"
YES = f"{STILL_PREFIX}oui"
NO = f"{STILL_PREFIX}non"

# The consent allows one message, on its day: it lasts no longer than the message may be late.
LATE = timedelta(days=2)


def question() -> Instruction:
    """Return the one message, which says nothing of what the guide was about."""
    choices = (
        Choice(YES, "interface/choice.still_works"),
        Choice(NO, "interface/choice.still_not"),
    )
    return ask("sms.follow_up", *choices)


def read_still(text: str) -> str | None:
    """Return the choice that a few words make, None for what may be about something else."""
    said = fold(text)
    if len(said.split()) > _LONGEST:
        return None
    if _DOES_NOT.search(said):
        return NO
    return YES if _DOES.search(said) else None


_LONGEST: Final = 10
_DOES_NOT: Final = re.compile(
    r"^(?:non|nan|nn)\b|"
    r"\b(?:marche|fonctionne|va|arrive|peux|ouvre)\b(?: \w+)?? (?:plus|pas|jamais)\b"
)
_DOES: Final = re.compile(r"^(?:oui|ouais|ok)\b|\b(?:marche|fonctionne)\b")


def hear(library: Library, state: DialogueState, choice: str) -> Move:
    """Thank for the answer; offer the guide again, and a person, where it does not work."""
    calm = replace(state, question=None, misunderstood=0)
    if choice == YES:
        calm, after = _then(library, calm)
        return move("still_works", calm, say("follow_up.works"), *after)
    guide = (need_choice(state.finished.flow),) if state.finished is not None else ()
    return move("still_not", calm, ask("follow_up.not", *guide, HUMAN, MENU))


def _then(library: Library, state: DialogueState) -> tuple[DialogueState, tuple[Instruction, ...]]:
    after = waiting(library, state)
    if after:
        return state, after
    state, asked = what_else(state)
    return state, (asked,)


def tallies(before: DialogueState, decided: Move) -> tuple[Tally, ...]:
    """Return what an answer adds to the counts of the guide that was asked about."""
    if decided.action not in {"still_works", "still_not"} or before.finished is None:
        return ()
    return (Tally(before.finished.flow, before.finished.step, decided.action),)


@dataclass(frozen=True)
class KeepFollowUp:
    """Writes down the consent and the day, in the caller's transaction."""

    consents: ConsentRecord

    def __call__(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        agreed: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Return the move; who cannot be written to is told so, and has agreed to nothing."""
        finished, spoken = agreed.state.finished, agreed.consent
        number = reached(work, conversation)
        if number is None or finished is None or spoken is None:
            _, *after = agreed.instructions
            told = replace(say("reminder.no_sms"), whom=agreed.state.whom)
            return replace(agreed, instructions=(told, *after))
        area = area_of(number)
        day = local_day(now, area) + timedelta(finished.days)
        due = datetime.combine(day, HOUR, area.zone).astimezone(UTC)
        self.consents.give(
            work, conversation, Purpose.QUALITY, channel, now, spoken.question, until=due + LATE
        )
        work.follow_ups.ask(conversation.id, (finished.flow, finished.step), due, now)
        return agreed


@dataclass(frozen=True)
class FollowUp:
    """Asks what is due, once, unless it is not wanted any more."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    write_first: WriteFirst
    clock: Clock
    wake: Callable[[], None]

    def due(self, at_most: int) -> Sequence[str]:
        """List the conversations whose guide is to be asked about."""
        with self.open_reading() as work:
            return work.follow_ups.due(self.clock.now(), at_most)

    def __call__(self, conversation_id: str) -> None:
        """Let one question leave, in decent hours."""
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            allowed = standing_of(work, conversation_id, Purpose.QUALITY, now)
            guide = work.follow_ups.take(conversation_id, now)
            if guide is None:
                return
            if allowed is not Standing.ABSENT:
                self._ask(work, conversation_id, guide, now)
            work.commit()
        self.wake()

    def _ask(
        self, work: UnitOfWork, conversation_id: str, guide: tuple[str, str], now: datetime
    ) -> None:
        asked = question()
        state = self.write_first(work, conversation_id, asked, now)
        if state is None:
            return
        flow, step = guide
        waits = replace(
            state,
            question=Question.STILL_WORKS,
            offered=asked.choices,
            consent=None,
            finished=Finished(flow, step, 0),
        )
        there = work.conversations.get(conversation_id)
        work.conversations.save_state(conversation_id, waits, there.version)
