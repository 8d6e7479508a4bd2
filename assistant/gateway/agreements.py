"""« Mes accords » on the page: what the person agreed to, taken back with one button, or given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.domain.consent import Purpose
from assistant.domain.messages import Channel
from assistant.domain.sending import METROPOLE
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.visits import ThePages, TheVisit, not_forgotten, without_dead_cookie
from assistant.services.consent.agreements import Agreed

AGREEMENTS = "/mes-accords"

router = APIRouter(include_in_schema=False)


class Wish(StrEnum):
    """What a button of the page does."""

    GIVE = "give"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Line:
    """A purpose as the page shows it; ``since`` and ``stop`` when it can be taken back."""

    purpose: Purpose
    told: str
    since: str | None
    stop: str | None
    question: str | None
    why: str


@router.get(AGREEMENTS)
def show(visit: TheVisit, request: Request, assistant: TheAssistant, pages: ThePages) -> Response:
    """Show what is agreed to and what may be; without a conversation, say that nothing is."""
    conversation = not_forgotten(visit.conversation, assistant)
    language = pages.language if conversation is None else conversation.language
    t = pages.words(language)
    agreed = None if conversation is None else assistant.agreements.of(conversation)
    windows = assistant.agreements.record.question(Purpose.KEEP_CONVERSATION).params
    page = pages.render(
        "agreements.html",
        language,
        title=t("page.agreements"),
        csrf=visit.csrf,
        here=AGREEMENTS,
        lines=None if agreed is None else [*_lines(agreed, t, language, windows)],
        closed=t(agreed.closed) if agreed is not None and agreed.closed is not None else None,
    )
    return HTMLResponse(page) if conversation is not None else without_dead_cookie(page, request)


@dataclass(frozen=True)
class Pressed:
    """The fields of the page's forms."""

    wish: Annotated[Wish, Form()]
    purpose: Annotated[Purpose, Form()]
    csrf: Annotated[str, Form()] = ""


@router.post(AGREEMENTS)
def change(
    pressed: Annotated[Pressed, Depends()], visit: TheVisit, assistant: TheAssistant
) -> Response:
    """Take a consent back, or record it, then show where all of them stand."""
    check_form(visit, pressed.csrf)
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is not None:
        match pressed.wish:
            case Wish.GIVE:
                assistant.agreements.give(conversation, pressed.purpose, Channel.WEB)
            case Wish.WITHDRAW:
                assistant.agreements.withdraw(conversation, pressed.purpose, Channel.WEB)
    return RedirectResponse(AGREEMENTS, HTTPStatus.SEE_OTHER)


def _lines(
    agreed: Agreed, t: Callable[..., str], language: str, windows: Mapping[str, str]
) -> Iterator[Line]:
    for each in agreed.agreements:
        purpose, in_force = each.purpose, each.since is not None
        until = "" if each.until is None else _day(each.until, language)
        yield Line(
            purpose=purpose,
            told=t(f"consent.{purpose}.on", until=until)
            if in_force
            else t(f"consent.{purpose}.off"),
            since=None if each.since is None else _day(each.since, language),
            stop=t(f"consent.{purpose}.stop") if in_force else None,
            question=each.question,
            why=t(f"consent.{purpose}.why", **windows),
        )


def _day(moment: datetime, language: str) -> str:
    return format_date(moment.astimezone(METROPOLE.zone), "long", locale=language)
