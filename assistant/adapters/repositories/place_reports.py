"""What people say of places, until an editor has looked at it; never who said it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from assistant.adapters.place_tables import PlaceReportRow, PlaceRow
from assistant.services.ports.counting import ReportedPlace

CLOSED: Final = "closed"
"""The one thing that can be said of a place so far."""


class SqlPlaceReports:
    """The reports of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def note_closed(self, place_id: str, at: datetime) -> bool:
        """Note that a place is said to be closed; False when there is no such place."""
        is_known = self._connection.execute(
            select(PlaceRow.id).where(PlaceRow.id == place_id)
        ).scalar_one_or_none()
        if is_known is None:
            return False
        self._connection.execute(
            insert(PlaceReportRow).values(
                id=str(uuid4()), place_id=place_id, kind=CLOSED, reported_at=at
            )
        )
        return True

    def waiting(self) -> Sequence[ReportedPlace]:
        """Return the places that nobody has looked at yet, the most reported first."""
        times = func.count()
        rows = self._connection.execute(
            select(
                PlaceReportRow.place_id,
                times.label("times"),
                func.min(PlaceReportRow.reported_at).label("first_at"),
                func.max(PlaceReportRow.reported_at).label("last_at"),
            )
            .where(PlaceReportRow.settled_at.is_(None))
            .group_by(PlaceReportRow.place_id)
            .order_by(times.desc(), PlaceReportRow.place_id)
        )
        return [ReportedPlace(row.place_id, row.times, row.first_at, row.last_at) for row in rows]

    def settle(self, place_id: str, at: datetime) -> int:
        """Close the reports of a place; return how many they were."""
        return self._connection.execute(
            update(PlaceReportRow)
            .where(PlaceReportRow.place_id == place_id, PlaceReportRow.settled_at.is_(None))
            .values(settled_at=at)
        ).rowcount
