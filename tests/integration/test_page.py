"""The page without scripts, and the fragments that scripts ask for."""

from __future__ import annotations

import re
import uuid

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.gateway.access import COOKIE
from tests.fakes.clock import FakeClock

FRAGMENT = {"Accept": "text/html; fragment=messages"}


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, name
    return found[1]


def _say(client: TestClient, **fields: str) -> int:
    html = client.get("/").text
    form = {"csrf": _hidden(html, "csrf"), "key": _hidden(html, "key"), **fields}
    return client.post("/messages", data=form).status_code


def _steps(html: str) -> list[str]:
    return re.findall(r'name="choice" value="(step/[^"]+)"', html)


def test_no_cookie_before_the_first_message(client: TestClient) -> None:
    for path in ("/", "/mentions-legales", "/confidentialite", "/accessibilite"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers


def test_a_whole_turn_without_scripts(client: TestClient) -> None:
    assert _say(client, choice="need/activer_espace") == 303
    cookie = next(each for each in client.cookies.jar if each.name == COOKIE)
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"
    first = _steps(client.get("/").text)
    assert first
    assert _say(client, choice=first[0]) == 303
    assert _steps(client.get("/").text) != first
    assert _say(client, text="retour") == 303
    assert _steps(client.get("/").text) == first


def test_scripts_get_the_new_messages_alone(client: TestClient) -> None:
    html = client.get("/").text
    answer = client.post(
        "/messages", data={"text": "je veux activer", "key": _hidden(html, "key")}, headers=FRAGMENT
    )
    assert answer.status_code == 200
    assert answer.headers["x-csrf-token"]
    assert answer.text.count('<li class="message') >= 2
    assert "<html" not in answer.text


def test_a_refusal_is_kind_and_keeps_what_was_typed(client: TestClient) -> None:
    _say(client, text="bonjour")
    html = client.get("/").text
    form = {"csrf": _hidden(html, "csrf"), "key": _hidden(html, "key"), "text": "é" * 3_000}
    answer = client.post("/messages", data=form)
    assert answer.status_code == 413
    assert "é" * 3_000 in answer.text
    fragment = client.post("/messages", data={**form, "text": " "}, headers=FRAGMENT)
    assert fragment.status_code == 422
    assert fragment.text.startswith("<p>")


def test_a_blank_first_message_begins_nothing(client: TestClient) -> None:
    assert _say(client, text="   ") == 422
    assert not client.cookies


def test_the_same_form_twice_counts_once(client: TestClient) -> None:
    _say(client, text="bonjour")
    html = client.get("/").text
    form = {
        "csrf": _hidden(html, "csrf"),
        "key": _hidden(html, "key"),
        "text": "je veux activer mon espace santé",
    }
    assert client.post("/messages", data=form).status_code == 303
    after = client.get("/").text.count('<li class="message')
    assert client.post("/messages", data=form).status_code == 303
    assert client.get("/").text.count('<li class="message') == after


@pytest.mark.parametrize("csrf", ["", "wrong", "é"])
def test_a_form_without_its_token_is_refused(client: TestClient, csrf: str) -> None:
    _say(client, text="bonjour")
    form = {"csrf": csrf, "key": str(uuid.uuid4()), "text": "menu"}
    assert client.post("/messages", data=form).status_code == 401
    assert client.post("/effacer", data={"csrf": csrf}).status_code == 401
    assert client.get("/").text.count('class="message citizen') == 1


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_cannot_post(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/messages", data={"text": "bonjour"}, headers=headers)
    assert answer.status_code == 401
    assert not client.cookies


def test_erase_and_quit_leaves_neither_cookie_nor_conversation(client: TestClient) -> None:
    _say(client, text="bonjour")
    html = client.get("/").text
    answer = client.post("/effacer", data={"csrf": _hidden(html, "csrf")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/efface")
    assert not client.cookies
    assert 'class="message citizen' not in client.get("/").text


def test_the_page_of_erasure_erases_nothing_by_itself(client: TestClient) -> None:
    _say(client, text="bonjour")
    assert client.get("/efface").headers["location"] == "/"
    assert 'class="message citizen' in client.get("/").text


def test_a_cookie_that_opens_nothing_goes(client: TestClient) -> None:
    client.cookies.set(COOKIE, "nothing.atall")
    assert f'{COOKIE}=""' in client.get("/").headers["set-cookie"]


def test_html_is_shown_as_it_was_typed(client: TestClient) -> None:
    _say(client, text="<script>alert(1)</script>")
    html = client.get("/").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_shared_computer_forgets_after_fifteen_idle_minutes(
    client: TestClient, clock: FakeClock
) -> None:
    _say(client, text="bonjour")
    html = client.get("/").text
    client.post("/ordinateur-partage", data={"csrf": _hidden(html, "csrf"), "shared": "1"})
    cookie = next(each for each in client.cookies.jar if each.name == COOKIE)
    assert cookie.expires is None
    clock.pass_time(minutes=13)
    assert client.get("/inactif").status_code == 200
    html = client.get("/").text
    client.post("/ordinateur-partage", data={"csrf": _hidden(html, "csrf"), "shared": "1"})
    clock.pass_time(minutes=14)
    assert 'class="message citizen' in client.get("/").text
    clock.pass_time(minutes=2)
    assert 'class="message citizen' not in client.get("/").text


def test_reopening_later_offers_to_continue_or_start_again(
    client: TestClient, clock: FakeClock
) -> None:
    _say(client, choice="need/activer_espace")
    clock.pass_time(days=2)
    for _ in range(2):
        html = client.get("/").text
        assert html.count('name="choice" value="word/continue"') == 1
        assert html.count('name="choice" value="word/restart"') == 1


def test_idle_conversations_are_erased_in_time(
    client: TestClient, clock: FakeClock, assistant: Assistant
) -> None:
    _say(client, text="bonjour")
    clock.pass_time(hours=assistant.settings.unkept_hours, minutes=1)
    assistant.forget_idle()
    assert 'class="message citizen' not in client.get("/").text


def test_the_sheet_tells_where_we_are_and_whom_to_call(client: TestClient) -> None:
    _say(client, choice="need/activer_espace")
    html = client.get("/fiche").text
    assert 'class="now"' in html
    assert "3422" in html


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/health", "/api/conversations/x/messages", "/nowhere", "/fiche"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_unknown_pages_are_kind(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_static_files_are_kept_for_ever_under_their_digest(client: TestClient) -> None:
    html = client.get("/").text
    address = re.search(r"/static/[0-9a-f]+/page\.css", html)
    assert address is not None
    answer = client.get(address[0])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert client.get("/static/000000000000/page.css").status_code == 404
    assert client.get("/static/0/..%2fapp.py").status_code == 404


def test_too_many_messages_are_slowed_with_a_kind_word(
    client: TestClient, assistant: Assistant
) -> None:
    _say(client, text="bonjour")
    html = client.get("/").text
    statuses = {
        client.post(
            "/messages",
            data={"csrf": _hidden(html, "csrf"), "key": str(uuid.uuid4()), "text": "menu"},
        ).status_code
        for _ in range(assistant.settings.messages_per_minute + 1)
    }
    assert statuses == {303, 429}
