"""What an editor is told of a text message."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rendering.sms.letters import to_gsm7
from assistant.rendering.sms.report import report


def test_a_plain_text_has_its_size_and_its_price() -> None:
    lines = list(report("Bonjour", Decimal("0.07")))
    assert lines == ["Tel qu'écrit : GSM-7, 7 signes, 1 partie", "Prix : 0,07 € (1 × 0,07 €)"]


def test_an_unknown_price_is_said_to_be_unknown() -> None:
    assert list(report("Bonjour", None))[-1].startswith("Prix : inconnu")


def test_the_letters_that_cost_are_shown_with_the_text_as_sent() -> None:
    lines = list(report("Prêt\u00a0? « Suivant » 🎉", None))
    assert lines[0].startswith("Tel qu'écrit : UCS-2")
    assert any("« ê » devient « e » (signe 3)" in line for line in lines)
    assert any("no-break space" in line and "espace simple" in line for line in lines)
    assert any("🎉" in line and "enlevé" in line for line in lines)
    assert 'Pret ? "Suivant"' in lines


def test_another_alphabet_leaves_as_it_is() -> None:
    assert any("tel quel" in line for line in report("مرحبا", None))


@pytest.mark.parametrize(("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("ç" * 307, 3)])
def test_the_price_is_that_of_what_is_sent(text: str, parts: int) -> None:
    *_, price = report(text, Decimal(1))
    assert price == f"Prix : {parts} € ({parts} × 1 €)"


@given(st.text(max_size=400))
def test_any_text_can_be_reported(text: str) -> None:
    lines = list(report(text, None))
    assert to_gsm7(text) in {text, *lines}
