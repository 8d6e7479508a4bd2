"""The sheet on paper: one A4 page for every flow, wherever it stands, in letters large enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, Route

from assistant.adapters.content_files import load_content
from assistant.bootstrap import Assistant
from assistant.domain.conversation import DialogueState, Session
from assistant.domain.messages import Instruction
from assistant.domain.whom import Whom
from assistant.flows import engine, keys
from assistant.flows.engine import Sprint
from assistant.gateway.access import COOKIE
from assistant.services.conversations import tell
from tests.in_process import (  # noqa: F401 (fixtures)
    announcer,
    assistant,
    carrier,
    client,
    clock,
    content,
    examples,
    prepared,
    rasa,
    settings,
)
from tests.walking import standings

FLOWS = sorted(flow.id for flow in load_content().flows.values())
HOME = "http://sheet.test"
# An A4 page less two margins of 10 mm.
WITHIN_MARGINS = 718
POINT = 96 / 72  # CSS pixels
BODY_POINTS = 14
STEP_POINTS = 18


@dataclass
class Printer:
    """A browser in front of the product in the same process: no port, no other process."""

    page: Page
    http: TestClient
    assistant: Assistant

    def open(self, slug: str, session: Session, told: Sequence[Instruction], whom: Whom) -> None:
        """Put somebody there and open the sheet."""
        opened = self.assistant.conversations.open("fr")
        state = DialogueState(session=session, whom=whom)
        now = replace(opened.conversation, state=state)
        with self.assistant.open_unit_of_work() as work:
            work.conversations.save_state(now.id, state, now.version)
            spoken = [replace(each, whom=whom) for each in told]
            tell(work, self.assistant.catalogue, now, spoken, self.assistant.now())
            work.commit()
        self.http.cookies.set(COOKIE, f"{now.id}.{opened.token}")
        self.page.emulate_media(media="screen")
        self.page.goto("/fiche")
        # A delicate flow is shown to whoever asks for it alone.
        asking = self.page.locator(
            f".more form:has([value='{slug}']):not(:has([value='1'])) button"
        )
        if asking.count():
            asking.click()
            self.page.locator(".stages").wait_for()

    def height(self) -> int:
        """Return how tall it is when laid out for paper, in CSS pixels."""
        self.page.emulate_media(media="print")
        found: int = self.page.evaluate("document.body.scrollHeight")
        return found

    def pages(self) -> int:
        """Print and count the pages."""
        self.page.emulate_media(media="print")
        return len(re.findall(rb"/Type\s*/Page\b", self.page.pdf(prefer_css_page_size=True)))

    def answer(self, route: Route) -> None:
        """Answer a request of the browser by the product."""
        request = route.request
        found = self.http.request(
            request.method,
            request.url.removeprefix(HOME),
            content=request.post_data_buffer,
            headers={"content-type": request.headers.get("content-type", "")},
        )
        headers = {"content-type": found.headers["content-type"]}
        route.fulfill(status=found.status_code, headers=headers, body=found.content)


@pytest.fixture
def printer(browser: Browser, client: TestClient, assistant: Assistant) -> Iterator[Printer]:  # noqa: F811
    """A printer in front of a fresh product."""
    context = browser.new_context(base_url=HOME, viewport={"width": WITHIN_MARGINS, "height": 300})
    made = Printer(context.new_page(), client, assistant)
    context.route("**/*", made.answer)
    yield made
    context.close()


@pytest.mark.parametrize("slug", FLOWS)
def test_half_done_it_is_one_page_at_the_tallest_step(printer: Printer, slug: str) -> None:
    """Every step is laid out for paper, and the tallest one printed for each reader."""
    library = printer.assistant.library
    heights: dict[int, Session] = {}
    for state in standings(library, slug).values():
        for stuck in (False, True):
            session = Session((replace(state.session.positions[-1], stuck=stuck),))
            printer.open(slug, session, engine.ask_again(library, session), Whom.SELF)
            assert printer.page.locator(".stages .now").count() == 1
            heights[printer.height()] = session
    tallest = heights[max(heights)]
    for whom in Whom:
        printer.open(slug, tallest, engine.ask_again(library, tallest), whom)
        assert printer.pages() == 1, (tallest.positions, max(heights))
    printer.page.emulate_media(media="screen")
    printer.page.locator("form:has([name=code]) button").click()
    printer.page.locator(".again").wait_for()
    assert printer.pages() == 1, f"with a code, {printer.height()}"


@pytest.mark.parametrize("slug", FLOWS)
def test_ended_it_is_one_page(printer: Printer, slug: str) -> None:
    library = printer.assistant.library
    ends = {}
    for state in standings(library, slug).values():
        for choice in engine.choices(library, state.session):
            picked = engine.picked(state.session, choice.id)
            if picked is None or choice.id == keys.HUMAN_CHOICE:
                continue
            sprint = engine.answer(library, state.session, picked)
            last = next((each for each in reversed(sprint.instructions) if each.step), None)
            ended = slug in dict(sprint.ended)
            if ended and last is not None and last.key not in ends:
                ends[last.key] = sprint
    assert ends
    heights: dict[int, Sprint] = {}
    for sprint in ends.values():
        printer.open(slug, sprint.session, sprint.instructions, Whom.SELF)
        heights[printer.height()] = sprint
    longest = heights[max(heights)]
    printer.open(slug, longest.session, longest.instructions, Whom.SELF)
    assert printer.pages() == 1, max(heights)


def test_the_letters_are_large(printer: Printer) -> None:
    library = printer.assistant.library
    state = standings(library, "activer_espace")["code_support"]
    told = engine.ask_again(library, state.session)
    printer.open("activer_espace", state.session, told, Whom.SELF)
    printer.page.emulate_media(media="print")
    sizes = printer.page.evaluate(_SIZES)
    assert min(sizes.values()) >= BODY_POINTS * POINT - 0.01, sizes
    steps = printer.page.locator(".stages li span:not(.mark)").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(steps) >= STEP_POINTS * POINT - 0.01


def test_only_the_sheet_is_printed(printer: Printer) -> None:
    library = printer.assistant.library
    state = standings(library, "activer_espace")["code_support"]
    told = engine.ask_again(library, state.session)
    printer.open("activer_espace", state.session, told, Whom.SELF)
    printer.page.emulate_media(media="print")
    for unwanted in (".bar", ".more", ".colophon", ".skip"):
        assert not printer.page.locator(unwanted).is_visible()
    printer.page.goto("/fiche?tout=1")
    assert printer.pages() > 1, "the conversation comes on pages of its own"


# The size of each text that is printed, by the beginning of it.
_SIZES = """() => {
  const sizes = {};
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() && element.checkVisibility()) {
      sizes[node.textContent.trim().slice(0, 40)] = parseFloat(getComputedStyle(element).fontSize);
    }
  }
  return sizes;
}"""
