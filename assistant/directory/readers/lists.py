"""The values of the closed lists, under every name that the schemas ever gave them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias, TypeVar

from assistant.directory.remarks import Notes, Reason
from assistant.directory.vocabulary import (
    Access,
    Audience,
    Care,
    Fee,
    Label,
    Programme,
    Roaming,
    Service,
    Support,
)
from assistant.safety.normalise import fold

Member: TypeAlias = Service | Audience | Care | Fee | Label | Programme | Access | Support | Roaming
M = TypeVar("M", Service, Audience, Care, Fee, Label, Programme, Access, Support, Roaming)

_BETWEEN = re.compile(r"[|;\n]")


def parts(value: object) -> Sequence[str]:
    """Return the values of a cell that holds several: a list, or text with "|" or ";" between.

    The lists of a CSV may be JSON (["a"]) or PostgreSQL ({a,"b c"}) arrays.
    """
    if value is None or isinstance(value, (bool, dict)):
        return ()
    if isinstance(value, list):
        return [str(each).strip() for each in value if isinstance(each, (str, int, float))]
    text = str(value).strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            read = json.loads(text.replace("'", '"') if '"' not in text else text)
        except ValueError:
            read = None
        if isinstance(read, list):
            return parts(read)
    if text.startswith("{") and text.endswith("}"):
        return [each.strip(' "') for each in text[1:-1].split(",") if each.strip(' "')]
    return [each.strip() for each in _BETWEEN.split(text) if each.strip()]


def members(
    value: object, names: Mapping[str, Sequence[Member]], column: str, notes: Notes
) -> tuple[Member, ...]:
    """Return the members of the lists that a cell names; what is in no list is dropped."""
    if not value:
        return ()
    found: dict[Member, None] = {}
    for part in parts(value):
        known = names.get(_key(part))
        if known is None and "," in part:
            pieces = [names.get(_key(piece)) for piece in part.split(",")]
            known = [each for piece in pieces if piece for each in piece] if all(pieces) else None
        if known is None:
            notes.dropped(column, part, Reason.NOT_IN_LIST)
        else:
            found.update(dict.fromkeys(known))
    return tuple(found)


def of_kind(kind: type[M], found: Sequence[Member]) -> tuple[M, ...]:
    """Return the members of one list, each once, in the order of the list."""
    if not found:
        return ()
    present = {each for each in found if isinstance(each, kind)}
    return tuple(member for member in kind if member in present)


@lru_cache(maxsize=10_000)
def _key(text: str) -> str:
    # The old schema explains each value after a colon.
    return fold(text.partition(" :")[0])


def _named(
    *lists: type[Member], also: Mapping[str, Sequence[Member]] | None = None
) -> Mapping[str, Sequence[Member]]:
    own: dict[str, Sequence[Member]] = {
        _key(member.value): (member,) for each in lists for member in each
    }
    for name, meant in (also or {}).items():
        for spelling in name.split(" = "):
            own[_key(spelling)] = meant
    return own


SERVICES = _named(
    Service,
    also={
        "Devenir autonome dans les démarches administratives": [Service.PROCEDURES],
        "Réaliser des démarches administratives avec un accompagnement": [Service.PROCEDURES],
        # Wider than health in the new schema, which lost the word: both are kept.
        "Accompagner les démarches de santé": [Service.HEALTH, Service.PROCEDURES],
        "Prendre en main un smartphone ou une tablette": [Service.EVERYDAY_TOOLS],
        "Prendre en main un ordinateur": [Service.EVERYDAY_TOOLS],
        "Utiliser le numérique au quotidien": [Service.EVERYDAY_TOOLS],
        "Approfondir ma culture numérique": [Service.UNDERSTANDING],
        "Promouvoir la citoyenneté numérique": [Service.UNDERSTANDING],
        "Favoriser mon insertion professionnelle": [Service.EMPLOYMENT],
        "Créer et développer mon entreprise": [Service.EMPLOYMENT],
        "Accéder à une connexion internet": [Service.ACCESS],
        "Accéder à du matériel": [Service.ACCESS],
        "S'équiper en matériel informatique": [Service.EQUIPMENT],
        "Créer avec le numérique": [Service.LEISURE],
        "Soutenir la parentalité et l'éducation avec le numérique": [Service.PARENTING],
    },
)
AUDIENCES_AND_CARE = _named(
    Audience,
    Care,
    also={
        # Everybody, or nearly: no list of the new schema says it.
        "Adultes = Tous publics = Tout public": [],
        "Jeunes (16-26 ans)": [Audience.YOUNG],
        "Seniors (+ 65 ans) = Séniors": [Audience.SENIORS],
        "Familles/enfants = Familles": [Audience.FAMILIES],
        "Uniquement femmes": [Audience.WOMEN],
        "Personnes en situation d'illettrisme": [Care.ILLITERACY],
        "Public langues étrangères = Langues étrangères": [Care.OTHER_LANGUAGES],
        "Langues étrangères (anglais)": [Care.ENGLISH],
        "Handicaps psychiques": [Care.MENTAL],
    },
)
FEES = _named(
    Fee,
    also={
        "Adhésion = Payant sous condition": [Fee.PAID],
        # How one may pay is not what it costs.
        "Accepte le Pass numérique = Pass numérique": [],
        "free": [Fee.FREE],
    },
)
PROGRAMMES = _named(
    Programme,
    also={
        "CNFS = Conseiller numérique = Conseillers numériques France Services": [
            Programme.CONSEILLERS
        ],
        "conseillers-numeriques": [Programme.CONSEILLERS],
        "FS = France Service = Maison France Services = MFS": [Programme.FRANCE_SERVICES],
        "Aidant Connect = aidants-connect": [Programme.AIDANTS_CONNECT],
        "Bibliothèques numériques de référence = BNR": [Programme.LIBRARY],
        "CAF = Point relais CAF": [Programme.CAF],
        "Pix = Centre Pix": [Programme.PIX],
        "Croix-Rouge = Croix Rouge": [Programme.RED_CROSS],
        "Grandes écoles du numérique": [Programme.GRANDE_ECOLE],
        "Relais numérique": [Programme.RELAIS],
        "Étapes numériques (La Poste)": [Label.LA_POSTE],
        "Fabrique de Territoire = French Tech = APTIC = Point relais Pôle Emploi": [],
    },
)
LABELS = _named(
    Label,
    also={
        "Formé à Mon Espace Santé = Mon Espace Santé = Formé Mon Espace Santé": [
            Label.MON_ESPACE_SANTE
        ],
        "Formé à DUPLEX = DUPLEX": [Label.DUPLEX],
        # The national library of the schema writes a space that the schema does not have.
        "Étapes numériques (La Poste) = La Poste": [Label.LA_POSTE],
        "Fabrique de Territoire": [Label.FABRIQUES],
    },
)
ACCESSES = _named(
    Access,
    also={
        "Contacter par email = Envoyer un mail": [Access.MAIL],
        "Prendre RDV en ligne = Prendre un rendez-vous en ligne": [Access.BOOK_ONLINE],
    },
)
SUPPORTS = _named(
    Support,
    also={
        "Seul": [Support.ALONE],
        "Avec de l'aide = A ma place": [Support.INDIVIDUAL],
        "Dans un atelier": [Support.WORKSHOP],
        "Distanciel = En distanciel": [Support.REMOTE],
    },
)
ROAMINGS = _named(
    Roaming,
    also={
        "Oui = true = 1 = Itinérante = bus": [Roaming.TRAVELS],
        "Non = false = 0 = Fixes": [Roaming.STAYS],
    },
)
