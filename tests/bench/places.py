"""Measures the directory: how fast a list comes in, and how fast somebody is found.

    python -m tests.bench.places [--places 15000 --places 1000000] [--seeds FILE …]
        [--postgres URL]

``make bench`` takes 15,000: a million takes a quarter of an hour. Writes its table of
docs/figures.md.

The places are real ones, moved by some kilometres and numbered. Searches are timed beside four
other ways of finding the same points: an index by latitude, the R*Tree of SQLite, a plain scan, and
a GiST index of PostgreSQL, in one run. URL names a database that may be emptied.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Engine, text

from assistant.adapters.database import open_database
from assistant.adapters.migrations import upgrade
from assistant.adapters.places.descriptions import band_of
from assistant.adapters.places.importer import PlaceImporter, open_for_import
from assistant.adapters.places.index import SqlPlaceIndex, SqlPlaces
from assistant.directory.embedded import PLACES, embedded_gazetteer
from assistant.directory.locating import CommuneLocator
from assistant.directory.place import Place, Point
from assistant.directory.readers.reading import read_stream
from assistant.directory.search import KnownPlace, Query
from assistant.directory.traits import Need, Trait
from assistant.directory.writers import COLUMNS, schema_row
from tests.bench.report import Row, write

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SEARCHES = 300
NEIGHBOURS = 10
RADIUS_KM = 20.0
WANTED = Trait.RECEIVES | Trait.HELPS
# One in so many was trained for Mon espace santé; about one in forty of the national list is.
TRAINED_ONE_IN = 40
DEAF_ONE_IN = 12

Box: TypeAlias = tuple[float, float, float, float]
Statement: TypeAlias = Callable[[float, float, float, float], str]


@dataclass(frozen=True)
class Timing:
    """The times of one kind of search, in milliseconds."""

    what: str
    times: Sequence[float]

    def row(self, places: int) -> Row:
        """Return its line of the table."""
        p95 = statistics.quantiles(self.times, n=20)[-1]
        told = f"{statistics.median(self.times):.2f} ms, p95 {p95:.2f}"
        target = f"p95 at most {_target(places)} ms" if "whole" in self.what else ""
        return self.what, f"{places:,}", told, target


def main() -> None:
    """Measure, and print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, action="append")
    parser.add_argument("--seeds", nargs="*", type=Path, default=[PLACES])
    parser.add_argument("--postgres", default="")
    parser.add_argument("--import-only", nargs=2, metavar=("LIST", "DATABASE"))
    asked = parser.parse_args()
    if asked.import_only:
        _import(*asked.import_only)
        return
    rows: list[Row] = []
    seeds = list(_seeds(asked.seeds))
    for count in asked.places or [15_000]:
        with tempfile.TemporaryDirectory() as folder:
            rows += _rows(Path(folder), seeds, count, asked.postgres)
    told = f"{SEARCHES} searches of each kind around {len(seeds)} real places, moved and numbered"
    write("places", told, ("what", "places", "measured", ""), rows)


def _rows(folder: Path, seeds: Sequence[Place], count: int, postgres: str) -> Iterator[Row]:
    path = folder / "lieux.csv"
    write_list(path, seeds, count)
    points = _points(seeds)
    sqlite = f"sqlite:///{folder / 'places.db'}"
    for again in ("SQLite: first import", "SQLite: the same list again"):
        yield again, f"{count:,}", _in_a_process(path, sqlite), ""
    timings = [*_measure(sqlite, points), *_measure_rtree(sqlite, points)]
    if postgres:
        _empty(postgres)
        yield "PostgreSQL: first import", f"{count:,}", _in_a_process(path, postgres), ""
        timings += [*_measure(postgres, points), *_measure_gist(postgres, points)]
    for timing in timings:
        yield timing.row(count)


def _target(places: int) -> int:
    return 5 if places <= 15_000 else 20


def write_list(path: Path, seeds: Sequence[Place], count: int) -> None:
    """Write a list of the national schema: real places, moved, numbered, some of them trained."""
    chance = random.Random(2026)  # noqa: S311 (the same list each time)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in range(count):
            seed = seeds[number % len(seeds)]
            row = schema_row(KnownPlace(f"lieu-{number}", seed, 0, ["mesure"]))
            point = seed.point or Point(46.5, 2.5)
            row["id"] = f"lieu-{number}"
            row["pivot"] = ""
            row["nom"] = f"{seed.name} {number}"
            row["adresse"] = f"{chance.randint(1, 400)} {seed.address.lstrip('0123456789 ')}"
            row["latitude"] = f"{point.latitude + chance.gauss(0, 0.08):.6f}"
            row["longitude"] = f"{point.longitude + chance.gauss(0, 0.11):.6f}"
            row["telephone"] = f"+33{chance.choice('12345')}{chance.randint(10**7, 10**8 - 1)}"
            if chance.randrange(TRAINED_ONE_IN) == 0:
                row["formations_labels"] = "Formé à « Mon Espace Santé »"
            if chance.randrange(DEAF_ONE_IN) == 0:
                row["prise_en_charge_specifique"] = "Surdité"
            writer.writerow(row)


def _seeds(paths: Sequence[Path]) -> Iterator[Place]:
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for row in read_stream(stream, NOW.date()).rows:  # type: ignore[arg-type]
                if row.place is not None and row.place.point is not None:
                    yield row.place


def _points(seeds: Sequence[Place]) -> list[Point]:
    chance = random.Random(1)  # noqa: S311 (the same searches each time)
    chosen = [chance.choice(seeds).point or Point(46.5, 2.5) for _ in range(SEARCHES)]
    return [
        Point(each.latitude + chance.gauss(0, 0.05), each.longitude + chance.gauss(0, 0.05))
        for each in chosen
    ]


def _in_a_process(path: Path, url: str) -> str:
    """Import in a process of its own, whose memory tells what an import needs."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.places", "--import-only", str(path), url],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def _import(path: str, url: str) -> None:
    engine = open_for_import(url)
    upgrade(engine)
    started = time.perf_counter()
    report = PlaceImporter(
        engine, lambda: datetime.now(UTC), CommuneLocator(embedded_gazetteer())
    ).run([path])
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = f"{report.status.value} in {seconds:.1f} s ({report.read / seconds:.0f} rows/s)"
    print(f"{told}, peak {peak:.0f} MB")  # noqa: T201 (what the other process reads)


def _measure(url: str, points: Sequence[Point]) -> Iterator[Timing]:
    """Time whole searches as a conversation makes them, and the part that the index takes."""
    engine = open_database(url)
    places = SqlPlaces(engine)
    kind = {"sqlite": "SQLite"}.get(engine.dialect.name, "PostgreSQL")
    saturday = date(2026, 11, 28)

    def here(point: Point) -> Query:
        return Query(point)

    def open_now(point: Point) -> Query:
        return Query(point, Need.MON_ESPACE_SANTE, open_now=True)

    def deaf(point: Point) -> Query:
        return Query(point, wanted=Trait.DEAFNESS, open_on=saturday)

    for ask in (here, open_now, deaf):

        def search(point: Point, ask: Callable[[Point], Query] = ask) -> object:
            return places.find(ask(point), NOW)

        for point in points[:20]:
            search(point)
        yield Timing(
            f"{kind}: whole search, {ask.__name__.replace('_', ' ')}", _timed(points, search)
        )
    with engine.connect() as connection:
        index = SqlPlaceIndex(connection)

        def nearest(point: Point) -> object:
            return index.nearest(point, RADIUS_KM, WANTED, NEIGHBOURS)

        yield Timing(f"{kind}: nearest, as used", _timed(points, nearest))
    engine.dispose()


def _measure_rtree(url: str, points: Sequence[Point]) -> Iterator[Timing]:
    """Time one question on bands, by latitude, on an R*Tree and on a plain scan of one database.

    The four statements go to the driver alike, so that only the index differs.
    """
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.executescript(
        """
        CREATE INDEX by_latitude ON place (latitude, longitude, traits);
        CREATE VIRTUAL TABLE tree USING rtree(number, south, north, west, east, +traits);
        INSERT INTO tree SELECT rowid, latitude, latitude, longitude, longitude, traits
            FROM place WHERE latitude IS NOT NULL;
        """
    )
    wanted = int(WANTED)

    def bands(south: float, north: float, west: float, east: float) -> str:
        inside = ", ".join(map(str, range(band_of(south), band_of(north) + 1)))
        return (
            f"SELECT rowid, latitude, longitude FROM place WHERE band IN ({inside}) "  # noqa: S608
            f"AND longitude BETWEEN {west} AND {east} AND (traits & {wanted}) = {wanted}"
        )

    def latitudes(south: float, north: float, west: float, east: float) -> str:
        return (
            "SELECT rowid, latitude, longitude FROM place INDEXED BY by_latitude "  # noqa: S608
            f"WHERE latitude BETWEEN {south} AND {north} AND longitude BETWEEN {west} AND {east} "
            f"AND (traits & {wanted}) = {wanted}"
        )

    def tree(south: float, north: float, west: float, east: float) -> str:
        return (
            f"SELECT number, south, west FROM tree WHERE south >= {south} AND north <= {north} "  # noqa: S608
            f"AND west >= {west} AND east <= {east} AND (traits & {wanted}) = {wanted}"
        )

    def scan(south: float, north: float, west: float, east: float) -> str:
        return (
            "SELECT rowid, latitude, longitude FROM place NOT INDEXED "  # noqa: S608
            f"WHERE latitude BETWEEN {south} AND {north} AND longitude BETWEEN {west} AND {east} "
            f"AND (traits & {wanted}) = {wanted}"
        )

    indexes = (("bands", bands), ("latitude", latitudes), ("R*Tree", tree), ("plain scan", scan))
    for what, statement in indexes:

        def search(point: Point, statement: Statement = statement) -> object:
            return _ring(point, lambda box: connection.execute(statement(*box)).fetchall())

        yield Timing(f"SQLite: the index alone, {what}", _timed(points, search))
    connection.close()


def _ring(point: Point, ask: Callable[[Box], list[tuple[float, ...]]]) -> list[tuple[float, ...]]:
    """Look around wider and wider, as the product does."""
    reach = 4.0
    while True:
        height = reach / 111.2
        width = height / math.cos(math.radians(point.latitude))
        found = [
            row
            for row in ask(
                (
                    point.latitude - height,
                    point.latitude + height,
                    point.longitude - width,
                    point.longitude + width,
                )
            )
            if point.distance_km(Point(row[1], row[2])) <= reach
        ]
        if len(found) >= NEIGHBOURS or reach >= RADIUS_KM:
            return sorted(found, key=lambda row: point.distance_km(Point(row[1], row[2])))
        reach = min(RADIUS_KM, reach * 4)


def _measure_gist(url: str, points: Sequence[Point]) -> Iterator[Timing]:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE INDEX by_point ON place USING gist (point(longitude, latitude))")
        )
        connection.execute(text("ANALYZE place"))
    # The operator <-> walks the index from the nearest on: degrees, not kilometres, so that a
    # few more are read and put in order afterwards.
    query = text(
        "SELECT id, latitude, longitude FROM place WHERE (traits & :wanted) = :wanted "
        "ORDER BY point(longitude, latitude) <-> point(:longitude, :latitude) LIMIT :count"
    )
    with engine.connect() as connection:

        def search(point: Point) -> object:
            parameters = {
                "wanted": int(WANTED),
                "longitude": point.longitude,
                "latitude": point.latitude,
                "count": NEIGHBOURS * 2,
            }
            return connection.execute(query, parameters).all()

        yield Timing("PostgreSQL: the index alone, GiST", _timed(points, search))
    engine.dispose()


def _timed(points: Sequence[Point], search: Callable[[Point], object]) -> list[float]:
    times = []
    for point in points:
        started = time.perf_counter()
        search(point)
        times.append((time.perf_counter() - started) * 1_000)
    return times


def _empty(url: str) -> None:
    engine: Engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


if __name__ == "__main__":
    main()
