"""What the gazetteer of the product finds in a sentence, as entities of Rasa."""

from __future__ import annotations

import logging
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.directory.gazetteer import Gazetteer

#: The gazetteer lies beside this folder, and needs rapidfuzz.
ROOT = Path(__file__).resolve().parents[2]

_LOGGER = logging.getLogger(__name__)


@cache
def gazetteer() -> Gazetteer | None:
    """Read the gazetteer once; without it, the CRF finds communes alone."""
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    if find_spec("rapidfuzz") is None or find_spec("assistant") is None:
        _LOGGER.warning("no gazetteer here: communes are found by the CRF alone")
        return None
    from assistant.directory.embedded import embedded_gazetteer  # noqa: PLC0415 (may be absent)

    return embedded_gazetteer()


def named_places(text: str) -> list[dict[str, Any]]:
    """List the places that a sentence names; a postcode alone is another entity."""
    known = gazetteer()
    if known is None:
        return []
    return [
        {
            "entity": "commune",
            "start": mention.start,
            "end": mention.end,
            "value": mention.text,
            "confidence_entity": 1.0 if mention.resolution.exact else 0.8,
        }
        for mention in known.find_in_sentence(text)
        if not mention.text.isdigit()
    ]


def with_named_places(
    found: Sequence[dict[str, Any]],
    named: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Add what was found otherwise, where no named place lies."""
    elsewhere = [
        entity
        for entity in found
        if all(entity["end"] <= at["start"] or at["end"] <= entity["start"] for at in named)
    ]
    return sorted([*named, *elsewhere], key=lambda entity: int(entity["start"]))
