"""« Mes accords », « ne gardez plus rien », « plus de rappel »: what people say of their consents.

French, read after ``fold``. Only what is said of us is heard: « je ne veux plus que mon médecin
voie mon dossier » is about Mon espace santé.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from assistant.domain.consent import Purpose
from assistant.domain.conversation import DialogueState
from assistant.flows.engine import Library
from assistant.safety.normalise import fold
from assistant.services.consent.asking import WITHDRAW, consent_choice, pick_consent
from assistant.services.dialogue.moves import Effect, Move, move, say, waiting


class Wish(StrEnum):
    """What somebody wants to do with their consents."""

    LIST = "list"
    GIVE = "give"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class ConsentWish:
    """A wish; ``purpose`` is None when they did not say which consent."""

    wish: Wish
    purpose: Purpose | None = None


def recognise_consent_wish(text: str) -> ConsentWish | None:
    """Return what a message wants with the consents, None when it is about something else."""
    said = fold(text)
    if len(said.split()) > LONGEST or _NOT_OURS.search(said):
        return None
    for pattern, wish in _HEARD:
        if pattern.search(said):
            return wish
    return None


WISHED: Final = "consent_wish"
"""The action of a move that asks for a consent because the person wants to give it."""


def grant(library: Library, state: DialogueState, wish: ConsentWish) -> Move:
    """Do what was wished; what depends on the ledger is left to whoever can read it."""
    if wish.wish is Wish.WITHDRAW and wish.purpose is not None:
        return pick_consent(library, state, consent_choice(wish.purpose, WITHDRAW).id)
    if wish.wish is Wish.GIVE and wish.purpose is not None:
        asked_again = tuple(each for each in state.declined if each is not wish.purpose)
        willing = replace(state, declined=asked_again)
        already = move(WISHED, willing, say("consent.already"), *waiting(library, willing))
        return replace(already, wants=wish.purpose)
    return replace(move("consents", state), effect=Effect.LIST_CONSENTS)


LONGEST: Final = 14

_NOT_OURS: Final = re.compile(
    r"\b(?:medecins?|docteurs?|pharmaci\w+|hopital|espace|dossier|documents?|recherche|employeur|"
    r"mutuelle|assurance|samu|application)\b"
)
_STOP_IT: Final = r"(?:arret\w+|cess\w+|ne|n|plus|annul\w+|supprim\w+|retir\w+|enlev\w+|pas)"
_WHO_HELPS: Final = (
    r"(?:la |le |l |mon |ma |une? |celle |celui )?"
    r"(?:mediat\w+|conseill\w+|aidante?|(?:personne )?qui m \w+|accompagn\w+)"
)


def _heard(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b")


_HEARD: Final[tuple[tuple[re.Pattern[str], ConsentWish], ...]] = (
    (
        _heard(
            r"(?:plus|pas) (?:de |des |d aucun )?rap?pels?|"
            r"(?:annul\w+|arret\w+|supprim\w+|enlev\w+) "
            r"(?:le |les |mon |mes |ce |d envoyer )*rap?pels?"
        ),
        ConsentWish(Wish.WITHDRAW, Purpose.REMINDERS),
    ),
    (
        _heard(
            rf"{_STOP_IT} (?:\w+ ){{0,3}}(?:partag\w+|montrer?)|"
            rf"{_STOP_IT} (?:\w+ ){{0,3}}que {_WHO_HELPS} (?:\w+ )?"
            r"(?:voie|voit|lise|lit|puisse|regarde)"
        ),
        ConsentWish(Wish.WITHDRAW, Purpose.SHARE_WITH_MEDIATOR),
    ),
    (
        _heard(
            r"(?:ne|n) (?:la |le |les )?gardez (?:plus|pas)|"
            r"(?:arret\w+|cess\w+) de (?:\w+ )?garder|"
            r"(?:veux|voudrais|souhaite) (?:plus|pas) que (?:vous|tu) (?:\w+ )?gard\w+"
        ),
        ConsentWish(Wish.WITHDRAW, Purpose.KEEP_CONVERSATION),
    ),
    (
        _heard(
            r"(?:retir\w+|annul\w+|enlev\w+|revenir sur|reprends?) (?:tous )?(?:mon|mes|cet|l) "
            r"?(?:accords?|consentements?|autorisations?)|"
            r"(?:je|j) (?:ne )?suis plus d accord|plus mon accord"
        ),
        ConsentWish(Wish.WITHDRAW),
    ),
    (
        _heard(
            r"(?:voir |liste(?: de)? |quels sont |c est quoi |ou sont )?mes "
            r"(?:accords?|consentements?)|(?:a )?quoi j ai (?:dit oui|donne mon accord)"
        ),
        ConsentWish(Wish.LIST),
    ),
    (
        _heard(
            rf"(?:partag\w+|montr\w+|faire (?:lire|voir)) (?:\w+ ){{0,3}}"
            rf"(?:conversation|messages?|echanges?|discussion)|"
            rf"partag\w+ (?:\w+ ){{0,3}}avec {_WHO_HELPS}|"
            rf"{_WHO_HELPS} (?:peut|pourrait|puisse|veut|voudrait|souhaite) (?:\w+ )?"
            r"(?:lire|voir|suivre)|^partag(?:er|ez|e)$"
        ),
        ConsentWish(Wish.GIVE, Purpose.SHARE_WITH_MEDIATOR),
    ),
    (
        _heard(r"gard(?:ez|er|e) (?:bien )?(?:la|notre|ma|cette|nos) (?:conversation|messages?)"),
        ConsentWish(Wish.GIVE, Purpose.KEEP_CONVERSATION),
    ),
)
