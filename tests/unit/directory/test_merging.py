"""What several sources say of one place becomes one, and each field keeps its source."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from assistant.directory.merging import merge, public_id
from assistant.directory.place import Place, Point
from assistant.directory.quality import quality
from assistant.directory.vocabulary import Fee, Label, Service

OLD = Place(
    source="a", external_id="1", name="Mairie", commune="Gap", postcode="05000",
    address="3 rue Roux", phone="+33492532424", point=Point(44.5, 6.0),
    hours="Mo 09:00-12:00", services=(Service.ACCESS,), fees=(Fee.FREE,),
    updated=date(2022, 1, 1),
)  # fmt: skip
NEW = Place(
    source="b", external_id="2", name="Mairie de Gap", commune="GAP", postcode="05000",
    hours_text="le matin", services=(Service.PROCEDURES,), labels=(Label.MON_ESPACE_SANTE,),
    updated=date(2025, 1, 1),
)  # fmt: skip


def test_the_latest_goes_first_and_the_others_fill_in() -> None:
    merged = merge([OLD, NEW])

    assert merged.place.name == NEW.name
    assert merged.place.phone == OLD.phone
    assert merged.place.updated == NEW.updated
    assert merged.provenance["name"] == ["b/2"]
    assert merged.provenance["phone"] == ["a/1"]


def test_hours_that_are_understood_win_over_words() -> None:
    merged = merge([OLD, NEW]).place

    assert (merged.hours, merged.hours_text) == (OLD.hours, "")


def test_an_address_stays_whole() -> None:
    moved = replace(NEW, address="9 place Neuve", commune="Gap", postcode="05003")
    merged = merge([OLD, moved])

    assert (merged.place.address, merged.place.postcode) == ("9 place Neuve", "05003")
    assert merged.provenance["address"] == merged.provenance["postcode"] == ["b/2"]


def test_lists_are_united_in_the_order_of_the_schema() -> None:
    merged = merge([OLD, NEW])

    assert merged.place.services == (Service.PROCEDURES, Service.ACCESS)
    assert merged.provenance["services"] == ["b/2", "a/1"]
    assert merged.place.labels == (Label.MON_ESPACE_SANTE,)


def test_an_exact_point_wins_over_the_middle_of_the_commune() -> None:
    vague = replace(NEW, point=Point(44.6, 6.1), approximate=True)

    assert merge([OLD, vague]).place.point == OLD.point


def test_the_order_of_the_sources_does_not_matter() -> None:
    third = replace(OLD, source="c", external_id="3", updated=None)
    results = {merge(list(order)).place for order in itertools.permutations([OLD, NEW, third])}

    assert len(results) == 1


def test_one_description_is_itself() -> None:
    assert merge([OLD]).place == OLD


def test_a_merged_place_tells_at_least_as_much() -> None:
    assert quality(merge([OLD, NEW]).place) >= max(quality(OLD), quality(NEW))


def test_public_ids_are_short_stable_and_told_apart() -> None:
    assert public_id("a", "1") == public_id("a", "1")
    assert len({public_id("a", str(number)) for number in range(10_000)}) == 10_000
    assert public_id("a", "b/1") != public_id("a/b", "1")
    assert len(public_id("a", "1")) == 10
