"""The use cases of « Mes choix » outside the conversation: the page, the export, the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.choices import NotedChoice
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.services.choices.keeping import NotebookKeeper, closed_because, lines_of
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork


@dataclass(frozen=True)
class Opened:
    """A notebook as it was opened; ``closed`` is the key that says why it stays shut here."""

    lines: Sequence[NotedChoice]
    read_at: datetime
    closed: str | None = None


@dataclass(frozen=True)
class Notebook:
    """Opens the notebook of the person of a conversation, for that person alone."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    keeper: NotebookKeeper
    clock: Clock

    def open(self, conversation: Conversation) -> Opened:
        """Return all its lines, the withdrawn ones among them; none where it stays shut."""
        now, closed = self.clock.now(), closed_because(conversation)
        if closed is not None:
            return Opened((), now, closed)
        with self.open_reading() as work:
            return Opened(lines_of(work, conversation.id), now)

    def correct(self, conversation: Conversation, line_id: str) -> None:
        """Change a line to the other decision of its act. Raises NotFound."""
        self._must_be_open(conversation)
        with self.open_unit_of_work() as work:
            if self.keeper.correct(work, conversation.id, line_id, self.clock.now()) is None:
                raise NotFound(line_id)
            work.commit()

    def withdraw(self, conversation: Conversation, line_id: str) -> None:
        """Take a line back, and the agreement with the last one."""
        self._must_be_open(conversation)
        with self.open_unit_of_work() as work:
            self.keeper.withdraw(work, conversation.id, line_id, Channel.WEB, self.clock.now())
            work.commit()

    def clear(self, conversation: Conversation) -> None:
        """Take the agreement back: all lines are erased."""
        self._must_be_open(conversation)
        with self.open_unit_of_work() as work:
            self.keeper.clear(work, conversation.id, Channel.WEB, self.clock.now())
            work.commit()

    def _must_be_open(self, conversation: Conversation) -> None:
        if closed_because(conversation) is not None:
            raise NotFound(conversation.id)
