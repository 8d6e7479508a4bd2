"""Texts as blocks of a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.rendering.web import Block, blocks


def test_paragraphs_lists_and_headings() -> None:
    assert blocks("## Titre\nUn.\n\nDeux.\n- a\n- b\nFin.") == (
        Block("heading", "Titre"),
        Block("p", "Un."),
        Block("p", "Deux."),
        Block("list", items=("a", "b")),
        Block("p", "Fin."),
    )


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    shown = " ".join(part for block in blocks(text) for part in (block.text, *block.items))
    for word in text.split():
        assert word in shown or word.strip("-# ") in shown
