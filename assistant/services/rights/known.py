"""« Que savez-vous de moi ? »: what is kept of somebody, in words and as rows to take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.consent import KEEPING
from assistant.domain.conversation import Conversation, DialogueState
from assistant.domain.known import Known
from assistant.domain.messages import Instruction, InstructionKind
from assistant.domain.retention import ConversationWindows
from assistant.domain.sending import METROPOLE
from assistant.flows.keys import flow_key
from assistant.services.dialogue.discretion import Discretion
from assistant.services.dialogue.moves import say
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork

_HOUR_AND_MORE = 120  # minutes


@dataclass(frozen=True)
class WhatIsKnown:
    """The use cases of knowing: told in the conversation, shown on the page, exported."""

    open_reading: OpenUnitOfWork
    discretion: Discretion
    windows: ConversationWindows
    clock: Clock
    site: str

    def of(self, conversation_id: str) -> Known:
        """Return all that is held and may be seen. Raises NotFound.

        What was left of a delicate subject is out of sight here too: somebody else may have asked.
        """
        with self.open_reading() as work:
            known = self._read(work, work.conversations.get(conversation_id))
        if known is None:
            self.discretion.leave(conversation_id)
            with self.open_reading() as work:
                known = self._read(work, work.conversations.get(conversation_id))
        if known is None:
            raise AssertionError("what was left is still waited for")
        return known

    def told(self, work: UnitOfWork, conversation: Conversation) -> tuple[Instruction, ...]:
        """Return what is held in a few sentences, in the caller's transaction."""
        hidden = self._hidden(work, conversation)[0]
        known = work.known_data.of(conversation.id, hidden, self.clock.now())
        return tuple(self.lines(known))

    def lines(self, known: Known) -> Iterator[Instruction]:
        """Yield what is held, a sentence each."""
        now, conversation = self.clock.now(), known.conversation
        yield _with("known.kept", since=_day(conversation.created_at), messages=str(known.messages))
        agreed = not KEEPING.isdisjoint(known.agreed)
        lasts = self.windows.of(conversation, agreed=agreed)
        minutes = int(lasts.total_seconds()) // 60
        if minutes < _HOUR_AND_MORE:
            yield _with("known.until_minutes", minutes=str(minutes))
        else:
            waited = (known.reminder_at or now, known.follow_up_at or now)
            yield _with("known.until", until=_day(max(now + lasts, *waited)))
        yield from self._guide(conversation.state)
        if known.phone_ending is None:
            yield say("known.no_phone")
        else:
            yield _with("known.phone", ending=known.phone_ending)
        if not known.agreed:
            yield say("known.no_consent")
        for purpose in known.agreed:
            yield say(f"known.purpose.{purpose}")
        if known.reminder_at is not None:
            yield _with("known.reminder", day=_day(known.reminder_at))
        if known.follow_up_at is not None:
            yield _with("known.follow_up", day=_day(known.follow_up_at))
        yield _with("known.file", site=self.site)

    def _guide(self, state: DialogueState) -> Iterator[Instruction]:
        """Name the open guide, but no delicate one: the words may stay on a screen."""
        place = state.session.current
        if place is None or self.discretion.is_delicate(place.flow, place.revision):
            return
        yield say("known.guide")
        title = flow_key(place.flow, "title")
        yield Instruction(InstructionKind.SAY, title, revision=place.revision)

    def _read(self, work: UnitOfWork, conversation: Conversation) -> Known | None:
        hidden, stranded = self._hidden(work, conversation)
        if stranded:
            return None
        return work.known_data.of(conversation.id, hidden, self.clock.now())

    def _hidden(self, work: UnitOfWork, conversation: Conversation) -> tuple[set[str], bool]:
        messages = work.messages.after(conversation.id)
        sight = self.discretion.in_sight(conversation, messages)
        shown = {each.id for each in sight.messages}
        return {each.id for each in messages} - shown, sight.stranded


def _with(key: str, **params: str) -> Instruction:
    return replace(say(key), params=params)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(METROPOLE.zone):%d/%m/%Y}"
