"""The addresses that must be left alone, by keyed hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from assistant.adapters.crypto import KeyedHash
from assistant.adapters.database import insert_either
from assistant.adapters.repositories.addresses import address_hash
from assistant.adapters.tables import SuppressionRow
from assistant.domain.messages import Channel
from assistant.services.ports.addresses import Suppression, SuppressionReason


class SqlSuppressions:
    """The suppressions of one transaction."""

    def __init__(self, connection: Connection, hashing: KeyedHash) -> None:
        """Work in the transaction of that connection, with the key that hashes addresses."""
        self._connection = connection
        self._hashing = hashing

    def add(self, channel: Channel, address: str, reason: SuppressionReason, at: datetime) -> None:
        """Leave that address alone from now on; the last reason given is the one kept."""
        self._connection.execute(
            insert_either(self._connection, SuppressionRow)
            .values(
                channel=channel.value,
                address_hash=address_hash(self._hashing, channel, address),
                reason=reason.value,
                since=at,
            )
            .on_conflict_do_update(
                index_elements=["channel", "address_hash"],
                set_={"reason": reason.value, "since": at},
            )
        )

    def hint(self, channel: Channel, address: str, at: datetime) -> None:
        """Note that the address was told how to come back."""
        self._connection.execute(
            update(SuppressionRow).where(*self._this(channel, address)).values(hinted_at=at)
        )

    def lift(self, channel: Channel, address: str) -> None:
        """Forget the suppression, whatever its reason: its holder asked to be written to again."""
        self._connection.execute(delete(SuppressionRow).where(*self._this(channel, address)))

    def forget_erased(self, before: datetime) -> int:
        """Delete what an erasure before that moment left; a STOP stays."""
        return self._connection.execute(
            delete(SuppressionRow).where(
                SuppressionRow.reason == SuppressionReason.ERASED.value,
                SuppressionRow.since < before,
            )
        ).rowcount

    def reason(self, channel: Channel, address: str) -> SuppressionReason | None:
        """Return why the address is left alone, or None."""
        known = self.known(channel, address)
        return None if known is None else known.reason

    def known(self, channel: Channel, address: str) -> Suppression | None:
        """Return all that is known of the suppression of an address, or None."""
        row = self._connection.execute(
            select(SuppressionRow.reason, SuppressionRow.hinted_at).where(
                *self._this(channel, address)
            )
        ).one_or_none()
        return None if row is None else Suppression(SuppressionReason(row.reason), row.hinted_at)

    def _this(self, channel: Channel, address: str) -> tuple[ColumnElement[bool], ...]:
        return (
            SuppressionRow.channel == channel.value,
            SuppressionRow.address_hash == address_hash(self._hashing, channel, address),
        )
