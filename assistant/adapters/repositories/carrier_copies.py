"""What the carrier has still to delete after an erasure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from assistant.adapters.crypto import Keys
from assistant.adapters.database import insert_either
from assistant.adapters.tables import CarrierCopyRow
from assistant.services.sms.ports import CarrierCopy

# Twilio deletes no message that it still works on, and asks for a minute at least
# (https://www.twilio.com/docs/api/errors/20009).
FIRST_ASK_AFTER = timedelta(minutes=2)


class SqlCarrierCopies:
    """The carrier's copies of one transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        """Work in the transaction of that connection, with the keys that hash and seal."""
        self._connection = connection
        self._keys = keys

    def add(self, external_id: str, at: datetime) -> None:
        """Have the carrier delete its copy."""
        self.add_all((external_id,), at)

    def add_all(self, external_ids: Iterable[str], at: datetime) -> None:
        """Have the carrier delete its copies; those that wait already go on waiting."""
        rows = [
            {
                "id": self._keys.hashing.of("carrier-copy", external_id),
                "sealed_external_id": self._keys.sealing.seal(external_id),
                "attempts": 0,
                "ask_after": at + FIRST_ASK_AFTER,
                "since": at,
            }
            for external_id in external_ids
        ]
        if rows:
            self._connection.execute(
                insert_either(self._connection, CarrierCopyRow).on_conflict_do_nothing(), rows
            )

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the copies to be asked about now."""
        return list(
            self._connection.execute(
                select(CarrierCopyRow.id)
                .where(CarrierCopyRow.ask_after <= now)
                .order_by(CarrierCopyRow.ask_after)
                .limit(at_most)
            ).scalars()
        )

    def lease(self, copy_id: str, now: datetime, until: datetime) -> CarrierCopy | None:
        """Take one until that moment, which is also its next try; None when it is taken or gone."""
        row = self._connection.execute(
            update(CarrierCopyRow)
            .where(CarrierCopyRow.id == copy_id, CarrierCopyRow.ask_after <= now)
            .values(ask_after=until, attempts=CarrierCopyRow.attempts + 1)
            .returning(CarrierCopyRow.sealed_external_id, CarrierCopyRow.attempts)
        ).one_or_none()
        if row is None:
            return None
        external_id = self._keys.sealing.open(row.sealed_external_id)
        return CarrierCopy(copy_id, external_id, row.attempts)

    def ask_again(self, copy_id: str, at: datetime) -> None:
        """Ask about it again then."""
        self._connection.execute(
            update(CarrierCopyRow).where(CarrierCopyRow.id == copy_id).values(ask_after=at)
        )

    def deleted(self, copy_id: str) -> None:
        """Forget a copy that is no more."""
        self._connection.execute(delete(CarrierCopyRow).where(CarrierCopyRow.id == copy_id))

    def waiting(self) -> tuple[int, datetime | None]:
        """Count the copies that are left, and tell since when the oldest waits."""
        count, oldest = self._connection.execute(
            select(func.count(), func.min(CarrierCopyRow.since))
        ).one()
        return count, oldest
