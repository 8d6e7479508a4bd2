"""The page of all texts holds each of them once, in both tellings and on both channels."""

from __future__ import annotations

from collections import Counter
from functools import cache
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from assistant.adapters.content_files import Content, load_content
from assistant.adapters.locales import load_translations
from assistant.cli import app
from assistant.domain.messages import Channel
from assistant.domain.whom import Whom
from assistant.flows.document import FlowDocument, texts
from assistant.flows.flow import exits
from assistant.preview.order import branches
from assistant.preview.rendering import preview_page


class Read(HTMLParser):
    """What stands in a page: its keys, anchors, links and elements, and its words."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.keys: Counter[str] = Counter()
        self.anchors: Counter[str] = Counter()
        self.links: set[str] = set()
        self.elements: set[str] = set()
        self.words: list[str] = []
        self.headings: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        self._inside = tag
        self.keys.update(filter(None, [given.get("data-key")]))
        self.anchors.update(filter(None, [given.get("id")]))
        self.links.update(filter(None, [given.get("href"), given.get("src")]))

    def handle_data(self, data: str) -> None:
        """Note words, those of the style sheet apart."""
        if self._inside == "h2" and data.strip():
            self.headings.append(data)
        if self._inside != "style":
            self.words.append(data)


@cache
def content() -> Content:
    return load_content()


@cache
def page(channel: Channel, whom: Whom) -> Read:
    return Read(preview_page(content(), channel, whom))


def flows() -> list[FlowDocument]:
    return list(content().flows.values())


BOTH = [(channel, whom) for channel in Channel for whom in Whom]


@pytest.mark.parametrize(("channel", "whom"), BOTH)
def test_every_text_stands_there_once(channel: Channel, whom: Whom) -> None:
    shipped = content()
    documents = (
        *shipped.flows.values(),
        *shipped.answers.values(),
        shipped.glossary,
        shipped.needs,
        shipped.facts,
    )
    expected = Counter(key for document in documents for key in texts(document))
    expected.update(f"interface/{key}" for key in load_translations("fr").interface)
    assert page(channel, whom).keys == expected


@pytest.mark.parametrize(("channel", "whom"), BOTH)
def test_nothing_is_left_to_fill(channel: Channel, whom: Whom) -> None:
    shown = "".join(page(channel, whom).words)
    assert not {sign for sign in "{}[]|" if sign in shown}


@pytest.mark.parametrize(("channel", "whom"), BOTH)
def test_it_stands_alone_and_its_links_lead_somewhere(channel: Channel, whom: Whom) -> None:
    read = page(channel, whom)
    assert "script" not in read.elements
    assert not read.elements & {"link", "img", "iframe"}
    assert set(read.anchors.values()) == {1}
    assert read.links <= {f"#{each}" for each in read.anchors}


def test_it_follows_the_citizen() -> None:
    headings = page(Channel.WEB, Whom.SELF).headings
    assert len(headings) == 2 + len(flows()) + 5
    assert page(Channel.WEB, Whom.SELF).anchors.keys() >= {"accueil", "menu", "danger", "faits"}


def test_a_text_message_comes_with_its_size_first() -> None:
    shown = page(Channel.SMS, Whom.SELF).words
    assert any("signes" in words and "SMS" in words for words in shown)
    first = [key for key in page(Channel.SMS, Whom.SELF).keys if key.startswith("answer/arnaque/")]
    assert first[0] == "answer/arnaque/sms"


@pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.id)
def test_each_step_is_met_once_and_by_a_way_that_leads_to_it(flow: FlowDocument) -> None:
    found = branches(flow)
    assert Counter(step.id for branch in found for step in branch.steps) == Counter(
        step.id for step in flow.steps
    )
    assert found[0].steps[0] == flow.steps[0]
    steps = {step.id: step for step in flow.steps}
    for branch in found[1:]:
        ways = dict(exits(steps[branch.from_step or ""]))
        assert ways[branch.by_exit or ""] == branch.steps[0].id
        for before, after in zip(branch.steps, branch.steps[1:], strict=False):
            assert after.id in {target for _, target in exits(before)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--all"], 0),
        (["--all", "--channel", "sms", "--for-other", "--format", "html"], 0),
        (["parler_humain"], 0),
        (["parler_humain", "--format", "html"], 0),
        (["no_such_flow"], 1),
        (["no_such_flow", "--format", "html"], 1),
        ([], 2),
        (["--all", "parler_humain"], 2),
        (["--all", "--format", "text"], 2),
    ],
)
def test_the_command(words: list[str], code: int) -> None:
    done = CliRunner().invoke(app, ["preview", *words])
    assert done.exit_code == code
    if code == 0:
        assert ("<html" in done.output) is ("--all" in words or "html" in words)
