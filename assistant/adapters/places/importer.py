"""Brings a list of places into the directory, or leaves the directory as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, delete, event, func, insert, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.adapters.database import insert_either, open_database
from assistant.adapters.place_tables import (
    PlaceDatasetRow,
    PlaceImportRow,
    PlaceRecordRow,
    PlaceRemarkRow,
)
from assistant.adapters.places.gathering import gather
from assistant.adapters.places.publishing import bring_in, publish
from assistant.adapters.places.report import ImportReport, ImportRunning, ImportStatus
from assistant.adapters.places.sources import Source, dataset_name, dated, open_source
from assistant.adapters.places.staging import Listener, Staging
from assistant.directory.locating import Locator, placed
from assistant.directory.place import Place
from assistant.directory.readers.formats import Format
from assistant.directory.readers.reading import read_stream
from assistant.directory.readers.rows import ReadRow, SourceBroken
from assistant.directory.remarks import Notes

# A run that has said nothing for so long is a process that died.
_ABANDONED = timedelta(minutes=15)
# Of a handful of places, half may close in a month.
_FEW = 10
_KEPT_IMPORTS = 20

Progress = Callable[[int, int], None]
"""Told how many bytes were read, of how many."""


def open_for_import(url: str) -> Engine:
    """Return the database for much writing of open data: its own connections, its own habits."""
    engine = open_database(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        # What is deleted here is open data; what is sorted here would not fit in memory.
        "secure_delete = OFF",
        "temp_store = FILE",
        "cache_size = -65536",
        # Pages of an index are written again and again: into the log, and seldom further.
        "wal_autocheckpoint = 16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class PlaceImporter:
    """Imports lists of places; one at a time in the whole installation."""

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], locator: Locator | None = None
    ) -> None:
        """Work on a database; ``locator`` puts places without a point where their commune is."""
        self._engine = engine
        self._now = now
        self._locator = locator

    def run(
        self,
        addresses: Sequence[str],
        *,
        expected: Format | None = None,
        dataset: str | None = None,
        is_confirmed: bool = False,
        progress: Progress | None = None,
        listen: Listener | None = None,
    ) -> ImportReport:
        """Import one source, and return what came of it; a broken one changes nothing.

        ``dataset`` names the list that this is a version of; without it the list is recognised by
        its content, then by its name. ``is_confirmed`` accepts a list that lost half its places;
        ``listen`` hears every remark, of which the report keeps the first ones.
        Raises ImportRunning while another import is at work.
        """
        report = ImportReport(str(uuid4()), dataset or dataset_name(addresses[0]))
        with self._running(report, addresses):
            staging = Staging(self._engine, report, listen)
            try:
                with open_source(addresses) as source:
                    self._read(source, staging, report, expected, progress)
                if dataset is None:
                    self._recognise(staging, report)
                self._decide(staging, report, is_confirmed=is_confirmed)
                if report.status is ImportStatus.RUNNING:
                    self._bring_in(report, addresses)
            except SourceBroken as error:
                report.status = ImportStatus.BROKEN
                report.problem = str(error)
            finally:
                staging.clear()
        return report

    def _read(
        self,
        source: Source,
        staging: Staging,
        report: ImportReport,
        expected: Format | None,
        progress: Progress | None,
    ) -> None:
        today = self._now().date()
        list_day = dated(source.name)
        formats: set[Format] = set()
        for part in source.parts:
            reading = read_stream(part.stream, today, expected)
            formats.add(reading.format)
            report.format = reading.format.value
            # The list of France services dates itself as a whole, in its name.
            day = list_day if reading.format is Format.FRANCE_SERVICES else None
            for row in reading.rows:
                staging.add(row, self._completed(row, day, staging))
                if report.read % 1_000 == 0:
                    self._touch(report)
                    if progress is not None:
                        progress(source.position, source.size)
        staging.flush()
        if any(each.is_data_inclusion for each in formats):
            staging.join_offers()
        if progress is not None:
            progress(source.size, source.size)

    def _completed(self, row: ReadRow, day: date | None, staging: Staging) -> Place | None:
        """Return the place of a row, with the day of its list and the point of its commune."""
        place = row.place
        if place is None:
            return None
        if place.updated is None and day is not None:
            place = replace(place, updated=day)
        if self._locator is not None:
            notes = Notes(row.line)
            place = placed(place, self._locator, notes)
            staging.remark(notes.remarks)
        return place

    def _recognise(self, staging: Staging, report: ImportReport) -> None:
        with self._engine.connect() as connection:
            known = connection.execute(
                select(PlaceDatasetRow.id).where(PlaceDatasetRow.id == report.dataset)
            ).scalar_one_or_none()
        if known is None:
            report.dataset = staging.known_as() or report.dataset

    def _decide(self, staging: Staging, report: ImportReport, *, is_confirmed: bool) -> None:
        """Hold back a list that lost more than half of its places, or of those of one source."""
        found = staging.counts_by_source()
        report.taken = sum(found.values())
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(PlaceRecordRow.source, func.count())
                .where(PlaceRecordRow.dataset == report.dataset)
                .group_by(PlaceRecordRow.source)
            )
            before = dict(rows.all())
        report.before = sum(before.values())
        if not report.taken:
            raise SourceBroken("Aucune fiche de lieu n'a pu être lue dans cette source.")
        lost = [
            source
            for source, count in before.items()
            if count >= _FEW and found.get(source, 0) * 2 < count
        ]
        if (lost or report.taken * 2 < report.before) and not is_confirmed:
            report.status = ImportStatus.HELD
            report.problem = (
                f"Cette version a {report.taken} lieux au lieu de {report.before}"
                + (f" (source {', '.join(sorted(lost))})" if lost else "")
                + " : rien n'est changé. Pour l'accepter : --confirm ; si c'est une autre liste : "
                "--dataset NOM."
            )

    def _bring_in(self, report: ImportReport, addresses: Sequence[str]) -> None:
        self._touch(report)
        bring_in(self._engine, report)
        self._touch(report)
        if report.added or report.changed or report.removed or not self._was_published(report):
            gather(self._engine)
            self._touch(report)
            report.places = publish(self._engine)
        report.status = (
            ImportStatus.PUBLISHED
            if report.added or report.changed or report.removed
            else ImportStatus.UNCHANGED
        )
        with self._engine.begin() as connection:
            known = {
                "format": report.format,
                "address": " ".join(addresses),
                "dated": dated(addresses[0]),
                "places": report.taken,
                "imported_at": self._now(),
            }
            connection.execute(
                insert_either(connection, PlaceDatasetRow)
                .values(id=report.dataset, **known)
                .on_conflict_do_update(index_elements=["id"], set_=known)
            )

    def _was_published(self, report: ImportReport) -> bool:
        """Tell whether the last import came to its end: one that died left work undone."""
        with self._engine.connect() as connection:
            status = connection.execute(
                select(PlaceImportRow.status)
                .where(PlaceImportRow.id != report.import_id)
                .order_by(PlaceImportRow.started_at.desc())
                .limit(1)
            ).scalar_one_or_none()
        return status is not None and status != "abandoned"

    @contextmanager
    def _running(self, report: ImportReport, addresses: Sequence[str]) -> Iterator[None]:
        self._begin(report, addresses)
        try:
            yield
        except BaseException:
            self._end(report, "abandoned")
            raise
        self._end(report, report.status.value)

    def _begin(self, report: ImportReport, addresses: Sequence[str]) -> None:
        now = self._now()
        with self._engine.begin() as connection:
            connection.execute(
                update(PlaceImportRow)
                .where(
                    PlaceImportRow.status == ImportStatus.RUNNING.value,
                    PlaceImportRow.touched_at < now - _ABANDONED,
                )
                .values(status="abandoned")
            )
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(PlaceImportRow).values(
                        id=report.import_id,
                        dataset=report.dataset,
                        address=" ".join(addresses),
                        format="",
                        status=ImportStatus.RUNNING.value,
                        started_at=now,
                        touched_at=now,
                        counts={},
                    )
                )
        except IntegrityError as error:
            raise ImportRunning("Un autre import est en cours : attendez qu'il finisse.") from error

    def _touch(self, report: ImportReport) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(PlaceImportRow)
                .where(PlaceImportRow.id == report.import_id)
                .values(touched_at=self._now())
            )

    def _end(self, report: ImportReport, status: str) -> None:
        counts: dict[str, object] = {
            "read": report.read,
            "taken": report.taken,
            "added": report.added,
            "changed": report.changed,
            "removed": report.removed,
            "before": report.before,
            "problem": report.problem,
            "reasons": {
                f"{outcome.value}:{reason.name}": count
                for outcome, reason, count in report.reasons()
            },
        }
        with self._engine.begin() as connection:
            connection.execute(
                update(PlaceImportRow)
                .where(PlaceImportRow.id == report.import_id)
                .values(
                    status=status,
                    dataset=report.dataset,
                    format=report.format,
                    touched_at=self._now(),
                    counts=counts,
                )
            )
            rows = [
                {
                    "import_id": report.import_id,
                    "number": number,
                    "line": remark.line,
                    "column": remark.column[:64],
                    "value": re.sub(r"\x00", "", remark.value),
                    "reason": remark.reason.name,
                    "outcome": remark.outcome.value,
                }
                for number, remark in enumerate(report.remarks)
            ]
            if rows:
                connection.execute(insert(PlaceRemarkRow), rows)
            kept = (
                select(PlaceImportRow.id)
                .order_by(PlaceImportRow.started_at.desc())
                .limit(_KEPT_IMPORTS)
            )
            old = list(
                connection.execute(
                    select(PlaceImportRow.id).where(PlaceImportRow.id.not_in(kept))
                ).scalars()
            )
            connection.execute(delete(PlaceRemarkRow).where(PlaceRemarkRow.import_id.in_(old)))
            connection.execute(delete(PlaceImportRow).where(PlaceImportRow.id.in_(old)))
