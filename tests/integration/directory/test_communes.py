"""The communes are renewed by an operator or every week, and never lost."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from assistant.adapters.places.communes import FILE, REFRESH, CommuneUpkeep, KeptCommunes
from assistant.cli import app
from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.gazetteer.area import AreaKind
from assistant.directory.readers.rows import SourceBroken
from tests.fakes.clock import FakeClock

URL = "https://communes.test/communes?format=json"


def published() -> bytes:
    """The list in the words of the API: the shipped communes, and one more."""
    places = embedded_gazetteer().places
    areas = [area for area in map(places.area, places.today()) if area.kind is AreaKind.COMMUNE]
    rows = [
        {
            "nom": area.name,
            "code": area.code,
            "codeDepartement": area.department,
            "population": area.population,
            "centre": {"type": "Point", "coordinates": [area.longitude, area.latitude]},
        }
        for area in areas
    ]
    new = {"nom": "Valbelle-Neuve", "code": "05990", "codesPostaux": ["05990"]}
    gap = next(row for row in rows if row["code"] == "05061")
    return json.dumps([*rows, gap | new]).encode()


LIST = published()


def answering(
    content: bytes = LIST, status: int = 200, kind: str = "application/json"
) -> httpx.BaseTransport:
    """A network whose only address answers so."""
    return httpx.MockTransport(
        lambda _: httpx.Response(status, content=content, headers={"content-type": kind})
    )


@pytest.fixture
def kept(tmp_path: Path) -> KeptCommunes:
    """Communes in a folder of their own, which is not there yet."""
    return KeptCommunes(tmp_path / "var")


def knows_the_new_one(kept: KeptCommunes) -> bool:
    return kept.gazetteer().coded("05990") is not None


def test_a_running_gateway_takes_the_new_copy(kept: KeptCommunes, tmp_path: Path) -> None:
    assert not knows_the_new_one(kept)
    done = KeptCommunes(tmp_path / "var").renew(URL, answering())
    assert (done.added, done.refused) == (1, 0)
    assert knows_the_new_one(kept)
    assert [each.name for each in (tmp_path / "var").iterdir()] == [FILE]
    (tmp_path / "var" / FILE).unlink()
    assert kept.gazetteer() is embedded_gazetteer()


@pytest.mark.parametrize(
    "network",
    [
        answering(b"<html>", kind="text/html"),
        answering(b"<html>"),
        answering(b""),
        answering(b"[]"),
        answering(b'{"message": "quota"}'),
        answering(LIST[: len(LIST) // 2]),
        answering(b"[" * 100_000),
        answering(gzip.compress(b" " * 200 * 1024**2)),
        answering(gzip.compress(LIST)[:-2000]),
        answering(status=503),
        answering(status=302),
    ],
)
def test_a_list_that_fails_leaves_the_last_good_copy(
    kept: KeptCommunes, tmp_path: Path, network: httpx.BaseTransport
) -> None:
    kept.renew(URL, answering())
    before = (tmp_path / "var" / FILE).read_bytes()
    with pytest.raises(SourceBroken):
        kept.renew(URL, network)
    assert (tmp_path / "var" / FILE).read_bytes() == before
    assert [each.name for each in (tmp_path / "var").iterdir()] == [FILE]
    assert knows_the_new_one(kept)


def test_a_damaged_copy_leaves_what_served(kept: KeptCommunes, tmp_path: Path) -> None:
    kept.renew(URL, answering())
    assert knows_the_new_one(kept)
    path = tmp_path / "var" / FILE
    path.write_bytes(path.read_bytes()[:-5000])
    assert knows_the_new_one(kept)
    assert KeptCommunes(tmp_path / "var").gazetteer() is embedded_gazetteer()


def test_a_copy_over_other_communes_is_left_aside(kept: KeptCommunes, tmp_path: Path) -> None:
    kept.renew(URL, answering())
    path = tmp_path / "var" / FILE
    _, text = gzip.decompress(path.read_bytes()).split(b"\n", 1)
    path.write_bytes(gzip.compress(b"# over 00000000\n" + text))
    assert kept.gazetteer() is embedded_gazetteer()
    assert kept.age(datetime.now(UTC)) is None, "it is read again at once"


def test_they_are_read_every_week(kept: KeptCommunes, tmp_path: Path) -> None:
    clock = FakeClock()
    upkeep = CommuneUpkeep(kept, URL, clock.now, answering())
    assert upkeep.due(1) == (REFRESH,)
    assert upkeep.due(1) == ()
    upkeep.perform(REFRESH)
    made = clock.now().timestamp()
    os.utime(tmp_path / "var" / FILE, (made, made))
    for _ in range(27):
        clock.pass_time(hours=6)
        assert upkeep.due(1) == ()
    clock.pass_time(hours=6)
    assert upkeep.due(1) == (REFRESH,)


def test_one_that_failed_is_tried_again_after_a_meal(kept: KeptCommunes) -> None:
    clock = FakeClock()
    upkeep = CommuneUpkeep(kept, URL, clock.now, answering(status=503))
    assert upkeep.due(1) == (REFRESH,)
    upkeep.perform(REFRESH)
    clock.pass_time(hours=5)
    assert upkeep.due(1) == ()
    clock.pass_time(hours=1)
    assert upkeep.due(1) == (REFRESH,)
    assert kept.age(clock.now()) is None


def test_without_an_address_nothing_is_due(kept: KeptCommunes) -> None:
    assert CommuneUpkeep(kept, "", FakeClock().now).due(1) == ()


def test_an_operator_renews_them_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: KeptCommunes
) -> None:
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(tmp_path / "var"))
    path = tmp_path / "communes.json"
    path.write_bytes(LIST[:-1000])
    refused = CliRunner().invoke(app, ["directory", "communes", str(path)])
    assert refused.exit_code == 1
    assert not knows_the_new_one(kept)

    path.write_bytes(LIST)
    done = CliRunner().invoke(app, ["directory", "communes", str(path)])
    assert done.exit_code == 0
    assert "1 communes ajoutées" in done.output
    assert knows_the_new_one(kept)


def test_the_copy_is_young_when_it_is_made(kept: KeptCommunes) -> None:
    kept.renew(URL, answering())
    age = kept.age(datetime.now(UTC))
    assert age is not None
    assert age < timedelta(minutes=5)
