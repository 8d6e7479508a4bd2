"""The inbound messages: stored, leased, closed, and masked afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.messages import Channel, Inbound, Instruction
from assistant.domain.turn import Decider, Turn
from assistant.safety.evidence import SecretKind
from assistant.safety.fragments import Redacted


@dataclass(frozen=True)
class Said:
    """What somebody wrote, as it is stored, by its turn."""

    turn_id: str
    text: str


@dataclass(frozen=True)
class Beat:
    """A message of an exchange: when it came, and whether we answered or had fallen silent."""

    received_at: datetime
    is_answered: bool
    is_silenced: bool


@dataclass(frozen=True)
class Warned:
    """A message about a danger that was answered: when it came, and what tells its words."""

    received_at: datetime
    fingerprint: str


class Turns(Protocol):
    """The inbound messages, in order, each with its lease and its outcome."""

    def find(self, conversation_id: str, channel: Channel, external_id: str) -> Turn | None:
        """Return the turn of a message already received by that id, if any."""

    def was_erased(self, channel: Channel, external_id: str) -> bool:
        """Tell whether this message belonged to a conversation that was erased."""

    def open(self, conversation_id: str, inbound: Inbound) -> Turn:
        """Store an inbound message as the last turn of its conversation.

        Raises NotFound, and Conflict when the same message was stored since ``find`` was asked:
        the transaction is then lost, and another one will find its turn.
        """

    def get(self, turn_id: str) -> Turn:
        """Return a turn. Raises NotFound."""

    def exists(self, turn_id: str) -> bool:
        """Tell whether a turn is there: an erasure takes them with it."""

    def lease(self, turn_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the turn for a while, or take it longer.

        Refused when nothing is left to do, while somebody else's lease runs, while an earlier turn
        of the conversation is open, and while the answer to an earlier one is put into words.
        """

    def close(
        self, turn_id: str, by: Decider, action: str, instructions: tuple[Instruction, ...]
    ) -> bool:
        """Record the decision; False when somebody closed it first, and nothing changes then.

        The state of the conversation is kept with it as the decision found it: ``save_state``
        comes after.
        """

    def mark_rendered(self, turn_id: str) -> bool:
        """Note that its messages are stored; False when they already were."""

    def beats(self, turn: Turn, at_most: int) -> Sequence[Beat]:
        """List the messages that came before, by the same channel, the oldest first."""

    def warned(self, turn: Turn, at_most: int) -> Sequence[Warned]:
        """List the last messages before it, by the same channel, whose danger was answered."""

    def came_before(self, turn: Turn, back: int) -> datetime | None:
        """Return when the message so many before this one came, None if there were fewer."""

    def unfinished(self, now: datetime) -> Sequence[Turn]:
        """List the turns that are open or not rendered and that nobody holds any more."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the turns that can be worked on now: the first unfinished one of a conversation."""

    def received_at(self, conversation_id: str, since: datetime) -> Sequence[datetime]:
        """List when its messages came in since that moment, in order."""

    def said_since(self, conversation_id: str, since: datetime, at_most: int) -> Sequence[Said]:
        """List the last messages written since that moment, in every channel, the oldest first.

        Nobody stores another one until the transaction ends.
        """


class Redactions(Protocol):
    """What has to go of messages that were stored before anybody could know what they held."""

    def redact(
        self, conversation_id: str, kind: SecretKind, redacted: Mapping[str, Redacted]
    ) -> None:
        """Mask parts of a number in messages, by turn, and wherever they are quoted."""
