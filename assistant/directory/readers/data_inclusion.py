"""The schema of data·inclusion, v1, and the one of 2022–23: structures, and what they offer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.directory import mending
from assistant.directory.place import Place
from assistant.directory.readers import lists
from assistant.directory.readers.common_fields import Cells, hours_of, read_common, read_phone
from assistant.directory.readers.lists import Member, members, of_kind, parts
from assistant.directory.readers.rows import Offer, RawRow, ReadRow
from assistant.directory.remarks import Notes, Reason
from assistant.directory.territory import territory_of
from assistant.directory.vocabulary import (
    Access,
    Audience,
    Fee,
    Programme,
    Roaming,
    Service,
    Support,
)

_UNNAMED = "data-inclusion"
# Two geocoders put the two ends of one building that far apart.
_SAME_ADDRESS_KM = 0.3
_ZONE = re.compile(r"france|\d{2,3}|2[ABab]|\d{5}|2[ABab]\d{3}|\d{9}")

# Of the hundred themes, those of our needs; the others are not ours to judge.
_THEMES: dict[str, Sequence[Service]] = {
    "numerique--acceder-a-des-services-en-ligne": (Service.PROCEDURES,),
    "numerique--acceder-a-une-connexion-internet": (Service.ACCESS,),
    "numerique--acquerir-un-equipement": (Service.EQUIPMENT,),
    "numerique--maitriser-les-fondamentaux-du-numerique": (Service.EVERYDAY_TOOLS,),
    "numerique--soutenir-la-parentalite-et-leducation-avec-le-numerique": (Service.PARENTING,),
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives": (
        Service.PROCEDURES,
    ),
    "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits": (
        Service.PROCEDURES,
    ),
    "acces-aux-droits-et-citoyennete--accompagnement-dans-les-demarches-administratives": (
        Service.PROCEDURES,
    ),
    "acces-aux-droits-et-citoyennete--connaitre-ses-droits": (Service.PROCEDURES,),
    "sante--acces-aux-soins": (Service.HEALTH,),
    "sante--faciliter-laccess-a-la-complementaire-sante": (Service.HEALTH,),
    "sante--mettre-en-place-un-accompagnement-aux-soins-adapte": (Service.HEALTH,),
    "sante--lacces-aux-soins": (Service.HEALTH,),
}
_NETWORKS: dict[str, Sequence[Programme]] = {
    "france-service": (Programme.FRANCE_SERVICES,),
    "france-services": (Programme.FRANCE_SERVICES,),
    "conseillers-numeriques": (Programme.CONSEILLERS,),
    "conseiller-numerique": (Programme.CONSEILLERS,),
    "aidants-connect": (Programme.AIDANTS_CONNECT,),
    "croix-rouge": (Programme.RED_CROSS,),
    "grandes-ecoles-du-numerique": (Programme.GRANDE_ECOLE,),
}
# How the national schema of places names the same kinds.
_KINDS = {
    "cpam": "CPAM",
    "cnam": "CPAM",
    "ccas-cias": "CCAS",
    "caf": "CAF",
    "mutualite-sociale-agricole": "MSA",
    "france-service": "RFS",
    "france-services": "RFS",
    "mission-locale": "ML",
    "communes": "MUNI",
    "la-poste": "LA_POSTE",
    "mdph": "MDPH",
    "mjc": "MJC",
}
_FEES: dict[str, Sequence[Member]] = {
    "gratuit": (Fee.FREE,),
    "gratuit sous conditions": (Fee.FREE_FOR_SOME,),
    "payant": (Fee.PAID,),
    "adhesion": (Fee.PAID,),
    "pass numerique": (),
}
_MODES: dict[str, Access] = {
    "se-presenter": Access.WALK_IN,
    "telephoner": Access.PHONE,
    "envoyer-un-courriel": Access.MAIL,
    "envoyer-un-mail": Access.MAIL,
    "utiliser-lien-mobilisation": Access.BOOK_ONLINE,
    "prendre-rdv": Access.BOOK_ONLINE,
}
_AUDIENCES: dict[str, Audience] = {
    "jeunes": Audience.YOUNG,
    "jeunes-16-26": Audience.YOUNG,
    "etudiants": Audience.STUDENTS,
    "familles": Audience.FAMILIES,
    "familles-enfants": Audience.FAMILIES,
    "seniors": Audience.SENIORS,
    "seniors-65": Audience.SENIORS,
    "femmes": Audience.WOMEN,
}
_TYPES: dict[str, Support] = {
    "accompagnement": Support.INDIVIDUAL,
    "atelier": Support.WORKSHOP,
}


class DataInclusionReader:
    """Reads one structure, or one service of a structure."""

    def read(self, row: RawRow, today: date) -> ReadRow:
        """Return the place of a structure, or the offer of a service."""
        notes = Notes(row.line, row.remarks)
        if row.cells is None:
            return ReadRow(row.line, None, None, notes.remarks)
        cells = Cells(row.cells, notes)
        if "structure_id" in row.cells:
            return ReadRow(row.line, None, _offer(cells, today), notes.remarks)
        return ReadRow(row.line, _structure(cells, today), None, notes.remarks)


def _source(cells: Cells) -> str:
    return cells.text("source") or _UNNAMED


def _structure(cells: Cells, today: date) -> Place | None:
    common = read_common(cells, _source(cells), today)
    if common is None:
        return None
    networks = [each.lower() for each in parts(cells.first("reseaux_porteurs", "labels_nationaux"))]
    kinds = [_KINDS.get(each, "") for each in networks] + [
        each.upper() for each in parts(cells.first("typologie"))
    ]
    hours, hours_text = hours_of(cells, "horaires_accueil", "horaires_ouverture")
    return replace(
        common,
        phone=read_phone(cells, territory_of(common.postcode or common.insee), moves=False),
        hours=hours,
        hours_text=hours_text,
        kinds=tuple(dict.fromkeys(filter(None, kinds))),
        programmes=of_kind(
            Programme, [found for each in networks for found in _NETWORKS.get(each, ())]
        ),
        other_labels=tuple(parts(cells.text("labels_autres"))),
        services=_services(cells),
    )


def _offer(cells: Cells, today: date) -> Offer | None:
    notes = cells.notes
    structure_id = cells.text("structure_id")
    may_ask = list(parts(cells.first("mobilisable_par")))
    if may_ask and "usagers" not in may_ask:
        notes.refused("mobilisable_par", "|".join(may_ask), Reason.PROFESSIONALS_ONLY)
        return None
    suspended = mending.day(cells.first("date_suspension"), date.max, notes, "date_suspension")
    if suspended is not None and suspended <= today:
        notes.refused("date_suspension", suspended, Reason.CLOSED)
        return None
    # A service stands where its structure does, unless it says otherwise.
    common = read_common(cells, _source(cells), today, may_be_anywhere=True)
    if common is None:
        return None
    hours, hours_text = hours_of(cells, "horaires_accueil")
    modes = set(parts(cells.first("modes_mobilisation", "modes_orientation_beneficiaire")))
    return Offer(
        structure_id,
        replace(
            common,
            phone=read_phone(cells, territory_of(common.postcode or common.insee), moves=False),
            booking=mending.link(
                cells.first("lien_mobilisation", "prise_rdv"), notes, "lien_mobilisation"
            ),
            hours=hours,
            hours_text=hours_text,
            hours_note=cells.prose("recurrence"),
            services=_services(cells),
            fees=of_kind(Fee, members(cells.first("frais"), _FEES, "frais", notes)),
            access=of_kind(Access, [_MODES[mode] for mode in modes if mode in _MODES]),
            audiences=of_kind(
                Audience,
                [
                    _AUDIENCES[each]
                    for each in parts(cells.first("publics", "profils"))
                    if each in _AUDIENCES
                ],
            ),
            support=_support(cells),
            zone=tuple(
                each
                for each in parts(cells.first("zone_eligibilite", "zone_diffusion_code"))
                if _ZONE.fullmatch(each)
            ),
        ),
    )


def _services(cells: Cells) -> tuple[Service, ...]:
    found: list[Member] = []
    for theme in parts(cells.first("thematiques")):
        if theme in _THEMES:
            found.extend(_THEMES[theme])
        elif theme.startswith("numerique--"):
            # In 2022–23 the themes were the services of the old schema of places.
            name = theme.removeprefix("numerique--").replace("-", " ")
            found.extend(lists.SERVICES.get(name, ()))
    return of_kind(Service, found)


def _support(cells: Cells) -> tuple[Support, ...]:
    found = [_TYPES[each] for each in parts(cells.first("type", "types")) if each in _TYPES]
    if "a-distance" in parts(cells.first("modes_accueil")):
        found.append(Support.REMOTE)
    return of_kind(Support, found)


def is_elsewhere(offer: Place, structure: Place) -> bool:
    """Tell whether a service is offered at another address than its structure's."""
    if offer.point is not None and structure.point is not None:
        return offer.point.distance_km(structure.point) > _SAME_ADDRESS_KM
    return bool(offer.postcode and structure.postcode and offer.postcode != structure.postcode)


def with_offers(structure: Place, offers: Sequence[Place]) -> tuple[Place, ...]:
    """Return a structure with what it offers at its address, then what it offers elsewhere."""
    here = [offer for offer in offers if not is_elsewhere(offer, structure)]
    together = [structure, *here]

    def first(name: str) -> str:
        return next((found for each in together if (found := getattr(each, name))), "")

    hours_from = next((each for each in together if each.hours or each.hours_text), structure)
    place = replace(
        structure,
        phone=first("phone"),
        emails=structure.emails or next((each.emails for each in here if each.emails), ()),
        booking=first("booking"),
        point=next((each.point for each in together if each.point), None),
        commune=first("commune"),
        postcode=first("postcode"),
        insee=first("insee"),
        address=first("address"),
        hours=hours_from.hours,
        hours_text=hours_from.hours_text,
        hours_note=hours_from.hours_note,
        services=of_kind(Service, [one for each in together for one in each.services]),
        audiences=of_kind(Audience, [one for each in together for one in each.audiences]),
        fees=of_kind(Fee, [one for each in together for one in each.fees]),
        access=of_kind(Access, [one for each in together for one in each.access]),
        support=of_kind(Support, [one for each in together for one in each.support]),
        roaming=of_kind(Roaming, structure.roaming),
        # For the inhabitants of all the zones, unless one of the services is for everybody.
        zone=tuple(sorted({code for each in here for code in each.zone}))
        if here and all(each.zone for each in here)
        else (),
        updated=max((each.updated for each in together if each.updated), default=None),
    )
    return (
        place,
        *(
            replace(
                offer,
                name=f"{structure.name} : {offer.name}"[:150],
                siret="",
                kinds=structure.kinds,
                programmes=structure.programmes,
                parent=structure.siret or structure.external_id,
                websites=offer.websites or structure.websites,
            )
            for offer in offers
            if is_elsewhere(offer, structure)
        ),
    )
