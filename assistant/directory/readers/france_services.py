"""The national list of France services, one column of hours a day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.directory.french_hours import osm_of_week, ranges_from_french
from assistant.directory.place import Place
from assistant.directory.readers import lists
from assistant.directory.readers.common_fields import Cells, read_common, read_phone
from assistant.directory.readers.lists import members, of_kind
from assistant.directory.readers.rows import RawRow, ReadRow
from assistant.directory.remarks import Notes, Reason
from assistant.directory.territory import territory_of
from assistant.directory.vocabulary import Fee, Programme, Roaming, Service, Support

_SOURCE = "france-services"
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_CLOSED = re.compile(
    r"\b(?:ferm[ée](?:ture)? d[ée]finitive|suspendue?|fermée? d[ée]finitivement)\b"
)


class FranceServicesReader:
    """Reads one row of the list."""

    def read(self, row: RawRow, today: date) -> ReadRow:
        """Return the place of a row.

        Each France services helps, free of charge, with the procedures of its partners, the health
        insurance among them: circulaire of 1 July 2019.
        """
        notes = Notes(row.line, row.remarks)
        place = None if row.cells is None else _place(Cells(row.cells, notes), today)
        return ReadRow(row.line, place, None, notes.remarks)


def _place(cells: Cells, today: date) -> Place | None:
    common = read_common(cells, _SOURCE, today)
    if common is None:
        return None
    status = cells.text("labellisation", "statut")
    if _CLOSED.search(status.lower()):
        cells.notes.refused("labellisation", status, Reason.CLOSED)
        return None
    roaming = of_kind(
        Roaming, members(cells.first("itinerance"), lists.ROAMINGS, "itinerance", cells.notes)
    )
    territory = territory_of(common.postcode or common.insee)
    hours, hours_text = _hours(cells)
    return replace(
        common,
        phone=read_phone(cells, territory, moves=Roaming.TRAVELS in roaming),
        hours=hours,
        hours_text=hours_text,
        hours_note=cells.prose("commentaire_horaires", "commentaire"),
        kinds=("RFS",),
        services=(Service.PROCEDURES,),
        fees=(Fee.FREE,),
        programmes=(Programme.FRANCE_SERVICES,),
        support=(Support.INDIVIDUAL,),
        roaming=roaming,
        parent=cells.text("groupe"),
    )


def _hours(cells: Cells) -> tuple[str, str]:
    """Return the week as an expression, or as text when one day of it is in doubt."""
    written = [cells.text(f"h_{day}", f"horaires_{day}", f"horaire_{day}", day) for day in _DAYS]
    if not any(cell.strip(" -") for cell in written):
        return "", ""
    week = [ranges_from_french(cell) for cell in written]
    text = " ; ".join(
        f"{day} : {cell}" for day, cell in zip(_DAYS, written, strict=True) if cell.strip(" -")
    )
    certain = [day for day in week if day is not None]
    if len(certain) < len(week):
        column = next(f"h_{day}" for day, read in zip(_DAYS, week, strict=True) if read is None)
        cells.notes.dropped(column, text, Reason.HOURS_KEPT)
        return "", text
    cells.notes.mended("h_lundi", text, Reason.HOURS_WRITTEN)
    return osm_of_week(tuple(certain)), ""
