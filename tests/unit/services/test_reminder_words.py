"""When people want to be written to again, and the sentences that only sound like it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.services.reminders.words import (
    FARTHEST,
    ReminderAsked,
    cancels_reminder,
    recognise_reminder,
)

MONDAY = date(2026, 11, 23)

ON = {
    date(2026, 11, 24): (
        "rappelez-moi demain",
        "Rappelle moi demain stp",
        "rapelez moi demain",
        "réécrivez-moi demain",
        "ecris moi demain",
        "je n'ai pas ma carte, rappelez-moi demain",
        "envoyez moi un rappel demain",
        "un rappel demain svp",
        "rappelez-moi dans un jour",
        "RAPPELEZ MOI MARDI",
        "rappel mardi",
        "vous pouvez me rappeler demain ?",
        "rappelez-moi le 24 novembre",
    ),
    date(2026, 11, 25): (
        "rappelez-moi après-demain",
        "rappelle moi apres demain",
        "rappelez-moi dans deux jours",
        "rappelez moi mercredi",
        "relancez-moi dans 2 jours",
    ),
    date(2026, 11, 26): (
        "rappelez-moi dans 3 jours",
        "rappelez moi dans trois jours",
        "rappelez moi ds 3 j",
        "rappelez moi dans 3j",
        "rappelle-moi dans quelques jours",
        "écrivez-moi dans 3 jours",
        "prévenez-moi dans 3 jours",
        "recontactez-moi jeudi",
        "envoyez-moi un message dans 3 jours",
        "j'ai pas ma carte rappelez moi dans 3 jours",
    ),
    date(2026, 11, 28): ("rappelez-moi samedi", "un rappel samedi prochain"),
    date(2026, 11, 30): (
        "rappelez-moi lundi",
        "rappelez moi lundi prochain",
        "rappelez-moi la semaine prochaine",
        "rappelle moi la semaine pro",
        "rappelez-moi dans une semaine",
        "rappelez-moi dans 1 semaine",
        "rappelez moi dans sept jours",
        "me rappeler dans une semaine",
        "réécrivez moi la semaine prochaine svp",
    ),
    date(2026, 12, 1): ("rappelez-moi le mois prochain", "rappelez-moi le 1er décembre"),
    date(2026, 12, 3): (
        "rappelez-moi le 3 décembre",
        "rappelez moi le 3/12",
        "rappel le 3 decembre",
    ),
    date(2026, 12, 7): ("rappelez-moi dans deux semaines", "rappelez moi lundi en huit"),
    date(2026, 12, 8): (
        "rappelez-moi dans 15 jours",
        "rappelez moi dans quinze jours",
        "rappelez-moi dans une quinzaine",
    ),
    date(2026, 12, 23): ("rappelez-moi dans un mois", "rappelez moi dans 1 mois"),
    date(2027, 1, 5): ("rappelez-moi le 5 janvier",),
    None: (
        "rappelez-moi",
        "rappelez moi plus tard",
        "rappelle moi",
        "envoyez-moi un rappel",
        "je voudrais un rappel",
        "je n'ai pas ma carte, rappelez-moi plus tard",
        "rappelez-moi dans 20 mois",
        "rappelez-moi le 31/02",
    ),
}
OTHER = (
    "je veux activer mon espace santé",
    "demain",
    "dans 3 jours",
    "je n'ai pas ma carte",
    "plus tard",
    "comment vous vous appelez",
    "je m'appelle Paul",
    "je ne me rappelle plus de mon code",
    "je me rappelle pas",
    "rappelez-moi au téléphone",
    "je veux que quelqu'un m'appelle",
    "rappel de vaccin demain",
    "rappelez-moi mon rendez-vous",
    "plus de rappel",
    "ne me rappelez pas",
    "stop aux rappels",
    "j'ai reçu un message lundi",
    "le médecin a écrit lundi",
    "j'attends un sms",
    "le code est arrivé il y a 3 jours",
    "arrêtez de m'écrire",
    "rendez-vous demain",
    "envoyez-moi le code",
    "vous m'avez envoyé un message lundi",
    "écrivez-moi la réponse",
    "on m'a prévenu hier",
)


@pytest.mark.parametrize(("on", "text"), [(on, text) for on, texts in ON.items() for text in texts])
def test_the_day_that_is_meant(on: date | None, text: str) -> None:
    assert recognise_reminder(text, MONDAY) == ReminderAsked(on)


@pytest.mark.parametrize("text", OTHER)
def test_what_asks_for_no_reminder(text: str) -> None:
    assert recognise_reminder(text, MONDAY) is None


def test_the_list_is_long_enough_to_tell_something() -> None:
    assert sum(map(len, ON.values())) + len(OTHER) >= 60


@given(st.text(max_size=60), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_any_text_gets_an_answer_and_no_day_is_past(text: str, today: date) -> None:
    asked = recognise_reminder(f"rappelez-moi {text}", today)
    assert asked is None or asked.on is None or today < asked.on <= today + FARTHEST


CANCELLED = (
    "annule le rappel",
    "Annulez mon rappel svp",
    "annuler le rapel",
    "plus besoin du rappel",
    "j'ai plus besoin du rappel c'est fait",
    "je n'ai plus besoin de ce rappel",
    "pas besoin de rappel",
    "je ne veux plus de rappel",
    "je veux plus le rappel merci",
    "plus de rappel",
    "supprimez le rappel",
    "oubliez le rappel",
    "laissez tomber le rappel",
    "pas la peine de me rappeler",
    "inutile de me rappeler",
    "plus besoin que tu me rappelles",
    "ne me rappelez pas",
    "ne me rappelez plus",
)
NOT_CANCELLED = (
    "rappelez-moi dans 3 jours",
    "plus tard envoyez moi un rappel",
    "je ne me rappelle plus de mon code",
    "je ne me rappelle plus du rappel",
    "annuler mon rendez-vous",
    "annulez le rappel de vaccin",
    "pas besoin de carte",
    "vous pouvez annuler le rappel ?",
    "je veux annuler",
    "j'ai oublié",
    "oui un rappel",
    "",
)


@pytest.mark.parametrize("said", CANCELLED)
def test_a_reminder_is_taken_back_in_ones_own_words(said: str) -> None:
    assert cancels_reminder(said)


@pytest.mark.parametrize("said", NOT_CANCELLED)
def test_what_only_sounds_like_it_takes_nothing_back(said: str) -> None:
    assert not cancels_reminder(said)


@pytest.mark.parametrize("said", [each for asked in ON.values() for each in asked])
def test_nobody_who_asks_for_one_takes_it_back(said: str) -> None:
    assert not cancels_reminder(said)
