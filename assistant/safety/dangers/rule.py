"""The shape of a rule that recognises a danger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Danger(StrEnum):
    """A danger, by the id of the need that answers it.

    When a message tells of several, the first of this list is answered: what kills within minutes,
    a suicide attempt under way included; then the wish to die; then violence.
    """

    MEDICAL = "urgence_medicale"
    DISTRESS = "detresse"
    VIOLENCE = "violences"


@dataclass(frozen=True, slots=True)
class DangerRule:
    """Phrases that tell of one danger, unless they are said inside a harmless phrase.

    The notation of phrases is told in `assistant/safety/phrases.py`.
    """

    id: str
    danger: Danger
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()
