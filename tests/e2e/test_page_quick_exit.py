"""Quick exit in a real browser: gone at once, from the window and from its history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.e2e.chat_page import ChatPage, Witness
from tests.e2e.product import Product

DANGER = "mon mari me frappe"
HARMLESS = "https://www.service-public.fr/"


@pytest.fixture
def delicate(chat: ChatPage, context: BrowserContext, witness: Witness) -> ChatPage:
    """Somebody who told of violence, before the numbers to call."""
    witness.forgive(HARMLESS)
    context.route(f"{HARMLESS}**", _harmless)
    return chat.write(DANGER)


@pytest.fixture
def plain_delicate(browser: Browser, healthy: Product) -> Iterator[ChatPage]:
    """The same in a browser that runs no script."""
    context = browser.new_context(base_url=healthy.url, java_script_enabled=False)
    context.route(f"{HARMLESS}**", _harmless)
    yield ChatPage(context.new_page()).open().write(DANGER)
    context.close()


def test_nobody_else_is_offered_it(chat: ChatPage) -> None:
    expect(chat.page.locator("#exit")).to_be_hidden()
    chat.write("je veux activer mon espace santé")
    expect(chat.page.locator("#exit")).to_be_hidden()


def test_it_is_offered_at_once_and_stays_in_reach(delicate: ChatPage) -> None:
    page = delicate.page
    for place in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {place})")
        expect(page.locator("#exit a")).to_be_in_viewport(ratio=1)
    assert page.title() == "Pas à Pas"
    assert page.url.rstrip("/").endswith(str(page.evaluate("location.host")))


def test_it_leaves_nothing_in_the_window_nor_behind_back(delicate: ChatPage) -> None:
    page = delicate.page
    before = page.evaluate("history.length")
    page.locator("#exit a").click()
    page.wait_for_url(HARMLESS)
    assert page.evaluate("history.length") == before

    page.go_back()
    assert DANGER not in page.content()
    delicate.open()
    expect(delicate.own).to_have_count(0)
    expect(page.locator("#exit")).to_be_hidden()
    assert "need/activer_espace" in delicate.offered


def test_it_hides_before_the_other_site_answers(delicate: ChatPage) -> None:
    page = delicate.page
    page.evaluate(_TELL_WHEN_HIDDEN)
    with page.expect_console_message(lambda message: message.text == "hidden Pas à Pas"):
        page.locator("#exit a").click(no_wait_after=True)
    page.wait_for_url(HARMLESS)


def test_three_times_shift_leaves_and_capitals_do_not(delicate: ChatPage) -> None:
    page, told = delicate.page, delicate.page.locator("#exit [role=status]")
    delicate.box.focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    expect(told).to_be_empty()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(told).not_to_be_empty()
    page.keyboard.press("x")
    expect(told).to_be_empty()
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(HARMLESS)


def test_shift_does_nothing_where_nothing_is_delicate(chat: ChatPage) -> None:
    chat.box.focus()
    for _ in range(4):
        chat.page.keyboard.press("Shift")
    expect(chat.own).to_have_count(0)
    expect(chat.box).to_be_visible()


def test_another_window_forgets_it_as_well(delicate: ChatPage, context: BrowserContext) -> None:
    other = ChatPage(context.new_page()).open()
    expect(other.page.locator(".message.danger")).to_have_count(1)
    delicate.page.locator("#exit a").click()
    expect(other.page.locator(".message.danger")).to_have_count(0)
    expect(other.own).to_have_count(0)


def test_once_the_subject_is_left_the_open_page_forgets_it(delicate: ChatPage) -> None:
    delicate.press("word/safe")
    expect(delicate.page.locator("#exit")).to_be_visible()
    delicate.choice("word/menu").first.click()
    expect(delicate.page.locator("#exit")).to_be_hidden()
    expect(delicate.page.locator(".message.danger")).to_have_count(0)
    expect(delicate.own).to_have_count(1)


def test_without_scripts_the_link_does_the_same(plain_delicate: ChatPage) -> None:
    page = plain_delicate.page
    assert page.title() == "Pas à Pas"
    page.locator("#exit a").click()
    page.wait_for_url(HARMLESS)
    page.go_back()
    assert DANGER not in page.content()
    expect(plain_delicate.own).to_have_count(0)


# Asked of the browser itself: it would first wait for the other site.
_TELL_WHEN_HIDDEN = """() => new MutationObserver(() => console.info(
  getComputedStyle(document.body).display === 'none' ? 'hidden' : 'shown', document.title,
)).observe(document.documentElement, {attributes: true})"""


def _harmless(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<title>Service-Public</title>")
