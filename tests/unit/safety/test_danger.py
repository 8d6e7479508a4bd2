"""Danger is recognised as people text it, and only danger is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.danger import Alarm, Danger, DangerRule, DangerRules, recognise_danger
from assistant.safety.dangers.distress import DISTRESS_RULES
from assistant.safety.dangers.languages import OTHER_LANGUAGES_RULES
from assistant.safety.dangers.medical import MEDICAL_RULES
from assistant.safety.dangers.violence import VIOLENCE_RULES
from tests.unit.safety.labelled import read_labelled, read_lines

DANGERS = read_labelled("danger.tsv")
ORDINARY = read_lines("no_danger.txt")
RULES = MEDICAL_RULES + DISTRESS_RULES + VIOLENCE_RULES + OTHER_LANGUAGES_RULES


def test_the_tables_are_large_enough_to_tell_something() -> None:
    assert len({text for _, text in DANGERS}) >= 150
    assert len(set(ORDINARY)) >= 150


@pytest.mark.parametrize(("need", "text"), DANGERS)
def test_danger_is_recognised(need: str, text: str) -> None:
    alarm = recognise_danger(text)
    assert alarm is not None
    assert alarm.danger == need


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_raise_no_alarm(text: str) -> None:
    assert recognise_danger(text) is None


@pytest.mark.parametrize("text", [text for _, text in DANGERS])
def test_an_alarm_never_holds_the_words_of_the_person(text: str) -> None:
    alarm = recognise_danger(text)
    assert alarm is not None
    assert alarm.matched in {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("j'ai avalé des médicaments je veux mourir", Danger.MEDICAL),
        ("je veux mourir mon mari me frappe", Danger.DISTRESS),
        ("mon mari me frappe et je saigne beaucoup", Danger.MEDICAL),
        ("je vais avaler tous mes médicaments", Danger.DISTRESS),
    ],
)
def test_the_gravest_danger_comes_first(text: str, danger: Danger) -> None:
    alarm = recognise_danger(text)
    assert alarm is not None
    assert alarm.danger is danger


def test_every_rule_is_exercised() -> None:
    sayings = [text for _, text in DANGERS]
    unused = [rule.id for rule in RULES if not any(map(DangerRules((rule,)).recognise, sayings))]
    assert unused == []


def test_a_harmless_phrase_covers_only_what_it_lies_over() -> None:
    rules = DangerRules(
        (DangerRule("mort", Danger.DISTRESS, ("suis mort",), ("mort de rire",)),),
    )
    assert rules.recognise("je suis mort de rire") is None
    assert rules.recognise("je suis mort de rire mais je suis mort") == Alarm(
        Danger.DISTRESS, "mort"
    )


def test_two_rules_cannot_share_an_id() -> None:
    rule = DangerRule("mort", Danger.DISTRESS, ("suis mort",))
    with pytest.raises(ValueError, match="same id"):
        DangerRules((rule, rule))


DRESSES: list[Callable[[str], str]] = [str.upper, str.title, "{}!!!".format, "😡 {}".format]


@given(saying=st.sampled_from(DANGERS), change=st.sampled_from(DRESSES))
def test_case_and_punctuation_change_nothing(
    saying: tuple[str, str], change: Callable[[str], str]
) -> None:
    need, text = saying
    alarm = recognise_danger(change(text))
    assert alarm is not None
    assert alarm.danger == need
