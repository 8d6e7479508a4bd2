"""« Mes données »: all that is kept of the person, to read, to print and to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from babel.dates import format_datetime
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.domain.known import Known, Row
from assistant.domain.sending import METROPOLE
from assistant.gateway.access import TheAssistant
from assistant.gateway.api import export_of, in_sentences
from assistant.gateway.pages import Pages
from assistant.gateway.visits import ThePages, TheVisit, not_forgotten, without_dead_cookie

DATA = "/mes-donnees"
FILE = "mes-donnees.json"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """A line of a list: when, and what."""

    at: str
    words: str


@router.get(DATA)
def show(visit: TheVisit, request: Request, assistant: TheAssistant, pages: ThePages) -> Response:
    """Show all that is kept, in words; where nothing is, say so."""
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        nothing = pages.render(
            "data.html",
            pages.language,
            title=pages.words(pages.language)("page.data"),
            known=None,
        )
        return without_dead_cookie(nothing, request)
    known = assistant.known.of(conversation.id)
    language = conversation.language
    page = pages.render(
        "data.html",
        language,
        title=pages.words(language)("page.data"),
        csrf=visit.csrf,
        known=known,
        file=f"/{FILE}",
        summary=in_sentences(assistant, known),
        messages=_lines(known, "message", "created_at", "text"),
        sent=_lines(known, "outbox", "created_at", "text"),
        consents=[*_consents(known, pages)],
        accesses=_lines(known, "access_log", "at", "actor"),
    )
    return HTMLResponse(page)


@router.get(f"/{FILE}")
def download(visit: TheVisit, assistant: TheAssistant) -> Response:
    """Give all that is kept as a file."""
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse(DATA, 303)
    body = export_of(assistant, assistant.known.of(conversation.id)).model_dump_json(indent=2)
    return Response(
        body,
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
    )


def _lines(known: Known, table: str, when: str, what: str) -> Sequence[Line]:
    language = known.conversation.language
    return [Line(_moment(row, when, language), str(row[what])) for row in known.kept[table]]


def _consents(known: Known, pages: Pages) -> Iterator[Line]:
    language = known.conversation.language
    t = pages.words(language)
    for row in known.kept["consent_payload"]:
        given = row["act"] == "given"
        act = t("page.data_consent_given" if given else "page.data_consent_withdrawn")
        words = t(f"known.purpose.{row['purpose']}")
        yield Line(_moment(row, "recorded_at", language), f"{words} ({act})")


def _moment(row: Row, name: str, language: str) -> str:
    moment = cast("datetime", row[name]).astimezone(METROPOLE.zone)
    return format_datetime(moment, "short", locale=language)
