"""Errors as answers: problem details (RFC 9457) for programs, a kind page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from assistant.domain.errors import (
    AmbiguousPlace,
    ChoiceNotOffered,
    CodeRefused,
    EmptyMessage,
    InvalidInput,
    KeyReused,
    LanguageNotOffered,
    MessageTooLong,
    NotAllowed,
    NotFound,
    NotInFrance,
    PasAPasError,
    StaleState,
    StillBeingAnswered,
    StorageUnavailable,
    TooManyTries,
    UnknownPlace,
)
from assistant.gateway.pages import Pages
from assistant.gateway.protection import LARGEST_BODY_BYTES, TooManyRequests
from assistant.services.resume import CODE_LIVES

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """Problem details, as RFC 9457 defines them."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None


@dataclass(frozen=True)
class Answered:
    """The status of an error, the name of its kind and its words for a developer."""

    status: HTTPStatus
    kind: str
    title: str
    headers: Mapping[str, str] = field(default_factory=dict)


_ANSWERS: Mapping[type[PasAPasError], Answered] = {
    EmptyMessage: Answered(HTTPStatus.UNPROCESSABLE_ENTITY, "empty-message", "Nothing to answer."),
    MessageTooLong: Answered(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "message-too-long", "The message is too long."
    ),
    ChoiceNotOffered: Answered(
        HTTPStatus.CONFLICT, "choice-not-offered", "This choice is not offered any more."
    ),
    LanguageNotOffered: Answered(
        HTTPStatus.UNPROCESSABLE_ENTITY, "language-not-offered", "This language is not offered."
    ),
    InvalidInput: Answered(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-input", "Cannot be read."),
    CodeRefused: Answered(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "code-refused",
        "The code is wrong, was used, or is more than 15 minutes old.",
    ),
    UnknownPlace: Answered(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unknown-place",
        "No commune or postcode is written so.",
    ),
    AmbiguousPlace: Answered(
        HTTPStatus.UNPROCESSABLE_ENTITY, "ambiguous-place", "Several places bear this name."
    ),
    NotInFrance: Answered(
        HTTPStatus.UNPROCESSABLE_ENTITY, "not-in-france", "This point lies outside of France."
    ),
    TooManyTries: Answered(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-tries",
        "Too many wrong codes from here.",
        {"Retry-After": str(int(CODE_LIVES.total_seconds()))},
    ),
    NotAllowed: Answered(
        HTTPStatus.UNAUTHORIZED,
        "not-allowed",
        "The token does not open this conversation.",
        {"WWW-Authenticate": "Bearer"},
    ),
    NotFound: Answered(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing."),
    KeyReused: Answered(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "idempotency-key-reused",
        "This Idempotency-Key came with another body before.",
    ),
    StillBeingAnswered: Answered(
        HTTPStatus.CONFLICT,
        "still-being-answered",
        "An earlier message is still being answered; send the same request again.",
        {"Retry-After": "2"},
    ),
    StaleState: Answered(
        HTTPStatus.CONFLICT, "conversation-moved", "The conversation moved; read it again."
    ),
    StorageUnavailable: Answered(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The database does not answer; send the same request again.",
        {"Retry-After": "5"},
    ),
    TooManyRequests: Answered(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests; wait a moment."
    ),
}
_UNEXPECTED = Answered(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", "Something broke here.")


def answer_of(error: PasAPasError) -> Answered:
    """Return how an error is answered: by its own line of the table, or its nearest ancestor's."""
    for kind in type(error).__mro__:
        if kind in _ANSWERS:
            return _ANSWERS[kind]
    return _UNEXPECTED


def problem(
    status: int,
    kind: str,
    title: str,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Return problem details; ``kind`` becomes a relative type URI."""
    body = Problem(type=f"/problems/{kind}", title=title, status=status, detail=detail, **more)
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE
    )


class ErrorAnswers:
    """Answers errors: programs get problem details, people a page."""

    def __init__(self, pages: Pages) -> None:
        """Show the pages of ``pages``."""
        self._pages = pages

    def install(self, app: FastAPI) -> None:
        """Answer every error of an application."""
        app.add_exception_handler(PasAPasError, self._known)
        app.add_exception_handler(RequestValidationError, self._malformed)
        app.add_exception_handler(HTTPException, self._other)
        app.add_exception_handler(Exception, self._broken)

    def _known(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, PasAPasError):
            raise error
        answered = answer_of(error)
        if answered is _UNEXPECTED:
            log.error("unexpected %s", type(error).__name__)
        headers = dict(answered.headers)
        if isinstance(error, TooManyRequests):
            headers["Retry-After"] = str(error.retry_after)
        if not _is_program(request):
            return self._page(answered.status, headers)
        more: dict[str, object] = {}
        if isinstance(error, LanguageNotOffered):
            more["offered"] = list(error.offered)
        if isinstance(error, MessageTooLong):
            more["limit"] = error.limit
        if isinstance(error, AmbiguousPlace):
            more["choices"] = list(error.choices)
        return problem(answered.status, answered.kind, answered.title, None, headers, **more)

    def _malformed(self, request: Request, error: Exception) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if not _is_program(request) or not isinstance(error, RequestValidationError):
            return self._page(status)
        # What was sent is not repeated: it may be a secret.
        places = sorted({".".join(str(part) for part in each["loc"]) for each in error.errors()})
        detail = f"see {', '.join(places)}"[:300]
        return problem(status, "malformed-request", "The request cannot be read.", detail)

    def _other(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if not _is_program(request):
            return self._page(error.status_code, error.headers)
        name = HTTPStatus(error.status_code).phrase
        kind = name.lower().replace(" ", "-")
        return problem(error.status_code, kind, f"{name}.", None, error.headers)

    def _broken(self, request: Request, error: Exception) -> Response:
        # Starlette logs the traceback; the answer tells nothing of it.
        del error
        if not _is_program(request):
            return self._page(_UNEXPECTED.status)
        return problem(_UNEXPECTED.status, _UNEXPECTED.kind, _UNEXPECTED.title)

    def _page(self, status: int, headers: Mapping[str, str] | None = None) -> Response:
        return HTMLResponse(self._pages.error(status), status, headers)


def too_large(pages: Pages, path: str, accept: str) -> Response:
    """Answer a request whose body is too large to be read."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if path.startswith(_PROGRAM_PATHS):
        return problem(
            status, "too-large", "The request is too large.", limit_bytes=LARGEST_BODY_BYTES
        )
    if "fragment=" in accept:
        return HTMLResponse(pages.notice_fragment(pages.notice("page.too_long")), status)
    return HTMLResponse(pages.error(status), status)


_PROGRAM_PATHS = ("/api/", "/health", "/openapi.json", "/sms/")


def _is_program(request: Request) -> bool:
    return request.url.path.startswith(_PROGRAM_PATHS)
