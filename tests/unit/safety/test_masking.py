"""Secrets never pass; numbers that everybody may read always do."""

from __future__ import annotations

import datetime as dt
import re
import string
import sys
from collections.abc import Callable
from itertools import pairwise
from re import _parser  # type: ignore[attr-defined]  # how CPython reads a pattern
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.fr import nir

from assistant.safety import (
    approved,
    cards,
    codes,
    harmless,
    identifiers,
    normalise,
    numerals,
    passwords,
    serials,
    spoken,
)
from assistant.safety.danger import recognise_danger
from assistant.safety.masking import MARKER, SecretKind, mask
from assistant.safety.opt_out import recognise_opt_out
from tests.unit.safety.labelled import SecretCase, read_lines, read_secrets

SECRETS = read_secrets()
HARMLESS = read_lines("harmless_numbers.txt")


def test_the_tables_are_large_enough_to_tell_something() -> None:
    assert len({case.text for case in SECRETS}) >= 250
    assert len(set(HARMLESS)) >= 250


@pytest.mark.parametrize("case", SECRETS, ids=lambda case: case.text)
def test_secrets_are_masked_and_nothing_else(case: SecretCase) -> None:
    masked = mask(case.text)
    assert masked.text == case.masked
    assert set(masked.found) == case.kinds


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_numbers_stay(text: str) -> None:
    assert mask(text).text == text


# --- what is made at random

_digits = st.text(string.digits, min_size=1, max_size=8)


def _two(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map("{:02d}".format)


@st.composite
def _nirs(draw: st.DrawFn) -> str:
    """A social security number of fifteen signs whose key is right."""
    department = draw(st.sampled_from(["2A", "2B", "97", "98", "99"]) | _two(1, 95))
    number = (
        draw(st.sampled_from("123478"))
        + draw(_two(0, 99))
        + draw(_two(1, 12))
        + department
        + f"{draw(st.integers(1, 990)):03d}{draw(st.integers(1, 999)):03d}"
    )
    return number + nir.calc_check_digits(f"{number}00")


@st.composite
def _written_nirs(draw: st.DrawFn) -> str:
    """A social security number as somebody may write it, with or without its key."""
    number = draw(_nirs())
    end = draw(st.sampled_from([15, 13]))
    cuts = [0, 1, 3, 5, 7, 10, 13, 15]
    parts = [number[a:b] for a, b in pairwise(cuts) if b <= end]
    separator = draw(st.sampled_from(["", " ", ".", "-", "/", "\N{NO-BREAK SPACE}", "  ", ", "]))
    written = separator.join(parts)
    return draw(
        st.sampled_from(
            [
                written,
                written.lower(),
                written.translate(str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩")),
                written.translate(str.maketrans(string.digits, "０１２３４５６７８９")),
            ]
        )
    )


SENTENCES = [
    "{}",
    "bonjour, mon numéro est {}",
    "mon numéro de sécu c'est {} merci",
    "je tape {} et ça ne marche pas",
    "le site refuse {} pourquoi ?",
    "née en mars, {}\nvoilà",
    "g mi {} mai sa marche pa",
    "({})",
    "c'est {}.",
    "sécu : {}, j'habite 75012 Paris et mon tél est le 06 12 34 56 78",
]


@given(written=_written_nirs(), sentence=st.sampled_from(SENTENCES))
def test_any_social_security_number_is_masked_in_any_sentence(written: str, sentence: str) -> None:
    masked = mask(sentence.format(written))
    assert masked.text == sentence.format(MARKER)
    assert masked.found == (SecretKind.NIR,)


@given(
    number=_nirs(),
    cuts=st.sets(st.integers(1, 14), min_size=1, max_size=4),
    word=st.sampled_from([" puis ", " et ", " ensuite ", "\n", " et après ", " puis\n"]),
)
def test_a_number_whose_key_is_right_is_masked_however_it_is_split(
    number: str, cuts: set[int], word: str
) -> None:
    edges = [0, *sorted(cuts), 15]
    parts = [number[a:b] for a, b in pairwise(edges)]
    if any(not part[0].isdigit() or not part[-1].isdigit() for part in parts):
        return  # the letter of Corsica goes with its digit
    masked = mask(f"voilà {word.join(parts)} merci")
    assert not re.search(r"\d", masked.text)
    assert SecretKind.NIR in masked.found


@st.composite
def _bank_cards(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["4", "4970", "51", "55"]))
    size = 15 - len(head)
    number = head + draw(st.text(string.digits, min_size=size, max_size=size))
    number += luhn.calc_check_digit(number)
    separator = draw(st.sampled_from(["", " ", "-", "."]))
    return separator.join(number[start : start + 4] for start in range(0, 16, 4))


@given(number=_bank_cards(), sentence=st.sampled_from(SENTENCES[:-1]))
def test_any_bank_card_is_masked_in_any_sentence(number: str, sentence: str) -> None:
    assert mask(sentence.format(number)).text == sentence.format(MARKER)


@given(
    bank=st.text(string.digits, min_size=21, max_size=21),
    separator=st.sampled_from(["", " ", "-"]),
    sentence=st.sampled_from(["{}", "mon iban {} merci", "rib : {}", "j'ai donné {} hier"]),
)
def test_any_french_iban_is_masked(bank: str, separator: str, sentence: str) -> None:
    account = bank + f"{97 - int(bank) * 100 % 97:02d}"
    number = f"FR{iban.calc_check_digits(f'FR00{account}')}{account}"
    written = separator.join(number[start : start + 4] for start in range(0, 27, 4))
    masked = mask(sentence.format(written))
    assert masked.text == sentence.format(MARKER)
    assert masked.found == (SecretKind.IBAN,)


_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@given(
    code=st.text(_CODE_SIGNS, min_size=12, max_size=12).filter(
        lambda code: any(sign.isdigit() for sign in code) and not code.isdigit()
    ),
    sentence=st.sampled_from(["{}", "mon code {}", "le code est {} et il est refusé", "code : {}"]),
)
def test_any_provisional_code_is_masked(code: str, sentence: str) -> None:
    assert mask(sentence.format(code)).text == sentence.format(MARKER)


_phones = st.one_of(
    st.from_regex(r"0[1-79]( [0-9]{2}){4}", fullmatch=True),
    st.from_regex(r"0[1-79][0-9]{8}", fullmatch=True),
    st.from_regex(r"0[1-79](\.[0-9][0-9]){4}", fullmatch=True),
    st.from_regex(r"\+33 [1-79]( [0-9][0-9]){4}", fullmatch=True),
    st.from_regex(r"0(690|692|694|696|262|590)( [0-9][0-9]){3}", fullmatch=True),
)
_dates = st.dates(min_value=dt.date(1925, 1, 1), max_value=dt.date(2035, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d %m %Y}", f"{day:%Y}"]
    )
)
_hours = st.from_regex(r"(8|9|1[0-9])h([0-5][0-9])?", fullmatch=True)
_prices = st.from_regex(r"[1-9][0-9]{0,2}( [0-9]{3})?(,[0-9][0-9])? (€|euros)", fullmatch=True)
_postcodes = st.from_regex(r"(0[1-9]|[1-8][0-9]|9[0-5])[0-9]{3} (Gap|Paris|Lyon)", fullmatch=True)
_everyday_numbers = st.one_of(_phones, _dates, _hours, _prices, _postcodes)


@given(
    number=_everyday_numbers,
    sentence=st.sampled_from(
        [
            "{}",
            "bonjour {} merci",
            "mon numéro c'est {}",
            "je n'ai pas reçu le code, {}",
            "ma carte Vitale est perdue, {}",
            "j'ai oublié mon mot de passe {}",
            "rappelez-moi : {}",
            "sécu : je ne sais pas\n{}",
        ]
    ),
)
def test_any_telephone_date_hour_price_or_postcode_stays(number: str, sentence: str) -> None:
    text = sentence.format(number)
    assert mask(text).text == text


_fragments = st.one_of(
    st.text(max_size=12),
    _digits,
    _written_nirs(),
    _bank_cards(),
    _phones,
    st.sampled_from([case.text for case in SECRETS]),
    st.sampled_from(["code", "mdp :", "mot de passe", "carte", "série", "sms", "iban", MARKER]),
)


@given(st.lists(_fragments, max_size=6), st.sampled_from([" ", "\n", "", " et "]))
@settings(max_examples=300)
def test_masking_what_is_masked_changes_nothing(fragments: list[str], glue: str) -> None:
    once = mask(glue.join(fragments)).text
    assert mask(once).text == once


# --- cost

ADVERSARIAL = [
    "1",
    "1 ",
    "123 ",
    "1 85 05 78 006 084 36 ",
    "0033 ",
    "+33 6 ",
    "(1",
    "o 1 ",
    "2a ",
    "code ",
    "12 code ",
    "mdp ",
    "mdp          ",
    'mdp : "',
    "FR76 ",
    "A1B2 C3D4 ",
    "ABCDEFGHIJKL ",
    "quatre vingt ",
    "12/03/1956 ",
    "1....",
    "123 123.",
    "a.",
    "http:",
    "avc il y a ",
    "je veux ",
    "stop ",
    "\n",
    "▮",
]
READERS: dict[str, Callable[[str], object]] = {
    "mask": mask,
    "recognise_danger": recognise_danger,
    "recognise_opt_out": recognise_opt_out,
    "find_unapproved": lambda text: approved.find_unapproved(text, ["3422"], ["ameli.fr"]),
}


def _count_calls(read: Callable[[str], object], text: str) -> int:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(previous)
    return calls


@pytest.mark.parametrize("unit", ADVERSARIAL)
@pytest.mark.parametrize("reader", READERS)
def test_the_work_grows_no_faster_than_the_text(reader: str, unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (2_000, 8_000))
    work = _count_calls(READERS[reader], small), _count_calls(READERS[reader], large)
    assert work[1] <= 4.4 * work[0] + 2_000


# Repetitions without a bound that cannot be retried from each place they cross: a run of one class
# of signs that `finditer` or `sub` takes whole, or patterns that are matched once at one place.
TAKEN_WHOLE = {
    "[\\W_]+",
    "[^\\W_]+",
    "\\d+|[^\\W\\d_]+",
    "([^\\W\\d_])\\1{2,}",
    approved._ADDRESS.pattern,  # noqa: SLF001
}


def _patterns() -> dict[str, re.Pattern[str]]:
    modules = (
        approved,
        cards,
        codes,
        harmless,
        identifiers,
        normalise,
        numerals,
        passwords,
        serials,
        spoken,
    )
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }


@pytest.mark.parametrize("name", _patterns())
def test_no_pattern_can_go_back_further_than_a_bound(name: str) -> None:
    pattern = _patterns()[name].pattern
    if pattern in TAKEN_WHOLE:
        return
    _, longest = _parser.parse(pattern, _patterns()[name].flags).getwidth()
    assert longest < 1_000
