"""What is written to somebody on a day: one of a kind at most for each conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from assistant.adapters.database import insert_either
from assistant.adapters.tables import FollowUpRow, ReminderRow


class _DueRows:
    """The rows of one kind, each due at a moment."""

    def __init__(self, connection: Connection, table: type[ReminderRow | FollowUpRow]) -> None:
        self._connection = connection
        self._table = table

    def put(self, conversation_id: str, **values: object) -> None:
        """Keep a row; it takes the place of the one before."""
        self._connection.execute(
            insert_either(self._connection, self._table)
            .values(conversation_id=conversation_id, **values)
            .on_conflict_do_update(index_elements=["conversation_id"], set_=values)
        )

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the conversations whose row is due, the oldest first."""
        return list(
            self._connection.execute(
                select(self._table.conversation_id)
                .where(self._table.due_at <= now)
                .order_by(self._table.due_at)
                .limit(at_most)
            ).scalars()
        )

    def take(self, conversation_id: str, now: datetime) -> bool:
        """Delete a row that is due; False when somebody else took it, or it was moved."""
        taken = self._connection.execute(
            delete(self._table).where(
                self._table.conversation_id == conversation_id, self._table.due_at <= now
            )
        )
        return taken.rowcount == 1

    def cancel(self, conversation_id: str) -> None:
        """Delete the row of a conversation, if there is one."""
        self._connection.execute(
            delete(self._table).where(self._table.conversation_id == conversation_id)
        )


class SqlReminders:
    """The reminders of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._rows = _DueRows(connection, ReminderRow)
        self.due = self._rows.due
        self.take = self._rows.take
        self.cancel = self._rows.cancel

    def ask(self, conversation_id: str, due_at: datetime, asked_at: datetime) -> None:
        """Keep a reminder; it takes the place of the one before."""
        self._rows.put(conversation_id, due_at=due_at, asked_at=asked_at)


class SqlFollowUps:
    """The guides to be asked about, of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._rows = _DueRows(connection, FollowUpRow)
        self.due = self._rows.due
        self.cancel = self._rows.cancel

    def ask(
        self, conversation_id: str, guide: tuple[str, str], due_at: datetime, asked_at: datetime
    ) -> None:
        """Keep the last step of a guide to be asked about; it takes the place of the one before."""
        flow, step = guide
        self._rows.put(conversation_id, flow=flow, step=step, due_at=due_at, asked_at=asked_at)

    def take(self, conversation_id: str, now: datetime) -> tuple[str, str] | None:
        """Delete what is due and return its flow and step; None when somebody else took it."""
        row = self._connection.execute(
            select(FollowUpRow.flow, FollowUpRow.step).where(
                FollowUpRow.conversation_id == conversation_id
            )
        ).first()
        taken = row is not None and self._rows.take(conversation_id, now)
        return (row.flow, row.step) if row is not None and taken else None
