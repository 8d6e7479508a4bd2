"""How long a text message is, and where networks cut it.

The alphabet is that of 3GPP TS 23.038 (§ 6.2.1 and its extension table), the room in a part that of
TS 23.040 (§ 9.2.3.24.1: six octets of each part of a long message tell which part it is).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The signs that take one septet."""

EXTENSION: Final = frozenset("\f^{}\\[~]|€")
"""The signs that take two septets: an escape, then the sign."""

GSM7_SIGNS: Final = BASIC | EXTENSION


class Encoding(StrEnum):
    """The alphabet that a text message travels in."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


_ALONE: Final = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_IN_SERIES: Final = {Encoding.GSM7: 153, Encoding.UCS2: 67}
_HIGHEST_SINGLE_UNIT: Final = "\uffff"


@dataclass(frozen=True)
class SmsSize:
    """What a text costs to send: ``units`` are septets in GSM-7, 16-bit units in UCS-2."""

    encoding: Encoding
    units: int
    parts: int


def count(text: str) -> SmsSize:
    """Measure a text as it stands; nothing has no part."""
    encoding = encoding_of(text)
    units = sum(_units(sign, encoding) for sign in text)
    return SmsSize(encoding, units, len(cut(text)))


def cut(text: str) -> tuple[str, ...]:
    """Return the parts that a text travels in; no escaped sign and no surrogate pair is divided."""
    encoding = encoding_of(text)
    if sum(_units(sign, encoding) for sign in text) <= _ALONE[encoding]:
        return (text,) if text else ()
    return tuple(_series(text, encoding))


def occupied_units(text: str) -> int:
    """Return the units that a text occupies, with those that a sign not divided leaves empty.

    Beyond one part, so many units at most fit in ``n`` parts: 153 ``n`` septets, 67 ``n`` in UCS-2.
    """
    encoding = encoding_of(text)
    *full, last = cut(text) or ("",)
    return len(full) * _IN_SERIES[encoding] + sum(_units(sign, encoding) for sign in last)


def encoding_of(text: str) -> Encoding:
    """Return the alphabet that a text needs: one sign outside GSM-7 changes it for all."""
    return Encoding.GSM7 if GSM7_SIGNS.issuperset(text) else Encoding.UCS2


def _series(text: str, encoding: Encoding) -> Iterator[str]:
    room, start, used = _IN_SERIES[encoding], 0, 0
    for position, sign in enumerate(text):
        units = _units(sign, encoding)
        if used + units > room:
            yield text[start:position]
            start, used = position, 0
        used += units
    yield text[start:]


def _units(sign: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if sign in EXTENSION else 1
    return 2 if sign > _HIGHEST_SINGLE_UNIT else 1
