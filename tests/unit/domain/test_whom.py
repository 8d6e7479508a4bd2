"""A text that is told two ways reads well both ways, whatever is written in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.whom import Whom, misplaced_bracket, told_both_ways, told_to

plain = st.text(alphabet="abé .,\n-{}:", max_size=12)
alternations = st.builds("[{}|{}]".format, plain, plain)
written = st.lists(plain | alternations, max_size=6).map("".join)
whoms = st.sampled_from(Whom)


@given(whoms, st.text(alphabet="ab[]| .\n\0", max_size=40) | st.text())
def test_anything_can_be_told_and_no_bracket_remains(whom: Whom, text: str) -> None:
    told = told_to(whom, text)
    assert not set("[]") & set(told)
    assert told_to(whom, told) == told


@given(written)
def test_what_is_well_written_has_no_misplaced_bracket(text: str) -> None:
    assert misplaced_bracket(text) is None


@given(whoms, st.text().filter(lambda text: not set("[]") & set(text)))
def test_a_text_without_brackets_is_told_as_it_is(whom: Whom, text: str) -> None:
    assert told_to(whom, text) == text
    assert told_both_ways(text) == (text,)


@given(plain.filter(bool), plain.filter(bool))
def test_each_reader_is_told_one_side(mine: str, theirs: str) -> None:
    text = f"a[{mine}|{theirs}]b"
    assert told_to(Whom.SELF, text) == f"a{mine}b"
    assert told_to(Whom.OTHER, text) == f"a{theirs}b"


@pytest.mark.parametrize(
    ("text", "to_self", "to_other"),
    [
        ("Prenez [votre|sa] carte.", "Prenez votre carte.", "Prenez sa carte."),
        ("Prenez [bien |]la carte.", "Prenez bien la carte.", "Prenez la carte."),
        ("Prenez [bien|] la carte.", "Prenez bien la carte.", "Prenez la carte."),
        ("Attendez [un peu|].", "Attendez un peu.", "Attendez."),
        ("Êtes-vous prêt [maintenant|] ?", "Êtes-vous prêt maintenant ?", "Êtes-vous prêt ?"),
        ("[|Demandez-lui. ]Allez.", "Allez.", "Demandez-lui. Allez."),
        ("[Oui|] [non|] peut-être", "Oui non peut-être", "peut-être"),
        ("- a\n- [b|]\n- c", "- a\n- b\n- c", "- a\n- c"),
        ("[a|]\nb", "a\nb", "b"),
        ("b\n[a|]", "b\na", "b"),
        ("a\n\n[b|]\n\nc", "a\n\nb\n\nc", "a\n\n\nc"),
        ("(voir [ici|])", "(voir ici)", "(voir)"),
        ("Le {fact:x} [a|b]", "Le {fact:x} a", "Le {fact:x} b"),
    ],
)
def test_an_empty_side_leaves_no_trace(text: str, to_self: str, to_other: str) -> None:
    assert told_to(Whom.SELF, text) == to_self
    assert told_to(Whom.OTHER, text) == to_other


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("Prenez [votre carte.", "[votre carte."),
        ("Prenez votre] carte.", "] carte."),
        ("Prenez [votre] carte.", "[votre] carte."),
        ("[a|b|c]", "[a|b|c]"),
        ("[a|[b|c]]", "[a|[b|c]]"),
        ("[a|b] puis [c", "[c"),
        ("[un deux trois quatre cinq six", "[un deux trois quatre"),
    ],
)
def test_a_misplaced_bracket_is_shown_with_what_follows(text: str, excerpt: str) -> None:
    assert misplaced_bracket(text) == excerpt


def test_both_ways_are_listed_once_each_for_the_person_first() -> None:
    assert told_both_ways("[Oui|Non]") == ("Oui", "Non")
    assert told_both_ways("[Oui|Oui]") == ("Oui",)
