"""A letter in words: what was given stands in it, and what was not leaves room for a hand."""

from __future__ import annotations

from assistant.domain.letter import Blank
from assistant.rendering.letters import (
    DOTS_ON_A_PAGE,
    LetterTexts,
    as_text,
    compose,
    page_of,
    template_of,
)

TEXTS = LetterTexts("Titre", ("À la caisse",), "objet", "Bonjour,\n\nUne phrase.\nUne autre.")
SHARED = ("name", "birth_date", "address", "number", "place", "date", "subject", "signature")


def speak(key: str) -> str:
    assert key.removeprefix("letter.") in SHARED
    return f"<{key}>"


def test_what_was_given_stands_in_it_and_the_rest_is_dots() -> None:
    filled = {Blank.NAME: "Odette", Blank.FUND_ADDRESS: "10 rue X\n05000 Gap"}
    text = as_text(compose(TEXTS, filled, speak, "fr"))
    assert "<letter.name> Odette\n" in text
    assert f"<letter.birth_date> {DOTS_ON_A_PAGE}\n" in text
    assert f"À la caisse\n{DOTS_ON_A_PAGE}\n10 rue X\n05000 Gap\n" in text
    assert text.endswith("Bonjour,\n\nUne phrase.\nUne autre.\n\n<letter.signature>")


def test_the_number_is_always_written_by_hand() -> None:
    filled = dict.fromkeys(Blank, "x")
    letter = compose(TEXTS, filled, speak, "fr")
    [number] = [line for line in letter.sender if line.label == "<letter.number>"]
    assert number.value == ""


def test_a_blank_letter_has_room_for_everything() -> None:
    letter = compose(TEXTS, {}, speak, "fr")
    assert all(line.value == "" for line in (*letter.sender, *letter.place_and_date))
    assert next(line for line in letter.sender if line.rows > 1).label == "<letter.address>"
    rows = sum(line.rows for line in (*letter.sender, *letter.place_and_date))
    assert as_text(letter).count(DOTS_ON_A_PAGE) == rows + letter.recipient.count("")


def test_its_address_names_the_letter() -> None:
    assert page_of("une_lettre") == "/lettre/une-lettre"
    assert template_of(page_of("une_lettre").rpartition("/")[2]) == "une_lettre"
