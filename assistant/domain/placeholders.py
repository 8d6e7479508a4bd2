"""``{fact:<id>}`` in a text: the place of a number, an hour, a price or a link."""

from __future__ import annotations

import re
from collections.abc import Callable

PLACEHOLDER = re.compile(r"\{fact:([a-z][a-z0-9_]*)\}")


def placeholders(text: str) -> tuple[str, ...]:
    """Return the ids of the facts that a text calls for, in order."""
    return tuple(PLACEHOLDER.findall(text))


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """Return the text with each ``{fact:<id>}`` replaced by the value of that fact."""
    return PLACEHOLDER.sub(lambda found: value_of(found[1]), text)
