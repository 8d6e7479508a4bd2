"""When we may write first, how much, and when an exchange with a machine is cut."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jours_feries_france import JoursFeries

from assistant.domain.sending import (
    DANGER_LIMIT,
    DECENT_HOURS,
    LOOP_LIMIT,
    METROPOLE,
    LoopLimit,
    Reply,
    area_of,
    is_within_budget,
    local_midnight,
    moment_to_send,
    next_decent_moment,
    reply_to,
    warns_again,
)

PARIS = "+33612345678"
REUNION = "+262692123456"
MAYOTTE = "+262639123456"
GUADELOUPE = "+590690123456"
MARTINIQUE = "+596696123456"
GUYANE = "+594694123456"
MIQUELON = "+508551234"
TAHITI = "+68987123456"
NUMBERS = [PARIS, REUNION, MAYOTTE, GUADELOUPE, MARTINIQUE, GUYANE, MIQUELON, TAHITI, "+4412345678"]

MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 — hypothesis adds the zone
    max_value=datetime(2038, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "number", "leaves"),
    [
        # A Monday, in winter: 9 h in Paris is 8 h UTC.
        ("2026-11-23T08:00Z", PARIS, "2026-11-23T08:00Z"),
        ("2026-11-23T07:59Z", PARIS, "2026-11-23T08:00Z"),
        ("2026-11-23T17:59Z", PARIS, "2026-11-23T17:59Z"),
        ("2026-11-23T18:00Z", PARIS, "2026-11-24T08:00Z"),
        # In summer 9 h is 7 h UTC.
        ("2026-07-06T05:00Z", PARIS, "2026-07-06T07:00Z"),
        # Saturday evening waits for Monday; Sunday too.
        ("2026-11-28T18:30Z", PARIS, "2026-11-30T08:00Z"),
        ("2026-11-29T12:00Z", PARIS, "2026-11-30T08:00Z"),
        # The nights of the change of clock: Saturday 19 h to Monday 9 h, an hour more or less.
        ("2026-03-28T18:00Z", PARIS, "2026-03-30T07:00Z"),
        ("2026-10-24T17:00Z", PARIS, "2026-10-26T08:00Z"),
        # 8 May 2026 is a Friday; Ascension day 2026 is 14 May, Whit Monday 25 May.
        ("2026-05-08T10:00Z", PARIS, "2026-05-09T07:00Z"),
        ("2026-05-07T20:00Z", PARIS, "2026-05-09T07:00Z"),
        ("2026-05-23T20:00Z", PARIS, "2026-05-26T07:00Z"),
        # Friday 1 January 2027, after New Year's Eve.
        ("2026-12-31T22:00Z", PARIS, "2027-01-02T08:00Z"),
        # 26 December and Good Friday are holidays of Alsace and Moselle alone.
        ("2028-12-26T10:00Z", PARIS, "2028-12-26T10:00Z"),
        # La Réunion is at UTC+4 all year: 9 h is 5 h UTC; 20 December is its own holiday.
        ("2026-11-23T05:00Z", REUNION, "2026-11-23T05:00Z"),
        ("2026-11-23T15:00Z", REUNION, "2026-11-24T05:00Z"),
        ("2027-12-20T08:00Z", REUNION, "2027-12-21T05:00Z"),
        ("2027-12-20T08:00Z", PARIS, "2027-12-20T08:00Z"),
        # Mayotte shares +262 and is an hour behind; 27 April is its own holiday.
        ("2026-11-23T05:00Z", MAYOTTE, "2026-11-23T06:00Z"),
        ("2026-04-27T09:00Z", MAYOTTE, "2026-04-28T06:00Z"),
        ("2026-05-27T15:00Z", GUADELOUPE, "2026-05-28T13:00Z"),
        ("2026-05-22T15:00Z", MARTINIQUE, "2026-05-23T13:00Z"),
        ("2026-06-10T15:00Z", GUYANE, "2026-06-11T12:00Z"),
        # Saint-Pierre-et-Miquelon changes its clock with North America, on 8 March in 2026.
        ("2026-03-07T22:00Z", MIQUELON, "2026-03-09T11:00Z"),
        # Evening in Paris is morning in Papeete.
        ("2026-11-23T19:00Z", TAHITI, "2026-11-23T19:00Z"),
    ],
)
def test_known_moments(now: str, number: str, leaves: str) -> None:
    assert moment_to_send(utc(now), number, started_by_us=True) == utc(leaves)


@given(MOMENTS, st.sampled_from(NUMBERS))
def test_an_answer_leaves_at_once(now: datetime, number: str) -> None:
    assert moment_to_send(now, number, started_by_us=False) == now


@given(MOMENTS, st.sampled_from(NUMBERS))
def test_what_we_start_leaves_at_a_decent_moment_and_no_later_than_needed(
    now: datetime, number: str
) -> None:
    area = area_of(number)
    moment = next_decent_moment(now, area)
    local = moment.astimezone(area.zone)
    assert moment >= now
    assert DECENT_HOURS.opening <= local.time() < DECENT_HOURS.closing
    assert local.weekday() < 6
    assert not JoursFeries.is_bank_holiday(local.date(), area.holidays)
    # Asked again then, it leaves; five days never follow each other without a decent one.
    assert next_decent_moment(moment, area) == moment
    assert moment - now <= timedelta(days=5)
    if moment > now:
        assert local.time() == DECENT_HOURS.opening


@given(MOMENTS, MOMENTS, st.sampled_from(NUMBERS))
def test_order_is_kept(one: datetime, other: datetime, number: str) -> None:
    first, second = sorted((one, other))
    area = area_of(number)
    assert next_decent_moment(first, area) <= next_decent_moment(second, area)


def test_an_unknown_number_is_treated_as_the_mainland() -> None:
    assert area_of("+33612345678") is METROPOLE
    assert area_of("") is METROPOLE


@given(MOMENTS, st.sampled_from(NUMBERS))
def test_the_day_begins_at_local_midnight(now: datetime, number: str) -> None:
    begin = local_midnight(now, number)
    assert begin.astimezone(area_of(number).zone).time() == time()
    assert timedelta() <= now - begin <= timedelta(hours=25)


@given(st.integers(0, 200), st.integers(0, 20), st.integers(0, 200))
def test_the_budget_is_never_passed(sent: int, parts: int, limit: int) -> None:
    assert is_within_budget(sent, parts, limit) == (sent + parts <= limit)


def minutes(*offsets: float) -> list[datetime]:
    begin = utc("2026-11-23T10:00Z")
    return [begin + timedelta(minutes=offset) for offset in offsets]


def exchange(gaps: list[float], limit: LoopLimit = LOOP_LIMIT) -> list[Reply]:
    """Play an exchange in which each message is answered at once when it may be."""
    received: list[datetime] = []
    answered: list[datetime] = []
    now = utc("2026-11-23T10:00Z")
    replies = []
    for gap in gaps:
        now += timedelta(minutes=gap)
        received.append(now)
        reply = reply_to(received, answered, now, limit)
        replies.append(reply)
        if reply is not Reply.SILENT:
            answered.append(now)
    return replies


def test_a_machine_gets_ten_answers_then_a_last_one_then_nothing() -> None:
    replies = exchange([0.5] * 60)
    assert replies[:10] == [Reply.ANSWER] * 10
    assert replies[10] is Reply.LAST
    assert set(replies[11:]) == {Reply.SILENT}


def test_silence_lasts_until_a_pause() -> None:
    assert exchange([0.1] * 12 + [9.9])[-1] is Reply.SILENT
    assert exchange([0.1] * 12 + [10])[-1] is Reply.ANSWER
    assert exchange([0.1] * 12 + [9] * 5)[-1] is Reply.SILENT


def test_somebody_who_takes_the_time_to_read_is_never_cut() -> None:
    assert set(exchange([1.2] * 100)) == {Reply.ANSWER}


def test_the_first_message_is_answered() -> None:
    (now,) = minutes(0)
    assert reply_to([now], [], now) is Reply.ANSWER
    assert reply_to([], [], now) is Reply.ANSWER


@given(st.lists(st.floats(0, 15), max_size=80))
def test_no_ten_minutes_ever_hold_more_than_a_dozen_answers(gaps: list[float]) -> None:
    moments = []
    at = 0.0
    for gap, reply in zip(gaps, exchange(gaps), strict=True):
        at += gap
        if reply is not Reply.SILENT:
            moments.append(at)
    for moment in moments:
        assert sum(moment <= other < moment + 10 for other in moments) <= LOOP_LIMIT.answers + 1


@given(st.lists(st.floats(0, 15), max_size=60))
def test_the_last_word_is_said_once_in_an_exchange(gaps: list[float]) -> None:
    replies = exchange(gaps)
    last_seen = False
    for gap, reply in zip(gaps, replies, strict=True):
        if gap >= 10:
            last_seen = False
        if reply is Reply.LAST:
            assert not last_seen
            last_seen = True
        elif last_seen:
            assert reply is Reply.SILENT


def test_the_same_words_of_danger_are_answered_once_a_minute_and_others_at_once() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    answered = [now - timedelta(seconds=59)]
    assert not warns_again(answered, answered, now)
    assert warns_again([], answered, now)
    assert warns_again(answered, answered, now + timedelta(seconds=1))


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=300))
def test_danger_costs_little_in_a_day_and_nobody_waits_long(
    heard: list[tuple[int, bool]],
) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    warned: list[datetime] = []
    same: list[datetime] = []
    for seconds, is_same in heard:
        now += timedelta(seconds=seconds)
        if warns_again(same if is_same else [], warned, now):
            warned.append(now)
            same += [now] if is_same else []
        else:
            assert now - max(warned) < DANGER_LIMIT.long_pause
    for first in warned:
        within = [each for each in warned if first <= each < first + DANGER_LIMIT.span]
        # Ten at once, and one in each long pause of the rest of the hour.
        assert len(within) <= DANGER_LIMIT.answers + 6
