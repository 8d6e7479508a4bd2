"""A text as the blocks of a page: paragraphs and lists, and nothing that could be markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BULLET = "- "


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading, or a list."""

    kind: Literal["p", "list", "heading"]
    text: str = ""
    items: tuple[str, ...] = ()


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text.

    A blank line parts paragraphs; lines that begin with ``- `` make a list; ``## `` begins a
    heading; another line break parts paragraphs too, so that one sentence stays on one line.
    """
    made: list[Block] = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith(BULLET):
            item = stripped.removeprefix(BULLET)
            if made and made[-1].kind == "list":
                made[-1] = Block("list", items=(*made[-1].items, item))
            else:
                made.append(Block("list", items=(item,)))
        elif stripped.startswith("## "):
            made.append(Block("heading", stripped.removeprefix("## ")))
        elif stripped:
            made.append(Block("p", stripped))
    return tuple(made)
