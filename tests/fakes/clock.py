"""A clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Tells the time it was last set to."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) -> None:
        """Begin at that moment."""
        self._now = now

    def now(self) -> datetime:
        """Return the moment."""
        return self._now

    def pass_time(self, **amount: float) -> None:
        """Let time pass: ``pass_time(hours=7)``."""
        self._now += timedelta(**amount)
