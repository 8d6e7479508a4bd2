"""Writing down what people agree to and take back, in the transaction of whoever asks."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain.consent import (
    SALT_BYTES,
    ConsentAct,
    ConsentPayload,
    Purpose,
    SaltedPayload,
    Standing,
    standing,
)
from assistant.domain.conversation import Conversation
from assistant.domain.messages import Channel, Instruction
from assistant.domain.retention import ConversationWindows
from assistant.services.consent.asking import WORDS_VERSION, consent_question
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import UnitOfWork


@dataclass(frozen=True)
class ConsentRecord:
    """The person's word on each purpose, kept with the words shown; each ends after ``lasts``."""

    wording: Wording
    lasts: timedelta
    windows: ConversationWindows

    def question(self, purpose: Purpose) -> Instruction:
        """Return the question of a purpose, with what it says of this service."""
        asked = consent_question(purpose)
        if purpose is not Purpose.KEEP_CONVERSATION:
            return asked
        days, hours = self.windows.kept.days, self.windows.unkept // timedelta(hours=1)
        return replace(asked, params={"days": str(days), "hours": str(hours)})

    def give(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        purpose: Purpose,
        channel: Channel,
        now: datetime,
        question: Instruction | None = None,
        *,
        until: datetime | None = None,
    ) -> None:
        """Record that the person of a conversation agrees, to the words of that question.

        ``until`` ends sooner what is allowed for one message only.
        """
        words = self.wording.say(
            question or self.question(purpose), conversation.language, channel
        ).text
        payload = ConsentPayload(
            person_id=work.people.recognise(conversation.id, now),
            purpose=purpose,
            act=ConsentAct.GIVEN,
            words_hash=hashlib.sha256(words.encode()).hexdigest(),
            channel=channel,
            expires_at=None if purpose in _UNTIL_WITHDRAWN else until or now + self.lasts,
            words_version=WORDS_VERSION,
        )
        work.consents.append(SaltedPayload(secrets.token_hex(SALT_BYTES), payload), now)


def withdraw(
    work: UnitOfWork, conversation_id: str, purpose: Purpose, channel: Channel, now: datetime
) -> bool:
    """Record that a person no longer agrees, and stop at once what it allowed.

    False when nothing was in force: there is then nothing to write down.
    """
    _STOPPED.get(purpose, _nothing)(work, conversation_id)
    person = work.people.of_conversation(conversation_id)
    last = None if person is None else work.consents.last_word(person, purpose)
    if person is None or last is None or not last.in_force(now):
        return False
    payload = ConsentPayload(
        person_id=person,
        purpose=purpose,
        act=ConsentAct.WITHDRAWN,
        words_hash=last.words_hash,
        channel=channel,
        expires_at=None,
        words_version=last.words_version,
    )
    work.consents.append(SaltedPayload(secrets.token_hex(SALT_BYTES), payload), now)
    return True


def last_word(work: UnitOfWork, conversation_id: str, purpose: Purpose) -> ConsentPayload | None:
    """Return what the person of a conversation last said about a purpose. Raises NotFound."""
    person = work.people.of_conversation(conversation_id)
    return None if person is None else work.consents.last_word(person, purpose)


def standing_of(
    work: UnitOfWork, conversation_id: str, purpose: Purpose, now: datetime
) -> Standing:
    """Tell where a consent stands for the person of a conversation. Raises NotFound."""
    return standing(last_word(work, conversation_id, purpose), now)


def _stop_reminders(work: UnitOfWork, conversation_id: str) -> None:
    work.reminders.cancel(conversation_id)


def _stop_following_up(work: UnitOfWork, conversation_id: str) -> None:
    work.follow_ups.cancel(conversation_id)


def _stop_sharing(work: UnitOfWork, conversation_id: str) -> None:
    work.shares.end(conversation_id)


def _nothing(_work: UnitOfWork, _conversation_id: str) -> None:
    """Do nothing: what the purpose allows is asked of the ledger each time."""


def _erase_choices(work: UnitOfWork, conversation_id: str) -> None:
    person = work.people.of_conversation(conversation_id)
    if person is not None:
        work.choices.erase(person)


_UNTIL_WITHDRAWN = frozenset({Purpose.KEEP_CHOICES})
"""What goes on until it is withdrawn: a notebook that ended by itself would lose its lines."""

_STOPPED: Mapping[Purpose, Callable[[UnitOfWork, str], None]] = {
    Purpose.REMINDERS: _stop_reminders,
    Purpose.SHARE_WITH_MEDIATOR: _stop_sharing,
    Purpose.QUALITY: _stop_following_up,
    Purpose.KEEP_CHOICES: _erase_choices,
}
