"""A fresh installation finds real places at once, and goes on when a list cannot be reached."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from assistant.adapters.places.importer import PlaceImporter
from assistant.adapters.places.index import SqlPlaces
from assistant.adapters.places.refreshing import EMBEDDED, refresh, seed
from assistant.adapters.places.report import ImportStatus
from assistant.directory.place import Point
from assistant.directory.search import Query

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GRENOBLE = Point(45.188, 5.724)


def test_the_shipped_places_are_brought_in_once(engine: Engine) -> None:
    importer = PlaceImporter(engine, lambda: NOW)
    report = seed(engine, importer)

    assert report is not None
    assert (report.dataset, report.status) == (EMBEDDED, ImportStatus.PUBLISHED)
    assert report.added > 500
    assert len(SqlPlaces(engine).find(Query(GRENOBLE), NOW).hits) == 3
    assert seed(engine, importer) is None


def test_one_list_that_fails_stops_neither_the_others_nor_the_search(
    engine: Engine, tmp_path: Path
) -> None:
    good = tmp_path / "bonne.csv"
    good.write_text("id;nom;commune;code_postal;services\n1;Ici;Gap;05000;\n")
    reports = refresh(
        PlaceImporter(engine, lambda: NOW), [str(tmp_path / "absente.csv"), str(good)]
    )

    assert [each.status for each in reports] == [ImportStatus.BROKEN, ImportStatus.PUBLISHED]
    assert len(list(SqlPlaces(engine).every())) == 1
