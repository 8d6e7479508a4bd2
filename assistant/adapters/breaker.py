"""A circuit breaker: after a few failures in a row a broken server is left alone for a while.

``pybreaker`` was tried first; its ``call`` holds one lock while the server answers (1.4.1), which
would line up every conversation behind the slowest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Counts failures in a row; open, it lets one call through now and then to try again."""

    def __init__(
        self, failures: int, rest_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open after so many failures in a row, for so many seconds."""
        self._failures = failures
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._count = 0
        self._closed_again_at = 0.0
        self._asked_until = 0.0

    def allows(self) -> bool:
        """Tell whether a call may be made now; while open, one call in each rest is."""
        with self._lock:
            if self._clock() < self._asked_until:
                return False
            if self._count < self._failures:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._rest_seconds
            return True

    @property
    def is_open(self) -> bool:
        """Tell whether the server is left alone, but for a call now and then."""
        with self._lock:
            return self._count >= self._failures or self._clock() < self._asked_until

    def rest(self, seconds: float) -> None:
        """Leave it alone for that long, whatever was in hand meanwhile: it asked for it."""
        with self._lock:
            self._asked_until = max(self._asked_until, self._clock() + seconds)

    def succeeded(self) -> None:
        """Note a good answer."""
        with self._lock:
            self._count = 0

    def failed(self) -> None:
        """Note a failure."""
        with self._lock:
            self._count += 1
            if self._count >= self._failures:
                self._closed_again_at = self._clock() + self._rest_seconds
