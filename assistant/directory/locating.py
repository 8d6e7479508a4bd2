"""Puts a place where its commune is, when its source does not know or cannot be right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from assistant.directory.gazetteer import AreaKind, Gazetteer
from assistant.directory.place import Place, Point
from assistant.directory.remarks import Notes, Reason
from assistant.directory.territory import ALSACE_MOSELLE, METROPOLE, territory_of

# Arles, the largest commune of the mainland, reaches 37 km from its town hall; those of Guyane
# are larger than départements, and are not judged.
FARTHEST_KM = 40.0


@dataclass(frozen=True, slots=True)
class Located:
    """Where a commune is; ``is_exact`` when its own point is known and no other is meant."""

    point: Point
    is_exact: bool


class Locator(Protocol):
    """Knows where communes are."""

    def locate(self, commune: str, code: str) -> Located | None:
        """Return where a commune of that name is, by its postcode or INSEE code if known."""


class CommuneLocator:
    """Knows where communes are from the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Ask that gazetteer; a list names the same communes again and again."""
        self._gazetteer = gazetteer
        self._located = lru_cache(maxsize=20_000)(self._locate)

    def locate(self, commune: str, code: str) -> Located | None:
        """Return where a commune of that name is; None when it could be several."""
        return self._located(commune, code)

    def _locate(self, commune: str, code: str) -> Located | None:
        found = self._gazetteer.resolve(f"{commune} {code}".strip())
        if len(found.choices) != 1:
            return None
        (area,) = found.choices
        if area.kind is AreaKind.DEPARTMENT:
            return None
        names_one = area.kind in {AreaKind.COMMUNE, AreaKind.DISTRICT} and found.exact
        return Located(
            Point(round(area.latitude, 6), round(area.longitude, 6)),
            is_exact=names_one and not area.approximate,
        )


def placed(place: Place, locator: Locator, notes: Notes) -> Place:
    """Return a place with a point: its own unless it is far from its commune, or the commune's."""
    if not place.commune:
        return place
    located = locator.locate(place.commune, place.postcode)
    if located is None:
        return place
    if place.point is None:
        notes.mended("latitude, longitude", place.commune, Reason.COMMUNE_POINT)
        return replace(place, point=located.point, approximate=True)
    is_judged = territory_of(place.postcode) in {METROPOLE, ALSACE_MOSELLE} and located.is_exact
    if is_judged and place.point.distance_km(located.point) > FARTHEST_KM:
        written = f"{place.point.latitude} {place.point.longitude}"
        notes.dropped("latitude, longitude", written, Reason.FAR_FROM_COMMUNE)
        return replace(place, point=located.point, approximate=True)
    return place
