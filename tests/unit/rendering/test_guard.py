"""What holds an unapproved number or address is replaced, and nothing else is."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.found_places import FoundPlace, FoundPlaces, dump_places
from assistant.domain.messages import (
    Channel,
    Instruction,
    InstructionKind,
    Link,
    ShownChoice,
    Words,
)
from assistant.rendering.catalogue import Catalogue, Translations
from assistant.rendering.guard import Alarms, Guard, Neutral
from assistant.safety.approved import Approved

NEUTRAL = Neutral("(retenu)", "(choix)")
APPROVED = Approved.of(["3422", "01 42 34 56 78"], ["https://www.monespacesante.fr"])


def guard() -> Guard:
    return Guard(APPROVED, Alarms())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bonjour. Appelez le 3422.", "Bonjour. Appelez le 3422."),
        ("Bonjour. Appelez le 0899 70 12 34. Merci.", "Bonjour. (retenu) Merci."),
        ("- un\n- voyez http://ameli.tk/x\n- trois", "- un\n(retenu)\n- trois"),
        ("Un. Voyez bit.ly/a. Ou bit.ly/b. Fin.", "Un. (retenu) Fin."),
        ("اتصل بالرقم 3422. شكرا.", "اتصل بالرقم 3422. شكرا."),
        ("مرحبا. اتصل بالرقم ٠٨٩٩٧٠١٢٣٤. شكرا.", "مرحبا. (retenu) شكرا."),
        ("Exemple : 06 39 98 00 01.", "Exemple : 06 39 98 00 01."),
        ("", ""),
    ],
)
def test_the_offending_sentence_alone_is_replaced(text: str, left: str) -> None:
    assert guard().text("k", text, NEUTRAL.sentence) == left


def test_links_and_labels_are_looked_at_too(caplog: pytest.LogCaptureFixture) -> None:
    held = guard()
    words = Words(
        "Voici.",
        (ShownChoice("a", "Appelez le 0899 70 12 34"), ShownChoice("b", "Oui")),
        (
            Link("Appeler", "tel:3422"),
            Link("Appeler", "tel:+33899701234"),
            Link("Ouvrir", "https://www.monespacesante.fr/aide"),
            Link("Ouvrir", "https://monespacesante.fr.tk"),
            Link("Ouvrir", "javascript:alert(1)"),
        ),
    )
    with caplog.at_level(logging.ERROR):
        left = held.words("answer/x/text", words, NEUTRAL)
    assert [each.label for each in left.choices] == [NEUTRAL.label, "Oui"]
    assert [each.url for each in left.links] == ["tel:3422", "https://www.monespacesante.fr/aide"]
    assert held.alarms.count == 4
    assert "answer/x/text" in caplog.text
    assert "0899" not in caplog.text
    assert "tk" not in caplog.text


_PIECES = st.sampled_from(
    "Bonjour.|Appelez le|0899 70 12 34|3422|\n- |bit.ly/x|http://a.tk|www.monespacesante.fr"
    "|٠٨٩٩٧٠١٢٣٤|+33 6 12|34 56 78|fin ?|é|e\u0301|12".split("|")
)


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_nothing_unapproved_is_left(text: str) -> None:
    left = guard().text("k", text, NEUTRAL.sentence)
    assert APPROVED.find(left) == ()
    assert guard().text("k", left, NEUTRAL.sentence) == left


@given(st.text(max_size=80))
def test_what_holds_nothing_is_not_touched(text: str) -> None:
    if not APPROVED.find(text):
        assert guard().text("k", text, NEUTRAL.sentence) == text


def test_the_record_of_a_shown_place_may_be_told_and_no_other() -> None:
    catalogue = Catalogue(
        languages=("fr",),
        translations={
            "fr": Translations(
                {
                    "x": "Voici.",
                    "places.phone": "Téléphone : {number}.",
                    "places.hours_unknown": "Horaires inconnus.",
                    "places.call": "Appeler {name} au {number}",
                    "held_back.sentence": NEUTRAL.sentence,
                    "held_back.label": NEUTRAL.label,
                },
                {},
            )
        },
        facts={},
        texts_of=lambda _document, _revision: {"answer/a/text": "Appelez le 04 92 53 12 34."},
        synonyms_of=lambda _document, _revision: {},
    )
    place = FoundPlace("p", name="Maison", phone="+33492531234")
    shown = Instruction(
        InstructionKind.PLACES, "interface/x", dump_places(FoundPlaces(places=(place,)))
    )
    words = catalogue.say(shown, "fr", Channel.WEB)
    assert "04 92 53 12 34" in words.text
    assert [link.url for link in words.links] == ["tel:+33492531234"]
    assert catalogue.alarms.count == 0
    other = catalogue.say(Instruction(InstructionKind.SAY, "answer/a/text"), "fr", Channel.SMS)
    assert other.text == NEUTRAL.sentence
    assert catalogue.alarms.count == 1
