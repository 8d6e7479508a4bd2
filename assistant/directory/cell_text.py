"""Texts of cells made harmless: no markup, no formula, no control character, nobody's address."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from assistant.directory.remarks import Notes, Reason

# What a text of a place may need at most; the schema of data·inclusion stops at 10,000.
NAME_LENGTH = 150
LINE_LENGTH = 300
TEXT_LENGTH = 4_000

# Controls, bidirectional overrides and zero-width characters: they forge what is read.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[#a-zA-Z]")
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
# OWASP, "CSV injection": what a spreadsheet takes for a formula, at the start of a cell.
_FORMULA = re.compile(r"^[\s'\"]*(?:[=@]|[+\-](?=[\s\w(=+@\-]*[a-zA-Z(]))[\s=@+\-]*")
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_MOBILE = re.compile(r"(?<![\d+])(?:\+33\s?|0033\s?|0)\s?[67](?:[\s.\-]?\d{2}){4}(?!\d)")
# What a formula may begin with, behind quotes and blanks.
_MARKS = frozenset({" ", "=", "@", "+", "-", "'", '"'})
_HIDING = frozenset({"script", "style", "template", "noscript"})
# Escaped twice is seen in the wild; deeper nesting is an attack, and what is left is cut.
_NESTING = 3


class _Text(HTMLParser):
    """Gathers the text between tags, without what a page would not show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in _HIDING
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDING and self._hidden:
            self._hidden -= 1
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def clean_text(value: object, column: str, notes: Notes, limit: int = LINE_LENGTH) -> str:
    """Return a cell as one harmless line of text of at most that many characters."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    raw = str(value)
    if _is_plain(raw, limit):
        return raw
    text = _without_markup(raw)
    if _MARKUP.search(raw) and "<" in raw:
        notes.mended(column, raw, Reason.HTML)
    text = _SPACES.sub(" ", _INVISIBLE.sub(" ", text)).strip()
    if text[:1] in _MARKS:
        harmless = _FORMULA.sub("", text)
        if harmless != text:
            notes.mended(column, raw, Reason.FORMULA)
            text = harmless.strip()
    if len(text) > limit:
        notes.mended(column, text, Reason.TOO_LONG)
        text = text[: limit - 1].rstrip() + "…"
    return text


def _is_plain(text: str, limit: int) -> bool:
    """Tell at once that there is nothing to do, as for nearly every cell."""
    return (
        len(text) <= limit
        and text.isprintable()
        and "<" not in text
        and "&" not in text
        and "  " not in text
        and text[:1] not in _MARKS
        and text[-1:] != " "
    )


def without_people(text: str, column: str, notes: Notes) -> str:
    """Return a text without the electronic addresses and mobile numbers written in it."""
    if "@" not in text and not _MOBILE.search(text):
        return text
    left = _MOBILE.sub("", EMAIL.sub("", text))
    if left != text:
        notes.dropped(column, "", Reason.PERSONAL_IN_TEXT)
    return _SPACES.sub(" ", left).strip()


def _without_markup(text: str) -> str:
    for _ in range(_NESTING):
        if not _MARKUP.search(text):
            return text
        gathered = _Text()
        gathered.feed(text)
        gathered.close()
        text = "".join(gathered.parts)
    return _TAG_START.sub("", text)
