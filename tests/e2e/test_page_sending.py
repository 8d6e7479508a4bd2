"""Sending and receiving on the page when something goes wrong, or comes by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.chat_page import CODE, NEXT, ChatPage, Sent, Witness

LIVE_MS = 10_000.0  # an event stream looks again every five seconds at the latest
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


# ------------------------------------------------------------------------------ kind refusals


def test_a_blank_message_is_refused_with_a_word(chat: ChatPage) -> None:
    sent = Sent.by(chat.page)
    chat.box.fill("   ")
    chat.box.press("Enter")
    expect(chat.page.locator("#notice p")).to_have_count(1)
    expect(chat.box).to_have_attribute("aria-invalid", "true")
    assert chat.write("bonjour").page.locator("#notice p").count() == 0
    assert len(sent.forms) == 1


def test_a_refusal_of_the_server_keeps_the_text(chat: ChatPage, witness: Witness) -> None:
    witness.forgive("status of 413")
    chat.box.fill("é" * 3_000)
    chat.page.locator("#send").click()
    expect(chat.page.locator("#notice p")).to_have_count(1)
    expect(chat.page.locator("#retry")).to_be_hidden()
    assert chat.box.input_value() == "é" * 3_000


# --------------------------------------------------------------------------- trouble on the way


def test_a_lost_network_keeps_the_text_and_tries_again_with_the_same_key(
    chat: ChatPage, witness: Witness
) -> None:
    witness.forgive("ERR_INTERNET_DISCONNECTED")
    chat.write("je veux activer mon espace santé")
    sent = Sent.by(chat.page)
    chat.page.context.set_offline(True)
    chat.box.fill("oui j'ai le code")
    chat.box.press("Enter")
    expect(chat.page.locator("#retry")).to_be_visible()
    assert chat.box.input_value() == "oui j'ai le code"
    assert chat.own.count() == 1

    chat.page.context.set_offline(False)
    chat.page.locator("#retry").click()
    chat.wait_for_answer(2)
    assert chat.step == NEXT
    assert chat.box.input_value() == ""
    assert chat.page.locator("#notice p").count() == 0
    assert len(sent.keys) == 2
    assert len(set(sent.keys)) == 1


def test_a_lost_answer_does_not_say_it_twice(chat: ChatPage, witness: Witness) -> None:
    witness.forgive("ERR_FAILED")
    chat.write("je veux activer mon espace santé")
    sent = Sent.by(chat.page)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.route("**/messages", lose_the_answer, times=1)
    chat.choice("/oui").click()
    expect(chat.page.locator("#retry")).to_be_visible()
    chat.page.locator("#retry").click()
    chat.wait_for_answer(2)
    assert chat.step == NEXT
    assert len(set(sent.keys)) == 1
    shown = chat.said_ids
    chat.page.reload()
    assert chat.said_ids == shown


def test_another_text_after_a_failure_has_a_key_of_its_own(
    chat: ChatPage, witness: Witness
) -> None:
    witness.forgive("ERR_FAILED")
    sent = Sent.by(chat.page)
    chat.page.route("**/messages", lambda route: route.abort(), times=1)
    chat.box.fill("bonjour")
    chat.box.press("Enter")
    expect(chat.page.locator("#retry")).to_be_visible()
    chat.write("je veux activer mon espace santé")
    assert chat.step == CODE
    assert len(set(sent.keys)) == 2


def test_a_proxy_that_breaks_shows_none_of_its_page(chat: ChatPage, witness: Witness) -> None:
    witness.forgive("status of 502")
    chat.page.route(
        "**/messages",
        lambda route: route.fulfill(status=502, body="<h1 id=foreign>Bad gateway</h1>"),
        times=1,
    )
    chat.box.fill("bonjour")
    chat.box.press("Enter")
    expect(chat.page.locator("#retry")).to_be_visible()
    assert chat.page.locator("#foreign").count() == 0
    assert chat.box.input_value() == "bonjour"


@pytest.mark.parametrize("what", ["#send", "#messages button[name=choice]:enabled"])
def test_a_double_click_sends_once(chat: ChatPage, what: str) -> None:
    chat.write("je veux activer mon espace santé")
    sent = Sent.by(chat.page)
    chat.box.fill("oui")
    chat.page.locator(what).first.dblclick()
    chat.wait_for_answer(2)
    assert chat.step == NEXT
    assert len(sent.forms) == 1
    chat.page.reload()
    assert chat.own.count() == 2


def test_without_scripts_a_double_click_counts_once(plain_chat: ChatPage) -> None:
    plain_chat.write("je veux activer mon espace santé")
    plain_chat.choice("/oui").dblclick()
    plain_chat.wait_for_answer(2)
    assert plain_chat.open().own.count() == 2
    assert plain_chat.step == NEXT


def test_what_is_typed_while_waiting_is_kept(chat: ChatPage) -> None:
    def hesitate(route: Route) -> None:
        chat.box.press_sequentially(" et encore")
        route.continue_()

    chat.page.route("**/messages", hesitate, times=1)
    chat.box.fill("bonjour")
    chat.box.press("Enter")
    chat.wait_for_answer(1)
    assert chat.box.input_value() == "et encore"


# ----------------------------------------------------------------------------- what comes alone


def test_two_tabs_see_the_same_conversation(chat: ChatPage, context: BrowserContext) -> None:
    chat.write("je veux activer mon espace santé")
    other = ChatPage(context.new_page()).open()
    assert other.step == CODE
    other.box.fill("je tape")

    chat.press("/oui")
    expect(other.own).to_have_count(2, timeout=LIVE_MS)
    assert other.step == NEXT, "the answers of the earlier message are closed"
    assert other.box.input_value() == "je tape"

    other.press("/courrier")
    expect(chat.own).to_have_count(3, timeout=LIVE_MS)
    assert chat.step == other.step == "activer_espace/code_etat"
    assert chat.said_ids == other.said_ids


def test_two_tabs_opened_before_the_first_message_both_go_on(
    chat: ChatPage, context: BrowserContext
) -> None:
    other = ChatPage(context.new_page()).open()
    chat.write("je veux activer mon espace santé")
    other.box.fill("oui j'ai le code")
    other.box.press("Enter")
    expect(other.own.filter(has_text="oui j'ai le code")).to_have_count(1)
    assert other.step == NEXT


def test_erased_in_one_tab_it_goes_from_the_other(chat: ChatPage, context: BrowserContext) -> None:
    chat.write("bonjour")
    other = ChatPage(context.new_page()).open()
    chat.page.locator(".leave summary").click()
    chat.page.locator("#erase button").click()
    chat.page.wait_for_url("**/efface")
    expect(other.own).to_have_count(0, timeout=LIVE_MS)


def test_somebody_who_reads_further_up_is_told_and_not_moved(
    chat: ChatPage, context: BrowserContext
) -> None:
    chat.page.emulate_media(reduced_motion="reduce")
    chat.write("je veux activer mon espace santé")
    for question in ("est-ce obligatoire ?", "qui peut voir mes documents ?"):
        chat.write(question)
    chat.page.evaluate("scrollTo(0, 0)")
    other = ChatPage(context.new_page()).open()
    other.write("retour")
    arrived = chat.page.locator("#arrived")
    expect(arrived).to_be_visible(timeout=LIVE_MS)
    assert chat.page.evaluate("scrollY") == 0
    arrived.click()
    expect(chat.last).to_be_in_viewport()
    expect(arrived).to_be_hidden()


# ------------------------------------------------------------------------------ old browsers


def test_a_browser_that_cannot_tell_the_button_uses_the_form(page: Page, witness: Witness) -> None:
    """Safari before 15.4; the draft in the box must not take the place of the choice."""
    del witness
    page.add_init_script("delete SubmitEvent.prototype.submitter")
    chat = ChatPage(page).open()
    chat.box.fill("un brouillon")
    chat.press("need/activer_espace")
    assert chat.page.url.endswith("/#suite")
    assert chat.step == CODE
    assert chat.own.filter(has_text="un brouillon").count() == 0


def test_a_browser_without_newer_functions_makes_keys_of_its_own(
    page: Page, witness: Witness
) -> None:
    """On plain HTTP there is no ``randomUUID``; before 2022 no ``AbortSignal.timeout`` either."""
    del witness
    page.add_init_script(
        """crypto.randomUUID = undefined;
        AbortSignal.timeout = undefined;
        window.BroadcastChannel = undefined;"""
    )
    sent = Sent.by(page)
    chat = ChatPage(page).open()
    for text in ("bonjour", "merci", "menu"):
        chat.write(text)
    assert len(set(sent.keys)) == 3
    assert all(UUID.fullmatch(key) for key in sent.keys)
