"""OUBLIE-MOI and PAS MOI: a phone is forgotten, here and at the carrier, and left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.domain.delivery import PhoneText
from assistant.domain.messages import Channel
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.ports.transaction import UnitOfWork


def forget_phone(
    work: UnitOfWork,
    conversation_id: str,
    reason: SuppressionReason,
    last_words: Sequence[PhoneText],
    now: datetime,
) -> None:
    """Erase all that the phone of a conversation ever took part in, with a last word, if any.

    The carrier is asked to delete its copies as of every erased conversation. ``ERASED`` ends when
    the person writes again; ``WRONG_NUMBER`` (a number that passed to somebody else) does not. All
    in the caller's transaction: nobody is told that they are forgotten who is not. A conversation
    without a phone is erased, and told nothing.
    """
    known = work.addresses.last_in(Channel.SMS, conversation_id)
    if known is None:
        work.conversations.erase(conversation_id, now)
        return
    number = work.addresses.reveal(known)
    for each in {conversation_id, *work.addresses.conversations_of(known)}:
        work.conversations.erase(each, now)
    work.suppressions.add(Channel.SMS, number, reason, now)
    if last_words:
        # Known again for as long as the last word needs to arrive.
        address_id = work.addresses.remember(Channel.SMS, number, now)
        work.outbox.put(address_id, None, last_words, now, although_stopped=True)
