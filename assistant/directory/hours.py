"""Opening hours: what a source wrote made into an expression, and what it says at a moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from jours_feries_france import JoursFeries
from opening_hours import (  # type: ignore[attr-defined]  # the stubs forget ParserError
    OpeningHours,
    ParserError,
    State,
)

from assistant.directory.french_hours import hours_from_french
from assistant.directory.remarks import Reason
from assistant.directory.territory import METROPOLE, Territory

CLOSING_SOON = timedelta(minutes=60)
# A place that does not open within two weeks says nothing useful about when it does.
_AHEAD = timedelta(days=14)
_LAST_MINUTE = 59

_NOTHING = re.compile(
    r"[\W_]*|n\.?[acr]\.?|non (?:renseignée?s?|communiquée?s?)|null|none", re.IGNORECASE
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,3}):(\d{2})(?!\d)")
_SPAN = re.compile(r"(\d{2}):(\d{2})\s*-\s*(\d{2}):(\d{2})")
_SHORT_CLOCK = re.compile(r"(?<![\d:])(\d):(\d{2})(?!\d)")
_OSM_DAY = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b")
_NOT_WEEKLY = re.compile(r"\[|week|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
_HOLIDAY_RULE = re.compile(r"\bPH\b")
_HOLIDAYS_CLOSED = re.compile(r"\bPH\b[^;]*\b(?:off|closed)\b")
# The four weeks from that Monday hold no holiday of any territory.
_ORDINARY_MONDAY = date(2026, 3, 2)


class OpenState(StrEnum):
    """Whether a place is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HoursRead:
    """What was made of the hours of a source; one of ``osm`` and ``text`` at most."""

    osm: str = ""
    text: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known about a place at a moment; times are local to the place.

    ``holiday`` names the public holiday that makes the hours doubtful or closes the place.
    """

    state: OpenState
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    closing_soon: bool = False
    holiday: str = ""


@lru_cache(maxsize=10_000)
def read_hours(raw: str) -> HoursRead:
    """Return hours as an expression when they are one, or words that leave no doubt."""
    text = " ".join(raw.replace("–", "-").split())
    if _NOTHING.fullmatch(text):
        return HoursRead()
    candidate = _SHORT_CLOCK.sub(r"0\1:\2", text.strip(" ;\"'"))
    if _lies(candidate):
        return HoursRead(text=text, reason=Reason.HOURS_LIE)
    if is_understood(candidate):
        return HoursRead(osm=candidate)
    written = hours_from_french(raw)
    if written and is_understood(written):
        return HoursRead(osm=written, reason=Reason.HOURS_WRITTEN)
    return HoursRead(text=text, reason=Reason.HOURS_KEPT)


def is_understood(osm: str) -> bool:
    """Tell whether an expression is valid and says on which days, from when to when."""
    if osm == "24/7":
        return True
    if not (_OSM_DAY.search(osm) and _SPAN.search(osm)):
        return False
    return _parsed(osm) is not None


def opening(osm: str, territory: Territory, now: datetime) -> Opening:
    """Tell whether a place of these hours is open at a moment that knows its time zone.

    On a public holiday of its territory, hours that say nothing of holidays are not trusted.
    """
    parsed = _parsed(osm) if osm else None
    if parsed is None:
        return Opening(OpenState.UNKNOWN)
    local = now.astimezone(territory.zone)
    naive = local.replace(tzinfo=None)
    holiday = _holidays(territory, naive.year).get(naive.date(), "")
    if holiday and not _is_ruled(osm, naive.date()):
        state = (
            OpenState.CLOSED
            if _HOLIDAYS_CLOSED.search(osm) or parsed.is_closed(naive)
            else OpenState.UNKNOWN
        )
        following = next((begin for begin, _ in _spans(osm, territory, naive)), None)
        return Opening(state, opens_at=_at(following, local), holiday=holiday)
    begin, end = next(_spans(osm, territory, naive), (None, None))
    if begin is not None and end is not None and begin <= naive:
        return Opening(
            OpenState.OPEN,
            closes_at=_at(end, local),
            closing_soon=end - naive <= CLOSING_SOON,
        )
    if parsed.is_unknown(naive):
        return Opening(OpenState.UNKNOWN)
    return Opening(OpenState.CLOSED, opens_at=_at(begin, local), holiday=holiday)


def open_on(osm: str, territory: Territory, on: date) -> tuple[tuple[datetime, datetime], ...]:
    """Return when a place of these hours is open on a day, in its local time."""
    if not osm or _parsed(osm) is None:
        return ()
    start = datetime.combine(on, datetime.min.time())
    midnight = start + timedelta(days=1)
    return tuple(
        (begin.replace(tzinfo=territory.zone), min(end, midnight).replace(tzinfo=territory.zone))
        for begin, end in _spans(osm, territory, start)
        if begin < midnight
    )


@lru_cache(maxsize=20_000)
def open_weekdays(osm: str) -> frozenset[int]:
    """Return the days of an ordinary week (Monday is 0) on which these hours open."""
    parsed = _parsed(osm) if osm else None
    if parsed is None:
        return frozenset()
    start = datetime.combine(_ORDINARY_MONDAY, datetime.min.time())
    # "Mo[1]" opens on one Monday a month, and that is a Monday.
    weeks = 4 if _NOT_WEEKLY.search(osm) else 1
    found: set[int] = set()
    for begin, end, state, _ in parsed.intervals(start, start + timedelta(weeks=weeks)):
        if state == State.OPEN:
            days = (end - timedelta(microseconds=1)).toordinal() - begin.toordinal() + 1
            found.update((begin.weekday() + each) % 7 for each in range(min(days, 7)))
    return frozenset(found)


@lru_cache(maxsize=5_000)
def _parsed(osm: str) -> OpeningHours | None:
    try:
        return OpeningHours(osm, country="FR")
    except ParserError:
        return None


def _lies(text: str) -> bool:
    """Tell whether a text names a moment that no day has, or a range that ends before it begins."""
    for hour, minute in _CLOCK.findall(text):
        if int(hour) * 60 + int(minute) > 24 * 60 or int(minute) > _LAST_MINUTE:
            return True
    return any(
        (int(from_hour), int(from_minute)) >= (int(to_hour), int(to_minute))
        for from_hour, from_minute, to_hour, to_minute in _SPAN.findall(text)
    )


def _spans(osm: str, territory: Territory, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open spans that end after a local moment, without those of doubtful holidays."""
    parsed = _parsed(osm)
    if parsed is None:
        return
    start = datetime.combine(since.date(), datetime.min.time())
    for begin, end, state, _ in parsed.intervals(start, start + _AHEAD):
        if state != State.OPEN or end <= since:
            continue
        is_holiday = begin.date() in _holidays(territory, begin.year)
        if not is_holiday or _is_ruled(osm, begin.date()):
            yield begin, end


def _is_ruled(osm: str, on: date) -> bool:
    """Tell whether the expression itself says what happens on that holiday.

    The library knows the holidays of the mainland; those of one territory alone it takes for
    ordinary days.
    """
    return bool(_HOLIDAY_RULE.search(osm)) and on in _holidays(METROPOLE, on.year)


@lru_cache(maxsize=256)
def _holidays(territory: Territory, year: int) -> dict[date, str]:
    return {on: name for name, on in JoursFeries.for_year(year, territory.holidays).items()}


def _at(naive: datetime | None, local: datetime) -> datetime | None:
    return None if naive is None else naive.replace(tzinfo=local.tzinfo)
