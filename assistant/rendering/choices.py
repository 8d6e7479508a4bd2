"""Puts the lines of « Mes choix » into words: one numbered line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from assistant.domain.choices import ShownLine
from assistant.domain.messages import Channel


class Speak(Protocol):
    """Gives one of our own sentences in a language, by its key."""

    def __call__(self, key: str, **params: object) -> str:
        """Return the sentence with these parameters."""


def tell_lines(lines: Sequence[ShownLine], speak: Speak, channel: Channel) -> Sequence[str]:
    """Return each line with its number and its day; without the year in a text message."""
    written = "%d/%m" if channel is Channel.SMS else "%d/%m/%Y"
    return [
        speak(
            "choices.item_corrected" if line.corrected else "choices.item",
            number=number,
            day=f"{date.fromisoformat(line.day):{written}}",
            line=speak(f"choices.line.{line.name}"),
        )
        for number, line in enumerate(lines, start=1)
    ]
