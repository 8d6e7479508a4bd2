"""A code of the page, texted from a phone: the conversation of the page goes on there."""

from __future__ import annotations

from datetime import datetime

from assistant.domain.errors import TooManyTries
from assistant.domain.messages import Channel
from assistant.services.ports.transaction import UnitOfWork
from assistant.services.resume import Resume, code_in
from assistant.services.sms.words import SmsWord


def link_phone(
    work: UnitOfWork, resume: Resume, text: str, number: str, now: datetime
) -> SmsWord | None:
    """Let the number speak in the conversation whose code it sent, and tell what the message was.

    None for what may mean something else: no code, one in the middle of a guide that opens
    nothing, one from a number that wants no messages. The phone that spoke there before does not
    any more: a conversation has one phone at a time.
    """
    if code_in(text) is None or work.suppressions.reason(Channel.SMS, number) is not None:
        return None
    try:
        conversation_id = resume.claim(work, text, number, now)
    except TooManyTries:
        conversation_id = None
    if conversation_id is None:
        return None if _is_guided(work, number) else SmsWord.UNKNOWN_CODE
    address_id = work.addresses.remember(Channel.SMS, number, now)
    before = work.addresses.of_conversation(Channel.SMS, conversation_id)
    if before != address_id:
        if before is not None:
            work.addresses.detach(before, now)
        work.addresses.attach(address_id, conversation_id, now)
    return SmsWord.LINK


def _is_guided(work: UnitOfWork, number: str) -> bool:
    known = work.addresses.conversation_at(Channel.SMS, number)
    return known is not None and work.conversations.get(known).state.session.current is not None
