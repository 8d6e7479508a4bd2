"""Twilio's error codes that we tell apart, each with the page that says what it means.

Twilio warns that codes come and go (changelog of 10 July 2024) and advises against logic built on
them alone. So the status of the HTTP answer decides what is tried again, and this table only says
what it cannot: a code that is transient or final whatever its status, an opt-out, and words for
the operator. ``source`` is where the meaning was read, on 23 November 2026: Twilio's own page, or,
for those that could not be had, what another company tells its customers of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.domain.delivery import RefusalKind

PAGES = "https://www.twilio.com/docs/api/errors/"

TWILIO = "its own page"
"""``PAGES`` and the code."""

# Second hand: to be read again at Twilio's before anything more is built on them.
TUNDRA = "https://github.com/TundraSoft/tundra-connect/wiki/Twilio-Errors"
SLEEKFLOW = "https://help.sleekflow.io/en_US/sms/troubleshooting-your-twilio-sms-channel"
CHEKKIT = "https://help.chekkit.io/article/148-common-sms-mms-error-messages"
WAY_TO_HEALTH = (
    "https://waytohealth.atlassian.net/wiki/spaces/WTHST/pages/140804097/"
    "Twilio+Message+Failure+Incidents"
)

TRANSIENT, PERMANENT, OPTED_OUT = (
    RefusalKind.TRANSIENT,
    RefusalKind.PERMANENT,
    RefusalKind.OPTED_OUT,
)


@dataclass(frozen=True)
class Code:
    """What a code means to us, and in French to the operator; where that was read."""

    kind: RefusalKind
    meaning: str
    source: str = TWILIO

    @property
    def is_first_hand(self) -> bool:
        """Tell whether Twilio itself says so."""
        return self.source == TWILIO


CODES: Mapping[int, Code] = MappingProxyType(
    {
        # -- answers to a request
        10001: Code(TRANSIENT, "compte Twilio inactif : solde ou règlement à vérifier"),
        20003: Code(TRANSIENT, "identifiants Twilio refusés : vérifiez le compte et le jeton"),
        20403: Code(TRANSIENT, "compte Twilio suspendu ou fermé"),
        20429: Code(TRANSIENT, "trop de demandes à la fois"),
        21211: Code(PERMANENT, "numéro invalide", TUNDRA),
        21408: Code(PERMANENT, "pays non autorisé dans le compte Twilio", TUNDRA),
        21604: Code(PERMANENT, "il manque le numéro du destinataire"),
        21606: Code(PERMANENT, "notre numéro ne peut pas envoyer de SMS à ce destinataire"),
        21608: Code(PERMANENT, "compte d'essai : le destinataire n'est pas vérifié"),
        21610: Code(OPTED_OUT, "la personne a répondu STOP à Twilio", SLEEKFLOW),
        21611: Code(TRANSIENT, "plus de dix heures de SMS attendent déjà chez Twilio"),
        21612: Code(
            PERMANENT, "Twilio ne relie pas notre numéro à celui du destinataire", SLEEKFLOW
        ),
        21614: Code(PERMANENT, "ce n'est pas un numéro de mobile"),
        21635: Code(PERMANENT, "numéro fixe"),
        21661: Code(PERMANENT, "notre numéro ne peut pas envoyer de SMS"),
        # -- reports about a message that Twilio took; it is never sent again by itself
        30001: Code(TRANSIENT, "le SMS a attendu trop longtemps dans la file de Twilio"),
        30002: Code(TRANSIENT, "compte Twilio suspendu avant l'envoi : solde ou règlement"),
        30003: Code(TRANSIENT, "téléphone éteint ou hors réseau"),
        30004: Code(PERMANENT, "bloqué par l'opérateur ou par la personne", CHEKKIT),
        30005: Code(PERMANENT, "numéro inconnu ou plus en service", WAY_TO_HEALTH),
        30006: Code(PERMANENT, "numéro fixe, ou opérateur injoignable"),
        30007: Code(
            PERMANENT, "filtré par un opérateur : le texte ressemble à une publicité", WAY_TO_HEALTH
        ),
        30008: Code(TRANSIENT, "l'opérateur ne dit pas pourquoi", CHEKKIT),
        30036: Code(PERMANENT, "la durée de validité du SMS est passée avant l'envoi"),
        30500: Code(TRANSIENT, "erreur interne de Twilio"),
    }
)

TOO_MANY_REQUESTS = 20429
CANNOT_DELETE_YET = 20009
"""A message that Twilio still works on, for up to fourteen days (its page was read)."""

OPTED_OUT_CODES = frozenset(code for code, known in CODES.items() if known.kind is OPTED_OUT)

_AGAIN_LATER = frozenset({401, 403, 408, 425, 429})
"""Statuses that tell of the account, the moment or the network, and not of the message."""
_SERVER_ERROR = 500


def refusal_kind(status: int, code: int | None) -> RefusalKind:
    """Tell whether a request that Twilio refused may be made again."""
    if code is not None and code in CODES:
        return CODES[code].kind
    return TRANSIENT if status in _AGAIN_LATER or status >= _SERVER_ERROR else PERMANENT


def meaning(code: int | None) -> str:
    """Return what a code means, for the operator, with the address of its page."""
    if code is None:
        return "pas de réponse de Twilio"
    known = CODES.get(code)
    return f"{known.meaning if known else 'code inconnu ici'} ({PAGES}{code})"
