"""A long answer a little at a time, for somebody who asked to go more slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain.messages import Instruction, InstructionKind, Page, ShownChoice, Words

# Three short sentences are what one reads, does, and still remembers.
LINES_AT_ONCE = 3

_PARAGRAPHS = re.compile(r"\n\s*\n")


def slowly(spoken: Sequence[tuple[Instruction, Words]], more: ShownChoice) -> Iterator[Page]:
    """Give the first few lines now and hold the rest, each page with the button for the next.

    The choices and links come with the last page of their message. An answer that tells about a
    danger is never cut.
    """
    if any(instruction.kind is InstructionKind.DANGER for instruction, _ in spoken):
        yield from (Page(instruction, words) for instruction, words in spoken)
        return
    pages = [Page(instruction, part) for instruction, words in spoken for part in _parts(words)]
    held = False
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        cut = following is not None and _long(page.words, following.words)
        choices = (*page.words.choices, more) if cut else page.words.choices
        yield Page(page.instruction, replace(page.words, choices=choices), held)
        held = held or cut


def _parts(words: Words) -> list[Words]:
    texts = [
        "\n".join(lines[start : start + LINES_AT_ONCE])
        for paragraph in _PARAGRAPHS.split(words.text)
        if (lines := [line for line in paragraph.splitlines() if line.strip()])
        for start in range(0, len(lines), LINES_AT_ONCE)
    ]
    if not texts:
        return [words]
    *first, last = texts
    return [*(Words(text) for text in first), replace(words, text=last)]


def _long(page: Words, following: Words) -> bool:
    """Tell whether two pages are too much at once."""
    lines = len(page.text.splitlines()) + len(following.text.splitlines())
    return bool(page.choices) or lines > LINES_AT_ONCE
