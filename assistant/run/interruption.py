"""The request to stop, made by Ctrl-C, a closed terminal or a service manager."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Counts the requests to stop: the first asks for grace, the second for haste."""

    def __init__(self) -> None:
        """Begin with no request."""
        self._requests = 0

    def request(self) -> None:
        """Ask to stop."""
        self._requests += 1

    @property
    def requested(self) -> bool:
        """Tell whether to stop."""
        return self._requests > 0

    @property
    def urgent(self) -> bool:
        """Tell whether somebody asked twice."""
        return self._requests > 1


@contextmanager
def interruption_by_signals() -> Iterator[Interruption]:
    """Turn the signals that ask to stop into an interruption, for the time of the block."""
    interruption = Interruption()

    def note(_number: int, _frame: FrameType | None) -> None:
        interruption.request()

    previous = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    try:
        yield interruption
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
