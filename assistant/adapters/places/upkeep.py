"""Keeps the directory filled: the shipped places at first, a list on the network every day.

Whatever goes wrong, the places as they are go on being found. Only one process works at it: the
import itself is refused while another one runs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, select

from assistant.adapters.database import read_only
from assistant.adapters.place_tables import PlaceImportRow, PlaceRow
from assistant.adapters.places.report import ImportReport, ImportRunning, ImportStatus
from assistant.directory.embedded import PLACES, embedded_gazetteer
from assistant.directory.locating import CommuneLocator

log = logging.getLogger(__name__)

SHIPPED: Final = "shipped"
REFRESH: Final = "refresh"

# The lists change by night; one that failed may be back after a meal.
_EVERY: Final = timedelta(hours=24)
_AGAIN: Final = timedelta(hours=6)
# The tables are looked at once a minute, however often we are asked.
_LOOK: Final = timedelta(minutes=1)
_DONE: Final = frozenset({ImportStatus.PUBLISHED.value, ImportStatus.UNCHANGED.value})


class PlaceUpkeep:
    """The work that the directory waits for: ``due`` tells which, ``perform`` does it."""

    def __init__(
        self, database: str, engine: Engine, list_address: str, now: Callable[[], datetime]
    ) -> None:
        """Work on a database; ``list_address`` is where the list is refreshed from, or empty."""
        self._database = database
        self._engine = read_only(engine)
        self._address = list_address
        self._now = now
        self._next_look: datetime | None = None
        self._looking = threading.Lock()

    def due(self, at_most: int) -> Sequence[str]:
        """Return what is to be done now, if anything is."""
        now = self._now()
        with self._looking:
            if at_most < 1 or (self._next_look is not None and now < self._next_look):
                return ()
            self._next_look = now + _LOOK
        with self._engine.connect() as connection:
            if connection.execute(select(PlaceRow.id).limit(1)).first() is None:
                return (SHIPPED,)
            if not self._address:
                return ()
            last = connection.execute(
                select(PlaceImportRow.status, PlaceImportRow.started_at)
                .where(PlaceImportRow.address == self._address)
                .order_by(PlaceImportRow.started_at.desc())
                .limit(1)
            ).first()
        if last is None:
            return (REFRESH,)
        rest = _EVERY if last.status in _DONE else _AGAIN
        return (REFRESH,) if now - last.started_at >= rest else ()

    def perform(self, work: str) -> None:
        """Import one list; another import at work leaves nothing to do."""
        address = str(PLACES) if work == SHIPPED else self._address
        with suppress(ImportRunning):
            self._tell(self.bring_in(address))

    def bring_in(self, address: str) -> ImportReport:
        """Import the list at an address. Raises ImportRunning."""
        # The readers of every format take 0.15 s to load, which no start has to wait for.
        from assistant.adapters.places.importer import (  # noqa: PLC0415
            PlaceImporter,
            open_for_import,
        )

        engine = open_for_import(self._database)
        try:
            locator = CommuneLocator(embedded_gazetteer())
            return PlaceImporter(engine, self._now, locator).run([address])
        finally:
            engine.dispose()

    def _tell(self, report: ImportReport) -> None:
        if report.status.value in _DONE:
            log.info("places: %s, %d of %s", report.status.value, report.taken, report.dataset)
        else:
            # The last good copy goes on serving: a word for the operator, and no alarm.
            log.warning("places: %s (%s)", report.status.value, report.problem)
