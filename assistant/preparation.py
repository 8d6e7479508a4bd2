"""What happens before anything runs: the tables are upgraded, the content is brought in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from assistant.adapters.clock import SystemClock
from assistant.adapters.content_files import Content
from assistant.adapters.database import open_database
from assistant.adapters.migrations import upgrade
from assistant.adapters.revisions import Edition, ImportReport, import_content
from assistant.config import Settings
from assistant.flows.checks import check_content
from assistant.flows.document import Finding
from assistant.rendering.sms import occupied_units, to_gsm7

log = logging.getLogger(__name__)


def prepare_database(settings: Settings, content: Content) -> ImportReport:
    """Create or upgrade the tables and bring in the content of the files."""
    engine = open_database(settings.database)
    try:
        upgrade(engine)
        report = import_content(engine, editions(content), SystemClock().now())
    finally:
        engine.dispose()
    for conflict in report.conflicts:
        log.warning(
            "%s : la version publiée par un éditeur reste en place ; celle du fichier attend "
            "comme brouillon.",
            conflict.slug,
        )
    return report


def check(content: Content, today: date) -> tuple[Finding, ...]:
    """Return all that is wrong with the content of the files."""
    return check_content(
        content.flows.values(),
        content.answers.values(),
        content.glossary,
        content.facts,
        content.needs,
        today,
        letters=content.letters.values(),
        septets=lambda text: occupied_units(to_gsm7(text)),
    )


def editions(content: Content) -> Sequence[Edition]:
    """Return the documents of the files that have revisions."""
    return [
        *map(Edition, content.flows.values()),
        *map(Edition, content.answers.values()),
        Edition(content.glossary),
    ]
