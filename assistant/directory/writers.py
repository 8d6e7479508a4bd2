"""Places written in the formats of others: GeoJSON (RFC 7946) and the national schema v1.0.2."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import TypedDict

from assistant.directory.place import Place
from assistant.directory.search import KnownPlace
from assistant.directory.vocabulary import Service

# The order of the schema, https://github.com/LaMednum/standard-mediation-num.
COLUMNS = (
    "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse",
    "latitude", "longitude", "typologie", "telephone", "courriels", "site_web", "horaires",
    "presentation_resume", "presentation_detail", "source", "itinerance", "structure_parente",
    "date_maj", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique",
    "frais_a_charge", "dispositif_programmes_nationaux", "formations_labels",
    "autres_formations_labels", "modalites_acces", "modalites_accompagnement", "fiche_acces_libre",
    "prise_rdv",
)  # fmt: skip
_SUMMARY = 280
_UNKNOWN_PIVOT = "00000000000000"  # how published files write an organisation that is not known
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class PointGeometry(TypedDict):
    """A point of GeoJSON: longitude first."""

    type: str
    coordinates: list[float]


class Feature(TypedDict):
    """A place of GeoJSON."""

    type: str
    id: str
    geometry: PointGeometry | None
    properties: dict[str, str]


class FeatureCollection(TypedDict):
    """Places of GeoJSON."""

    type: str
    features: list[Feature]


def schema_row(known: KnownPlace) -> dict[str, str]:
    """Return a place as a row of the national schema; what is not known is an empty cell.

    The schema wants E.164: a number of four digits has no place in it.
    """
    place = known.place
    return {
        "id": known.id,
        "pivot": place.siret or _UNKNOWN_PIVOT,
        "nom": place.name,
        "commune": place.commune,
        "code_postal": place.postcode,
        "code_insee": place.insee,
        "adresse": place.address,
        "complement_adresse": place.address_more,
        "latitude": str(place.point.latitude) if place.point and not place.approximate else "",
        "longitude": str(place.point.longitude) if place.point and not place.approximate else "",
        "typologie": "|".join(place.kinds),
        "telephone": place.phone if place.phone.startswith("+") else "",
        "courriels": "|".join(place.emails),
        "site_web": "|".join(place.websites),
        "horaires": place.hours,
        "presentation_resume": _cut(place.summary),
        "presentation_detail": place.detail,
        "source": "|".join(known.sources),
        "itinerance": "|".join(place.roaming),
        "structure_parente": place.parent,
        "date_maj": place.updated.isoformat() if place.updated else "",
        "services": "|".join(_services(place)),
        "publics_specifiquement_adresses": "|".join(place.audiences),
        "prise_en_charge_specifique": "|".join(place.care),
        "frais_a_charge": "|".join(place.fees),
        "dispositif_programmes_nationaux": "|".join(place.programmes),
        "formations_labels": "|".join(place.labels),
        "autres_formations_labels": "|".join(place.other_labels),
        "modalites_acces": "|".join(place.access),
        "modalites_accompagnement": "|".join(place.support),
        "fiche_acces_libre": place.accessibility,
        "prise_rdv": place.booking,
    }


def schema_csv(places: Iterable[KnownPlace]) -> Iterator[str]:
    """Yield the lines of a CSV of the national schema, safe to open in a spreadsheet."""
    yield _line(COLUMNS)
    for known in places:
        row = schema_row(known)
        yield _line([_harmless(row[column], column) for column in COLUMNS])


def geojson(places: Iterable[KnownPlace]) -> FeatureCollection:
    """Return places as GeoJSON, their properties named as in the national schema."""
    return {"type": "FeatureCollection", "features": [_feature(known) for known in places]}


def geojson_text(places: Iterable[KnownPlace]) -> str:
    """Return places as the text of a GeoJSON document."""
    return json.dumps(geojson(places), ensure_ascii=False)


def _feature(known: KnownPlace) -> Feature:
    point = known.place.point
    properties = {name: cell for name, cell in schema_row(known).items() if cell}
    for name in ("latitude", "longitude"):
        properties.pop(name, None)
    if known.place.approximate:
        properties["position"] = "commune"
    return {
        "type": "Feature",
        "id": known.id,
        "geometry": None
        if point is None
        else {"type": "Point", "coordinates": [point.longitude, point.latitude]},
        "properties": properties,
    }


def _services(place: Place) -> list[str]:
    """Return the services that the schema knows; help with health is help with procedures."""
    written = [Service.PROCEDURES if each is Service.HEALTH else each for each in place.services]
    return list(dict.fromkeys(each.value for each in written))


def _cut(text: str) -> str:
    return text if len(text) <= _SUMMARY else text[: _SUMMARY - 1] + "…"


def _harmless(cell: str, column: str) -> str:
    if column in {"telephone", "latitude", "longitude"}:
        return cell
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _line(cells: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
