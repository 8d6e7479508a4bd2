"""The engine of last resort understands the held-out sentences well enough to be of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.content_files import load_examples
from assistant.adapters.keyword_engine import NearestExamples

HELD_OUT = Path(__file__).parent.parent.parent.parent / "nlu" / "tests"


@pytest.fixture(scope="module")
def engine() -> NearestExamples:
    """The engine over the real examples."""
    return NearestExamples(load_examples("fr"))


def test_its_own_examples_are_understood(engine: NearestExamples) -> None:
    for need, sentences in load_examples("fr").items():
        assert engine.understand(sentences[0], "fr").ranking[0].need == need


def test_most_held_out_sentences_are_among_its_first_three_guesses(
    engine: NearestExamples,
) -> None:
    """A floor far below what was measured (docs/figures.md): it guards against a broken index."""
    asked = [
        (need, text) for need, texts in load_examples("fr", HELD_OUT).items() for text in texts
    ]
    found = sum(
        need in [each.need for each in engine.understand(text, "fr").ranking[:3]]
        for need, text in asked
    )
    assert found / len(asked) > 0.6


@pytest.mark.parametrize("text", ["", "🙏", "你好吗", "qsdf wxcv azer", "!!!"])
def test_what_is_like_nothing_known_has_no_need(engine: NearestExamples, text: str) -> None:
    assert engine.understand(text, "fr").need is None
