"""Places communes on the map by GeoNames, or by their neighbours (see directory_data.py)."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.directory.gazetteer.spelling import compact, words_of

#: A match farther than this from the three nearest of its intercommunality is a namesake.
NEAR_KM = 25.0
NEIGHBOURS = 3
#: A larger commune without a match may be known by a part of its name: « Évry » is now
#: « Évry-Courcouronnes », « Saint-Ouen » is « Saint-Ouen-sur-Seine ».
LARGE = 2000
PART = 4

Point = tuple[float, float]
Record = dict[str, Any]


@dataclass(frozen=True)
class City:
    """A populated place of GeoNames; ``region`` is the INSEE code, as for the communes."""

    name: str
    others: Sequence[str]
    overseas: str
    region: str
    point: Point
    population: int


@dataclass
class Coordinates:
    """Where communes are: from GeoNames when sure, from their neighbours otherwise."""

    communes: Mapping[str, Record]
    former: Mapping[str, Record]
    epci: Mapping[str, str]
    sure: dict[str, Point] = field(default_factory=dict)

    def match(self, cities: Sequence[City]) -> None:
        """Keep the cities that have the name and region of one commune, near its neighbours."""
        members: dict[str, list[str]] = defaultdict(list)
        for code, record in self.communes.items():
            members[record["departement"]].append(code)
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code, record in (*self.former.items(), *self.communes.items()):
            named[record["region"], key_of(record["nom"])].append(code)
        found: list[tuple[list[str], Point]] = []
        # The largest first: a hamlet may bear the name of the commune that it lies in.
        for city in sorted(cities, key=lambda city: -city.population):
            codes = named.get((city.region, key_of(city.name)), [])
            alone = members.get(city.overseas, [])
            if len(alone) == 1:  # Saint-Martin, Saint-Barthélemy: GeoNames names their quarters
                codes = alone
            current = [code for code in codes if code in self.communes] or codes
            found.append((list(dict.fromkeys(current)), city.point))
        for codes, point in found:
            if len(codes) == 1 and codes[0] in self.communes:
                self.sure.setdefault(codes[0], point)
        self._drop_namesakes()
        matches = self._matches()
        for codes, point in found:
            near = sorted((self._to_neighbours(code, point, matches), code) for code in codes)
            unmistakable = len(near) == 1 or (near and near[1][0] > 2 * near[0][0])
            if unmistakable and near[0][0] <= NEAR_KM:
                self.sure.setdefault(near[0][1], point)
        self._match_parts(cities)

    def place_districts(self, districts: Iterable[Record], cities: Iterable[City]) -> None:
        """Find « Paris 12 Reuilly » or « Lyon 03 » for the arrondissements of the three cities."""
        by_number = {}
        for city in cities:
            numbered = re.match(r"(Paris|Lyon|Marseille) (\d\d)(?: |$)", city.name)
            if numbered:
                by_number[numbered[1], int(numbered[2])] = city.point
        for record in districts:
            name, number = record["nom"].split()[:2]
            self.sure[record["code"]] = by_number[name, int(number.rstrip("er"))]

    def _drop_namesakes(self) -> None:
        """Drop what lies far from its neighbours, where a region has several departments."""
        departments = {(r["region"], r["departement"]) for r in self.communes.values()}
        shared = Counter(region for region, _ in departments)
        matches = self._matches()
        self.sure = {
            code: point
            for code, point in self.sure.items()
            if shared[self.communes[code]["region"]] == 1
            or self._to_neighbours(code, point, matches) <= NEAR_KM
        }

    def _match_parts(self, cities: Sequence[City]) -> None:
        """Place larger communes by the longest part of their name that is known nearby."""
        missing: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for code, record in self.communes.items():
            if code not in self.sure and (record.get("population") or 0) > LARGE:
                missing[record["region"]].append((code, key_of(record["nom"])))
        matches = self._matches()
        best: dict[str, tuple[int, int, Point]] = {}
        for city in cities:
            names = {key_of(name) for name in (city.name, *city.others)}
            for code, key in missing.get(city.region, []):
                parts = [part for part in names if len(part) >= PART and key.startswith(part)]
                if parts and self._to_neighbours(code, city.point, matches) <= NEAR_KM:
                    rank = (max(map(len, parts)), city.population, city.point)
                    best[code] = max(best.get(code, rank), rank)
        self.sure |= {code: rank[2] for code, rank in best.items()}

    def approximations(self) -> dict[str, Point]:
        """Place the other communes at the mean of the nearest group that holds a sure one."""
        groups: dict[tuple[str, ...], list[Point]] = defaultdict(list)
        for code, point in self.sure.items():
            for group in self._groups(code):
                groups[group].append(point)
        result = {}
        for code in (*self.communes, *self.former):
            if code in self.sure:
                continue
            known = [group for group in self._groups(code) if group in groups]
            if known:
                width = max(len(group) for group in known)
                points = [
                    point for group in known if len(group) == width for point in groups[group]
                ]
                result[code] = mean(points)
        return result

    def _groups(self, code: str) -> list[tuple[str, ...]]:
        """Name the groups of a commune; the narrower, the more parts its name has."""
        if not (record := self.communes.get(code) or self.former.get(code)):
            return []
        parent = self.communes[str(record.get("chefLieu", code))]
        epci = self.epci.get(parent["code"])
        department = parent["departement"]
        groups: list[tuple[str, ...]] = [(department,)]
        if epci:
            groups.append((department, "epci", epci))
        for postcode in parent.get("codesPostaux", []):
            groups.append((department, "", "postcode", postcode))
            if epci:
                groups.append((department, epci, "", "postcode", postcode))
        return groups

    def _matches(self) -> dict[str, dict[str, Point]]:
        """Group what is sure by intercommunality and by department."""
        groups: dict[str, dict[str, Point]] = defaultdict(dict)
        for code, point in self.sure.items():
            for group in self._neighbourhoods(code):
                groups[group][code] = point
        return groups

    def _to_neighbours(
        self,
        code: str,
        point: Point,
        matches: Mapping[str, Mapping[str, Point]],
    ) -> float:
        """Average what lies to the three nearest matches of the narrowest group that has them."""
        for group in self._neighbourhoods(code):
            others = matches.get(group, {}).items()
            nearest = sorted(distance(point, there) for other, there in others if other != code)
            if len(nearest) >= NEIGHBOURS:
                return statistics.mean(nearest[:NEIGHBOURS])
        return math.inf

    def _neighbourhoods(self, code: str) -> list[str]:
        record = self.communes.get(code) or self.former[code]
        epci = self.epci.get(record.get("chefLieu", code))
        return [epci, record["departement"]] if epci else [record["departement"]]


def key_of(name: str) -> str:
    """Spell a name as the gazetteer does."""
    return compact(words_of(name))


def distance(one: Point, other: Point) -> float:
    """Measure kilometres along the great circle."""
    north, south = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = (
        math.sin((south - north) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    )
    return 12742 * math.asin(math.sqrt(half))


def mean(points: Sequence[Point]) -> Point:
    """Average points that lie near one another."""
    return (
        sum(point[0] for point in points) / len(points),
        sum(point[1] for point in points) / len(points),
    )
