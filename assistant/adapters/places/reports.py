"""What people say of a place: it is closed, it moved. Kept for the editors, never who said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Connection, Engine, func, insert, select, update

from assistant.adapters.database import read_only
from assistant.adapters.place_tables import PlaceReportRow, PlaceRow


class ReportKind(StrEnum):
    """What is wrong with a place."""

    CLOSED = "closed"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class OpenReports:
    """The reports of one place that nobody has settled yet."""

    place_id: str
    kind: ReportKind
    count: int
    last_at: datetime


def add_report(connection: Connection, place_id: str, kind: ReportKind, at: datetime) -> bool:
    """Keep a report in the transaction of a connection; False when there is no such place."""
    is_known = connection.execute(
        select(PlaceRow.id).where(PlaceRow.id == place_id)
    ).scalar_one_or_none()
    if is_known is None:
        return False
    connection.execute(
        insert(PlaceReportRow).values(
            id=str(uuid4()), place_id=place_id, kind=kind.value, reported_at=at
        )
    )
    return True


class PlaceReports:
    """The reports about places."""

    def __init__(self, engine: Engine) -> None:
        """Keep them in that database."""
        self._engine = engine

    def add(self, place_id: str, kind: ReportKind, at: datetime) -> bool:
        """Keep a report; False when there is no such place."""
        with self._engine.begin() as connection:
            return add_report(connection, place_id, kind, at)

    def waiting(self) -> Sequence[OpenReports]:
        """Return what waits for an editor, the most reported first."""
        count = func.count()
        with read_only(self._engine).connect() as connection:
            rows = connection.execute(
                select(
                    PlaceReportRow.place_id,
                    PlaceReportRow.kind,
                    count.label("times"),
                    func.max(PlaceReportRow.reported_at).label("last_at"),
                )
                .where(PlaceReportRow.settled_at.is_(None))
                .group_by(PlaceReportRow.place_id, PlaceReportRow.kind)
                .order_by(count.desc(), PlaceReportRow.place_id, PlaceReportRow.kind)
            )
            return [
                OpenReports(row.place_id, ReportKind(row.kind), row.times, row.last_at)
                for row in rows
            ]

    def settle(self, place_id: str, at: datetime) -> int:
        """Close the reports of a place; return how many they were."""
        with self._engine.begin() as connection:
            return connection.execute(
                update(PlaceReportRow)
                .where(PlaceReportRow.place_id == place_id, PlaceReportRow.settled_at.is_(None))
                .values(settled_at=at)
            ).rowcount
