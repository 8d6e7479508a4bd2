"""A doubted message, pasted or described: which bad signs it bears, never that it is genuine.

The signs are the ones that people can see for themselves. No link is opened, and no sender looked
up: a false message may bear any name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assistant.safety.approved import find_unapproved
from assistant.safety.normalise import fold
from assistant.safety.phrases import PhraseBook

SCAM: Final = "arnaque"
"""The guide, and the need, that a doubted message belongs to."""


class Sign(StrEnum):
    """What should make anybody wary of a message."""

    LINK = "link"
    MONEY = "money"
    """It asks for a payment, bank data, a code or personal data."""
    HURRY = "hurry"
    PRETEXT = "pretext"
    """A parcel, a fine, a card to renew, a refund, the training account."""


@dataclass(frozen=True)
class DoubtedMessage:
    """What is known of a message that somebody doubts.

    ``told`` is false when only the question came, and not the message. ``insured`` tells that it
    speaks in the name of the health insurance, whose habits are known.
    """

    signs: tuple[Sign, ...]
    told: bool
    pasted: bool = False
    insured: bool = False


_MESSAGE = "sms|message|texto|mail|email|courriel|msg|mms|whatsapp"
_GIVE = (
    "donner|donnez|envoyer|envoyez|communiquer|communiquez|confirmer|confirmez|saisir|saisissez"
    "|renseigner|renseignez|demande|demandent|demandait|veut|veulent|entrer|entrez|valider|validez"
    "|mettre|mettez|actualiser|actualisez|verifier|verifiez|completer|completez|remplir|remplissez"
)
_DATA = "carte|coordonnees|rib|iban|code|codes|identifiants|banque|bancaire|bancaires|cb"
# « a payer » sounds like « a payé »: only after who did it.
_ACTS = (
    "clique|cliquer|clike|cliqe|paye|payer|donne|donner|rempli|repondu|saisi|communique|envoye"
    "|ouvert|verse|tape"
)

_SIGNS = PhraseBook(
    {
        Sign.LINK: (
            "lien",
            "cliquer|cliquez|clique|cliker|clik|clic",
            "scanner|scannez * qr|code",
        ),
        Sign.MONEY: (
            f"{_GIVE} * {_DATA}",
            f"{_GIVE} * informations|infos|dossier|donnees jour?",
            f"{_GIVE} jour * informations|infos|coordonnees|dossier|donnees",
            f"{_GIVE} numero|num de? secu|securite|carte|compte",
            "payer|payez|regler|reglez|paiement|virement|debite",
            "frais de|d livraison|envoi|port|dossier|douane",
            "acquitter|acquittez",
            "verser|versez",
            "coordonnees bancaires",
        ),
        Sign.HURRY: (
            "urgent|urgente|urgence|immediatement|immediat|rapidement",
            "sous # h|heures",
            "sous h|heures|24h|48h|72h",
            "dans|avant les? 24h|48h|72h|minuit",
            "dernier|derniere rappel|relance|avis|delai|chance|jour",
            (
                "sera|seront|est|etre|serez suspendu|suspendue|suspendus|bloque|bloquee|desactive"
                "|annule|annulee|majore|majoree|poursuivi"
            ),
            "sinon|faute de|sous peine",
            "suspension|poursuites|majoration",
            "expire|expirent|expiration|expirer aujourd|bientot|demain|ce|jour|dans",
            "plus|pas attendre",
            "eviter * suspension|majoration|penalite|blocage|poursuites",
        ),
        Sign.PRETEXT: (
            "colis|livreur|chronopost|mondial|colissimo",
            "amende|contravention|antai|infraction|stationnement",
            (
                "carte expire|perimee|renouveler|renouvelle|disponible|expiration"
                "|desactivee|bloquee|suspendue"
            ),
            (
                "carte vitale|vital * expire|perimee|renouveler|disponible|expiration|valable"
                "|desactivee|bloquee|suspendue|jour|arrive|payante"
            ),
            "renouveler|renouvelez|renouvellement|nouvelle|commander|commandez * carte|vitale",
            "payer|regler|paiement * carte vitale",
            "cpf",
            "compte|droits|droit de? formation",
            "remboursement * attente|disponible|euros|non|impaye|recevoir|ameli",
            "compte|espace sera|est|a suspendu|bloque|desactive|limite",
        ),
    }
)
_DOUBTS = PhraseBook(
    {
        "doubt": (
            "vrai|vraie|vrais|vraies|vre",
            "faux|fausse ou",
            "est|c il|ce? un? faux|fausse",
            "est|etre|c|serait peut? etre? une?|un? arnaque|escroquerie|piege|fraude|hameconnage",
            "arnaque|piege ou",
            "fiable|authentique|officiel|officielle|legitime|frauduleux|honnete",
            "avoir|faire|fais|peux|peut confiance",
            f"que|si ce|cet|le|l {_MESSAGE} vient|provient",
            "est|c|ce il? sur$",
            "dois|peux|faut il? je? clique|cliquer|repondre|reponds",
            "clique|cliquer|reponds|repondre ou",
            "quoi ce|cet sms|message|texto|mail",
        ),
        # « c'est vrai que … ? », « un vrai conseiller » doubt no message.
        "other": (
            (
                "vrai|vraie|vrais que|qu|humain|humaine|gens|personne|personnes|medecin|docteur"
                "|conseiller|conseillere|robot|nom|probleme"
            ),
        ),
    }
)
_ABOUT = PhraseBook(
    {
        "message": (
            f"ce|cet|cette|c|se|un|le|l|du|vrai|faux|recu|par {_MESSAGE}",
            f"recois|recu|arrive * {_MESSAGE}",
            f"^{_MESSAGE}",
        ),
        "received": ("recu|recois|recoit|arrive", f"{_MESSAGE} * dit|demande|dis|disant|ecrit"),
        # Who clicked, paid or gave something needs the guide at once.
        "acted": (
            f"ai|avons tout? {_ACTS}",
            f"mere|pere|mari|femme|fils|fille|elle|il a tout? {_ACTS}",
            "suis|est|sommes fait|faite|faire avoir|arnaquer|arnaque|pieger|voler|escroquer",
            "victime|debite|vole",
            "ai ete arnaque|escroque|debite",
        ),
        "insured": ("ameli|cpam|vitale", "assurance maladie", "securite sociale", "secu"),
        # What comes with the message itself: its words, or what it wants.
        "told": ("dit|dis|demande|ecrit|disant|parle|propose|marque|annonce|offre",),
    }
)
_QUOTED = re.compile(r"[«»\"“”]|:\s*\S.{15}", re.DOTALL)
# Names of services, in which « mon » is nobody's.
_NAMED_MINE = re.compile(r"\bmon (?:compte formation|espace sante)\b")
_SELF = frozenset("je j jai me m moi mon ma mes nous notre".split())
_READER = frozenset("vous votre vos".split())
_TWO_SIGNS = 2


def read_doubted(text: str) -> DoubtedMessage | None:
    """Return what a masked text tells of a message that somebody doubts; None without a doubt."""
    about = {name for name, _, _ in _ABOUT.find(text)}
    if "acted" in about:
        return None
    links = [each for each in find_unapproved(text, (), ()) if each.kind == "url"]
    plain = _without(text, [each.value for each in links])
    signs = {Sign(name) for name, _, _ in _SIGNS.find(plain)}
    others = len(signs - {Sign.LINK})
    words = set(_NAMED_MINE.sub(" ", fold(plain)).split())
    doubted = "message" in about and _is_doubted(plain)
    # To whom we speak writes « je »; who writes to deceive them writes « votre ».
    pasted = not _READER.isdisjoint(words) and words.isdisjoint(_SELF)
    pasted = bool(others) and (bool(links) or len(signs) >= _TWO_SIGNS) and pasted
    quoted = bool(others) and bool(links) and ("message" in about or "received" in about)
    described = len(signs) >= _TWO_SIGNS and about >= {"message", "received"}
    if not (doubted or pasted or quoted or described):
        return None
    if links:
        signs.add(Sign.LINK)
    told = bool(signs) or "told" in about or _QUOTED.search(plain) is not None
    found = tuple(sign for sign in Sign if sign in signs)
    return DoubtedMessage(found, told, bool(links) or pasted, "insured" in about)


def _is_doubted(text: str) -> bool:
    found = _DOUBTS.find(text)
    elsewhere = {start for name, start, _ in found if name == "other"}
    return any(start not in elsewhere for name, start, _ in found if name == "doubt")


def _without(text: str, addresses: list[str]) -> str:
    """Return the words around the addresses, whose letters say nothing that people mean."""
    for address in addresses:
        text = text.replace(address, " ")
    return text
