"""The national schema of places of digital mediation, v1.0.2, and the old one that it replaced.

Both are read together: published files mix them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.directory import mending
from assistant.directory.place import Place
from assistant.directory.readers import lists
from assistant.directory.readers.common_fields import Cells, hours_of, read_common, read_phone
from assistant.directory.readers.lists import members, of_kind, parts
from assistant.directory.readers.rows import RawRow, ReadRow
from assistant.directory.remarks import Notes
from assistant.directory.territory import territory_of
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

# A description that the row gives no source for comes from the file itself.
_UNNAMED = "lieux-de-mediation-numerique"


class MediationReader:
    """Reads one row of either schema."""

    def read(self, row: RawRow, today: date) -> ReadRow:
        """Return the place of a row."""
        notes = Notes(row.line, row.remarks)
        place = None if row.cells is None else _place(Cells(row.cells, notes), today)
        return ReadRow(row.line, place, None, notes.remarks)


def _place(cells: Cells, today: date) -> Place | None:
    common = read_common(cells, cells.text("source") or _UNNAMED, today)
    if common is None:
        return None
    notes = cells.notes
    people = [
        *members(
            cells.first("publics_specifiquement_adresses", "publics_accueillis"),
            lists.AUDIENCES_AND_CARE,
            "publics_specifiquement_adresses",
            notes,
        ),
        *members(
            cells.first("prise_en_charge_specifique"),
            lists.AUDIENCES_AND_CARE,
            "prise_en_charge_specifique",
            notes,
        ),
    ]
    programmes = members(
        cells.first("dispositif_programmes_nationaux", "labels_nationaux"),
        lists.PROGRAMMES,
        "dispositif_programmes_nationaux",
        notes,
    )
    labels = members(cells.first("formations_labels"), lists.LABELS, "formations_labels", notes)
    fees = members(
        cells.first("frais_a_charge", "conditions_acces", "conditions_access", "frais"),
        lists.FEES,
        "frais_a_charge",
        notes,
    )
    access = members(cells.first("modalites_acces"), lists.ACCESSES, "modalites_acces", notes)
    support = members(
        cells.first("modalites_accompagnement"),
        lists.SUPPORTS,
        "modalites_accompagnement",
        notes,
    )
    roaming = of_kind(
        Roaming, members(cells.first("itinerance"), lists.ROAMINGS, "itinerance", notes)
    )
    services = members(cells.first("services"), lists.SERVICES, "services", notes)
    hours, hours_text = hours_of(cells, "horaires", "horaires_ouverture")
    territory = territory_of(common.postcode or common.insee)
    return replace(
        common,
        phone=read_phone(cells, territory, moves=Roaming.TRAVELS in roaming),
        booking=mending.link(cells.first("prise_rdv"), notes, "prise_rdv"),
        hours=hours,
        hours_text=hours_text,
        hours_note=cells.prose("commentaire_horaires"),
        kinds=tuple(parts(cells.first("typologie"))),
        parent=cells.text("structure_parente"),
        services=of_kind(Service, services),
        audiences=of_kind(Audience, people),
        care=of_kind(Care, people),
        fees=of_kind(Fee, fees),
        programmes=of_kind(Programme, programmes),
        labels=of_kind(Label, [*labels, *programmes]),
        other_labels=tuple(parts(cells.text("autres_formations_labels", "labels_autres"))),
        access=of_kind(Access, access),
        support=of_kind(Support, support),
        roaming=roaming,
    )
