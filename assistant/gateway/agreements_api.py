"""« Mes accords » over the API: where the consents stand, and taking one back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from assistant.domain.consent import Purpose, Standing
from assistant.domain.conversation import Conversation
from assistant.domain.messages import Channel
from assistant.gateway.access import TheAssistant, api_caller
from assistant.gateway.problems import Problem

_PROBLEM: dict[str, Any] = {"model": Problem}
_ENTERING: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 404, 413, 422, 503), _PROBLEM)

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

Caller = Annotated[Conversation, Depends(api_caller)]


class ConsentLine(BaseModel):
    """Where a consent stands; ``until`` is null for what lasts until it is taken back."""

    purpose: Purpose
    standing: Standing
    since: datetime | None
    until: datetime | None


class ConsentsBody(BaseModel):
    """What is in force, and what may be agreed to; ``closed`` says why nothing may be here."""

    closed: str | None
    consents: list[ConsentLine]


@router.get("/{conversation_id}/consents", responses=_ENTERING)
def read_consents(conversation: Caller, assistant: TheAssistant) -> ConsentsBody:
    """Tell where the consents of the person stand."""
    agreed, language = assistant.agreements.of(conversation), conversation.language
    return ConsentsBody(
        closed=None
        if agreed.closed is None
        else assistant.catalogue.interface(agreed.closed, language),
        consents=[
            ConsentLine.model_validate(each, from_attributes=True) for each in agreed.agreements
        ],
    )


@router.delete("/{conversation_id}/consents/{purpose}", status_code=204, responses=_ENTERING)
def withdraw_consent(conversation: Caller, purpose: Purpose, assistant: TheAssistant) -> Response:
    """Take a consent back, at once; taken back twice, or never given, it answers the same."""
    assistant.agreements.withdraw(conversation, purpose, Channel.WEB)
    return Response(status_code=204)
