"""Cuts what is said into text messages that each stay short: the next one comes when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Final

from assistant.domain.messages import Link, Words
from assistant.rendering.sms.letters import to_gsm7
from assistant.rendering.sms.parts import count

PAGE_PARTS: Final = 2

_SENTENCE: Final = re.compile(r"(?<=[.!?…؟۔])[ ]+")
_NOT_DIALLED: Final = re.compile(r"[^\d+]")
_FRENCH_PREFIX: Final = re.compile(r"^\+33")
_SCHEME: Final = re.compile(r"^https?://", re.IGNORECASE)


class _Grain(IntEnum):
    """How finely a text may be divided; the last one divides a word longer than a page."""

    WORDS = 0
    QUESTION = 1
    LINE = 2
    SENTENCE = 3
    WORD = 4
    LETTER = 5


# A line is filled up sentence by sentence; all else goes whole to the next page when it fits there.
_GOES_WHOLE: Final = frozenset(_Grain) - {_Grain.LINE}


class _Piece:
    """A stretch of text: its lines, and those at its end that must be read together."""

    def __init__(self, text: str, together: Sequence[str] = ()) -> None:
        self.lines = [line for line in map(str.strip, text.split("\n")) if line]
        self.together = together

    @property
    def text(self) -> str:
        return "\n".join((*self.lines, *self.together))


def pages(said: Sequence[Words], more: str) -> tuple[str, ...]:
    """Return the text messages that say one or several words, each of two parts at most.

    Choices are numbered and stand on the last page, with the question they answer. Every page but
    the last ends with ``more``, which tells how to read on. No word is lost; what is said twice in
    a link and in the text is said once.
    """
    foot = f"\n{to_gsm7(more.strip())}"
    pieces = [piece for piece in map(_piece, said) if piece.text]
    made = [""]
    for number, piece in enumerate(pieces, start=1):
        _place(made, piece, "\n", _Grain.WORDS, foot, is_last=number == len(pieces))
    *followed, last = made
    return (*(page + foot for page in followed), last) if last else ()


def _piece(words: Words) -> _Piece:
    text = to_gsm7(words.text)
    links = filter(None, (_address(link, text) for link in words.links))
    choices = [
        f"{number} = {' '.join(to_gsm7(choice.label).split())}"
        for number, choice in enumerate(words.choices, start=1)
    ]
    return _Piece("\n".join((text, *links)), choices)


def _address(link: Link, text: str) -> str | None:
    """Return the line that gives a link, unless the text gives it or a phone cannot open it."""
    label = to_gsm7(link.label)
    if link.url.startswith(("tel:", "sms:")):
        return None if _dials(text, link.url.partition(":")[2]) else label
    if link.url.startswith("/"):
        return None
    address = to_gsm7(_SCHEME.sub("", link.url).rstrip("/"))
    if re.search(rf"{re.escape(address)}(?![\w/-])", text, re.IGNORECASE):
        return None
    return address if address in label else f"{label} : {address}"


def _dials(text: str, number: str) -> bool:
    dialled = _FRENCH_PREFIX.sub("0", _NOT_DIALLED.sub("", number))
    spaced = r"[ .-]?".join(map(re.escape, dialled))
    return bool(dialled) and re.search(rf"(?<!\d){spaced}(?!\d)", text) is not None


def _place(
    made: list[str], piece: _Piece, glue: str, grain: _Grain, foot: str, *, is_last: bool
) -> None:
    """Add a piece to the last page, or to a new one, dividing it when it fits in none."""
    page, text = made[-1], piece.text
    after = "" if is_last else foot
    if _fits((joined := page + glue + text if page else text) + after):
        made[-1] = joined
    elif page and (grain is _Grain.LETTER or (grain in _GOES_WHOLE and _fits(text + after))):
        made.append(text)
    elif grain is _Grain.LETTER:
        made[-1] = text
    else:
        finer = list(_divide(piece, grain, glue))
        for number, (between, part) in enumerate(finer, start=1):
            ends = is_last and number == len(finer)
            _place(made, part, between, _Grain(grain + 1), foot, is_last=ends)


def _divide(piece: _Piece, grain: _Grain, glue: str) -> Iterator[tuple[str, _Piece]]:
    """Yield what a piece is made of, each with what parts it from what comes before."""
    between = "\n"
    parts: Iterable[_Piece]
    match grain:
        case _Grain.WORDS:
            parts = _question_apart(piece)
        case _Grain.QUESTION:
            parts = map(_Piece, (*piece.lines, *piece.together))
        case _Grain.LINE:
            between, parts = " ", map(_Piece, _SENTENCE.split(piece.text))
        case _Grain.SENTENCE:
            between, parts = " ", map(_Piece, piece.text.split())
        case _:
            between, parts = "", map(_Piece, piece.text)
    for number, part in enumerate(parts):
        yield (between if number else glue), part


def _question_apart(piece: _Piece) -> Iterator[_Piece]:
    """Part the last sentence, which asks, and its choices from what comes before."""
    if not piece.together:
        yield piece
        return
    *before, asking = piece.lines or [""]
    *first, question = _SENTENCE.split(asking)
    explained = "\n".join((*before, " ".join(first)))
    if explained.strip():
        yield _Piece(explained)
    yield _Piece(question, piece.together)


def _fits(page: str) -> bool:
    return count(page).parts <= PAGE_PARTS
