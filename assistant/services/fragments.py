"""A number that identifies somebody, sent in several messages: masked in each once it is whole."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from assistant.domain.messages import Inbound
from assistant.safety.fragments import completes, may_complete
from assistant.safety.masking import mask
from assistant.services.ports.transaction import UnitOfWork

# Whoever copies a number from a card has typed it to the end within that time.
WINDOW = timedelta(minutes=5)
EARLIER_MESSAGES = 6
SESSION_BYTES = 16


def mask_fragments(work: UnitOfWork, conversation_id: str, inbound: Inbound, text: str) -> Inbound:
    """Return the message without its part of a number that earlier ones began.

    ``text`` is the message before it was masked: the end of one number may look like the whole of
    another. The earlier parts are masked where they are kept, and Rasa begins a new session, so
    that nobody can ask the one that heard them. Messages of every channel count. To be called
    before the message is stored, in the transaction that stores it.
    """
    if not may_complete(text):
        return inbound
    since = inbound.received_at - WINDOW
    said = work.turns.said_since(conversation_id, since, EARLIER_MESSAGES)
    completed = completes([each.text for each in said], text)
    if completed is None:
        return inbound
    earlier = {said[index].turn_id: redacted for index, redacted in completed.earlier}
    work.redactions.redact(conversation_id, completed.kind, earlier)
    work.conversations.set_rasa_session(conversation_id, secrets.token_hex(SESSION_BYTES), 0)
    last = mask(completed.last.text)
    masked = tuple(dict.fromkeys((completed.kind, *last.found)))
    return replace(inbound, text=last.text, masked=masked)
