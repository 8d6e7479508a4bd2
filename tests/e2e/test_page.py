"""The page in a real browser, in front of the real processes: journeys from end to end."""

from __future__ import annotations

import gzip
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chat_page import CODE, NEXT, ChatPage, Witness
from tests.e2e.product import ROOT, Product

TO_THE_END = ROOT / "tests/content/transcripts/activer_espace/happy_path_letter_photo_computer.yml"
LARGEST_PAGE_BYTES = 16_000


# ------------------------------------------------------------------------------- the journey


def test_somebody_who_writes_with_mistakes_is_guided_and_never_lost(chat: ChatPage) -> None:
    assert chat.write("g recu une lettre de la secu ac un code").step == CODE
    assert chat.press("/oui").step == NEXT

    assert chat.write("c koi le numero de serie ?").step == NEXT
    assert len(chat.last_kinds) >= 2, "the question is answered before the step comes back"

    assert chat.write("retour").step == CODE
    assert chat.press("/oui").step == NEXT

    assert chat.write("je suis bloqué").step == NEXT
    assert "word/retry" in chat.offered

    assert "hand_over" in chat.write("je veux parler à quelqu'un").last_kinds
    assert chat.press("word/retry").step == NEXT
    assert chat.press("/courrier").step == "activer_espace/code_etat"


def test_with_scripts_the_clicks_lead_to_the_end(chat: ChatPage) -> None:
    assert chat.press("need/activer_espace").step == CODE
    _follow_to_the_end(chat)


def test_without_scripts_the_clicks_lead_to_the_end(plain_chat: ChatPage) -> None:
    assert plain_chat.write("koman activé mon espace sante svp").step == CODE
    assert plain_chat.page.url.endswith("/#suite")
    _follow_to_the_end(plain_chat)


def _follow_to_the_end(chat: ChatPage) -> None:
    chat.page.emulate_media(reduced_motion="reduce")  # a smooth scroll takes half a second
    stages = [_stage(chat)]
    for turn in yaml.safe_load(TO_THE_END.read_text("utf-8"))["turns"]:
        chat.press(f"/{turn['picks']}")
        if "ended" in turn:
            assert chat.step is None
            break
        assert chat.step == f"activer_espace/{turn['expect'][-1]}"
        stages.append(_stage(chat))
    assert stages == sorted(stages)
    assert {number for number, _ in stages} == set(range(1, 7))
    assert {count for _, count in stages} == {6}


def _stage(chat: ChatPage) -> tuple[int, int]:
    progress = chat.page.locator("#messages progress").last
    return int(progress.get_attribute("value") or 0), int(progress.get_attribute("max") or 0)


def test_without_scripts_all_that_is_shown_works(plain_chat: ChatPage) -> None:
    page = plain_chat.page
    assert page.locator("#retry, #arrived, .sizes, [data-voice]").filter(visible=True).count() == 0
    plain_chat.write("je veux activer mon espace santé")
    assert plain_chat.write("je suis bloqué").step == CODE
    assert "word/retry" in plain_chat.offered
    assert "hand_over" in plain_chat.press("word/human").last_kinds

    page.locator(".menu summary").first.click()
    page.locator("a[href='/fiche']").click()
    expect(page.locator(".stages .now")).to_have_count(1)
    page.locator(".bar a").click()
    assert plain_chat.step == CODE

    page.locator(".leave summary").click()
    page.locator("#erase button").click()
    assert page.url.endswith("/efface")
    assert plain_chat.open().own.count() == 0


# --------------------------------------------------------------------- leaving and coming back


def test_reload_keeps_the_place(chat: ChatPage) -> None:
    chat.write("je veux activer mon espace santé").press("/oui")
    before = chat.said_ids
    chat.page.reload()
    assert chat.said_ids == before
    assert chat.step == NEXT


def test_closed_and_opened_again_the_conversation_is_there(
    chat: ChatPage, browser: Browser, healthy: Product
) -> None:
    chat.write("je veux activer mon espace santé").press("/oui")
    # A browser that is closed drops the cookies of the session.
    state = chat.page.context.storage_state()
    state["cookies"] = [each for each in state["cookies"] if each["expires"] > time.time()]
    chat.page.context.close()
    with closing(browser.new_context(base_url=healthy.url, storage_state=state)) as again:
        chat = ChatPage(again.new_page()).open()
        assert chat.step == NEXT
        assert chat.press("/courrier").step == "activer_espace/code_etat"


def test_no_cookie_and_nothing_kept_before_the_first_message(chat: ChatPage) -> None:
    for path in ("/mentions-legales", "/confidentialite", "/accessibilite", "/fiche", "/"):
        chat.page.goto(path)
        assert chat.page.context.cookies() == []
    assert chat.page.evaluate("localStorage.length + sessionStorage.length") == 0
    chat.write("bonjour")
    (cookie,) = chat.page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"


def test_erase_and_quit_leaves_nothing(chat: ChatPage, healthy: Product) -> None:
    typed = "bonjour de la part de zéphyrine quatrepoint"
    chat.write(typed)
    (cookie,) = chat.page.context.cookies()
    identifier, _, token = str(cookie["value"]).partition(".")
    assert _found(typed, healthy.data), "the search finds what is there"

    chat.page.locator(".leave summary").click()
    chat.page.locator("#erase button").click()
    chat.page.wait_for_url("**/efface")

    assert chat.page.context.cookies() == []
    assert chat.page.evaluate("localStorage.length + sessionStorage.length") == 0
    chat.page.go_back()
    expect(chat.own).to_have_count(0)
    with healthy.client() as http:
        answer = http.get(
            f"/api/conversations/{identifier}/messages",
            headers={"Authorization": f"Bearer {token}"},
        )
    assert answer.status_code == 404
    assert _found(typed, healthy.data) == []


def _found(words: str, data: Path) -> list[str]:
    """Return the tables and logs that hold some words."""
    places = [
        path.name for path in data.rglob("*.log") if words in path.read_text("utf-8", "replace")
    ]
    for path in data.glob("*.sqlite3"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                rows: Iterable[tuple[Any, ...]] = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name of the schema)
                if any(words in str(value) for row in rows for value in row):
                    places.append(f"{path.name}: {table}")
    return places


# -------------------------------------------------------------------------- a shared computer


def test_a_shared_computer_warns_then_forgets(chat: ChatPage) -> None:
    page = chat.page
    page.clock.install()
    chat.open().write("je veux activer mon espace santé")
    page.locator(".menu summary").first.click()
    page.locator("button[name=shared]").click()
    expect(page.locator("#idle")).to_be_attached()
    (cookie,) = page.context.cookies()
    assert cookie["expires"] == -1, "it goes with the browser"
    warned = page.locator("dialog#idle")

    page.clock.fast_forward("12:55")
    expect(warned).to_be_hidden()
    page.clock.fast_forward("00:10")
    expect(warned).to_be_visible()
    expect(page.locator("#stay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(warned).to_be_hidden()
    assert chat.step == CODE

    page.clock.fast_forward("14:00")
    expect(warned).to_be_visible()
    page.clock.fast_forward("01:10")
    page.wait_for_url("**/efface")
    assert page.context.cookies() == []
    page.go_back()
    expect(chat.own).to_have_count(0)


def test_without_scripts_a_shared_computer_asks_in_time(plain_chat: ChatPage) -> None:
    page = plain_chat.page
    plain_chat.write("bonjour")
    page.locator(".menu summary").first.click()
    page.locator("button[name=shared]").click()
    refresh = page.locator("noscript meta[http-equiv=refresh]").get_attribute("content") or ""
    seconds, _, address = refresh.partition(";url=")
    assert int(seconds) == 13 * 60
    page.goto(address)
    page.locator("button[name=shared]").click()
    assert plain_chat.own.count() == 1


# -------------------------------------------------------------------------------------- weight


def test_the_page_weighs_sixteen_kilobytes_at_most(page: Page, witness: Witness) -> None:
    """All that a browser asks for, with a conversation on the page, compressed as a proxy does."""
    del witness
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    chat = ChatPage(page).open()
    chat.write("je veux activer mon espace santé").press("/oui")
    weights = {
        url: len(gzip.compress(page.context.request.get(url).body(), 6))
        for url in asked
        if not url.endswith("/messages") and "/evenements" not in url
    }
    files = {url.rsplit("/", 1)[1] for url in weights}
    assert files >= {"", "page.css", "chat.css", "page.js", "chat.js", "favicon.svg"}
    assert not files & {"sheet.css", "shared.js", "moved.js"}, "what this page has no use for"
    assert sum(weights.values()) <= LARGEST_PAGE_BYTES
