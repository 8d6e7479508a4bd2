"""What people say of places, in the transaction that keeps their turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from assistant.adapters.places.reports import ReportKind, add_report


class SqlPlaceReports:
    """The reports of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def note_closed(self, place_id: str, at: datetime) -> bool:
        """Note that a place is said to be closed; False when there is no such place."""
        return add_report(self._connection, place_id, ReportKind.CLOSED, at)
