"""What people say of their consents is heard; what they say of Mon espace santé is not."""

from __future__ import annotations

import pytest

from assistant.domain.consent import Purpose
from assistant.domain.conversation import Conversation, DialogueState, Holder
from assistant.domain.turn import Decider
from assistant.services.consent.wishes import ConsentWish, Wish, recognise_consent_wish
from assistant.services.dialogue.precedence import take_precedence
from tests.fakes.clock import FakeClock

KEEP, REMIND = Purpose.KEEP_CONVERSATION, Purpose.REMINDERS
SHARE = Purpose.SHARE_WITH_MEDIATOR


@pytest.mark.parametrize(
    ("text", "wish", "purpose"),
    [
        ("mes accords", Wish.LIST, None),
        ("Voir mes accords svp", Wish.LIST, None),
        ("à quoi j'ai dit oui ?", Wish.LIST, None),
        ("retirer mon accord", Wish.WITHDRAW, None),
        ("je retire mes accords", Wish.WITHDRAW, None),
        ("je ne suis plus d'accord", Wish.WITHDRAW, None),
        ("je ne veux plus que vous gardiez", Wish.WITHDRAW, KEEP),
        ("je veux plus que vous gardiez mes messages", Wish.WITHDRAW, KEEP),
        ("ne gardez plus la conversation", Wish.WITHDRAW, KEEP),
        ("arrêtez de garder ce que j'écris", Wish.WITHDRAW, KEEP),
        ("plus de rappel", Wish.WITHDRAW, REMIND),
        ("plus de rapel svp", Wish.WITHDRAW, REMIND),
        ("annulez le rappel", Wish.WITHDRAW, REMIND),
        ("arretez les rappels", Wish.WITHDRAW, REMIND),
        ("ne plus partager", Wish.WITHDRAW, SHARE),
        ("arrêtez de partager", Wish.WITHDRAW, SHARE),
        ("je ne veux plus que la médiatrice voie", Wish.WITHDRAW, SHARE),
        ("gardez notre conversation", Wish.GIVE, KEEP),
    ],
)
def test_wishes_are_heard(text: str, wish: Wish, purpose: Purpose | None) -> None:
    assert recognise_consent_wish(text) == ConsentWish(wish, purpose)


@pytest.mark.parametrize(
    "text",
    [
        "je ne veux plus que mon médecin voie mon dossier",
        "je veux retirer mon accord pour mon espace santé",
        "arrêter de partager mes documents",
        "retirer l'autorisation de l'application",
        "ne plus montrer mon dossier au pharmacien",
        "je ne garde pas mes papiers",
        "mon rappel de vaccin",
        "je suis d'accord",
        "plus tard",
        "oui",
        "",
    ],
)
def test_what_is_about_something_else_is_left_alone(text: str) -> None:
    assert recognise_consent_wish(text) is None


def verdict_of(text: str) -> Decider:
    """Return who decides about a text in an ordinary conversation."""
    now = FakeClock().now()
    conversation = Conversation(
        id="c",
        language="fr",
        held_by=Holder.ASSISTANT,
        state=DialogueState(),
        version=0,
        rasa_session="",
        rasa_turns=0,
        shared_device=False,
        created_at=now,
        last_activity_at=now,
    )
    return take_precedence(text, None, conversation).decider


@pytest.mark.parametrize("text", ["stop", "stop rappel", "plus de messages", "arrêtez les sms"])
def test_the_end_of_all_messages_stays_what_it_is(text: str) -> None:
    assert verdict_of(text) is Decider.OPT_OUT


def test_the_end_of_reminders_is_not_the_end_of_all_messages() -> None:
    assert verdict_of("plus de rappel") is Decider.WORD
