"""A list comes in whole or not at all, and what was found before goes on being found."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, func, select, update

from assistant.adapters.place_tables import (
    PlaceImportRow,
    PlaceRemarkRow,
    PlaceRow,
    PlaceStagedOfferRow,
    PlaceStagedRow,
)
from assistant.adapters.places.explaining import explain, status
from assistant.adapters.places.importer import PlaceImporter
from assistant.adapters.places.index import SqlPlaces
from assistant.adapters.places.report import ImportRunning, ImportStatus
from assistant.adapters.places.sources import Source, dataset_name, dated, open_source
from assistant.directory.duplicates import Evidence
from assistant.directory.locating import Located
from assistant.directory.merging import public_id
from assistant.directory.place import Point
from assistant.directory.readers.rows import SourceBroken
from assistant.directory.remarks import Outcome, Reason
from assistant.directory.search import Query
from assistant.directory.traits import Need
from assistant.directory.vocabulary import Service
from assistant.domain.errors import NotFound

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GAP = Point(44.559, 6.079)
COLUMNS = (
    "id", "nom", "commune", "code_postal", "adresse", "latitude", "longitude", "telephone",
    "horaires", "source", "date_maj", "services", "pivot",
)  # fmt: skip
NAMES = "Alpin Bastion Cadran Dauphin Églantine Fontaine Grenier Horizon Ilot Jardin".split()


def rows(count: int, source: str = "liste") -> list[dict[str, str]]:
    """Places in and around Gap, all different."""
    return [
        {
            "id": str(number),
            "nom": f"{NAMES[number % len(NAMES)]} numéro {number}",
            "commune": "Gap",
            "code_postal": "5000",
            "adresse": f"{number} rue {NAMES[-number % len(NAMES)]}",
            "latitude": str(44.5 + number * 0.01),
            "longitude": "6.079",
            "telephone": f"+33492{530000 + number}",
            "horaires": "Mo-Fr 09:00-12:00",
            "source": source,
            "date_maj": "2026-01-01",
            "services": "Aide aux démarches administratives",
            "pivot": "",
        }
        for number in range(count)
    ]


def written(path: Path, places: list[dict[str, str]]) -> str:
    """Write a list; return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(places)
    return str(path)


@pytest.fixture
def importer(engine: Engine) -> PlaceImporter:
    """The importer of an empty directory."""
    return PlaceImporter(engine, lambda: NOW)


@pytest.fixture
def liste(tmp_path: Path) -> str:
    """A list of twenty places."""
    return written(tmp_path / "liste.csv", rows(20))


def served(database: Engine) -> dict[str, str]:
    """What is found, and how it is described."""
    with database.connect() as connection:
        found = connection.execute(select(PlaceRow.id, PlaceRow.content_hash))
        return dict(found.all())


def left_aside(database: Engine) -> int:
    """How much an import left behind."""
    with database.connect() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (PlaceStagedRow, PlaceStagedOfferRow)
        )


def test_a_list_is_found_and_its_report_kept(
    importer: PlaceImporter,
    engine: Engine,
    liste: str,
) -> None:
    report = importer.run([liste])

    assert (report.status, report.added, report.places) == (ImportStatus.PUBLISHED, 20, 20)
    assert report.tally[Outcome.MENDED, Reason.LOST_ZERO] == 20
    assert left_aside(engine) == 0
    with engine.connect() as connection:
        kept = connection.execute(select(PlaceRemarkRow)).all()
        assert len(kept) == 20
        assert {(row.line, row.column, row.value) for row in kept} >= {(2, "code_postal", "5000")}
    found = SqlPlaces(engine).find(Query(GAP, Need.MON_ESPACE_SANTE), NOW)
    assert [hit.known.place.external_id for hit in found.hits] == ["6", "5", "7"]
    assert found.hits[0].known.sources == ["liste"]


def test_twice_is_no_change(importer: PlaceImporter, engine: Engine, liste: str) -> None:
    importer.run([liste])
    before = served(engine)
    again = importer.run([liste])

    assert again.status is ImportStatus.UNCHANGED
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert served(engine) == before


def test_a_new_version_adds_changes_and_removes(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    liste: str,
) -> None:
    importer.run([liste])
    changed = rows(22)[1:]
    changed[0]["telephone"] = "+33492999999"
    report = importer.run([written(tmp_path / "liste.csv", changed)])

    assert (report.added, report.changed, report.removed) == (2, 1, 1)
    assert report.places == len(served(engine)) == 21


def test_a_list_that_lost_half_its_places_waits_to_be_confirmed(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    liste: str,
) -> None:
    importer.run([liste])
    before = served(engine)
    short = written(tmp_path / "liste.csv", rows(9))

    held = importer.run([short])
    assert held.status is ImportStatus.HELD
    assert served(engine) == before
    assert left_aside(engine) == 0

    confirmed = importer.run([short], is_confirmed=True)
    assert confirmed.status is ImportStatus.PUBLISHED
    assert confirmed.removed == 11
    assert len(served(engine)) == 9


def test_a_source_within_a_list_is_watched_too(importer: PlaceImporter, tmp_path: Path) -> None:
    other = [row | {"id": f"b{row['id']}"} for row in rows(60, "grande")]
    importer.run([written(tmp_path / "liste.csv", rows(20, "petite") + other)])

    held = importer.run([written(tmp_path / "liste.csv", rows(5, "petite") + other)])

    assert held.status is ImportStatus.HELD
    assert "petite" in held.problem


def test_a_list_under_another_name_is_recognised_by_what_it_holds(
    importer: PlaceImporter, tmp_path: Path, liste: str
) -> None:
    first = importer.run([liste])
    renamed = importer.run([written(tmp_path / "export-final.csv", rows(21))])

    assert renamed.dataset == first.dataset
    assert (renamed.added, renamed.removed) == (1, 0)


BROKEN: dict[str, bytes] = {
    "page.csv": b"<html><body>404</body></html>",
    "empty.csv": b"",
    "prose.csv": b"bonjour",
    "cut.json": b'[{"id": "1", "nom": "x", "commune": "Gap"}, {"id": ',
    "headers.csv": b"id;nom;commune;code_postal\n",
    "nameless.csv": b"id;nom;commune;code_postal\n1;;Gap;05000\n2;;Gap;05000\n",
    "cut.csv.gz": gzip.compress(b"id;nom;commune\n" + b"1;Ici;Gap\n" * 9000)[:-200],
    "bomb.csv.gz": gzip.compress(b"id;nom;commune\n" + b"\0" * 120_000_000),
    "lies.zip": b"PK\x03\x04 nothing of an archive",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_source_leaves_the_directory_as_it_was(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    liste: str,
    name: str,
) -> None:
    importer.run([liste])
    before = served(engine)
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    report = importer.run([str(path)], dataset="liste")

    assert report.status is ImportStatus.BROKEN
    assert report.problem
    assert served(engine) == before
    assert left_aside(engine) == 0


def test_the_same_id_twice_in_one_file_is_taken_once(
    importer: PlaceImporter, tmp_path: Path
) -> None:
    report = importer.run([written(tmp_path / "liste.csv", [*rows(3), rows(1)[0]])])

    assert report.added == 3
    refused = [each for each in report.remarks if each.outcome is Outcome.REFUSED]
    assert [(each.line, each.reason) for each in refused] == [(5, Reason.SAME_ID)]


def test_the_same_id_far_below_is_refused_too(importer: PlaceImporter, tmp_path: Path) -> None:
    report = importer.run([written(tmp_path / "liste.csv", [*rows(1_500), rows(1)[0]])])

    assert report.added == 1_500
    assert report.tally[Outcome.REFUSED, Reason.SAME_ID] == 1


def test_two_lists_one_place(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    liste: str,
) -> None:
    importer.run([liste])
    twin = rows(1, "autre")[0] | {
        "id": "z", "nom": "ALPIN NUMERO 0", "horaires": "", "date_maj": "2026-06-01",
        "services": "Accès internet et matériel informatique",
    }  # fmt: skip
    report = importer.run([written(tmp_path / "autre-liste.csv", [twin])])

    assert (report.added, report.places) == (1, 20)
    places = SqlPlaces(engine)
    (known,) = [each for each in places.every() if len(each.sources) == 2]
    assert known.sources == ["autre", "liste"]
    assert known.place.name == "ALPIN NUMERO 0"
    assert known.place.hours == "Mo-Fr 09:00-12:00"
    told = explain(engine, known.id)
    assert told.id == known.id
    assert [why for _, _, why in told.evidence] == [Evidence.NAME_AND_ADDRESS]
    assert told.merged.provenance["name"] == ["autre/z"]
    assert told.merged.provenance["hours"] == ["liste/0"]
    assert len(told.merged.provenance["services"]) == 2
    assert sum(told.quality.values()) == known.quality


def test_a_place_keeps_being_found_under_the_id_of_each_description(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    liste: str,
) -> None:
    importer.run([liste])
    places = SqlPlaces(engine)
    (before,) = [each for each in places.every() if each.place.external_id == "0"]
    twin = rows(1, "autre")[0] | {"id": "z"}
    importer.run([written(tmp_path / "autre-liste.csv", [twin])])

    found = places.get(before.id)
    assert found is not None
    assert len(found.sources) == 2
    assert explain(engine, before.id).id == found.id


def test_when_a_list_goes_its_twin_stays(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    liste: str,
) -> None:
    importer.run([liste])
    before = served(engine)
    path = tmp_path / "autre-liste.csv"
    importer.run([written(path, [rows(1, "autre")[0] | {"id": "z"}, *rows(3, "autre")[1:]])])
    importer.run([written(path, rows(3, "autre")[1:])])
    importer.run([written(path, [rows(40, "autre")[39]])], is_confirmed=True)

    left = served(engine)
    assert before.items() <= left.items()
    assert len(left) == 21


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_the_imports_does_not_matter(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
    order: tuple[int, ...],
) -> None:
    lists = [
        written(tmp_path / f"{name}.csv", [row | {"date_maj": f"2026-0{number}-01"}
                                           for row in rows(8, name)])
        for number, name in enumerate(("un", "deux", "trois"), 1)
    ]  # fmt: skip
    for number in order:
        importer.run([lists[number]])

    assert set(served(engine)) == {
        min(public_id(name, str(number)) for name in ("un", "deux", "trois")) for number in range(8)
    }
    assert {each.place.source for each in SqlPlaces(engine).every()} == {"trois"}


STRUCTURE = {
    "source": "dora", "id": "dora--1", "nom": "Centre social du Parc", "commune": "Gap",
    "code_postal": "05000", "adresse": "1 rue du Parc", "latitude": 44.559, "longitude": 6.079,
    "horaires_accueil": "Mo-Fr 09:00-12:00", "reseaux_porteurs": [], "date_maj": "2026-01-01",
}  # fmt: skip
SERVICE = {
    "source": "dora", "structure_id": "dora--1", "id": "dora--s1", "nom": "Aide en ligne",
    "description": "Aide aux démarches.", "frais": "gratuit", "date_maj": "2026-01-01",
    "thematiques": ["numerique--acceder-a-des-services-en-ligne"], "modes_accueil": ["a-distance"],
}  # fmt: skip


def test_structures_and_services_of_two_files(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
) -> None:
    orphan = SERVICE | {"id": "dora--s2", "structure_id": "dora--9"}
    (tmp_path / "services.json").write_text(json.dumps([SERVICE, orphan]))
    (tmp_path / "structures.json").write_text(json.dumps([STRUCTURE]))
    report = importer.run([str(tmp_path)], dataset="di")

    assert report.added == 1
    assert report.tally[Outcome.REFUSED, Reason.NO_STRUCTURE] == 1
    found = SqlPlaces(engine).find(Query(GAP, Need.PROCEDURES), NOW)
    assert [hit.known.place.external_id for hit in found.hits] == ["dora--1"]
    assert importer.run([str(tmp_path)], dataset="di").status is ImportStatus.UNCHANGED


def test_structures_of_two_sources_may_bear_one_id(
    importer: PlaceImporter, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "di.json"
    other = STRUCTURE | {"source": "soliguide", "nom": "Accueil de jour", "latitude": 44.6}
    service = SERVICE | {"source": "soliguide", "thematiques": ["sante--acces-aux-soins"]}
    path.write_text(json.dumps({"structures": [STRUCTURE, other], "services": [SERVICE, service]}))
    importer.run([str(path)])
    offered = {each.place.source: each.place.services for each in SqlPlaces(engine).every()}

    assert offered == {"dora": (Service.PROCEDURES,), "soliguide": (Service.HEALTH,)}


def test_many_services_of_one_structure(
    importer: PlaceImporter,
    engine: Engine,
    tmp_path: Path,
) -> None:
    structures = [STRUCTURE | {"id": f"dora--{n}", "nom": f"Centre {NAMES[n]}",
                               "latitude": 44.5 + n / 50} for n in range(3)]  # fmt: skip
    services = [SERVICE | {"id": f"s{n}", "structure_id": f"dora--{n % 3}"} for n in range(2_500)]
    path = tmp_path / "di.json"
    path.write_text(json.dumps({"structures": structures, "services": services}))
    report = importer.run([str(path)])

    assert (report.added, report.refused()) == (3, 0)
    assert all(each.place.services for each in SqlPlaces(engine).every())


def test_services_alone_are_nothing_to_go_to(importer: PlaceImporter, tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    path.write_text(json.dumps([SERVICE]))

    assert importer.run([str(path)]).status is ImportStatus.BROKEN


class OneCommune:
    """Knows where Gap is, for tests."""

    def locate(self, commune: str, code: str) -> Located | None:
        """Return where it is."""
        return Located(GAP, is_exact=True) if (commune, code) == ("Gap", "05000") else None


def test_a_place_without_a_point_or_at_sea_is_put_where_its_commune_is(
    engine: Engine, tmp_path: Path
) -> None:
    unplaced, at_sea, elsewhere, right = rows(4)
    unplaced |= {"latitude": "", "longitude": ""}
    at_sea |= {"latitude": "42.6", "longitude": "4.6"}  # in the Gulf of Lion
    elsewhere |= {"latitude": "", "longitude": "", "commune": "Nulle-Part"}
    importer = PlaceImporter(engine, lambda: NOW, OneCommune())
    report = importer.run([written(tmp_path / "l.csv", [unplaced, at_sea, elsewhere, right])])
    found = {each.place.external_id: each.place for each in SqlPlaces(engine).every()}

    assert [found[each].point for each in "012"] == [GAP, GAP, None]
    assert [found[each].approximate for each in "0123"] == [True, True, False, False]
    assert report.tally[Outcome.MENDED, Reason.COMMUNE_POINT] == 1
    assert report.tally[Outcome.DROPPED, Reason.FAR_FROM_COMMUNE] == 1


def test_one_import_at_a_time(importer: PlaceImporter, liste: str) -> None:
    def meanwhile(_position: int, _size: int) -> None:
        with pytest.raises(ImportRunning):
            importer.run([liste])

    assert importer.run([liste], progress=meanwhile).status is ImportStatus.PUBLISHED


def test_an_import_that_died_does_not_block_the_next(
    importer: PlaceImporter,
    engine: Engine,
    liste: str,
) -> None:
    class Killed(BaseException):
        pass

    def killed(_position: int, _size: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        importer.run([liste], progress=killed)
    assert served(engine) == {}
    assert importer.run([liste]).status is ImportStatus.PUBLISHED
    with engine.begin() as connection:
        connection.execute(
            update(PlaceImportRow).values(status="abandoned", touched_at=NOW - timedelta(hours=2))
        )
        latest = select(PlaceImportRow.id).limit(1).scalar_subquery()
        connection.execute(
            update(PlaceImportRow).where(PlaceImportRow.id == latest).values(status="running")
        )
    assert importer.run([liste]).status is ImportStatus.UNCHANGED


def test_work_that_a_dead_import_left_is_finished(
    importer: PlaceImporter,
    engine: Engine,
    liste: str,
) -> None:
    importer.run([liste])
    with engine.begin() as connection:
        connection.execute(PlaceRow.__table__.delete())  # type: ignore[attr-defined]
        connection.execute(update(PlaceImportRow).values(status="abandoned"))

    importer.run([liste])

    assert len(served(engine)) == 20


def test_what_the_directory_knows(importer: PlaceImporter, engine: Engine, liste: str) -> None:
    importer.run([liste])
    found = status(engine)

    assert (found.places, found.records, found.with_point, found.with_hours) == (20, 20, 20, 20)
    assert [(each.id, each.places, each.last_status) for each in found.datasets] == [
        ("liste", 20, "published")
    ]


def test_nobody_explains_what_is_not_there(engine: Engine) -> None:
    with pytest.raises(NotFound):
        explain(engine, "0000000000")


# --- where lists come from


class _Slow(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)


def answering(
    content: bytes, status_code: int = 200, content_type: str = "text/csv"
) -> httpx.MockTransport:
    """A web that answers that, whatever it is asked."""
    return httpx.MockTransport(
        lambda _: httpx.Response(
            status_code, content=content, headers={"content-type": content_type}
        )
    )


def read_all(source: Source) -> bytes:
    return b"".join(part.stream.read() for part in source.parts)


ADDRESS = "https://exemple.fr/lieux-2026-11-01.csv"


def test_an_address_is_read() -> None:
    with open_source([ADDRESS], answering(b"id;nom\n")) as source:
        assert read_all(source) == b"id;nom\n"


@pytest.mark.parametrize(
    "transport",
    [
        _Slow(),
        answering(b"<html>", content_type="text/html; charset=utf-8"),
        answering(b"", status_code=404),
        answering(b"", status_code=500),
    ],
    ids=["slow", "page", "gone", "broken"],
)
def test_an_address_that_gives_no_data(transport: httpx.BaseTransport) -> None:
    with pytest.raises(SourceBroken), open_source([ADDRESS], transport):
        pass


def test_an_address_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.adapters.places.sources.MOST_DOWNLOADED", 1_000_000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 65_536

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    with pytest.raises(SourceBroken), open_source([ADDRESS], transport):
        pass


def test_an_archive_gives_structures_before_services(tmp_path: Path) -> None:
    path = tmp_path / "di.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a-services.csv", "s")
        archive.writestr("b-structures.csv", "t")
        archive.writestr("LISEZMOI.md", "x")
    with open_source([str(path)]) as source:
        assert [part.name for part in source.parts] == ["b-structures.csv", "a-services.csv"]
        assert read_all(source) == b"ts"


def test_an_archive_that_inflates_without_end(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"\0" * 120_000_000)
    with pytest.raises(SourceBroken), open_source([str(path)]) as source:
        read_all(source)


def test_a_workbook_is_no_archive_of_lists(tmp_path: Path) -> None:
    path = tmp_path / "lieux.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("a.csv", "x")
    with pytest.raises(SourceBroken), open_source([str(path)]):
        pass


def test_bytes_that_were_read_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id;nom\n" * 1000))
    with open_source([str(path)]) as source:
        assert source.position == 0
        read_all(source)
        assert source.position == source.size == path.stat().st_size


@pytest.mark.parametrize(
    ("address", "name", "day"),
    [
        ("france_services_2022-12-01.csv.gz", "france-services", date(2022, 12, 1)),
        ("/a/b/liste-fs-20241101.csv", "liste-fs", date(2024, 11, 1)),
        ("lieux_charente_2023_schema_v0.json.gz", "lieux-charente-schema-v0", None),
        ("https://exemple.fr/fichiers/places.json?x=1", "places", None),
        ("2024.csv", "2024", None),
    ],
)
def test_the_name_of_a_list(address: str, name: str, day: date | None) -> None:
    assert dataset_name(address) == name
    assert dated(address) == day
