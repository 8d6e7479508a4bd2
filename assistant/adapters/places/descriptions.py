"""A description of a place as a row: what it is found, compared and searched by."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from assistant.directory.duplicates import Trace, trace_of
from assistant.directory.merging import public_id
from assistant.directory.place import Place, Point
from assistant.directory.place_json import place_to_json
from assistant.directory.quality import quality
from assistant.directory.traits import traits_of

# A band of the map is 0.02 degree high, 2.2 km: a search around a point reads a few of them.
BAND_DEGREES = 0.02

# A description that is read by a later version of the importer is a changed one.
READ_BY = 1

_FRANCE_SERVICES, _HOSTS, _BUS, _TRAVELS, _STAYS = 1, 2, 4, 8, 16

COMPARED = (
    "id", "source", "external_id", "siret", "phone", "postcode", "latitude", "longitude",
    "name_key", "address_key", "commune_key", "marks",
)  # fmt: skip


def band_of(latitude: float) -> int:
    """Return the band of the map that a latitude lies in."""
    return math.floor(latitude / BAND_DEGREES)


def content_hash(document: str) -> str:
    """Return what changes when a description changes."""
    return hashlib.blake2b(f"{READ_BY}\n{document}".encode(), digest_size=16).hexdigest()


def description_row(place: Place) -> dict[str, object]:
    """Return the columns of a description."""
    document = place_to_json(place)
    trace = trace_of(place, 0)
    point = place.point
    return {
        "source": place.source,
        "external_id": place.external_id,
        "public_id": public_id(place.source, place.external_id),
        "content_hash": content_hash(document),
        "siret": place.siret,
        "phone": place.phone,
        "postcode": place.postcode,
        "code": place.postcode or place.insee,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "band": band_of(point.latitude) if point else None,
        "traits": int(traits_of(place)),
        "quality": quality(place),
        "name_key": trace.name,
        "address_key": trace.address,
        "commune_key": trace.commune,
        "marks": _marks(trace),
        "hours": place.hours,
        "document": document,
    }


def trace_of_row(row: Mapping[str, Any]) -> Trace:
    """Return what of a stored description is compared with others."""
    latitude, longitude, marks = row["latitude"], row["longitude"], row["marks"]
    travels: bool | None = None
    if marks & (_TRAVELS | _STAYS):
        travels = bool(marks & _TRAVELS)
    return Trace(
        number=row["id"],
        source=row["source"],
        external_id=row["external_id"],
        name=row["name_key"],
        address=row["address_key"],
        commune=row["commune_key"],
        postcode=row["postcode"],
        siret=row["siret"],
        phone=row["phone"],
        point=None if latitude is None else Point(latitude, longitude),
        is_france_services=bool(marks & _FRANCE_SERVICES),
        hosts_france_services=bool(marks & _HOSTS),
        is_bus=bool(marks & _BUS),
        travels=travels,
    )


def _marks(trace: Trace) -> int:
    marks = 0
    if trace.is_france_services:
        marks |= _FRANCE_SERVICES
    if trace.hosts_france_services:
        marks |= _HOSTS
    if trace.is_bus:
        marks |= _BUS
    if trace.travels is not None:
        marks |= _TRAVELS if trace.travels else _STAYS
    return marks
