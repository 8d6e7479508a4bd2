"""Taking a part of a number out of what was stored before anybody could know what it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import Connection, select, update

from assistant.adapters.repositories.erasure import Erasure
from assistant.adapters.tables import ConversationRow, InboundRow, MessageRow, OutboxRow, TurnRow
from assistant.domain.messages import Author
from assistant.safety.evidence import MARKER, SecretKind
from assistant.safety.fragments import Redacted

# A shorter part is in half of all sentences, and alone tells nothing.
_SHORTEST_QUOTE = 4  # digits

Quote = Callable[[str], str]
Json = TypeVar("Json")


class SqlRedactions:
    """The redactions of one transaction; the log is emptied after it, as after an erasure."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._erasure = erasure

    def redact(
        self, conversation_id: str, kind: SecretKind, redacted: Mapping[str, Redacted]
    ) -> None:
        """Mask parts of a number in messages, by turn, and wherever they are quoted."""
        if not redacted:
            return
        self._erasure.took_place = True
        rows = self._connection.execute(
            select(InboundRow.id, InboundRow.text, InboundRow.masked, InboundRow.sequence).where(
                InboundRow.conversation_id == conversation_id, InboundRow.id.in_(redacted)
            )
        ).all()
        for row in rows:
            self._redact_inbound(conversation_id, row.id, row.text, redacted[row.id])
            masked = list(dict.fromkeys([*row.masked, kind.value]))
            self._connection.execute(
                update(InboundRow).where(InboundRow.id == row.id).values(masked=masked)
            )
        quote = _unquoter([each.part for each in redacted.values()])
        if rows and quote is not None:
            self._redact_state(conversation_id, quote)
            self._redact_turns(conversation_id, min(row.sequence for row in rows), quote)
            self._redact_answers(conversation_id, quote)

    def _redact_inbound(
        self, conversation_id: str, turn_id: str, before: str, redacted: Redacted
    ) -> None:
        self._connection.execute(
            update(InboundRow).where(InboundRow.id == turn_id).values(text=redacted.text)
        )
        self._connection.execute(
            update(MessageRow)
            .where(
                MessageRow.conversation_id == conversation_id,
                MessageRow.author == Author.CITIZEN.value,
                MessageRow.text == before,
            )
            .values(text=redacted.text)
        )

    def _redact_state(self, conversation_id: str, quote: Quote) -> None:
        row = self._connection.execute(
            select(ConversationRow.state, ConversationRow.version).where(
                ConversationRow.id == conversation_id
            )
        ).one()
        state = _without(row.state, quote)
        if state != row.state:
            # Whoever is deciding on the state as it was has to begin again.
            self._connection.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id)
                .values(state=state, version=row.version + 1)
            )

    def _redact_turns(self, conversation_id: str, first: int, quote: Quote) -> None:
        rows = self._connection.execute(
            select(TurnRow.id, TurnRow.instructions, TurnRow.state)
            .join(InboundRow, InboundRow.id == TurnRow.id)
            .where(InboundRow.conversation_id == conversation_id, InboundRow.sequence >= first)
        ).all()
        for row in rows:
            instructions, state = _without(row.instructions, quote), _without(row.state, quote)
            if (instructions, state) != (row.instructions, row.state):
                self._connection.execute(
                    update(TurnRow)
                    .where(TurnRow.id == row.id)
                    .values(instructions=instructions, state=state)
                )

    def _redact_answers(self, conversation_id: str, quote: Quote) -> None:
        """Mask what we said, and what is on its way to a phone."""
        rows = self._connection.execute(
            select(MessageRow.id, MessageRow.text, MessageRow.instruction).where(
                MessageRow.conversation_id == conversation_id
            )
        ).all()
        for row in rows:
            text, instruction = quote(row.text), _without(row.instruction, quote)
            if (text, instruction) != (row.text, row.instruction):
                self._connection.execute(
                    update(MessageRow)
                    .where(MessageRow.id == row.id)
                    .values(text=text, instruction=instruction)
                )
        sent = self._connection.execute(
            select(OutboxRow.id, OutboxRow.text)
            .join(MessageRow, MessageRow.id == OutboxRow.message_id)
            .where(MessageRow.conversation_id == conversation_id)
        ).all()
        for outgoing in sent:
            if (text := quote(outgoing.text)) != outgoing.text:
                self._connection.execute(
                    update(OutboxRow).where(OutboxRow.id == outgoing.id).values(text=text)
                )


def _unquoter(parts: list[str]) -> Quote | None:
    """Return what masks the parts in a text, however they are spaced; None when all are short."""
    telling = [part for part in parts if sum(map(str.isdecimal, part)) >= _SHORTEST_QUOTE]
    if not telling:
        return None
    quotes = [
        r"[\W_]{0,2}".join(re.escape(sign) for sign in part if sign.isalnum()) for part in telling
    ]
    # Not the middle of a longer number: a telephone number of a place is none of theirs.
    pattern = re.compile(rf"(?<!\d)(?<!\d[ .\-])(?:{'|'.join(quotes)})(?![ .\-]?\d)", re.IGNORECASE)
    return lambda text: pattern.sub(MARKER, text)


def _without(value: Json, quote: Quote) -> Json:
    """Return JSON with each of its texts as ``quote`` leaves it."""
    changed: object = value
    if isinstance(value, str):
        changed = quote(value)
    elif isinstance(value, list):
        changed = [_without(each, quote) for each in value]
    elif isinstance(value, dict):
        changed = {name: _without(each, quote) for name, each in value.items()}
    return changed  # type: ignore[return-value]  # the same shape, whatever it is
