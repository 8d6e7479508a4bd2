"""Brings a text into GSM-7, so that an accent does not double its price.

Every French letter and typographic sign becomes something readable. A text in another alphabet
stays as it is: Arabic brought into Latin letters is read by nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from assistant.rendering.sms.parts import GSM7_SIGNS

_SPACES: Final = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SUPERSCRIPTS: Final = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"
_FRACTIONS: Final = "\u00bc-\u00be\u2150-\u215e"
_TONES: Final = "\U0001f3fb-\U0001f3ff"
_PICTURES: Final = "\u2190-\u2bff\U0001f000-\U0001faff"
_MARKS: Final = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f"
# Where a meaningless picture stood, until the spaces around it are settled.
_GAP: Final = "\0"

# One sign with what is drawn on it, unless its neighbours change the way it is written.
_PIECE: Final = re.compile(
    rf"""
      (?P<address>(?:https?://|www\.)[^\s«»“”„’…"<>]+)
    | (?P<line>\r\n|[\r\f\v\x1c-\x1e\x85\u2028\u2029])
    | (?P<quote>[«‹][{_SPACES}]* | (?<![{_SPACES}])[{_SPACES}]*[»›] | [»›])
    | (?P<number>(?<=[nN])[°º])
    | (?P<degrees>[{_SPACES}]?°(?P<celsius>[{_SPACES}]?C\b)?)
    | (?P<thousandth>[{_SPACES}]?‰)
    | (?P<power>(?<=\d)[{_SUPERSCRIPTS}]+)
    | (?P<fraction>(?<=\d)[{_FRACTIONS}])
    | (?P<ligature>Œ)
    | .(?:[{_MARKS}{_TONES}]|\u200d[{_PICTURES}])*
    """,
    re.VERBOSE | re.DOTALL,
)
_GAPS: Final = re.compile(r"(?P<spaces>[ \0]*\0[ \0]*)(?P<after>(?s:.)?)")


def _table(*lines: str) -> dict[str, str]:
    """Read « readable: sign sign … » lines."""
    pairs = (line.split(":  ") for line in lines)
    return {sign: readable for readable, signs in pairs for sign in signs.split()}


_LETTERS: Final = _table(
    "oe:  œ",
    "l:  ł ƚ ŀ",
    "L:  Ł Ŀ",
    "d:  đ ð ɖ",
    "D:  Đ Ð Ɖ",
    "h:  ħ",
    "H:  Ħ",
    "i:  ı",
    "n:  ŋ",
    "N:  Ŋ",
    "SS:  ẞ",
    "t:  ŧ",
    "T:  Ŧ",
    "th:  þ",
    "Th:  Þ",
    "e:  ə ɛ",
    "E:  Ə Ɛ",
    "o:  ɔ",
    "O:  Ɔ",
    "u:  µ",
)
_SIGNS: Final = _table(
    "':  ` ´ ‘ ’ ‚ ‛ ′ ʼ ʹ ʻ ˈ",
    '":  “ ” „ ‟ ″ 〝 〞',
    "-:  ‐ ‑ ‒ – — ― − ⁃ • ● ◦ ▪ ▫ ■ □ ‣ · ∙ ・",
    "/:  ⁄ ∕ ÷",
    ",:  ، 、",
    ";:  ؛",
    "?:  ؟ ⁇ ❓ ❔",
    "!:  ❗ ❕ ‼",
    ".:  。",
    "...:  …",
    "->:  → ⇒ ➔ ➜ ➝ ➞ ➡ ► ▶ ▸ 👉",
    "<-:  ← ⇐ ⬅ ◄ ◀ 👈",
    "<->:  ↔",
    "x:  × ✕ ✖",
    "+/-:  ±",
    "<=:  ≤ ⩽",
    ">=:  ≥ ⩾",
    "=/=:  ≠",
    "~:  ≈",
    "(c):  ©",
    "(r):  ®",
    "c:  ¢",
    "OK:  ✓ ✔ ☑ ✅ 👍 👌 🆗",
    "X:  ✗ ✘ ❌ ☒ ❎",
    "(!):  ⚠ 🚨",
    "Tél.:  ☎ ☏ 📞 📱",
    ":):  ☺ 🙂 😀 😃 😄 😁 😊 😇 🤗",
    ";):  😉",
    ":(:  ☹ 🙁 😞 😔 😢 😟 😕 😭",
    "<3:  ❤ ♥ 💙 💚 💛 🧡 💜",
)


@dataclass(frozen=True)
class Replacement:
    """A sign that GSM-7 has not, where it stands, and what is written instead.

    ``written`` is None when nothing readable can be: the text keeps it and travels in UCS-2.
    """

    position: int
    sign: str
    written: str | None


def to_gsm7(text: str) -> str:
    """Return a text as it is sent: in GSM-7, or untouched when its alphabet is another one."""
    pieces: list[str] = []
    end = 0
    for found in _replacements(text):
        if found.written is None:
            return text
        pieces += text[end : found.position], found.written
        end = found.position + len(found.sign)
    return _GAPS.sub(_settle_spaces, "".join((*pieces, text[end:])))


def offending(text: str) -> tuple[Replacement, ...]:
    """List the signs that GSM-7 has not, in the order of the text."""
    return tuple(
        Replacement(found.position, found.sign, found.written and found.written.strip(_GAP))
        for found in _replacements(text)
    )


def _replacements(text: str) -> Iterator[Replacement]:
    for piece in _PIECE.finditer(text):
        sign = piece[0]
        if piece.lastgroup is None and sign in GSM7_SIGNS:
            continue
        written = _write(piece)
        if written != sign:
            yield Replacement(piece.start(), sign, written)


def _write(piece: re.Match[str]) -> str | None:
    """Return what is written for one piece, or None for a letter of another alphabet."""
    sign = piece[0]
    match piece.lastgroup:
        case "address":
            return "".join(
                each if each in GSM7_SIGNS else quote(each, errors="replace") for each in sign
            )
        case "line":
            return "\n"
        case "quote":
            return '"'
        case "number":
            return "o"
        case "degrees" | "celsius":
            return " degrés C" if piece["celsius"] else " degrés"
        case "thousandth":
            return " pour mille"
        case "power":
            return f"^{_spell(sign)}"
        case "fraction":
            return f" {_spell(sign)}"
        case "ligature":
            return "Oe" if piece.string[piece.end() : piece.end() + 1].islower() else "OE"
        case _:
            return _spell(sign)


def _spell(sign: str) -> str | None:
    """Write a sign with its marks, and what it is compatible with when GSM-7 has that."""
    spelled = (_SIGNS.get(sign[0]) or _LETTERS.get(sign[0])) or "".join(
        _plain(part) for part in unicodedata.normalize("NFKC", sign)
    )
    if spelled and GSM7_SIGNS.issuperset(spelled):
        return spelled
    bare = "".join(
        _LETTERS.get(part) or _SIGNS.get(part) or _plain(part)
        for part in unicodedata.normalize("NFKD", sign)
        if not unicodedata.category(part).startswith("M")
    )
    if GSM7_SIGNS.issuperset(bare):
        return bare or _absent(sign)
    return None if any(map(_is_letter, bare)) else _absent(sign)


def _plain(part: str) -> str:
    digit = unicodedata.decimal(part, None)
    if digit is not None:
        return str(digit)
    return " " if unicodedata.category(part) == "Zs" or part == "\t" else part


def _absent(sign: str) -> str:
    """Write nothing for what is not seen, and a gap for a picture that says nothing."""
    return "" if unicodedata.category(sign[0])[0] in "CM" else _GAP


def _is_letter(part: str) -> bool:
    return unicodedata.category(part) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"}


def _settle_spaces(gap: re.Match[str]) -> str:
    """Keep one space between two words, and none before a line break or a closing sign."""
    before, after = gap.string[: gap.start()][-1:], gap["after"]
    if before in {"", "\n"} or after in {"", "\n"}:
        return after
    held_space = " " in gap["spaces"]
    return f" {after}" if held_space or (before.isalnum() and after.isalnum()) else after
