"""The words for places: whatever their names hold, no page and no text message breaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.found_places import (
    FoundPlace,
    FoundPlaces,
    dump_places,
    load_places,
    plain_name,
)
from assistant.domain.messages import Channel, Words
from assistant.rendering import sms
from assistant.rendering.places import spoken_number, tell_place, tell_places

NASTY = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "Mairie [de|du] {fact:support_phone} {near}",
    "a\u202eb\u0000c\nd",
    "É" * 300,
    "B. 1. 2. SUITE",
)


def speak(key: str, **params: object) -> str:
    """Say the key and its parameters."""
    return " ".join([key.rpartition(".")[2], *map(str, params.values())])


names = st.one_of(st.sampled_from(NASTY), st.text(max_size=120)).map(
    lambda text: plain_name(text, 60)
)
times = st.sampled_from(["", "2026-11-23T09:00", "2026-11-30T17:30"])
found_places = st.builds(
    FoundPlace,
    id=st.text("abc0123", min_size=3, max_size=10),
    name=names,
    km=st.one_of(st.just(""), st.floats(0, 150).map(lambda km: f"{km:.1f}")),
    approximate=st.booleans(),
    state=st.sampled_from(["open", "closed", "unknown"]),
    until=times,
    opens=times,
    spans=st.sampled_from([(), ("09:00-12:00",), ("09:00-12:00", "14:00-17:30")]),
    phone=st.sampled_from(["", "+33492535353", "3646", "+262262123456", "+59014"]),
    trained=st.booleans(),
    year=st.sampled_from(["", "2021"]),
    stale=st.booleans(),
    reported=st.booleans(),
    address=names,
    hours=st.sampled_from([(), (("0", ("09:00-12:00",)), ("1", ("09:00-12:00",)), ("2", ()))]),
    traits=st.sampled_from([(), ("free", "wheelchair")]),
)
several = st.builds(
    FoundPlaces,
    near=names,
    mended=st.booleans(),
    places=st.lists(found_places, max_size=3).map(tuple),
    remote=st.lists(found_places, max_size=2).map(tuple),
    wide_km=st.sampled_from([0, 50, 150]),
    day=st.sampled_from(["", "2026-11-28"]),
    unmet=st.sampled_from([(), ("free",)]),
    ring=st.booleans(),
    further=st.booleans(),
)


@given(several)
def test_places_are_kept_in_parameters_without_loss(found: FoundPlaces) -> None:
    assert load_places(dump_places(found)) == found


@given(several)
def test_each_place_is_one_line_of_a_text_message_with_its_number(found: FoundPlaces) -> None:
    text, _ = tell_places(found, speak, "fr", Channel.SMS)
    every = (*found.places, *found.remote)
    lines = [line for line in text.splitlines() if line[:1].isdigit()]
    if not (found.further and not found.places):
        assert len([line for line in lines if line[1:3] == ") "]) >= len(every)
    for page in sms.pages([Words(text)], "SUITE"):
        assert sms.count(page).parts <= 2


@given(several)
def test_the_links_ring_the_places_and_nobody_else(found: FoundPlaces) -> None:
    _, links = tell_places(found, speak, "fr", Channel.WEB)
    known = {f"tel:{each.phone}" for each in (*found.places, *found.remote)}
    assert {link.url for link in links} <= known


@given(found_places)
def test_one_place_is_told_on_each_channel(place: FoundPlace) -> None:
    for channel in Channel:
        text, _ = tell_place(place, speak, "fr", channel)
        assert text


@given(st.one_of(st.sampled_from(NASTY), st.text(max_size=400)))
def test_a_name_is_one_harmless_line(text: str) -> None:
    name = plain_name(text)
    assert len(name) <= 80
    assert "\n" not in name
    assert not set(name) & set("<>[]{}|")
    assert name[:1] not in {"=", "+", "-", "@"}


def test_numbers_are_read_by_pairs() -> None:
    assert spoken_number("+33492535353") == "04 92 53 53 53"
    assert spoken_number("3646") == "36 46"
    assert spoken_number("+262262123456") == "02 62 12 34 56"
