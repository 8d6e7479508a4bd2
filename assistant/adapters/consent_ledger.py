"""The ledger of consents in our tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from assistant.adapters.database import lock_table
from assistant.adapters.repositories.erasure import Erasure
from assistant.adapters.tables import ConsentPayloadRow, ConsentRow
from assistant.domain.consent import (
    ConsentAct,
    ConsentEntry,
    ConsentPayload,
    Purpose,
    SaltedPayload,
    follow,
)
from assistant.services.ports.people import RecordedConsent

_PAYLOAD = (
    ConsentPayloadRow.sequence,
    ConsentPayloadRow.salt,
    ConsentPayloadRow.person_id,
    ConsentPayloadRow.purpose,
    ConsentPayloadRow.act,
    ConsentPayloadRow.words_hash,
    ConsentPayloadRow.channel,
    ConsentPayloadRow.expires_at,
    ConsentPayloadRow.words_version,
)
_ENTRY = select(
    ConsentRow.sequence,
    ConsentRow.previous_hash,
    ConsentRow.commitment,
    ConsentRow.recorded_at,
    ConsentRow.hash,
    ConsentRow.erased_at,
)


class SqlConsentLedger:
    """The ledger within one transaction."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._erasure = erasure

    def append(self, salted: SaltedPayload, recorded_at: datetime) -> ConsentEntry:
        """Add an entry after the last one; nobody else adds one until the transaction ends."""
        lock_table(self._connection, ConsentRow)
        entry = follow(self._last(), salted, recorded_at)
        self._connection.execute(
            insert(ConsentRow).values(
                sequence=entry.sequence,
                previous_hash=entry.previous_hash,
                commitment=entry.commitment,
                recorded_at=entry.recorded_at,
                hash=entry.hash,
            )
        )
        payload = salted.payload
        self._connection.execute(
            insert(ConsentPayloadRow).values(
                sequence=entry.sequence,
                salt=salted.salt,
                person_id=payload.person_id,
                purpose=payload.purpose.value,
                act=payload.act.value,
                words_hash=payload.words_hash,
                channel=payload.channel,
                expires_at=payload.expires_at,
                words_version=payload.words_version,
            )
        )
        return entry

    def last_word(self, person_id: str, purpose: Purpose) -> ConsentPayload | None:
        """Return what a person last said about a purpose, or None."""
        row = self._connection.execute(
            select(*_PAYLOAD)
            .where(
                ConsentPayloadRow.person_id == person_id,
                ConsentPayloadRow.purpose == purpose.value,
            )
            .order_by(ConsentPayloadRow.sequence.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _salted(row).payload

    def of_person(self, person_id: str) -> tuple[RecordedConsent, ...]:
        """List all that a person agreed to or withdrew, in order."""
        rows = self._connection.execute(
            select(*_PAYLOAD, ConsentRow.recorded_at)
            .join(ConsentRow, ConsentRow.sequence == ConsentPayloadRow.sequence)
            .where(ConsentPayloadRow.person_id == person_id)
            .order_by(ConsentPayloadRow.sequence)
        )
        return tuple(RecordedConsent(row.recorded_at, _salted(row).payload) for row in rows)

    def erase(self, person_id: str, at: datetime) -> None:
        """Delete the payloads and salts of a person; the chain stays as it is."""
        self._erasure.erase_consents(person_id, at)

    def forget_over(self, before: datetime, at: datetime) -> int:
        """Delete the payloads that were over before that moment, and those they took the place of.

        With the earlier ones of the same purpose: none may come back into force.
        """
        return self._erasure.erase_over_consents(before, at)

    def entries(self) -> tuple[ConsentEntry, ...]:
        """Read the whole chain, in order; nobody changes it until the transaction ends."""
        lock_table(self._connection, ConsentRow)
        rows = self._connection.execute(_ENTRY.order_by(ConsentRow.sequence))
        return tuple(_entry(row) for row in rows)

    def payloads(self) -> dict[int, SaltedPayload]:
        """Read the payloads that were not erased, by sequence."""
        rows = self._connection.execute(select(*_PAYLOAD))
        return {row.sequence: _salted(row) for row in rows}

    def _last(self) -> ConsentEntry | None:
        row = self._connection.execute(
            _ENTRY.order_by(ConsentRow.sequence.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _entry(row)


def _entry(row: Row[*tuple[Any, ...]]) -> ConsentEntry:
    return ConsentEntry(
        sequence=row.sequence,
        previous_hash=row.previous_hash,
        commitment=row.commitment,
        recorded_at=row.recorded_at,
        hash=row.hash,
        erased_at=row.erased_at,
    )


def _salted(row: Row[*tuple[Any, ...]]) -> SaltedPayload:
    return SaltedPayload(
        row.salt,
        ConsentPayload(
            person_id=row.person_id,
            purpose=Purpose(row.purpose),
            act=ConsentAct(row.act),
            words_hash=row.words_hash,
            channel=row.channel,
            expires_at=row.expires_at,
            words_version=row.words_version,
        ),
    )
