"""What is said becomes short text messages, and nothing of it is lost."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.messages import Link, ShownChoice, Words
from assistant.rendering.sms.letters import to_gsm7
from assistant.rendering.sms.pages import PAGE_PARTS, pages
from assistant.rendering.sms.parts import count

MORE = "Écrivez SUITE pour lire la suite."

WORD = st.text(alphabet=string.ascii_letters + "éèà€[]ç’œ.!?", min_size=1, max_size=30)
SENTENCES = st.lists(st.lists(WORD, min_size=1, max_size=25).map(" ".join), max_size=12)
FRENCH_TEXT = SENTENCES.map(". ".join)
ARABIC_TEXT = st.lists(st.text(alphabet="مرحباشكر؟", min_size=1, max_size=12), max_size=60).map(
    " ".join
)
CHOICES = st.lists(WORD, max_size=9).map(
    lambda labels: tuple(ShownChoice(f"word/{n}", label) for n, label in enumerate(labels))
)
WORDS = st.builds(Words, text=st.one_of(FRENCH_TEXT, ARABIC_TEXT), choices=CHOICES)


def without_foot(made: tuple[str, ...]) -> list[str]:
    foot = "\n" + to_gsm7(MORE)
    assert all(page.endswith(foot) for page in made[:-1])
    return [page.removesuffix(foot) for page in made[:-1]] + list(made[-1:])


@given(st.lists(WORDS, max_size=3))
def test_each_page_fits_and_no_word_is_lost(said: list[Words]) -> None:
    made = pages(said, MORE)
    assert all(count(page).parts <= PAGE_PARTS for page in made)
    told: list[str] = []
    for words in said:
        told += to_gsm7(words.text).split()
        for number, choice in enumerate(words.choices, start=1):
            told += [str(number), "=", *to_gsm7(choice.label).split()]
    assert " ".join(without_foot(made)).split() == told


@given(st.text(alphabet=string.ascii_letters + "€", min_size=300, max_size=1200))
def test_even_a_word_longer_than_a_page_arrives_whole(word: str) -> None:
    made = pages([Words(f"Voici {word}")], MORE)
    assert all(count(page).parts <= PAGE_PARTS for page in made)
    assert "".join(without_foot(made)).replace(" ", "") == f"Voici{word}"


def test_a_short_question_is_one_message() -> None:
    question = Words(
        "Avez-vous reçu un code ?",
        (ShownChoice("step/a/b/oui", "Oui"), ShownChoice("word/stuck", "Je suis bloqué")),
    )
    assert pages([question], MORE) == ("Avez-vous recu un code ?\n1 = Oui\n2 = Je suis bloqué",)


def test_the_question_stays_with_its_choices() -> None:
    explained = " ".join(f"Voici la phrase numéro {n} de ce texte." for n in range(8))
    labels = ("Oui, je l'ai", "Non, je ne l'ai pas", "Je ne sais pas")
    choices = tuple(ShownChoice(f"step/a/b/{n}", label) for n, label in enumerate(labels))
    first, last = pages([Words(f"{explained} L'avez-vous ?", choices)], MORE)
    assert first.endswith(f".\n{to_gsm7(MORE)}")
    assert "L'avez-vous ?\n1 = Oui, je l'ai\n2 = Non, je ne l'ai pas" in last


def test_two_short_things_travel_together_and_long_ones_apart() -> None:
    short = Words("D'accord.")
    assert pages([short, Words("Et maintenant ?")], MORE) == ("D'accord.\nEt maintenant ?",)
    long = Words("Ceci est une phrase. " * 10)
    first, second = pages([long, long], MORE)
    assert first.count("Ceci") == second.count("Ceci") == 10


def test_pages_end_where_sentences_end() -> None:
    made = pages([Words("Ceci est une phrase de taille moyenne. " * 30)], MORE)
    assert len(made) > 2
    assert all(page.endswith(".") for page in without_foot(made))


@pytest.mark.parametrize(
    ("text", "link", "shown"),
    [
        ("Allez sur monespacesante.fr.", "https://www.monespacesante.fr", "+"),
        ("Allez sur www.ameli.fr !", "https://www.ameli.fr/", "="),
        ("Allez sur le site.", "https://www.ameli.fr/", "www.ameli.fr"),
        ("Le site est www.ameli.fr/assure", "https://www.ameli.fr", "+"),
        ("Appelez le 34 22.", "tel:3422", "="),
        ("Appelez le 01 02 03 04 05.", "tel:+33102030405", "="),
        ("Appelez-nous.", "tel:3422", "le lien"),
        ("Écrivez au 114.", "sms:114", "="),
        ("Écrivez.", "sms:114", "le lien"),
        ("Voyez la fiche.", "/fiche", "="),
    ],
)
def test_links_are_written_unless_the_text_gives_them(text: str, link: str, shown: str) -> None:
    (page,) = pages([Words(text, links=(Link("le lien", link),))], MORE)
    match shown:
        case "=":
            assert page == text
        case "+":
            assert page.startswith(f"{text}\nle lien : ")
        case _:
            assert page.startswith(f"{text}\nle lien")
            assert shown in page


def test_a_label_that_is_the_address_is_said_once() -> None:
    link = Link("17cyber.gouv.fr", "https://17cyber.gouv.fr")
    assert pages([Words("Voici le site :", links=(link,))], MORE) == (
        "Voici le site :\n17cyber.gouv.fr",
    )


def test_no_payload_shows() -> None:
    choices = tuple(ShownChoice(f"step/flow/x/{n}", f"Choix {n}") for n in range(30))
    assert not any("step/" in page for page in pages([Words("Choisissez.", choices)], MORE))


def test_nothing_said_is_nothing_sent() -> None:
    assert pages([], MORE) == ()
    assert pages([Words(" \n ")], MORE) == ()
