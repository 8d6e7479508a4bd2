"""Small jobs repeated in a thread of their own until the process stops."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something to do again and again."""

    name: str
    seconds: float
    run: Callable[[], object]


class Background:
    """Runs jobs at their intervals; one that fails is logged and tried again at its next time."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Prepare the jobs; nothing runs before ``start``."""
        self._jobs = jobs
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(job,), name=job.name, daemon=True)
            for job in jobs
        ]

    def start(self) -> None:
        """Start every job at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 3.0) -> None:
        """Ask the jobs to stop, and wait for them."""
        self._stopping.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _repeat(self, job: Job) -> None:
        while not self._stopping.is_set():
            try:
                job.run()
            except Exception:
                log.exception("job %s failed", job.name)
            self._stopping.wait(job.seconds)
