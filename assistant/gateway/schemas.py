"""The JSON that the API reads and writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.domain.messages import Message
from assistant.rendering.catalogue import Direction, direction_of


class Strict(BaseModel):
    """A body in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


class NewConversation(Strict):
    """The wish to begin a conversation."""

    language: str = Field("fr", min_length=2, max_length=12, examples=["fr"])


class TypedCode(Strict):
    """A resume code, as it was typed."""

    code: str = Field(max_length=40, examples=["482 913"])
    shared_device: bool = Field(default=False, description="Others use this device too.")


class ChosenLanguage(Strict):
    """The wish to go on in another language."""

    language: str = Field(min_length=2, max_length=12, examples=["fr"])


class Said(Strict):
    """What the citizen says: a text, or the id of an offered choice; never both."""

    # The use case refuses long texts with their length; this only bounds what is parsed.
    text: str | None = Field(None, max_length=65_536, examples=["je veux activer mon espace santé"])
    choice: str | None = Field(None, max_length=200, examples=["need/activer_espace"])

    @model_validator(mode="after")
    def _one_of_both(self) -> Said:
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either a text or a choice")
        return self


class ChoiceBody(BaseModel):
    """An answer that may be picked."""

    id: str
    label: str


class LinkBody(BaseModel):
    """An address to open or to call."""

    label: str
    url: str


class StepBody(BaseModel):
    """Where a guided flow stands: step ``index`` of ``count``."""

    flow: str
    id: str
    index: int
    count: int


class MessageBody(BaseModel):
    """A line of the conversation."""

    id: str
    author: Literal["assistant", "citizen", "mediator"]
    kind: str
    text: str
    language: str
    direction: Direction
    choices: list[ChoiceBody]
    links: list[LinkBody]
    step: StepBody | None
    created_at: datetime

    @classmethod
    def of(cls, message: Message) -> MessageBody:
        """Return a message as JSON."""
        step = message.instruction.step if message.instruction is not None else None
        return cls(
            id=message.id,
            author=message.author.value,
            kind=message.kind,
            text=message.words.text,
            language=message.language,
            direction=direction_of(message.language),
            choices=[ChoiceBody(id=each.id, label=each.label) for each in message.words.choices],
            links=[LinkBody(label=each.label, url=each.url) for each in message.words.links],
            step=StepBody(flow=step.flow, id=step.id, index=step.index, count=step.count)
            if step is not None
            else None,
            created_at=message.created_at,
        )


class OpenedBody(BaseModel):
    """A new conversation; the token is shown this once."""

    id: str
    token: str
    language: str
    messages: list[MessageBody]


class CodeBody(BaseModel):
    """A code that opens the conversation on one other device, once."""

    code: str
    expires_at: datetime


class AnswersBody(BaseModel):
    """The messages that answer one of the citizen's."""

    messages: list[MessageBody]


class HistoryBody(BaseModel):
    """Messages, and who answers the citizen now."""

    messages: list[MessageBody]
    held_by: Literal["assistant", "mediator"]


class ExportBody(BaseModel):
    """All that is kept of a conversation: in sentences, then the rows themselves by table.

    Dates are in UTC; the tables and their columns are described in docs/privacy.md.
    """

    made_at: datetime
    summary: list[str]
    kept: dict[str, list[dict[str, Any]]]


class HealthBody(BaseModel):
    """How the product is: degraded means that people are answered, with less understanding."""

    status: Literal["ok", "degraded"]
    rasa: Literal["ready", "loading", "down"]
    actions: Literal["ready", "down"]
    database: Literal["ready", "down"]
    sms: Literal["off", "ready", "away"]
    sms_lost: int
    sms_missed: int
    facts_past_review: list[str]
    texts_held_back: int
    version: str
