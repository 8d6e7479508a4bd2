"""« Mes choix » by SMS: offered, noted, listed in two parts at most, corrected and withdrawn."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assistant.adapters.tables import ChoiceRow
from assistant.bootstrap import Assistant
from assistant.rendering import sms
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone

WANTS = "je veux régler l'accès en cas d'urgence"
OFFER = "interface/consent.keep_choices.question"


@pytest.fixture
def phone(post: Post, carrier: FakeCarrier, rasa: FakeRasa) -> Phone:
    """Somebody's phone."""
    rasa.intents = {**rasa.intents, WANTS: "acces_urgence"}
    return Phone(post, carrier)


def decides(phone: Phone, which: str = "1", decision: str = "2") -> list[str]:
    """Go through the guide by numbers, as far as the question of the notebook."""
    answers: list[str] = []
    for text in (WANTS, which, decision, "fait", "fait", "oui"):
        answers = phone.says(text)
    return answers


def kept(assistant: Assistant) -> int:
    """Count the lines that are kept."""
    with assistant.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(ChoiceRow)).scalar_one()


def test_noted_listed_corrected_withdrawn(assistant: Assistant, phone: Phone) -> None:
    decides(phone)
    assert phone.keys[-1] == OFFER
    assert kept(assistant) == 0
    phone.says("ok")
    assert phone.keys[-2] == "interface/choices.noted"
    decides(phone, "2", "1")
    phone.says("oui")
    told = phone.says("MES CHOIX")
    assert "interface/choices.list" in phone.keys
    assert all(sms.count(text).parts <= 2 for text in told)
    phone.says("corriger 2")
    assert phone.keys[-1] == "interface/choices.correct"
    phone.says("1")
    assert "interface/choices.corrected" in phone.keys
    phone.says("retirer 1")
    assert "interface/choices.withdrawn" in phone.keys
    phone.says("tout retirer")
    phone.says("oui")
    assert "interface/consent.keep_choices.withdrawn" in phone.keys
    assert kept(assistant) == 0


@pytest.mark.parametrize("answers", [("non merci",), ("bof", "je sais pas trop")])
def test_nothing_is_kept_without_a_yes(
    assistant: Assistant, phone: Phone, answers: tuple[str, ...]
) -> None:
    decides(phone)
    for each in answers:
        phone.says(each)
    assert kept(assistant) == 0
    assert phone.keys[-1] != OFFER


def test_forget_me_takes_the_notebook_with_it(assistant: Assistant, phone: Phone) -> None:
    decides(phone)
    phone.says("oui")
    assert kept(assistant) == 1
    phone.says("OUBLIE-MOI")
    assert kept(assistant) == 0
