"""A place as JSON: what is known of it and nothing else, so that equal places are equal texts."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.directory.place import Place, Point
from assistant.directory.vocabulary import (
    Access,
    Audience,
    Care,
    Fee,
    Label,
    Programme,
    Roaming,
    Service,
    Support,
)

_LISTS: dict[str, type[StrEnum]] = {
    "services": Service,
    "audiences": Audience,
    "care": Care,
    "fees": Fee,
    "programmes": Programme,
    "labels": Label,
    "access": Access,
    "support": Support,
    "roaming": Roaming,
}
_NAMES = tuple(field.name for field in fields(Place))
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def place_to_json(place: Place) -> str:
    """Return the text of a place; the same place always gives the same text."""
    written: dict[str, object] = {}
    for name in _NAMES:
        value = getattr(place, name)
        if not value:
            continue
        if name in _LISTS:
            written[name] = [member.name for member in value]
        elif isinstance(value, Point):
            written[name] = [value.latitude, value.longitude]
        elif isinstance(value, date):
            written[name] = value.isoformat()
        else:
            written[name] = value
    return _ENCODER.encode(written)


def place_from_json(text: str) -> Place:
    """Return the place of a text that ``place_to_json`` wrote."""
    values: dict[str, Any] = json.loads(text)
    for name, value in values.items():
        if name in _LISTS:
            values[name] = tuple(_LISTS[name][each] for each in value)
        elif name == "point":
            values[name] = Point(*value)
        elif name == "updated":
            values[name] = date.fromisoformat(value)
        elif isinstance(value, list):
            values[name] = tuple(value)
    return Place(**values)
