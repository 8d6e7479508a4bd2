"""What somebody looks for near them, read from how people write it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.traits import Need, Trait
from assistant.services.finding.search import Search, dump_search, load_search
from assistant.services.finding.wishes import Wish, read_wish

# A Monday.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
THURSDAY, FRIDAY, SATURDAY = date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)
SUNDAY = date(2026, 11, 29)

DAYS = {
    "quelqu'un pour m'aider à Gap samedi": SATURDAY,
    "g besoin daide samedi matin": SATURDAY,
    "ouvert aujourd'hui ?": MONDAY,
    "ouver ajd": MONDAY,
    "ce soir si possible": MONDAY,
    "cet après-midi": MONDAY,
    "cet aprem": MONDAY,
    "demain": TUESDAY,
    "2main matin": TUESDAY,
    "après-demain": WEDNESDAY,
    "mercredi après midi": WEDNESDAY,
    "jeudi": THURSDAY,
    "vendredi prochain": FRIDAY,
    "dimanche c'est ouvert ?": SUNDAY,
    "lundi": MONDAY,
    "lundi prochain": date(2026, 11, 30),
    "les mardis": TUESDAY,
    "ce week-end": SATURDAY,
    "le week end": SATURDAY,
    "le 28 novembre": SATURDAY,
    "le 1er décembre": date(2026, 12, 1),
    "le 28/11": SATURDAY,
    "pour le 3 janvier": date(2027, 1, 3),
    "le 31 février": None,
    "près de chez moi": None,
    "j'habite à Gap": None,
    "depuis 12 ans": None,
}

OPEN_NOW = {
    "une médiathèque à Toulouse ouverte maintenant": True,
    "qui est ouvert ?": True,
    "c'est ouvert là": True,
    "ouvert en ce moment": True,
    "tout de suite": True,
    "un lieu ouvert ?": True,
    "un endroit pour m'aider": False,
    "ouvert samedi": False,
    "quand est-ce que ça ouvre": False,
}

TRAITS = {
    "c'est gratuit ?": Trait.FREE,
    "gratuitement svp": Trait.FREE,
    "sans payer": Trait.FREE,
    "quelqu'un qui parle anglais": Trait.ENGLISH,
    "ya quelqu'un qui parle arabe": Trait.OTHER_LANGUAGES,
    "ma mère parle portugais": Trait.OTHER_LANGUAGES,
    "je parle pas bien français": Trait.OTHER_LANGUAGES,
    "dans ma langue": Trait.OTHER_LANGUAGES,
    "ukrainien ou russe": Trait.OTHER_LANGUAGES,
    "je suis sourd": Trait.DEAFNESS,
    "mon père est malentendant": Trait.DEAFNESS,
    "en langue des signes": Trait.DEAFNESS,
    "LSF": Trait.DEAFNESS,
    "j'entends mal": Trait.DEAFNESS,
    "je ne sais pas lire": Trait.ILLITERACY,
    "elle sait pas lire": Trait.ILLITERACY,
    "j'ai du mal à lire": Trait.ILLITERACY,
    "il ne sait ni lire ni écrire": Trait.ILLITERACY,
    "illettrisme": Trait.ILLITERACY,
    "je suis en fauteuil": Trait.WHEELCHAIR,
    "accessible handicapé": Trait.WHEELCHAIR,
    "mobilité réduite": Trait.WHEELCHAIR,
    "je suis aveugle": Trait.SIGHT,
    "je vois mal": Trait.SIGHT,
    "sur rendez-vous": Trait.APPOINTMENT,
    "prendre rdv": Trait.APPOINTMENT,
    "sans rendez-vous": Trait.WALK_IN,
    "sans rdv": Trait.WALK_IN,
    "à distance": Trait.REMOTE,
    "en visio": Trait.REMOTE,
    "le bus qui passe au village": Trait.TRAVELS,
    "un camion itinérant": Trait.TRAVELS,
    "à 10 minutes de bus": Trait(0),
    "j'y vais en bus": Trait(0),
    "une maison france services": Trait.FRANCE_SERVICES,
    "quelqu'un pour m'aider": Trait(0),
    "gratuit et en fauteuil": Trait.FREE | Trait.WHEELCHAIR,
}

NEEDS = {
    "pour mon espace santé": Need.MON_ESPACE_SANTE,
    "ma carte vitale": Need.MON_ESPACE_SANTE,
    "apprendre l'ordinateur": Need.LEARNING,
    "des cours d'informatique": Need.LEARNING,
    "un atelier pour débutants": Need.LEARNING,
    "imprimer un papier": Need.COMPUTER_ACCESS,
    "où il y a du wifi": Need.COMPUTER_ACCESS,
    "un ordinateur en libre service": Need.COMPUTER_ACCESS,
    "mes démarches pour la caf": Need.PROCEDURES,
    "remplir mes papiers": Need.PROCEDURES,
    "quelqu'un près d'ici": None,
}

PLACES = {
    "quelqu'un pour m'aider à Gap samedi": "05061",
    "une médiathèque à toulouse ouverte maintenant": "31555",
    "je suis à côté de gap": "05061",
    "aide a tulouse": "31555",
    "05000": "05000",
    "j'habite Lille qui peut m'aider": "59350",
    "marseille 13e": "13213",
    "près de chez moi": None,
    "quelqu'un pour m'aider": None,
}


def wish(text: str, *, expected: bool = False) -> Wish:
    return read_wish(text, embedded_gazetteer(), NOW, expected=expected)


def test_the_labelled_list_is_long_enough() -> None:
    assert len([*DAYS, *OPEN_NOW, *TRAITS, *NEEDS, *PLACES]) >= 80


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_when(text: str, day: date | None) -> None:
    assert wish(text).open_on == day


@pytest.mark.parametrize(("text", "now"), OPEN_NOW.items())
def test_open_now(text: str, now: bool) -> None:
    assert wish(text).open_now is now


@pytest.mark.parametrize(("text", "traits"), TRAITS.items())
def test_what_cannot_be_done_without(text: str, traits: Trait) -> None:
    assert wish(text).traits == traits


@pytest.mark.parametrize(("text", "need"), NEEDS.items())
def test_for_what(text: str, need: Need | None) -> None:
    assert wish(text).need == need


@pytest.mark.parametrize(("text", "code"), PLACES.items())
def test_where(text: str, code: str | None) -> None:
    areas = wish(text).areas
    assert (areas[0].code if areas else None) == code


@pytest.mark.parametrize("text", ["oui", "non", "je ne sais pas", "ok", "merci", "autre", "12/03"])
def test_what_is_no_place_is_none_where_one_is_expected(text: str) -> None:
    assert wish(text, expected=True).areas == ()


def test_an_overseas_day_is_that_of_its_clock() -> None:
    evening = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    there = read_wish("à Saint-Pierre de la Réunion demain", embedded_gazetteer(), evening)
    assert there.open_on == WEDNESDAY, "in La Réunion it is Tuesday already"


@given(st.text(max_size=2_000))
def test_whatever_is_written_is_read(text: str) -> None:
    read = wish(text, expected=True)
    assert len(read.areas) <= 4


@given(st.sampled_from([*DAYS, *TRAITS, *NEEDS, *PLACES]), st.integers(0, 50))
def test_a_search_is_kept_without_loss(text: str, seen: int) -> None:
    search = Search(seen=seen, shown=(("a1", "Mairie « x »"),), looked_at="a1").wishing(wish(text))
    assert load_search(dump_search(search)) == search
    assert load_search("") == Search()
