"""The page: a conversation that works without scripts, and its few sheets."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from itertools import dropwhile
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.errors import (
    ChoiceNotOffered,
    EmptyMessage,
    InvalidInput,
    KeyReused,
    MessageTooLong,
    NotFound,
    PasAPasError,
    StillBeingAnswered,
)
from assistant.domain.messages import Author, Channel, Message
from assistant.gateway.access import (
    COOKIE,
    TheAssistant,
    Visit,
    check_form,
    form_token,
    visitor,
)
from assistant.gateway.api import count_message, count_opening
from assistant.gateway.live import LiveAnnouncer, news
from assistant.gateway.pages import Pages
from assistant.gateway.problems import answer_of
from assistant.gateway.protection import TooManyRequests
from assistant.services.receive_message import Received

FRAGMENT = "fragment=messages"
LATEST = "/#suite"

router = APIRouter(include_in_schema=False)

TheVisit = Annotated[Visit, Depends(visitor)]


def pages_of(request: Request) -> Pages:
    """Return the templates of this application."""
    pages: Pages = request.app.state.pages
    return pages


ThePages = Annotated[Pages, Depends(pages_of)]


@dataclass(frozen=True)
class Typed:
    """The fields of the message form."""

    text: Annotated[str | None, Form()] = None
    choice: Annotated[str | None, Form()] = None
    csrf: Annotated[str, Form()] = ""
    key: Annotated[str, Form()] = ""


@router.get("/")
def show(visit: TheVisit, request: Request, assistant: TheAssistant, pages: ThePages) -> Response:
    """Show the conversation, or its first question to a newcomer."""
    conversation = _not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return _without_dead_cookie(pages.landing(), request)
    assistant.conversations.welcome_back(conversation)
    return HTMLResponse(pages.chat(conversation, visit.csrf))


@router.post("/messages")
def say(
    typed: Annotated[Typed, Depends()],
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Say something; the first message begins the conversation and sets its cookie."""
    as_fragment = FRAGMENT in accept
    check_form(visit, typed.csrf)
    conversation = _not_forgotten(visit.conversation, assistant)
    token: str | None = None
    try:
        if conversation is None:
            _refuse_blank(typed)
            count_opening(request, assistant.settings.conversations_per_minute)
            opened = assistant.conversations.open(pages.language)
            conversation, token = opened.conversation, opened.token
        before = assistant.conversations.history(conversation)[-1].id
        count_message(request, conversation, assistant.settings.messages_per_minute)
        assistant.receive(_received(conversation, typed))
    except (InvalidInput, KeyReused, StillBeingAnswered, TooManyRequests) as error:
        answer = _refused(error, conversation, visit, typed, pages, as_fragment=as_fragment)
    else:
        answer = _accepted(assistant, conversation, before, pages, as_fragment=as_fragment)
    if token is not None and conversation is not None:
        _set_cookie(answer, conversation, token, assistant)
        answer.headers["X-CSRF-Token"] = form_token(assistant, token)
    return answer


@router.post("/effacer")
def erase(visit: TheVisit, assistant: TheAssistant, csrf: Annotated[str, Form()] = "") -> Response:
    """Erase the conversation and leave."""
    check_form(visit, csrf)
    if visit.conversation is not None:
        assistant.conversations.erase(visit.conversation.id)
    return _forgotten()


@router.get("/efface")
def erased(visit: TheVisit, request: Request, pages: ThePages) -> Response:
    """Say that nothing is left."""
    if visit.conversation is not None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return _without_dead_cookie(pages.erased(), request)


@router.post("/ordinateur-partage")
def share_device(
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
    csrf: Annotated[str, Form()] = "",
    shared: Annotated[bool, Form()] = True,  # noqa: FBT002 (a form field)
) -> Response:
    """Note whether others use this computer; sent again, it also says that somebody is here."""
    check_form(visit, csrf)
    conversation = _not_forgotten(visit.conversation, assistant)
    token = request.cookies.get(COOKIE, "").partition(".")[2]
    if conversation is None:
        if not shared:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        count_opening(request, assistant.settings.conversations_per_minute)
        opened = assistant.conversations.open(pages.language, shared_device=True)
        conversation, token = opened.conversation, opened.token
    assistant.conversations.share_device(conversation, shared=shared)
    answer = RedirectResponse(LATEST, HTTPStatus.SEE_OTHER)
    _set_cookie(answer, replace(conversation, shared_device=shared), token, assistant)
    return answer


@router.get("/inactif")
def ask_whether_here(visit: TheVisit, assistant: TheAssistant, pages: ThePages) -> Response:
    """Ask, where no script runs, whether somebody is still there; erase when the time is over."""
    conversation = visit.conversation
    if conversation is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    if _not_forgotten(conversation, assistant) is None:
        return _forgotten()
    left = _idle_limit(assistant) - (assistant.now() - conversation.last_activity_at)
    return HTMLResponse(pages.idle(visit.csrf, max(1, int(left.total_seconds()) + 1)))


@router.get("/evenements")
async def listen(
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
    after: Annotated[str | None, Query(max_length=64)] = None,
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> Response:
    """Stream what comes after a message, as fragments of the page."""
    conversation = visit.conversation
    if conversation is None:
        # 204 tells EventSource not to come back.
        return Response(status_code=HTTPStatus.NO_CONTENT)
    announcer: LiveAnnouncer = request.app.state.announcer

    async def events() -> AsyncIterator[str]:
        async for messages in news(assistant, announcer, conversation, last_event_id or after):
            if messages is None:
                yield ": still here\n\n"
                continue
            html = pages.fragment(messages, conversation)
            data = "".join(f"data: {line}\n" for line in html.splitlines())
            yield f"event: messages\nid: {messages[-1].id}\n{data}\n"
        # Erased, here or in another window: nothing of it stays in sight.
        yield "event: erased\ndata: /efface\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@router.get("/fiche")
def print_sheet(visit: TheVisit, assistant: TheAssistant, pages: ThePages) -> Response:
    """Show the conversation as a sheet to print."""
    conversation = _not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return HTMLResponse(pages.sheet(conversation))


@router.get("/mentions-legales")
def legal_notice(visit: TheVisit, pages: ThePages) -> Response:
    """Show who is behind the service."""
    del visit
    return HTMLResponse(pages.article("legal"))


@router.get("/confidentialite")
def privacy(visit: TheVisit, pages: ThePages) -> Response:
    """Show what is kept, and for how long."""
    del visit
    return HTMLResponse(pages.article("privacy"))


@router.get("/accessibilite")
def accessibility(visit: TheVisit, pages: ThePages) -> Response:
    """Show what is accessible, and what was not yet checked."""
    del visit
    return HTMLResponse(pages.article("accessibility"))


def _received(conversation: Conversation, typed: Typed) -> Received:
    try:
        key = uuid.UUID(typed.key)
    except ValueError:
        # A form sent by hand, or an old page: the message counts, a double of it could not be told.
        key = uuid.uuid4()
    text = None if typed.choice else typed.text or ""
    return Received(conversation.id, Channel.WEB, str(key), text, typed.choice or None)


def _refuse_blank(typed: Typed) -> None:
    if not typed.choice and not (typed.text or "").strip():
        raise EmptyMessage


def _accepted(
    assistant: Assistant,
    conversation: Conversation,
    before: str,
    pages: Pages,
    *,
    as_fragment: bool,
) -> Response:
    if not as_fragment:
        return RedirectResponse(LATEST, HTTPStatus.SEE_OTHER)
    fresh: Sequence[Message] = assistant.conversations.history(conversation, before)
    # A message sent twice was answered the first time: the page knows which lines it has, but the
    # welcome, which the landing page shows under an id of its own.
    shown = fresh or [*dropwhile(_is_welcome, assistant.conversations.history(conversation))]
    return HTMLResponse(pages.fragment(shown, conversation))


def _is_welcome(message: Message) -> bool:
    return message.author is not Author.CITIZEN


def _refused(
    error: PasAPasError,
    conversation: Conversation | None,
    visit: Visit,
    typed: Typed,
    pages: Pages,
    *,
    as_fragment: bool,
) -> Response:
    notice = pages.notice(_NOTICES.get(type(error), "page.refused"))
    status = answer_of(error).status
    if as_fragment:
        return HTMLResponse(pages.notice_fragment(notice), status)
    draft = (typed.text or "")[:_LONGEST_DRAFT]
    if conversation is None:
        return HTMLResponse(pages.landing(notice, draft), status)
    return HTMLResponse(pages.chat(conversation, visit.csrf, notice, draft), status)


_LONGEST_DRAFT = 20_000
_NOTICES: dict[type[PasAPasError], str] = {
    EmptyMessage: "page.empty",
    MessageTooLong: "page.too_long",
    ChoiceNotOffered: "page.choice_gone",
    KeyReused: "page.refused",
    StillBeingAnswered: "page.still_answering",
    TooManyRequests: "page.too_fast",
}


def _idle_limit(assistant: Assistant) -> timedelta:
    return timedelta(minutes=assistant.settings.shared_device_minutes)


def _not_forgotten(conversation: Conversation | None, assistant: Assistant) -> Conversation | None:
    """Return the conversation, unless it is on a shared computer and its time is over."""
    if conversation is None or not conversation.shared_device:
        return conversation
    if assistant.now() - conversation.last_activity_at < _idle_limit(assistant):
        return conversation
    try:
        assistant.conversations.erase(conversation.id)
    except NotFound:
        return None
    return None


def _set_cookie(
    answer: Response, conversation: Conversation, token: str, assistant: Assistant
) -> None:
    kept = None if conversation.shared_device else assistant.settings.keep_days * 86_400
    answer.set_cookie(
        COOKIE,
        f"{conversation.id}.{token}",
        max_age=kept,
        httponly=True,
        secure=assistant.settings.public_url.scheme == "https",
        samesite="strict",
    )


def _without_dead_cookie(html: str, request: Request) -> Response:
    """Answer somebody without a conversation; a cookie that opens none any more goes."""
    answer = HTMLResponse(html)
    if COOKIE in request.cookies:
        answer.delete_cookie(COOKIE)
    return answer


def _forgotten() -> Response:
    answer = RedirectResponse("/efface", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
