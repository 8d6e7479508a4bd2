"""Each sentence with a number, hour, price, delay or link takes it from ``facts.yml``.

Stricter than what editors are told at each save (``assistant/flows/wording.py``): written-out
numbers count, and each exception is listed here with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assistant.adapters.content_files import Content, load_content
from assistant.adapters.locales import load_translations
from assistant.domain.placeholders import PLACEHOLDER
from assistant.domain.whom import told_both_ways
from assistant.flows.document import texts

NUMBERS = (
    "un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    "|vingt|trente|quarante|cinquante|soixante|cent|cents|mille|dizaine|douzaine|quinzaine"
    "|vingtaine|trentaine|centaine|quelques|plusieurs"
)
TIMES = (
    "secondes?|minutes?|heures?|jours?|semaines?|mois|trimestres?|semestres?|ans?|années?"
    "|quinzaines?"
)
COUNTED = (
    "euros?|centimes?|pour cent|chiffres?|caractères?|lettres|signes?|proches|aidants|personnes"
    "|documents|fichiers|enfants|fois|essais|tentatives|mo|mégaoctets?|kilomètres?"
)
DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|week-end"
LOOKS_LIKE_A_FACT = re.compile(
    rf"\d[\d\s.,:/h]*\d|\d|€|%"
    rf"|\b(?:{NUMBERS})\s+(?:{TIMES})\b"
    rf"|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|onze|treize|quatorze|seize)\s+"
    rf"(?:derniers\s+|premiers\s+)?(?:{COUNTED})\b"
    rf"|\b(?:{DAYS})\b|\bjour et nuit\b|\b24\s?h|\bmidi\b|\bminuit\b"
    r"|\bgratuit(?:e|es|s|ement)?\b|\bpayante?s?\b|\bsans frais\b"
    r"|\b[\w.+-]+@[\w-]+\.\w+|\bhttps?://\S+|\b(?:www\.)?[\w-]+\.(?:fr|com|org|net|eu|gouv)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Allowed:
    """Words that look like a fact and are none, in the keys where they may stand."""

    keys: str
    words: str
    reason: str


ALLOWED = (
    Allowed(r"flow/.*", r"Attendez quelques minutes", "advice, and no promise of a delay"),
    Allowed(
        r"flow/.*", r"(?:demande|demandé|refusé) deux fois", "to type or to try, twice in a row"
    ),
    Allowed(r"need/obligatoire/label", r"est-ce gratuit", "the question, not the answer"),
    Allowed(r"interface/help\.question", r"C'est gratuit", "this very service, which has no price"),
    Allowed(r"interface/page\.(?:error_429|too_fast)", r"Attendez une minute", "our own limit"),
    Allowed(r"interface/page\.error_503", r"dans quelques minutes", "advice about our own service"),
    Allowed(r"interface/page\.idle_effect", r"les 2\sminutes", "our own delay"),
    Allowed(r"interface/page\.exit_key", r"trois fois la touche", "a gesture on our own page"),
    Allowed(r"interface/page\.take_label", r"6 chiffres", "the length of our own code"),
    Allowed(r"interface/article\.privacy", r"pendant 13 mois", "how long we keep tombstones"),
    Allowed(r"interface/phone\.wrong_number", r"06 39 98 00 01", "a number that nobody has"),
    Allowed(r"interface/stop\.done(?:\.sms)?", r"reprendre un jour", "some day"),
    Allowed(r"interface/sms\.not_you", r"écrire un jour", "some day"),
    Allowed(r"interface/sms\.(?:code|unknown_code)", r"15 minutes", "how long our own code lives"),
    Allowed(
        r"interface/(?:consent\.share_with_mediator\.given|page\.read_refused)",
        r"15 minutes",
        "how long our own code lives",
    ),
    Allowed(r"interface/consent\.share_with_mediator\.why", r"24 heures", "how long it is shown"),
    Allowed(r"interface/page\.read_label", r"six chiffres", "the length of our own code"),
    Allowed(r"interface/page\.places_attribution", r"2021|2022|4\.0", "who the data come from"),
    Allowed(r"interface/page\.places_where_hint", r"38000", "an example"),
    Allowed(r"interface/places\.stale", r"deux ans", "the age from which we say so ourselves"),
    Allowed(r"interface/places\.trait\.free", r"Gratuit", "what a place declares of itself"),
    Allowed(r"interface/places\.when_saturday", r"Samedi", "a day to choose"),
    Allowed(r"interface/choice\.remind_[37]", r"3|[Uu]ne semaine", "the delay that one chooses"),
    Allowed(r"interface/choices\.how(?:\.sms)?", r"(?:retirer|corriger) 1", "a word to type"),
    Allowed(r"interface/page\.notebook_file_effect", r"deux fichiers", "what we give ourselves"),
    Allowed(
        r"interface/phone\.(?:failed|fate_failed|undelivered|fate_undelivered)",
        r"3000[37]",
        "Twilio's codes, on the telephone of a developer's desk",
    ),
    Allowed(r"interface/phone\.fate_late", r"une minute", "the delay that one simulates"),
    Allowed(r"interface/sms\.loop", r"pendant dix minutes", "our own pause"),
)


def all_texts(content: Content) -> Iterator[tuple[str, str]]:
    """List every text that may be said, by key; the facts themselves are where figures stand."""
    documents = (
        *content.flows.values(),
        *content.answers.values(),
        *content.letters.values(),
        content.glossary,
        content.needs,
    )
    for document in documents:
        yield from texts(document).items()
    for key, text in load_translations("fr").interface.items():
        yield f"interface/{key}", text


def in_clear(key: str, text: str) -> Iterator[str]:
    """Return what looks like a fact and stands in the text itself."""
    for allowed in ALLOWED:
        if re.fullmatch(allowed.keys, key):
            text = re.sub(allowed.words, " ", text, flags=re.IGNORECASE)
    for told in told_both_ways(text):
        for found in LOOKS_LIKE_A_FACT.finditer(PLACEHOLDER.sub(" ", told)):
            yield found[0].strip()


@pytest.fixture(scope="module")
def said() -> list[tuple[str, str]]:
    return list(all_texts(load_content()))


def test_every_figure_comes_from_the_facts(said: list[tuple[str, str]]) -> None:
    assert [(key, found) for key, text in said for found in in_clear(key, text)] == []


@pytest.mark.parametrize("allowed", ALLOWED, ids=lambda allowed: allowed.words)
def test_every_exception_still_serves(allowed: Allowed, said: list[tuple[str, str]]) -> None:
    assert any(
        re.fullmatch(allowed.keys, key) and re.search(allowed.words, text, re.IGNORECASE)
        for key, text in said
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cela prend six semaines.", "six semaines"),
        ("On peut choisir trois proches au plus.", "trois proches"),
        ("Comptez une quinzaine de jours.", "une quinzaine"),
        ("Appelez le 3422.", "3422"),
        ("C'est ouvert de 8 h 30 à 17h.", "8 h 30"),
        ("Du lundi au vendredi.", "lundi"),
        ("L'appel est gratuit.", "gratuit"),
        ("Il a 12 caractères.", "12"),
        ("Tapez les onze derniers chiffres.", "onze derniers chiffres"),
        ("Allez sur ameli.fr.", "ameli.fr"),
        ("Écrivez à aide@ameli.fr.", "aide@ameli.fr"),
        ("Cela coûte 5 €.", "5"),
        ("[Vous avez un mois|Elle a un mois] pour répondre.", "un mois"),
    ],
)
def test_what_looks_like_a_fact(text: str, found: str) -> None:
    assert found in in_clear("flow/x/y/text", text)


@pytest.mark.parametrize(
    "text",
    [
        "Une étape après l'autre.",
        "Un conseiller vous répond au {fact:support_phone}.",
        "Les deux numéros sont sur la carte.",
        "Prenez une lettre.",
    ],
)
def test_what_does_not(text: str) -> None:
    assert list(in_clear("flow/x/y/text", text)) == []
