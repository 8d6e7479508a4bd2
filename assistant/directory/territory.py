"""What depends on which part of France a place lies in: its box, clock, holidays and numbering."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from assistant.directory.place import Point


@dataclass(frozen=True, slots=True)
class Territory:
    """A part of France with a clock, a calendar and telephone numbers of its own.

    ``holidays`` is the zone's name in ``jours_feries_france``; ``box`` is south, north, west, east.
    """

    region: str
    zone: ZoneInfo
    holidays: str
    box: tuple[float, float, float, float]

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies within its bounds."""
        south, north, west, east = self.box
        return south <= point.latitude <= north and west <= point.longitude <= east


_PARIS = ZoneInfo("Europe/Paris")
_BOX = (41.3, 51.2, -5.3, 9.7)

METROPOLE = Territory("FR", _PARIS, "Métropole", _BOX)
ALSACE_MOSELLE = Territory("FR", _PARIS, "Alsace-Moselle", _BOX)

# Boxes rounded outwards from the extreme points of each territory.
_OVERSEAS = {
    "971": Territory(
        "GP", ZoneInfo("America/Guadeloupe"), "Guadeloupe", (15.8, 16.6, -61.9, -60.9)
    ),
    "972": Territory(
        "MQ", ZoneInfo("America/Martinique"), "Martinique", (14.3, 15.0, -61.3, -60.7)
    ),
    "973": Territory("GF", ZoneInfo("America/Cayenne"), "Guyane", (2.0, 6.0, -54.7, -51.5)),
    "974": Territory("RE", ZoneInfo("Indian/Reunion"), "La Réunion", (-21.5, -20.8, 55.1, 55.9)),
    "975": Territory(
        "PM", ZoneInfo("America/Miquelon"), "Saint-Pierre-et-Miquelon", (46.7, 47.2, -56.5, -56.0)
    ),
    "976": Territory("YT", ZoneInfo("Indian/Mayotte"), "Mayotte", (-13.1, -12.5, 44.9, 45.4)),
    "977": Territory(
        "GP", ZoneInfo("America/St_Barthelemy"), "Saint-Barthélémy", (17.8, 18.0, -63.0, -62.7)
    ),
    "978": Territory("GP", ZoneInfo("America/Marigot"), "Saint-Martin", (18.0, 18.2, -63.2, -62.9)),
    "986": Territory(
        "WF", ZoneInfo("Pacific/Wallis"), "Wallis-et-Futuna", (-14.5, -13.1, -178.3, -176.0)
    ),
    "987": Territory(
        "PF", ZoneInfo("Pacific/Tahiti"), "Polynésie Française", (-28.0, -7.5, -155.0, -134.0)
    ),
    "988": Territory(
        "NC", ZoneInfo("Pacific/Noumea"), "Nouvelle-Calédonie", (-23.0, -17.5, 158.0, 172.5)
    ),
}
# Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe.
_OVERSEAS_POSTCODES = {"97133": "977", "97150": "978"}

# The local law of 1908 keeps two more holidays: code du travail, article L3134-13.
_LOCAL_LAW = frozenset({"57", "67", "68"})


def territory_of(code: str) -> Territory:
    """Return the territory of a postcode or INSEE code; without one, the mainland's."""
    prefix = _OVERSEAS_POSTCODES.get(code, code[:3])
    overseas = _OVERSEAS.get(prefix)
    if overseas is not None:
        return overseas
    return ALSACE_MOSELLE if code[:2] in _LOCAL_LAW else METROPOLE


def is_in_france(point: Point) -> bool:
    """Tell whether a point lies in the box of any territory."""
    return METROPOLE.holds(point) or any(each.holds(point) for each in _OVERSEAS.values())
