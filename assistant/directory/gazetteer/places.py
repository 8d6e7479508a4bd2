"""The communes, postcodes and départements of France, laid out to be found quickly.

They stay columns: 37,000 objects would take four times the memory and the time to load. A place
is known by its row; ``area`` makes the object when one is answered.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.directory.gazetteer.area import Area, AreaKind
from assistant.directory.gazetteer.spelling import plain_names

#: Coordinates are kept as ten-thousandths of a degree (10 m).
_DEGREE = 10_000


class MalformedPlacesError(ValueError):
    """The file of communes is not what .ci/directory_data.py writes."""


@dataclass(frozen=True, slots=True)
class Department:
    """A département or an overseas territory: its number and its name."""

    code: str
    name: str


class Places:
    """Every commune, arrondissement and former commune, found by name or postcode."""

    def __init__(self, text: str) -> None:
        """Read columns: each line is the name of a column, then its values, between tabs."""
        columns: dict[str, list[str]] = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                name, *values = line.split("\t")
                columns[name] = values
        try:
            self._read(columns)
        except (KeyError, ValueError) as error:
            raise MalformedPlacesError(str(error)) from error

    def _read(self, columns: Mapping[str, Sequence[str]]) -> None:
        self._codes = columns["code"]
        self._names = columns["name"]
        self._postcodes = columns["postcodes"]
        self._approximate = columns["approximate"][0]
        self.populations = array("i", map(int, columns["population"]))
        self._latitudes = array("i", map(int, columns["latitude"]))
        self._longitudes = array("i", map(int, columns["longitude"]))
        sizes = [int(size.partition(" ")[2]) for size in columns["kind"]]
        self._communes, self._districts = sizes[0], sizes[0] + sizes[1]
        self._parents = columns["parent"]
        self._department_codes: list[str] = []
        self.of_department: dict[str, range] = {}
        for run in columns["department"]:
            code, _, count = run.partition(" ")
            start = len(self._department_codes)
            self._department_codes += [code] * int(count)
            self.of_department.setdefault(code, range(start, len(self._department_codes)))
        self.departments = {
            code: Department(code, name)
            for code, _, name in (entry.partition(" ") for entry in columns["departments"])
        }
        lengths = {
            len(self._codes),
            len(self._names),
            len(self._postcodes),
            len(self._approximate),
            len(self._department_codes),
            len(self.populations),
            len(self._latitudes),
            len(self._longitudes),
            sum(sizes),
        }
        if len(lengths) != 1:
            raise ValueError("columns of different lengths")
        self._index()

    def _index(self) -> None:
        self.spaced = plain_names(self._names)
        keys = "\n".join(self.spaced).replace(" ", "").split("\n")
        self._first = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
        self._namesakes: dict[str, list[int]] = {}
        for row, key in enumerate(keys):
            if (first := self._first[key]) != row:
                self._namesakes.setdefault(key, [first]).append(row)
        self._by_postcode: dict[str, list[int]] = {}
        for row, postcodes in enumerate(self._postcodes[: self._districts]):
            for postcode in postcodes.split(" "):
                self._by_postcode.setdefault(postcode, []).append(row)
        self._by_code: dict[str, int] = dict(
            zip(self._codes[: self._districts], range(self._districts), strict=True)
        )
        self._sorted = sorted(set(self.spaced))

    def __len__(self) -> int:
        """Count the places."""
        return len(self._codes)

    @property
    def keys(self) -> Iterable[str]:
        """List the compact names."""
        return self._first.keys()

    def named(self, key: str) -> Sequence[int]:
        """Find the rows that bear a compact name."""
        if key in self._namesakes:
            return self._namesakes[key]
        row = self._first.get(key)
        return () if row is None else (row,)

    def beginning(self, name: str) -> Iterator[int]:
        """Find the rows whose name goes on after these words, in alphabetical order."""
        start = name + " "
        at = bisect_left(self._sorted, start)
        while at < len(self._sorted) and self._sorted[at].startswith(start):
            yield from self.named(self._sorted[at].replace(" ", ""))
            at += 1

    def today(self) -> range:
        """List the rows of the communes and arrondissements of today."""
        return range(self._districts)

    @property
    def postcodes(self) -> Iterable[str]:
        """List the postcodes."""
        return self._by_postcode.keys()

    def rows_from(self, population: int) -> Iterator[int]:
        """List the communes and arrondissements with so many people, and what was their seat."""
        for row, people in enumerate(self.populations):
            if people >= population:
                yield row
        for row in range(self._districts, len(self)):
            if self.is_seat(row) and self.populations[self.whole_of(row)] >= population:
                yield row

    def at_postcode(self, postcode: str) -> Sequence[int]:
        """Find the rows that share a postcode; an arrondissement rather than its city."""
        rows = self._by_postcode.get(postcode, ())
        return [row for row in rows if row >= self._communes] or rows

    def coded(self, code: str) -> int | None:
        """Find the row of a commune or arrondissement of today by its INSEE code."""
        return self._by_code.get(code)

    def districts(self, number: int) -> dict[str, int]:
        """Find the arrondissements that bear a number, by city."""
        first = {"paris": 75100, "lyon": 69380, "marseille": 13200}
        found = {city: self._by_code.get(str(base + number)) for city, base in first.items()}
        return {city: row for city, row in found.items() if row is not None}

    def department_of(self, row: int) -> str:
        """Tell the number of the département of a row."""
        return self._department_codes[row]

    def kind_of(self, row: int) -> AreaKind:
        """Tell how the area of a row is bounded."""
        if row < self._communes:
            return AreaKind.COMMUNE
        return AreaKind.DISTRICT if row < self._districts else AreaKind.FORMER

    def whole_of(self, row: int) -> int:
        """Find the commune of today that a former one, or an arrondissement, is a part of."""
        return self._by_code[self._parents[row - self._communes]]

    def is_seat(self, row: int) -> bool:
        """Tell whether a former commune is the one where the whole has its town hall."""
        return self._codes[row] == self._parents[row - self._communes]

    def area(self, row: int) -> Area:
        """Make the area of a row."""
        kind = self.kind_of(row)
        name, code = self._names[row], self._codes[row]
        department = self._department_codes[row]
        commune = code if kind is AreaKind.COMMUNE else self._parents[row - self._communes]
        where = self.departments[department].name
        if kind is AreaKind.DISTRICT:
            label = name = name.replace(" Arrondissement", "")
        elif kind is AreaKind.FORMER:
            label = f"{name} ({self._names[self._by_code[commune]]}, {where})"
        else:
            label = f"{name} ({where})" if name != where else name
        return Area(
            kind=kind,
            code=code,
            name=name,
            label=label,
            commune=commune,
            department=department,
            population=self.populations[row],
            latitude=self._latitudes[row] / _DEGREE,
            longitude=self._longitudes[row] / _DEGREE,
            approximate=self._approximate[row] == "1",
        )

    def postcode_area(self, postcode: str, rows: Sequence[int]) -> Area:
        """Make the area of a postcode that several communes share."""
        largest = max(rows, key=lambda row: self.populations[row])
        latitude, longitude = self._middle(rows)
        name = self._names[largest]
        return Area(
            kind=AreaKind.POSTCODE,
            code=postcode,
            name=postcode,
            label=f"{postcode} ({name} et alentours)",
            commune="",
            department=self._department_codes[largest],
            population=sum(self.populations[row] for row in rows),
            latitude=latitude,
            longitude=longitude,
            approximate=True,
        )

    def department_area(self, code: str) -> Area:
        """Make the area of a whole département; its middle is where its people live."""
        rows = self.of_department[code]
        if len(rows) == 1:  # Paris is both
            return self.area(rows[0])
        department = self.departments[code]
        latitude, longitude = self._middle(rows)
        return Area(
            kind=AreaKind.DEPARTMENT,
            code=code,
            name=department.name,
            label=f"{department.name} ({code})",
            commune="",
            department=code,
            population=sum(self.populations[row] for row in rows),
            latitude=latitude,
            longitude=longitude,
            approximate=True,
        )

    def _middle(self, rows: Sequence[int]) -> tuple[float, float]:
        """Weigh coordinates by population; one more each, for the places without any."""
        people = sum(self.populations[row] + 1 for row in rows)
        return (
            sum(self._latitudes[row] * (self.populations[row] + 1) for row in rows)
            / people
            / _DEGREE,
            sum(self._longitudes[row] * (self.populations[row] + 1) for row in rows)
            / people
            / _DEGREE,
        )
