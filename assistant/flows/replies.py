"""An answer to a waiting step, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Picked:
    """An option was chosen.

    ``option`` is the id of an option of the waiting step, ``blocked/<id>`` for a way out, or
    ``word/stuck``, ``word/retry`` and ``word/human`` for the choices that every question has.
    """

    option: str


@dataclass(frozen=True)
class Given:
    """A value was given: text, ISO date, postcode of five digits, or E.164 phone number."""

    value: str


Answer = Picked | Given
