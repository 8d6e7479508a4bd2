"""What an import has to report, and the errors that end one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.directory.remarks import Outcome, Reason, Remark
from assistant.domain.errors import Conflict


class ImportStatus(StrEnum):
    """How an import ended."""

    RUNNING = "running"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    HELD = "held"  # too few places: it waits for somebody to confirm
    BROKEN = "broken"  # the source could not be read


class ImportRunning(Conflict):
    """Another import is at work; two at once would undo each other."""


@dataclass(slots=True)
class ImportReport:
    """What came of an import: how many places, what was refused or mended, and why.

    ``remarks`` are the first ones; ``tally`` counts all of them.
    """

    import_id: str
    dataset: str
    status: ImportStatus = ImportStatus.RUNNING
    format: str = ""
    read: int = 0
    taken: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    before: int = 0
    places: int = 0
    problem: str = ""
    tally: Counter[tuple[Outcome, Reason]] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)

    def refused(self) -> int:
        """Return how many rows were left out."""
        return self.counted(Outcome.REFUSED)

    def counted(self, outcome: Outcome) -> int:
        """Return how many remarks had that outcome."""
        return sum(count for (each, _), count in self.tally.items() if each is outcome)

    def reasons(self) -> Sequence[tuple[Outcome, Reason, int]]:
        """Return the reasons and how often each was met: refusals first, then by frequency."""
        order = list(Outcome)
        return sorted(
            ((outcome, reason, count) for (outcome, reason), count in self.tally.items()),
            key=lambda each: (order.index(each[0]), -each[2], each[1].name),
        )
