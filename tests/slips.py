"""Slips of the finger, the same at each run."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.directory.gazetteer import Area, AreaKind, Gazetteer
from assistant.directory.gazetteer.places import Places

#: One wrong letter is mended from four letters on, two from seven.
LETTERS = {1: 4, 2: 7}


@dataclass(frozen=True)
class Misspelled:
    """The name of a town with wrong letters."""

    typed: str
    area: Area


def slip(name: str, fingers: random.Random) -> str:
    """Leave out, add, change or swap one character."""
    at = fingers.randrange(len(name))
    kind = fingers.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + fingers.choice(string.ascii_lowercase) + name[at:]
    if kind == 2:
        others = string.ascii_lowercase.replace(name[at], "")
        return name[:at] + fingers.choice(others) + name[at + 1 :]
    at = min(at, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def misspelled_towns(
    places: Places, *, slips: int, population: int = 5000, each: int = 1
) -> Iterator[Misspelled]:
    """Misspell the plain names of the communes that have so many people."""
    for row in places.rows_from(population):
        area = places.area(row)
        name = places.spaced[row]
        if area.kind is not AreaKind.COMMUNE or len(name.replace(" ", "")) < LETTERS[slips]:
            continue
        fingers = random.Random(f"{area.code} {slips}")  # noqa: S311 (repeatable, no secret)
        for _ in range(each):
            typed = name
            for _ in range(slips):
                typed = slip(typed, fingers)
            yield Misspelled(typed, area)


def is_found(gazetteer: Gazetteer, misspelled: Misspelled) -> bool:
    """Tell whether the town is among what would be asked."""
    choices = gazetteer.resolve(misspelled.typed).choices
    return misspelled.area.code in {choice.code for choice in choices}
