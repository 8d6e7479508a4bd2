"""The page of the places where somebody helps: a form, and the list that it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.bootstrap import Assistant
from assistant.directory.search import next_weekday
from assistant.directory.traits import Need, Trait
from assistant.domain.found_places import FoundPlace, FoundPlaces
from assistant.domain.sending import METROPOLE
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.api import network_address
from assistant.gateway.pages import Pages
from assistant.gateway.protection import RateLimits
from assistant.gateway.visits import ThePages, TheVisit
from assistant.rendering.places import (
    Speak,
    distance,
    doubts,
    openness,
    spoken_number,
    weekly_hours,
)
from assistant.services.finding.find_help import names_of, traits_named
from assistant.services.finding.search import Search
from assistant.services.finding.wishes import Wish

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 10
# A search takes milliseconds; a whole town may share one address.
SEARCHES_PER_MINUTE = 300
REPORTS_PER_MINUTE = 10
# What does not name a place is not read at all.
LONGEST_PLACE = 300

FILTERS = (
    Trait.FREE, Trait.WALK_IN, Trait.OTHER_LANGUAGES, Trait.ENGLISH, Trait.ILLITERACY,
    Trait.DEAFNESS, Trait.SIGHT, Trait.WHEELCHAIR, Trait.FRANCE_SERVICES, Trait.TRAVELS,
)  # fmt: skip


class When(StrEnum):
    """When a place should be open, as the form asks for it."""

    ANY = ""
    NOW = "now"
    TODAY = "today"
    TOMORROW = "tomorrow"
    SATURDAY = "saturday"


@dataclass(frozen=True)
class Asked:
    """The fields of the form; what is in none of its lists is left out."""

    ou: Annotated[str, Query(max_length=LONGEST_PLACE)] = ""
    besoin: Annotated[str, Query(max_length=40)] = Need.MON_ESPACE_SANTE.value
    quand: Annotated[str, Query(max_length=40)] = ""
    filtre: Annotated[list[str] | None, Query(max_length=len(FILTERS))] = None
    page: Annotated[int, Query(ge=1, le=100)] = 1

    @property
    def need(self) -> Need:
        """What help is looked for."""
        known = {each.value for each in Need}
        return Need(self.besoin) if self.besoin in known else Need.MON_ESPACE_SANTE

    @property
    def when(self) -> When:
        """When it should be open."""
        return When(self.quand) if self.quand in {each.value for each in When} else When.ANY

    @property
    def traits(self) -> Trait:
        """What the person cannot do without."""
        return traits_named(self.filtre or ())

    def address(self, **changes: object) -> str:
        """Return the address of the page that answers this form."""
        fields: dict[str, object] = {"ou": self.ou, "besoin": self.need.value}
        fields |= {"quand": self.when.value} if self.when else {}
        fields |= {"filtre": list(names_of(self.traits))} if self.traits else {}
        return f"/lieux?{urlencode({**fields, **changes}, doseq=True)}"


@dataclass(frozen=True)
class PlaceCard:
    """A place as the page shows it."""

    id: str
    name: str
    trained: bool
    where: str
    opened: str
    phone: str
    dial: str
    doubts: tuple[str, ...]
    hours: tuple[str, ...]
    traits: tuple[str, ...]
    website: str
    source: str


@dataclass(frozen=True)
class Results:
    """What the page shows of a search."""

    heading: str = ""
    notes: tuple[str, ...] = ()
    cards: tuple[PlaceCard, ...] = ()
    remote: tuple[PlaceCard, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    more: str = ""
    searched: bool = False


@router.get("/lieux")
def show(
    asked: Annotated[Asked, Depends()],
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    pages: ThePages,
    signale: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Show the form, and the places that it found."""
    t = pages.words(pages.language)
    notice = t("places.reported") if signale else None
    results = Results()
    if asked.ou.strip():
        count_search(request, "places", SEARCHES_PER_MINUTE)
        results = _results(asked, assistant, pages)
    return HTMLResponse(_page(asked, results, assistant, pages, visit.csrf, notice))


@router.post("/lieux/ferme")
def report_closed(
    visit: TheVisit,
    request: Request,
    assistant: TheAssistant,
    lieu: Annotated[str, Form(max_length=32)],
    ou: Annotated[str, Form(max_length=LONGEST_PLACE)] = "",
    csrf: Annotated[str, Form()] = "",
) -> Response:
    """Note that a place is closed, for the editors; nothing tells who said it."""
    check_form(visit, csrf)
    count_search(request, "report", REPORTS_PER_MINUTE)
    with assistant.open_unit_of_work() as work:
        work.place_reports.note_closed(lieu, assistant.now())
        work.commit()
    return RedirectResponse(Asked(ou=ou).address(signale=1), HTTPStatus.SEE_OTHER)


def count_search(request: Request, what: str, per_minute: int) -> None:
    """Count a request against its network address. Raises TooManyRequests."""
    limits: RateLimits = request.app.state.limits
    limits.count(what, network_address(request), per_minute)


def place_card(place: FoundPlace, day: str, pages: Pages) -> PlaceCard:
    """Return a place as the page shows it, open or not on that day where one was asked for."""
    speak, language = pages.words(pages.language), pages.language
    return PlaceCard(
        id=place.id,
        name=place.name,
        trained=place.trained,
        where=", ".join(filter(None, (distance(place, speak), place.address))),
        opened=openness(place, day=day, speak=speak, language=language),
        phone=spoken_number(place.phone) if place.phone else "",
        dial=place.phone,
        doubts=tuple(doubts(place, speak)),
        hours=tuple(weekly_hours(place, speak, language)),
        traits=tuple(speak(f"places.trait.{each}") for each in place.traits),
        website=place.website,
        source=place.source,
    )


def _page(
    asked: Asked,
    results: Results,
    assistant: Assistant,
    pages: Pages,
    csrf: str | None,
    notice: str | None,
) -> str:
    t = pages.words(pages.language)
    return pages.render(
        "places.html",
        pages.language,
        title=f"{t('page.places')} - {t('page.brand')}",
        csrf=csrf,
        notice=notice,
        asked=asked,
        results=results,
        needs=[(each.value, t(_NEED_LABELS[each])) for each in Need],
        moments=[(each.value, t(_WHEN_LABELS[each])) for each in When],
        filters=[
            (name, t(f"places.trait.{name}"), each in asked.traits)
            for each in FILTERS
            for name in names_of(each)
        ],
        lists=_lists(assistant),
    )


def _results(asked: Asked, assistant: Assistant, pages: Pages) -> Results:
    t = pages.words(pages.language)
    resolution = assistant.find_help.names().resolve(asked.ou)
    if not resolution.choices:
        return Results(heading=t("retry.place"), searched=True)
    if len(resolution.choices) > 1:
        return Results(
            heading=t("places.ask_which"),
            choices=tuple(
                (each.label, replace(asked, ou=each.label).address()) for each in resolution.choices
            ),
            searched=True,
        )
    now = assistant.now()
    wish = Wish(
        areas=resolution.choices,
        mended=not resolution.exact,
        need=asked.need,
        traits=asked.traits,
        open_now=asked.when is When.NOW,
        open_on=_day(asked.when, now),
    )
    search = Search().wishing(wish)
    seen = (asked.page - 1) * ON_A_PAGE
    if seen:
        search = replace(search, seen=seen)
    proposed = assistant.find_help.propose(search, ON_A_PAGE, whole=True)
    found = proposed.found
    more = asked.address(page=asked.page + 1) if proposed.search.has_more else ""
    return Results(
        heading=t("places.near", near=found.near),
        notes=tuple(_notes(found, t)),
        cards=tuple(place_card(each, found.day, pages) for each in found.places),
        remote=tuple(place_card(each, "", pages) for each in found.remote),
        more=more,
        searched=True,
    )


def _notes(found: FoundPlaces, t: Speak) -> list[str]:
    """Return what is said about the search before its places."""
    notes: list[str] = []
    if found.mended:
        notes.append(t("places.near_mended", near=found.near))
    if not found.places:
        notes.append(t("places.no_more" if found.further else "places.none", near=found.near))
    if found.wide_km:
        notes.append(t("places.wide", near=found.near, km=found.wide_km))
    if found.unmet:
        wishes = ", ".join(t(f"places.trait.{each}").lower() for each in found.unmet)
        notes.append(t("places.unmet", wishes=wishes))
    if found.ring or found.wide_km:
        notes.append(t("places.ring"))
    return notes


def _day(when: When, now: datetime) -> date | None:
    today = now.astimezone(METROPOLE.zone).date()
    match when:
        case When.TODAY:
            return today
        case When.TOMORROW:
            return today + timedelta(days=1)
        case When.SATURDAY:
            return next_weekday(today, 5)
        case _:
            return None


def _lists(assistant: Assistant) -> Sequence[tuple[str, str]]:
    """Return the lists that the places come from, and when each was read."""
    return [(name, day.isoformat()) for name, day in assistant.find_help.directory.lists()]


_NEED_LABELS: Mapping[Need, str] = {
    Need.MON_ESPACE_SANTE: "places.need_mon_espace_sante",
    Need.PROCEDURES: "places.need_procedures",
    Need.COMPUTER_ACCESS: "places.need_computer_access",
    Need.LEARNING: "places.need_learning",
}
_WHEN_LABELS: Mapping[When, str] = {
    When.ANY: "places.when_any",
    When.NOW: "places.when_now",
    When.TODAY: "places.when_today",
    When.TOMORROW: "places.when_tomorrow",
    When.SATURDAY: "places.when_saturday",
}
