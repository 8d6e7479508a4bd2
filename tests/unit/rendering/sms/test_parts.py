"""The length of text messages, as networks count it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rendering.sms.parts import (
    BASIC,
    EXTENSION,
    GSM7_SIGNS,
    Encoding,
    SmsSize,
    count,
    cut,
    occupied_units,
)

GSM7_TEXTS = st.text(alphabet=sorted(GSM7_SIGNS), max_size=700)
ANY_TEXTS = st.one_of(GSM7_TEXTS, st.text(max_size=300), st.text(alphabet="aé€😀ش", max_size=400))


def gsm7(units: int, parts: int) -> SmsSize:
    return SmsSize(Encoding.GSM7, units, parts)


def ucs2(units: int, parts: int) -> SmsSize:
    return SmsSize(Encoding.UCS2, units, parts)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", gsm7(0, 0)),
        ("a", gsm7(1, 1)),
        ("a" * 160, gsm7(160, 1)),
        ("a" * 161, gsm7(161, 2)),
        ("a" * 306, gsm7(306, 2)),
        ("a" * 307, gsm7(307, 3)),
        ("€", gsm7(2, 1)),
        ("€" * 80, gsm7(160, 1)),
        ("€" * 81, gsm7(162, 2)),
        # A part has 153 septets: an odd number, so a 77th euro cannot begin in it.
        ("€" * 152, gsm7(304, 2)),
        ("€" * 153, gsm7(306, 3)),
        ("a" * 152 + "€" + "a" * 151, gsm7(305, 2)),
        ("a" * 152 + "€" + "a" * 152, gsm7(306, 3)),
        ("ç", ucs2(1, 1)),
        ("ç" * 70, ucs2(70, 1)),
        ("ç" * 71, ucs2(71, 2)),
        ("ç" * 134, ucs2(134, 2)),
        ("ç" * 135, ucs2(135, 3)),
        ("😀" * 35, ucs2(70, 1)),
        ("😀" * 66, ucs2(132, 2)),
        ("😀" * 67, ucs2(134, 3)),
        ("مرحبا", ucs2(5, 1)),
        ("Привіт", ucs2(6, 1)),
    ],
)
def test_known_sizes(text: str, size: SmsSize) -> None:
    assert count(text) == size


def test_the_alphabet_is_the_standard_one() -> None:
    # TS 23.038: 128 places of which one is the escape; ten signs behind the escape.
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert not BASIC & EXTENSION
    assert not GSM7_SIGNS & set("âçêëîïôûÿœÀÂÈÊËÎÏÔÙÛŒ«»’‘“”–—…\u00a0\u202f`")


@given(ANY_TEXTS)
def test_parts_hold_the_text_and_no_more_than_they_can(text: str) -> None:
    size, parts = count(text), cut(text)
    assert "".join(parts) == text
    assert len(parts) == size.parts
    room = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}[size.encoding][len(parts) > 1]
    for part in parts:
        in_septets = sum(2 if sign in EXTENSION else 1 for sign in part)
        in_utf16 = len(part.encode("utf-16-be")) // 2
        assert (in_septets if size.encoding is Encoding.GSM7 else in_utf16) <= room


@given(ANY_TEXTS)
def test_what_a_text_occupies_tells_its_parts(text: str) -> None:
    size = count(text)
    room = 153 if size.encoding is Encoding.GSM7 else 67
    occupied = occupied_units(text)
    assert size.units <= occupied
    assert size.parts < 2 or (size.parts - 1) * room < occupied <= size.parts * room


@given(GSM7_TEXTS, st.sampled_from("ç😀ش"))
def test_one_foreign_sign_is_enough(text: str, sign: str) -> None:
    assert count(text + sign).encoding is Encoding.UCS2
