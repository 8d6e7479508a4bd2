"""One running product for all the journeys, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.chat_page import ChatPage, Witness
from tests.e2e.product import Product, running
from tests.talker import Talker

CHROMIUM = "/usr/bin/chromium"
# The sandbox needs a user that is not root; the others keep a closed network quiet.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The three real processes, in good health."""
    with running(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture
def healthy(product: Product) -> Product:
    """The product, with everything back after a test that broke it."""
    product.wait_for(status="ok")
    return product


@pytest.fixture
def talker(healthy: Product) -> Iterator[Talker]:
    """Somebody who talks over the JSON API."""
    with healthy.client() as http:
        yield Talker.begin(http)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    assert Path(CHROMIUM).exists(), "install the Debian package chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, healthy: Product) -> Iterator[BrowserContext]:
    """A fresh browser session in front of the product."""
    opened = browser.new_context(base_url=healthy.url, viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A fresh page; an error of a script fails the test."""
    opened = context.new_page()
    opened.on("pageerror", _fail)
    return opened


@pytest.fixture
def witness(context: BrowserContext, healthy: Product) -> Iterator[Witness]:
    """What the browser complains about; what the test did not expect fails it."""
    listening = Witness(healthy.url)
    listening.watch(context)
    yield listening
    assert not listening.unforgiven


@pytest.fixture
def chat(page: Page, witness: Witness) -> ChatPage:
    """The conversation, opened by a newcomer."""
    del witness
    return ChatPage(page).open()


@pytest.fixture
def plain_chat(browser: Browser, healthy: Product) -> Iterator[ChatPage]:
    """The conversation, opened by a newcomer in a browser that runs no script."""
    opened = browser.new_context(base_url=healthy.url, java_script_enabled=False)
    listening = Witness(healthy.url)
    listening.watch(opened)
    yield ChatPage(opened.new_page()).open()
    opened.close()
    assert not listening.unforgiven


def _fail(error: object) -> None:
    raise AssertionError(f"a script of the page failed: {error}")
