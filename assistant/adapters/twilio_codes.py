"""Twilio's error codes that we tell apart, each with the page that says what it means.

Twilio warns that codes come and go (changelog of 10 July 2024) and advises against logic built on
them alone. So the status of the HTTP answer decides what is tried again, and this table only says
what it cannot: a code that is transient or final whatever its status, an opt-out, and words for
the operator. ``page_read`` tells that Twilio's own page was read for it (23 November 2026); the
others were met in its helper libraries' and customers' documentation only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.domain.delivery import RefusalKind

PAGES = "https://www.twilio.com/docs/api/errors/"

TRANSIENT, PERMANENT, OPTED_OUT = (
    RefusalKind.TRANSIENT,
    RefusalKind.PERMANENT,
    RefusalKind.OPTED_OUT,
)


@dataclass(frozen=True)
class Code:
    """What a code means to us, and in French to the operator."""

    kind: RefusalKind
    meaning: str
    page_read: bool = False


CODES: Mapping[int, Code] = MappingProxyType(
    {
        # -- answers to a request
        20003: Code(TRANSIENT, "identifiants Twilio refusés : vérifiez le compte et le jeton"),
        20429: Code(TRANSIENT, "trop de demandes à la fois"),
        21211: Code(PERMANENT, "numéro invalide"),
        21408: Code(PERMANENT, "pays non autorisé dans le compte Twilio"),
        21608: Code(
            PERMANENT, "compte d'essai : le destinataire n'est pas vérifié", page_read=True
        ),
        21610: Code(OPTED_OUT, "la personne a répondu STOP à Twilio"),
        21612: Code(PERMANENT, "Twilio ne relie pas notre numéro à celui du destinataire"),
        21614: Code(PERMANENT, "ce n'est pas un numéro de mobile", page_read=True),
        21635: Code(PERMANENT, "numéro fixe", page_read=True),
        # -- reports about a message that Twilio took; it is never sent again by itself
        30001: Code(TRANSIENT, "file d'attente de l'opérateur pleine"),
        30002: Code(TRANSIENT, "compte Twilio suspendu"),
        30003: Code(TRANSIENT, "téléphone éteint ou hors réseau", page_read=True),
        30004: Code(PERMANENT, "bloqué par l'opérateur ou par la personne"),
        30005: Code(PERMANENT, "numéro inconnu ou plus en service"),
        30006: Code(PERMANENT, "numéro fixe, ou opérateur injoignable", page_read=True),
        30007: Code(PERMANENT, "filtré par un opérateur : le texte ressemble à une publicité"),
        30008: Code(TRANSIENT, "l'opérateur ne dit pas pourquoi"),
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
