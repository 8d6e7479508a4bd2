"""The page used by other means than sight and a mouse: keyboard, screen reader, voice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.chat_page import CODE, NEXT, ChatPage, Witness

# Chromium without a desktop has no voices: two that note what they are given to say.
VOICES = """(() => {
  window.said = [];
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  const voices = [{lang: 'en-US', localService: true}, {lang: 'fr-FR', localService: true}];
  Object.defineProperty(window, 'speechSynthesis', {value: Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak: utterance => said.push([utterance.voice.lang, utterance.text]),
    cancel: () => { said.push(['', 'hush']); },
  })});
})()"""


# --------------------------------------------------------------------------- keyboard and focus


def test_the_whole_of_it_with_the_keyboard_alone(chat: ChatPage) -> None:
    keys = chat.page.keyboard
    keys.press("Tab")
    skip = chat.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keys.press("Enter")
    expect(chat.box).to_be_focused()

    keys.type("je veux activer")
    keys.press("Shift+Enter")
    keys.type("mon espace santé")
    assert "\n" in chat.box.input_value()
    keys.press("Enter")
    chat.wait_for_answer(1)
    assert chat.step == CODE
    expect(chat.box).to_be_focused()
    assert chat.box.input_value() == ""

    _tab_to(chat, f"button[value='step/{CODE}/oui']", "Shift+Tab")
    assert _outline(chat.page) >= 3
    assert _covered(chat.page) is False
    keys.press("Enter")
    chat.wait_for_answer(2)
    assert chat.step == NEXT
    _tab_to(chat, f"button[value='step/{NEXT}/courrier']", "Tab")
    keys.press("Space")
    chat.wait_for_answer(3)

    _tab_to(chat, ".menu:not(.leave) summary", "Shift+Tab")
    keys.press("Enter")
    expect(chat.page.locator(".menu[open]")).to_have_count(1)
    usual = _text_size(chat.page)
    keys.press("Tab")
    keys.press("ArrowDown")
    assert _text_size(chat.page) > usual
    keys.press("Escape")
    expect(chat.page.locator(".menu[open]")).to_have_count(0)
    expect(chat.page.locator(".menu:not(.leave) summary")).to_be_focused()
    chat.page.reload()
    assert _text_size(chat.page) > usual, "remembered in this window"

    _tab_to(chat, ".leave summary", "Tab")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Enter")
    chat.page.wait_for_url("**/efface")
    assert chat.page.context.cookies() == []


def _tab_to(chat: ChatPage, selector: str, key: str) -> None:
    wanted = chat.page.locator(selector).last
    for _ in range(40):
        chat.page.keyboard.press(key)
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{key} does not lead to {selector}")


def _outline(page: Page) -> float:
    width: float = page.evaluate(
        "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
    )
    return width


def _covered(page: Page) -> bool:
    """Tell whether what has the focus lies below a bar that stays in sight."""
    covered: bool = page.evaluate(
        """() => {
          const focused = document.activeElement;
          const {left, top, width, height} = focused.getBoundingClientRect();
          const seen = document.elementFromPoint(left + width / 2, top + height / 2);
          return !focused.contains(seen);
        }"""
    )
    return covered


def _text_size(page: Page) -> float:
    size: float = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    return size


def test_the_focus_stays_in_the_box_when_the_button_is_pressed(chat: ChatPage) -> None:
    chat.box.fill("bonjour")
    chat.page.locator("#send").click()
    chat.wait_for_answer(1)
    expect(chat.box).to_be_focused()


# ------------------------------------------------------------------------------- screen readers


def test_new_messages_are_added_to_the_log_and_nothing_is_taken_away(chat: ChatPage) -> None:
    log = chat.page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    chat.write("bonjour")
    log.evaluate(
        """log => {
          window.changes = {added: [], removed: 0};
          new MutationObserver(records => records.forEach(record => {
            window.changes.removed += record.removedNodes.length;
            const added = [...record.addedNodes].map(node => node.id || node.nodeName);
            window.changes.added.push(...added);
          })).observe(log, {childList: true, subtree: true});
        }"""
    )
    before = chat.said_ids
    chat.write("je veux activer mon espace santé")
    changes = chat.page.evaluate("window.changes")
    assert changes["removed"] == 0, "what is taken out and put back is read again"
    assert changes["added"] == chat.said_ids[len(before) :]


def test_danger_is_an_alert_with_numbers_to_call(chat: ChatPage) -> None:
    chat.write("je veux activer mon espace santé")
    assert chat.write("j'en peux plus je veux mourir").last_kinds == ["danger", "ask"]
    alert = chat.page.locator(".message.danger").get_by_role("alert")
    expect(alert).to_be_visible()
    called = {each.get_attribute("href") for each in alert.locator("a.call").all()}
    assert {"tel:3114", "tel:15"} <= called
    assert chat.press("word/safe").step == CODE


# ----------------------------------------------------------------------------------- read aloud


@pytest.fixture
def spoken(page: Page, witness: Witness) -> ChatPage:
    """The conversation in a browser that has voices."""
    del witness
    page.add_init_script(VOICES)
    return ChatPage(page).open()


def _said(chat: ChatPage) -> list[str]:
    """Return what was read since the last time one asked; the voice must be French."""
    said: list[list[str]] = chat.page.evaluate("said.splice(0)")
    assert {voice for voice, _ in said} <= {"", "fr-FR"}
    return [text for voice, text in said if voice]


def test_a_message_is_read_with_its_answers_and_stops(spoken: ChatPage) -> None:
    spoken.write("je veux activer mon espace santé")
    button = spoken.last.locator(".listen")
    button.click()
    said = _said(spoken)
    labels = spoken.last.locator(".choices button").all_text_contents()
    assert said[-len(labels) :] == labels
    expect(button).to_have_attribute("data-playing", "")
    button.click()
    expect(button).not_to_have_attribute("data-playing", "")
    assert _said(spoken) == []


def test_new_messages_are_read_on_demand_and_not_ones_own(spoken: ChatPage) -> None:
    spoken.write("bonjour")
    assert _said(spoken) == []
    spoken.page.locator(".menu summary").first.click()
    spoken.page.locator("input[name=read-new]").check()
    spoken.page.keyboard.press("Escape")
    spoken.write("je veux activer mon espace santé")
    said = _said(spoken)
    assert said
    assert "je veux activer mon espace santé" not in said
    spoken.page.reload()
    expect(spoken.page.locator("input[name=read-new]")).to_be_checked()


def test_without_a_french_voice_nothing_offers_to_read(chat: ChatPage) -> None:
    chat.write("bonjour")
    assert chat.page.locator(".listen").count() == 0
    expect(chat.page.locator("[data-voice]")).to_be_hidden()
