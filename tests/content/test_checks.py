"""Each rule has one broken example, which raises exactly its message and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.flows.checks import Finding, Rule, Severity, check_content
from assistant.flows.document import (
    AnswerDocument,
    ContentRefused,
    FactsDocument,
    FlowDocument,
    GlossaryDocument,
    LetterDocument,
    NeedsCatalogue,
    read_answer,
    read_facts,
    read_flow,
    read_glossary,
    read_letter,
    read_needs,
)

BROKEN = Path(__file__).parent / "broken"
BASE = BROKEN / "base"
TODAY = date(2026, 11, 23)
EXPECTED: Mapping[str, Mapping[str, object]] = yaml.safe_load(
    (BROKEN / "expected.yml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Content:
    """The documents that are checked together."""

    flows: tuple[FlowDocument, ...]
    answers: tuple[AnswerDocument, ...]
    glossary: GlossaryDocument
    facts: FactsDocument
    needs: NeedsCatalogue
    letters: tuple[LetterDocument, ...]

    def findings(self) -> tuple[Finding, ...]:
        return check_content(
            self.flows,
            self.answers,
            self.glossary,
            self.facts,
            self.needs,
            TODAY,
            letters=self.letters,
        )


def base() -> Content:
    def raw(name: str) -> tuple[bytes, str]:
        return (BASE / name).read_bytes(), name

    return Content(
        (read_flow(*raw("flow.yml")),),
        (read_answer(*raw("answer.yml")), read_answer(*raw("other_answer.yml"))),
        read_glossary(*raw("glossary.yml")),
        read_facts(*raw("facts.yml")),
        read_needs(*raw("needs.yml")),
        (read_letter(*raw("letter.yml")),),
    )


def with_flow(content: Content, raw: bytes, source: str, adds: bool) -> Content:
    kept = content.flows if adds else ()
    return replace(content, flows=(*kept, read_flow(raw, source)))


def with_answer(content: Content, raw: bytes, source: str, adds: bool) -> Content:
    kept = content.answers if adds else content.answers[1:]
    return replace(content, answers=(*kept, read_answer(raw, source)))


def with_glossary(content: Content, raw: bytes, source: str, _: bool) -> Content:
    return replace(content, glossary=read_glossary(raw, source))


def with_facts(content: Content, raw: bytes, source: str, _: bool) -> Content:
    return replace(content, facts=read_facts(raw, source))


def with_needs(content: Content, raw: bytes, source: str, _: bool) -> Content:
    return replace(content, needs=read_needs(raw, source))


READERS: Mapping[str, Callable[[Content, bytes, str, bool], Content]] = {
    "flow": with_flow,
    "answer": with_answer,
    "glossary": with_glossary,
    "facts": with_facts,
    "needs": with_needs,
}


def findings_of(name: str) -> tuple[Finding, ...]:
    """Read one broken example among the sound documents of the base, and check the whole."""
    expected = EXPECTED[name]
    raw = (BROKEN / f"{name}.yml").read_bytes()
    pad_to = expected.get("pad_to", 0)
    assert isinstance(pad_to, int)
    raw += b"#" * (pad_to - len(raw))
    reader = READERS[str(expected.get("reads", "flow"))]
    try:
        return reader(base(), raw, f"{name}.yml", expected.get("adds") is True).findings()
    except ContentRefused as refused:
        return refused.findings


def test_nothing_is_wrong_with_the_base() -> None:
    assert base().findings() == ()


def test_every_rule_has_its_example() -> None:
    rules = {rule.value for rule in Rule}
    assert set(EXPECTED) == rules
    assert {path.stem for path in BROKEN.glob("*.yml")} == rules | {"expected"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_example_raises_exactly_its_message(name: str) -> None:
    found = findings_of(name)
    assert [str(finding) for finding in found] == [EXPECTED[name]["says"]]
    assert found[0].rule == name
    assert found[0].severity == EXPECTED[name].get("severity", Severity.ISSUE)
