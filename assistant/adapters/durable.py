"""Durable work: rows of our tables that wait, and workers that are woken to do them.

The row is the truth: it holds what is to be done, whose turn it is and, by a lease, who is at it.
Nothing else has to survive a crash: another process, or this one after its restart, finds the row
as soon as its lease is over, whatever version of the code it runs (docs/adr/0016-durable-work.md).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
# Enough that no worker waits for the next look, few enough that a look costs little.
LISTED_AT_ONCE = 50
# What fails before it holds a lease would otherwise be taken up again at once, for ever.
PAUSE_AFTER_FAILURE = 0.5


@dataclass(frozen=True)
class Task:
    """A kind of durable work.

    ``due`` lists the ids of the rows that anybody may take now, at most that many and in the order
    they should be taken. ``perform`` takes one (by its lease), does it and writes down that it is
    done; called for a row that somebody else has or that is gone, it does nothing. ``workers`` is
    how many rows are in hand at once: a task whose other end is slow holds up no other task.
    """

    name: str
    due: Callable[[int], Sequence[str]]
    perform: Callable[[str], object]
    workers: int


class DurableWork:
    """Looks for rows when it is woken, when some work ends, and every second."""

    def __init__(
        self,
        tasks: Sequence[Task],
        bell: threading.Event,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        """Prepare the workers; nothing runs before ``start``.

        Whoever sets the bell has them look now rather than at the next second.
        """
        self._lines = [_Line(task, bell) for task in tasks]
        self._sweep_seconds = sweep_seconds
        self._stopping = threading.Event()
        self._bell = bell
        self._thread = threading.Thread(target=self._dispatch, name="durable", daemon=True)

    def start(self) -> None:
        """Begin, with what was left behind."""
        self._thread.start()

    def stop(self, seconds: float = 3.0) -> None:
        """Take nothing more, and wait for what is in hand; a lease covers what takes longer."""
        deadline = time.monotonic() + seconds
        self._stopping.set()
        self._bell.set()
        if self._thread.ident is not None:
            self._thread.join(seconds)
        for line in self._lines:
            line.stop(max(0.0, deadline - time.monotonic()))

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            for line in self._lines:
                line.hand_out()
            self._bell.wait(self._sweep_seconds)


class _Line:
    """The workers of one task, and the rows that they have in hand."""

    def __init__(self, task: Task, bell: threading.Event) -> None:
        self._task = task
        self._bell = bell
        self._in_hand: set[str] = set()
        self._changed = threading.Condition()
        self._pool = ThreadPoolExecutor(task.workers, thread_name_prefix=task.name)

    def hand_out(self) -> None:
        """Give the rows that are due to the workers that are free."""
        with self._changed:
            if len(self._in_hand) >= self._task.workers:
                # Whoever ends first makes us look again.
                return
        try:
            due = self._task.due(LISTED_AT_ONCE)
        except Exception:
            # The database is away: the next look may find it.
            log.exception("%s: nothing could be listed", self._task.name)
            return
        for row in due:
            with self._changed:
                if len(self._in_hand) >= self._task.workers:
                    return
                if row in self._in_hand:
                    continue
                self._in_hand.add(row)
            self._pool.submit(self._perform, row)

    def stop(self, seconds: float) -> None:
        """Wait for what is in hand, but not for longer."""
        self._pool.shutdown(wait=False)
        with self._changed:
            self._changed.wait_for(lambda: not self._in_hand, seconds)

    def _perform(self, row: str) -> None:
        try:
            self._task.perform(row)
        except Exception:
            # Ids are random and tell nobody anything; what is in the row stays out of the log.
            log.exception("%s %s failed; it is tried again", self._task.name, row)
            time.sleep(PAUSE_AFTER_FAILURE)
        with self._changed:
            self._in_hand.discard(row)
            self._changed.notify_all()
        self._bell.set()
