"""Preparing a letter: what was typed is put into it in memory, and kept nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from assistant.domain.letter import Blank, Letter
from assistant.safety.masking import MARKER, mask

# What two lines of the narrow address hold in letters of 13 pt; the longest name of a commune has
# 45 (« Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson »).
LONGEST_LINE: Final = 60
MOST_LINES: Final = 4
_MANY_LINES: Final = frozenset({Blank.ADDRESS, Blank.FUND_ADDRESS})

# Signs that nobody sees: control, format, surrogate, private, unassigned.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LINE_BREAK: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


class LetterWording(Protocol):
    """Knows the words of the letters."""

    def letter(self, template: str, filled: Mapping[Blank, str], language: str) -> Letter:
        """Return a letter with what was given. Raises NotFound for one that nobody wrote."""


class LetterPrinter(Protocol):
    """Sets a letter on paper."""

    def typeset(self, letter: Letter) -> bytes:
        """Return the letter as an accessible PDF of A4 pages."""

    def unprintable(self, text: str) -> tuple[str, ...]:
        """Return the signs that the paper cannot show, a few of them when there are many."""


class Trouble(StrEnum):
    """Why a field cannot be put into the letter as it was typed."""

    TOO_LONG = "too_long"
    TOO_MANY_LINES = "too_many_lines"
    SECRET = "secret"  # noqa: S105 (the name of a trouble)
    """It held a number that identifies, which is taken out."""
    UNPRINTABLE = "unprintable"
    """It holds signs that the paper would show as empty boxes."""


@dataclass(frozen=True)
class Filled:
    """What was typed, cleaned, and what is wrong with it; ``unprintable`` lists such signs."""

    values: Mapping[Blank, str]
    troubles: Mapping[Blank, Trouble] = field(default_factory=dict)
    unprintable: Mapping[Blank, tuple[str, ...]] = field(default_factory=dict)


def read_blanks(typed: Mapping[Blank, str]) -> Filled:
    """Return what may be written in a letter, from what was typed in a form."""
    values: dict[Blank, str] = {}
    troubles: dict[Blank, Trouble] = {}
    for blank in Blank:
        lines = _lines(typed.get(blank, ""))
        if blank not in _MANY_LINES:
            lines = [" ".join(lines)] if lines else []
        value = "\n".join(lines)
        masked = mask(value)
        if masked.found:
            troubles[blank] = Trouble.SECRET
            value = "\n".join(_lines(masked.text.replace(MARKER, " ")))
        elif any(len(line) > LONGEST_LINE for line in lines):
            troubles[blank] = Trouble.TOO_LONG
        elif len(lines) > MOST_LINES:
            troubles[blank] = Trouble.TOO_MANY_LINES
        values[blank] = value
    return Filled(values, troubles)


@dataclass(frozen=True)
class PrepareLetter:
    """The use case: a letter in words, and on paper."""

    wording: LetterWording
    printer: LetterPrinter

    def compose(self, template: str, filled: Filled, language: str) -> Letter:
        """Return the letter with what was typed. Raises NotFound for a letter nobody wrote."""
        return self.wording.letter(template, filled.values, language)

    def printable(self, filled: Filled) -> Filled:
        """Return the same with a trouble for each field that the paper cannot show."""
        lacking = {
            blank: signs
            for blank, value in filled.values.items()
            if (signs := self.printer.unprintable(value))
        }
        troubles = {**dict.fromkeys(lacking, Trouble.UNPRINTABLE), **filled.troubles}
        return Filled(filled.values, troubles, lacking)

    def typeset(self, letter: Letter) -> bytes:
        """Return the letter as a PDF."""
        return self.printer.typeset(letter)


def _lines(typed: str) -> list[str]:
    """Return the lines of a text, composed (NFC), without empty ones and signs nobody sees."""
    lines = (_seen(line) for line in _LINE_BREAK.split(unicodedata.normalize("NFC", typed)))
    return [line for line in lines if line]


def _seen(line: str) -> str:
    shown = (" " if unicodedata.category(sign) in _UNSEEN else sign for sign in line)
    return " ".join("".join(shown).split())
