"""The places where somebody helps, as JSON, GeoJSON or rows of the national schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from assistant.bootstrap import Assistant
from assistant.directory.place import Point
from assistant.directory.search import Found, Hit
from assistant.directory.search import Query as PlaceQuery
from assistant.directory.territory import is_in_france
from assistant.directory.traits import Need, traits_of
from assistant.directory.writers import geojson, schema_csv
from assistant.domain.errors import AmbiguousPlace, InvalidInput, NotInFrance, UnknownPlace
from assistant.gateway.access import TheAssistant, everybody
from assistant.gateway.places import LONGEST_PLACE, ON_A_PAGE, SEARCHES_PER_MINUTE, count_search
from assistant.gateway.problems import Problem
from assistant.services.finding.find_help import ASKED, names_of, traits_named

router = APIRouter(prefix="/api/places", tags=["places"])

MOST = 50

_COORDINATES = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)")
_WANTS = [name for each in ASKED for name in names_of(each)]


class PlaceFormat(StrEnum):
    """In which form the places are answered."""

    JSON = "json"
    GEOJSON = "geojson"
    NATIONAL = "national"


class NearBody(BaseModel):
    """Where the search was made."""

    label: str
    latitude: float
    longitude: float


class PlaceBody(BaseModel):
    """A place; ``state`` is at the moment asked for, ``distance_km`` null for help from afar.

    ``stale`` tells that nobody confirmed it for two years: ring before going there.
    """

    id: str
    name: str
    address: str
    postcode: str
    commune: str
    latitude: float | None
    longitude: float | None
    approximate: bool
    distance_km: float | None
    phone: str
    websites: list[str]
    hours: str
    state: str
    trained: bool
    traits: list[str]
    sources: list[str]
    updated: date | None
    stale: bool
    reported_closed: bool

    @classmethod
    def of(cls, hit: Hit, today: date, *, near: bool) -> Self:
        """Return a place as JSON."""
        place, point = hit.known.place, hit.known.place.point
        return cls(
            id=hit.known.id,
            name=place.name,
            address=place.address,
            postcode=place.postcode,
            commune=place.commune,
            latitude=point.latitude if point else None,
            longitude=point.longitude if point else None,
            approximate=place.approximate,
            distance_km=round(hit.distance_km, 2) if near else None,
            phone=place.phone,
            websites=list(place.websites),
            hours=place.hours,
            state=hit.opening.state.value,
            trained=hit.is_trained,
            traits=list(names_of(traits_of(place))),
            sources=list(hit.known.sources),
            updated=place.updated,
            stale=hit.is_stale(today),
            reported_closed=hit.known.reported_closed,
        )


class PlacesBody(BaseModel):
    """What was found; ``ring_support`` says to propose the national line, 3422."""

    near: NearBody
    radius_km: float
    widened: bool
    has_more: bool
    ring_support: bool
    places: list[PlaceBody]
    remote: list[PlaceBody]


@dataclass(frozen=True)
class Criteria:
    """The parameters of a search."""

    near: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST_PLACE,
            description="A commune, a postcode, a département, or `latitude,longitude`.",
            examples=["Gap"],
        ),
    ]
    need: Annotated[Need, Query(description="The help looked for.")] = Need.MON_ESPACE_SANTE
    opened: Annotated[
        str,
        Query(
            alias="open",
            pattern=r"^(|now|\d{4}-\d{2}-\d{2})$",
            description="`now`, or a day (`YYYY-MM-DD`): the open places, then the unknown.",
        ),
    ] = ""
    wants: Annotated[
        list[str] | None,
        Query(max_length=len(ASKED), description=f"Among {', '.join(_WANTS)}."),
    ] = None
    limit: Annotated[int, Query(ge=1, le=MOST)] = ON_A_PAGE
    offset: Annotated[int, Query(ge=0, le=1_000)] = 0


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/geo+json": {}, "text/csv": {}}},
    413: {"model": Problem},
    422: {"model": Problem},
    429: {"model": Problem},
    503: {"model": Problem},
}


@router.get("", dependencies=[Depends(everybody)], response_model=PlacesBody, responses=_ANSWERS)
def find(
    criteria: Annotated[Criteria, Depends()],
    request: Request,
    assistant: TheAssistant,
    style: Annotated[
        PlaceFormat, Query(alias="format", description="`national`: CSV of the schema v1.0.2.")
    ] = PlaceFormat.JSON,
) -> Response | PlacesBody:
    """Find the places that help somebody near; wider, then from afar, when nobody is."""
    count_search(request, "places", SEARCHES_PER_MINUTE)
    located = _located(criteria.near, assistant)
    query = PlaceQuery(
        near=Point(located.latitude, located.longitude),
        need=criteria.need,
        wanted=traits_named(criteria.wants or ()),
        open_now=criteria.opened == "now",
        open_on=_read_day(criteria.opened),
        limit=criteria.limit,
        offset=criteria.offset,
    )
    now = assistant.now()
    found = assistant.find_help.directory.find(query, now)
    known = [hit.known for hit in (*found.hits, *found.remote)]
    match style:
        case PlaceFormat.GEOJSON:
            return JSONResponse(geojson(known), media_type="application/geo+json")
        case PlaceFormat.NATIONAL:
            return Response("".join(schema_csv(known)), media_type="text/csv; charset=utf-8")
        case _:
            return _body(located, found, now.date())


def _body(near: NearBody, found: Found, today: date) -> PlacesBody:
    return PlacesBody(
        near=near,
        radius_km=found.radius_km,
        widened=found.was_widened,
        has_more=found.has_more,
        ring_support=found.ring_support,
        places=[PlaceBody.of(hit, today, near=True) for hit in found.hits],
        remote=[PlaceBody.of(hit, today, near=False) for hit in found.remote],
    )


def _located(near: str, assistant: Assistant) -> NearBody:
    """Return where to search. Raises NotInFrance, UnknownPlace, AmbiguousPlace."""
    if (point := _point(near)) is not None:
        if not is_in_france(point):
            raise NotInFrance
        return NearBody(label="", latitude=point.latitude, longitude=point.longitude)
    areas = assistant.find_help.names().resolve(near).choices
    if not areas:
        raise UnknownPlace
    if len(areas) > 1:
        raise AmbiguousPlace(tuple(each.label for each in areas))
    area = areas[0]
    return NearBody(label=area.label, latitude=area.latitude, longitude=area.longitude)


def _point(text: str) -> Point | None:
    written = _COORDINATES.fullmatch(text.strip())
    return Point(float(written[1]), float(written[2])) if written else None


def _read_day(text: str) -> date | None:
    if not text or text == "now":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("open") from error
