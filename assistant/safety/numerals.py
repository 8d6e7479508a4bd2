"""Numbers as people write them: groups of digits, and what stands between two groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from operator import itemgetter
from typing import TypeAlias

from assistant.safety.evidence import MARKER, Word

_RUN = re.compile(r"\d+|[^\W\d_]+")
_PUNCTUATION = re.compile(r"[ \t.,;:/\\_\-'\"()\[\]|*·•]{0,5}")
_PUNCTUATION_SIGNS = re.compile(r"[ \t.,;:/\\_\-'\"()\[\]|*·•\n]")
_LINE = re.compile(r"[ \t.,;:/\\_\-'\"()\[\]|*·•\n]{0,8}")
_READS_AS_DIGITS = re.compile(r"[oil]{0,4}\d|(?!il$|lol$|loi$)[oil]{1,4}$")
_READS_AS_NUMBER = re.compile(r"(?!il$|lol$|loi$)[oil]{1,4}")
_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")
_LONGEST_PROSE = 60  # characters between two halves of one number; further apart they are two
_LONGEST_CUT = 8  # characters between the "2" and the "A" or "B" of one department
_CONNECTORS = frozenset(
    "puis et ensuite apres suivi suivie de du tiret point espace virgule slash barre la le cle clef"
    " key then and dash space n no num numero fin debut suite alors enfin plus c est cest ce a"
    " derniers chiffres en dernier".split()
)


_Found: TypeAlias = tuple[str, int, int]  # digits, start, end


class Gap(IntEnum):
    """How far a group of digits stands from the one before it, from nearest to furthest."""

    PUNCTUATION = 1
    LINE = 2
    CONNECTOR = 3
    PROSE = 4
    BREAK = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Digits in a row; "2A" and "2B" keep the letter of Corsica, "O6" is read as "06"."""

    digits: str
    start: int
    end: int
    gap: Gap
    separator: str


def _read_runs(word: Word) -> Iterator[_Found]:
    """Give the digits of a word; a letter that stands for a digit counts as one."""
    runs = [(run.group(), run.start(), run.end()) for run in _RUN.finditer(word.text)]
    digits, start = "", 0
    for index, (run, run_start, run_end) in enumerate(runs):
        if run.isdecimal():
            readable = run
        elif len(runs) > 1 and not run.strip("oil") and (len(run) <= 3 or not run.strip("o")):
            readable = run.translate(_LETTERS_FOR_DIGITS)
        elif digits.endswith("2") and run in {"a", "b"}:
            readable = run.upper()
        elif digits.endswith("2") and run.strip("oil") in {"a", "b"} and run[0] in "ab":
            readable = run[0].upper() + run[1:].translate(_LETTERS_FOR_DIGITS)
        else:
            if digits:
                yield digits, word.start + start, word.start + run_start
            digits = ""
            continue
        if not digits:
            start = run_start
        digits += readable
        if index == len(runs) - 1:
            yield digits, word.start + start, word.start + run_end


def _measure(separator: str) -> Gap:
    if MARKER[0] in separator or len(separator) > _LONGEST_PROSE:
        return Gap.BREAK
    if _PUNCTUATION.fullmatch(separator):
        return Gap.PUNCTUATION
    if _LINE.fullmatch(separator):
        return Gap.LINE
    words = re.findall(r"[^\W_]+", separator)
    if words:
        connects = all(word in _CONNECTORS for word in words)
    else:
        connects = all(_is_pictogram(sign) for sign in _PUNCTUATION_SIGNS.sub("", separator))
    return Gap.CONNECTOR if connects else Gap.PROSE


def _is_pictogram(sign: str) -> bool:
    """Tell whether a sign is drawn (an emoji and what it is made of), not an amount or a sum."""
    return unicodedata.category(sign) in {"So", "Sk", "Mn", "Me", "Cf"}


def _as_groups(text: str, found: Sequence[_Found]) -> list[Group]:
    groups: list[Group] = []
    previous_end = 0
    for digits, start, end in found:
        # A gap beyond the limit is a break whatever it holds: do not copy it out of a long text.
        near = groups and start - previous_end <= _LONGEST_PROSE
        separator = text[previous_end:start] if near else ""
        groups.append(
            Group(digits, start, end, _measure(separator) if near else Gap.BREAK, separator)
        )
        previous_end = end
    return groups


def read_groups(text: str, words: Sequence[Word]) -> list[Group]:
    """Read the groups of digits of a folded text."""
    return _as_groups(text, _read_written(text, words))


def _read_written(text: str, words: Sequence[Word]) -> list[_Found]:
    found: list[_Found] = []
    for index, word in enumerate(words):
        if word.text.isalpha():
            stands_alone = bool(found) and 0 < word.start - found[-1][2] <= 2
            followed = index + 1 < len(words) and (
                _READS_AS_DIGITS.match(words[index + 1].text) is not None
            )
            if followed and not stands_alone and word.text in {"l", "i"}:
                found.append(("1", word.start, word.end))
            if not (stands_alone and followed):
                continue
            if _READS_AS_NUMBER.fullmatch(word.text):
                found.append((word.text.translate(_LETTERS_FOR_DIGITS), word.start, word.end))
            elif word.text in {"a", "b"} and found[-1][0] == "2":
                digits, start, _ = found.pop()
                found.append((digits + word.text.upper(), start, word.end))
        elif found and found[-1][0].endswith("2") and _is_rest_of_corsica(text, word, found[-1][2]):
            rest = word.text[1:].translate(_LETTERS_FOR_DIGITS)
            found.append((word.text[0].upper() + rest, word.start, word.end))
        elif any(character.isdecimal() for character in word.text):
            found.extend(_read_runs(word))
    return found


def _is_rest_of_corsica(text: str, word: Word, previous_end: int) -> bool:
    """Tell whether a word goes on with a department that the cut split: "042 B06"."""
    return (
        0 < word.start - previous_end <= _LONGEST_CUT
        and re.fullmatch(r"[ab](?=[oil]*\d)[\doil]{1,8}", word.text) is not None
        and _measure(text[previous_end : word.start]) <= Gap.CONNECTOR
    )


_UNITS = "zero un deux trois quatre cinq six sept huit neuf".split()
_TEENS = "dix onze douze treize quatorze quinze seize".split()
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_REGIONAL_TENS = {70: ("septante",), 80: ("huitante", "octante"), 90: ("nonante",)}


def _say_below_twenty(number: int) -> str:
    if number < 10:
        return _UNITS[number]
    return _TEENS[number - 10] if number < 17 else f"dix {_UNITS[number - 10]}"


def _say_below_hundred() -> Iterator[tuple[str, str]]:
    for number in range(20):
        yield _say_below_twenty(number), str(number)
    for ten, name in [*_TENS.items(), (80, "quatre vingt"), (80, "quatre vingts")]:
        reach = 20 if ten in {60, 80} else 10
        yield name, str(ten)
        for unit in range(1, reach):
            yield f"{name} {_say_below_twenty(unit)}", str(ten + unit)
            if unit in {1, 11}:
                yield f"{name} et {_say_below_twenty(unit)}", str(ten + unit)
    for ten, names in _REGIONAL_TENS.items():
        for name in names:
            yield name, str(ten)
            yield f"{name} et un", str(ten + 1)
            for unit in range(1, 10):
                yield f"{name} {_UNITS[unit]}", str(ten + unit)


def _name_numbers() -> dict[tuple[str, ...], str]:
    """Name the numbers from 0 to 999 as they are said in France, Belgium and Switzerland."""
    below_hundred = list(_say_below_hundred())
    names = {tuple(name.split()): digits for name, digits in below_hundred}
    for hundred in range(1, 10):
        heads = ["cent"] if hundred == 1 else [f"{_UNITS[hundred]} {c}" for c in ("cent", "cents")]
        for head in heads:
            names[tuple(head.split())] = f"{hundred}00"
            for name, digits in below_hundred[1:]:
                names[tuple(f"{head} {name}".split())] = f"{hundred}{digits:0>2}"
    return names


_NAMED_NUMBERS = _name_numbers()
_NUMBER_WORDS = frozenset(word for name in _NAMED_NUMBERS for word in name) - {"et"}
_LONGEST_NAME = max(map(len, _NAMED_NUMBERS))


def read_spoken_groups(text: str, words: Sequence[Word]) -> list[Group]:
    """Read the groups of digits of a text that says some of them in French words; else none.

    "soixante-dix-huit" is 78, "zéro six" is 0 then 6. "un" is also an article: use this reading
    beside the plain one, never in its place.
    """
    spoken = list(_read_spoken(text, words))
    if not spoken:
        return []
    return _as_groups(text, sorted([*_read_written(text, words), *spoken], key=itemgetter(1)))


def _read_spoken(text: str, words: Sequence[Word]) -> Iterator[_Found]:
    index = 0
    while index < len(words):
        step = 1
        if words[index].text in _NUMBER_WORDS:
            for length in range(min(_LONGEST_NAME, len(words) - index), 0, -1):
                said = words[index : index + length]
                digits = _NAMED_NUMBERS.get(tuple(part.text for part in said))
                if digits is not None and _is_said_in_one(text, said):
                    if digits.endswith("2") and _says_corsica(text, words, index + length):
                        length += 1  # noqa: PLW2901 (the letter belongs to the department)
                        digits += words[index + length - 1].text.upper()
                    yield digits, said[0].start, words[index + length - 1].end
                    step = length
                    break
        index += step


def _says_corsica(text: str, words: Sequence[Word], index: int) -> bool:
    """Tell whether "A" or "B" follows "deux" and a number follows it: a department of Corsica."""
    if index + 1 >= len(words) or words[index].text not in {"a", "b"}:
        return False
    follows = words[index + 1].text in _NUMBER_WORDS or words[index + 1].text.isdecimal()
    between = text[words[index - 1].end : words[index].start]
    return follows and between in {" ", "-", ", "}


def _is_said_in_one(text: str, said: Sequence[Word]) -> bool:
    return all(text[before.end : after.start] in {" ", "-"} for before, after in pairwise(said))


def split_chains(groups: Sequence[Group], furthest: Gap) -> Iterator[list[Group]]:
    """Cut the groups into chains whose gaps are no further than one kind of gap."""
    chain: list[Group] = []
    for group in groups:
        if chain and group.gap > furthest:
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def joined(groups: Sequence[Group]) -> str:
    """Give the digits of several groups as one number."""
    return "".join(group.digits for group in groups)


def spans(groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Give the stretches of text to mask, leaving words and line ends between groups readable."""
    stretches: list[tuple[int, int]] = []
    for group in groups:
        if stretches and group.gap is Gap.PUNCTUATION:
            stretches[-1] = (stretches[-1][0], group.end)
        else:
            stretches.append((group.start, group.end))
    return stretches
