"""An SMS as it came in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CarrierOptOut(StrEnum):
    """What the carrier already did about a word like STOP, and answered itself."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True)
class SmsReceived:
    """A signed message from the carrier, before anything was masked: it lives in memory only.

    ``sender`` is a number with its country code, a short code or a name. ``pictures`` counts the
    media that came with it.
    """

    external_id: str
    sender: str
    text: str
    pictures: int = 0
    opt_out: CarrierOptOut | None = None
