"""A stream of bytes read as places: the container, then the format, then each row."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from assistant.directory.readers.formats import Format, reader_of, recognise
from assistant.directory.readers.json_rows import json_line_rows, json_rows
from assistant.directory.readers.rows import RawRow, ReadRow, SourceBroken
from assistant.directory.readers.tabular import csv_rows

# Optional fields may be missing from the first items of a JSON list.
_SAMPLE_ROWS = 50
_PEEKED = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows of a stream, and the format that they were found to be in."""

    format: Format
    rows: Iterator[ReadRow]


def read_stream(stream: BinaryIO, today: date, expected: Format | None = None) -> Reading:
    """Return the places of a stream, read while they are asked for.

    Raises SourceBroken at once when it is not data, and later where the data breaks off.
    """
    raw_rows = _container(stream)
    sample = list(itertools.islice(raw_rows, _SAMPLE_ROWS))
    columns = {name for row in sample if row.cells is not None for name in row.cells}
    found = expected or recognise(columns)
    if found is None:
        known = ", ".join(sorted(columns)[:12]) or "aucune"
        raise SourceBroken(
            f"Format inconnu (colonnes lues : {known}). Il faut au moins « nom » et « commune », "
            "ou la liste France services."
        )
    reader = reader_of(found)
    return Reading(found, (reader.read(row, today) for row in itertools.chain(sample, raw_rows)))


class _Raw(io.RawIOBase):
    """Any stream of bytes, as what a buffer reads from."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read that stream."""
        self._stream = stream

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer."""
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def _container(stream: BinaryIO) -> Iterator[RawRow]:
    peekable = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Raw(stream))
    start = peekable.peek(_PEEKED)[:_PEEKED]
    if start.startswith(b"\xef\xbb\xbf"):
        peekable.read(3)
        start = start[3:]
    text = start.lstrip()
    if not text:
        raise SourceBroken("Ce fichier est vide.")
    if text.startswith(b"<"):
        raise SourceBroken("Cette adresse a rendu une page web, et non des données.")
    if text.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SourceBroken("Ce fichier n'est pas du texte : enregistrez-le en CSV (UTF-8).")
    read: Callable[[BinaryIO], Iterator[RawRow]] = csv_rows
    if text.startswith(b"["):
        read = json_rows
    elif text.startswith(b"{"):
        read = json_line_rows if _is_one_object_a_line(text) else json_rows
    return read(peekable)


def _is_one_object_a_line(text: bytes) -> bool:
    first, newline, rest = text.partition(b"\n")
    if not newline or not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False
