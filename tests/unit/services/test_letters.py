"""What is typed for a letter: cleaned, held to the paper, and without what identifies."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.letter import Blank
from assistant.services.letters import LONGEST_LINE, MOST_LINES, Trouble, read_blanks


def test_what_is_typed_comes_composed_and_tidied() -> None:
    typed = {
        Blank.NAME: "  Ode\u0301tte \u200b \x07 Lef\u202eèvre\r\nBühler ",
        Blank.ADDRESS: " 12 rue X \r\n\r\n 05000 Gap\n",
    }
    filled = read_blanks(typed)
    assert not filled.troubles
    assert filled.values[Blank.NAME] == "Odétte Lef èvre Bühler"
    assert filled.values[Blank.ADDRESS] == "12 rue X\n05000 Gap"
    assert filled.values[Blank.PLACE] == ""


@pytest.mark.parametrize(
    ("blank", "typed", "trouble"),
    [
        (Blank.NAME, "a" * 200, Trouble.TOO_LONG),
        (Blank.PLACE, "a " * 40, Trouble.TOO_LONG),
        (Blank.ADDRESS, "a" * (LONGEST_LINE + 1), Trouble.TOO_LONG),
        (Blank.ADDRESS, "a\n" * (MOST_LINES + 1), Trouble.TOO_MANY_LINES),
        (Blank.NAME, "Odette 1 84 12 76 451 089 46", Trouble.SECRET),
        (Blank.FUND, "carte 4970 1012 3456 7890 non", Trouble.SECRET),
    ],
)
def test_what_has_no_place_in_it_is_told(blank: Blank, typed: str, trouble: Trouble) -> None:
    filled = read_blanks({blank: typed, Blank.BIRTH_DATE: "12 mars 1944"})
    assert filled.troubles == {blank: trouble}
    assert filled.values[Blank.BIRTH_DATE] == "12 mars 1944"


def test_a_number_that_identifies_is_taken_out_and_the_rest_kept() -> None:
    filled = read_blanks({Blank.NAME: "Odette 1 84 12 76 451 089 46 Lefèvre"})
    assert filled.values[Blank.NAME] == "Odette Lefèvre"
    assert not read_blanks({Blank.NAME: filled.values[Blank.NAME]}).troubles


@pytest.mark.parametrize(
    ("blank", "typed"),
    [
        (Blank.BIRTH_DATE, "12/03/1944"),
        (Blank.BIRTH_DATE, "12031944"),
        (Blank.ADDRESS, "Bât. B, appt 1204\n125 bis avenue du 8 mai 1945\n93200 Saint-Denis"),
        (Blank.FUND_ADDRESS, "CS 90001\n13421 Marseille Cedex 20"),
        (Blank.FUND, "CPAM 93"),
        (Blank.PLACE, "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"),
        (Blank.NAME, "<script>alert(1)</script>"),
        (Blank.NAME, '#read("/etc/passwd")'),
    ],
)
def test_ordinary_words_and_figures_are_left_alone(blank: Blank, typed: str) -> None:
    filled = read_blanks({blank: typed})
    assert filled.values[blank] == typed
    assert not filled.troubles


@given(st.dictionaries(st.sampled_from(Blank), st.text(max_size=400)))
def test_whatever_is_typed_is_read_once_and_for_all(typed: dict[Blank, str]) -> None:
    once = read_blanks(typed)
    assert once.values.keys() == set(Blank)
    for value in once.values.values():
        assert value == unicodedata.normalize("NFC", value)
        assert not any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in value if sign != "\n")
    assert read_blanks(once.values).values == once.values
