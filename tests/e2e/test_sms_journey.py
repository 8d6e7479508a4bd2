"""The conversation by SMS: the telephone on the desk, the real webhook, the real Rasa."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from assistant.domain.delivery import DeliveryStatus
from assistant.rendering.sms import PAGE_PARTS, count
from tests.e2e.product import Product
from tests.e2e.sms_person import Person

NUMBERS = itertools.count(42)

# What somebody writes from the first SMS to the end of the guide, and the step that waits then.
# Numbers in several spellings, a label with a typo, a question on the way, four universal words.
ACTIVATION = (
    ("je veux activer mon espace santé", "code_recu"),
    ("1", "code_support"),
    ("c'est obligatoire ?", "code_support"),
    ("AIDE", "code_support"),
    ("par courier", "code_etat"),
    ("RETOUR", "code_support"),
    ("2", "code_email"),
    ("retour", "code_support"),
    ("la 1", "code_etat"),
    ("MENU", "code_etat"),
    ("SUITE", "code_etat"),
    ("continuer", "code_etat"),
    ("1.", "chemin"),
    ("un", "carte"),
    ("1", "serie_photo"),
    ("c'est fait", "numero_secu"),
    ("fait", "appareil"),
    ("sur un ordinatuer", "ouvrir_ordinateur"),
    ("1", "site_reconnaitre"),
    ("oui", "demarrer"),
    ("1", "taper_code"),
    ("1", "taper_secu"),
    ("1", "taper_serie"),
    ("1", "message_ecran"),
    ("1", "identifiant"),
    ("1", "mot_de_passe"),
    ("1", "code_unique"),
    ("1", "profil"),
    ("oui c'est bien moi", "marche"),
    ("1", None),
)


@pytest.fixture
def person(healthy: Product) -> Iterator[Person]:
    """Somebody with a telephone that never wrote before."""
    taken = Person.of(healthy, f"+336399800{next(NUMBERS)}")
    yield taken
    taken.close()


def test_the_activation_from_the_first_sms_to_its_end(person: Person) -> None:
    for number, (said, step) in enumerate(ACTIVATION):
        answers = person.says(said)
        assert person.step == (None if step is None else f"activer_espace/{step}"), said
        # Who we are goes ahead of the first answer; each of the others is one text message.
        assert len(answers) == (2 if number == 0 else 1), said
        for each in answers:
            assert each.parts == count(each.text).parts <= PAGE_PARTS, each.text
            assert each.status == DeliveryStatus.DELIVERED
    assert "flow/activer_espace/fin_reussie/text" in person.keys_told
    # The question on the way was answered, and not by the step alone.
    assert "answer/obligatoire/text" in person.keys_told
    assert len(person.received()) == len(ACTIVATION) + 1


def test_stop_is_kept_until_reprendre_and_the_guide_goes_on(person: Person) -> None:
    person.says("je veux activer mon espace santé")
    person.says("1")
    assert len(person.says("STOP")) == 1
    # « oui » opens nothing again: one hint, then silence.
    assert len(person.says("oui")) == 1
    assert person.says("bonjour") == []
    assert len(person.says("REPRENDRE")) == 1
    assert person.step == "activer_espace/code_support"
    person.says("1")
    assert person.step == "activer_espace/code_etat"


def test_no_payload_and_no_key_is_ever_shown(person: Person) -> None:
    person.says("aide")
    person.says("menu")
    assert person.received()
    for each in person.received():
        assert not re.search(r"\b(?:step|need|word|interface|flow)/", each.text)
