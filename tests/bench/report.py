"""The tables of docs/figures.md: each between two marks, written by whoever measured it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.config import ROOT

FIGURES = ROOT / "docs" / "figures.md"

Row = tuple[str, ...]


def write(mark: str, told: str, head: Row, rows: Sequence[Row]) -> None:
    """Put a table between its marks, with the day and the machine, and print it.

    ``told`` says how it was measured, and closes the sentence « Measured on …, ».
    """
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    when = datetime.now(UTC).date().isoformat()
    machine = (
        f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}, Python {platform.python_version()}"
    )
    body = "\n".join(
        [
            begin,
            f"Measured on {when}, {machine}; {told}.",
            "",
            _line(head),
            "|" + "---|" * len(head),
            *map(_line, rows),
            end,
        ]
    )
    before, found, rest = FIGURES.read_text("utf-8").partition(begin)
    if not found:
        raise ValueError(f"{FIGURES.name} has no place for {begin}")
    FIGURES.write_text(before + body + rest.partition(end)[2], "utf-8")
    print(body)  # noqa: T201 (a command)


def _line(cells: Row) -> str:
    return f"| {' | '.join(cells)} |"
