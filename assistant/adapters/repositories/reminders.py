"""The reminders that people asked for: one at most for each conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from assistant.adapters.database import insert_either
from assistant.adapters.tables import ReminderRow


class SqlReminders:
    """The reminders of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def ask(self, conversation_id: str, due_at: datetime, asked_at: datetime) -> None:
        """Keep a reminder; it takes the place of the one before."""
        moments = {"due_at": due_at, "asked_at": asked_at}
        self._connection.execute(
            insert_either(self._connection, ReminderRow)
            .values(conversation_id=conversation_id, **moments)
            .on_conflict_do_update(index_elements=["conversation_id"], set_=moments)
        )

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the conversations whose reminder is due, the oldest first."""
        return list(
            self._connection.execute(
                select(ReminderRow.conversation_id)
                .where(ReminderRow.due_at <= now)
                .order_by(ReminderRow.due_at)
                .limit(at_most)
            ).scalars()
        )

    def take(self, conversation_id: str, now: datetime) -> bool:
        """Forget a reminder that is due; False when somebody else took it, or it was moved."""
        taken = self._connection.execute(
            delete(ReminderRow).where(
                ReminderRow.conversation_id == conversation_id, ReminderRow.due_at <= now
            )
        )
        return taken.rowcount == 1

    def cancel(self, conversation_id: str) -> None:
        """Forget the reminder of a conversation, if there is one."""
        self._connection.execute(
            delete(ReminderRow).where(ReminderRow.conversation_id == conversation_id)
        )
