"""The logs of the processes: kept in files, of which the person sees the warnings only."""

from __future__ import annotations

import re
from pathlib import Path

LARGEST_LOG = 5_000_000
"""Size in bytes above which a log is set aside when the product starts."""

LONGEST_LINE = 300
LINES_AT_ONCE = 5
WORTH_SHOWING = re.compile(r"\b(?:warning|error|critical)\b", re.IGNORECASE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def set_aside_when_large(log: Path) -> None:
    """Start a new file when the last one grew too large, keeping one generation."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".1.log"))


def last_lines(log: Path, count: int) -> list[str]:
    """Return the last lines of a log, without colours."""
    if not log.exists():
        return []
    text = log.read_text(encoding="utf-8", errors="replace")[-20_000:]
    return [COLOURS.sub("", line).rstrip() for line in text.splitlines()[-count:]]


class WarningReader:
    """Reads the warnings that a process adds to its log."""

    def __init__(self, log: Path) -> None:
        """Begin at the present end of the log."""
        self._log = log
        self._position = log.stat().st_size if log.exists() else 0
        self._unfinished = b""

    def read(self) -> list[str]:
        """Return the new lines worth showing, a few at most: the file holds them all."""
        if not self._log.exists():
            return []
        with self._log.open("rb") as log:
            log.seek(self._position)
            added = log.read()
        self._position += len(added)
        *lines, self._unfinished = (self._unfinished + added).split(b"\n")
        shown = [
            text[:LONGEST_LINE]
            for text in (COLOURS.sub("", line.decode("utf-8", "replace")) for line in lines)
            if WORTH_SHOWING.search(text)
        ]
        left_out = len(shown) - LINES_AT_ONCE
        if left_out > 0:
            return [*shown[:LINES_AT_ONCE], f"… et {left_out} autres lignes dans le journal"]
        return shown
