"""Leaving the page: erase it all, or get out of sight at once."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.domain.errors import NotFound
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.visits import ERASED, ThePages, TheVisit, forgotten, without_dead_cookie

router = APIRouter(include_in_schema=False)


@router.post("/effacer")
def erase(visit: TheVisit, assistant: TheAssistant, csrf: Annotated[str, Form()] = "") -> Response:
    """Erase all that is known of the person, and leave."""
    check_form(visit, csrf)
    if visit.conversation is not None:
        assistant.conversations.forget(visit.conversation.id)
    return forgotten()


@router.get(ERASED)
def erased(visit: TheVisit, request: Request, pages: ThePages) -> Response:
    """Say that nothing is left."""
    if visit.conversation is not None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return without_dead_cookie(pages.erased(), request)


@router.get("/sortie")
def exit_page(visit: TheVisit, assistant: TheAssistant, pages: ThePages) -> Response:
    """Take what is delicate out of sight, and go to a harmless site.

    A link and not a form: the policy of the page lets no form lead to another site. It may be
    followed twice, and another site cannot follow it for the person: the cookie stays here.
    """
    if visit.conversation is not None:
        with suppress(NotFound):
            assistant.discretion.leave(visit.conversation.id)
    return RedirectResponse(pages.harmless_site, HTTPStatus.SEE_OTHER)
