"""What understands people, and what puts an answer into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.conversation import Conversation
from assistant.domain.delivery import PhoneText
from assistant.domain.messages import Channel, Choice, Instruction, Page, Words
from assistant.domain.turn import Understanding
from assistant.domain.whom import Whom


@dataclass(frozen=True)
class EngineRequest:
    """A masked message handed to a dialogue engine."""

    turn_id: str
    conversation: Conversation
    text: str
    choice: str | None
    channel: Channel


class DialogueEngine(Protocol):
    """Understands a message and has the right use case close its turn."""

    def converse(self, request: EngineRequest) -> None:
        """Bring the turn to its close. Raises EngineUnavailable when it could not."""


class Interpreter(Protocol):
    """Understands a sentence without touching any conversation."""

    def understand(self, text: str, language: str) -> Understanding:
        """Return the need behind a sentence. Raises EngineUnavailable."""


class Wording(Protocol):
    """Puts instructions into words."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages offered, the default first."""

    def say(self, instruction: Instruction, language: str, channel: Channel) -> Words:
        """Put an instruction into words."""

    def pages(
        self,
        instructions: Sequence[Instruction],
        language: str,
        channel: Channel,
        *,
        slowly: bool = False,
    ) -> Sequence[Page]:
        """Put the instructions of one answer into words, in pages when it is a long one."""

    def text_messages(self, said: Sequence[Words], language: str) -> Sequence[PhoneText]:
        """Cut what is said at once into text messages; each but the last tells how to read on."""

    def labels(self, choice: Choice, language: str, whom: Whom) -> tuple[str, ...]:
        """Return the label of a choice as told to that reader, its other form, its synonyms."""
