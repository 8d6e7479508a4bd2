"""Tells whether two descriptions are of one place, and gathers those that are.

A pair must be near *and* share something that two neighbours do not share: a town hall, its
library and its CCAS stand at one address, under one SIRET, and are three places to go to.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from assistant.directory.place import Place, Point
from assistant.directory.vocabulary import Programme
from assistant.safety.normalise import fold

# Beyond, two geocoders no longer speak of the same door.
NEAR_KM = 0.25
# The two ends of one building; closer still, two streets meet at its corner.
SAME_DOOR_KM = 0.05
CORNER_KM = 0.02

# Ratios of rapidfuzz, of 100, settled on the labelled pairs of tests/unit/directory/data.
_SAME_NAME = 88
_ALIKE_NAME = 62
_ALIKE_AT_ONE_DOOR = 85
_ALIKE_FRANCE_SERVICES = 68
_SAME_STREET = 88
_OTHER_STREET = 60

# What the words of a name say, once its ways of saying it are one.
_ALIASES = (
    (r"maisons? (?:de )?services? au public|\bmsap\b|\bmsp\b", "france services"),
    (r"(?:maison|espace|bus|antenne|point)s? france services?|\bmfs\b|\bfrance service\b|\bfs\b",
     "france services"),
    (r"centre communal d action sociale", "ccas"),
    (r"centre intercommunal d action sociale", "cias"),
    (r"espace public numerique", "epn"),
    (r"maisons? des? jeunes et de la culture", "mjc"),
    (r"mediatheque|bibliotheque", "bibliotheque"),
    (r"point information jeunesse|bureau information jeunesse|\bbij\b", "pij"),
    (r"communaute de communes|\bcdc\b|\bcc\b", "intercommunalite"),
    (r"hotel de ville|\bcommune\b|\bville\b", "mairie"),
    (r"bureau de poste|agence postale(?: communale)?", "la poste"),
    (r"centre socio ?culturel|centre social et culturel|espace socio ?culturel", "centre social"),
)  # fmt: skip
_SAID = tuple((re.compile(pattern), alias) for pattern, alias in _ALIASES)
_SMALL_WORDS = frozenset("a au aux d de des du en et l la le les par pour sur the".split())
_STREETS = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bat": "batiment", "bd": "boulevard",
    "bld": "boulevard", "bvd": "boulevard", "ch": "chemin", "che": "chemin", "crs": "cours",
    "dr": "docteur", "fbg": "faubourg", "fg": "faubourg", "gal": "general", "imp": "impasse",
    "mal": "marechal", "pl": "place", "pce": "place", "pdt": "president", "prof": "professeur",
    "r": "rue", "rte": "route", "sq": "square", "st": "saint", "ste": "sainte", "za": "zone",
}  # fmt: skip
_STREET_KINDS = frozenset(
    "allee avenue boulevard chemin cours impasse mail place quai route rue square".split()
)
# Two of these at one address, on one line, are still two counters.
_COUNTERS = frozenset(
    """
    association bibliotheque ccas cias ecole epn intercommunalite ludotheque mairie mission mjc
    office pij poste
    """.split()
)
_DISTRICT = re.compile(r"\d{1,2}(?:e|er|eme|ieme)?|cedex")
_BUS = re.compile(r"\b(?:bus|camion|caravane|fourgon|van|itinerante?s?|mobile)\b")
_STREET_NUMBER = re.compile(r"^(?:\d{1,4}(?: (?:bis|ter|quater|[a-d])\b)? ?)+")


class Evidence(StrEnum):
    """Why two descriptions are taken for one place; the value is what ``explain`` says."""

    IDENTIFIER = "même source et même identifiant"
    SIRET_AND_ADDRESS = "même SIRET, même adresse, noms proches"
    PHONE_AND_ADDRESS = "même téléphone, même adresse"
    NAME_AND_ADDRESS = "même nom, même adresse"
    FRANCE_SERVICES = "deux France services à la même adresse"
    HOST = "une France services et la structure qui la porte, à la même adresse"


@dataclass(frozen=True, slots=True)
class Trace:
    """What of a description tells whether it is another one's place."""

    number: int
    source: str
    external_id: str
    name: str
    address: str
    commune: str
    postcode: str
    siret: str
    phone: str
    point: Point | None
    is_france_services: bool
    hosts_france_services: bool
    is_bus: bool
    travels: bool | None


def trace_of(place: Place, number: int) -> Trace:
    """Return the trace of a place that is known under that number."""
    commune = _commune_key(place.commune)
    name = _name_key(place.name, commune)
    return Trace(
        number=number,
        source=place.source,
        external_id=place.external_id,
        name=name,
        address=address_key(place.address, commune),
        commune=commune,
        postcode=place.postcode,
        siret=place.siret,
        phone=place.phone,
        point=place.point,
        is_france_services="france services" in name or place.source == "france-services",
        hosts_france_services=Programme.FRANCE_SERVICES in place.programmes,
        is_bus=_BUS.search(fold(place.name)) is not None,
        travels=place.travels if place.roaming else None,
    )


def evidence(one: Trace, other: Trace) -> Evidence | None:
    """Return why two descriptions are of one place, or None when they are of two."""
    if (one.source, one.external_id) == (other.source, other.external_id):
        return Evidence.IDENTIFIER
    # Most neighbours share nothing at all: that is told first, and fastest.
    alike = _likeness(one.name, other.name)
    is_public = one.is_france_services or other.is_france_services
    if alike < _ALIKE_NAME and not is_public and not _is_same_phone(one, other):
        return None
    if not _is_there(one, other):
        return None
    if one.is_france_services and other.is_france_services:
        return Evidence.FRANCE_SERVICES
    if alike >= _SAME_NAME:
        return Evidence.NAME_AND_ADDRESS
    return _by_name(one, other, alike) or _by_door(one, other)


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are, of 100; nothing when it is too little to matter."""
    return max(
        fuzz.token_set_ratio(one, other, score_cutoff=_ALIKE_NAME),
        fuzz.token_sort_ratio(one, other, score_cutoff=_ALIKE_NAME),
    )


def _by_name(one: Trace, other: Trace, alike: float) -> Evidence | None:
    """Return what a likeness of names is worth beside something else that is shared."""
    if alike < _ALIKE_NAME:
        return None
    if one.siret and one.siret == other.siret:
        return Evidence.SIRET_AND_ADDRESS
    if _is_same_phone(one, other):
        return Evidence.PHONE_AND_ADDRESS
    # Beside a France services the name may be its host's; elsewhere half a name is a neighbour.
    is_public = one.is_france_services or other.is_france_services
    enough = _ALIKE_FRANCE_SERVICES if is_public else _ALIKE_AT_ONE_DOOR
    if alike >= enough and _is_same_door(one, other) and _is_same_number(one, other):
        return Evidence.NAME_AND_ADDRESS
    return None


def _by_door(one: Trace, other: Trace) -> Evidence | None:
    """Return what makes one place of two names behind one door."""
    if not _is_same_door(one, other):
        return None
    same_phone = _is_same_phone(one, other)
    if one.is_france_services or other.is_france_services:
        are_labelled = one.hosts_france_services and other.hosts_france_services
        return Evidence.HOST if same_phone or are_labelled else None
    if same_phone and _is_same_number(one, other) and not _are_two_counters(one, other):
        return Evidence.PHONE_AND_ADDRESS
    return None


class Clusters:
    """Union-find over numbers from 0; the smallest number stands for its cluster."""

    def __init__(self, size: int) -> None:
        """Begin with each number alone."""
        self.size = size
        self._parents = array("q", range(size))

    def join(self, one: int, other: int) -> None:
        """Put two numbers into one cluster."""
        first, second = self.of(one), self.of(other)
        self._parents[max(first, second)] = min(first, second)

    def of(self, number: int) -> int:
        """Return the smallest number of its cluster."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number


def neighbours(by_latitude: Iterable[Trace]) -> Iterator[tuple[Trace, Trace]]:
    """Yield the pairs within reach of each other, from traces in the order of their latitude."""
    height = NEAR_KM / 111.0
    # A degree of longitude is 70 km wide at Dunkirk: wide enough everywhere south of it.
    width = NEAR_KM / 70.0
    columns: dict[int, deque[tuple[float, float, Trace]]] = {}
    for trace in by_latitude:
        if trace.point is None:
            continue
        latitude, longitude = trace.point.latitude, trace.point.longitude
        column = int(longitude // width)
        for near in (column - 1, column, column + 1):
            window = columns.get(near)
            if window is None:
                continue
            while window and latitude - window[0][0] > height:
                window.popleft()
            if not window:
                del columns[near]
                continue
            for _, east, other in window:
                if abs(east - longitude) <= width:
                    yield other, trace
        columns.setdefault(column, deque()).append((latitude, longitude, trace))


@lru_cache(maxsize=50_000)
def address_key(address: str, commune: str) -> str:
    """Return an address as a number and the words that tell streets apart."""
    towns = set(commune.split())
    words = [_STREETS.get(word, word) for word in fold(address).split()]
    kept = [word for word in words if word not in _SMALL_WORDS]
    while len(kept) > 1 and (kept[-1] in towns or re.fullmatch(r"\d{5}|cedex", kept[-1])):
        kept.pop()
    return " ".join(kept)


@lru_cache(maxsize=50_000)
def _commune_key(commune: str) -> str:
    words = [
        _STREETS.get(word, word)
        for word in fold(commune).split()
        if word not in _SMALL_WORDS and not _DISTRICT.fullmatch(word)
    ]
    return " ".join(words)


def _name_key(name: str, commune: str) -> str:
    said = fold(name)
    for pattern, alias in _SAID:
        said = pattern.sub(alias, said)
    words = [word for word in said.split() if word not in _SMALL_WORDS]
    towns = set(commune.split())
    own = [word for word in words if _STREETS.get(word, word) not in towns]
    return " ".join(own or words)


def _is_there(one: Trace, other: Trace) -> bool:
    """Tell whether both stand at one address: near on the map, or written alike in one town."""
    if one.is_bus != other.is_bus:
        return False
    if None not in {one.travels, other.travels} and one.travels != other.travels:
        return False
    apart = (
        one.point.distance_km(other.point)
        if one.point is not None and other.point is not None
        else None
    )
    if one.postcode != other.postcode and (apart is None or apart > NEAR_KM):
        return False
    if apart is not None and apart <= CORNER_KM:
        return True
    same_street = _same_street(one.address, other.address)
    if same_street is None:
        return apart is not None and apart <= NEAR_KM
    if same_street:
        # A number in a street of one town is one door, wherever a geocoder put it.
        same_town = fuzz.ratio(one.commune, other.commune) >= _SAME_STREET
        return same_town and (apart is None or apart <= NEAR_KM or _is_same_number(one, other))
    is_alike = fuzz.token_set_ratio(one.name, other.name) >= _SAME_NAME
    return _is_same_phone(one, other) and is_alike and apart is not None and apart <= NEAR_KM


def _is_same_door(one: Trace, other: Trace) -> bool:
    same_street = _same_street(one.address, other.address)
    if same_street is not None and one.point is not None and other.point is not None:
        limit = NEAR_KM if same_street else CORNER_KM
        return same_street or one.point.distance_km(other.point) <= limit
    if one.point is not None and other.point is not None:
        return one.point.distance_km(other.point) <= SAME_DOOR_KM
    return same_street is True


def _same_street(one: str, other: str) -> bool | None:
    """Tell whether two addresses are one; None when they do not say enough to tell."""
    if not one or not other:
        return None
    first, second = _numbers(one), _numbers(other)
    if first and second and not first & second:
        return False
    street, second_street = _STREET_NUMBER.sub("", one), _STREET_NUMBER.sub("", other)
    alike = max(
        fuzz.token_set_ratio(street, second_street),
        # "4 rue" and "4 place du Champ de Foire": nobody numbers both.
        fuzz.token_set_ratio(_proper(street), _proper(second_street)) if first and second else 0,
    )
    if alike >= _SAME_STREET:
        return True
    return False if alike < _OTHER_STREET else None


def _is_same_phone(one: Trace, other: Trace) -> bool:
    return bool(one.phone) and one.phone == other.phone


def _is_same_number(one: Trace, other: Trace) -> bool:
    return bool(_numbers(one.address) & _numbers(other.address)) and one.postcode == other.postcode


def _are_two_counters(one: Trace, other: Trace) -> bool:
    first, second = _COUNTERS & set(one.name.split()), _COUNTERS & set(other.name.split())
    return bool(first and second and first != second)


def _numbers(address: str) -> frozenset[str]:
    written = _STREET_NUMBER.match(address)
    return frozenset(re.findall(r"\d+", written.group())) if written else frozenset()


def _proper(street: str) -> str:
    words = [word for word in street.split() if word not in _STREET_KINDS]
    return " ".join(words) or street
