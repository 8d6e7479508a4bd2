"""The lines of « Mes choix » in the transaction of whoever writes them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.choices import NotedChoice, ToldChoice, standing
from assistant.domain.consent import Purpose, Standing
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel, Instruction, InstructionKind
from assistant.domain.whom import Whom
from assistant.services.consent.recording import ConsentRecord, standing_of, withdraw
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import UnitOfWork

NOT_YOURS = "choices.not_yours"
SHARED = "choices.shared"


def closed_because(conversation: Conversation) -> str | None:
    """Return the key that says why nobody may open a notebook here; None when one may.

    It is the person's alone, and nothing of the kind is kept on a device that others use.
    """
    if conversation.state.whom is Whom.OTHER:
        return NOT_YOURS
    return SHARED if conversation.shared_device else None


def lines_of(work: UnitOfWork, conversation_id: str) -> Sequence[NotedChoice]:
    """List the lines of the person of a conversation, the withdrawn ones among them."""
    person = work.people.of_conversation(conversation_id)
    return () if person is None else work.choices.of_person(person)


@dataclass(frozen=True)
class NotebookKeeper:
    """Notes, corrects and withdraws, and stops keeping what nobody agrees to any more."""

    wording: Wording
    consents: ConsentRecord

    def note(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        told: ToldChoice,
        channel: Channel,
        now: datetime,
    ) -> None:
        """Add a line, with the agreement to keep the notebook where there was none."""
        asked = conversation.state.consent
        if standing_of(work, conversation.id, Purpose.KEEP_CHOICES, now) is Standing.ABSENT:
            question = asked.question if asked is not None else None
            self.consents.give(work, conversation, Purpose.KEEP_CHOICES, channel, now, question)
        line = NotedChoice(
            id=str(uuid.uuid4()),
            told=told,
            words_hash=self._hash_of_words(work, conversation, told, channel),
            channel=channel,
            noted_at=now,
        )
        work.choices.note(work.people.recognise(conversation.id, now), line)

    def correct(
        self, work: UnitOfWork, conversation_id: str, line_id: str, now: datetime
    ) -> NotedChoice | None:
        """Change a line to the other decision of its act; None when it is no longer there."""
        person = work.people.of_conversation(conversation_id)
        line = _line(lines_of(work, conversation_id), line_id)
        if person is None or line is None:
            return None
        corrected = line.told.corrected()
        work.choices.correct(person, line_id, corrected.decision, now)
        return replace(line, told=corrected, corrected_at=now)

    def withdraw(
        self,
        work: UnitOfWork,
        conversation_id: str,
        line_id: str,
        channel: Channel,
        now: datetime,
    ) -> bool:
        """Take a line back; True when it was the last one and the whole notebook goes with it."""
        person = work.people.of_conversation(conversation_id)
        if person is None:
            return False
        with suppress(NotFound):
            work.choices.withdraw(person, line_id, now)
        if standing(work.choices.of_person(person)):
            return False
        self.clear(work, conversation_id, channel, now)
        return True

    def clear(
        self, work: UnitOfWork, conversation_id: str, channel: Channel, now: datetime
    ) -> None:
        """Take back the agreement: the notebook is erased with it."""
        withdraw(work, conversation_id, Purpose.KEEP_CHOICES, channel, now)

    def _hash_of_words(
        self, work: UnitOfWork, conversation: Conversation, told: ToldChoice, channel: Channel
    ) -> str:
        """Return the SHA-256 of the words as they were shown, by the last time that they were."""
        shown = (
            message.words.text
            for message in reversed(work.messages.after(conversation.id))
            if message.instruction is not None
            and message.instruction.key == told.key
            and message.instruction.revision == told.revision
        )
        words = next(shown, None)
        if words is None:
            # A page of it is still held back, or it was answered in advance.
            again = Instruction(InstructionKind.SAY, told.key, revision=told.revision)
            words = self.wording.say(again, conversation.language, channel).text
        return hashlib.sha256(words.encode()).hexdigest()


def _line(lines: Sequence[NotedChoice], line_id: str) -> NotedChoice | None:
    return next((line for line in standing(lines) if line.id == line_id), None)
