"""What a person who sees little, hears, zooms or uses a small screen meets: axe, and reflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.chat_page import ChatPage, Witness
from tests.e2e.product import Product

# All of axe's rules, among them two of WCAG AAA and 2.2 that are off by default.
RULES = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


@dataclass(frozen=True)
class Place:
    """A page: what is said before it is opened, and what tells that this is the page we meant.

    ``sends`` names a form that is posted there first.
    """

    path: str
    sign: str
    said: tuple[str, ...] = ()
    sends: str | None = None


VIOLENCE = "mon mari me frappe"
FOR_MOTHER = "c'est pour ma mère"
ACTIVATION = "je veux activer mon espace santé"
PLACES: Mapping[str, Place] = {
    "first page": Place("/", "#messages:not([data-begun])"),
    "menu": Place("/", "button[value='need/trouver_aide']", ("menu",)),
    "in a flow": Place("/", "button[value$='/courrier']", (ACTIVATION, "oui j'ai le code")),
    "stuck": Place("/", "button[value='word/retry']", (ACTIVATION, "je suis bloqué")),
    "danger": Place("/", ".message.danger", ("j'en peux plus je veux mourir",)),
    "a person": Place("/", ".message.hand_over", ("je veux parler à quelqu'un",)),
    "quick exit": Place("/", "#exit:not([hidden]) a", (VIOLENCE,)),
    "helping": Place("/", ".helping", (FOR_MOTHER,)),
    "sheet": Place("/fiche", ".stages .now", (ACTIVATION,)),
    "whole sheet": Place("/fiche?tout=1", ".transcript", (ACTIVATION,)),
    "sheet with a code": Place("/fiche", ".again", (ACTIVATION,), "/fiche"),
    "my choices": Place("/mes-choix", "article h1", (ACTIVATION,)),
    "my agreements": Place("/mes-accords", "#keep_conversation button", (ACTIVATION,)),
    "my data": Place("/mes-donnees", "#summary", (ACTIVATION,)),
    "code": Place("/", "#digits", (ACTIVATION,), "/autre-appareil"),
    "code wanted": Place("/code", "#code"),
    "reading wanted": Place("/lire", "#code"),
    "elsewhere": Place("/ailleurs", "article h1"),
    "idle": Place("/inactif", "main button[name=shared]", ("bonjour",)),
    "erased": Place("/efface", "article h1"),
    "places": Place("/lieux?ou=grenoble", "#found"),
    "letter": Place("/lettre/opposition-recherche", "#nom"),
    "legal": Place("/mentions-legales", "article h1"),
    "privacy": Place("/confidentialite", "article h1"),
    "accessibility": Place("/accessibilite", "article h1"),
    "error": Place("/nulle-part", "article h1"),
}
# The same menus stand on all of them.
WITH_MENUS = frozenset({"in a flow", "helping", "legal"})


@dataclass(frozen=True)
class Look:
    """How the page is shown: the colours of the system, and the strong contrast of the page."""

    scheme: str
    strong: bool = False
    forced: bool = False


LOOKS = {
    "light": Look("light"),
    "dark": Look("dark"),
    "strong light": Look("light", strong=True),
    "strong dark": Look("dark", strong=True),
    "forced colours": Look("light", forced=True),
}


@pytest.fixture(scope="module")
def conversations(browser: Browser, product: Product) -> Mapping[str, list[Any]]:
    """The cookies that open a conversation for each place that needs one."""
    cookies: dict[tuple[str, ...], list[Any]] = {(): []}
    for said in {place.said for place in PLACES.values() if place.said}:
        context = browser.new_context(base_url=product.url)
        chat = ChatPage(context.new_page()).open()
        for text in said:
            chat.write(text)
        cookies[said] = [*context.cookies()]
        context.close()
    return {name: cookies[place.said] for name, place in PLACES.items()}


@pytest.fixture(scope="module", params=[*LOOKS.values()], ids=[*LOOKS])
def look(
    browser: Browser, product: Product, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A browser session in which pages look so."""
    shown: Look = request.param
    context = browser.new_context(
        base_url=product.url,
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if shown.scheme == "dark" else "light",
        forced_colors="active" if shown.forced else "none",
        reduced_motion="reduce",
    )
    if shown.strong:
        context.add_init_script(_preferring("contrast", "strong"))
    witness = Witness(product.url)
    witness.forgive("status of 404")
    witness.watch(context)
    yield context
    context.close()
    assert witness.unforgiven == []


@pytest.fixture(scope="module")
def shown(look: BrowserContext) -> Page:
    """A page of that session."""
    return look.new_page()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.usefixtures("healthy")
def test_axe_finds_nothing(shown: Page, conversations: Mapping[str, list[Any]], place: str) -> None:
    _visit(shown, conversations, place)
    found = _violations(shown)
    if place in WITH_MENUS:
        for menu in shown.locator(".menu summary").all():
            menu.click()
            found += _violations(shown)
    assert found == []


@pytest.mark.parametrize(
    ("width", "height"), [(320, 568), (640, 400)], ids=["320 px", "1280 px at 200 %"]
)
@pytest.mark.parametrize("size", ["1", "3"], ids=["usual text", "largest text"])
def test_nothing_is_wider_than_a_small_window(
    browser: Browser,
    healthy: Product,
    conversations: Mapping[str, list[Any]],
    width: int,
    height: int,
    size: str,
) -> None:
    context = browser.new_context(base_url=healthy.url, viewport={"width": width, "height": height})
    context.add_init_script(_preferring("size", size))
    page = context.new_page()
    too_wide: list[object] = []
    for place in PLACES:
        _visit(page, conversations, place)
        too_wide += [(place, each) for each in page.evaluate(_SPILLED)]
        for menu in page.locator(".menu summary").filter(visible=True).all():
            menu.click()
            too_wide += [(place, "menu", each) for each in page.evaluate(_SPILLED)]
    context.close()
    assert too_wide == []


@pytest.mark.parametrize("size", ["1", "3"], ids=["usual text", "largest text"])
def test_all_that_is_pressed_is_large_enough_for_a_thumb(
    browser: Browser, healthy: Product, conversations: Mapping[str, list[Any]], size: str
) -> None:
    context = browser.new_context(base_url=healthy.url, viewport={"width": 320, "height": 568})
    context.add_init_script(_preferring("size", size))
    page = context.new_page()
    small: list[object] = []
    for place in PLACES:
        _visit(page, conversations, place)
        small += [(place, each) for each in page.evaluate(_SMALL)]
    context.close()
    assert small == []


def _preferring(name: str, value: str) -> str:
    """Return a script that sets a preference of the page, as its menu does."""
    return f"if (location.host) sessionStorage.setItem('{name}', '{value}')"


# What scrolls sideways (WCAG 1.4.10), or is cut inside a button.
_SPILLED = """() => [...document.querySelectorAll('body *')].filter(element => {
  if (element.closest('.unseen, .skip, svg')) return false;
  if (!element.checkVisibility({visibilityProperty: true})) return false;
  const {left, right} = element.getBoundingClientRect();
  const cut = element.matches('button, summary, .button, .call')
    && element.scrollWidth > element.clientWidth + 1;
  return right > innerWidth + 1 || left < -1 || cut;
}).map(element => element.outerHTML.slice(0, 120))"""

# 44 px: the enhanced target size of WCAG 2.5.5.
_SMALL = """() => [...document.querySelectorAll(
  'button, summary, textarea, input[type=text], .button, .call, .brand, .links a, .colophon a'
)].filter(element => {
  if (!element.checkVisibility({visibilityProperty: true}) || element.disabled) return false;
  const {width, height} = element.getBoundingClientRect();
  return Math.round(width) < 44 || Math.round(height) < 44;
}).map(element => element.outerHTML.slice(0, 120))"""


def _visit(page: Page, conversations: Mapping[str, list[Any]], place: str) -> None:
    page.context.clear_cookies()
    page.context.add_cookies(conversations[place])
    page.goto(PLACES[place].path)
    if (form := PLACES[place].sends) is not None:
        page.locator(f"form[action='{form}']").last.evaluate("form => form.submit()")
    expect(page.locator(PLACES[place].sign).last).to_be_visible()


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]
