"""« Mes choix »: what a person tells that they decided about their health data, noted for them.

A line of this notebook is no act: it opens, closes and changes nothing. It holds which decision was
told, when, through which channel, and which words the person was shown when they decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_LINES: Final = "lines"


class ChoiceAct(StrEnum):
    """What a decision is about."""

    RESEARCH_OBJECTION = "research_objection"
    EMERGENCY_SAMU = "emergency_samu"
    EMERGENCY_OTHERS = "emergency_others"
    EMERGENCY_HIDDEN_DOCUMENTS = "emergency_hidden_documents"
    PROFESSIONAL_ACCESS = "professional_access"
    DOCUMENT = "document"
    RELATIVE_ACCESS = "relative_access"
    APPLICATION_ACCESS = "application_access"
    OPENING = "opening"
    SPACE = "space"
    DELETION = "deletion"


class Decision(StrEnum):
    """What was decided."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    HIDDEN = "hidden"
    SHOWN = "shown"
    GIVEN = "given"
    TAKEN_BACK = "taken_back"
    LETTER_SENT = "letter_sent"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    REOPENED = "reopened"
    REQUESTED = "requested"
    CANCELLED = "cancelled"


_ALLOWED_OR_NOT = (Decision.ALLOWED, Decision.REFUSED)

DECISIONS: Mapping[ChoiceAct, tuple[Decision, Decision]] = MappingProxyType(
    {
        ChoiceAct.RESEARCH_OBJECTION: (Decision.LETTER_SENT, Decision.CONFIRMED),
        ChoiceAct.EMERGENCY_SAMU: _ALLOWED_OR_NOT,
        ChoiceAct.EMERGENCY_OTHERS: _ALLOWED_OR_NOT,
        ChoiceAct.EMERGENCY_HIDDEN_DOCUMENTS: _ALLOWED_OR_NOT,
        ChoiceAct.PROFESSIONAL_ACCESS: (Decision.BLOCKED, Decision.UNBLOCKED),
        ChoiceAct.DOCUMENT: (Decision.HIDDEN, Decision.SHOWN),
        ChoiceAct.RELATIVE_ACCESS: (Decision.GIVEN, Decision.TAKEN_BACK),
        ChoiceAct.APPLICATION_ACCESS: (Decision.ALLOWED, Decision.TAKEN_BACK),
        ChoiceAct.OPENING: (Decision.REFUSED, Decision.ACCEPTED),
        ChoiceAct.SPACE: (Decision.CLOSED, Decision.REOPENED),
        ChoiceAct.DELETION: (Decision.REQUESTED, Decision.CANCELLED),
    }
)
"""The two decisions that each act knows: a line is corrected to the other one."""


@dataclass(frozen=True)
class ToldChoice:
    """A decision that somebody reached in a guide, and the words on which they took it.

    ``key`` names the text of the question that was answered, ``revision`` its document.
    """

    act: ChoiceAct
    decision: Decision
    key: str
    revision: str

    @property
    def name(self) -> str:
        """What names its words in the catalogue: act and decision."""
        return f"{self.act}_{self.decision}"

    def corrected(self) -> ToldChoice:
        """Return the same with the other decision of its act."""
        one, other = DECISIONS[self.act]
        return replace(self, decision=other if self.decision is one else one)


LINES = tuple(
    ToldChoice(act, decision, "", "").name for act, known in DECISIONS.items() for decision in known
)
"""The names of all the lines that there can be."""


class ChoiceState(StrEnum):
    """What became of a line."""

    NOTED = "noted"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class NotedChoice:
    """A line of the notebook; ``words_hash`` is the SHA-256 of the words as they were shown."""

    id: str
    told: ToldChoice
    words_hash: str
    channel: str
    noted_at: datetime
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def state(self) -> ChoiceState:
        """What became of it: withdrawn comes before corrected."""
        if self.withdrawn_at is not None:
            return ChoiceState.WITHDRAWN
        return ChoiceState.CORRECTED if self.corrected_at is not None else ChoiceState.NOTED


@dataclass(frozen=True)
class ShownLine:
    """A line as it is listed: what names its words, its day, and whether it was corrected."""

    name: str
    day: str
    corrected: bool = False


def dump_lines(lines: Iterable[NotedChoice], zone: tzinfo) -> Mapping[str, str]:
    """Return the parameters of an instruction that lists these lines: data, and no words."""
    listed = [
        [
            line.told.name,
            line.noted_at.astimezone(zone).date().isoformat(),
            line.corrected_at is not None,
        ]
        for line in lines
    ]
    return {_LINES: json.dumps(listed, separators=(",", ":"))}


def load_lines(params: Mapping[str, str]) -> tuple[ShownLine, ...]:
    """Return the lines that the parameters list. Raises ValueError for anything else."""
    return tuple(
        ShownLine(str(name), str(day), corrected is True)
        for name, day, corrected in json.loads(params.get(_LINES, "[]"))
    )


def standing(lines: Iterable[NotedChoice]) -> tuple[NotedChoice, ...]:
    """Return the lines that were not withdrawn, in the order in which they are numbered."""
    return tuple(line for line in lines if line.withdrawn_at is None)
