"""The page of the places and its API: forms, formats, refusals, and nothing that could run."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from assistant.adapters.place_tables import PlaceReportRow, PlaceRow
from assistant.bootstrap import Assistant
from assistant.directory.writers import COLUMNS
from tests.integration.stocked import settings, stocked  # noqa: F401

HOSTILE = "<script>alert(1)</script> =cmd [x|y] {fact:support_phone}"


def ids(html: str) -> list[str]:
    """The ids of the places on a page."""
    return [part.split('"')[0] for part in html.split('id="lieu-')[1:]]


def test_the_page_asks_before_it_shows_anything(client: TestClient) -> None:
    answer = client.get("/lieux")
    assert answer.status_code == 200
    assert ids(answer.text) == []
    assert "GeoNames" in answer.text


def test_a_town_shows_places_with_their_telephone(client: TestClient) -> None:
    page = client.get("/lieux", params={"ou": "grenoble"}).text
    assert len(ids(page)) == 10
    assert 'href="tel:+334' in page
    assert "<script>" not in page.replace('<script type="module"', "")


def test_nothing_is_asked_of_anybody_else(client: TestClient) -> None:
    page = client.get("/lieux", params={"ou": "grenoble"}).text
    for tag in ("src=", "action=", '<link rel="stylesheet" href='):
        for part in page.split(tag)[1:]:
            assert part.startswith('"/'), part[:60]


def test_more_places_come_on_the_next_page(client: TestClient) -> None:
    first = client.get("/lieux", params={"ou": "grenoble"}).text
    second = client.get("/lieux", params={"ou": "grenoble", "page": 2}).text
    assert ids(second)
    assert not set(ids(first)) & set(ids(second))


@pytest.mark.parametrize("moment", ["now", "today", "tomorrow", "saturday"])
def test_each_moment_is_answered(client: TestClient, moment: str) -> None:
    assert ids(client.get("/lieux", params={"ou": "grenoble", "quand": moment}).text)


def test_a_name_of_several_towns_is_asked_about(client: TestClient) -> None:
    page = client.get("/lieux", params={"ou": "saint denis"}).text
    links = [part.split('"')[0] for part in page.split('class="button" href="')[1:]]
    assert sum(each.startswith("/lieux?ou=Saint-Denis") for each in links) == 2
    chosen = next(each for each in links if "Seine" in each)
    assert "Seine-Saint-Denis" in client.get(chosen.replace("&amp;", "&")).text


@pytest.mark.parametrize("where", ["xqzw kjhg", "é" * 300, "<b>", "=cmd", "   "])
def test_what_is_no_town_is_a_kind_page(client: TestClient, where: str) -> None:
    answer = client.get("/lieux", params={"ou": where})
    assert answer.status_code == 200
    assert ids(answer.text) == []
    assert "<b>" not in answer.text


def test_a_page_of_text_is_refused(client: TestClient) -> None:
    assert client.get("/lieux", params={"ou": "a" * 2_000}).status_code == 422
    assert client.get("/api/places", params={"near": "a" * 2_000}).status_code == 422


def test_a_hostile_name_is_harmless_everywhere(client: TestClient, assistant: Assistant) -> None:
    found = client.get("/api/places", params={"near": "grenoble", "limit": 1}).json()
    place_id = found["places"][0]["id"]
    name = found["places"][0]["name"]
    with assistant.engine.begin() as connection:
        document = connection.execute(
            select(PlaceRow.document).where(PlaceRow.id == place_id)
        ).scalar_one()
        assert name in document
        connection.execute(
            update(PlaceRow)
            .where(PlaceRow.id == place_id)
            .values(document=document.replace(name, HOSTILE))
        )
    page = client.get("/lieux", params={"ou": "grenoble"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "{fact" not in page.text
    sheet = client.get(f"/lieux/{place_id}").text
    assert "alert(1)" in sheet
    assert "<script>alert" not in sheet
    table = client.get(
        "/api/places", params={"near": "grenoble", "limit": 1, "format": "national"}
    ).text
    assert not any(
        cell.startswith(("=", "+", "-", "@"))
        for row in csv.DictReader(io.StringIO(table))
        for column, cell in row.items()
        if column not in {"telephone", "latitude", "longitude"}
    )


def test_a_closed_place_is_noted_once_a_form(client: TestClient, assistant: Assistant) -> None:
    place = ids(client.get("/lieux", params={"ou": "grenoble"}).text)[0]
    answer = client.post("/lieux/ferme", data={"lieu": place, "ou": "grenoble"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/lieux?ou=grenoble")
    with assistant.engine.connect() as connection:
        rows = connection.execute(select(PlaceReportRow.place_id)).scalars().all()
    assert rows == [place]
    assert client.post("/lieux/ferme", data={"lieu": "nobody"}).status_code == 303


def test_a_form_of_another_site_notes_nothing(client: TestClient) -> None:
    answer = client.post(
        "/lieux/ferme", data={"lieu": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 401


# -- the API ---------------------------------------------------------------------------------------


def test_the_api_answers_the_nearest_places(client: TestClient) -> None:
    body = client.get("/api/places", params={"near": "38000", "limit": 5}).json()
    assert body["near"]["label"]
    distances = [each["distance_km"] for each in body["places"]]
    assert len(distances) == 5
    assert max(distances) <= body["radius_km"]
    assert not body["widened"]
    assert all(each["stale"] for each in body["places"]), "the shipped places are of 2021 and 2022"


def test_the_api_takes_coordinates(client: TestClient) -> None:
    body = client.get("/api/places", params={"near": "45.1885, 5.7245", "limit": 1}).json()
    assert body["places"][0]["distance_km"] < 5


def test_the_api_writes_geojson(client: TestClient) -> None:
    answer = client.get("/api/places", params={"near": "grenoble", "format": "geojson"})
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert answer.json()["type"] == "FeatureCollection"
    longitude, latitude = answer.json()["features"][0]["geometry"]["coordinates"]
    assert 5 < longitude < 7
    assert 44 < latitude < 46


def test_the_api_writes_the_national_schema(client: TestClient) -> None:
    answer = client.get("/api/places", params={"near": "grenoble", "format": "national"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 10


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"near": "0,0"}, "not-in-france"),
        ({"near": "40.0,-30.0"}, "not-in-france"),
        ({"near": "xqzw kjhg"}, "unknown-place"),
        ({"near": "saint denis"}, "ambiguous-place"),
        ({"near": "grenoble", "open": "2026-13-45"}, "invalid-input"),
        ({"near": "grenoble", "open": "soon"}, "malformed-request"),
        ({"near": "grenoble", "need": "love"}, "malformed-request"),
        ({"near": "grenoble", "limit": "0"}, "malformed-request"),
        ({}, "malformed-request"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, params: dict[str, str], kind: str
) -> None:
    answer = client.get("/api/places", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{kind}"


def test_the_choices_of_an_ambiguous_name_come_with_the_problem(client: TestClient) -> None:
    body = client.get("/api/places", params={"near": "saint denis"}).json()
    assert len(body["choices"]) == 2
    for label in body["choices"]:
        assert client.get("/api/places", params={"near": label}).status_code == 200


def test_too_many_searches_wait(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.gateway.places_api.SEARCHES_PER_MINUTE", 2)
    codes = [client.get("/api/places", params={"near": "gap"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_the_api_is_described(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    names = {each["name"] for each in document["paths"]["/api/places"]["get"]["parameters"]}
    assert names == {"near", "need", "open", "wants", "limit", "offset", "format"}


def test_each_place_has_a_sheet_to_take_along(client: TestClient) -> None:
    listed = client.get("/lieux", params={"ou": "grenoble"}).text
    for place in ids(listed):
        assert f'href="/lieux/{place}"' in listed
        sheet = client.get(f"/lieux/{place}")
        assert sheet.status_code == 200
        assert ids(sheet.text) == [place]
        assert "<form" not in sheet.text.split("<main")[1]


@pytest.mark.parametrize("place", ["nobody", "a" * 33, "<script>", "..%2f..%2fetc"])
def test_a_place_that_nobody_knows_has_none(client: TestClient, place: str) -> None:
    answer = client.get(f"/lieux/{place}")
    assert answer.status_code in {404, 422}
    assert "<script>" not in answer.text
