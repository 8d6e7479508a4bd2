"""How long something is kept, in words."""

from __future__ import annotations

from babel.units import format_unit

from assistant.domain.retention import Window


def length_of(window: Window, language: str, count: int | None = None) -> str:
    """Return the length of a window; ``count`` replaces its own where an operator set another."""
    units = window.count if count is None else count
    if units is None:
        raise ValueError("no clock ends it")
    return format_unit(units, f"duration-{window.unit}", length="long", locale=language)
