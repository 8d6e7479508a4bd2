"""How much a description tells somebody who wants to go there."""

from __future__ import annotations

from assistant.directory.place import Place

# What a person needs first weighs most; the sum is 100.
_WEIGHTS = {
    "point": 25,
    "phone": 20,
    "hours": 20,
    "address": 10,
    "services": 10,
    "updated": 5,
    "access": 5,
    "websites": 5,
}
_HOURS_TO_BE_READ = 8


def quality_parts(place: Place) -> dict[str, int]:
    """Return the points that each field earns, of 100 together."""
    parts = {name: points if getattr(place, name) else 0 for name, points in _WEIGHTS.items()}
    if place.point is not None and place.approximate:
        parts["point"] //= 2
    if not place.hours and place.hours_text:
        parts["hours"] = _HOURS_TO_BE_READ
    return parts


def quality(place: Place) -> int:
    """Return how complete a description is, of 100."""
    return sum(quality_parts(place).values())
