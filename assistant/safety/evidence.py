"""What the finders of secrets share: the text as read, and what each part of it was found to be."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.safety.normalise import AlignedText, align

MARKER = "▮▮▮"
_WORD = re.compile(r"[^\W_]+")


class SecretKind(StrEnum):
    """What a masked secret was."""

    NIR = "nir"
    CARD_SERIAL = "card_serial"
    PROVISIONAL_CODE = "provisional_code"
    BANK_CARD = "bank_card"
    IBAN = "iban"
    PASSWORD = "password"  # noqa: S105 (the name of a kind, not a password)


@dataclass(frozen=True, slots=True)
class Word:
    """Letters and digits in a row, folded, with their place in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of the folded text that is a secret."""

    kind: SecretKind
    start: int
    end: int


@dataclass(slots=True)
class Evidence:
    """One text under examination; finders claim its parts, the surest finder first.

    A part that was claimed, as a secret or as harmless, is out of reach of the finders after.
    """

    aligned: AlignedText
    words: Sequence[Word]
    capitals: int
    findings: list[Finding] = field(default_factory=list)
    _claimed: bytearray = field(default_factory=bytearray)

    @classmethod
    def of(cls, text: str) -> Evidence:
        """Read a text."""
        aligned = align(text)
        words = [Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(aligned.folded)]
        capitals = sum(map(str.isupper, text))
        return cls(aligned, words, capitals, [], bytearray(len(aligned.folded)))

    @property
    def text(self) -> str:
        """The folded text."""
        return self.aligned.folded

    def is_free(self, start: int, end: int) -> bool:
        """Tell whether nothing from start to end was claimed."""
        return self._claimed.find(1, start, end) < 0

    def keep(self, start: int, end: int) -> None:
        """Claim a harmless part: it stays as it is."""
        self._claimed[start:end] = b"\x01" * (end - start)

    def mask(self, kind: SecretKind, spans: Iterable[tuple[int, int]]) -> None:
        """Claim the parts of one secret: they are to be masked."""
        for start, end in spans:
            if self.text[end : end + 1] == ")" and self.text.find("(", start, end) >= 0:
                end += 1  # noqa: PLW2901 (a bracket opened inside closes inside)
            self.findings.append(Finding(kind, start, end))
            self.keep(start, end)

    def word_index(self, position: int) -> int:
        """Give the index of the first word that starts at a position or after it."""
        return bisect_left(self.words, position, key=lambda word: word.start)

    def words_before(self, position: int, count: int) -> Sequence[Word]:
        """Give up to `count` words that end before a position, in reading order."""
        index = self.word_index(position)
        return self.words[max(0, index - count) : index]

    def words_after(self, position: int, count: int) -> Sequence[Word]:
        """Give up to `count` words that start at a position or after it."""
        index = self.word_index(position)
        return self.words[index : index + count]

    def says_before(self, position: int, labels: frozenset[str], count: int) -> bool:
        """Tell whether one of the words just before a position is one of the labels."""
        return any(word.text in labels for word in self.words_before(position, count))

    def says_after(self, position: int, labels: frozenset[str], count: int) -> bool:
        """Tell whether one of the words just after a position is one of the labels."""
        return any(word.text in labels for word in self.words_after(position, count))
