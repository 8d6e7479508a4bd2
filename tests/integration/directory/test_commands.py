"""What an operator types, and what they are told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.adapters.database import open_database
from assistant.adapters.places.index import SqlPlaces
from assistant.cli import app
from assistant.config import Settings
from assistant.directory.readers.formats import Format
from assistant.directory_cli import SourceFormat
from assistant.domain.errors import InvalidInput, NotFound

LIST = """id;nom;commune;code_postal;adresse;latitude;longitude;telephone;services;date_maj
1;Mairie de Gap;Gap;5000;3 rue Roux;44.5594;6.0788;04 92 53 24 24;Aide aux démarches \
administratives;2026-01-01
2;=cmd|' /C calc'!A0;Gap;05000;4 rue Roux;44.56;6.09;;Accès internet et matériel informatique;\
2026-01-01
3;;Gap;05000;5 rue Roux;44.56;6.10;;;2026-01-01
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line, on a database of its own."""
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(tmp_path / "var"))
    return CliRunner()


@pytest.fixture
def liste(tmp_path: Path) -> str:
    """A list of two places, and a row that is none."""
    path = tmp_path / "liste.csv"
    path.write_text(LIST, "utf-8")
    return str(path)


def test_an_import_tells_what_it_took_and_what_it_did_not(
    run: CliRunner, liste: str, tmp_path: Path
) -> None:
    report = tmp_path / "rapport.csv"
    done = run.invoke(app, ["directory", "import", liste, "--report", str(report)])

    assert done.exit_code == 0
    assert "ligne 4, colonne nom" in done.output
    with report.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {(line["ligne"], line["colonne"]) for line in lines} >= {
        ("2", "code_postal"), ("2", "telephone"), ("3", "nom"), ("4", "nom"),
    }  # fmt: skip
    assert not any(line["valeur"].startswith(("=", "+", "-", "@")) for line in lines)


def test_a_broken_or_shrunken_list_ends_with_an_error(
    run: CliRunner, liste: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.csv"
    page.write_text("<html></html>")

    assert run.invoke(app, ["directory", "import", str(page)]).exit_code == 1
    assert run.invoke(app, ["directory", "import", str(tmp_path / "absent.csv")]).exit_code == 1
    assert run.invoke(app, ["directory", "import", liste]).exit_code == 0
    assert run.invoke(app, ["directory", "stats"]).output.startswith("2 lieux")


def test_what_was_imported_is_found_explained_and_written_out(run: CliRunner, liste: str) -> None:
    run.invoke(app, ["directory", "import", liste, "--format", "mediation-v1"])
    engine = open_database(Settings().database)
    places = {each.place.external_id: each.id for each in SqlPlaces(engine).every()}
    engine.dispose()

    near = run.invoke(app, ["directory", "search", "44.56,6.08", "--need", "procedures"])
    assert near.output.startswith(places["1"])
    assert places["2"] not in near.output

    told = run.invoke(app, ["directory", "explain", places["1"]])
    assert "lieux-de-mediation-numerique/1" in told.output
    assert "phone" in told.output

    written = run.invoke(app, ["directory", "export"]).output
    assert len(list(csv.DictReader(written.splitlines()))) == 2
    drawn = json.loads(run.invoke(app, ["directory", "export", "--geojson"]).output)
    assert {feature["id"] for feature in drawn["features"]} == set(places.values())


def test_far_from_everything_the_national_line_is_named(run: CliRunner, liste: str) -> None:
    run.invoke(app, ["directory", "import", liste])

    assert "3422" in run.invoke(app, ["directory", "search", "Brest"]).output


def test_what_nobody_knows_is_an_error_in_one_line(run: CliRunner, liste: str) -> None:
    run.invoke(app, ["directory", "import", liste])

    assert isinstance(run.invoke(app, ["directory", "explain", "x"]).exception, NotFound)
    wrong = run.invoke(app, ["directory", "search", "Gap", "--need", "x"])
    assert isinstance(wrong.exception, InvalidInput)
    several = run.invoke(app, ["directory", "search", "Saint-Denis"])
    assert isinstance(several.exception, InvalidInput)


def test_each_format_can_be_named() -> None:
    assert {each.value for each in SourceFormat} - {"auto"} == {each.value for each in Format}
