"""A bank card, or a number of Corsica, is masked however it is cut and whatever is said around."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from assistant.safety.masking import SecretKind, mask

ISSUERS = ("4970", "4539", "5131", "5555", "2221", "3528", "6221")
SEPARATORS = (" ", "  ", ".", "-", " - ", "/", ", ", "\t", " . ", "…", " puis ", " et ", " 😀 ")
BEFORE = ("", "ma carte ", "ils me demande ", "tenez ", "voila mon numero : ", "le voici:\n")
AFTER = ("", " merci", ".", "\nmerci", " c'est bon ?", " et apres je fais quoi")


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A number that an issuer may have given."""
    first = draw(st.sampled_from(ISSUERS))
    rest = draw(st.text("0123456789", min_size=11, max_size=11))
    return first + rest + luhn.calc_check_digit(first + rest)


@st.composite
def cut_cards(draw: st.DrawFn) -> str:
    """A card in pieces, with one separator between them."""
    number = draw(cards())
    cuts = sorted(draw(st.sets(st.integers(1, 15), max_size=15)))
    pieces = [number[i:j] for i, j in zip([0, *cuts], [*cuts, 16], strict=True)]
    return draw(st.sampled_from(SEPARATORS)).join(pieces)


@given(cut_cards(), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_no_cut_keeps_a_card_readable(card: str, before: str, after: str) -> None:
    masked = mask(f"{before}{card}{after}")
    assert masked.found
    assert sum(map(str.isdecimal, masked.text)) <= 3


def test_a_file_number_of_that_length_stays() -> None:
    asked = "mon numéro de demande : 4970 1012 3456 7891"
    assert SecretKind.BANK_CARD not in mask(asked).found
    assert not luhn.is_valid("4970101234567891")


CORSICAN = "185052A006084"
IN_NUMBERS = CORSICAN.replace("2A", "19")  # how the key is counted, INSEE
CORSICAN_NUMBER = CORSICAN + f"{97 - int(IN_NUMBERS) % 97:02}"


@given(st.sampled_from(SEPARATORS), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_corsica_may_be_cut_between_its_figure_and_its_letter(
    separator: str, before: str, after: str
) -> None:
    pieces = (CORSICAN_NUMBER[:3], "052", "A006", "084", CORSICAN_NUMBER[13:])
    masked = mask(f"{before}{separator.join(pieces)}{after}")
    assert SecretKind.NIR in masked.found
    assert sum(map(str.isdecimal, masked.text)) <= 3
