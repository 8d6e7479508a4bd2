"""Hours that people write in words, put into OpenStreetMap's syntax when there is no doubt.

https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. What holds one word that is
not known is not read at all: "un mardi sur deux" must not become "Tu".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

Range: TypeAlias = tuple[int, int]
"""Two moments of a day, in minutes since midnight."""

Week: TypeAlias = tuple[tuple[Range, ...], ...]
"""The ranges of each day, Monday first."""

_Token: TypeAlias = tuple[Literal["day", "time", "to", "and", "end", "off"], int]

# No office opens for less than a quarter of an hour, nor before five.
_SHORTEST = 15
_EARLIEST = 5 * 60
_LATEST = 24 * 60
_LAST_MINUTE = 59
_SHORT_WORD = 4

_DAY_WORDS = {
    start: number
    for number, starts in enumerate(
        ("lundi lun", "mardi mar", "mercredi mer", "jeudi jeu", "vendredi ven", "samedi sam",
         "dimanche dim")
    )
    for start in starts.split()
}  # fmt: skip
_SHORT_DAYS = {"l": 0, "ma": 1, "me": 2, "j": 3, "v": 4, "s": 5, "d": 6}
_IGNORED = frozenset({"du", "le", "les", "de", "des", "h", "matin", "matins", "apres-midi"})
_WORDS: dict[str, _Token] = {
    "a": ("to", 0),
    "au": ("to", 0),
    "jusqu'a": ("to", 0),
    "-": ("to", 0),
    "et": ("and", 0),
    "puis": ("and", 0),
    ",": ("and", 0),
    "/": ("and", 0),
    "&": ("and", 0),
    "+": ("and", 0),
    ";": ("end", 0),
    ".": ("end", 0),
    "|": ("end", 0),
    "ferme": ("off", 0),
    "fermee": ("off", 0),
    "midi": ("time", 12 * 60),
}
_PIECE = re.compile(
    r"(?P<time>\d{1,2}\s?(?:[h:]\s?\d{2}(?!\d)(?:\s?mn|\s?min)?|h(?![a-z]))|\d{1,2}\.\d{2}(?!\d))"
    r"|(?P<word>[a-z]+(?:[-'][a-z]+)*)|(?P<sign>[-,/&;.|+:])|(?P<space>\s+)|(?P<other>.)"
)


def hours_from_french(text: str) -> str:
    """Return the OpenStreetMap expression of hours in words, or nothing when there is a doubt."""
    week = _week(_tokens(text))
    return "" if week is None else osm_of_week(week)


@lru_cache(maxsize=5_000)
def ranges_from_french(text: str) -> tuple[Range, ...] | None:
    """Return the ranges of one day's cell; empty when closed, None when there is a doubt."""
    if not text.strip(" -–—./") or _plain(text).startswith("ferme"):
        return ()
    tokens = _tokens(text)
    if tokens is None:
        return None
    ranges, rest = _ranges(tokens)
    return ranges if not [token for token in rest if token[0] != "end"] and ranges else None


def osm_of_week(week: Week) -> str:
    """Return the expression of a week: days of the same hours together, closed days left out."""
    rules: list[str] = []
    written: set[tuple[Range, ...]] = set()
    for ranges in week:
        if not ranges or ranges in written:
            continue
        written.add(ranges)
        days = [number for number in range(7) if week[number] == ranges]
        hours = ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in ranges)
        rules.append(f"{_day_list(days)} {hours}")
    return "; ".join(rules)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("–", "-"))
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _tokens(text: str) -> list[_Token] | None:
    tokens: list[_Token] = []
    for piece in _PIECE.finditer(_plain(text).replace("—", "-").replace("\n", ";")):
        kind, found = piece.lastgroup, piece.group()
        if kind == "space" or found == ":":
            continue
        if kind == "time":
            numbers = [int(number) for number in re.findall(r"\d+", found)]
            hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
            if hour * 60 + minute > _LATEST or minute > _LAST_MINUTE:
                return None
            tokens.append(("time", hour * 60 + minute))
        elif found in _WORDS:
            tokens.append(_WORDS[found])
        elif (number := _day(found)) is not None:
            tokens.append(("day", number))
        elif found not in _IGNORED:
            if "-" not in found or (parts := _tokens(found.replace("-", " - "))) is None:
                return None
            tokens.extend(parts)
    return tokens


def _day(word: str) -> int | None:
    singular = word.removesuffix("s") if len(word) > _SHORT_WORD else word
    found = _DAY_WORDS.get(singular)
    return found if found is not None else _SHORT_DAYS.get(word)


def _week(tokens: list[_Token] | None) -> Week | None:
    if not tokens:
        return None
    week: dict[int, tuple[Range, ...]] = {}
    rest: Sequence[_Token] = tokens
    while rest:
        if rest[0][0] in {"end", "and"}:
            rest = rest[1:]
            continue
        days, rest = _day_names(rest)
        if not days:
            return None
        if rest and rest[0][0] == "off":
            ranges: tuple[Range, ...] = ()
            rest = rest[1:]
        else:
            ranges, rest = _ranges(rest)
            if not ranges:
                return None
        for day in days:
            together = tuple(sorted((*week.get(day, ()), *ranges)))
            if any(one[1] > other[0] for one, other in pairwise(together)):
                return None
            week[day] = together
    return tuple(week.get(day, ()) for day in range(7)) if any(week.values()) else None


def _day_names(tokens: Sequence[_Token]) -> tuple[list[int], Sequence[_Token]]:
    days: list[int] = []
    while tokens and tokens[0][0] == "day":
        first = tokens[0][1]
        if [kind for kind, _ in tokens[:3]] == ["day", "to", "day"]:
            last = tokens[2][1]
            if last <= first:
                return [], tokens
            days.extend(range(first, last + 1))
            tokens = tokens[3:]
        else:
            days.append(first)
            tokens = tokens[1:]
        if len(tokens) > 1 and tokens[0][0] == "and" and tokens[1][0] == "day":
            tokens = tokens[1:]
    return days, tokens


def _ranges(tokens: Sequence[_Token]) -> tuple[tuple[Range, ...], Sequence[_Token]]:
    ranges: list[Range] = []
    while [kind for kind, _ in tokens[:3]] == ["time", "to", "time"]:
        start, end = tokens[0][1], tokens[2][1]
        is_repeated = bool(ranges) and ranges[-1] == (start, end)
        overlaps = bool(ranges) and start < ranges[-1][1]
        if start < _EARLIEST or end - start < _SHORTEST or (overlaps and not is_repeated):
            return (), tokens
        if not is_repeated:
            ranges.append((start, end))
        tokens = tokens[3:]
        if len(tokens) > 1 and tokens[0][0] == "and" and tokens[1][0] == "time":
            tokens = tokens[1:]
    return tuple(ranges), tokens


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _day_list(days: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        DAYS[run[0]] if len(run) == 1
        else f"{DAYS[run[0]]}{'-' if run[-1] - run[0] > 1 else ','}{DAYS[run[-1]]}"
        for run in runs
    )  # fmt: skip
