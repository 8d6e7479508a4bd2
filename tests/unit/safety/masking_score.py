"""How well masking does on a labelled set: what stays readable of a secret, what is touched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.safety.masking import MARKER
from assistant.safety.normalise import fold
from tests.unit.safety.labelled import read_lines

_MARK = re.compile(r"\[\[(\w+|\+)\|(.*?)\]\]", re.DOTALL)
_NUMBER_WORDS = frozenset(
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " vingt vingts trente quarante cinquante soixante cent".split()
)
_MOST_READABLE = 3  # signs; four of a secret may already help to find the rest
_HARMLESS = "keep"


@dataclass(frozen=True)
class Stretch:
    """A part of a message; the parts of one secret have one number."""

    start: int
    end: int
    kind: str
    secret: int


@dataclass(frozen=True)
class Message:
    """A labelled message of a set."""

    variant: str
    text: str
    stretches: Sequence[Stretch]


@dataclass
class Score:
    """What was asked and what went wrong, by variant."""

    secrets: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    harmless: Counter[str] = field(default_factory=Counter)
    touched: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of the secrets of which at most three signs stay readable."""
        return 1 - self.missed.total() / self.secrets.total()

    @property
    def false_touches(self) -> float:
        """The share of the harmless numbers of which a sign was masked."""
        return self.touched.total() / self.harmless.total()


def read_set(name: str) -> list[Message]:
    """Read a labelled set."""
    messages: list[Message] = []
    for line in read_lines(name):
        variant, marked = line.split("\t", maxsplit=1)
        text, stretches, position, secret = "", [], 0, 0
        for mark in _MARK.finditer(marked):
            text += marked[position : mark.start()]
            secret += mark[1] != "+"
            stretches.append(Stretch(len(text), len(text) + len(mark[2]), mark[1], secret))
            text += mark[2]
            position = mark.end()
        messages.append(Message(variant, text + marked[position:], stretches))
    return messages


def readable(text: str, masked: str) -> bytearray:
    """Tell which characters of a text stay in its masked form (1) and which do not (0)."""
    kept = masked.split(MARKER)
    pattern = "(.+?)".join(f"({re.escape(piece)})" for piece in kept)
    match = re.fullmatch(pattern, text, re.DOTALL)
    if match is None:
        raise ValueError("the masked text is not the text with markers")
    shown = bytearray(len(text))
    for group in range(1, pattern.count("(.+?)") * 2 + 2, 2):
        start, end = match.span(group)
        shown[start:end] = b"\x01" * (end - start)
    return shown


def _units(value: str) -> int:
    """Count what a reader gets of a secret: number words when it is spoken, else its signs."""
    words = fold(value).split()
    spoken = sum(word in _NUMBER_WORDS for word in words)
    return (
        spoken + sum(len(word) for word in words if word not in _NUMBER_WORDS)
        if spoken
        else (sum(map(str.isalnum, value)))
    )


def score(messages: Iterable[Message], mask: Callable[[str], str]) -> Score:
    """Mask each message and compare with its labels."""
    result = Score()
    for message in messages:
        masked = mask(message.text)
        shown = readable(message.text, masked)
        by_secret: dict[int, list[Stretch]] = {}
        for stretch in message.stretches:
            by_secret.setdefault(stretch.secret, []).append(stretch)
        for parts in by_secret.values():
            if parts[0].kind == _HARMLESS:
                result.harmless[message.variant] += 1
                if not all(all(shown[part.start : part.end]) for part in parts):
                    result.touched[message.variant] += 1
                    result.wrong.append((message.variant, message.text, masked))
                continue
            left, whole = 0, 0
            for part in parts:
                value = message.text[part.start : part.end]
                whole += _units(value)
                left += _units(
                    "".join(
                        sign if shown[part.start + index] else " "
                        for index, sign in enumerate(value)
                    )
                )
            result.secrets[message.variant] += 1
            if left > min(_MOST_READABLE, whole // 3):
                result.missed[message.variant] += 1
                result.wrong.append((message.variant, message.text, masked))
    return result
