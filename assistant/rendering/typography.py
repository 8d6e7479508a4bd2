"""French typography for the screen: a sign never begins a line alone.

A text message keeps plain spaces: a no-break space is outside GSM-7 and would halve its length.
"""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"

_BEFORE_SIGNS = re.compile(r" (?=[:;!?»])")
_AFTER_OPENING = re.compile(r"(?<=«) ")
_HOURS = re.compile(r"(?<=\d) (?=h\b)|(?<=\bh) (?=\d\d\b)")


def typeset(text: str, language: str) -> str:
    """Return the text with the spaces that must not break; other languages stay as they are."""
    if language != "fr":
        return text
    for place in (_BEFORE_SIGNS, _AFTER_OPENING, _HOURS):
        text = place.sub(NO_BREAK, text)
    return text
