"""A long answer a little at a time: nothing is lost, and a danger is never cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.messages import Instruction, InstructionKind, ShownChoice, Words
from assistant.rendering.pages import LINES_AT_ONCE, slowly

MORE = ShownChoice("word/next", "Suite")
OWN = ShownChoice("step/a/b/oui", "Oui")

lines = st.text("abc é", min_size=1, max_size=12).filter(str.strip)
paragraphs = st.lists(lines, min_size=1, max_size=8).map("\n".join)
texts = st.lists(paragraphs, min_size=1, max_size=4).map("\n\n".join)
spoken = st.lists(
    st.tuples(
        st.sampled_from(InstructionKind).map(lambda kind: Instruction(kind, "interface/x")),
        st.builds(Words, texts, st.sampled_from([(), (OWN,)])),
    ),
    min_size=1,
    max_size=4,
)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@given(spoken)
def test_no_line_and_no_choice_is_lost(said: list[tuple[Instruction, Words]]) -> None:
    pages = list(slowly(said, MORE))

    assert [line for page in pages for line in _lines(page.words.text)] == [
        line for _, words in said for line in _lines(words.text)
    ]
    assert [each for page in pages for each in page.words.choices if each != MORE] == [
        each for _, words in said for each in words.choices
    ]


@given(spoken)
def test_every_page_is_short_and_leads_to_the_next(said: list[tuple[Instruction, Words]]) -> None:
    pages = list(slowly(said, MORE))

    assert not pages[0].held
    for page, following in pairwise(pages):
        if following.held and not page.held:
            assert MORE in page.words.choices
    danger = any(page.instruction.kind is InstructionKind.DANGER for page in pages)
    for page in pages:
        if danger:
            assert not page.held
        else:
            assert len(_lines(page.words.text)) <= LINES_AT_ONCE


@given(spoken)
def test_the_last_page_asks_for_no_more(said: list[tuple[Instruction, Words]]) -> None:
    assert MORE not in list(slowly(said, MORE))[-1].words.choices
