"""The page: a conversation that works without scripts."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import dropwhile
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.errors import (
    ChoiceNotOffered,
    EmptyMessage,
    InvalidInput,
    KeyReused,
    MessageTooLong,
    NotAllowed,
    NotFound,
    PasAPasError,
    StillBeingAnswered,
)
from assistant.domain.messages import Author, Channel, Message
from assistant.domain.whom import Whom
from assistant.gateway.access import TheAssistant, Visit, check_form, form_token
from assistant.gateway.api import count_message, count_opening
from assistant.gateway.live import LiveAnnouncer, news
from assistant.gateway.pages import Pages
from assistant.gateway.problems import answer_of
from assistant.gateway.protection import TooManyRequests
from assistant.gateway.visits import (
    ELSEWHERE,
    ERASED,
    LATEST,
    ThePages,
    TheVisit,
    forgotten,
    goes_on_elsewhere,
    not_forgotten,
    set_cookie,
    token_of,
    without_dead_cookie,
)
from assistant.services.receive_message import Received
from assistant.services.sms.words import SmsWord, sms_choice

FRAGMENT = "fragment=messages"

router = APIRouter(include_in_schema=False)


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
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        if goes_on_elsewhere(request, assistant):
            return RedirectResponse(ELSEWHERE, HTTPStatus.SEE_OTHER)
        return without_dead_cookie(pages.landing(), request)
    messages = assistant.conversations.history(conversation)
    if assistant.discretion.in_sight(conversation, messages).stranded:
        assistant.discretion.leave(conversation.id)
    else:
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
    if visit.conversation is None and typed.choice == sms_choice(SmsWord.FORGET_ME):
        # The button that erases all, pressed twice.
        return forgotten()
    conversation = not_forgotten(visit.conversation, assistant)
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
    except NotFound:
        # Another window, or the end of its time, erased it meanwhile.
        return forgotten()
    except (InvalidInput, KeyReused, StillBeingAnswered, TooManyRequests) as error:
        answer = _refused(error, conversation, visit, typed, pages, as_fragment=as_fragment)
    else:
        if not assistant.conversations.exists(conversation.id):
            return forgotten()
        after = _kept_nowhere(conversation, token or token_of(request), assistant)
        answer = _accepted(assistant, after, before, pages, as_fragment=as_fragment)
        if after.shared_device and not conversation.shared_device:
            conversation, token = after, token or token_of(request)
    if token is not None and conversation is not None:
        set_cookie(answer, conversation, token, assistant)
        answer.headers["X-CSRF-Token"] = form_token(assistant, token)
    return answer


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
            try:
                html = await run_in_threadpool(
                    _fragment, request, assistant, pages, conversation, messages
                )
            except (NotAllowed, NotFound):
                break
            data = "".join(f"data: {line}\n" for line in html.splitlines())
            yield f"event: messages\nid: {messages[-1].id}\n{data}\n"
        # Nothing of it stays in sight here: erased, or opened by another device.
        if await run_in_threadpool(goes_on_elsewhere, request, assistant):
            yield f"event: moved\ndata: {ELSEWHERE}\n\n"
        else:
            yield f"event: erased\ndata: {ERASED}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


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


def _kept_nowhere(conversation: Conversation, token: str, assistant: Assistant) -> Conversation:
    """Return the conversation after a turn, on a shared device once it is about somebody else.

    Whoever helps uses their own device, or their desk's: nothing of the other person stays on it.
    """
    after = assistant.conversations.enter(conversation.id, token)
    turned = after.state.whom is Whom.OTHER and conversation.state.whom is not Whom.OTHER
    if not turned or after.shared_device:
        return after
    assistant.conversations.share_device(after, shared=True)
    return replace(after, shared_device=True)


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
    thread = assistant.conversations.history(conversation)
    fresh = [*dropwhile(lambda message: message.id != before, thread)][1:]
    # A message sent twice was answered the first time: the page knows which lines it has, but the
    # welcome, which the landing page shows under an id of its own.
    shown = fresh or [*dropwhile(_is_welcome, thread)]
    return HTMLResponse(pages.fragment(conversation, thread, shown))


def _fragment(
    request: Request,
    assistant: Assistant,
    pages: Pages,
    conversation: Conversation,
    messages: Sequence[Message],
) -> str:
    """Show what came to an open page; how the conversation stands may have changed since."""
    now = assistant.conversations.enter(conversation.id, token_of(request))
    return pages.fragment(now, assistant.conversations.history(now), messages)


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
