"""JSON as it is published: a list, lists under names, GeoJSON, or one object a line; streamed.

GeoJSON keeps the columns of a row under ``properties``, OpenDataSoft (exports v1) under ``fields``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import ijson  # type: ignore[import-untyped]
from ijson.common import ObjectBuilder  # type: ignore[import-untyped]

from assistant.directory.readers.rows import RawRow, SourceBroken, column_name
from assistant.directory.remarks import Notes, Reason

# Deeper or larger than any description of a place: what is built is kept in memory.
_MOST_EVENTS = 20_000
_LONGEST_LINE = 1024 * 1024
# Stands in a path for an object that is no row.
_OBJECT = "{"
_OPENING = frozenset({"start_map", "start_array"})
_CLOSING = frozenset({"end_map", "end_array"})


def json_rows(stream: BinaryIO) -> Iterator[RawRow]:
    """Yield the objects of the lists of a JSON document; ``line`` is the rank of the object.

    Raises SourceBroken where the document ends before its end, or is not JSON.
    """
    try:
        yield from _rows(stream)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise SourceBroken(
            "Ce JSON est coupé ou mal formé : téléchargez-le à nouveau. Rien n'a été importé."
        ) from error


def json_line_rows(stream: BinaryIO) -> Iterator[RawRow]:
    """Yield the objects of a document that has one on each line; a broken line is refused."""
    rank = 0
    while line := stream.readline(_LONGEST_LINE):
        rank += 1
        if line.strip():
            try:
                yield _row(rank, json.loads(line), [])
            except (ValueError, RecursionError):
                notes = Notes(rank)
                notes.refused("", line.decode("utf-8", errors="replace"), Reason.NOT_A_ROW)
                yield RawRow(rank, None, notes.remarks)


def _rows(stream: BinaryIO) -> Iterator[RawRow]:
    """Follow the events of the parser: whatever list is met, its objects are rows.

    ``path`` holds the name of each container that is open and is not a row.
    """
    path: list[str] = []
    key = ""
    rank = 0
    events = ijson.basic_parse(stream)
    for event, value in events:
        if event == "map_key":
            key = value
        elif event == "start_array":
            path.append(key)
            key = ""
        elif event in _CLOSING:
            path.pop()
        elif event == "start_map" and (not path or path[-1] == _OBJECT):
            path.append(_OBJECT)
        elif event == "start_map":
            rank += 1
            yield _row(rank, _built(events), path)
        elif path == [""]:
            rank += 1
            yield _row(rank, value, path)


def _built(events: Iterator[tuple[str, object]]) -> dict[str, object] | None:
    """Build the object whose beginning was just read; None when it is out of all measure."""
    builder = ObjectBuilder()
    builder.event("start_map", None)
    depth = count = 1
    for event, value in events:
        count += 1
        if count < _MOST_EVENTS:
            builder.event(event, value)
        depth += (event in _OPENING) - (event in _CLOSING)
        if depth == 0:
            break
    built: dict[str, object] = builder.value
    return built if count < _MOST_EVENTS else None


def _row(rank: int, value: object, path: Sequence[str]) -> RawRow:
    notes = Notes(rank)
    if not isinstance(value, dict):
        notes.refused("", value, Reason.ROW_TOO_LONG if value is None else Reason.NOT_A_ROW)
        return RawRow(rank, None, notes.remarks)
    cells: dict[str, object] = {column_name(str(name)): cell for name, cell in value.items()}
    properties = value.get("properties", value.get("fields"))
    geometry = value.get("geometry")
    if isinstance(properties, dict):
        cells = {column_name(str(name)): cell for name, cell in properties.items()}
        if isinstance(geometry, dict) and geometry.get("type") == "Point":
            coordinates = geometry.get("coordinates")
            if isinstance(coordinates, list) and len(coordinates) > 1:
                cells.setdefault("longitude", coordinates[0])
                cells.setdefault("latitude", coordinates[1])
    return RawRow(rank, cells, collection=column_name(path[-1]) if path else "")
