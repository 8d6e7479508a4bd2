"""The page of whoever was shown a code: the conversation, to read and never to write in."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.domain.conversation import Conversation
from assistant.domain.errors import CodeRefused, NotAllowed, TooManyTries
from assistant.domain.messages import Message
from assistant.gateway.access import TheAssistant, access_rule, from_our_pages
from assistant.gateway.api import network_address
from assistant.gateway.problems import answer_of
from assistant.gateway.visits import ThePages
from assistant.services.sharing import LASTS

READ = "/lire"
COOKIE = "pas-a-pas-lecture"

router = APIRouter(include_in_schema=False)


@access_rule
def reader(request: Request, assistant: TheAssistant) -> str:
    """Let a reader in, and return the token of what they read, empty without one.

    Raises NotAllowed for a form that another site posts.
    """
    if request.method == "POST" and not from_our_pages(request, assistant):
        raise NotAllowed("posted from another site")
    return request.cookies.get(COOKIE, "")


TheReader = Annotated[str, Depends(reader)]


@router.get(READ)
def show(token: TheReader, assistant: TheAssistant, pages: ThePages) -> Response:
    """Show the conversation that a code opened here, or ask for the code."""
    shared = assistant.read_shared.conversation(token) if token else None
    if shared is None:
        return _ask(pages, notice=pages.notice("page.read_over") if token else None)
    conversation, messages = shared
    return HTMLResponse(_thread(conversation, messages, assistant, pages))


@router.post(READ)
def open_shared(
    token: TheReader,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
    code: Annotated[str, Form()] = "",
) -> Response:
    """Open here the conversation of a code, until the browser is closed."""
    del token
    try:
        opened = assistant.read_shared.open(code, network_address(request))
    except (CodeRefused, TooManyTries) as error:
        many = isinstance(error, TooManyTries)
        notice = pages.notice("page.code_too_many" if many else "page.read_refused")
        answer = _ask(pages, notice=notice)
        answer.status_code = answer_of(error).status
        return answer
    there = RedirectResponse(READ, HTTPStatus.SEE_OTHER)
    there.set_cookie(
        COOKIE,
        opened,
        path=READ,
        httponly=True,
        secure=assistant.settings.public_url.scheme == "https",
        samesite="strict",
    )
    return there


@router.post(f"{READ}/fermer")
def close(token: TheReader, assistant: TheAssistant) -> Response:
    """Read no more, and leave nothing in the browser."""
    if token:
        assistant.read_shared.close(token)
    answer = RedirectResponse(READ, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, path=READ)
    return answer


def _ask(pages: ThePages, notice: str | None) -> HTMLResponse:
    t = pages.words(pages.language)
    html = pages.render(
        "read_code.html", pages.language, title=t("page.read_title"), here=READ, notice=notice
    )
    answer = HTMLResponse(html)
    if notice is not None:
        answer.delete_cookie(COOKIE, path=READ)
    return answer


def _thread(
    conversation: Conversation,
    messages: Sequence[Message],
    assistant: TheAssistant,
    pages: ThePages,
) -> str:
    sight = assistant.discretion.in_sight(conversation, messages)
    t = pages.words(conversation.language)
    return pages.render(
        "read.html",
        conversation.language,
        title=t("page.read_title"),
        here=READ,
        # What is delicate may be read by the person, while they are there, and by nobody else.
        messages=pages.views([each for each in sight.messages if each.id not in sight.delicate]),
        hours=int(LASTS.total_seconds() // 3600),
    )
