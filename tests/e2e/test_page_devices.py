"""Helping on a device that keeps nothing, and changing the device, in real browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chat_page import CODE, NEXT, ChatPage, Witness
from tests.e2e.product import Product

FOR_OTHER = "word/for_other"
FOR_SELF = "word/for_self"
ELSEWHERE = "**/ailleurs"


@pytest.fixture
def other(browser: Browser, healthy: Product) -> Iterator[ChatPage]:
    """The other device."""
    context = browser.new_context(base_url=healthy.url)
    listening = Witness(healthy.url)
    listening.forgive("status of 422")
    listening.watch(context)
    yield ChatPage(context.new_page()).open()
    context.close()
    assert not listening.unforgiven


# ------------------------------------------------------------------------- helping somebody else


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_touch_turns_the_talk_and_keeps_nothing(
    scripts: bool,
    request: pytest.FixtureRequest,
) -> None:
    chat: ChatPage = request.getfixturevalue("chat" if scripts else "plain_chat")
    page = chat.page
    chat.choice(FOR_OTHER).click()
    expect(page.locator(".helping")).to_be_visible()
    expect(page.locator(".leave summary")).to_be_in_viewport()
    expect(page.locator("#messages .message:last-child")).to_be_in_viewport()
    (cookie,) = page.context.cookies()
    assert cookie["expires"] == -1, "it goes with the browser"
    expect(page.locator("#idle")).to_be_attached()

    page.locator(f".helping button[value='{FOR_SELF}']").click()
    expect(page.locator(".helping")).to_have_count(0)
    expect(page.locator("#idle")).to_be_attached()
    (cookie,) = page.context.cookies()
    assert cookie["expires"] == -1


def test_nothing_is_written_in_the_browser_and_no_draft_comes_back(chat: ChatPage) -> None:
    chat.choice(FOR_OTHER).click()
    expect(chat.page.locator(".helping")).to_be_visible()
    chat.box.fill("un début de phrase")
    assert chat.page.evaluate("localStorage.length + sessionStorage.length") == 0
    chat.page.reload()
    assert chat.box.input_value() == ""


def test_the_tools_turn_a_talk_that_is_under_way(chat: ChatPage) -> None:
    chat.press("need/activer_espace")
    chat.page.locator(".menu summary").first.click()
    chat.page.locator(f".panel button[value='{FOR_OTHER}']").click()
    expect(chat.page.locator(".helping")).to_be_visible()
    assert chat.step == CODE


# ------------------------------------------------------------------------------ another device


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_conversation_goes_on_with_another_device(
    scripts: bool,
    other: ChatPage,
    request: pytest.FixtureRequest,
) -> None:
    chat: ChatPage = request.getfixturevalue("chat" if scripts else "plain_chat")
    chat.write("je veux activer mon espace santé").press("/oui")
    digits = _ask_code(chat.page)

    other.page.locator("a[href='/code']").filter(visible=True).click()
    other.page.locator("#code").fill("000 000" if digits != "000000" else "111 111")
    other.page.locator("main button").click()
    expect(other.page.locator("#notice p")).to_be_visible()
    expect(other.page.locator("#code")).to_be_focused()
    # Here, and not among the places of test_accessibility: each look at it would cost a try.
    assert Axe().run(other.page).response["violations"] == []
    other.page.locator("#code").fill(digits)
    other.page.locator("#code").press("Enter")
    other.page.wait_for_url("**/#suite")
    assert other.step == NEXT
    assert other.press("/courrier").step == "activer_espace/code_etat"

    if not scripts:
        chat.page.goto("/")
    chat.page.wait_for_url(ELSEWHERE)
    assert chat.page.context.cookies() == []
    assert chat.open().own.count() == 0


def test_a_page_left_open_says_that_it_goes_on_elsewhere(chat: ChatPage, other: ChatPage) -> None:
    chat.write("je veux activer mon espace santé")
    second = chat.page.context.new_page()
    second.goto("/")
    digits = _ask_code(second)
    other.page.goto("/code")
    other.page.locator("#code").fill(digits)
    other.page.locator("input[name=shared]").check()
    other.page.locator("main button").click()
    expect(other.page.locator("#idle")).to_be_attached()
    chat.page.wait_for_url(ELSEWHERE)
    second.wait_for_url(ELSEWHERE)
    chat.page.go_back()
    expect(chat.own).to_have_count(0)


def _ask_code(page: Page) -> str:
    page.locator(".menu summary").first.click()
    page.locator("form[action='/autre-appareil'] button").click()
    digits = re.sub(r"\D", "", page.locator("#digits").inner_text())
    assert len(digits) == 6
    return digits
