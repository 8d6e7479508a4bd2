"""The last look at our own words: what holds an unapproved number or address does not leave."""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.domain.messages import Words
from assistant.safety.approved import Approved, Unapproved

log = logging.getLogger(__name__)

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…؟。])\s+|\n+")


class Alarms:
    """Tells whoever runs the product that something was held back, and how often."""

    def __init__(self) -> None:
        """Begin at none."""
        self._lock = threading.Lock()
        self._count = 0

    @property
    def count(self) -> int:
        """How often since the start of the process."""
        return self._count

    def sound(self, key: str, kind: str) -> None:
        """Log what it was: the key of the text and the kind of contact, never the words."""
        with self._lock:
            self._count += 1
        log.error("a text was held back: %s holds a %s that nobody approved", key, kind)


@dataclass(frozen=True)
class Neutral:
    """What is said in place of a sentence, and of a label, in one language."""

    sentence: str
    label: str


@dataclass(frozen=True)
class Guard:
    """Replaces the sentences that may not leave. What citizens wrote is not for it to read."""

    approved: Approved
    alarms: Alarms = field(default_factory=Alarms)

    def words(self, key: str, words: Words, neutral: Neutral) -> Words:
        """Return words without anything to call or to open that is not approved."""
        text = self.text(key, words.text, neutral.sentence)
        choices = tuple(
            replace(each, label=self.text(key, each.label, neutral.label)) for each in words.choices
        )
        links = []
        for link in words.links:
            if self.approved.allows(link.url) and not self.approved.find(link.label):
                links.append(link)
            else:
                self.alarms.sound(key, "link")
        return replace(words, text=text, choices=choices, links=tuple(links))

    def text(self, key: str, text: str, neutral: str) -> str:
        """Return a text with each offending sentence replaced by the neutral one."""
        found = self.approved.find(text)
        if not found:
            return text
        for kind in dict.fromkeys(each.kind for each in found):
            self.alarms.sound(key, kind)
        left = _replace_sentences(unicodedata.normalize("NFC", text), found, neutral)
        # Two harmless halves may make a number once what stood between them is gone.
        return neutral if self.approved.find(left) else left


def _replace_sentences(text: str, found: Sequence[Unapproved], neutral: str) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, gap in _sentences(text):
        offends = any(each.start < end and start < each.start + len(each.value) for each in found)
        if not offends:
            pieces += [text[start:end], gap]
        elif neutral not in pieces[-2:]:
            pieces += [neutral, gap]
        position = end + len(gap)
    return "".join((*pieces, text[position:])).rstrip()


def _sentences(text: str) -> list[tuple[int, int, str]]:
    """Give the sentences of a text by their bounds, each with the space that follows it."""
    bounds: list[tuple[int, int, str]] = []
    start = 0
    for gap in _BETWEEN_SENTENCES.finditer(text):
        bounds.append((start, gap.start(), gap.group()))
        start = gap.end()
    bounds.append((start, len(text), ""))
    return bounds
