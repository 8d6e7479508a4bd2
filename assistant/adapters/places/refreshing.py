"""Keeps the directory filled: the shipped places at first, then the published lists."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Engine, select

from assistant.adapters.place_tables import PlaceRecordRow
from assistant.adapters.places.importer import PlaceImporter
from assistant.adapters.places.report import ImportReport, ImportStatus
from assistant.directory.embedded import PLACES

EMBEDDED = "lieux-embarques"

log = logging.getLogger(__name__)


def seed(engine: Engine, importer: PlaceImporter) -> ImportReport | None:
    """Bring in the places that are shipped, where there is none at all yet."""
    with engine.connect() as connection:
        if connection.execute(select(PlaceRecordRow.id).limit(1)).first() is not None:
            return None
    return importer.run([str(PLACES)], dataset=EMBEDDED)


def refresh(importer: PlaceImporter, addresses: Sequence[str]) -> Sequence[ImportReport]:
    """Import the latest version of each list; what cannot be read leaves the last good copy."""
    reports = []
    for address in addresses:
        report = importer.run([address])
        if report.status in {ImportStatus.BROKEN, ImportStatus.HELD}:
            log.warning("%s : %s", address, report.problem)
        reports.append(report)
    return reports
