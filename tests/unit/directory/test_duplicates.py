"""One place is found once: measured on pairs that were labelled by hand."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.duplicates import Clusters, Evidence, evidence, neighbours, trace_of
from assistant.directory.place import Place, Point
from assistant.directory.vocabulary import Programme, Roaming

PAIRS = Path(__file__).parent / "data" / "pairs.csv"

MAIRIE = Place(
    source="a", external_id="1", name="Mairie de Gap", commune="Gap", postcode="05000",
    address="3 rue du Colonel Roux", point=Point(44.5594, 6.0788), phone="+33492532424",
)  # fmt: skip


def labelled() -> Iterator[tuple[bool, Place, Place]]:
    """The pairs of real descriptions, and whether somebody would go to one place or two."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["same"] == "1", _place(row, "a"), _place(row, "b")


def _place(row: dict[str, str], side: str) -> Place:
    cells = {name[2:]: cell for name, cell in row.items() if name.startswith(f"{side}_")}
    return Place(
        source=cells["source"],
        external_id=cells["external_id"],
        name=cells["name"],
        address=cells["address"],
        postcode=cells["postcode"],
        commune=cells["commune"],
        siret=cells["siret"],
        phone=cells["phone"],
        point=Point(float(cells["latitude"]), float(cells["longitude"]))
        if cells["latitude"]
        else None,
        programmes=(Programme.FRANCE_SERVICES,) if cells["france_services"] == "1" else (),
        roaming=tuple(Roaming[name] for name in cells["travels"].split("|") if name),
    )


def is_same(one: Place, other: Place) -> Evidence | None:
    return evidence(trace_of(one, 0), trace_of(other, 1))


def test_the_pairs_are_enough_to_tell_something() -> None:
    pairs = list(labelled())

    assert len(pairs) >= 200
    assert 90 <= sum(same for same, _, _ in pairs) <= 110


def test_precision_and_recall_on_the_labelled_pairs() -> None:
    found = [(same, is_same(one, other) is not None) for same, one, other in labelled()]
    right = found.count((True, True))

    assert right / (right + found.count((False, True))) >= 0.98
    assert right / (right + found.count((True, False))) >= 0.9


def test_it_does_not_matter_who_comes_first() -> None:
    for _, one, other in labelled():
        assert (is_same(one, other) is None) == (is_same(other, one) is None)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "MAIRIE GAP", "address": "3 R. du Colonel-Roux"}, Evidence.NAME_AND_ADDRESS),
        ({"name": "Médiathèque de Gap"}, None),
        ({"point": Point(44.60, 6.10), "address": "12 avenue du Nord", "phone": ""}, None),
        ({"point": None, "phone": ""}, Evidence.NAME_AND_ADDRESS),
        ({"name": "Bus numérique de Gap"}, None),
    ],
)
def test_a_town_hall_and_what_is_beside_it(
    changed: dict[str, object], why: Evidence | None
) -> None:
    other = replace(MAIRIE, source="b", **changed)  # type: ignore[arg-type]

    assert is_same(MAIRIE, other) is why


def test_the_same_identifier_is_the_same_place() -> None:
    moved = replace(MAIRIE, point=Point(48.0, 2.0), name="Ailleurs")

    assert is_same(MAIRIE, moved) is Evidence.IDENTIFIER


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40), st.randoms())
def test_clusters_do_not_depend_on_the_order(
    pairs: list[tuple[int, int]], order: random.Random
) -> None:
    shuffled = [pair[::-1] if order.random() < 0.5 else pair for pair in pairs]
    order.shuffle(shuffled)
    one, other = Clusters(31), Clusters(31)
    for pair in pairs:
        one.join(*pair)
    for pair in shuffled:
        other.join(*pair)

    assert [one.of(number) for number in range(31)] == [other.of(number) for number in range(31)]
    assert all(one.of(number) <= number for number in range(31))


@given(st.lists(st.tuples(st.floats(44.0, 44.02), st.floats(6.0, 6.03)), min_size=2, max_size=25))
def test_all_that_are_near_are_compared(points: list[tuple[float, float]]) -> None:
    traces = [
        trace_of(replace(MAIRIE, point=Point(*point)), number)
        for number, point in enumerate(points)
    ]
    met = {
        frozenset((one.number, other.number))
        for one, other in neighbours(
            sorted(traces, key=lambda trace: trace.point.latitude if trace.point else 0)
        )
    }

    for one in traces:
        for other in traces:
            assert one.point is not None
            assert other.point is not None
            if one.number < other.number and one.point.distance_km(other.point) <= 0.25:
                assert frozenset((one.number, other.number)) in met
