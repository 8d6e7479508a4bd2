"""CSV as it is published: any separator, any encoding, broken quotes; one record in memory."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from assistant.directory.readers.rows import RawRow, SourceBroken, column_name
from assistant.directory.remarks import Notes, Reason

_SEPARATORS = ";,|\t"
# The longest true description of data·inclusion is 10,000 characters.
_LONGEST_LINE = 256 * 1024
# A quote that is still open after so many lines was never meant to open.
_LONGEST_RECORD = 400
_FEW_COLUMNS = 6
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class _Lines:
    """The lines of a stream, decoded one by one, that can be given back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._returned: deque[tuple[int, str, bool]] = deque()
        self._number = 0

    def take(self) -> tuple[int, str, bool] | None:
        """Return number, text and whether it had to be read as Windows-1252; None at the end."""
        if self._returned:
            return self._returned.popleft()
        raw = self._stream.readline(_LONGEST_LINE)
        if not raw:
            return None
        self._number += 1
        if self._number == 1:
            if raw.startswith(_UTF16):
                raise SourceBroken("Ce fichier est en UTF-16 : enregistrez-le en UTF-8.")
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = self._stream.readline(_LONGEST_LINE)
            return self._number, "", False
        try:
            return self._number, raw.decode("utf-8"), False
        except UnicodeDecodeError:
            # The five bytes that Windows-1252 leaves out are read as controls, and cleaned later.
            return self._number, raw.decode("cp1252", errors="replace"), True

    def give_back(self, lines: list[tuple[int, str, bool]]) -> None:
        """Take these lines next."""
        self._returned.extendleft(reversed(lines))


def csv_rows(stream: BinaryIO) -> Iterator[RawRow]:
    """Yield the rows of a CSV; ``line`` is that of the file, where the record begins.

    Raises SourceBroken when there is no header.
    """
    lines = _Lines(stream)
    columns, separator = _header(lines)
    while (first := lines.take()) is not None:
        if first[1].strip("\r\n \t\x00;,|"):
            yield _row(lines, first, columns, separator)
        elif not first[1]:
            yield _refused(first[0], "", Reason.ROW_TOO_LONG)


def _header(lines: _Lines) -> tuple[list[str], str]:
    while (line := lines.take()) is not None:
        text = line[1].strip("\r\n")
        if not text.strip() or re.fullmatch(r"sep=.", text.strip()):
            continue
        unquoted = re.sub(r'"[^"]*"', "", text)
        separator = max(_SEPARATORS, key=unquoted.count)
        columns = [column_name(cell) for cell in _cells(text, separator) or ()]
        if len([column for column in columns if column]) > 1:
            return columns, separator
        break
    raise SourceBroken(
        "Ce fichier n'a pas de ligne d'en-têtes de colonnes : est-ce bien un CSV de lieux ?"
    )


def _row(lines: _Lines, first: tuple[int, str, bool], columns: list[str], separator: str) -> RawRow:
    taken, text = [first], first[1]
    while text.count('"') % 2 and len(taken) < _LONGEST_RECORD:
        following = lines.take()
        if following is None:
            break
        taken.append(following)
        text += following[1]
    cells = _cells(text, separator) if text.count('"') % 2 == 0 else None
    if len(taken) > 1 and (
        cells is None or not _fits(cells, columns) or _holds_a_row(taken[1:-1], columns, separator)
    ):
        # The quote was a stray one: the first line stands alone, the others are read again.
        lines.give_back(taken[1:])
        taken, text = [first], first[1]
        cells = None
    if cells is None:
        literal = _cells(text, separator, quoting=csv.QUOTE_NONE)
        if literal is None or len(literal) != len(columns):
            return _refused(first[0], text, Reason.UNCLOSED_QUOTE)
        cells = [cell.strip('"') for cell in literal]
    if not _fits(cells, columns):
        return _refused(first[0], text, Reason.TOO_MANY_CELLS)
    notes = Notes(first[0])
    for _, raw, was_decoded in taken:
        if was_decoded:
            notes.mended("", raw, Reason.ENCODING)
    return RawRow(first[0], dict(zip(columns, cells, strict=False)), notes.remarks)


def _cells(text: str, separator: str, quoting: int = csv.QUOTE_MINIMAL) -> list[str] | None:
    try:
        records = list(
            csv.reader(
                text.replace("\x00", "").splitlines(keepends=True),
                delimiter=separator,
                quoting=quoting,  # type: ignore[arg-type]
            )
        )
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def _holds_a_row(lines: list[tuple[int, str, bool]], columns: list[str], separator: str) -> bool:
    """Tell whether a line within a quoted text is a row itself: the quote before it was stray."""
    if separator == "," and len(columns) < _FEW_COLUMNS:
        return False  # a sentence may well have that many commas
    return any(text.count(separator) == len(columns) - 1 for _, text, _ in lines)


def _fits(cells: list[str], columns: list[str]) -> bool:
    """Tell whether the cells go under the columns; empty ones at the end are no cells."""
    return not any(cell.strip() for cell in cells[len(columns) :])


def _refused(line: int, text: str, reason: Reason) -> RawRow:
    notes = Notes(line)
    notes.refused("", text, reason)
    return RawRow(line, None, notes.remarks)
