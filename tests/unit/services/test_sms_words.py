"""REPRENDRE, OUBLIE-MOI, PAS MOI, SEPARER: heard however they are typed, never by accident."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.opt_out import OptOut, recognise_opt_out
from assistant.services.sms.words import HeardWord, SmsWord, recognise_sms_word

_TABLE = Path(__file__).parent / "data" / "sms_words.tsv"
CASES = [
    tuple(line.split("\t", maxsplit=1))
    for line in _TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


# What a message holds, rather than says.
NO_WORDS = {
    SmsWord.LINK,
    SmsWord.UNKNOWN_CODE,
    SmsWord.NEXT_PAGE,
    SmsWord.NO_PICTURES,
    SmsWord.EMPTY,
}


def label(heard: HeardWord | None) -> str:
    return "none" if heard is None else f"{heard.word}{'!' if heard.sure else '?'}"


def test_the_table_is_large_enough_to_tell_something() -> None:
    assert len(set(CASES)) == len(CASES) >= 150
    assert {name.rstrip("!?") for name, _ in CASES} == {*SmsWord, "none"} - NO_WORDS
    assert Counter(name for name, _ in CASES)["none"] >= 60


@pytest.mark.parametrize(("name", "text"), CASES)
def test_words_of_sms(name: str, text: str) -> None:
    assert label(recognise_sms_word(text)) == name


@pytest.mark.parametrize("text", [text for name, text in CASES if name.endswith("!")])
def test_no_word_is_also_an_order_to_stop(text: str) -> None:
    assert recognise_opt_out(text) is not OptOut.CLEAR


@pytest.mark.parametrize("text", ["STOP", "ARRET", "FIN", "oui", "OUI", "1", "menu", "suite"])
def test_no_other_command_is_one_of_these(text: str) -> None:
    assert recognise_sms_word(text) is None


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert recognise_sms_word(text) is None or recognise_sms_word(f" {text}!") is not None


@given(
    st.sampled_from(["REPRENDRE", "OUBLIEZ-MOI", "SEPARER", "PAS MOI"]),
    st.sampled_from(["maison", "dossier", "le médecin", "ma fille", "demain", "code"]),
)
def test_a_word_inside_a_sentence_is_not_a_command(word: str, other: str) -> None:
    assert recognise_sms_word(f"{word} {other}") is None
