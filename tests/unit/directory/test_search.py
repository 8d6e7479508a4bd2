"""Somebody is always found, or a number to ring; the best first, and said honestly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.hours import OpenState
from assistant.directory.place import Place, Point
from assistant.directory.search import (
    Candidate,
    KnownPlace,
    Query,
    find_places,
    next_weekday,
)
from assistant.directory.territory import METROPOLE
from assistant.directory.traits import Need, Trait, traits_of
from assistant.directory.vocabulary import (
    Access,
    Care,
    Fee,
    Label,
    Programme,
    Roaming,
    Service,
    Support,
)

GAP = Point(44.559, 6.079)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=METROPOLE.zone)
SATURDAY = date(2026, 11, 28)
KM = 1 / 111.2  # of latitude

HELPER = Place(
    source="s", external_id="", name="", commune="Gap", postcode="05000",
    services=(Service.PROCEDURES,), hours="Mo-Fr 09:00-12:00", updated=date(2026, 1, 1),
)  # fmt: skip


class ListedPlaces:
    """The places of a list, for tests."""

    def __init__(self, places: Iterable[Place]) -> None:
        """Keep these, each under its external id."""
        self.known = {each.external_id: each for each in places}
        self.looks: list[float] = []

    def nearest(
        self, near: Point, radius_km: float, wanted: Trait, limit: int, *, tried_km: float = 0.0
    ) -> Sequence[Candidate]:
        """Return the nearest ones."""
        assert tried_km <= radius_km
        self.looks.append(radius_km)
        found = [
            candidate
            for candidate in map(self._candidate, self.known.values())
            if wanted in candidate.traits
            and self.known[candidate.id].point is not None
            and near.distance_km(candidate.point) <= radius_km
        ]
        return sorted(found, key=lambda each: near.distance_km(each.point))[:limit]

    def remote(self, wanted: Trait, zone: frozenset[str], limit: int) -> Sequence[Candidate]:
        """Return those that help from afar."""
        found = [
            self._candidate(place)
            for place in self.known.values()
            if wanted | Trait.REMOTE in traits_of(place)
            and (not place.zone or set(place.zone) & (zone | {"france"}))
        ]
        return found[:limit]

    def places(self, ids: Iterable[str]) -> Mapping[str, KnownPlace]:
        """Return these."""
        return {each: KnownPlace(each, self.known[each], 50, ["s"]) for each in ids}

    def _candidate(self, place: Place) -> Candidate:
        point = place.point or Point(0, 0)
        return Candidate(
            place.external_id, point, traits_of(place), place.hours, place.postcode, 50
        )


def at(km: float, name: str, **changed: object) -> Place:
    """A helper so many kilometres north of Gap."""
    point = Point(GAP.latitude + km * KM, GAP.longitude)
    return replace(HELPER, external_id=name, name=name, point=point, **changed)  # type: ignore[arg-type]


def ids(places: Iterable[Place], query: Query, now: datetime = TUESDAY) -> list[str]:
    return [hit.known.id for hit in find_places(ListedPlaces(places), query, now).hits]


def test_the_nearest_first_three_at_a_time_and_the_rest_after() -> None:
    places = [at(9, "d"), at(1, "a"), at(3, "b"), at(6, "c")]
    first = find_places(ListedPlaces(places), Query(GAP), TUESDAY)

    assert [hit.known.id for hit in first.hits] == ["a", "b", "c"]
    assert first.has_more
    assert ids(places, Query(GAP, offset=3)) == ["d"]


def test_whoever_was_trained_comes_first_however_many_are_nearer() -> None:
    crowd = [at(0.1 * number, f"n{number}") for number in range(1, 60)]
    trained = at(15, "trained", labels=(Label.MON_ESPACE_SANTE,))

    assert ids([*crowd, trained], Query(GAP, Need.MON_ESPACE_SANTE))[0] == "trained"
    assert ids([*crowd, trained], Query(GAP, Need.PROCEDURES))[0] == "n1"


def test_what_is_closed_is_left_out_and_what_is_unknown_comes_after() -> None:
    places = [
        at(1, "unknown", hours="", hours_text="le matin"),
        at(2, "closed", hours="Mo-Fr 14:00-17:00"),
        at(3, "open"),
    ]
    found = find_places(ListedPlaces(places), Query(GAP, open_now=True), TUESDAY)

    assert [hit.known.id for hit in found.hits] == ["open", "unknown"]
    assert [hit.opening.state for hit in found.hits] == [OpenState.OPEN, OpenState.UNKNOWN]


def test_open_on_saturday() -> None:
    places = [
        at(1, "week"),
        at(2, "saturday", hours="Sa 09:00-12:00"),
        at(3, "unknown", hours=""),
        at(4, "first saturdays", hours="Sa[1] 09:00-12:00"),
    ]
    found = find_places(ListedPlaces(places), Query(GAP, open_on=SATURDAY), TUESDAY)

    assert [hit.known.id for hit in found.hits] == ["saturday", "unknown"]
    assert [begin.hour for begin, _ in found.hits[0].open_spans] == [9]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"fees": (Fee.FREE,)}, Trait.FREE),
        ({"care": (Care.DEAFNESS,)}, Trait.DEAFNESS),
        ({"care": (Care.ILLITERACY,)}, Trait.ILLITERACY),
        ({"care": (Care.ENGLISH,)}, Trait.ENGLISH),
        ({"care": (Care.OTHER_LANGUAGES,)}, Trait.OTHER_LANGUAGES),
        ({"care": (Care.MOTOR,)}, Trait.WHEELCHAIR),
        ({"accessibility": "https://acceslibre.beta.gouv.fr/x"}, Trait.WHEELCHAIR),
        ({"access": (Access.WALK_IN,)}, Trait.WALK_IN),
        ({"booking": "https://www.rdv-solidarites.fr"}, Trait.APPOINTMENT),
        ({"roaming": (Roaming.TRAVELS,)}, Trait.TRAVELS),
        ({"support": (Support.REMOTE,)}, Trait.REMOTE),
        ({"programmes": (Programme.FRANCE_SERVICES,)}, Trait.FRANCE_SERVICES),
    ],
)
def test_each_wish_is_kept(changed: dict[str, object], wanted: Trait) -> None:
    places = [at(1, "plain"), at(2, "wished", **changed)]

    assert ids(places, Query(GAP, wanted=wanted)) == ["wished"]


@pytest.mark.parametrize(
    ("changed", "need"),
    [
        ({"services": (Service.ACCESS,)}, Need.COMPUTER_ACCESS),
        ({"services": (Service.EVERYDAY_TOOLS,)}, Need.LEARNING),
        ({"services": (), "kinds": ("CPAM",)}, Need.MON_ESPACE_SANTE),
        ({"services": (), "programmes": (Programme.AIDANTS_CONNECT,)}, Need.PROCEDURES),
    ],
)
def test_each_need_finds_who_answers_it(changed: dict[str, object], need: Need) -> None:
    places = [at(1, "other", services=(Service.LEISURE,)), at(2, "helper", **changed)]

    assert "helper" in ids(places, Query(GAP, need))


def test_a_payment_on_some_condition_is_not_free() -> None:
    assert Trait.FREE not in traits_of(at(1, "a", fees=(Fee.FREE, Fee.PAID)))


def test_nobody_near_is_looked_for_further() -> None:
    found = find_places(ListedPlaces([at(70, "far")]), Query(GAP), TUESDAY)

    assert [hit.known.id for hit in found.hits] == ["far"]
    assert found.was_widened
    assert found.radius_km == 150
    assert not found.ring_support


def test_nobody_at_all_leaves_remote_help_and_the_national_line() -> None:
    remote = replace(
        HELPER, external_id="remote", name="remote", point=None,
        support=(Support.REMOTE,), access=(Access.NO_PUBLIC,), zone=("05",),
    )  # fmt: skip
    elsewhere = replace(remote, external_id="elsewhere", zone=("69",))
    found = find_places(
        ListedPlaces([elsewhere, remote]), Query(GAP, zone=frozenset({"05", "05061"})), TUESDAY
    )

    assert found.hits == []
    assert [hit.known.id for hit in found.remote] == ["remote"]
    assert found.ring_support


def test_a_place_that_receives_nobody_is_no_place_to_go_to() -> None:
    assert ids([at(1, "a", access=(Access.NO_PUBLIC,))], Query(GAP)) == []


def test_the_age_of_a_description_is_told() -> None:
    places = [
        at(1, "old", updated=date(2023, 1, 1)),
        at(2, "undated", updated=None),
        at(3, "new"),
    ]
    found = find_places(ListedPlaces(places), Query(GAP), TUESDAY)

    assert [hit.is_stale(TUESDAY.date()) for hit in found.hits] == [True, True, False]


def test_the_next_saturday() -> None:
    assert next_weekday(TUESDAY.date(), 5) == SATURDAY
    assert next_weekday(SATURDAY, 5) == SATURDAY


@given(
    st.lists(st.tuples(st.floats(0.1, 300), st.booleans()), max_size=15),
    st.booleans(),
    st.sampled_from([None, SATURDAY]),
)
def test_never_an_empty_answer(
    made: list[tuple[float, bool]], open_now: bool, open_on: date | None
) -> None:
    places = [
        at(km, str(number), hours="" if unknown else HELPER.hours)
        for number, (km, unknown) in enumerate(made)
    ]
    found = find_places(
        ListedPlaces(places), Query(GAP, open_now=open_now, open_on=open_on), TUESDAY
    )

    assert found.hits or found.ring_support
    assert len(found.hits) <= 3
    for hit in found.hits:
        assert hit.distance_km <= found.radius_km
        assert not (
            (open_now or open_on) and hit.opening.state is OpenState.CLOSED and not hit.open_spans
        )
