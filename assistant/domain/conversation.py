"""Where a conversation stands: who holds it, which flow is open, what was last offered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from assistant.domain.choices import ToldChoice
from assistant.domain.consent import Purpose
from assistant.domain.messages import Choice, Instruction
from assistant.domain.whom import Whom


class Holder(StrEnum):
    """Who answers the citizen now."""

    ASSISTANT = "assistant"
    MEDIATOR = "mediator"


@dataclass(frozen=True)
class Position:
    """A waiting step of one flow, pinned to the revision the person began.

    ``answers`` are ``(step, answer)`` pairs in the order given; ``trail`` lists the steps that were
    asked before this one, so that RETOUR can walk back. ``stuck`` tells that the step's
    « je suis bloqué » text was shown and its ways out are offered. ``unclear`` counts the answers
    in a row that could not be read. ``search`` is what is looked for near the person, as JSON: it
    goes with the flow.
    """

    flow: str
    revision: str
    step: str
    answers: tuple[tuple[str, str], ...] = ()
    trail: tuple[str, ...] = ()
    stuck: bool = False
    unclear: int = 0
    search: str = ""


@dataclass(frozen=True)
class Session:
    """The open flows: a detour lies on top of the flow that it will hand back to."""

    positions: tuple[Position, ...] = ()

    @property
    def current(self) -> Position | None:
        """The position that waits for an answer."""
        return self.positions[-1] if self.positions else None


@dataclass(frozen=True)
class Finished:
    """A guide that ended well: its last step, and after how many days to ask if it still works."""

    flow: str
    step: str
    days: int


class Question(StrEnum):
    """A question of the assistant's own, outside any flow, that the next message may answer."""

    RESUME = "resume"
    SAFE = "safe"
    STOP = "stop"
    LATER = "later"
    CONFIRM = "confirm"
    REMIND = "remind"
    NUMBER = "number"
    """To which number a place goes: see ``services/finding/send_place.py``."""
    CONSENT = "consent"
    STILL_WORKS = "still_works"


@dataclass(frozen=True)
class AskedConsent:
    """A consent that was asked for and waits for its answer.

    ``question`` is as it was asked; its first choice says yes, its second no. ``unclear`` counts
    the answers that were neither. ``then`` is the question that waits behind this one.
    """

    purpose: Purpose
    question: Instruction
    unclear: int = 0
    then: Question | None = None


@dataclass(frozen=True)
class DialogueState:
    """All that the dialogue remembers between two messages; it lives in our tables only.

    ``later`` holds the needs that a message named beside the one that was answered first.
    ``consent`` waits while ``question`` is CONSENT; ``declined`` are the purposes that are not
    asked about again in this conversation. ``to_note`` are the decisions that were told, and that
    the notebook is offered for. ``finished`` is the guide that may be asked about later.
    """

    session: Session = Session()
    offered: tuple[Choice, ...] = ()
    question: Question | None = None
    misunderstood: int = 0
    simpler: bool = False
    slower: bool = False
    whom: Whom = Whom.SELF
    later: tuple[str, ...] = ()
    consent: AskedConsent | None = None
    declined: tuple[Purpose, ...] = ()
    to_note: tuple[ToldChoice, ...] = ()
    finished: Finished | None = None

    def with_session(self, session: Session) -> DialogueState:
        """Return the same state with another session."""
        return replace(self, session=session)


@dataclass(frozen=True)
class Conversation:
    """A thread between one citizen and the assistant (or a mediation worker)."""

    id: str
    language: str
    held_by: Holder
    state: DialogueState
    version: int
    rasa_session: str
    rasa_turns: int
    shared_device: bool
    created_at: datetime
    last_activity_at: datetime
