"""Helping somebody on the page: the third person, and a device that keeps nothing."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.fakes.clock import FakeClock
from tests.integration.visitor import Visitor

FOR_OTHER = "word/for_other"
FOR_SELF = "word/for_self"


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    """A newcomer."""
    return Visitor(client)


def is_shared(visitor: Visitor) -> bool:
    """Tell whether the page erases itself."""
    return 'id="idle"' in visitor.page()


def test_the_first_page_and_the_tools_offer_it(visitor: Visitor) -> None:
    assert visitor.offered.count(FOR_OTHER) == 2
    visitor.picks("need/activer_espace")
    assert FOR_OTHER in visitor.offered


@pytest.mark.parametrize("begun", [False, True], ids=["first", "on the way"])
def test_it_turns_the_talk_and_keeps_nothing_on_the_device(
    visitor: Visitor, *, begun: bool
) -> None:
    if begun:
        visitor.picks("need/activer_espace")
        assert visitor.cookie_lasts
    visitor.picks(FOR_OTHER)
    assert not visitor.cookie_lasts
    assert is_shared(visitor)
    assert 'class="helping"' in visitor.page()
    assert FOR_SELF in visitor.offered


def test_said_in_words_it_does_the_same(visitor: Visitor) -> None:
    visitor.says("c'est pour ma mère")
    assert not visitor.cookie_lasts
    assert is_shared(visitor)


def test_scripts_learn_that_the_page_changed(client: TestClient) -> None:
    visitor = Visitor(client)
    before = visitor.page()
    assert 'data-frame=""' in before
    answer = client.post(
        "/messages",
        data={"choice": FOR_OTHER, "key": "c0ffee00-0000-4000-8000-000000000000"},
        headers={"Accept": "text/html; fragment=messages"},
    )
    assert 'data-frame="shared helping"' in answer.text
    assert not visitor.cookie_lasts
    assert 'data-frame="shared helping"' in visitor.page()


def test_for_oneself_again_the_device_still_keeps_nothing(visitor: Visitor) -> None:
    visitor.picks(FOR_OTHER).picks(FOR_SELF)
    assert 'class="helping"' not in visitor.page()
    assert is_shared(visitor)
    assert not visitor.cookie_lasts
    visitor.post("/ordinateur-partage", shared="0")
    assert not is_shared(visitor)
    assert visitor.cookie_lasts


def test_whoever_said_that_the_device_is_theirs_is_not_overruled(visitor: Visitor) -> None:
    visitor.picks(FOR_OTHER)
    visitor.post("/ordinateur-partage", shared="0")
    visitor.says("bonjour")
    assert not is_shared(visitor)


def test_it_is_erased_after_fifteen_idle_minutes(visitor: Visitor, clock: FakeClock) -> None:
    visitor.picks(FOR_OTHER)
    clock.pass_time(minutes=15)
    assert visitor.own == 0


@pytest.mark.parametrize(
    "path", ["/", "/fiche", "/fiche?tout=1", "/inactif", "/code", "/confidentialite"]
)
def test_no_page_stays_in_a_cache(visitor: Visitor, path: str) -> None:
    visitor.picks(FOR_OTHER)
    assert visitor.http.get(path).headers["cache-control"] == "no-store"


def test_nothing_typed_is_restored_by_the_browser(visitor: Visitor) -> None:
    html = visitor.picks(FOR_OTHER).page()
    form = html.partition('id="composer"')[2].partition("</form>")[0]
    assert form.count('autocomplete="off"') == 2, "the form and its box"
