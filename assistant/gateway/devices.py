"""The device in hand: shared with others, left alone, or changed for another one by a code."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.domain.errors import CodeRefused, NotFound, TooManyTries
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.api import count_opening, network_address
from assistant.gateway.problems import answer_of
from assistant.gateway.visits import (
    ELSEWHERE,
    LATEST,
    ThePages,
    TheVisit,
    forgotten,
    idle_limit,
    not_forgotten,
    set_cookie,
    token_of,
    without_dead_cookie,
)

router = APIRouter(include_in_schema=False)


@router.post("/ordinateur-partage")
def share_device(
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
    csrf: Annotated[str, Form()] = "",
    shared: Annotated[bool, Form()] = True,  # noqa: FBT002 (a form field)
) -> Response:
    """Note whether others use this device; sent again, it also says that somebody is here."""
    check_form(visit, csrf)
    conversation = not_forgotten(visit.conversation, assistant)
    token = token_of(request)
    if conversation is None:
        if not shared:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        count_opening(request, assistant.settings.conversations_per_minute)
        opened = assistant.conversations.open(pages.language, shared_device=True)
        conversation, token = opened.conversation, opened.token
    assistant.conversations.share_device(conversation, shared=shared)
    answer = RedirectResponse(LATEST, HTTPStatus.SEE_OTHER)
    set_cookie(answer, replace(conversation, shared_device=shared), token, assistant)
    return answer


@router.get("/inactif")
def ask_whether_here(visit: TheVisit, assistant: TheAssistant, pages: ThePages) -> Response:
    """Ask, where no script runs, whether somebody is still there; erase when the time is over."""
    conversation = visit.conversation
    if conversation is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    if not_forgotten(conversation, assistant) is None:
        return forgotten()
    left = idle_limit(assistant) - (assistant.now() - conversation.last_activity_at)
    return HTMLResponse(pages.idle(visit.csrf, max(1, int(left.total_seconds()) + 1)))


@router.post("/autre-appareil")
def give_code(
    visit: TheVisit, assistant: TheAssistant, pages: ThePages, csrf: Annotated[str, Form()] = ""
) -> Response:
    """Show a code that opens the conversation on another device.

    Answered without a redirect: a code is shown once, and only its hash is kept.
    """
    check_form(visit, csrf)
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    code = assistant.resume.give_code(conversation.id)
    return HTMLResponse(pages.code(conversation, code))


@router.get("/autre-appareil")
def return_from_code(visit: TheVisit) -> Response:
    """Go back to the conversation: the address of the code shows nothing by itself."""
    del visit
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.get("/code")
def ask_code(visit: TheVisit, assistant: TheAssistant, pages: ThePages) -> Response:
    """Ask for the code that another device shows."""
    begun = not_forgotten(visit.conversation, assistant) is not None
    return HTMLResponse(pages.ask_code(visit.csrf, begun=begun))


@dataclass(frozen=True)
class TypedCode:
    """The fields of the form for a code."""

    code: Annotated[str, Form()] = ""
    shared: Annotated[bool, Form()] = False
    csrf: Annotated[str, Form()] = ""


@router.post("/code")
def take_code(
    typed: Annotated[TypedCode, Depends()],
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
) -> Response:
    """Go on here with the conversation of a code; the one that was here before is erased."""
    check_form(visit, typed.csrf)
    before = not_forgotten(visit.conversation, assistant)
    try:
        resumed = assistant.resume.take(
            typed.code, network_address(request), shared_device=typed.shared
        )
    except (CodeRefused, TooManyTries) as error:
        notice = pages.notice(
            "page.code_too_many" if isinstance(error, TooManyTries) else "page.code_refused"
        )
        html = pages.ask_code(visit.csrf, begun=before is not None, notice=notice)
        return HTMLResponse(html, answer_of(error).status)
    if before is not None and before.id != resumed.conversation.id:
        with suppress(NotFound):
            assistant.conversations.erase(before.id)
    answer = RedirectResponse(LATEST, HTTPStatus.SEE_OTHER)
    set_cookie(answer, resumed.conversation, resumed.token, assistant)
    return answer


@router.get(ELSEWHERE)
def gone_elsewhere(visit: TheVisit, request: Request, pages: ThePages) -> Response:
    """Say that the conversation goes on with another device."""
    if visit.conversation is not None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return without_dead_cookie(pages.elsewhere(), request)
