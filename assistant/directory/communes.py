"""Renews the shipped communes with the list of the national API (geo.api.gouv.fr, /communes).

The list adds and corrects; whatever it lacks stays as it was shipped: arrondissements, former
communes, départements, and a commune that it no longer names, which people still do.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from assistant.directory.gazetteer.places import MalformedPlacesError, Places
from assistant.directory.gazetteer.spelling import compact, words_of
from assistant.directory.readers.rows import SourceBroken

#: France has 34,963 communes in 2026, fewer each year: a longer list is another one.
MOST_ROWS: Final = 50_000
#: Below this share of the shipped communes, the list is cut short, or of something else.
LEAST_RECOGNISED: Final = 0.9
#: The largest communes of Guyane are 150 km across; a wrong sign or order is thousands away.
_FARTHEST_KM: Final = 200.0
_KM_PER_DEGREE: Final = 111.2
_CODE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_POSTCODE: Final = re.compile(r"\d{5}", re.ASCII)
# Letters as in « L'Haÿ-les-Roses », « Château-d'Œx », « Plaine (La) ».
_NAME: Final = re.compile(r"[^\W\d_][\w '’().,/-]{0,79}")
_MOST_POSTCODES: Final = 50
_MOST_PEOPLE: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as the list tells it; ``point`` is a latitude and a longitude in degrees."""

    code: str
    name: str
    department: str
    postcodes: tuple[str, ...] = ()
    population: int | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """The columns that ``Places`` reads, and what the list changed in them."""

    text: str
    read: int
    refused: int
    added: int
    changed: int
    kept: int
    misplaced: int


@dataclass(slots=True)
class _Row:
    code: str
    name: str
    department: str
    postcodes: str
    population: str
    latitude: str
    longitude: str
    approximate: str
    parent: str = ""


def commune_of(cells: Mapping[str, object]) -> Commune | None:
    """Parse one object of the list; None when it is no commune."""
    code, name, department = (cells.get(key) for key in ("code", "nom", "codedepartement"))
    if not (isinstance(code, str) and isinstance(name, str) and isinstance(department, str)):
        return None
    if not (_CODE.fullmatch(code) and _NAME.fullmatch(name) and department):
        return None
    if not code.startswith(department):
        return None
    written = cells.get("codespostaux")
    postcodes = written if isinstance(written, list) else []
    people = cells.get("population")
    return Commune(
        code,
        name,
        department,
        tuple(
            sorted({each for each in postcodes[:_MOST_POSTCODES] if _is_postcode(each)}),
        ),
        people if type(people) is int and 0 <= people <= _MOST_PEOPLE else None,
        _point(cells.get("centre")),
    )


def _is_postcode(value: object) -> bool:
    return isinstance(value, str) and _POSTCODE.fullmatch(value) is not None


def _point(value: object) -> tuple[float, float] | None:
    """Read a point of GeoJSON, which says the longitude first."""
    pair = value.get("coordinates") if isinstance(value, dict) else None
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 (east and north)
        return None
    try:
        numbers = [float(each) for each in pair if type(each) in {int, float, Decimal}]
    except (OverflowError, ValueError):  # a number of 400 digits, a signalling NaN
        return None
    if len(numbers) != 2 or not all(map(math.isfinite, numbers)):  # noqa: PLR2004
        return None
    longitude, latitude = numbers
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004


def renew(shipped: str, rows: Iterable[Mapping[str, object] | None]) -> Renewal:
    """Lay the list over the shipped columns; ``rows`` are objects of it, None for a broken one.

    Raises SourceBroken, with a sentence for the operator, when it is not the list of communes.
    """
    columns = dict(_column(line) for line in shipped.splitlines() if not line.startswith("#"))
    whole, others = _rows_of(columns)
    departments = {entry.partition(" ")[0] for entry in columns["departments"]}
    before = {row.code: row for row in whole}
    communes, read = _read(rows, departments)
    told = [row.code for row in whole if row.code in communes]
    recognised = sum(_is_same(before[code], communes[code]) for code in told)
    if recognised < LEAST_RECOGNISED * len(whole):
        raise SourceBroken(
            f"Ce n'est pas la liste complète des communes : {recognised} reconnues (code, nom et "
            f"position) sur {len(whole)}."
        )
    added = changed = misplaced = 0
    for code, commune in communes.items():
        known = before.get(code)
        if known is None:
            # Without its postcode or its place nobody could be sent anywhere from there.
            if commune.point is not None and commune.postcodes:
                before[code] = _new(commune)
                added += 1
            continue
        renewed = _renewed(known, commune)
        misplaced += not _is_near(known, commune)
        if renewed != known:
            before[code] = renewed
            changed += 1
            if former := _former(known, renewed):
                others.append(former)
    text = _written(columns, [before[code] for code in sorted(before)], others)
    try:
        Places(text)
    except MalformedPlacesError as error:
        raise SourceBroken("Cette liste ne se laisse pas ranger : rien n'est changé.") from error
    kept = len(whole) - len(told)
    return Renewal(text, read, read - len(communes), added, changed, kept, misplaced)


def _read(
    rows: Iterable[Mapping[str, object] | None], departments: set[str]
) -> tuple[dict[str, Commune], int]:
    communes: dict[str, Commune] = {}
    read = 0
    for read, cells in enumerate(rows, 1):
        if read > MOST_ROWS:
            raise SourceBroken("Cette liste est bien plus longue que celle des communes.")
        commune = None if cells is None else commune_of(cells)
        if commune is not None and commune.department in departments:
            communes.setdefault(commune.code, commune)
    return communes, read


def _is_same(known: _Row, told: Commune) -> bool:
    same_name = compact(words_of(known.name)) == compact(words_of(told.name))
    return same_name and told.point is not None and _is_near(known, told)


def _is_near(known: _Row, told: Commune) -> bool:
    """Tell whether the list puts a commune about where it is known to be, or nowhere."""
    if told.point is None:
        return True
    latitude, longitude = int(known.latitude) / 10_000, int(known.longitude) / 10_000
    north = told.point[0] - latitude
    east = (told.point[1] - longitude) * math.cos(math.radians(latitude))
    return math.hypot(north, east) * _KM_PER_DEGREE <= _FARTHEST_KM


def _new(told: Commune) -> _Row:
    people = str(told.population or 0)
    latitude, longitude = map(_degrees, told.point or ())
    postcodes = " ".join(told.postcodes)
    return _Row(told.code, told.name, told.department, postcodes, people, latitude, longitude, "0")


def _renewed(known: _Row, told: Commune) -> _Row:
    """Take what the list tells; the town that is known stays, rather than the middle of its land.

    Arles is 20 km from the middle of Arles, which lies in the Camargue.
    """
    latitude, longitude, approximate = known.latitude, known.longitude, known.approximate
    if approximate == "1" and told.point is not None and _is_near(known, told):
        latitude, longitude = map(_degrees, told.point)
        approximate = "0"
    return replace(
        known,
        name=told.name,
        postcodes=" ".join(told.postcodes) or known.postcodes,
        population=known.population if told.population is None else str(told.population),
        latitude=latitude,
        longitude=longitude,
        approximate=approximate,
    )


def _former(known: _Row, renewed: _Row) -> _Row | None:
    """Keep the name that a commune had before, which people go on saying."""
    if compact(words_of(known.name)) == compact(words_of(renewed.name)):
        return None
    return replace(known, postcodes="", population="0", parent=known.code)


def _degrees(value: float) -> str:
    return str(round(value * 10_000))


def _column(line: str) -> tuple[str, list[str]]:
    name, *values = line.split("\t")
    return name, values


def _rows_of(columns: Mapping[str, list[str]]) -> tuple[list[_Row], list[_Row]]:
    """Return the communes, then the arrondissements and former communes."""
    communes = int(columns["kind"][0].partition(" ")[2])
    departments = (
        code
        for code, _, count in (run.partition(" ") for run in columns["department"])
        for _ in range(int(count))
    )
    rows = [
        _Row(*cells)
        for cells in zip(
            columns["code"],
            columns["name"],
            departments,
            columns["postcodes"],
            columns["population"],
            columns["latitude"],
            columns["longitude"],
            columns["approximate"][0],
            [""] * communes + columns["parent"],
            strict=True,
        )
    ]
    return rows[:communes], rows[communes:]


def _written(columns: Mapping[str, list[str]], communes: list[_Row], others: list[_Row]) -> str:
    """Write the columns as .ci/directory_data.py does."""
    rows = communes + others
    district = columns["kind"][1]
    former = len(others) - int(district.partition(" ")[2])
    runs = itertools.groupby(row.department for row in rows)
    written = dict(columns) | {
        "kind": [f"commune {len(communes)}", district, f"former {former}"],
        "code": [row.code for row in rows],
        "name": [row.name for row in rows],
        "parent": [row.parent for row in others],
        "department": [f"{code} {len(list(same))}" for code, same in runs],
        "postcodes": [row.postcodes for row in rows],
        "population": [row.population for row in rows],
        "latitude": [row.latitude for row in rows],
        "longitude": [row.longitude for row in rows],
        "approximate": ["".join(row.approximate for row in rows)],
    }
    return "".join("\t".join([name, *values]) + "\n" for name, values in written.items())
