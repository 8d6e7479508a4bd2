"""One message and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.messages import Inbound, Instruction

SILENT = "silent"
"""The action of a turn that nothing answers."""


class Decider(StrEnum):
    """Who decided what a message means, in the order in which they are asked."""

    DANGER = "danger"
    OPT_OUT = "opt-out"
    LOOP = "loop"
    """Somebody, or a machine, who writes without end: we fall silent for a while."""
    MEDIATOR = "mediator"
    WORD = "word"
    RASA = "rasa"
    KEYWORDS = "keywords"


@dataclass(frozen=True)
class Turn:
    """An inbound message of a conversation, its order, and the answer once somebody closed it.

    A turn is *open* until ``closed_by`` is set. Whoever works on it holds a lease until
    ``lease_until``; a lease that ran out may be taken by anybody. ``rendered`` tells that its
    instructions were put into words and stored as messages.
    """

    id: str
    conversation_id: str
    order: int
    inbound: Inbound
    lease_owner: str | None = None
    lease_until: datetime | None = None
    closed_by: Decider | None = None
    action: str | None = None
    instructions: tuple[Instruction, ...] = ()
    rendered: bool = False

    @property
    def is_closed(self) -> bool:
        """Tell whether somebody already decided."""
        return self.closed_by is not None


@dataclass(frozen=True)
class RankedNeed:
    """A need and how sure the engine is of it, from 0 to 1."""

    need: str
    confidence: float


@dataclass(frozen=True)
class Understanding:
    """What a dialogue engine made of a message: the need, how sure, the others, the entities."""

    need: str | None
    confidence: float
    ranking: tuple[RankedNeed, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
