"""A row of a source, whatever contained it: cells under one spelling of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from assistant.directory.place import Place
from assistant.directory.remarks import Remark
from assistant.safety.normalise import fold


class SourceBroken(ValueError):
    """A source cannot be read to its end; the message, in French, says what to do."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row, and what its container had to say.

    ``cells`` is None for a row that could not be cut into cells; ``collection`` names the list of
    a JSON document that the row stood in.
    """

    line: int
    cells: Mapping[str, object] | None
    remarks: Sequence[Remark] = ()
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that a structure offers, told apart from the structure itself.

    ``place`` describes the service as if it were a place of its own.
    """

    structure_id: str
    place: Place


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a reader made of a row: a place, an offer of one, or nothing but remarks."""

    line: int
    place: Place | None
    offer: Offer | None
    remarks: Sequence[Remark]


class Reader(Protocol):
    """Reads the rows of one format."""

    def read(self, row: RawRow, today: date) -> ReadRow:
        """Return what a row says; whatever is wrong with it is a remark, never an exception."""


@lru_cache(maxsize=2_000)
def column_name(header: str) -> str:
    """Return the one spelling of a column: lower case, no accent, words joined by "_"."""
    return fold(header).replace(" ", "_")
