"""The JSON API: others build their own channel on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotFound
from assistant.domain.known import Known
from assistant.domain.messages import Channel, Message
from assistant.gateway.access import TheAssistant, api_caller, everybody, listener
from assistant.gateway.live import LiveAnnouncer, news
from assistant.gateway.problems import Problem
from assistant.gateway.protection import RateLimits
from assistant.gateway.schemas import (
    AnswersBody,
    ChosenLanguage,
    CodeBody,
    ExportBody,
    HealthBody,
    HistoryBody,
    MessageBody,
    NewConversation,
    OpenedBody,
    Said,
    TypedCode,
)
from assistant.services.receive_message import Received

Responses = dict[int | str, dict[str, Any]]

_PROBLEM: dict[str, Any] = {"model": Problem}
_OPENING: Responses = dict.fromkeys((413, 422, 429, 503), _PROBLEM)
_ENTERING: Responses = dict.fromkeys((401, 404, 413, 422, 503), _PROBLEM)
_SAYING: Responses = {**_ENTERING, **dict.fromkeys((409, 429), _PROBLEM)}

router = APIRouter(prefix="/api/conversations", tags=["conversations"])
health_router = APIRouter(tags=["operation"])

Caller = Annotated[Conversation, Depends(api_caller)]


@router.post(
    "",
    status_code=201,
    dependencies=[Depends(everybody)],
    responses=_OPENING,
)
def open_conversation(
    body: NewConversation, request: Request, assistant: TheAssistant
) -> OpenedBody:
    """Begin a conversation; the answer holds its token, shown once, and the first messages."""
    count_opening(request, assistant.settings.conversations_per_minute)
    opened = assistant.conversations.open(body.language)
    return OpenedBody(
        id=opened.conversation.id,
        token=opened.token,
        language=opened.conversation.language,
        messages=_bodies(opened.messages),
    )


@router.post("/resume", status_code=201, dependencies=[Depends(everybody)], responses=_OPENING)
def resume(body: TypedCode, request: Request, assistant: TheAssistant) -> OpenedBody:
    """Go on here with a conversation begun elsewhere; its new token replaces the one there."""
    resumed = assistant.resume.take(
        body.code, network_address(request), shared_device=body.shared_device
    )
    return OpenedBody(
        id=resumed.conversation.id,
        token=resumed.token,
        language=resumed.conversation.language,
        messages=_bodies(_in_sight(assistant, resumed.conversation)),
    )


@router.post("/{conversation_id}/code", status_code=201, responses=_ENTERING)
def give_code(conversation: Caller, assistant: TheAssistant) -> CodeBody:
    """Give a code that opens this conversation on another device within 15 minutes, once."""
    code = assistant.resume.give_code(conversation.id)
    return CodeBody(code=code.digits, expires_at=code.expires_at)


@router.get("/{conversation_id}/messages", responses=_ENTERING)
def read_messages(
    conversation: Caller,
    assistant: TheAssistant,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> HistoryBody:
    """List the messages after one, or all of them, in the conversation's language."""
    return _history(_in_sight(assistant, conversation, after), conversation)


@router.post("/{conversation_id}/messages", responses=_SAYING)
def say(
    body: Said,
    conversation: Caller,
    request: Request,
    assistant: TheAssistant,
    idempotency_key: Annotated[UUID, Header()],
) -> AnswersBody:
    """Say something; the same key again returns the same answers and does nothing."""
    count_message(request, conversation, assistant.settings.messages_per_minute)
    received = Received(
        conversation_id=conversation.id,
        channel=Channel.WEB,
        external_id=str(idempotency_key),
        text=body.text,
        choice=body.choice,
    )
    return AnswersBody(messages=_bodies(assistant.receive(received)))


@router.get(
    "/{conversation_id}/events",
    response_class=StreamingResponse,
    responses={**_ENTERING, 200: {"content": {"text/event-stream": {}}}},
)
async def listen(
    conversation: Annotated[Conversation, Depends(listener)],
    request: Request,
    assistant: TheAssistant,
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> StreamingResponse:
    """Stream the new messages as server-sent events; each event's id is the message's."""
    announcer: LiveAnnouncer = request.app.state.announcer

    async def events() -> AsyncIterator[str]:
        async for messages in news(assistant, announcer, conversation, last_event_id):
            if messages is None:
                yield ": still here\n\n"
            shown = await run_in_threadpool(_shown_of, assistant, conversation.id, messages or ())
            for message in shown:
                body = MessageBody.of(message).model_dump_json()
                yield f"event: message\nid: {message.id}\ndata: {body}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@router.put("/{conversation_id}/language", responses=_ENTERING)
def change_language(
    body: ChosenLanguage, conversation: Caller, assistant: TheAssistant
) -> HistoryBody:
    """Go on in another language; the history comes back put into its words."""
    changed = assistant.conversations.change_language(conversation, body.language)
    return _history(_in_sight(assistant, changed), changed)


@router.get("/{conversation_id}/export", responses=_ENTERING)
def export(conversation: Caller, assistant: TheAssistant) -> ExportBody:
    """Give all that is kept of the conversation, to be seen or taken along."""
    return export_of(assistant, assistant.known.of(conversation.id))


@router.delete("/{conversation_id}", status_code=204, responses=_ENTERING)
def erase(conversation: Caller, assistant: TheAssistant) -> Response:
    """Erase the conversation, and all else that the phone which speaks in it took part in."""
    assistant.conversations.forget(conversation.id)
    return Response(status_code=204)


@health_router.get("/health", dependencies=[Depends(everybody)])
def health(assistant: TheAssistant) -> HealthBody:
    """Tell how the product is; degraded means that it answers without Rasa."""
    return HealthBody.model_validate(assistant.health(), from_attributes=True)


def export_of(assistant: Assistant, known: Known) -> ExportBody:
    """Return what is known as it goes into a file."""
    return ExportBody(
        made_at=assistant.now(),
        summary=in_sentences(assistant, known),
        kept={table: [dict(row) for row in rows] for table, rows in known.kept.items()},
    )


def in_sentences(assistant: Assistant, known: Known) -> list[str]:
    """Return what is known in a few sentences, in the conversation's language."""
    language = known.conversation.language
    lines = assistant.known.lines(known)
    return [assistant.catalogue.say(each, language, Channel.WEB).text for each in lines]


def count_opening(request: Request, per_minute: int) -> None:
    """Count a new conversation against its network address. Raises TooManyRequests."""
    limits: RateLimits = request.app.state.limits
    limits.count("open", network_address(request), per_minute)


def network_address(request: Request) -> str:
    """Return where a request comes from, to tell one place from another."""
    return request.client.host if request.client else "unknown"


def count_message(request: Request, conversation: Conversation, per_minute: int) -> None:
    """Count a message against its conversation. Raises TooManyRequests."""
    limits: RateLimits = request.app.state.limits
    limits.count("say", conversation.id, per_minute)


def _in_sight(
    assistant: Assistant, conversation: Conversation, after: str | None = None
) -> Sequence[Message]:
    """Return the messages after one, or all, that the page would show as well."""
    fresh = assistant.conversations.history(conversation, after)
    thread = fresh if after is None else assistant.conversations.history(conversation)
    sight = assistant.discretion.in_sight(conversation, thread)
    if sight.stranded:
        assistant.discretion.leave(conversation.id)
        current = assistant.conversations.current(conversation.id)
        fresh = assistant.conversations.history(current, after)
        sight = assistant.discretion.in_sight(current, assistant.conversations.history(current))
    shown = {message.id for message in sight.messages}
    return [message for message in fresh if message.id in shown]


def _shown_of(
    assistant: Assistant, conversation_id: str, fresh: Sequence[Message]
) -> Sequence[Message]:
    """Return those of new messages that are in sight as the conversation stands now."""
    if not fresh:
        return ()
    try:
        now = assistant.conversations.current(conversation_id)
    except NotFound:
        return ()
    thread = assistant.conversations.history(now)
    shown = {each.id for each in assistant.discretion.in_sight(now, thread).messages}
    return [message for message in fresh if message.id in shown]


def _bodies(messages: Sequence[Message]) -> list[MessageBody]:
    return [MessageBody.of(message) for message in messages]


def _history(messages: Sequence[Message], conversation: Conversation) -> HistoryBody:
    return HistoryBody(messages=_bodies(messages), held_by=conversation.held_by.value)
