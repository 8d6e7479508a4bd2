"""All that the tables hold of a conversation and of its person, for them to see.

Every personal column of docs/privacy.md is either in the rows that are read here, or in
``LEFT_OUT`` with the reason; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, or_, select

from assistant.adapters.crypto import Keys
from assistant.adapters.repositories.conversations import SqlConversations
from assistant.adapters.tables import (
    AccessLogRow,
    AddressConversationRow,
    AddressRow,
    Base,
    ChoiceRow,
    ConsentPayloadRow,
    ConsentRow,
    ConversationRow,
    FollowUpRow,
    InboundRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    ReminderRow,
    ResumeCodeRow,
    ShareRow,
    SuppressionRow,
    TurnRow,
)
from assistant.domain.consent import Purpose
from assistant.domain.known import Known, Row

ENDING = "ending"
"""The last two digits of a phone, which stand for it: the page may be read by others."""

EXPORTED: Mapping[type[Base], tuple[str, ...]] = {
    ConversationRow: (
        "id",
        "language",
        "held_by",
        "state",
        "shared_device",
        "created_at",
        "last_activity_at",
    ),
    InboundRow: ("received_at", "channel", "text", "choice", "masked", "external_id"),
    TurnRow: ("closed_by", "action", "instructions", "state"),
    MessageRow: (
        "created_at",
        "author",
        "kind",
        "text",
        "choices",
        "links",
        "language",
        "key",
        "instruction",
    ),
    PersonRow: ("id", "created_at"),
    AddressRow: ("channel", "created_at"),
    AddressConversationRow: ("since", "until"),
    OutboxRow: ("created_at", "text", "parts", "status", "updated_at", "external_id"),
    ConsentPayloadRow: ("purpose", "act", "channel", "words_hash", "words_version", "expires_at"),
    ChoiceRow: (
        "act",
        "decision",
        "words_key",
        "words_revision",
        "words_hash",
        "channel",
        "noted_at",
        "corrected_at",
        "withdrawn_at",
    ),
    AccessLogRow: ("at", "actor", "act"),
    ReminderRow: ("due_at", "asked_at"),
    FollowUpRow: ("due_at", "asked_at", "flow", "step"),
    SuppressionRow: ("channel", "reason", "since", "hinted_at"),
    ResumeCodeRow: ("expires_at",),
    ShareRow: ("code_until", "until"),
}

_KEY = "opens or guards something: whoever reads the file could use it"
_OTHER_NAME = "another name of a row that is in the file"
_GONE = "is about what was erased, and leads back to nobody"
LEFT_OUT: Mapping[str, str] = {
    "conversation.token_hash": _KEY,
    "conversation.person_id": _OTHER_NAME,
    "inbound.fingerprint": _KEY,
    "address.sealed_value": "its last two digits stand for it: others may read the page",
    "address.address_hash": _KEY,
    "address_conversation.address_id": _OTHER_NAME,
    "address_conversation.conversation_id": _OTHER_NAME,
    "outbox.address_id": _OTHER_NAME,
    "outbox.message_id": _OTHER_NAME,
    "consent_payload.person_id": _OTHER_NAME,
    "consent_payload.salt": _KEY,
    "choice.person_id": _OTHER_NAME,
    "suppression.address_hash": _KEY,
    "reminder.conversation_id": _OTHER_NAME,
    "follow_up.conversation_id": _OTHER_NAME,
    "share.conversation_id": _OTHER_NAME,
    "resume_code.conversation_id": _OTHER_NAME,
    "resume_code.code_hash": _KEY,
    "resume_try.tried_by": "tells of a network address, and not of a conversation",
    "carrier_copy.id": _GONE,
    "carrier_copy.sealed_external_id": _GONE,
    "tombstone.external_hash": _GONE,
}


class SqlKnownData:
    """What is known, within one transaction."""

    def __init__(self, connection: Connection, keys: Keys, conversations: SqlConversations) -> None:
        """Work in the transaction of that connection, with the keys that open addresses."""
        self._connection = connection
        self._keys = keys
        self._conversations = conversations

    def of(self, conversation_id: str, hidden: Collection[str], now: datetime) -> Known:
        """Return all that is held of a conversation, without its hidden lines.

        Raises NotFound.
        """
        conversation = self._conversations.get(conversation_id)
        person_id = self._connection.execute(
            select(ConversationRow.person_id).where(ConversationRow.id == conversation_id)
        ).scalar_one()
        phones = self._phones(conversation_id)
        kept: dict[str, Sequence[Row]] = {
            **self._of_conversation(conversation_id, hidden),
            "address": [_without(each, "sealed_value", "address_hash") for each in phones],
            "suppression": self._suppressions([str(each["address_hash"]) for each in phones]),
            "person": self._rows(PersonRow, PersonRow.id == person_id),
            "consent_payload": self._consents(person_id),
            "choice": self._rows(ChoiceRow, ChoiceRow.person_id == person_id),
        }
        return Known(
            conversation=conversation,
            messages=len(kept[MessageRow.__tablename__]),
            phone_ending=next(
                (str(each[ENDING]) for each in phones if each["until"] is None), None
            ),
            agreed=_in_force(kept[ConsentPayloadRow.__tablename__], now),
            reminder_at=_due(kept[ReminderRow.__tablename__]),
            follow_up_at=_due(kept[FollowUpRow.__tablename__]),
            kept=kept,
        )

    def _of_conversation(
        self, conversation_id: str, hidden: Collection[str]
    ) -> dict[str, Sequence[Row]]:
        """Read what hangs from the conversation; hidden lines leave what they came from out."""
        unseen = self._connection.execute(
            select(MessageRow.turn_id, MessageRow.created_at).where(MessageRow.id.in_(hidden))
        ).all()
        hangs = select(InboundRow.id).where(
            InboundRow.conversation_id == conversation_id,
            ~or_(
                InboundRow.id.in_({row.turn_id for row in unseen if row.turn_id is not None}),
                InboundRow.received_at.in_({row.created_at for row in unseen}),
            ),
        )
        lines = select(MessageRow.id).where(
            MessageRow.conversation_id == conversation_id, MessageRow.id.not_in(hidden)
        )
        return {
            "conversation": self._rows(ConversationRow, ConversationRow.id == conversation_id),
            "inbound": self._rows(InboundRow, InboundRow.id.in_(hangs), InboundRow.sequence),
            "turn": self._read(
                _columns(TurnRow)
                .join(InboundRow, InboundRow.id == TurnRow.id)
                .where(TurnRow.id.in_(hangs))
                .order_by(InboundRow.sequence)
            ),
            "message": self._rows(MessageRow, MessageRow.id.in_(lines), MessageRow.sequence),
            "outbox": self._rows(OutboxRow, OutboxRow.message_id.in_(lines), OutboxRow.sequence),
            "address_conversation": self._rows(
                AddressConversationRow, AddressConversationRow.conversation_id == conversation_id
            ),
            "access_log": self._rows(
                AccessLogRow, AccessLogRow.conversation_id == conversation_id, AccessLogRow.at
            ),
            "reminder": self._rows(ReminderRow, ReminderRow.conversation_id == conversation_id),
            "follow_up": self._rows(FollowUpRow, FollowUpRow.conversation_id == conversation_id),
            "share": self._rows(ShareRow, ShareRow.conversation_id == conversation_id),
            "resume_code": self._rows(
                ResumeCodeRow, ResumeCodeRow.conversation_id == conversation_id
            ),
        }

    def _phones(self, conversation_id: str) -> list[dict[str, Any]]:
        rows = self._connection.execute(
            select(
                AddressRow.channel,
                AddressRow.created_at,
                AddressRow.sealed_value,
                AddressRow.address_hash,
                AddressConversationRow.until,
            )
            .join(AddressConversationRow, AddressConversationRow.address_id == AddressRow.id)
            .where(AddressConversationRow.conversation_id == conversation_id)
            .order_by(AddressConversationRow.since)
        ).mappings()
        return [{**row, ENDING: self._keys.sealing.open(row["sealed_value"])[-2:]} for row in rows]

    def _suppressions(self, hashes: Sequence[str]) -> Sequence[Row]:
        return self._rows(SuppressionRow, SuppressionRow.address_hash.in_(hashes))

    def _consents(self, person_id: str | None) -> Sequence[Row]:
        return self._read(
            _columns(ConsentPayloadRow)
            .add_columns(ConsentRow.recorded_at)
            .join(ConsentRow, ConsentRow.sequence == ConsentPayloadRow.sequence)
            .where(ConsentPayloadRow.person_id == person_id)
            .order_by(ConsentPayloadRow.sequence)
        )

    def _rows(self, table: type[Base], where: Any, *order: Any) -> Sequence[Row]:
        return self._read(_columns(table).where(where).order_by(*order))

    def _read(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row]:
        return [dict(row) for row in self._connection.execute(query).mappings()]


def _columns(table: type[Base]) -> Select[*tuple[Any, ...]]:
    declared = cast("Table", table.__table__)
    return select(*(declared.columns[name] for name in EXPORTED[table]))


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _due(rows: Sequence[Row]) -> datetime | None:
    return cast("datetime", rows[0]["due_at"]) if rows else None


def _in_force(consents: Sequence[Row], now: datetime) -> tuple[Purpose, ...]:
    """Return the purposes whose last word allows them."""
    last = {str(row["purpose"]): row for row in consents}
    return tuple(
        Purpose(purpose)
        for purpose, row in last.items()
        if row["act"] == "given"
        and (row["expires_at"] is None or cast("datetime", row["expires_at"]) > now)
    )
