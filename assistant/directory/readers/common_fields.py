"""What the rows of every format share: a name, somewhere, somebody to ring."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.directory import mending
from assistant.directory.cell_text import NAME_LENGTH, TEXT_LENGTH, clean_text, without_people
from assistant.directory.hours import read_hours
from assistant.directory.place import Place
from assistant.directory.remarks import Notes, Outcome, Reason
from assistant.directory.territory import Territory, territory_of

# 280 in the schema; a few sources go beyond.
_SUMMARY = 500


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a row, asked for by any of the names that a column has had."""

    cells: Mapping[str, object]
    notes: Notes

    def first(self, *names: str) -> object:
        """Return the first of these cells that holds something."""
        for name in names:
            value = self.cells.get(name)
            if value not in (None, "", [], "null", "NULL", "nan", "NaN"):
                return value
        return None

    def text(self, *names: str, limit: int = 300) -> str:
        """Return the first of these cells as one harmless line."""
        return clean_text(self.first(*names), names[0], self.notes, limit)

    def prose(self, *names: str, limit: int = TEXT_LENGTH) -> str:
        """Return the first of these cells as a text that names no private address."""
        return without_people(self.text(*names, limit=limit), names[0], self.notes)


def read_common(
    cells: Cells, source: str, today: date, *, may_be_anywhere: bool = False
) -> Place | None:
    """Return what the columns that all formats share say; None, with a remark, refuses the row."""
    notes = cells.notes
    name = without_people(
        cells.text("nom", "lib_fs", "name", "nom_structure", limit=NAME_LENGTH), "nom", notes
    )
    if not name:
        notes.refused("nom", cells.first("nom", "lib_fs") or "", Reason.NO_NAME)
        return None
    commune = cells.text("commune", "lib_com", "ville", "localite", "nom_commune")
    postcode = mending.postcode(cells.first("code_postal", "cp", "codepostal"), notes)
    insee = mending.insee_code(
        cells.first("code_insee", "insee_com", "codeinsee", "citycode"), notes
    )
    known = postcode or insee
    territory = territory_of(known)
    point = mending.point(
        cells.first("latitude", "lat", "y"),
        cells.first("longitude", "lon", "long", "lng", "x"),
        territory if known else None,
        notes,
    )
    if not (commune or known or point or may_be_anywhere):
        notes.refused("commune", "", Reason.NOWHERE)
        return None
    address = cells.text("adresse", "address")
    return Place(
        source=source,
        external_id=_identifier(cells, name, address, postcode),
        name=name,
        commune=commune,
        postcode=postcode,
        insee=insee,
        address=address,
        address_more=cells.text("complement_adresse"),
        point=point,
        siret=mending.siret(cells.first("pivot", "siret", "rna"), notes),
        websites=mending.links(cells.first("site_web", "site_internet", "url"), notes),
        accessibility=mending.link(
            cells.first("fiche_acces_libre", "accessibilite_lieu", "accessibilite"),
            notes,
            "fiche_acces_libre",
        ),
        emails=mending.emails(
            cells.first("courriels", "courriel", "mail", "email"), commune, notes
        ),
        summary=cells.prose("presentation_resume", limit=_SUMMARY),
        detail=cells.prose("presentation_detail", "description"),
        updated=mending.day(cells.first("date_maj", "_di_date_maj", "updated_at"), today, notes),
    )


def read_phone(cells: Cells, territory: Territory, *, moves: bool) -> str:
    """Return the number of the place, if it is not somebody's own."""
    return mending.phone(
        cells.first("telephone", "tel", "phone"),
        territory,
        cells.notes,
        mobile_is_the_place_s=moves and not cells.first("contact_nom_prenom"),
    )


def hours_of(cells: Cells, *names: str) -> tuple[str, str]:
    """Return the hours of a row as an expression and as text; one of them is empty."""
    raw = cells.text(*names, limit=TEXT_LENGTH)
    read = read_hours(raw)
    if read.reason is Reason.HOURS_WRITTEN:
        cells.notes.mended(names[0], raw, read.reason)
    elif read.reason is not None:
        cells.notes.dropped(names[0], raw, read.reason)
    return read.osm, without_people(read.text, names[0], cells.notes)


def is_refused(notes: Notes) -> bool:
    """Tell whether a remark refuses the row."""
    return any(remark.outcome is Outcome.REFUSED for remark in notes.remarks)


def _identifier(cells: Cells, name: str, address: str, postcode: str) -> str:
    given = cells.text("id", "id_fs", "identifiant", "uid")
    if given:
        return given
    cells.notes.mended("id", name, Reason.NO_ID)
    drawn = hashlib.sha256(f"{name}\n{address}\n{postcode}".encode()).hexdigest()
    return f"sans-id-{drawn[:16]}"
