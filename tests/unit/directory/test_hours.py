"""Hours are understood when there is no doubt, kept when there is, and told in local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import validate

from assistant.directory.french_hours import (
    DAYS,
    Week,
    hours_from_french,
    osm_of_week,
    ranges_from_french,
)
from assistant.directory.hours import OpenState, open_on, open_weekdays, opening, read_hours
from assistant.directory.remarks import Reason
from assistant.directory.territory import ALSACE_MOSELLE, METROPOLE, territory_of

OFFICE = "Mo-Fr 09:00-12:00,14:00-17:00"
REUNION = territory_of("97400")


@pytest.mark.parametrize(
    ("written", "osm", "reason"),
    [
        (OFFICE, OFFICE, None),
        ("Mo 9:00-12:00;", "Mo 09:00-12:00", None),
        ("Mo-Fr 08:00-17:00; PH off", "Mo-Fr 08:00-17:00; PH off", None),
        ("24/7", "24/7", None),
        ("lundi au vendredi 9h-12h et 14h-17h", OFFICE, Reason.HOURS_WRITTEN),
        (
            "Du lundi au vendredi de 9h à 12h et de 13h30 à 17h, samedi 9h-12h",
            "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00",
            Reason.HOURS_WRITTEN,
        ),
        ("lun-ven : 9h-12h / 14h-17h", OFFICE, Reason.HOURS_WRITTEN),
        ("Lundi, mardi et jeudi : 8h30 à 12h00", "Mo,Tu,Th 08:30-12:00", Reason.HOURS_WRITTEN),
        ("mercredi fermé; jeudi 9h30-12h", "Th 09:30-12:00", Reason.HOURS_WRITTEN),
        ("lundi 9h-12h lundi 14h-17h", "Mo 09:00-12:00,14:00-17:00", Reason.HOURS_WRITTEN),
        ("", "", None),
        ("-", "", None),
        ("non renseigné", "", None),
        # In doubt: what is not understood is shown as it was written.
        ("un mardi sur deux 9h-12h", "", Reason.HOURS_KEPT),
        ("sur rendez-vous", "", Reason.HOURS_KEPT),
        ("9h-12h du lundi au vendredi", "", Reason.HOURS_KEPT),
        ("09:00-12:00/14:00-17:00", "", Reason.HOURS_KEPT),  # on which days?
        ("Mo", "", Reason.HOURS_KEPT),  # at what time?
        ("Mo 08:30-12:00-14:00", "", Reason.HOURS_KEPT),
        # Lies.
        ("Mo 25:00-26:00", "", Reason.HOURS_LIE),
        ("Mo 09:00-25:00", "", Reason.HOURS_LIE),
        ("Mo 09:75-12:00", "", Reason.HOURS_LIE),
        ("Fr 19:00-11:00", "", Reason.HOURS_LIE),
        ("Mo 14:00-14:00", "", Reason.HOURS_LIE),
    ],
)
def test_reading(written: str, osm: str, reason: Reason | None) -> None:
    read = read_hours(written)

    assert (read.osm, read.reason) == (osm, reason)
    assert bool(read.text) == (reason in {Reason.HOURS_KEPT, Reason.HOURS_LIE})


@pytest.mark.parametrize(
    ("cell", "ranges"),
    [
        ("09:00 - 12:00 / 13:30 - 17:00", ((540, 720), (810, 1020))),
        ("09:00 - 12:00 / 09:00 - 12:00", ((540, 720),)),
        ("9h-12h", ((540, 720),)),
        ("-", ()),
        ("", ()),
        ("Fermé", ()),
        ("Sur rendez-vous", None),
        ("08:30 - 12:00 / 08:30 - 17:00", None),
        ("00:00 - 00:00", None),
    ],
)
def test_the_cell_of_one_day(cell: str, ranges: tuple[tuple[int, int], ...] | None) -> None:
    assert ranges_from_french(cell) == ranges


def paris(text: str) -> datetime:
    """A moment as clocks in Paris show it."""
    return datetime.fromisoformat(text).replace(tzinfo=METROPOLE.zone)


def test_open_then_closing_soon_then_closed_until_the_afternoon() -> None:
    open_ = opening(OFFICE, METROPOLE, paris("2026-11-24 10:00"))
    soon = opening(OFFICE, METROPOLE, paris("2026-11-24 11:10"))
    lunch = opening(OFFICE, METROPOLE, paris("2026-11-24 12:30"))

    assert (open_.state, open_.closing_soon) == (OpenState.OPEN, False)
    assert (soon.state, soon.closing_soon) == (OpenState.OPEN, True)
    assert soon.closes_at == paris("2026-11-24 12:00")
    assert (lunch.state, lunch.opens_at) == (OpenState.CLOSED, paris("2026-11-24 14:00"))


def test_the_next_opening_may_be_after_the_weekend() -> None:
    friday = opening(OFFICE, METROPOLE, paris("2026-11-27 18:00"))

    assert friday.opens_at == paris("2026-11-30 09:00")


def test_unknown_hours_are_unknown() -> None:
    assert opening("", METROPOLE, paris("2026-11-24 10:00")).state is OpenState.UNKNOWN


def test_each_territory_has_its_clock() -> None:
    noon_in_paris = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)

    assert opening(OFFICE, METROPOLE, noon_in_paris).closing_soon is False
    assert opening(OFFICE, METROPOLE, noon_in_paris).state is OpenState.CLOSED
    reunion = opening(OFFICE, REUNION, noon_in_paris)
    assert (reunion.state, reunion.closing_soon) == (OpenState.OPEN, False)
    assert reunion.closes_at is not None
    assert reunion.closes_at.utcoffset() == timedelta(hours=4)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        # The clocks went back on 25 October 2026: nine in Paris is 7:00 UTC before, 8:00 after.
        (datetime(2026, 10, 23, 7, 30, tzinfo=UTC), OpenState.OPEN),
        (datetime(2026, 10, 26, 7, 30, tzinfo=UTC), OpenState.CLOSED),
        (datetime(2026, 10, 26, 8, 30, tzinfo=UTC), OpenState.OPEN),
        # They go forward on 28 March 2027.
        (datetime(2027, 3, 26, 7, 30, tzinfo=UTC), OpenState.CLOSED),
        (datetime(2027, 3, 30, 7, 30, tzinfo=UTC), OpenState.OPEN),
    ],
)
def test_summer_time(moment: datetime, state: OpenState) -> None:
    assert opening(OFFICE, METROPOLE, moment).state is state


def test_hours_that_rule_holidays_are_followed() -> None:
    closed = opening(f"{OFFICE}; PH off", METROPOLE, paris("2026-07-14 10:00"))
    opened = opening("Mo-Fr 09:00-12:00; PH 10:00-11:00", METROPOLE, paris("2026-07-14 10:30"))

    assert (closed.state, closed.opens_at) == (OpenState.CLOSED, paris("2026-07-15 09:00"))
    assert opened.state is OpenState.OPEN


def test_hours_silent_about_holidays_are_not_trusted_on_one() -> None:
    holiday = opening(OFFICE, METROPOLE, paris("2026-07-14 10:00"))

    assert (holiday.state, bool(holiday.holiday)) == (OpenState.UNKNOWN, True)


@pytest.mark.parametrize(
    ("postcode", "day", "state"),
    [
        ("67000", "2027-03-26", OpenState.CLOSED),  # Good Friday, in Alsace and Moselle alone
        ("75012", "2027-03-26", OpenState.OPEN),
        ("57000", "2029-12-26", OpenState.CLOSED),
        ("97200", "2026-05-22", OpenState.CLOSED),  # abolition of slavery, each on its day
        ("97100", "2026-05-22", OpenState.OPEN),
        ("97100", "2026-05-27", OpenState.CLOSED),
    ],
)
def test_holidays_of_one_territory(postcode: str, day: str, state: OpenState) -> None:
    territory = territory_of(postcode)
    moment = datetime.fromisoformat(f"{day} 10:00").replace(tzinfo=territory.zone)

    assert opening(f"{OFFICE}; PH off", territory, moment).state is state


def test_open_on_a_day_in_alsace() -> None:
    hours = "Mo-Sa 09:00-12:00; PH off"

    assert open_on(hours, METROPOLE, date(2026, 12, 26))
    assert not open_on(hours, ALSACE_MOSELLE, date(2026, 12, 26))
    assert not open_on("", METROPOLE, date(2026, 11, 28))


@pytest.mark.parametrize(
    ("osm", "days"),
    [
        (OFFICE, {0, 1, 2, 3, 4}),
        ("Sa[1] 09:00-12:00", {5}),
        ("24/7", set(range(7))),
        ("", set()),
    ],
)
def test_the_days_of_an_ordinary_week(osm: str, days: set[int]) -> None:
    assert open_weekdays(osm) == days


_ranges = st.lists(st.tuples(st.integers(5 * 4, 23 * 4), st.integers(1, 20)), max_size=3).map(
    lambda found: tuple(
        (start * 15, min(24 * 60, (start + length) * 15)) for start, length in _apart(sorted(found))
    )
)


def _apart(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, length in found:
        if not kept or start > sum(kept[-1]):
            kept.append((start, length))
    return kept


@given(st.tuples(*[_ranges] * 7))
def test_any_week_is_written_so_that_it_says_the_same(week: Week) -> None:
    osm = osm_of_week(week)
    if not any(week):
        assert osm == ""
        return
    assert validate(osm)
    monday = date(2026, 11, 23)
    for number in range(7):
        spans = open_on(osm, METROPOLE, monday + timedelta(days=number))
        minutes = tuple(
            (begin.hour * 60 + begin.minute, end.hour * 60 + end.minute or 24 * 60)
            for begin, end in spans
        )
        assert minutes == week[number]


@given(
    st.lists(
        st.sampled_from(
            [
                "lundi",
                "mardi",
                "9h",
                "12h",
                "-",
                "à",
                "et",
                "au",
                "14h30",
                "17h",
                ",",
                ";",
                "fermé",
                "sauf",
                "matin",
            ]
        ),
        max_size=12,
    )
)
def test_words_give_a_valid_expression_or_none(words: list[str]) -> None:
    read = hours_from_french(" ".join(words))

    assert read == "" or validate(read)
    if "sauf" in words:
        assert read == ""


@given(st.text(max_size=60))
def test_whatever_is_written_is_kept_or_understood(written: str) -> None:
    read = read_hours(written)

    assert not (read.osm and read.text)
    assert not read.osm or any(day in read.osm for day in (*DAYS, "24/7"))
