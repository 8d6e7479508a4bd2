"""A letter to sign: its words in order, and what somebody wants written in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Blank(StrEnum):
    """What a person may have written for them; each may stay empty, to be filled by hand."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    FUND = "fund"
    FUND_ADDRESS = "fund_address"
    PLACE = "place"


@dataclass(frozen=True)
class Line:
    """A named line; where ``value`` is empty there are ``rows`` of room to write by hand."""

    label: str
    value: str = ""
    rows: int = 1


@dataclass(frozen=True)
class Letter:
    """A letter in words, the same for a page, a sheet of paper and a text message.

    ``recipient`` holds the lines of the address; an empty one is left to be written by hand.
    """

    title: str
    sender: tuple[Line, ...]
    recipient: tuple[str, ...]
    place_and_date: tuple[Line, ...]
    subject: Line
    paragraphs: tuple[str, ...]
    signature: str
    language: str
