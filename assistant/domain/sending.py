"""When we may write to somebody: hours, budget, and no endless exchange with another machine.

An answer to a message just received leaves at once, at any hour; danger is answered always and
passes through none of these rules. What *we* start waits for decent hours where the person lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from jours_feries_france import JoursFeries

_A_DAY = timedelta(days=1)
_SUNDAY = 6


@dataclass(frozen=True)
class Area:
    """A part of France with its clock, and its holidays as ``jours_feries_france`` names them."""

    zone: ZoneInfo
    holidays: str


METROPOLE = Area(ZoneInfo("Europe/Paris"), "Métropole")
"""The mainland; Alsace and Moselle have the same prefixes, their two holidays are not known."""

# Country codes of ITU-T E.164 (operational bulletin, list of 2016-12-15) and, behind 262, the
# numbers of Mayotte in the French numbering plan (Arcep, decision 2018-0881). A longer prefix wins.
_AREAS = {
    "+508": Area(ZoneInfo("America/Miquelon"), "Saint-Pierre-et-Miquelon"),
    "+590": Area(ZoneInfo("America/Guadeloupe"), "Guadeloupe"),
    "+594": Area(ZoneInfo("America/Cayenne"), "Guyane"),
    "+596": Area(ZoneInfo("America/Martinique"), "Martinique"),
    "+262": Area(ZoneInfo("Indian/Reunion"), "La Réunion"),
    "+262269": Area(ZoneInfo("Indian/Mayotte"), "Mayotte"),
    "+262639": Area(ZoneInfo("Indian/Mayotte"), "Mayotte"),
    "+681": Area(ZoneInfo("Pacific/Wallis"), "Wallis-et-Futuna"),
    "+687": Area(ZoneInfo("Pacific/Noumea"), "Nouvelle-Calédonie"),
    "+689": Area(ZoneInfo("Pacific/Tahiti"), "Polynésie Française"),
}
_LONGEST_FIRST = sorted(_AREAS, key=len, reverse=True)


@dataclass(frozen=True)
class DecentHours:
    """The local hours, from Monday to Saturday, in which we may write first."""

    opening: time = time(9)
    closing: time = time(19)


DECENT_HOURS = DecentHours()


def area_of(number: str) -> Area:
    """Return where a phone number with its country code belongs; the mainland when in doubt."""
    prefix = next((each for each in _LONGEST_FIRST if number.startswith(each)), None)
    return _AREAS[prefix] if prefix is not None else METROPOLE


def moment_to_send(
    now: datetime, number: str, *, started_by_us: bool, hours: DecentHours = DECENT_HOURS
) -> datetime:
    """Return when a message may leave: now for an answer, else the next decent moment, in UTC."""
    return next_decent_moment(now, area_of(number), hours) if started_by_us else now


def next_decent_moment(now: datetime, area: Area, hours: DecentHours = DECENT_HOURS) -> datetime:
    """Return ``now`` when it is decent there, else the opening of the next decent day, in UTC."""
    local = now.astimezone(area.zone)
    today = local.date()
    if _is_working_day(today, area):
        if hours.opening <= local.time() < hours.closing:
            return now.astimezone(UTC)
        if local.time() < hours.opening:
            return _opening(today, area, hours)
    day = today + _A_DAY
    while not _is_working_day(day, area):
        day += _A_DAY
    return _opening(day, area, hours)


def local_midnight(now: datetime, number: str) -> datetime:
    """Return when the person's day began, in UTC: budgets are counted from there."""
    area = area_of(number)
    today = now.astimezone(area.zone).date()
    return datetime.combine(today, time(), area.zone).astimezone(UTC)


def is_within_budget(parts_sent: int, parts: int, parts_per_day: int) -> bool:
    """Tell whether a message still fits in what one address may cost on one day."""
    return parts_sent + parts <= parts_per_day


class Reply(StrEnum):
    """What to do about a message that may come from another machine."""

    ANSWER = "answer"
    LAST = "last"
    """Say once that we fall silent for a while."""
    SILENT = "silent"


@dataclass(frozen=True)
class LoopLimit:
    """How many automatic answers in how long are an endless exchange; a pause of ``span`` ends it.

    Ten answers in ten minutes (RapidPro cuts at twenty in five).
    """

    answers: int = 10
    span: timedelta = timedelta(minutes=10)


LOOP_LIMIT = LoopLimit()


def reply_to(
    received: Sequence[datetime],
    answered: Sequence[datetime],
    now: datetime,
    limit: LoopLimit = LOOP_LIMIT,
) -> Reply:
    """Tell whether one more automatic answer may go to an address.

    ``received`` and ``answered`` are the moments, in order, of its messages and of ours; the
    message being answered is the last received. Both may go back only as far as the last pause.
    """
    begin = _begin_of_exchange((*received, now), limit.span)
    answers = [moment for moment in answered if moment >= begin]
    filled = _answers_until_full(answers, limit)
    if filled is None:
        return Reply.ANSWER
    return Reply.LAST if len(answers) == filled else Reply.SILENT


@dataclass(frozen=True)
class DangerLimit:
    """How often somebody in danger is answered: faster than they read, only a machine writes.

    The same words are answered once in ``pause``. After ``answers`` in ``span``, whatever the
    words, once in ``long_pause``: two machines cost something all day, and nobody is ever left
    without an answer for longer.
    """

    pause: timedelta = timedelta(minutes=1)
    answers: int = 10
    span: timedelta = timedelta(hours=1)
    long_pause: timedelta = timedelta(minutes=10)


DANGER_LIMIT = DangerLimit()


def warns_again(
    same: Sequence[datetime],
    warned: Sequence[datetime],
    now: datetime,
    limit: DangerLimit = DANGER_LIMIT,
) -> bool:
    """Tell whether words of danger are answered once more.

    ``warned`` are the moments of those answered before, ``same`` those of the very same words.
    """
    if any(now - each < limit.pause for each in same):
        return False
    lately = [each for each in warned if now - each < limit.span]
    return len(lately) < limit.answers or now - max(lately) >= limit.long_pause


def _begin_of_exchange(received: Sequence[datetime], pause: timedelta) -> datetime:
    """Return the first message since nobody wrote for the time of a pause."""
    begin = received[-1]
    for earlier, later in reversed(list(pairwise(received))):
        if later - earlier >= pause:
            break
        begin = earlier
    return begin


def _answers_until_full(answers: Sequence[datetime], limit: LoopLimit) -> int | None:
    """Return how many answers had been given when they were too many, None if they are not."""
    for last in range(limit.answers - 1, len(answers)):
        if answers[last] - answers[last - limit.answers + 1] < limit.span:
            return last + 1
    return None


def _opening(day: date, area: Area, hours: DecentHours) -> datetime:
    return datetime.combine(day, hours.opening, area.zone).astimezone(UTC)


def _is_working_day(day: date, area: Area) -> bool:
    return day.weekday() != _SUNDAY and day not in _holidays(day.year, area.holidays)


@lru_cache(maxsize=64)
def _holidays(year: int, zone: str) -> frozenset[date]:
    """Return the holidays of the law (code du travail, articles L3133-1 and L3422-2)."""
    return frozenset(JoursFeries.for_year(year, zone).values())
