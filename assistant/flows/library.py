"""Flows held in memory: for the terminal, the checks and the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from assistant.domain.errors import NotFound
from assistant.flows.engine import PinnedFlow
from assistant.flows.flow import FlowDocument

# Twelve hexadecimal digits tell revisions of one flow apart up to millions of them.
REVISION_DIGITS = 12


def revision_of(document: FlowDocument) -> str:
    """Return the revision of a flow: a hash of what it says, whatever its layout in the file."""
    content = document.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(content.encode()).hexdigest()[:REVISION_DIGITS]


@dataclass(frozen=True)
class MemoryLibrary:
    """The published flows, and the earlier revisions that open sessions still run."""

    published: Mapping[str, PinnedFlow] = field(default_factory=lambda: MappingProxyType({}))
    pinned: Mapping[tuple[str, str], PinnedFlow] = field(
        default_factory=lambda: MappingProxyType({})
    )

    @classmethod
    def of(cls, documents: Iterable[FlowDocument]) -> MemoryLibrary:
        """Return a library in which these flows are published."""
        library = cls()
        for document in documents:
            library = library.publish(document)
        return library

    def publish(self, document: FlowDocument) -> MemoryLibrary:
        """Return a library in which this flow is published and its earlier revisions are kept."""
        flow = PinnedFlow(revision_of(document), document)
        return MemoryLibrary(
            MappingProxyType({**self.published, document.id: flow}),
            MappingProxyType({**self.pinned, (document.id, flow.revision): flow}),
        )

    def flow(self, slug: str, revision: str | None = None) -> PinnedFlow:
        """Return a flow: the published one, or the pinned revision. Raises NotFound."""
        found = self.published.get(slug) if revision is None else self.pinned.get((slug, revision))
        if found is None:
            raise NotFound(f"no flow {slug} in revision {revision or 'published'}")
        return found
