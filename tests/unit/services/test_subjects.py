"""Two subjects in one message are told apart, and one subject is left whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.content_files import load_content, load_examples
from assistant.adapters.keyword_engine import NearestExamples
from assistant.services.dialogue.subjects import Subjects

HERE = Path(__file__).parent
HELD_OUT = Path(__file__).parents[3] / "nlu" / "tests" / "fr"

TWO: list[tuple[str, str, str]] = yaml.safe_load(
    (HERE / "data" / "subjects.yml").read_text(encoding="utf-8")
)
RECALL = 0.70
FALSE_ALARMS = 0.005


@pytest.fixture(scope="module")
def subjects() -> Subjects:
    """The rule over the real examples."""
    return Subjects(NearestExamples(load_examples("fr")), load_content().needs.needs)


def _sentences() -> Iterable[str]:
    for path in sorted(HELD_OUT.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            yield from (line.removeprefix("- ") for line in block["examples"].splitlines())


def test_two_subjects_are_told_apart_in_their_order(subjects: Subjects) -> None:
    right = sum(subjects.apart(text, "fr") == (first, second) for text, first, second in TWO)

    assert right >= RECALL * len(TWO)


def test_one_subject_is_left_whole(subjects: Subjects) -> None:
    sentences = list(_sentences())
    split = [text for text in sentences if subjects.apart(text, "fr") is not None]

    assert len(sentences) > 500
    assert len(split) <= FALSE_ALARMS * len(sentences), split


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    nobody = Subjects(NearestExamples({}), {})

    assert nobody.apart(text, "fr") is None
