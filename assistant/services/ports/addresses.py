"""Where to write to, when it was asked for, and whom to leave alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from assistant.domain.messages import Channel


class Addresses(Protocol):
    """The places to write to, sealed at rest, and which conversation each one speaks in."""

    def remember(self, channel: Channel, address: str, at: datetime) -> str:
        """Return the id of that address, kept from now on if it was not known."""

    def reveal(self, address_id: str) -> str:
        """Return the address in clear, to write to it. Raises NotFound."""

    def attach(self, address_id: str, conversation_id: str, at: datetime) -> None:
        """Let the address speak in that conversation from now on, and in no other."""

    def detach(self, address_id: str, at: datetime) -> None:
        """End the conversation that the address speaks in, if any."""

    def conversation_at(self, channel: Channel, address: str) -> str | None:
        """Return the conversation that the address speaks in now, or None."""

    def of_conversation(self, channel: Channel, conversation_id: str) -> str | None:
        """Return the id of the address that speaks in a conversation now, or None."""

    def last_in(self, channel: Channel, conversation_id: str) -> str | None:
        """Return the id of the address that speaks in a conversation, or of the last that did."""

    def conversations_of(self, address_id: str) -> Sequence[str]:
        """List the conversations that the address ever spoke in."""


class SuppressionReason(StrEnum):
    """Why nothing may be sent to an address any more."""

    STOP = "stop"
    ERASED = "erased"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Suppression:
    """Why an address is left alone, and when it was last told how to come back."""

    reason: SuppressionReason
    hinted_at: datetime | None


class Suppressions(Protocol):
    """The addresses that must be left alone, by keyed hash."""

    def add(self, channel: Channel, address: str, reason: SuppressionReason, at: datetime) -> None:
        """Leave that address alone from now on."""

    def lift(self, channel: Channel, address: str) -> None:
        """Forget a STOP, because the person wrote REPRENDRE."""

    def reason(self, channel: Channel, address: str) -> SuppressionReason | None:
        """Return why the address is left alone, or None."""

    def known(self, channel: Channel, address: str) -> Suppression | None:
        """Return all that is known of the suppression of an address, or None."""

    def hint(self, channel: Channel, address: str, at: datetime) -> None:
        """Note that the address was told how to come back."""


class FollowUps(Protocol):
    """The guides to be asked about again: one at most for each conversation."""

    def ask(
        self, conversation_id: str, guide: tuple[str, str], due_at: datetime, asked_at: datetime
    ) -> None:
        """Keep the last step of a guide to be asked about; it takes the place of the one before."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the conversations whose guide is to be asked about, the oldest first."""

    def take(self, conversation_id: str, now: datetime) -> tuple[str, str] | None:
        """Forget what is due and return its flow and step; None when somebody else took it."""

    def cancel(self, conversation_id: str) -> None:
        """Forget the guide to be asked about in a conversation, if there is one."""


class Reminders(Protocol):
    """The reminders that people asked for: one at most for each conversation."""

    def ask(self, conversation_id: str, due_at: datetime, asked_at: datetime) -> None:
        """Keep a reminder; it takes the place of the one before."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the conversations whose reminder is due, the oldest first."""

    def take(self, conversation_id: str, now: datetime) -> bool:
        """Forget a reminder that is due; False when somebody else took it, or it was moved."""

    def cancel(self, conversation_id: str) -> None:
        """Forget the reminder of a conversation, if there is one."""
