"""The one spelling in which every safety rule reads what people type."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that no Unicode decomposition brings back to the letters people type instead.
_LETTERS = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "ß": "ss",
    "ة": "ه",  # Arabic spellings that alternate freely in messages
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ـ": "",  # tatweel only stretches a word
}
_APOSTROPHES = frozenset("'’‘ʼʹ`´′＇")
_DASHES = frozenset("-‐‑‒–—―−﹣－")
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_NOT_A_WORD = re.compile(r"[\W_]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _DASHES:
        return "-"
    folded: list[str] = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).lower()):
        category = unicodedata.category(part)
        if category in _INVISIBLE:
            continue
        if category == "Nd":
            folded.append(str(unicodedata.decimal(part)))
        elif part.isspace():
            folded.append("\n" if part in "\n\r\v\f\x85\u2028\u2029" else " ")
        else:
            folded.append(_LETTERS.get(part, part))
    return "".join(folded)


def fold(text: str) -> str:
    """Give the words of a text in lower case, without accents, punctuation or stretched letters.

    Words are separated by one space, digits of any script become 0-9, "stoooop" becomes "stop",
    "j'ai" becomes "j ai". Folding twice changes nothing more.
    """
    words = _NOT_A_WORD.sub(" ", "".join(map(_fold_character, text))).strip()
    return _STRETCHED.sub(r"\1", words)


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A text in folded characters, each of which knows the original character it came from."""

    original: str
    folded: str
    origins: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the bounds, in the original, of the folded characters from start to end.

        What is drawn on the last character (accent, keycap, variation selector) belongs to it.
        """
        first, last = self.origins[start], self.origins[end - 1] + 1
        while last < len(self.original) and (
            unicodedata.category(self.original[last]) in _INVISIBLE
        ):
            last += 1
        return first, last

    def is_upper(self, start: int, end: int) -> bool:
        """Tell whether the original has capitals, and no small letter, from start to end."""
        first, last = self.original_span(start, end)
        return self.original[first:last].isupper()


def align(text: str) -> AlignedText:
    """Fold a text character by character, keeping punctuation and the way back to the original."""
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for part in _fold_character(character):
            folded.append(part)
            origins.append(index)
    return AlignedText(text, "".join(folded), tuple(origins))
