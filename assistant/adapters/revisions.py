"""Brings the content into the database: files are the seed, an editor's later word wins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from assistant.adapters.database import lock_table
from assistant.adapters.tables import FlowRevisionRow
from assistant.domain.errors import ContentError
from assistant.flows.document import AnswerDocument, FlowDocument, GlossaryDocument, texts

# 64 bits: no two revisions of one document meet by chance, and a saved step stays short.
REVISION_DIGITS = 16

SOURCE_LANGUAGE = "fr"

GLOSSARY_SLUG = "glossary"


class ContentKind(StrEnum):
    """The kinds of document that have revisions."""

    FLOW = "flow"
    ANSWER = "answer"
    GLOSSARY = "glossary"


class Origin(StrEnum):
    """Where a revision was written."""

    FILE = "file"
    EDITOR = "editor"


class Status(StrEnum):
    """Whether a revision runs; ``archived`` is for those that once did."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Edition:
    """A document and its translations: for each language, its texts by key."""

    document: FlowDocument | AnswerDocument | GlossaryDocument
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def kind(self) -> ContentKind:
        """The kind of the document."""
        match self.document:
            case FlowDocument():
                return ContentKind.FLOW
            case AnswerDocument():
                return ContentKind.ANSWER
            case GlossaryDocument():
                return ContentKind.GLOSSARY

    @property
    def slug(self) -> str:
        """The name of the document, the same in all its revisions."""
        return GLOSSARY_SLUG if isinstance(self.document, GlossaryDocument) else self.document.id

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """The texts by language and key, the source language included."""
        translated = {language: dict(words) for language, words in self.translations.items()}
        return {**translated, SOURCE_LANGUAGE: dict(texts(self.document))}

    @property
    def hash(self) -> str:
        """The SHA-256 of the document as it was written and of its texts."""
        canonical = json.dumps(
            {
                "document": self.document.model_dump(mode="json", exclude_unset=True),
                "texts": self.texts,
            },
            sort_keys=True,
            ensure_ascii=False,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def revision(self) -> str:
        """The name of this revision, drawn from its hash."""
        return self.hash[:REVISION_DIGITS]


@dataclass(frozen=True)
class ContentConflict:
    """A file that changed after an editor published: theirs runs, the file's waits as a draft."""

    kind: ContentKind
    slug: str
    file_revision: str
    editor_revision: str


@dataclass(frozen=True)
class ImportReport:
    """What an import changed, as ``(kind, slug)``, and what somebody must decide."""

    published: tuple[tuple[ContentKind, str], ...]
    withdrawn: tuple[tuple[ContentKind, str], ...]
    conflicts: tuple[ContentConflict, ...]


def import_content(engine: Engine, editions: Iterable[Edition], now: datetime) -> ImportReport:
    """Bring the database to the content of the files, which are given all at once.

    What is already there is left alone; what changed becomes a new published revision and the old
    one is archived, for the conversations that began it; a document whose file is gone is archived.
    A document that an editor published later than its file is never touched. Two processes may
    import at the same moment. Raises ContentError when there is no content at all.
    """
    files = tuple(editions)
    if not files:
        msg = "there is no content to import"
        raise ContentError(msg)
    published: list[tuple[ContentKind, str]] = []
    conflicts: list[ContentConflict] = []
    with engine.begin() as connection:
        lock_table(connection, FlowRevisionRow)
        known = _known(connection)
        for edition in files:
            of_slug = known.pop((edition.kind, edition.slug), {})
            running = next((row for row in of_slug.values() if row.runs), None)
            if running is None or running.origin is Origin.FILE:
                if running is None or running.revision != edition.revision:
                    publish(connection, edition, Origin.FILE, now)
                    published.append((edition.kind, edition.slug))
            elif _is_later(connection, edition, of_slug, running, now):
                conflicts.append(
                    ContentConflict(edition.kind, edition.slug, edition.revision, running.revision)
                )
        withdrawn = tuple(
            name
            for name, of_slug in known.items()
            if any(row.runs and row.origin is Origin.FILE for row in of_slug.values())
        )
        for kind, slug in withdrawn:
            _archive(connection, kind, slug, now)
    return ImportReport(tuple(published), withdrawn, tuple(conflicts))


def publish(connection: Connection, edition: Edition, origin: Origin, now: datetime) -> None:
    """Make an edition the one that new conversations begin, within a transaction.

    An edition that ran before runs again under its own revision.
    """
    _archive(connection, edition.kind, edition.slug, now)
    again = connection.execute(
        _PUBLISH_AGAIN,
        {
            "of_kind": edition.kind.value,
            "of_slug": edition.slug,
            "of_revision": edition.revision,
            "by": origin.value,
            "at": now,
        },
    )
    if again.rowcount == 0:
        _add(connection, edition, Status.PUBLISHED, origin, now)


_KNOWN = select(
    FlowRevisionRow.kind,
    FlowRevisionRow.slug,
    FlowRevisionRow.revision,
    FlowRevisionRow.status,
    FlowRevisionRow.origin,
    FlowRevisionRow.created_at,
    FlowRevisionRow.published_at,
)
_OF_SLUG = (
    FlowRevisionRow.kind == bindparam("of_kind"),
    FlowRevisionRow.slug == bindparam("of_slug"),
)
_ARCHIVE = (
    update(FlowRevisionRow)
    .where(*_OF_SLUG, FlowRevisionRow.status == Status.PUBLISHED.value)
    .values(status=Status.ARCHIVED.value, archived_at=bindparam("at"))
)
_PUBLISH_AGAIN = (
    update(FlowRevisionRow)
    .where(*_OF_SLUG, FlowRevisionRow.revision == bindparam("of_revision"))
    .values(
        status=Status.PUBLISHED.value,
        origin=bindparam("by"),
        published_at=bindparam("at"),
        archived_at=None,
    )
)


@dataclass(frozen=True)
class _Known:
    revision: str
    runs: bool
    origin: Origin
    created_at: datetime
    published_at: datetime | None


def _known(connection: Connection) -> dict[tuple[ContentKind, str], dict[str, _Known]]:
    known: dict[tuple[ContentKind, str], dict[str, _Known]] = {}
    for row in connection.execute(_KNOWN):
        of_slug = known.setdefault((ContentKind(row.kind), row.slug), {})
        of_slug[row.revision] = _Known(
            revision=row.revision,
            runs=row.status == Status.PUBLISHED.value,
            origin=Origin(row.origin),
            created_at=row.created_at,
            published_at=row.published_at,
        )
    return known


def _is_later(
    connection: Connection,
    edition: Edition,
    of_slug: Mapping[str, _Known],
    running: _Known,
    now: datetime,
) -> bool:
    if edition.revision == running.revision:
        return False
    seen = of_slug.get(edition.revision)
    if seen is None:
        _add(connection, edition, Status.DRAFT, Origin.FILE, now)
        return True
    return running.published_at is None or seen.created_at > running.published_at


def _archive(connection: Connection, kind: ContentKind, slug: str, now: datetime) -> None:
    connection.execute(_ARCHIVE, {"of_kind": kind.value, "of_slug": slug, "at": now})


def _add(
    connection: Connection, edition: Edition, status: Status, origin: Origin, now: datetime
) -> None:
    connection.execute(
        insert(FlowRevisionRow),
        {
            "kind": edition.kind.value,
            "slug": edition.slug,
            "revision": edition.revision,
            "content_hash": edition.hash,
            "document": edition.document.model_dump_json(exclude_unset=True),
            "texts": edition.texts,
            "status": status.value,
            "origin": origin.value,
            "created_at": now,
            "published_at": now if status is Status.PUBLISHED else None,
        },
    )
