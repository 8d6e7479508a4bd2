"""Readers of the labelled tables; how each table is written is told in its head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.safety.masking import MARKER, SecretKind

_DATA = Path(__file__).parent / "data"
_SECRET = re.compile(r"\[\[(\w+)\|(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class SecretCase:
    """A text with its secrets, and what must be left of it."""

    text: str
    masked: str
    kinds: frozenset[SecretKind]


def read_lines(name: str) -> list[str]:
    r"""Read the cases of a table, one a line, without its comments; `\n` becomes a line break."""
    lines = (_DATA / name).read_text(encoding="utf-8").split("\n")
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


def read_labelled(name: str) -> list[tuple[str, str]]:
    """Read the cases of a table as (label, text)."""
    pairs = (line.split("\t", maxsplit=1) for line in read_lines(name))
    return [(label, text) for label, text in pairs]


def read_secrets() -> list[SecretCase]:
    """Read the table of texts whose secrets stand between marks."""
    return [
        SecretCase(
            text=_SECRET.sub(lambda match: match[2], line),
            masked=_SECRET.sub(MARKER, line),
            kinds=frozenset(SecretKind(match[1]) for match in _SECRET.finditer(line)),
        )
        for line in read_lines("secrets.txt")
    ]
