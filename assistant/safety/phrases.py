"""Phrases that are recognised whatever the spelling: SMS French, missing accents, typing errors.

A phrase is written in plain words of any language:

* ``me frappe|tape|bat`` one of several words;
* ``appelez une? ambulance`` a word that may be missing;
* ``suicid-`` a word that begins so;
* ``arrive * respirer`` up to three words of any kind;
* ``pris # cachets`` a number of ten or more;
* ``^avc$`` the whole message, ``^au secours`` its beginning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from assistant.safety.normalise import fold

_LONGEST_GAP = 3  # words
_SHORTEST_FUZZY = 6  # letters of a word's sound; shorter words have too many neighbours
_SPLIT_LETTERS = frozenset("jmtsnldc")  # "jarrive", "metouffe", "sest": a pronoun stuck to a verb
_VOWELS = frozenset("aeiouyh")

# SMS spellings that their sound does not give away.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "g": ("j", "ai"),
    "jai": ("j", "ai"),
    "jen": ("j", "en"),
    "jveu": ("j", "veux"),
    "jveux": ("j", "veux"),
    "jpe": ("j", "peux"),
    "jpeu": ("j", "peux"),
    "jpeux": ("j", "peux"),
    "jme": ("j", "me"),
    "jvai": ("j", "vais"),
    "jvais": ("j", "vais"),
    "jsui": ("j", "suis"),
    "jsuis": ("j", "suis"),
    "chui": ("j", "suis"),
    "chuis": ("j", "suis"),
    "jte": ("j", "te"),
    "c": ("c", "est"),
    "cest": ("c", "est"),
    "sest": ("s", "est"),
    "ya": ("il", "y", "a"),
    "pa": ("pas",),
    "pu": ("plus",),
    "suicid": ("suicide",),
    "tt": ("tout",),
    "ts": ("tous",),
    "tjs": ("toujours",),
    "tjrs": ("toujours",),
    "bcp": ("beaucoup",),
    "pr": ("pour",),
    "ds": ("dans",),
    "dun": ("d", "un"),
    "den": ("d", "en"),
    "qd": ("quand",),
    "ke": ("que",),
    "ki": ("qui",),
    "medoc": ("medicaments",),
    "medocs": ("medicaments",),
    "cachetons": ("cachets",),
    "qil": ("qu", "il"),
    "quil": ("qu", "il"),
    "kil": ("qu", "il"),
}
# Words that change nothing to what is said; "ne" is dropped in speech and in messages.
_SILENT = frozenset("ne n tres vraiment tellement juste super svp stp hein euh pitie".split())
_SAME = {"j": "je", "m": "me", "t": "te", "s": "se", "d": "de", "qu": "que"}
_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"qu?(?=[aeiouy])"), "k"),
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"c(?=[aou]|k|$)"), "k"),
    (re.compile(r"y"), "i"),
    (re.compile(r"([a-z])\1+"), r"\1"),
    (re.compile(r"(?<=[a-z]{2})(?:er|ez|ees?|es|e)$|(?<=[a-z]{3})[stxd]+$"), ""),
)
_LATIN = re.compile(r"[a-z]+")


def sound(word: str) -> str:
    """Give what is left of a folded word when French spelling is set aside ("frappée": "frap")."""
    if not _LATIN.fullmatch(word):
        return word
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def _split(text: str) -> list[str]:
    """Give the words of a text as phrases are compared: SMS spellings opened, silent ones out."""
    words: list[str] = []
    written = fold(text).split()
    for word, following in zip(written, [*written, ""][1:], strict=True):
        opened = _SPELLINGS.get(word, (word,))
        words.extend(opened[:1] if opened[1:] == (following,) else opened)
    return [_SAME.get(word, word) for word in words if word not in _SILENT]


@dataclass(frozen=True, slots=True)
class _Part:
    sounds: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    number: bool = False

    def accepts(self, heard: frozenset[str]) -> bool:
        if self.number:
            return any(word.isdecimal() and len(word) >= 2 for word in heard)
        return not self.sounds.isdisjoint(heard) or any(
            word.startswith(beginning) for word in heard for beginning in self.beginnings
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase ready to be compared."""

    parts: tuple[_Part, ...]
    from_start: bool
    to_end: bool

    @classmethod
    def read(cls, written: str) -> Phrase:
        """Read a phrase from its notation."""
        body = written.removeprefix("^").removesuffix("$").strip()
        parts = tuple(part for token in body.split() for part in _read_parts(token))
        if not parts or parts[0].gap or parts[0].optional:
            raise ValueError(f"a phrase begins with a word that must be there: {written!r}")
        return cls(parts, written.startswith("^"), written.endswith("$"))

    def end(self, words: Sequence[frozenset[str]], start: int) -> int | None:
        """Give where the phrase ends when it begins at a word; None when it does not."""
        if self.from_start and start:
            return None
        reached = {start}
        for part in self.parts:
            following = set(reached) if part.optional or part.gap else set()
            for position in reached:
                if part.gap:
                    following.update(range(position + 1, position + _LONGEST_GAP + 1))
                elif position < len(words) and part.accepts(words[position]):
                    following.add(position + 1)
            reached = following
            if not reached:
                return None
        ends = [end for end in reached if end <= len(words)]
        if self.to_end:
            return len(words) if len(words) in ends else None
        return max(ends, default=None)


def _read_parts(token: str) -> Iterable[_Part]:
    if token == "*":  # noqa: S105 (a sign of the notation)
        return (_Part(gap=True),)
    if token == "#":  # noqa: S105 (a sign of the notation)
        return (_Part(number=True),)
    optional = token.endswith("?")
    sounds: set[str] = set()
    beginnings: list[str] = []
    for word in token.removesuffix("?").split("|"):
        folded = fold(word)
        if word.endswith("-"):
            beginnings.append(sound(folded))
        else:
            sounds.add(sound(_SAME.get(folded, folded)))
    return (_Part(frozenset(sounds), tuple(beginnings), optional),)


class PhraseBook:
    """Phrases under names, found in a message in time proportional to its length."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """Read the phrases of each name."""
        self._by_sound: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        self._by_beginning: list[tuple[str, str, Phrase]] = []
        vocabulary: set[str] = set()
        for name, written in phrases.items():
            for phrase in map(Phrase.read, written):
                first = phrase.parts[0]
                for key in first.sounds:
                    self._by_sound[key].append((name, phrase))
                for beginning in first.beginnings:
                    self._by_beginning.append((beginning, name, phrase))
                vocabulary.update(*(part.sounds for part in phrase.parts))
        self._vocabulary = frozenset(vocabulary)
        self._fuzzy: dict[str, list[str]] = defaultdict(list)
        for key in vocabulary:
            if len(key) >= _SHORTEST_FUZZY and _LATIN.fullmatch(key):
                self._fuzzy[key[0]].append(key)

    def _hear(self, text: str) -> list[frozenset[str]]:
        """Give the words of a message, each as the sounds of the book that it may stand for."""
        known: dict[str, tuple[frozenset[str], ...]] = {}
        words: list[frozenset[str]] = []
        for word in _split(text):
            if word not in known:
                known[word] = self._hear_word(word)
            words.extend(known[word])
        return words

    def _hear_word(self, word: str) -> tuple[frozenset[str], ...]:
        heard = sound(word)
        if heard in self._vocabulary:
            return (frozenset({heard}),)
        rest = sound(word[1:])
        if (
            word[0] in _SPLIT_LETTERS
            and len(word) >= 4
            and rest in self._vocabulary
            and (word[0] == "j" or word[1] in _VOWELS)
        ):
            return (frozenset({sound(_SAME.get(word[0], word[0]))}), frozenset({rest}))
        close = [
            key
            for key in self._fuzzy.get(heard[:1], ())
            if len(heard) >= _SHORTEST_FUZZY and OSA.distance(heard, key, score_cutoff=1) <= 1
        ]
        return (frozenset({heard, *close}),)

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """Give the name, first word and end of each phrase that a message holds."""
        words = self._hear(text)
        found: list[tuple[str, int, int]] = []
        for start, sounds in enumerate(words):
            for key in sounds:
                candidates = list(self._by_sound.get(key, ()))
                candidates += [
                    (name, phrase)
                    for beginning, name, phrase in self._by_beginning
                    if key.startswith(beginning)
                ]
                for name, phrase in candidates:
                    end = phrase.end(words, start)
                    if end is not None:
                        found.append((name, start, end))
        return found
