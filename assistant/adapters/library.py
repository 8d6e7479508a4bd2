"""Reads the content that runs, and the revisions that conversations are pinned to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, select

from assistant.adapters.database import read_only
from assistant.adapters.revisions import (
    GLOSSARY_SLUG,
    SOURCE_LANGUAGE,
    ContentKind,
    Status,
)
from assistant.adapters.tables import FlowRevisionRow
from assistant.domain.errors import NotFound
from assistant.flows.document import (
    AnswerDocument,
    FlowDocument,
    GlossaryDocument,
    read_answer,
    read_flow,
    read_glossary,
    synonyms,
)
from assistant.flows.engine import PinnedFlow

# What an editor publishes is begun by the next conversation, and a turn asks the database for it
# at most once.
FRESH_FOR_SECONDS = 1.0

Name = tuple[ContentKind, str]
StoredDocument = FlowDocument | AnswerDocument | GlossaryDocument

_PUBLISHED = select(FlowRevisionRow.kind, FlowRevisionRow.slug, FlowRevisionRow.revision).where(
    FlowRevisionRow.status == Status.PUBLISHED.value
)
_REVISION = select(FlowRevisionRow.document, FlowRevisionRow.texts).where(
    FlowRevisionRow.kind == bindparam("kind"),
    FlowRevisionRow.slug == bindparam("slug"),
    FlowRevisionRow.revision == bindparam("revision"),
)


@dataclass(frozen=True)
class StoredRevision:
    """A revision as it was kept, with its texts by language and key."""

    revision: str
    document: StoredDocument
    texts: Mapping[str, Mapping[str, str]]
    synonyms: Mapping[str, tuple[str, ...]]


class ContentLibrary:
    """The documents by slug and revision; safe to share between threads.

    A revision never changes and is read once; which one is published is asked again after a second.
    """

    def __init__(self, engine: Engine, seconds: Callable[[], float] = time.monotonic) -> None:
        """Read from that database; ``seconds`` tells how time passes."""
        self._engine = read_only(engine)
        self._seconds = seconds
        # Some hundred at most between two starts: what the files hold and what editors publish.
        self._revisions: dict[tuple[ContentKind, str, str], StoredRevision] = {}
        self._published: Mapping[Name, str] = {}
        self._stale_at = float("-inf")

    def flow(self, slug: str, revision: str | None = None) -> PinnedFlow:
        """Return a flow: the published one, or the pinned revision. Raises NotFound."""
        stored = self.stored(ContentKind.FLOW, slug, revision)
        if not isinstance(stored.document, FlowDocument):
            raise NotFound(slug)
        return PinnedFlow(stored.revision, stored.document)

    def published(self, slug: str) -> PinnedFlow:
        """Return the flow that new conversations begin. Raises NotFound."""
        return self.flow(slug)

    def pinned(self, slug: str, revision: str) -> PinnedFlow:
        """Return one revision, whatever its status. Raises NotFound."""
        return self.flow(slug, revision)

    def slugs(self, kind: ContentKind) -> frozenset[str]:
        """Return the names of the published documents of a kind."""
        return frozenset(slug for of_kind, slug in self._current() if of_kind is kind)

    def answer(self, need: str, revision: str | None = None) -> AnswerDocument:
        """Return the answer to a need. Raises NotFound."""
        document = self.stored(ContentKind.ANSWER, need, revision).document
        if not isinstance(document, AnswerDocument):
            raise NotFound(need)
        return document

    def glossary(self, revision: str | None = None) -> GlossaryDocument:
        """Return the words explained. Raises NotFound."""
        document = self.stored(ContentKind.GLOSSARY, GLOSSARY_SLUG, revision).document
        if not isinstance(document, GlossaryDocument):
            raise NotFound(GLOSSARY_SLUG)
        return document

    def texts_of(self, document: str, revision: str | None = None) -> Mapping[str, str]:
        """Return the source texts of ``flow/<slug>``, ``answer/<need>`` or ``glossary``, by key.

        Raises NotFound.
        """
        return self.stored(*_named(document), revision).texts[SOURCE_LANGUAGE]

    def synonyms_of(
        self, document: str, revision: str | None = None
    ) -> Mapping[str, tuple[str, ...]]:
        """Return what people also write for the labels of a document, by key. Raises NotFound."""
        return self.stored(*_named(document), revision).synonyms

    def stored(self, kind: ContentKind, slug: str, revision: str | None) -> StoredRevision:
        """Return a revision, the published one by default. Raises NotFound."""
        wanted = revision or self._current().get((kind, slug))
        if wanted is None:
            raise NotFound(f"{kind}/{slug}")
        name = (kind, slug, wanted)
        found = self._revisions.get(name)
        if found is None:
            found = self._revisions[name] = self._read(*name)
        return found

    def refresh(self) -> None:
        """Ask at the next call which revisions are published."""
        self._stale_at = float("-inf")

    def _current(self) -> Mapping[Name, str]:
        now = self._seconds()
        if now >= self._stale_at:
            with self._engine.connect() as connection:
                self._published = {
                    (ContentKind(row.kind), row.slug): row.revision
                    for row in connection.execute(_PUBLISHED)
                }
            self._stale_at = now + FRESH_FOR_SECONDS
        return self._published

    def _read(self, kind: ContentKind, slug: str, revision: str) -> StoredRevision:
        with self._engine.connect() as connection:
            row = connection.execute(
                _REVISION, {"kind": kind.value, "slug": slug, "revision": revision}
            ).one_or_none()
        if row is None:
            raise NotFound(f"{kind}/{slug}@{revision}")
        document = _document(kind, row.document, f"{slug}@{revision}")
        return StoredRevision(
            revision=revision,
            document=document,
            texts=row.texts,
            synonyms={} if isinstance(document, AnswerDocument) else synonyms(document),
        )


def _document(kind: ContentKind, stored: str, source: str) -> StoredDocument:
    # JSON is YAML: a stored document goes through the same limits, migrations and checks as a file.
    match kind:
        case ContentKind.FLOW:
            return read_flow(stored, source)
        case ContentKind.ANSWER:
            return read_answer(stored, source)
        case ContentKind.GLOSSARY:
            return read_glossary(stored, source)


def _named(document: str) -> Name:
    space, _, slug = document.partition("/")
    try:
        return ContentKind(space), slug or GLOSSARY_SLUG
    except ValueError:
        raise NotFound(document) from None
