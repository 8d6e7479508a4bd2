"""Measures the gazetteer: every name, every postcode, every town with slips; load and memory.

python -m tests.bench.gazetteer
"""

from __future__ import annotations

import argparse
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.gazetteer import AreaKind, Gazetteer, ResolutionKind
from tests.slips import misspelled_towns

#: How often each town is misspelled.
EACH = 4
LOADS = 7


@dataclass(frozen=True)
class Outcome:
    """One way of asking for places: how many were found, and in how many milliseconds."""

    found: int
    first: int
    sure: int
    times: list[float]

    def row(self, name: str) -> str:
        """Write a line of the report."""
        asked = len(self.times)
        cuts = statistics.quantiles(self.times, n=100)
        return (
            f"{name:34} {asked:6} asked {self.found / asked:8.2%} among {self.first / asked:8.2%}"
            f" first {self.sure / asked:8.2%} not asked again"
            f"  p50 {cuts[49]:.2f} p95 {cuts[94]:.2f} p99 {cuts[98]:.2f} ms"
        )


def ask(gazetteer: Gazetteer, forms: Iterable[tuple[str, str]]) -> Outcome:
    """Resolve texts, each with the code of the area that it means."""
    found = first = sure = 0
    times = []
    for typed, code in forms:
        start = time.perf_counter()
        resolution = gazetteer.resolve(typed)
        times.append(1000 * (time.perf_counter() - start))
        codes = [area.code for area in resolution.choices]
        found += code in codes
        first += codes[:1] == [code]
        sure += resolution.kind is ResolutionKind.ONE
    return Outcome(found, first, sure, times)


def load() -> tuple[float, float, float]:
    """Load it several times: the best in seconds, then the memory kept and the peak, in MB."""
    best = float("inf")
    for _ in range(LOADS):
        embedded_gazetteer.cache_clear()
        start = time.perf_counter()
        embedded_gazetteer()
        best = min(best, time.perf_counter() - start)
    embedded_gazetteer.cache_clear()
    tracemalloc.start()
    embedded_gazetteer()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return best, kept / 1e6, peak / 1e6


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    best, kept, peak = load()
    say: Callable[[str], None] = print
    say(f"load {1000 * best:.0f} ms, {kept:.0f} MB kept, {peak:.0f} MB at the peak")
    gazetteer = embedded_gazetteer()
    places = gazetteer.places
    areas = [places.area(row) for row in places.today()]
    communes = [area for area in areas if area.kind is AreaKind.COMMUNE]
    ways = {
        "name alone": [(area.name, area.code) for area in areas],
        "name and number of département": [
            (f"{area.name} {area.department}", area.code) for area in communes
        ],
        "name and département": [
            (f"{area.name} ({places.departments[area.department].name})", area.code)
            for area in areas
        ],
    }
    for slips in (1, 2):
        towns = misspelled_towns(places, slips=slips, each=EACH)
        ways[f"towns > 5000, {slips} wrong"] = [(town.typed, town.area.code) for town in towns]
    villages = misspelled_towns(places, slips=1, population=500)
    ways["communes > 500, 1 wrong"] = [(town.typed, town.area.code) for town in villages]
    for name, forms in ways.items():
        say(ask(gazetteer, forms).row(name))
    one = [gazetteer.resolve(postcode).kind is ResolutionKind.ONE for postcode in places.postcodes]
    say(f"postcodes {len(one)}, resolved {sum(one)}")


if __name__ == "__main__":
    main()
