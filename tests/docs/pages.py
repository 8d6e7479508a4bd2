"""Reads the documentation: its code spans, links, headings and tables."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ADRS = DOCS / "adr"

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def all_pages() -> list[Path]:
    """List every page of the documentation."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "nlu" / "report.md"])


def read(name: str) -> str:
    """Read a page of docs/, or of the root."""
    page = DOCS / name if (DOCS / name).is_file() else ROOT / name
    return page.read_text("utf-8")


def code(text: str) -> str:
    """Return the code of a page, spans and blocks, one a line."""
    spans = _SPAN.findall(_FENCE.sub("", text))
    return "\n".join([*spans, *_FENCE.findall(text)])


def spans(text: str) -> list[str]:
    """List the code spans of a page or of a cell."""
    return _SPAN.findall(_FENCE.sub("", text))


def links(text: str) -> list[str]:
    """List the targets of the links and images of a page."""
    return _LINK.findall(_FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, its own sections included."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"no section « {heading} »"
    after = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", after, re.MULTILINE)
    return after[: end.start()] if end is not None else after


def rows(text: str) -> list[list[str]]:
    """List the cells of the first table of a text, row by row, without its heading."""
    table: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        elif table:
            break
    return table[2:]
