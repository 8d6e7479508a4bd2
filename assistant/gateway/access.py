"""Who may call a route: every route depends on exactly one of the functions marked here."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotAllowed, NotFound

COOKIE = "pas-a-pas"
_SAFE_METHODS = frozenset({"GET", "HEAD"})

Route = TypeVar("Route", bound=Callable[..., object])
RULES: set[Callable[..., object]] = set()
"""The functions that decide about access; a test finds one of them behind every route."""


def access_rule(function: Route) -> Route:
    """Mark a dependency as the access rule of the routes that use it."""
    RULES.add(function)
    return function


def assistant_of(request: Request) -> Assistant:
    """Return the assistant that this application serves."""
    assistant: Assistant = request.app.state.assistant
    return assistant


TheAssistant = Annotated[Assistant, Depends(assistant_of)]


@access_rule
def everybody() -> None:
    """Let everybody in: there is nothing personal behind the route."""


@dataclass(frozen=True)
class Visit:
    """A page request: the conversation that its cookie opens, if any, and its form token."""

    conversation: Conversation | None
    csrf: str | None
    from_our_page: bool = False


@access_rule
def visitor(request: Request, assistant: TheAssistant) -> Visit:
    """Let a page visitor in, with the conversation of the cookie when it still opens one.

    Raises NotAllowed for a form that another site posts.
    """
    if request.method not in _SAFE_METHODS and not from_our_pages(request, assistant):
        raise NotAllowed("posted from another site")
    conversation_id, _, token = request.cookies.get(COOKIE, "").partition(".")
    if not token:
        return Visit(None, None)
    try:
        conversation = assistant.conversations.enter(conversation_id, token)
    except (NotFound, NotAllowed):
        return Visit(None, None)
    # The browser itself vouches for it (Fetch Metadata): a tab that was opened before another one
    # began the conversation has no token yet.
    vouched = request.headers.get("sec-fetch-site") == "same-origin"
    return Visit(conversation, form_token(assistant, token), vouched)


# It refuses nothing by itself: it makes the OpenAPI document say that a token is wanted.
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(HTTPBearer(auto_error=False))]


@access_rule
def api_caller(conversation_id: str, bearer: Bearer, assistant: TheAssistant) -> Conversation:
    """Let in whoever bears the conversation's token. Raises NotFound, NotAllowed."""
    token = bearer.credentials if bearer is not None else ""
    return assistant.conversations.enter(conversation_id, token.strip())


@access_rule
def listener(
    conversation_id: str, request: Request, bearer: Bearer, assistant: TheAssistant
) -> Conversation:
    """Let in by Bearer, or by the cookie of the page: EventSource sends no header."""
    if "authorization" in request.headers:
        return api_caller(conversation_id, bearer, assistant)
    known, _, token = request.cookies.get(COOKIE, "").partition(".")
    if known != conversation_id:
        token = ""
    return assistant.conversations.enter(conversation_id, token)


def form_token(assistant: Assistant, token: str) -> str:
    """Return the token that the forms of a session carry; it reveals nothing of the cookie."""
    key = assistant.settings.secret("form")
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()


def check_form(visit: Visit, csrf: str) -> None:
    """Refuse a form that did not come from a page of this session. Raises NotAllowed."""
    if visit.csrf is None or visit.from_our_page:
        return
    if not hmac.compare_digest(visit.csrf.encode(), csrf.encode()):
        raise NotAllowed("form token")


def from_our_pages(request: Request, assistant: Assistant) -> bool:
    """Tell whether a form was posted by a page of ours, as far as the browser says."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return True
    host = urlsplit(origin).netloc
    return host in {
        request.headers.get("host", ""),
        urlsplit(str(assistant.settings.public_url)).netloc,
    }
