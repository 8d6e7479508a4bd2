"""The rows of an import, set aside until all of them are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, tuple_, update

from assistant.adapters.place_tables import (
    PlaceRecordRow,
    PlaceStagedOfferRow,
    PlaceStagedRow,
    table_of,
)
from assistant.adapters.places.descriptions import description_row
from assistant.adapters.places.report import ImportReport
from assistant.directory.place import Place
from assistant.directory.place_json import place_from_json, place_to_json
from assistant.directory.readers.data_inclusion import with_offers
from assistant.directory.readers.rows import ReadRow
from assistant.directory.remarks import Notes, Outcome, Reason, Remark

BATCH = 1_000
# Of each outcome; a report is read by somebody, and the counts tell the rest.
REMARKS_KEPT = 1_000
# An item of a transaction on SQLite holds at most 32,766 parameters.
_KEYS_ASKED = 400


Listener = Callable[[Remark], None]


_OFFER_KEY = (
    PlaceStagedOfferRow.source,
    PlaceStagedOfferRow.structure_id,
    PlaceStagedOfferRow.external_id,
)


class Staging:
    """The rows of one import; each batch is one transaction."""

    def __init__(self, engine: Engine, report: ImportReport, listen: Listener | None) -> None:
        """Set rows aside for the import of that report; ``listen`` hears each remark."""
        self._engine = engine
        self._report = report
        self._listen = listen
        self._kept: Counter[Outcome] = Counter()
        self._places: dict[tuple[str, str], dict[str, object]] = {}
        self._offers: dict[tuple[str, str, str], dict[str, object]] = {}

    def add(self, row: ReadRow, place: Place | None) -> None:
        """Set one row aside: its place as it was completed, or what it offers."""
        self._report.read += 1
        self.remark(row.remarks)
        if place is not None:
            key = (place.source, place.external_id)
            if key in self._places:
                self._refuse_twin(row.line, place.external_id)
            else:
                self._places[key] = description_row(place) | {"line": row.line}
        if row.offer is not None:
            offer = row.offer
            self._offers[offer.place.source, offer.structure_id, offer.place.external_id] = {
                "source": offer.place.source,
                "structure_id": offer.structure_id,
                "external_id": offer.place.external_id,
                "line": row.line,
                "document": place_to_json(offer.place),
            }
        if len(self._places) + len(self._offers) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Commit what was gathered."""
        with self._engine.begin() as connection:
            self._write_places(connection)
            self._write_offers(connection)

    def remark(self, remarks: Iterable[Remark]) -> None:
        """Count remarks, and keep the first ones."""
        for remark in remarks:
            self._report.tally[remark.outcome, remark.reason] += 1
            self._kept[remark.outcome] += 1
            if self._kept[remark.outcome] <= REMARKS_KEPT:
                self._report.remarks.append(remark)
            if self._listen is not None:
                self._listen(remark)

    def join_offers(self) -> None:
        """Give each structure what it offers, now that all of it is read."""
        after = ("", "", "")
        while batch := self._offers_after(after):
            if len(batch) == BATCH:
                # The last structure of the batch may go on in the next one.
                cut = _structure(batch[-1])
                batch = [each for each in batch if _structure(each) != cut] or batch
            self._join(batch)
            after = (*_structure(batch[-1]), str(batch[-1]["external_id"]))

    def count(self) -> int:
        """Return how many places are set aside."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).where(PlaceStagedRow.import_id == self._report.import_id)
            ).scalar_one()

    def counts_by_source(self) -> dict[str, int]:
        """Return how many places of each source are set aside."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(PlaceStagedRow.source, func.count())
                .where(PlaceStagedRow.import_id == self._report.import_id)
                .group_by(PlaceStagedRow.source)
            )
            return dict(rows.all())

    def known_as(self) -> str | None:
        """Return the list that most of these descriptions already came from."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(PlaceRecordRow.dataset, func.count().label("met"))
                .join(
                    PlaceStagedRow,
                    (PlaceStagedRow.source == PlaceRecordRow.source)
                    & (PlaceStagedRow.external_id == PlaceRecordRow.external_id),
                )
                .where(PlaceStagedRow.import_id == self._report.import_id)
                .group_by(PlaceRecordRow.dataset)
                .order_by(func.count().desc(), PlaceRecordRow.dataset)
            ).first()
        if row is None or row.met * 2 <= self.count():
            return None
        return str(row.dataset)

    def clear(self) -> None:
        """Forget what was set aside, batch by batch."""
        for table in (PlaceStagedRow, PlaceStagedOfferRow):
            with self._engine.begin() as connection:
                connection.execute(delete(table).where(table.import_id == self._report.import_id))

    def _write_places(self, connection: Connection) -> None:
        if not self._places:
            return
        for key, line in self._already_read(connection, list(self._places)):
            self._refuse_twin(line, key[1])
            del self._places[key]
        if self._places:
            own = {"import_id": self._report.import_id}
            connection.execute(insert(PlaceStagedRow), [row | own for row in self._places.values()])
        self._places.clear()

    def _already_read(
        self, connection: Connection, keys: Sequence[tuple[str, str]]
    ) -> list[tuple[tuple[str, str], int]]:
        found: list[tuple[tuple[str, str], int]] = []
        for start in range(0, len(keys), _KEYS_ASKED):
            asked = keys[start : start + _KEYS_ASKED]
            rows = connection.execute(
                select(PlaceStagedRow.source, PlaceStagedRow.external_id).where(
                    PlaceStagedRow.import_id == self._report.import_id,
                    tuple_(PlaceStagedRow.source, PlaceStagedRow.external_id).in_(asked),
                )
            )
            found.extend(
                ((source, external), int(str(self._places[source, external]["line"])))
                for source, external in rows
            )
        return found

    def _write_offers(self, connection: Connection) -> None:
        if not self._offers:
            return
        own = {"import_id": self._report.import_id}
        keys = list(self._offers)
        for start in range(0, len(keys), _KEYS_ASKED):
            # A service that comes twice is taken as it came last.
            connection.execute(
                delete(PlaceStagedOfferRow).where(
                    PlaceStagedOfferRow.import_id == self._report.import_id,
                    tuple_(*_OFFER_KEY).in_(keys[start : start + _KEYS_ASKED]),
                )
            )
        connection.execute(
            insert(PlaceStagedOfferRow), [row | own for row in self._offers.values()]
        )
        self._offers.clear()

    def _offers_after(self, after: tuple[str, str, str]) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(*_OFFER_KEY, PlaceStagedOfferRow.line, PlaceStagedOfferRow.document)
                .where(
                    PlaceStagedOfferRow.import_id == self._report.import_id,
                    tuple_(*_OFFER_KEY) > after,
                )
                .order_by(*_OFFER_KEY)
                .limit(BATCH)
            )
            return [dict(row._mapping) for row in rows]  # noqa: SLF001 (the documented name)

    def _join(self, batch: Sequence[dict[str, Any]]) -> None:
        """Complete the structures of these offers; refuse those of no structure."""
        offers = {key: list(group) for key, group in groupby(batch, _structure)}
        staged = table_of(PlaceStagedRow)
        with self._engine.begin() as connection:
            rows: list[Row[tuple[str, str, int, str]]] = []
            keys = list(offers)
            for start in range(0, len(keys), _KEYS_ASKED):
                rows.extend(
                    connection.execute(
                        select(
                            PlaceStagedRow.source,
                            PlaceStagedRow.external_id,
                            PlaceStagedRow.line,
                            PlaceStagedRow.document,
                        ).where(
                            PlaceStagedRow.import_id == self._report.import_id,
                            tuple_(PlaceStagedRow.source, PlaceStagedRow.external_id).in_(
                                keys[start : start + _KEYS_ASKED]
                            ),
                        )
                    )
                )
            for row in rows:
                structure = place_from_json(row.document)
                own_offers = offers.pop((row.source, row.external_id), [])
                own, *elsewhere = with_offers(
                    structure,
                    [place_from_json(each["document"]) for each in own_offers],
                )
                connection.execute(
                    update(staged)
                    .where(
                        staged.c.import_id == self._report.import_id,
                        staged.c.source == structure.source,
                        staged.c.external_id == structure.external_id,
                    )
                    .values(**description_row(own))
                )
                for each in elsewhere:
                    self._places[each.source, each.external_id] = description_row(each) | {
                        "line": row.line
                    }
            self._write_places(connection)
        for orphan in (each for group in offers.values() for each in group):
            notes = Notes(int(orphan["line"]))
            notes.refused("structure_id", orphan["structure_id"], Reason.NO_STRUCTURE)
            self.remark(notes.remarks)

    def _refuse_twin(self, line: int, external_id: str) -> None:
        notes = Notes(line)
        notes.refused("id", external_id, Reason.SAME_ID)
        self.remark(notes.remarks)


def _structure(offer: Mapping[str, Any]) -> tuple[str, str]:
    """Return the structure that an offer is of: its source, and its id there."""
    return str(offer["source"]), str(offer["structure_id"])
