"""What people say of a place waits for the editors, and is told with the place meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from assistant.adapters.places.importer import PlaceImporter
from assistant.adapters.places.index import SqlPlaces
from assistant.adapters.places.reports import OpenReports, PlaceReports, ReportKind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_place_reported_closed_is_told_so_until_it_is_settled(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("id;nom;commune;code_postal;services\n1;Ici;Gap;05000;\n")
    PlaceImporter(engine, lambda: NOW).run([str(path)])
    (place,) = SqlPlaces(engine).every()
    reports = PlaceReports(engine)
    later = NOW + timedelta(hours=1)

    assert not place.reported_closed
    assert reports.add(place.id, ReportKind.CLOSED, NOW)
    assert reports.add(place.id, ReportKind.CLOSED, later)
    assert not reports.add("0000000000", ReportKind.CLOSED, NOW)
    assert reports.waiting() == [OpenReports(place.id, ReportKind.CLOSED, 2, later)]
    (told,) = SqlPlaces(engine).every()
    assert told.reported_closed

    assert reports.settle(place.id, later) == 2
    assert reports.waiting() == []
    (settled,) = SqlPlaces(engine).every()
    assert not settled.reported_closed
