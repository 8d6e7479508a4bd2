"""Puts a letter into words, once for every medium, and writes it as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.domain.letter import Blank, Letter, Line

# An address by hand has three lines.
ADDRESS_ROWS = 3
# Room for a name in handwriting on paper; fourteen dots are what a text message can spare.
DOTS_ON_A_PAGE = "." * 40
DOTS_IN_A_TEXT_MESSAGE = "." * 14

PAGE = "/lettre/"

Speak = Callable[[str], str]
Filled = Mapping[Blank, str]


@dataclass(frozen=True)
class LetterTexts:
    """The words of one letter in one language, figures in place."""

    title: str
    to: tuple[str, ...]
    subject: str
    text: str


def page_of(template: str) -> str:
    """Return the address of the page on which a letter is prepared."""
    return PAGE + template.replace("_", "-")


def template_of(name: str) -> str:
    """Return the letter that the last part of such an address names."""
    return name.replace("-", "_")


def compose(texts: LetterTexts, filled: Filled, speak: Speak, language: str) -> Letter:
    """Return the letter with what was given; ``speak`` gives the words that all letters share."""

    def line(label: str, blank: Blank | None = None, rows: int = 1) -> Line:
        return Line(speak(label), filled.get(blank, "") if blank is not None else "", rows)

    fund = filled.get(Blank.FUND, "")
    fund_address = filled.get(Blank.FUND_ADDRESS, "").splitlines()
    return Letter(
        title=texts.title,
        sender=(
            line("letter.name", Blank.NAME),
            line("letter.birth_date", Blank.BIRTH_DATE),
            line("letter.address", Blank.ADDRESS, ADDRESS_ROWS),
            line("letter.number"),
        ),
        recipient=(*texts.to, fund, *(fund_address or [""] * (ADDRESS_ROWS - 1))),
        place_and_date=(line("letter.place", Blank.PLACE), line("letter.date")),
        subject=Line(speak("letter.subject"), texts.subject),
        paragraphs=tuple(part.strip() for part in texts.text.split("\n\n")),
        signature=speak("letter.signature"),
        language=language,
    )


def as_text(letter: Letter, dots: str = DOTS_ON_A_PAGE) -> str:
    """Return the letter as plain text, with dots where something is to be written by hand."""

    def written(line: Line) -> str:
        return (
            f"{line.label} {line.value}"
            if line.value
            else "\n".join([f"{line.label} {dots}", *[dots] * (line.rows - 1)])
        )

    parts = (
        "\n".join(map(written, letter.sender)),
        "\n".join(each or dots for each in letter.recipient),
        "\n".join(map(written, letter.place_and_date)),
        written(letter.subject),
        *letter.paragraphs,
        letter.signature,
    )
    return "\n\n".join(parts)
