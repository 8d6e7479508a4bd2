"""How long each kind of data is kept, and why: the one place that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.conversation import Conversation


@dataclass(frozen=True)
class ConversationWindows:
    """How long a conversation outlives its last sign of life, as the operator set it."""

    kept: timedelta
    shared_device: timedelta

    def of(self, conversation: Conversation) -> timedelta:
        """Return the window of a conversation."""
        return self.shared_device if conversation.shared_device else self.kept
