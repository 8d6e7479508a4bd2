"""Finds the places that help somebody, nearest first, and never answers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from assistant.directory.hours import Opening, OpenState, open_on, opening
from assistant.directory.place import Place, Point
from assistant.directory.territory import Territory, territory_of
from assistant.directory.traits import TRAIT_OF_NEED, Need, Trait

DEFAULT_RADIUS_KM = 20.0
# Where nobody is near: an hour by bus, then half a day.
WIDER_KM = (50.0, 150.0)
# On foot; by bicycle or bus; by car; a journey.
BANDS_KM = (2.0, 5.0, 10.0, 20.0, 50.0)
# Older than that, somebody should ring before going there.
STALE = timedelta(days=730)

# What is read beyond what is shown, where some of the nearest turn out to be closed.
_READ_FOR_OPEN = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of a place decides whether it is shown, and where in the list."""

    id: str
    point: Point
    traits: Trait
    hours: str
    postcode: str
    quality: int

    @property
    def territory(self) -> Territory:
        """The part of France whose clock it lives by."""
        return territory_of(self.postcode)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the directory, with its sources and how much they tell."""

    id: str
    place: Place
    quality: int
    sources: Sequence[str]
    reported_closed: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for.

    ``wanted`` holds every trait that a place must have; ``open_now`` and ``open_on`` keep those
    that are open, then those of unknown hours. ``zone`` holds the codes that the person's commune
    belongs to (commune, département), for remote help that is meant for a part of France.
    """

    near: Point
    need: Need | None = None
    wanted: Trait = field(default=Trait(0))
    open_now: bool = False
    open_on: date | None = None
    limit: int = 3
    offset: int = 0
    radius_km: float = DEFAULT_RADIUS_KM
    zone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A place to propose: how far (km), and whether it is open at the moment asked for."""

    known: KnownPlace
    distance_km: float
    opening: Opening
    open_spans: Sequence[tuple[datetime, datetime]] = ()

    @property
    def is_trained(self) -> bool:
        """Tell whether its people were trained for Mon espace santé."""
        return self.known.place.is_trained

    def is_stale(self, today: date) -> bool:
        """Tell whether nobody has confirmed it for two years, or nobody knows when."""
        updated = self.known.place.updated
        return updated is None or today - updated > STALE


@dataclass(frozen=True, slots=True)
class Found:
    """What to propose, best first.

    ``radius_km`` is how far one had to look, ``was_widened`` whether that was further than asked;
    ``remote`` helps by phone or in writing; ``ring_support`` says that the national phone line
    (3422) must be proposed, because nothing else is near.
    """

    hits: Sequence[Hit]
    radius_km: float
    was_widened: bool
    remote: Sequence[Hit]
    ring_support: bool
    has_more: bool


class PlaceIndex(Protocol):
    """The places, found by where they are and what they do."""

    def nearest(
        self, near: Point, radius_km: float, wanted: Trait, limit: int, *, tried_km: float = 0.0
    ) -> Sequence[Candidate]:
        """Return the nearest places within a radius that have all these traits, nearest first.

        ``tried_km`` is a radius in which there was too little: the look begins further out.
        """

    def remote(self, wanted: Trait, zone: frozenset[str], limit: int) -> Sequence[Candidate]:
        """Return places that help from afar, for everybody or for one of these zones."""

    def places(self, ids: Iterable[str]) -> Mapping[str, KnownPlace]:
        """Return these places; one that is gone is left out."""


def find_places(index: PlaceIndex, query: Query, now: datetime) -> Found:
    """Return the places to propose: near, then further, then from afar, and a number to ring.

    People who were trained for Mon espace santé come first where that is the need; then whoever
    is in the nearer band; then the nearer.
    """
    wanted = query.wanted | Trait.RECEIVES
    wanted |= TRAIT_OF_NEED[query.need] if query.need is not None else Trait.HELPS
    if query.open_on is not None:
        wanted |= Trait.may_open_on(query.open_on.weekday())
    ranked: Sequence[_Ranked] = ()
    radius = tried = 0.0
    for radius in (query.radius_km, *(each for each in WIDER_KM if each > query.radius_km)):
        ranked = _ranked(index, query, wanted, (tried, radius), now)
        if ranked:
            break
        tried = radius
    shown = ranked[query.offset : query.offset + query.limit]
    remote = () if ranked else _remote(index, query, now)
    known = index.places([each.candidate.id for each in (*shown, *remote)])
    hits = _hits(shown, known)
    return Found(
        hits=hits,
        radius_km=radius,
        was_widened=radius > query.radius_km,
        remote=_hits(remote, known),
        ring_support=not ranked,
        has_more=len(ranked) > query.offset + query.limit,
    )


def next_weekday(today: date, weekday: int) -> date:
    """Return the next such day (Monday is 0), today included."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


@dataclass(frozen=True, slots=True)
class _Ranked:
    candidate: Candidate
    distance_km: float
    opening: Opening
    spans: Sequence[tuple[datetime, datetime]]


def _ranked(
    index: PlaceIndex,
    query: Query,
    wanted: Trait,
    tried_and_radius_km: tuple[float, float],
    now: datetime,
) -> Sequence[_Ranked]:
    """Return the candidates to show, best first, one more than is shown if there is one."""
    tried_km, radius_km = tried_and_radius_km
    asks_open = query.open_now or query.open_on is not None
    count = query.offset + query.limit + 1 + (_READ_FOR_OPEN if asks_open else 0)
    nearest = index.nearest(query.near, radius_km, wanted, count, tried_km=tried_km)
    found = {each.id: each for each in nearest}
    # Fewer than asked for are all there are: whoever was trained is among them.
    if len(found) == count and query.need in {None, Need.MON_ESPACE_SANTE}:
        trained = index.nearest(query.near, radius_km, wanted | Trait.TRAINED, count)
        found.update((each.id, each) for each in trained)

    def rank(candidate: Candidate) -> tuple[bool, int, float, int, str]:
        distance = query.near.distance_km(candidate.point)
        band = sum(distance > limit for limit in BANDS_KM)
        goes_first = (
            query.need in {None, Need.MON_ESPACE_SANTE} and Trait.TRAINED in candidate.traits
        )
        return not goes_first, band, distance, -candidate.quality, candidate.id

    opened: list[_Ranked] = []
    unknown: list[_Ranked] = []
    for candidate in sorted(found.values(), key=rank):
        ranked = _at_the_moment(query, candidate, now)
        if not asks_open or ranked.spans or ranked.opening.state is OpenState.OPEN:
            opened.append(ranked)
        elif not candidate.hours or ranked.opening.state is OpenState.UNKNOWN:
            unknown.append(ranked)
        if len(opened) > query.offset + query.limit:
            break
    return [*opened, *unknown][: query.offset + query.limit + 1]


def _at_the_moment(query: Query, candidate: Candidate, now: datetime) -> _Ranked:
    territory = candidate.territory
    spans: Sequence[tuple[datetime, datetime]] = ()
    state = opening(candidate.hours, territory, now)
    if query.open_on is not None:
        spans = open_on(candidate.hours, territory, query.open_on)
        if candidate.hours and not spans:
            state = Opening(OpenState.CLOSED, opens_at=state.opens_at)
    return _Ranked(candidate, query.near.distance_km(candidate.point), state, spans)


def _remote(index: PlaceIndex, query: Query, now: datetime) -> Sequence[_Ranked]:
    need = TRAIT_OF_NEED[query.need] if query.need is not None else Trait.HELPS
    found = index.remote(query.wanted | need, query.zone, query.limit)
    return [_at_the_moment(query, candidate, now) for candidate in found]


def _hits(ranked: Iterable[_Ranked], known: Mapping[str, KnownPlace]) -> Sequence[Hit]:
    return [
        Hit(known[each.candidate.id], each.distance_km, each.opening, each.spans)
        for each in ranked
        if each.candidate.id in known
    ]
