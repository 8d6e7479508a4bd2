"""The use cases of « Mes accords » outside the conversation: the page and the API."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from assistant.domain.consent import Purpose, Standing, standing
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotFound, StaleState
from assistant.domain.messages import Channel, Instruction
from assistant.domain.whom import Whom
from assistant.services.consent.asking import NO, YES, consent_choice
from assistant.services.consent.recording import ConsentRecord, withdraw
from assistant.services.dialogue.moves import ask
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork

LISTED: Final = tuple(each for each in Purpose if each is not Purpose.SEND_PLACE)
"""All but the place, whose consent is used up by the one text message that it was given for."""

GIVEN_HERE: Final = (Purpose.KEEP_CONVERSATION, Purpose.KEEP_CHOICES)
"""What makes sense outside a guide: the others are asked for with a number, a code or a day."""


@dataclass(frozen=True)
class Agreement:
    """Where a consent stands; ``question`` holds the words to agree to, None when it cannot be."""

    purpose: Purpose
    standing: Standing
    since: datetime | None
    until: datetime | None
    question: str | None


@dataclass(frozen=True)
class Agreed:
    """What can be taken back or given; ``closed`` is the key that says why none is given here."""

    agreements: Sequence[Agreement]
    closed: str | None


@dataclass(frozen=True)
class Agreements:
    """Lists, records and takes back the consents of the person of a conversation."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    record: ConsentRecord
    clock: Clock

    def of(self, conversation: Conversation) -> Agreed:
        """Return the purposes that are in force, and those that are agreed to here."""
        now, closed = self.clock.now(), not_given_because(conversation)
        with self.open_reading() as work:
            person = work.people.of_conversation(conversation.id)
            spoken = () if person is None else work.consents.of_person(person)
        last = {each.payload.purpose: each for each in spoken}
        listed = []
        for purpose in LISTED:
            word = last.get(purpose)
            stands = standing(word.payload if word is not None else None, now)
            in_force = word if stands is not Standing.ABSENT else None
            if in_force is None and purpose not in GIVEN_HERE:
                continue
            asked = closed is None and purpose in GIVEN_HERE and stands is not Standing.IN_FORCE
            listed.append(
                Agreement(
                    purpose,
                    stands,
                    since=in_force.recorded_at if in_force is not None else None,
                    until=in_force.payload.expires_at if in_force is not None else None,
                    question=self._words(conversation, purpose) if asked else None,
                )
            )
        return Agreed(listed, closed)

    def give(self, conversation: Conversation, purpose: Purpose, channel: Channel) -> None:
        """Record that the person agrees to the words of the list, once. Raises NotFound."""
        if purpose not in GIVEN_HERE or not_given_because(conversation) is not None:
            raise NotFound(purpose)
        now = self.clock.now()
        with self.open_unit_of_work() as work:
            person = work.people.recognise(conversation.id, now)
            if standing(work.consents.last_word(person, purpose), now) is Standing.IN_FORCE:
                return
            question = self._question(purpose)
            self.record.give(work, conversation, purpose, channel, now, question)
            work.commit()
        self._remember(conversation.id, purpose, declined=False)

    def withdraw(self, conversation: Conversation, purpose: Purpose, channel: Channel) -> None:
        """Take a consent back, whoever holds the device; nothing happens when none is in force.

        Raises NotFound for a purpose that is not listed.
        """
        if purpose not in LISTED:
            raise NotFound(purpose)
        with self.open_unit_of_work() as work:
            taken_back = withdraw(work, conversation.id, purpose, channel, self.clock.now())
            work.commit()
        if taken_back:
            self._remember(conversation.id, purpose, declined=True)

    def _remember(self, conversation_id: str, purpose: Purpose, *, declined: bool) -> None:
        """Let the conversation ask again, or not, as if it had been told there.

        A turn that runs just now keeps its own state: the ledger counts all the same.
        """
        with suppress(StaleState, NotFound), self.open_unit_of_work() as work:
            there = work.conversations.get(conversation_id)
            others = tuple(each for each in there.state.declined if each is not purpose)
            state = replace(there.state, declined=(*others, purpose) if declined else others)
            work.conversations.save_state(there.id, state, there.version)
            work.commit()

    def _question(self, purpose: Purpose) -> Instruction:
        if purpose is Purpose.KEEP_CHOICES:
            # The usual question is about the decision that was just told: here there is none.
            return ask(
                "agreements.notebook", *(consent_choice(purpose, each) for each in (YES, NO))
            )
        return self.record.question(purpose)

    def _words(self, conversation: Conversation, purpose: Purpose) -> str:
        asked = self._question(purpose)
        return self.record.wording.say(asked, conversation.language, Channel.WEB).text


def not_given_because(conversation: Conversation) -> str | None:
    """Return the key that says why nobody may agree to anything here; None when one may."""
    if conversation.state.whom is Whom.OTHER:
        return "consent.not_yours"
    if conversation.shared_device:
        return "consent.shared_device"
    return "consent.minor" if set(Purpose) <= set(conversation.state.declined) else None
