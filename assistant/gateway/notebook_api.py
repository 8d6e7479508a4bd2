"""« Mes choix » over the API, and as files: JSON with a version, and FHIR."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from assistant.bootstrap import Assistant
from assistant.domain.choices import NotedChoice
from assistant.domain.conversation import Conversation
from assistant.gateway.access import TheAssistant, api_caller
from assistant.gateway.problems import Problem
from assistant.rendering.fhir import consent_bundle
from assistant.services.choices.notebook import Opened

SCHEMA_VERSION: Literal[1] = 1
FHIR_JSON = "application/fhir+json"

_PROBLEM: dict[str, Any] = {"model": Problem}
_ENTERING: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 404, 413, 422, 503), _PROBLEM)

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

Caller = Annotated[Conversation, Depends(api_caller)]


class ShownWords(BaseModel):
    """Which words the person was shown when they decided; the hash is SHA-256."""

    key: str
    revision: str
    sha256: str


class ChoiceLine(BaseModel):
    """A line: what was told, when, through which channel, and what became of it."""

    id: str
    label: str
    act: str
    decision: str
    state: Literal["noted", "corrected", "withdrawn"]
    channel: str
    noted_at: datetime
    corrected_at: datetime | None
    withdrawn_at: datetime | None
    words: ShownWords


class ChoicesBody(BaseModel):
    """« Mes choix »: a notebook, and no legal act; ``closed`` says why it stays shut here."""

    schema_version: Literal[1]
    made_at: datetime
    notice: str
    closed: str | None
    lines: list[ChoiceLine]


@router.get("/{conversation_id}/choices", responses=_ENTERING)
def read_choices(conversation: Caller, assistant: TheAssistant) -> ChoicesBody:
    """Give the lines of « Mes choix », the withdrawn ones among them."""
    return body_of(assistant, conversation)


@router.get(
    "/{conversation_id}/choices/fhir",
    responses={**_ENTERING, 200: {"content": {FHIR_JSON: {}}}},
    response_class=Response,
)
def read_choices_as_fhir(conversation: Caller, assistant: TheAssistant) -> Response:
    """Give « Mes choix » as a FHIR R4 Bundle of Consents."""
    return Response(fhir_of(assistant, conversation), media_type=FHIR_JSON)


def body_of(assistant: Assistant, conversation: Conversation) -> ChoicesBody:
    """Return the notebook of a conversation's person as it goes into a file."""
    opened, language = assistant.notebook.open(conversation), conversation.language
    return ChoicesBody(
        schema_version=SCHEMA_VERSION,
        made_at=opened.read_at,
        notice=notice_of(assistant, language),
        closed=None
        if opened.closed is None
        else assistant.catalogue.interface(opened.closed, language),
        lines=[_line(assistant, line, language) for line in opened.lines],
    )


def fhir_of(assistant: Assistant, conversation: Conversation) -> str:
    """Return the notebook of a conversation's person as FHIR JSON."""
    opened: Opened = assistant.notebook.open(conversation)
    language = conversation.language
    bundle = consent_bundle(
        opened.lines,
        opened.read_at,
        label=lambda line: label_of(assistant, line, language),
        notice=notice_of(assistant, language),
    )
    return json.dumps(bundle, ensure_ascii=False, indent=2)


def label_of(assistant: Assistant, line: NotedChoice, language: str) -> str:
    """Return what a line says, in words."""
    return assistant.catalogue.interface(f"choices.line.{line.told.name}", language)


def notice_of(assistant: Assistant, language: str) -> str:
    """Return what the notebook is, and what it is not."""
    return assistant.catalogue.interface("choices.notice", language)


def _line(assistant: Assistant, line: NotedChoice, language: str) -> ChoiceLine:
    told = line.told
    return ChoiceLine(
        id=line.id,
        label=label_of(assistant, line, language),
        act=told.act,
        decision=told.decision,
        state=line.state.value,
        channel=line.channel,
        noted_at=line.noted_at,
        corrected_at=line.corrected_at,
        withdrawn_at=line.withdrawn_at,
        words=ShownWords(key=told.key, revision=told.revision, sha256=line.words_hash),
    )
