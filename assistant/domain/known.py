"""All that we hold of somebody, for them to see and to take along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.consent import Purpose
from assistant.domain.conversation import Conversation

Row = Mapping[str, object]


@dataclass(frozen=True)
class Known:
    """What our tables hold of a conversation and of the person it belongs to.

    ``phone_ending`` are the last two digits of the phone that speaks in it. ``kept`` are the rows
    themselves, by table, without keys, hashes and what is out of sight.
    """

    conversation: Conversation
    messages: int
    phone_ending: str | None
    agreed: tuple[Purpose, ...]
    reminder_at: datetime | None
    follow_up_at: datetime | None
    kept: Mapping[str, Sequence[Row]]
