"""French typography on the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rendering.typography import NO_BREAK, typeset


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("Prêt ?", "Prêt_?"),
        ("« oui » : 2", "«_oui_»_: 2"),
        ("8 h 30 ou 17 h.", "8_h_30 ou 17_h."),
        ("le chien", "le chien"),
    ],
)
def test_spaces_that_must_not_break(plain: str, set_: str) -> None:
    assert typeset(plain, "fr").replace(NO_BREAK, "_") == set_


@given(st.text())
def test_only_spaces_change_and_twice_is_once(text: str) -> None:
    once = typeset(text, "fr")
    assert once.replace(NO_BREAK, " ") == text.replace(NO_BREAK, " ")
    assert typeset(once, "fr") == once
    assert typeset(text, "en") == text
