"""``[A|B]`` in a text: A is said to the person concerned, B to somebody who helps them.

Either side may be empty; a side holds neither ``|`` nor another bracket.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

_ALTERNATION: Final = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_STRAY: Final = re.compile(r"[\[\]]")
_EXCERPT_WORDS: Final = 4

# What an empty side leaves behind, until the spaces around it are mended; no YAML text holds it.
_HOLE: Final = "\0"
_EMPTY_LINE: Final = re.compile(r"(?:^|\n) *(?:- *)?(?:\0 *)+(?=\n|\Z)")
_GAP: Final = re.compile(r" *\0[\0 ]*")


class Whom(StrEnum):
    """Who reads: the person concerned, or somebody who helps them."""

    SELF = "self"
    OTHER = "other"


def told_to(whom: Whom, text: str) -> str:
    """Return the text as it is said to that reader, without any bracket.

    A bracket that is no alternation is left out: the checks refuse it, and nobody must read it.
    """
    if "[" not in text and "]" not in text:
        return text
    side = 1 if whom is Whom.SELF else 2
    chosen = _ALTERNATION.sub(lambda found: found[side] or _HOLE, text)
    return _STRAY.sub("", _without_holes(chosen) if _HOLE in chosen else chosen)


def told_both_ways(text: str) -> tuple[str, ...]:
    """Return what a text says to each reader, once when it says the same to both."""
    return tuple(dict.fromkeys(told_to(whom, text) for whom in Whom))


def misplaced_bracket(text: str) -> str | None:
    """Return the beginning of the first bracket that is no alternation, if there is one."""
    rest = _ALTERNATION.sub(lambda found: "_" * len(found[0]), text)
    stray = _STRAY.search(rest)
    if stray is None:
        return None
    return " ".join(text[stray.start() :].split()[:_EXCERPT_WORDS])


def _without_holes(text: str) -> str:
    """Close up a text around what was left empty: its line, or the space that is now too many."""
    closed = _GAP.sub(_close, _EMPTY_LINE.sub("", text))
    return closed.strip("\n")


def _close(gap: re.Match[str]) -> str:
    before, after = gap.string[: gap.start()][-1:], gap.string[gap.end() :][:1]
    at_an_edge = before in ("", "\n") or after in ("", "\n", ".", ",", ")")
    return " " if " " in gap[0] and not at_an_edge else ""
