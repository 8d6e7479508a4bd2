"""The sheet of one place: on one A4 page in large letters, to take along."""

from __future__ import annotations

from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from assistant.domain.errors import NotFound
from assistant.domain.sending import METROPOLE
from assistant.gateway.access import TheAssistant, everybody
from assistant.gateway.places import SEARCHES_PER_MINUTE, count_search, place_card
from assistant.gateway.visits import ThePages

router = APIRouter(include_in_schema=False)

LONGEST_ID = 32


@router.get("/lieux/{place_id}", dependencies=[Depends(everybody)])
def show(
    place_id: Annotated[str, Path(max_length=LONGEST_ID)],
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
) -> Response:
    """Show all that is known of one place. Raises NotFound."""
    count_search(request, "places", SEARCHES_PER_MINUTE)
    place = assistant.find_help.details(place_id)
    if place is None:
        raise NotFound(place_id)
    t = pages.words(pages.language)
    today = assistant.now().astimezone(METROPOLE.zone).date()
    return HTMLResponse(
        pages.render(
            "place.html",
            pages.language,
            title=f"{place.name} - {t('page.brand')}",
            place=place_card(place, "", pages),
            day=format_date(today, format="long", locale=pages.language),
        )
    )
