"""What the routes of the page share: the visit, its cookie, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotAllowed, NotFound
from assistant.gateway.access import COOKIE, Visit, visitor
from assistant.gateway.pages import Pages

LATEST = "/#suite"
ELSEWHERE = "/ailleurs"
ERASED = "/efface"

TheVisit = Annotated[Visit, Depends(visitor)]


def pages_of(request: Request) -> Pages:
    """Return the templates of this application."""
    pages: Pages = request.app.state.pages
    return pages


ThePages = Annotated[Pages, Depends(pages_of)]


def token_of(request: Request) -> str:
    """Return the token of the visit's cookie, empty without one."""
    return request.cookies.get(COOKIE, "").partition(".")[2]


def idle_limit(assistant: Assistant) -> timedelta:
    """Return how long a conversation on a shared device outlives its last sign of life."""
    return timedelta(minutes=assistant.settings.shared_device_minutes)


def not_forgotten(conversation: Conversation | None, assistant: Assistant) -> Conversation | None:
    """Return the conversation, unless it is on a shared device and its time is over."""
    if conversation is None or not conversation.shared_device:
        return conversation
    if assistant.now() - conversation.last_activity_at < idle_limit(assistant):
        return conversation
    try:
        assistant.conversations.erase(conversation.id)
    except NotFound:
        return None
    return None


def goes_on_elsewhere(request: Request, assistant: Assistant) -> bool:
    """Tell whether the cookie's conversation lives on, opened by another device since."""
    conversation_id, _, token = request.cookies.get(COOKIE, "").partition(".")
    if not token:
        return False
    try:
        assistant.conversations.enter(conversation_id, token)
    except NotAllowed:
        return True
    except NotFound:
        return False
    return False


def set_cookie(
    answer: Response, conversation: Conversation, token: str, assistant: Assistant
) -> None:
    """Let this browser open the conversation; on a shared device, until it is closed."""
    kept = None if conversation.shared_device else assistant.settings.keep_days * 86_400
    answer.set_cookie(
        COOKIE,
        f"{conversation.id}.{token}",
        max_age=kept,
        httponly=True,
        secure=assistant.settings.public_url.scheme == "https",
        samesite="strict",
    )


def without_dead_cookie(html: str, request: Request) -> Response:
    """Answer somebody without a conversation; a cookie that opens none any more goes."""
    answer = HTMLResponse(html)
    if COOKIE in request.cookies:
        answer.delete_cookie(COOKIE)
    return answer


def forgotten() -> Response:
    """Send to the page that says that all is erased, and leave nothing in the browser."""
    answer = RedirectResponse(ERASED, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
