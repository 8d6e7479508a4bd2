"""What people say of a place waits for the editors, and is told with the place meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from assistant.adapters.database import open_database
from assistant.adapters.places.importer import PlaceImporter
from assistant.adapters.places.index import SqlPlaces
from assistant.adapters.repositories.place_reports import SqlPlaceReports
from assistant.cli import app
from assistant.config import Settings
from assistant.services.ports.counting import ReportedPlace

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LIST = "id;nom;commune;code_postal;services\n1;Ici;Gap;05000;\n2;Là;Gap;05000;\n"


@pytest.fixture
def liste(tmp_path: Path) -> str:
    """A list of two places."""
    path = tmp_path / "liste.csv"
    path.write_text(LIST, "utf-8")
    return str(path)


def test_a_place_reported_closed_is_told_so_until_it_is_settled(engine: Engine, liste: str) -> None:
    PlaceImporter(engine, lambda: NOW).run([liste])
    here, there = (each.id for each in SqlPlaces(engine).every())
    later = NOW + timedelta(hours=1)

    def told() -> dict[str, bool]:
        return {each.id: each.reported_closed for each in SqlPlaces(engine).every()}

    assert told() == {here: False, there: False}
    with engine.begin() as connection:
        reports = SqlPlaceReports(connection)
        assert reports.note_closed(here, NOW)
        assert reports.note_closed(there, NOW)
        assert reports.note_closed(there, later)
        assert not reports.note_closed("0000000000", NOW)
        assert reports.waiting() == [
            ReportedPlace(there, 2, NOW, later),
            ReportedPlace(here, 1, NOW, NOW),
        ]
    assert told() == {here: True, there: True}

    with engine.begin() as connection:
        reports = SqlPlaceReports(connection)
        assert reports.settle(there, later) == 2
        assert reports.settle(there, later) == 0
        assert [each.place_id for each in reports.waiting()] == [here]
    assert told() == {here: True, there: False}


def test_an_editor_lists_the_reports_and_settles_one(
    liste: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(tmp_path / "var"))
    run = CliRunner()
    run.invoke(app, ["directory", "import", liste])
    engine = open_database(Settings().database)
    here, there = (each.id for each in SqlPlaces(engine).every())
    with engine.begin() as connection:
        SqlPlaceReports(connection).note_closed(here, NOW)
        SqlPlaceReports(connection).note_closed(there, NOW)
    engine.dispose()

    lines = run.invoke(app, ["directory", "reports"]).output.splitlines()
    assert sorted(line.split(" · ")[0] for line in lines) == sorted([here, there])
    assert run.invoke(app, ["directory", "settle", here]).exit_code == 0
    assert run.invoke(app, ["directory", "settle", here]).exit_code == 1
    (left,) = run.invoke(app, ["directory", "reports"]).output.splitlines()
    assert left.startswith(there)


def test_a_reported_place_that_left_every_list_can_still_be_settled(
    liste: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(tmp_path / "var"))
    run = CliRunner()
    run.invoke(app, ["directory", "import", liste])
    engine = open_database(Settings().database)
    gone = next(each.id for each in SqlPlaces(engine).every() if each.place.external_id == "1")
    with engine.begin() as connection:
        SqlPlaceReports(connection).note_closed(gone, NOW)
    engine.dispose()
    Path(liste).write_text(LIST.replace("1;Ici;Gap;05000;\n", ""), "utf-8")
    run.invoke(app, ["directory", "import", liste])

    assert run.invoke(app, ["directory", "reports"]).output.startswith(gone)
    assert run.invoke(app, ["directory", "settle", gone]).exit_code == 0
