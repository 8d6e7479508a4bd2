"""The same key is told to the person concerned, or to somebody who helps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from assistant.domain.messages import Channel, Choice, Instruction, InstructionKind
from assistant.domain.whom import Whom
from assistant.rendering.catalogue import Catalogue, Translations

TEXTS: Mapping[str, str] = {
    "flow/f/title": "Activer [votre|son] espace",
    "flow/f/stage/un": "Trouver [votre|sa] carte",
    "flow/f/bring/1": "[Votre|Sa] carte Vitale",
    "flow/f/bring/2": "Un téléphone",
    "flow/f/s/text": "Prenez [votre|sa] carte, ouvrez {fact:site}.[| Appelez le {fact:call}.]",
    "flow/f/s/sms": "Prenez [votre|sa] carte.",
    "flow/f/s/option/oui": "[Oui, je l'ai|Oui, elle est là]",
    "flow/f/s/option/non": "Non",
}


@dataclass(frozen=True)
class FactFake:
    """A fact with the words and the link that the test needs."""

    id: str
    value: str
    sms: str | None = None
    url: str | None = None
    link_label: str | None = None
    phone: str | None = None
    text_to: str | None = None


SITE = FactFake("site", "le site", url="https://x.fr", link_label="Ouvrir [votre|son] espace")
CALL = FactFake("call", "3422", phone="3422")
CATALOGUE = Catalogue(
    languages=("fr", "xx"),
    translations={
        "fr": Translations({"link.call": "Appeler le {number}", "q": "Où êtes-[vous|elle] ?"}, {}),
        "xx": Translations(
            {},
            {("flow/f/s/text", TEXTS["flow/f/s/text"]): "Take [your|their] card."},
        ),
    },
    facts={"site": SITE, "call": CALL},
    texts_of=lambda _document, _revision: TEXTS,
    synonyms_of=lambda _document, _revision: {"flow/f/s/option/oui": ("[je l'ai|il l'a]", "ok")},
)
YES = Choice("step/f/s/oui", "flow/f/s/option/oui")
NO = Choice("step/f/s/non", "flow/f/s/option/non")


def asked(whom: Whom, channel: Channel = Channel.WEB, language: str = "fr") -> tuple[str, ...]:
    """Return the text, the labels and the links of one question as told to a reader."""
    question = Instruction(InstructionKind.ASK, "flow/f/s/text", choices=(YES, NO), whom=whom)
    words = CATALOGUE.say(question, language, channel)
    labels = (choice.label for choice in words.choices)
    return (words.text, *labels, *(link.label for link in words.links))


def test_the_person_is_told_of_their_own_things() -> None:
    assert asked(Whom.SELF) == (
        "Prenez votre carte, ouvrez le site.",
        "Oui, je l'ai",
        "Non",
        "Ouvrir votre espace",
    )


def test_a_helper_is_told_of_the_persons_things_and_given_the_links_of_that_telling() -> None:
    assert asked(Whom.OTHER) == (
        "Prenez sa carte, ouvrez le site. Appelez le 3422.",
        "Oui, elle est là",
        "Non",
        "Ouvrir son espace",
        "Appeler le 3422",
    )


def test_the_short_form_and_the_translation_are_told_two_ways_too() -> None:
    assert asked(Whom.OTHER, Channel.SMS)[0] == "Prenez sa carte."
    assert asked(Whom.OTHER, language="xx")[0] == "Take their card."


@pytest.mark.parametrize(
    ("whom", "first", "second"),
    [
        (Whom.SELF, "Oui, je l'ai", "Oui, elle est là"),
        (Whom.OTHER, "Oui, elle est là", "Oui, je l'ai"),
    ],
)
def test_both_forms_of_a_label_are_read_as_the_answer(whom: Whom, first: str, second: str) -> None:
    labels = CATALOGUE.labels(YES, "fr", whom)
    assert labels == (first, second, "je l'ai", "il l'a", "ok")
    assert CATALOGUE.labels(NO, "fr", whom) == ("Non",)


def test_titles_things_to_bring_and_the_interface_are_told_two_ways() -> None:
    assert CATALOGUE.stage_title("f", None, 1, "fr", Whom.OTHER) == "Trouver sa carte"
    assert CATALOGUE.stage_title("f", None, 1, "fr") == "Trouver votre carte"
    assert CATALOGUE.to_bring("f", None, "fr", Whom.OTHER) == ("Sa carte Vitale", "Un téléphone")
    assert CATALOGUE.text("flow/f/title", None, "fr") == "Activer votre espace"
    # French typography puts a no-break space before the question mark.
    assert CATALOGUE.interface("q", "fr", Whom.OTHER) == "Où êtes-elle\u00a0?"
