"""For whom somebody writes is heard when they say it, and never guessed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.whom import Whom
from assistant.services.dialogue.whom import recognise_whom

TABLE = Path(__file__).parent / "data" / "whom.tsv"
CASES = [
    tuple(line.split("\t", maxsplit=1))
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def heard(text: str) -> str:
    """Return what was heard as the table writes it."""
    found = recognise_whom(text)
    if found is None:
        return "-"
    return found.whom.value + ("" if found.alone else "+")


def test_the_table_is_large_and_holds_as_many_refusals() -> None:
    labels = [label for label, _ in CASES]
    assert len(set(CASES)) == len(CASES) >= 250
    assert labels.count("-") >= 100
    assert labels.count("other") >= 100


@pytest.mark.parametrize(("label", "text"), CASES)
def test_for_whom_a_message_is_written(label: str, text: str) -> None:
    assert heard(text) == label


@pytest.mark.parametrize(
    "text",
    [text for label, text in CASES if label == "other" and text.isascii()],
)
def test_capitals_and_signs_change_nothing(text: str) -> None:
    assert heard(text.upper()) == "other"
    assert heard(f"  {text} !! ") == "other"


@pytest.mark.parametrize(("age", "label"), [("17", "-"), ("18", "other"), ("seize", "-")])
def test_a_grown_child_is_somebody_else_and_a_minor_is_a_need(age: str, label: str) -> None:
    assert heard(f"c'est pour ma fille de {age} ans") == label


@given(st.text(max_size=300))
def test_any_text_can_be_heard(text: str) -> None:
    found = recognise_whom(text)
    assert found is None or found.whom in Whom


def test_a_long_message_is_heard_quickly() -> None:
    """No pattern may take long on a message made to hurt: 2,000 characters is what we accept."""
    texts = ["ma mere " * 250, "pour " * 400, "je suis avec " * 150, "a " * 1000, "ans " * 500]
    started = time.perf_counter()
    for text in texts:
        recognise_whom(text)
    # Half a second is fifty times what it takes on a slow machine.
    assert time.perf_counter() - started < 0.5
