"""STOP is heard in every spelling, and no ordinary sentence silences us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.danger import recognise_danger
from assistant.safety.opt_out import OptOut, recognise_opt_out
from tests.unit.safety.labelled import read_labelled

CASES = read_labelled("opt_out.tsv")
EXPLICIT = [
    "STOP",
    "ARRET",
    "ARRÊT",
    "ARET",
    "ARETT",
    "ARRETER",
    "FIN",
    "STOPPER",
    "DESABONNER",
    "DÉSABONNEMENT",
    "DÉSINSCRIRE",
    "STOP SMS",
    "UNSUBSCRIBE",
]


def test_the_table_is_large_enough_to_tell_something() -> None:
    assert len(set(CASES)) >= 800
    assert min(Counter(label for label, _ in CASES).values()) >= 80
    assert len({text for _, text in CASES}) == len(set(CASES))


def test_no_ordinary_sentence_silences_us_and_no_order_goes_unheard() -> None:
    heard = {text: recognise_opt_out(text) for _, text in CASES}
    assert [text for label, text in CASES if label == "none" and heard[text]] == []
    assert [text for label, text in CASES if label == "clear" and heard[text] is None] == []


@pytest.mark.parametrize(("label", "text"), CASES)
def test_opt_out(label: str, text: str) -> None:
    assert recognise_opt_out(text) == {"none": None}.get(label, label)


DRESSES: list[Callable[[str], str]] = [str.lower, str.upper, str.title]


@given(
    word=st.sampled_from(EXPLICIT),
    change=st.sampled_from(DRESSES),
    before=st.sampled_from(["", " ", "\n", '"', "🛑 "]),
    after=st.sampled_from(["", ".", "!!", " …", " 😡", "\n"]),
)
def test_an_explicit_word_is_clear_however_it_is_dressed(
    word: str, change: Callable[[str], str], before: str, after: str
) -> None:
    assert recognise_opt_out(f"{before}{change(word)}{after}") is OptOut.CLEAR


@pytest.mark.parametrize("word", EXPLICIT)
def test_a_question_is_never_taken_for_an_order(word: str) -> None:
    assert recognise_opt_out(f"{word} ?") is OptOut.DOUBTFUL


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert recognise_opt_out(text) in {None, OptOut.CLEAR, OptOut.DOUBTFUL}


def test_a_wish_to_die_is_left_to_the_recognition_of_danger() -> None:
    assert recognise_opt_out("stop je veux mourir") is OptOut.DOUBTFUL
    assert recognise_danger("stop je veux mourir") is not None
