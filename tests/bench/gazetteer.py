"""Measures the gazetteer: every name, every postcode, every town with slips; load and memory.

Writes its table of docs/figures.md: `python -m tests.bench.gazetteer`.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.gazetteer import AreaKind, Gazetteer, ResolutionKind
from tests.bench.report import Row, write
from tests.slips import misspelled_towns

#: How often each town is misspelled.
EACH = 4
LOADS = 7
AIM = "95 %, p95 3 ms"


@dataclass(frozen=True)
class Outcome:
    """One way of asking for places: how many were found, and in how many milliseconds."""

    found: int
    first: int
    times: list[float]

    def row(self, name: str, target: str) -> Row:
        """Return its line of the table."""
        asked = len(self.times)
        cuts = statistics.quantiles(self.times, n=100)
        return (
            name,
            f"{asked:,}",
            f"{self.found / asked:.2%}, first {self.first / asked:.2%}",
            f"{cuts[49]:.2f} ms, p95 {cuts[94]:.2f}",
            target,
        )


def ask(gazetteer: Gazetteer, forms: Iterable[tuple[str, str]]) -> Outcome:
    """Resolve texts, each with the code of the area that it means."""
    found = first = 0
    times = []
    for typed, code in forms:
        start = time.perf_counter()
        resolution = gazetteer.resolve(typed)
        times.append(1000 * (time.perf_counter() - start))
        codes = [area.code for area in resolution.choices]
        found += code in codes
        first += codes[:1] == [code]
    return Outcome(found, first, times)


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
    """Measure and write the table."""
    best, kept, peak = load()
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
    rows = [
        ask(gazetteer, forms).row(name, AIM if "wrong" in name and "towns" in name else "p95 3 ms")
        for name, forms in ways.items()
    ]
    one = [gazetteer.resolve(postcode).kind is ResolutionKind.ONE for postcode in places.postcodes]
    rows.append(("postcodes", f"{len(one):,}", f"{sum(one) / len(one):.2%}", "", "all"))
    told = f"loaded in {1000 * best:.0f} ms, {kept:.0f} MB kept, {peak:.0f} MB at the peak"
    head = ("what is typed", "how many", "the right one among the choices", "time", "")
    write("gazetteer", told, head, rows)


if __name__ == "__main__":
    main()
