"""Changing the device in the middle of a conversation, without scripts."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.domain.errors import NotFound
from assistant.gateway.access import COOKIE
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from assistant.services.resume import TRIES
from tests.fakes.clock import FakeClock
from tests.integration.visitor import Visitor, hidden


@pytest.fixture
def here(client: TestClient) -> Visitor:
    """Somebody in the middle of a flow."""
    return Visitor(client).picks("need/activer_espace")


@pytest.fixture
def there(assistant: Assistant, announcer: LiveAnnouncer) -> Visitor:
    """The other device."""
    return Visitor(TestClient(make_app(assistant, announcer), follow_redirects=False))


def code_of(visitor: Visitor) -> str:
    """Ask for a code and return its digits."""
    answer = visitor.post("/autre-appareil")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    digits = re.search(r'id="digits"[^>]*><span>(\d+)</span> <span>(\d+)</span>', answer.text)
    assert digits is not None
    return digits[1] + digits[2]


def type_code(visitor: Visitor, code: str, **fields: str) -> int:
    """Fill the form for a code."""
    csrf = hidden(visitor.page("/code"), "csrf")
    return visitor.http.post("/code", data={"code": code, "csrf": csrf, **fields}).status_code


def test_the_first_page_leads_to_the_form(there: Visitor) -> None:
    assert 'href="/code"' in there.page()
    form = there.page("/code")
    assert 'inputmode="numeric"' in form
    assert 'autocomplete="one-time-code"' in form
    assert not there.http.cookies


def test_the_conversation_goes_on_at_the_same_step(here: Visitor, there: Visitor) -> None:
    step = [each for each in here.offered if each.startswith("step/")]
    code = code_of(here)
    assert type_code(there, f" {code[:3]} {code[3:]} ") == 303
    assert [each for each in there.offered if each.startswith("step/")] == step
    assert there.cookie_lasts


def test_a_device_of_others_keeps_it_for_the_visit_only(
    here: Visitor, there: Visitor, clock: FakeClock
) -> None:
    type_code(there, code_of(here), shared="1")
    assert not there.cookie_lasts
    clock.pass_time(minutes=15)
    assert there.own == 0


def test_the_first_device_says_that_it_goes_on_elsewhere(here: Visitor, there: Visitor) -> None:
    type_code(there, code_of(here))
    assert here.http.get("/").headers["location"] == "/ailleurs"
    elsewhere = here.http.get("/ailleurs")
    assert elsewhere.status_code == 200
    assert COOKIE not in here.http.cookies
    assert here.own == 0
    assert there.own == 1, "nothing was erased"


def test_an_erased_conversation_does_not_go_on_elsewhere(here: Visitor) -> None:
    cookie = here.http.cookies[COOKIE]
    here.post("/effacer")
    here.http.cookies.set(COOKIE, cookie)
    assert here.http.get("/").status_code == 200


def test_whoever_has_the_conversation_is_not_told_that_it_left(here: Visitor) -> None:
    assert here.http.get("/ailleurs").headers["location"] == "/"


def test_wrong_codes_are_refused_kindly_then_not_looked_at(here: Visitor, there: Visitor) -> None:
    code = code_of(here)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert {type_code(there, wrong) for _ in range(TRIES)} == {422}
    assert type_code(there, code) == 429
    assert not there.http.cookies


@pytest.mark.parametrize("typed", ["", "abc", "1" * 200])
def test_what_is_no_code_is_refused_on_the_same_page(there: Visitor, typed: str) -> None:
    answer = there.http.post("/code", data={"code": typed})
    assert answer.status_code == 422
    assert 'name="code"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_old_code_opens_nothing(here: Visitor, there: Visitor, clock: FakeClock) -> None:
    code = code_of(here)
    clock.pass_time(minutes=15)
    assert type_code(there, code) == 422


def test_the_conversation_that_was_here_makes_room(
    here: Visitor, there: Visitor, assistant: Assistant
) -> None:
    there.says("bonjour")
    before = there.http.cookies[COOKIE].partition(".")[0]
    assert type_code(there, code_of(here)) == 303
    assert [each for each in there.offered if each.startswith("step/")]
    with assistant.open_unit_of_work() as work, pytest.raises(NotFound):
        work.conversations.get(before)


def test_ones_own_code_erases_nothing(here: Visitor) -> None:
    assert type_code(here, code_of(here)) == 303
    assert here.own == 1


def test_a_code_is_given_to_whoever_has_the_conversation_only(there: Visitor) -> None:
    assert there.http.post("/autre-appareil").headers["location"] == "/"
    assert there.http.get("/autre-appareil").headers["location"] == "/"


@pytest.mark.parametrize("path", ["/autre-appareil", "/code", "/fiche"])
def test_a_form_without_its_token_is_refused(here: Visitor, path: str) -> None:
    assert here.http.post(path, data={"csrf": "wrong"}).status_code == 401


@pytest.mark.parametrize("path", ["/autre-appareil", "/code", "/fiche"])
def test_another_site_cannot_post(here: Visitor, path: str) -> None:
    answer = here.http.post(path, data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 401
