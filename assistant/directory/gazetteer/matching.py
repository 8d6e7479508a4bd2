"""Which places a name may be, and how likely each is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from assistant.directory.gazetteer.area import Area, AreaKind, Resolution
from assistant.directory.gazetteer.places import Places
from assistant.directory.gazetteer.query import CORSICA
from assistant.directory.gazetteer.spelling import compact, sound, words_of

#: One wrong letter from four letters on, two from seven.
ONE_SLIP, TWO_SLIPS = 4, 7
#: A text message has room for no more.
CHOICES = 4
#: From this share of the likelihood on, nothing is asked.
SURE = 0.98
SURE_MENDED = 0.995
#: Below this share, a place is not worth a line.
NEGLIGIBLE = 0.003
#: A commune whose population is not known, or nought.
HAMLET = 50

# How often people write a name so, for one who writes it in full. Only their ratios matter: they
# weigh « Brives » (300 people) against « Brive-la-Gaillarde » (47,000).
WITHOUT_ARTICLE = 0.5
BEGINNING = 0.2
#: Who lives in Saint-Étienne-du-Rouvray does not say « Saint-Étienne » alone.
BEGINNING_OF_A_CITY = 0.01
CITY = 20_000
SAME_SOUND = 2e-2
SLIP = 2e-4
#: When there is no exact name, what sounds alike is only ten times as likely as another slip.
SOUND_OF_A_SLIP = 2e-3
#: Asked for their commune, fewer people answer with their département, and misspell it.
DEPARTMENT_FOR_COMMUNE = 0.05
#: An exact name with fewer people than this may be a slip for a town.
VILLAGE = 1000
#: Towns from here on are sought by slips in the first part of their name, and without article.
TOWN = 5000

#: The cities that have arrondissements.
CITIES = ("paris", "lyon", "marseille")
ARTICLES = frozenset({"le", "la", "les", "l"})
_ARTICLES = tuple(f"{article} " for article in sorted(ARTICLES))
_GLUED_SAINT = re.compile(r"(ste?)(?=[a-z]{3})")
SAINTS = {"st": "saint", "ste": "sainte"}
_NAMELESS = frozenset("le la les l saint sainte sur sous en de du des d a au aux".split())
_LINKS = frozenset("sur sous en les la le l de du des d aux au a et lez pres".split())


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a name may mean; ``place`` is a row, or the number of a département."""

    place: int | str
    weight: float
    exact: bool = True


class Matcher:
    """Finds places by name: as written, by its beginning, or with letters mended."""

    def __init__(self, places: Places, ordinary: Mapping[str, int]) -> None:
        """Lay out the names for the search."""
        self.places = places
        self.ordinary = ordinary
        self._departments = {
            compact(words_of(department.name)): code
            for code, department in places.departments.items()
        }
        self._departments["reunion"] = "974"  # its article belongs to the name, people drop it
        self._department_people = {
            code: float(sum(places.populations[rows.start : rows.stop]))
            for code, rows in places.of_department.items()
        }
        self._without_article: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(places.spaced):
            if name[0] == "l" and name.startswith(_ARTICLES):
                self._without_article[compact(name.partition(" ")[2])].append(row)
        self._first_parts: dict[str, list[int]] = defaultdict(list)
        towns = set(self._departments)
        for row in places.rows_from(TOWN):
            name = places.spaced[row]
            towns.add(compact(name))
            if name.startswith(_ARTICLES):
                towns.add(compact(name.partition(" ")[2]))
            if " " in name and (part := first_part(name)):
                self._first_parts[part].append(row)
        towns.update(self._first_parts)
        # Towns are compared whatever their first letter, the rest only under theirs: 0.6 ms a slip
        # where comparing the 37,000 names takes 3.
        self._town_names: dict[int, list[str]] = defaultdict(list)
        self._said: dict[str, list[str]] = defaultdict(list)
        for key in sorted(towns):
            self._town_names[len(key)].append(key)
            self._said[sound(key)].append(key)
        self._towns = frozenset(towns)

    @cached_property
    def _village_names(self) -> dict[str, dict[int, list[str]]]:
        """Lay out the other names by their first letter and length, at the first slip (10 ms)."""
        names: dict[str, dict[int, list[str]]] = {}
        for key in self.places.keys:
            if key not in self._towns:
                names.setdefault(key[0], {}).setdefault(len(key), []).append(key)
        return names

    def department(self, words: Sequence[str]) -> str | None:
        """Find the département that words name, article or not."""
        key = compact(words)
        if key in self._departments:
            return self._departments[key]
        if words and words[0] in ARTICLES:
            return self._departments.get(compact(words[1:]))
        return None

    def exact(self, words: Sequence[str], within: AbstractSet[str] = frozenset()) -> list[Match]:
        """Find the places that bear this name, or one that it shortens."""
        key = compact(words)
        found = {row: Match(row, self._people(row)) for row in self.places.named(key)}
        for row in self._without_article.get(key, ()):
            found.setdefault(row, Match(row, self._people(row) * WITHOUT_ARTICLE))
        largest = max((match.weight for match in found.values()), default=0.0)
        factor = BEGINNING_OF_A_CITY if largest >= CITY else BEGINNING
        if not _NAMELESS.issuperset(words) and (found or not self._is_word(words)):
            for row in self.places.beginning(" ".join(words)):
                found.setdefault(row, Match(row, self._people(row) * factor))
        matches = [*found.values(), *self._departments_named(words)]
        if not matches and (glued := _GLUED_SAINT.match(key)):
            return self.exact([SAINTS[glued[1]], key[glued.end() :]], within)
        return self._inside(matches, within)

    def _departments_named(self, words: Sequence[str]) -> list[Match]:
        key = compact(words)
        if key in {"corse", "lacorse"}:
            codes = sorted(CORSICA)
        else:
            code = self.department(words)
            codes = [] if code in {None, "75"} else [str(code)]
        return [Match(code, self._department_people[code]) for code in codes]

    def said_alike(
        self, words: Sequence[str], within: AbstractSet[str] = frozenset()
    ) -> list[Match]:
        """Find the towns whose name is said like this one: « kimper », « lion »."""
        key = compact(words)
        if len(key) < ONE_SLIP or _NAMELESS.issuperset(words):
            return []
        names = self._said.get(sound(key), ())
        return self._mended([(name, SAME_SOUND) for name in names], key, within)

    def with_slips(
        self, words: Sequence[str], within: AbstractSet[str] = frozenset()
    ) -> list[Match]:
        """Find the places whose name is this one but for a letter or two.

        Villages are sought under their first letter: see ``with_first_slip`` for the others.
        """
        key = compact(words)
        if not self._may_be_mended(words, key):
            return []
        near = self._near(key, self._town_names) + self._near(
            key, self._village_names.get(key[0], {})
        )
        alike = [(name, 1) for name in self._said.get(sound(key), ())]
        return self._mended(self._likely(key, [*near, *alike]), key, within)

    def with_first_slip(
        self, words: Sequence[str], within: AbstractSet[str] = frozenset()
    ) -> list[Match]:
        """Find the villages whose very first letter is wrong: all names are compared (4 ms)."""
        key = compact(words)
        if not self._may_be_mended(words, key):
            return []
        near = [pair for names in self._village_names.values() for pair in self._near(key, names)]
        return self._mended(self._likely(key, near), key, within)

    def _may_be_mended(self, words: Sequence[str], key: str) -> bool:
        return (
            len(key) >= ONE_SLIP - 1
            and not any(letter.isdigit() for letter in key)
            and not _NAMELESS.issuperset(words)
        )

    def _likely(self, key: str, near: Iterable[tuple[str, int]]) -> list[tuple[str, float]]:
        said = sound(key)
        return [
            (name, SOUND_OF_A_SLIP if sound(name) == said else SLIP**slips)
            for name, slips in near
            if slips
        ]

    def _mended(
        self, names: Iterable[tuple[str, float]], key: str, within: AbstractSet[str]
    ) -> list[Match]:
        found: dict[int | str, Match] = {}
        for name, likelihood in names:
            for place, people in self._bearing(name) if name != key else ():
                match = Match(place, people * likelihood, exact=False)
                if place not in found or found[place].weight < match.weight:
                    found[place] = match
        return self._inside(found.values(), within)

    def bearing(self, words: Sequence[str]) -> list[int]:
        """Find the rows that bear a name, or that are towns known by the first part of theirs."""
        key = compact(words)
        return [*self.places.named(key), *self._first_parts.get(key, ())]

    def all_ordinary(self, words: Sequence[str]) -> bool:
        """Tell whether all words are French words, or letters before an apostrophe."""
        return all(word in self.ordinary or len(word) == 1 for word in words)

    def is_ordinary(self, words: Sequence[str]) -> bool:
        """Tell whether a name is a French word first: « aide », « mer », « la croix »."""
        content = [word for word in words if word not in ARTICLES] or list(words)
        if len(content) > 1:
            return False
        seen = self.ordinary.get(content[0], 0)
        people = max((self._people(row) for row in self.bearing(words)), default=0)
        return seen > 0 and people < 10 * seen

    def people(self, place: int | str) -> float:
        """Count the people of a place."""
        if isinstance(place, str):
            return float(self._department_people[place])
        return self._people(place)

    def _is_word(self, words: Sequence[str]) -> bool:
        """Tell whether all that is typed is one French word."""
        return len(words) == 1 and words[0] in self.ordinary

    def _near(self, key: str, names: Mapping[int, Sequence[str]]) -> list[tuple[str, int]]:
        """Find the names within the slips that their own length allows, and count the slips."""
        found: list[tuple[str, int]] = []
        for length in range(max(ONE_SLIP, len(key) - 2), len(key) + 3):
            slips = 2 if length >= TWO_SLIPS else 1
            if length in names and abs(length - len(key)) <= slips:
                found += [
                    (name, int(distance))
                    for name, distance, _ in extract(
                        key, names[length], scorer=OSA.distance, score_cutoff=slips, limit=None
                    )
                ]
        return found

    def _bearing(self, key: str) -> Iterator[tuple[int | str, float]]:
        rows = self.places.named(key)
        for row in rows:
            yield row, self._people(row)
        is_city = any(self.places.populations[row] >= CITY for row in rows)
        for row in self._first_parts.get(key, ()):
            yield row, self._people(row) * (BEGINNING_OF_A_CITY if is_city else BEGINNING)
        for row in self._without_article.get(key, ()):
            yield row, self._people(row) * WITHOUT_ARTICLE
        if key in self._departments and (code := self._departments[key]) != "75":
            yield code, self._department_people[code] * DEPARTMENT_FOR_COMMUNE

    def _people(self, row: int) -> float:
        """Count who may mean a place; a share of its whole for a former commune."""
        places = self.places
        if places.kind_of(row) is not AreaKind.FORMER:
            return max(places.populations[row], HAMLET)
        whole = places.populations[places.whole_of(row)]
        return max(whole * (0.5 if places.is_seat(row) else 0.1), HAMLET)

    def _inside(self, matches: Iterable[Match], within: AbstractSet[str]) -> list[Match]:
        if not within:
            return list(matches)
        return [
            match
            for match in matches
            if isinstance(match.place, int) and self.places.department_of(match.place) in within
        ]

    def area(self, place: int | str) -> Area:
        """Make the area of a match."""
        if isinstance(place, str):
            return self.places.department_area(place)
        return self.places.area(place)

    def decide(self, matches: Iterable[Match]) -> Resolution:
        """Keep the likeliest places: one if it is sure, four at most if it must be asked."""
        ranked = sorted(matches, key=lambda match: (-match.weight, str(match.place)))
        if not ranked:
            return Resolution()
        total = sum(match.weight for match in ranked)
        kept: dict[str, Match] = {}
        sure, negligible = (SURE, NEGLIGIBLE) if ranked[0].exact else (SURE_MENDED, NEGLIGIBLE / 10)
        if ranked[0].weight >= sure * total:
            ranked = ranked[:1]
        for match in ranked:
            whole = self._whole(match.place)
            if match.weight >= negligible * total:
                kept.setdefault(whole, match)
        best = list(kept.values())
        chosen = best[:CHOICES]
        return Resolution(
            choices=tuple(self.area(match.place) for match in chosen),
            exact=chosen[0].exact,
            left_out=len(best) - len(chosen),
        )

    def _whole(self, place: int | str) -> str:
        """Name what two choices must not share: the commune as it is today."""
        if isinstance(place, str) or self.places.kind_of(place) is not AreaKind.FORMER:
            return str(place)
        return str(self.places.whole_of(place))


def first_part(name: str) -> str:
    """Shorten a compound name as people do: « Brive-la-Gaillarde » is « brive »."""
    words = name.split()
    skipped = 1 if words[0] in ARTICLES else 0
    skipped += words[skipped] in {"saint", "sainte"}
    for index in range(skipped + 1, len(words)):
        if words[index] in _LINKS or index == len(words) - 1:
            return compact(words[:index])
    return ""
