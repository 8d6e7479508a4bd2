"""« Mes choix » on the page: read, corrected, withdrawn, printed and taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.bootstrap import Assistant
from assistant.domain.sending import METROPOLE
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.notebook_api import FHIR_JSON, body_of, fhir_of, label_of
from assistant.gateway.visits import ThePages, TheVisit, not_forgotten, without_dead_cookie
from assistant.services.choices.notebook import Opened

CHOICES = "/mes-choix"
JSON_FILE = "mes-choix.json"
FHIR_FILE = "mes-choix-fhir.json"

router = APIRouter(include_in_schema=False)


class Wish(StrEnum):
    """What a button of the page does."""

    CORRECT = "correct"
    WITHDRAW = "withdraw"
    CLEAR = "clear"


@dataclass(frozen=True)
class Line:
    """A line as the page shows it; ``instead`` is what it would say if it were corrected."""

    id: str
    label: str
    noted: str
    corrected: str | None
    withdrawn: str | None
    instead: str


@router.get(CHOICES)
def show(visit: TheVisit, request: Request, assistant: TheAssistant, pages: ThePages) -> Response:
    """Show the notebook; where there is none, or it stays shut, say so."""
    conversation = not_forgotten(visit.conversation, assistant)
    opened = None if conversation is None else assistant.notebook.open(conversation)
    language = pages.language if conversation is None else conversation.language
    t = pages.words(language)
    lines = () if opened is None or conversation is None else [*_lines(assistant, opened, language)]
    page = pages.render(
        "notebook.html",
        language,
        title=t("page.notebook"),
        csrf=visit.csrf,
        here=CHOICES,
        closed=t(opened.closed) if opened is not None and opened.closed is not None else None,
        lines=[line for line in lines if line.withdrawn is None],
        withdrawn=[line for line in lines if line.withdrawn is not None],
        files=(f"/{JSON_FILE}", f"/{FHIR_FILE}"),
        day=_day(assistant.now(), language),
    )
    return HTMLResponse(page) if conversation is not None else without_dead_cookie(page, request)


@dataclass(frozen=True)
class Pressed:
    """The fields of the page's forms."""

    wish: Annotated[Wish, Form()]
    line: Annotated[str, Form(max_length=36)] = ""
    csrf: Annotated[str, Form()] = ""


@router.post(CHOICES)
def change(
    pressed: Annotated[Pressed, Depends()], visit: TheVisit, assistant: TheAssistant
) -> Response:
    """Correct or withdraw a line, or erase the notebook, then show what is left."""
    check_form(visit, pressed.csrf)
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is not None:
        match pressed.wish:
            case Wish.CORRECT:
                assistant.notebook.correct(conversation, pressed.line)
            case Wish.WITHDRAW:
                assistant.notebook.withdraw(conversation, pressed.line)
            case Wish.CLEAR:
                assistant.notebook.clear(conversation)
    return RedirectResponse(CHOICES, HTTPStatus.SEE_OTHER)


@router.get(f"/{JSON_FILE}")
def download(visit: TheVisit, assistant: TheAssistant) -> Response:
    """Give the notebook as a JSON file."""
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse(CHOICES, HTTPStatus.SEE_OTHER)
    body = body_of(assistant, conversation).model_dump_json(indent=2)
    return _file(body, JSON_FILE, "application/json")


@router.get(f"/{FHIR_FILE}")
def download_fhir(visit: TheVisit, assistant: TheAssistant) -> Response:
    """Give the notebook as a FHIR file."""
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse(CHOICES, HTTPStatus.SEE_OTHER)
    return _file(fhir_of(assistant, conversation), FHIR_FILE, FHIR_JSON)


def _file(body: str, name: str, media_type: str) -> Response:
    return Response(
        body,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(assistant: Assistant, opened: Opened, language: str) -> Iterator[Line]:
    for line in opened.lines:
        yield Line(
            id=line.id,
            label=label_of(assistant, line, language),
            noted=_day(line.noted_at, language),
            corrected=_maybe_day(line.corrected_at, language),
            withdrawn=_maybe_day(line.withdrawn_at, language),
            instead=label_of(assistant, replace(line, told=line.told.corrected()), language),
        )


def _maybe_day(moment: datetime | None, language: str) -> str | None:
    return None if moment is None else _day(moment, language)


def _day(moment: datetime, language: str) -> str:
    return format_date(moment.astimezone(METROPOLE.zone), "long", locale=language)
