"""What people write to us, what we decide to tell them, and what they were shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from assistant.domain.whom import Whom

NO_PARAMS: Mapping[str, str] = MappingProxyType({})

PROPER_NAME = "name/"
"""Begins the key of a label that is a name: of a town, of a place. It is said as it is."""


class Channel(StrEnum):
    """The way a message travels."""

    WEB = "web"
    SMS = "sms"


class Author(StrEnum):
    """Who wrote a message."""

    ASSISTANT = "assistant"
    CITIZEN = "citizen"
    MEDIATOR = "mediator"


@dataclass(frozen=True)
class Inbound:
    """A message as it entered: already masked, with the channel's own id for it.

    ``fingerprint`` is a keyed hash of what was received, so that the same id with another body is
    told apart from an honest replay without keeping the body.
    """

    channel: Channel
    external_id: str
    fingerprint: str
    text: str
    choice: str | None
    masked: tuple[str, ...]
    received_at: datetime


class InstructionKind(StrEnum):
    """What an instruction asks the channel to do with its words."""

    SAY = "say"
    ASK = "ask"
    DANGER = "danger"
    HAND_OVER = "hand_over"
    END = "end"
    PLACES = "places"
    CHOICES = "choices"
    LETTER = "letter"
    """An instruction to prepare the letter that ``params["template"]`` names."""


class Manner(StrEnum):
    """How an instruction is worded: as usual, or more simply for somebody who asked for it."""

    PLAIN = "plain"
    SIMPLER = "simpler"


@dataclass(frozen=True)
class Choice:
    """An answer offered as a button and as a number.

    ``id`` is what comes back when it is picked (``step/<flow>/<step>/<option>``, ``need/<need>``,
    ``word/<word>``); ``key`` names its label.
    """

    id: str
    key: str
    revision: str | None = None


@dataclass(frozen=True)
class StepRef:
    """Where a message stands in a guided flow: « étape ``index`` sur ``count`` »."""

    flow: str
    id: str
    index: int
    count: int


@dataclass(frozen=True)
class Instruction:
    """Something to tell the person: a key and parameters, never words.

    ``key`` is a path in the catalogue: ``flow/<slug>/<step>/text``, ``answer/<need>/text``,
    ``glossary/<term>/text`` or ``interface/<id>``. ``revision`` pins the document it belongs to.
    """

    kind: InstructionKind
    key: str
    params: Mapping[str, str] = field(default_factory=lambda: NO_PARAMS)
    revision: str | None = None
    choices: tuple[Choice, ...] = ()
    step: StepRef | None = None
    manner: Manner = Manner.PLAIN
    whom: Whom = Whom.SELF


@dataclass(frozen=True)
class Link:
    """An address that the person may open, with the words to show for it."""

    label: str
    url: str


@dataclass(frozen=True)
class ShownChoice:
    """A choice in the person's language."""

    id: str
    label: str


@dataclass(frozen=True)
class Words:
    """An instruction put into words for one language and one channel."""

    text: str
    choices: tuple[ShownChoice, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Page:
    """A part of an answer; a held one waits until SUITE asks for it."""

    instruction: Instruction
    words: Words
    held: bool = False


@dataclass(frozen=True)
class Message:
    """A line of a conversation: how it was made, and the words as they were shown."""

    id: str
    sequence: int
    author: Author
    kind: str
    instruction: Instruction | None
    words: Words
    language: str
    created_at: datetime
    in_reply_to: str | None = None
