"""Finding somebody near who helps: asks the directory, and returns what to tell about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from assistant.directory.hours import Opening, OpenState, open_on
from assistant.directory.place import Place
from assistant.directory.search import Found, Hit, KnownPlace, Query
from assistant.directory.territory import territory_of
from assistant.directory.traits import Trait, traits_of
from assistant.domain.found_places import FoundPlace, FoundPlaces, plain_name
from assistant.services.finding.search import SHOWN_AT_ONCE, Search
from assistant.services.finding.wishes import PlaceNames, Wish, read_wish
from assistant.services.ports.clock import Clock

_LONGEST_NAME: Final = 60
_LONGEST_HOURS: Final = 300
_WEB: Final = ("https://", "http://")
# What somebody asks for by name; the rest is about where and when.
ASKED: Final = (
    Trait.FREE, Trait.ENGLISH, Trait.OTHER_LANGUAGES, Trait.DEAFNESS, Trait.ILLITERACY, Trait.SIGHT,
    Trait.WHEELCHAIR, Trait.WALK_IN, Trait.APPOINTMENT, Trait.TRAVELS, Trait.REMOTE,
    Trait.FRANCE_SERVICES,
)  # fmt: skip
# A week that holds no holiday of any territory: what is usual.
_USUAL_MONDAY: Final = date(2026, 3, 2)


class Directory(Protocol):
    """The places where somebody helps."""

    def find(self, query: Query, now: datetime) -> Found:
        """Return the places to propose."""

    def get(self, place_id: str) -> KnownPlace | None:
        """Return one place, by its id or that of any description that became part of it."""

    def lists(self) -> Sequence[tuple[str, date]]:
        """Return the lists that the places come from, and the day each was read."""


@dataclass(frozen=True)
class Proposed:
    """What a search found, as it is told, and the search after it."""

    found: FoundPlaces
    search: Search


@dataclass(frozen=True)
class FindHelp:
    """Reads what is looked for, searches, and tells of one place."""

    directory: Directory
    names: Callable[[], PlaceNames]
    clock: Clock

    def read(self, text: str, *, expected: bool = False) -> Wish:
        """Return what a message wishes for; ``expected`` when a place was asked for."""
        return read_wish(text, self.names(), self.clock.now(), expected=expected)

    def propose(
        self, search: Search, limit: int = SHOWN_AT_ONCE, *, whole: bool = False
    ) -> Proposed:
        """Return the next places of a search; never nothing.

        Where no place near declares what was wished for, those that are near come all the same,
        and the wishes that nobody declares to meet are named. ``whole`` tells all of each place.
        """
        query, around = search.query(limit=limit), search.around
        if query is None or around is None:
            return Proposed(FoundPlaces(ring=True), search)
        now = self.clock.now()
        found = self.directory.find(query, now)
        unmet: tuple[str, ...] = ()
        if search.traits and (found.was_widened or not found.hits) and search.seen == 0:
            nearer = search.query(limit=limit, anything=True)
            others = self.directory.find(nearer, now) if nearer is not None else found
            if others.hits and not others.was_widened:
                found, unmet = others, names_of(search.traits)
                search = replace(search, traits=Trait(0))
        today = now.astimezone(territory_of(around.code).zone).date()
        further = search.seen > 0
        places = tuple(found_place(hit, today, whole=whole) for hit in found.hits)
        told = FoundPlaces(
            near=plain_name(around.label),
            mended=search.mended,
            places=places,
            remote=tuple(
                replace(found_place(hit, today, whole=whole), km="") for hit in found.remote
            ),
            wide_km=round(found.radius_km) if found.was_widened and found.hits else 0,
            day=search.open_on.isoformat() if search.open_on else "",
            now=search.open_now,
            unmet=unmet,
            ring=found.ring_support and not further,
            further=further,
            last=not found.has_more,
        )
        shown = tuple((each.id, each.name) for each in places)
        after = replace(search, shown=shown, looked_at="", has_more=found.has_more)
        return Proposed(told, after)

    def details(self, place_id: str) -> FoundPlace | None:
        """Return all that is told of one place; None when it is gone."""
        known = self.directory.get(place_id)
        return None if known is None else described(known, self.clock.now().date())


def names_of(traits: Trait) -> tuple[str, ...]:
    """Return the names of the wishes in a set of traits."""
    return tuple(trait.name.lower() for trait in ASKED if trait in traits and trait.name)


def traits_named(names: Iterable[str]) -> Trait:
    """Return the traits of these names; an unknown one is left out."""
    asked: Mapping[str, Trait] = {each.name.lower(): each for each in ASKED if each.name}
    found = Trait(0)
    for name in names:
        found |= asked.get(name, Trait(0))
    return found


def found_place(hit: Hit, today: date, *, whole: bool = False) -> FoundPlace:
    """Return a place of a search as it is told, with all that is known of it if asked for."""
    opening, place = hit.opening, hit.known.place
    return replace(
        described(hit.known, today) if whole else _told(hit.known),
        km=f"{hit.distance_km:.1f}",
        approximate=place.approximate,
        state=opening.state.value,
        until=_minute(opening.closes_at),
        opens=_minute(opening.opens_at),
        holiday=bool(opening.holiday),
        spans=_spans(hit.open_spans),
        trained=hit.is_trained,
        stale=hit.is_stale(today),
    )


def described(known: KnownPlace, today: date) -> FoundPlace:
    """Return a place with all that is told of it alone."""
    place = known.place
    return replace(
        _told(known),
        trained=place.is_trained,
        stale=Hit(known, 0.0, Opening(OpenState.UNKNOWN)).is_stale(today),
        hours=_week(place),
        hours_text=plain_name(place.hours_text, _LONGEST_HOURS),
        traits=names_of(traits_of(place)),
        website=next((each for each in place.websites if each.startswith(_WEB)), ""),
        source=plain_name(", ".join(known.sources)),
        updated=place.updated.isoformat() if place.updated else "",
    )


def _told(known: KnownPlace) -> FoundPlace:
    place = known.place
    town = f"{place.postcode} {place.commune}".strip()
    return FoundPlace(
        id=known.id,
        name=plain_name(place.name, _LONGEST_NAME) or plain_name(town),
        phone=place.phone,
        year=str(place.updated.year) if place.updated else "",
        reported=known.reported_closed,
        address=plain_name(", ".join(filter(None, (place.address, town))), 120),
    )


def _week(place: Place) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return when a place is open in an ordinary week: the number of the day, then the spans."""
    if not place.hours:
        return ()
    territory = territory_of(place.postcode)
    return tuple(
        (str(day), _spans(open_on(place.hours, territory, _USUAL_MONDAY + timedelta(days=day))))
        for day in range(7)
    )


def _spans(spans: Sequence[tuple[datetime, datetime]]) -> tuple[str, ...]:
    return tuple(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in spans)


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M}"
