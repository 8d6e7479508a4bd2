"""The words of text messages: their letters, their length, and the pages they are cut into."""

from __future__ import annotations

from assistant.rendering.sms.letters import Replacement, offending, to_gsm7
from assistant.rendering.sms.pages import PAGE_PARTS, pages
from assistant.rendering.sms.parts import Encoding, SmsSize, count, cut, occupied_units

__all__ = [
    "PAGE_PARTS",
    "Encoding",
    "Replacement",
    "SmsSize",
    "count",
    "cut",
    "occupied_units",
    "offending",
    "pages",
    "to_gsm7",
]
