"""The places found in the database: by bands of the map, whichever the database.

Chosen by measure (tests/bench/places.py) over an R*Tree and a GiST index: a band is two kilometres
of latitude, and an index by band, then longitude, reads the places of a small box side by side,
with all that a search compares.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import OperationalError

from assistant.adapters.database import read_one_by_one
from assistant.adapters.place_tables import (
    PlaceDatasetRow,
    PlaceRecordRow,
    PlaceReportRow,
    PlaceRow,
    table_of,
)
from assistant.adapters.places.descriptions import band_of
from assistant.directory.place import Point
from assistant.directory.place_json import place_from_json
from assistant.directory.search import Candidate, Found, KnownPlace, Query, find_places
from assistant.directory.traits import Trait
from assistant.domain.errors import StorageUnavailable

_KM_PER_DEGREE = 111.2
# The first look is around the corner; the next ones, where too few were found, are wider.
_FIRST_KM = 4.0
_WIDENING = 5.0
# One place in forty was trained, and they have an index of their own: no need to begin so near.
_FIRST_TRAINED_KM = 20.0
# Remote help is rare; those for one département are picked from this many, the fullest first.
_REMOTE_READ = 200
_READ_AT_ONCE = 500

_PLACE = table_of(PlaceRow)
_COLUMNS = "id, latitude, longitude, traits, hours, code, quality"
_REPORTED = (
    select(PlaceReportRow.place_id)
    .where(
        PlaceReportRow.place_id == _PLACE.c.id,
        PlaceReportRow.kind == "closed",
        PlaceReportRow.settled_at.is_(None),
    )
    .exists()
)


class SqlPlaces:
    """The directory, for those who look for a place.

    A place that is withdrawn while it is being found is left out of what is found.
    """

    def __init__(self, engine: Engine) -> None:
        """Answer from that database."""
        self._engine = read_one_by_one(engine)

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        """Open a connection to read. Raises StorageUnavailable."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except OperationalError as error:
            raise StorageUnavailable from error

    def find(self, query: Query, now: datetime) -> Found:
        """Return the places to propose."""
        with self._opened() as connection:
            return find_places(SqlPlaceIndex(connection), query, now)

    def get(self, place_id: str) -> KnownPlace | None:
        """Return one place, by its id or that of any description that became part of it."""
        with self._opened() as connection:
            index = SqlPlaceIndex(connection)
            known = index.places([place_id]).get(place_id)
            if known is not None:
                return known
            current = index.current_id(place_id)
            return None if current is None else index.places([current]).get(current)

    def lists(self) -> Sequence[tuple[str, date]]:
        """Return the lists that the places come from, and the day each was read."""
        with self._opened() as connection:
            rows = connection.execute(
                select(PlaceDatasetRow.id, PlaceDatasetRow.imported_at).order_by(PlaceDatasetRow.id)
            )
            return [(row.id, row.imported_at.date()) for row in rows]

    def every(self) -> Iterator[KnownPlace]:
        """Yield all the places, one after the other."""
        after = ""
        while True:
            with self._opened() as connection:
                ids = list(
                    connection.execute(
                        select(_PLACE.c.id)
                        .where(_PLACE.c.id > after)
                        .order_by(_PLACE.c.id)
                        .limit(_READ_AT_ONCE)
                    ).scalars()
                )
                known = SqlPlaceIndex(connection).places(ids)
            if not ids:
                return
            yield from (known[id_] for id_ in ids if id_ in known)
            after = ids[-1]


class SqlPlaceIndex:
    """The places as one connection reads them."""

    def __init__(self, connection: Connection) -> None:
        """Read through that connection."""
        self._connection = connection

    def nearest(
        self, near: Point, radius_km: float, wanted: Trait, limit: int, *, tried_km: float = 0.0
    ) -> Sequence[Candidate]:
        """Return the nearest places within a radius that have all these traits, nearest first."""
        first = _FIRST_TRAINED_KM if Trait.TRAINED in wanted else _FIRST_KM
        reach = min(max(first, tried_km * _WIDENING), radius_km)
        while True:
            found = self._within(near, reach, wanted, limit)
            if len(found) >= limit or reach >= radius_km:
                return found
            reach = min(radius_km, reach * _WIDENING)

    def remote(self, wanted: Trait, zone: frozenset[str], limit: int) -> Sequence[Candidate]:
        """Return places that help from afar, for everybody or for one of these zones."""
        query = (
            select(_PLACE)
            .where(_PLACE.c.is_remote == 1, _PLACE.c.traits.op("&")(int(wanted)) == int(wanted))
            .order_by(_PLACE.c.quality.desc(), _PLACE.c.id)
            .limit(_REMOTE_READ)
        )
        allowed = zone | {"france"}
        found: list[Candidate] = []
        for row in self._connection.execute(query):
            place = place_from_json(row.document)
            if place.zone and not allowed & set(place.zone):
                continue
            point = place.point or Point(0.0, 0.0)
            found.append(
                Candidate(row.id, point, Trait(row.traits), row.hours, row.code, row.quality)
            )
            if len(found) == limit:
                break
        return found

    def places(self, ids: Iterable[str]) -> Mapping[str, KnownPlace]:
        """Return these places; one that is gone is left out."""
        asked = list(ids)
        if not asked:
            return {}
        query = select(
            _PLACE.c.id,
            _PLACE.c.document,
            _PLACE.c.quality,
            _PLACE.c.sources,
            _REPORTED.label("is_reported"),
        ).where(_PLACE.c.id.in_(asked))
        return {
            row.id: KnownPlace(
                id=row.id,
                place=place_from_json(row.document),
                quality=row.quality,
                sources=row.sources.split("|"),
                reported_closed=bool(row.is_reported),
            )
            for row in self._connection.execute(query)
        }

    def current_id(self, public_id: str) -> str | None:
        """Return the id under which a description is found now, its own or its place's."""
        cluster = self._connection.execute(
            select(PlaceRecordRow.cluster).where(PlaceRecordRow.public_id == public_id).limit(1)
        ).scalar_one_or_none()
        if cluster is None:
            return None
        return self._connection.execute(
            select(func.min(PlaceRecordRow.public_id)).where(PlaceRecordRow.cluster == cluster)
        ).scalar_one_or_none()

    def _within(
        self, near: Point, radius_km: float, wanted: Trait, limit: int
    ) -> Sequence[Candidate]:
        """Return the nearest places of a circle.

        The statement is made of numbers of ours alone; written out it is neither compiled nor
        cached, which took ten times as long as the search itself.
        """
        height = radius_km / _KM_PER_DEGREE
        shrink = max(0.1, math.cos(math.radians(near.latitude)))
        width = height / shrink
        bands = range(band_of(near.latitude - height), band_of(near.latitude + height) + 1)
        within = (
            f"band IN ({', '.join(map(str, bands))})"
            f" AND longitude BETWEEN {near.longitude - width!r} AND {near.longitude + width!r}"
            f" AND (traits & {int(wanted)}) = {int(wanted)}"
        )
        if Trait.TRAINED in wanted:
            within += " AND is_trained = 1"
        north = f"(latitude - {near.latitude!r})"
        east = f"(longitude - {near.longitude!r}) * {shrink!r}"
        statement = (
            f"SELECT {_COLUMNS} FROM place WHERE id IN ("  # noqa: S608 (numbers alone)
            f"SELECT id FROM place WHERE {within}"
            f" ORDER BY {north} * {north} + {east} * {east} LIMIT {limit})"
        )
        found = [
            (near.distance_km(Point(latitude, longitude)), id_, Candidate(
                id_, Point(latitude, longitude), Trait(traits), hours, code, quality
            ))
            for id_, latitude, longitude, traits, hours, code, quality
            in self._connection.exec_driver_sql(statement)
        ]  # fmt: skip
        return [
            candidate for distance, _, candidate in sorted(found, key=lambda each: each[:2])
            if distance <= radius_km
        ]  # fmt: skip
