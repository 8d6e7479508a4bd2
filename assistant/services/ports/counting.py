"""What is counted and reported without any person in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from assistant.domain.tally import Tally


class Tallies(Protocol):
    """How often something happened at a step, by day, without any person in it."""

    def count(self, day: date, tallies: Iterable[Tally]) -> None:
        """Add one to each of them."""

    def since(self, day: date) -> Sequence[tuple[Tally, int]]:
        """Return the sums from that day on, by flow, step and event."""


@dataclass(frozen=True)
class ReportedPlace:
    """A place that is said to be closed: how often, and when first and last."""

    place_id: str
    times: int
    first_at: datetime
    last_at: datetime


class PlaceReports(Protocol):
    """What people say of places, for the editors to look at; never who said it."""

    def note_closed(self, place_id: str, at: datetime) -> bool:
        """Note that a place is said to be closed; False when there is no such place."""

    def waiting(self) -> Sequence[ReportedPlace]:
        """Return the places that nobody has looked at yet, the most reported first."""

    def settle(self, place_id: str, at: datetime) -> int:
        """Close the reports of a place; return how many they were."""
