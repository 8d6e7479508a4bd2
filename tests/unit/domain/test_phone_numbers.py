"""Only a mobile phone of France can be answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.phone_numbers import Sender, sender_kind


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("+33612345678", Sender.MOBILE),
        ("+33756789012", Sender.MOBILE),
        ("+33712345678", Sender.MOBILE),  # a range that the library does not know yet
        ("+33639980000", Sender.MOBILE),  # kept for fiction by Arcep
        ("+262692123456", Sender.MOBILE),  # La Réunion
        ("+262639012345", Sender.MOBILE),  # Mayotte
        ("+590690123456", Sender.MOBILE),
        ("+594694123456", Sender.MOBILE),
        ("+596696123456", Sender.MOBILE),
        ("+508552345", Sender.MOBILE),
        ("+68987123456", Sender.MOBILE),
        ("+687751234", Sender.MOBILE),
        ("+681821234", Sender.MOBILE),
        ("+33123456789", Sender.LANDLINE),
        ("+262262123456", Sender.LANDLINE),
        ("+33937000000", Sender.LANDLINE),  # a box at home
        ("+336123456789", Sender.LANDLINE),  # a digit too many: nobody's
        ("+33899123456", Sender.PREMIUM),
        ("+33820123456", Sender.PREMIUM),
        ("+447900123456", Sender.FOREIGN),
        ("+32470123456", Sender.FOREIGN),
        ("+37761234567", Sender.FOREIGN),
        ("+12345678901234567", Sender.FOREIGN),
        ("36117", Sender.SHORT),
        ("+33612", Sender.SHORT),
        ("0612345678", Sender.SHORT),  # without its country: the carrier never writes so
        ("AMELI", Sender.NAME),
        ("+33 6 12", Sender.NAME),
        ("+33٦١٢٣٤٥٦٧٨", Sender.NAME),
        ("anonymous", Sender.NAME),
        ("", Sender.NAME),
        ("+", Sender.NAME),
    ],
)
def test_kinds(sender: str, kind: Sender) -> None:
    assert sender_kind(sender) is kind


@given(st.text(max_size=30))
def test_any_text_has_a_kind(sender: str) -> None:
    assert sender_kind(sender) in Sender
    assert sender_kind(f"+{sender}") in Sender
