"""Resolves what somebody typed when asked where they live."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from rapidfuzz.distance import OSA

from assistant.directory.gazetteer.area import Area, Mention, Resolution
from assistant.directory.gazetteer.matching import (
    ARTICLES,
    CHOICES,
    CITIES,
    CITY,
    ONE_SLIP,
    SLIP,
    TOWN,
    TWO_SLIPS,
    VILLAGE,
    Match,
    Matcher,
)
from assistant.directory.gazetteer.places import Places
from assistant.directory.gazetteer.query import Query, department_code, departments_of, read_query
from assistant.directory.gazetteer.sentence import COMMON, SentenceReader
from assistant.directory.gazetteer.spelling import compact, words_in

#: Longer is not the name of a place; the rest of a pasted page is not read.
LONGEST = 300
#: The longest name of a commune has 8 words, the longest of a département 4.
DEPARTMENT_WORDS = 4

#: What people write around the name of a place.
_LEADING = frozenset(
    """a agglomeration alentours alors au autour aux bah banlieue ben bonjour bonsoir bourg c centre
    chez code commune coin cote cp d dans de departement dept dep dpt des dpt ds du en entre environ
    environs est et euh f habitant habite habitons hameau ici j jhabite je jsuis juste l la le les
    lieu loge loin mairie me mon moi nous numero on oui pas pour pres proche proximite quartier
    region residence reside secteur situe sommes suis sur tout trouve vers vie village ville vis
    vit vivons voisinage y""".split()
)
_TRAILING = frozenset(
    """alentours banlieue bonjour centre cordialement environs et france les merci nord ouest est
    plait s si sil stp sud svp sur te ville vous voila""".split()
)
_JOINING = frozenset(
    "a au aux d dans de dep departement dept des dpt ds du en l la le les n no numero".split(),
)
#: « à Corrèze » is the village, « en Corrèze » and « la Corrèze » the département.
_TOWARDS_COMMUNE = frozenset({"a", "commune", "ville", "village", "mairie", "bourg"})
_TOWARDS_DEPARTMENT = frozenset({"la", "le", "les", "l", "en", "dans", "ds", "departement", "dept"})
#: So common a word is no answer, unless it is a town or its département is said.
IDLE = 70_000
_UNLIKELY = 1e-5

Search = Callable[[Sequence[str], AbstractSet[str]], list[Match]]


class Gazetteer:
    """The communes, arrondissements, postcodes and départements of France, by any spelling.

    Built once: 37,000 places. ``text`` and ``words`` are the files that .ci/directory_data.py
    writes.
    """

    def __init__(self, text: str, words: Mapping[str, int]) -> None:
        """Index the places; ``words`` says how often each French word is seen."""
        self.places = Places(text)
        self._matcher = Matcher(self.places, words)
        self._sentences = SentenceReader(self._matcher, self._resolve_words)

    def resolve(self, text: str, *, hint: str | None = None) -> Resolution:
        """Find the areas that an answer may mean, the likeliest first.

        ``hint`` is what is known besides, such as an earlier answer: a département or a postcode
        chooses between namesakes, and is left aside when nothing of that name lies there.
        """
        words = [word.plain for word in words_in(text[:LONGEST])]
        within = self._departments_in(hint) if hint else frozenset()
        if within and (found := self._resolve_words(words, within)).choices:
            return found
        found = self._resolve_words(words)
        if found.choices:
            return found
        return self._from_mentions(self.find_in_sentence(text))

    def coded(self, code: str) -> Area | None:
        """Return the commune or arrondissement of today that bears an INSEE code."""
        row = self.places.coded(code)
        return None if row is None else self.places.area(row)

    def find_in_sentence(self, text: str) -> tuple[Mention, ...]:
        """Find the places that a sentence names, from left to right."""
        return self._sentences.read(text[:LONGEST])

    def _departments_in(self, hint: str) -> AbstractSet[str]:
        choices = self._resolve_words([word.plain for word in words_in(hint[:LONGEST])]).choices
        return frozenset(area.department for area in choices)

    def _resolve_words(
        self, words: Sequence[str], within: AbstractSet[str] = frozenset()
    ) -> Resolution:
        query = read_query(words)
        if query.postcode:
            return self._at_postcode(query)
        if query.ordinal or query.number:
            found = self._in_district(query)
            if found.choices:
                return found
        if query.number and (code := department_code(query.number)):
            inside = departments_of(code) & self.places.departments.keys()
            if not inside:
                return Resolution()
            named = self._named(without_joints(query.words), inside)
            if named.choices or not self._only_around(query.words):
                return named
            return self._departments(sorted(inside))
        return self._named(query.words, within)

    def _at_postcode(self, query: Query) -> Resolution:
        rows = list(self.places.at_postcode(query.postcode))
        inside = departments_of(query.postcode) & self.places.departments.keys()
        named = [
            match for match in self._matches(query.words, inside) if isinstance(match.place, int)
        ]
        among = [match for match in named if match.place in rows]
        if among:
            return self._matcher.decide(among)
        exact = [match for match in named if match.exact]
        if rows and exact:  # a wrong postcode, or an INSEE code, which has five digits too
            return self._matcher.decide(exact)
        if len(rows) == 1:
            return Resolution((self.places.area(rows[0]),))
        if rows:
            return Resolution((self.places.postcode_area(query.postcode, rows),))
        # A CEDEX or a firm's own postcode: its town is in the name, or else only its département.
        district = self._in_district(query)
        if district.choices:
            return district
        if named:
            return self._matcher.decide(named)
        areas = self._departments(sorted(inside))
        return Resolution(areas.choices, exact=False)

    def _in_district(self, query: Query) -> Resolution:
        number = query.ordinal or (int(query.number) if query.number.isdigit() else 0)
        rows = self.places.districts(number)
        city = self._city(query.words)
        if city:
            if city not in rows:
                return Resolution()
            area = self.places.area(rows[city])
            if not query.ordinal and department_code(query.number) == area.department:
                return Resolution((area, self.places.area(self.places.whole_of(rows[city]))))
            return Resolution((area,))
        if query.ordinal and self._only_around(query.words):
            return self._matcher.decide(
                [Match(row, self.places.populations[row]) for row in rows.values()],
            )
        return Resolution()

    def _city(self, words: Sequence[str]) -> str:
        for size in range(min(DEPARTMENT_WORDS, len(words) - 1), 0, -1):
            head = without_joints(words[:-size])
            if self._matcher.department(words[-size:]) and not self._only_around(head):
                words = head  # « Lyon 3e (Rhône) »
                break
        name = compact(without_surroundings(words))
        if name not in CITIES and self.places.named(name):
            return ""
        if words and words[0] in CITIES:
            return words[0]  # « Lyon 9 Vaise »: a quarter after it
        for city in CITIES:
            slips = 2 if len(city) >= TWO_SLIPS else 1
            if OSA.distance(name, city, score_cutoff=slips) <= slips:
                return city
        return ""

    def _named(self, words: Sequence[str], within: AbstractSet[str] = frozenset()) -> Resolution:
        return self._matcher.decide(self._matches(words, within))

    def _matches(self, words: Sequence[str], within: AbstractSet[str] = frozenset()) -> list[Match]:
        """Find the places of a name: as it is, with its département, without what is around."""
        return (
            self._exact(words, within)
            or (() if within else self._with_department(words, self._exact))
            or self._first(words, within, self._exact)
            or self._first(words, within, self._mended)
            or (() if within else self._with_department(words, self._mended))
            or self._first(words, within, self._thoroughly_mended)
        )

    def _first(self, words: Sequence[str], within: AbstractSet[str], find: Search) -> list[Match]:
        """Take away, one word at a time, what is around a name until something is found."""
        for around, name in readings(words):
            found = find(name, within)
            if found:
                return leaning(found, around)
        return []

    def _with_department(self, words: Sequence[str], find: Search) -> list[Match]:
        """Split « saint denis de la reunion » into a name and the département that it lies in."""
        for size in range(min(DEPARTMENT_WORDS, len(words)), 0, -1):
            code = self._matcher.department(words[-size:])
            if not code:
                continue
            head = words[:-size]
            name = without_joints(head)
            # « Vers (Haute-Savoie) » is a village, « vers la Haute-Savoie » is not.
            if name and (len(name) == len(head) or not self._only_around(head)):
                found = self._first(name, departments_of(code), find)
                if found:
                    return found
        return []

    def _exact(self, name: Sequence[str], within: AbstractSet[str]) -> list[Match]:
        found = self._matcher.exact(name, within)
        if not found or (not within and self._is_idle(name)):
            return []
        best = max(match.weight for match in found)
        mend = self._matcher.with_slips if best < VILLAGE else self._matcher.said_alike
        known = {match.place for match in found}
        return [*found, *(match for match in mend(name, within) if match.place not in known)]

    def _mended(self, name: Sequence[str], within: AbstractSet[str]) -> list[Match]:
        """Mend the letters of a name; French words are only read as the name of a town.

        A département said beside them makes a name of any word: « mets 57 » is Metz.
        """
        ordinary = self._matcher.ordinary
        if within and len(name) == 1 and len(name[0]) >= ONE_SLIP:
            near = self._matcher.with_slips(name, within)
            if towns := [match for match in near if self._matcher.people(match.place) >= TOWN]:
                return towns
        if any(word not in ordinary for word in name):
            found = self._matcher.with_slips(name, within)
            if name[0] in ARTICLES:  # « la corèze »: the article is not a part of every name
                found += leaning(self._matcher.with_slips(name[1:], within), name[:1])
            return found
        if len(name) > 1 and name[0] not in _LEADING - ARTICLES:
            near = self._matcher.with_slips(name, within)
            return [match for match in near if match.weight >= TOWN * SLIP]
        if len(name) == 1 and ordinary[name[0]] < COMMON:
            said = self._matcher.said_alike(name, within)
            return [match for match in said if self._matcher.people(match.place) >= CITY]
        return []

    def _thoroughly_mended(self, name: Sequence[str], within: AbstractSet[str]) -> list[Match]:
        if all(word in self._matcher.ordinary for word in name):
            return []
        return self._matcher.with_first_slip(name, within)

    def _is_idle(self, name: Sequence[str]) -> bool:
        """Tell whether a word is said in answer to anything: « son », « viens », « contre »."""
        if len(name) != 1:
            return not name
        seen = self._matcher.ordinary.get(name[0], 0)
        people = max((self._matcher.people(row) for row in self.places.named(name[0])), default=0)
        return len(name[0]) == 1 or (seen > IDLE and people < TOWN)

    def _only_around(self, words: Sequence[str]) -> bool:
        return all(word in _LEADING or word in _JOINING for word in words)

    def _departments(self, codes: Sequence[str]) -> Resolution:
        return Resolution(tuple(self.places.department_area(code) for code in codes))

    def _from_mentions(self, mentions: Sequence[Mention]) -> Resolution:
        """Answer with what a sentence names; all of it when it names several places."""
        areas = {area.label: area for mention in mentions for area in mention.resolution.choices}
        return Resolution(
            tuple(areas.values())[:CHOICES],
            exact=all(mention.resolution.exact for mention in mentions),
            left_out=sum(mention.resolution.left_out for mention in mentions),
        )


def readings(words: Sequence[str]) -> Iterable[tuple[Sequence[str], Sequence[str]]]:
    """Read a name with less and less around it, each time with what stands before it."""
    end = len(words)
    while end:
        for start in range(end):
            yield words[:start], words[start:end]
            if words[start] not in _LEADING:
                break
        if words[end - 1] not in _TRAILING:
            return
        end -= 1


def without_surroundings(words: Sequence[str]) -> Sequence[str]:
    """Take away the words that people write before and after the name of a place."""
    start, end = 0, len(words)
    while start < end - 1 and words[start] in _LEADING:
        start += 1
    while start < end - 1 and words[end - 1] in _TRAILING:
        end -= 1
    return words[start:end]


def without_joints(words: Sequence[str]) -> Sequence[str]:
    """Take away what joins a name to its département: « gap dans les (05) »."""
    end = len(words)
    while end and words[end - 1] in _JOINING:
        end -= 1
    return words[:end]


def leaning(matches: Iterable[Match], around: Sequence[str]) -> list[Match]:
    """Weigh a village against the département of its name by the word before."""
    if not around:
        return list(matches)
    last = around[-1]
    return [
        Match(match.place, match.weight * _UNLIKELY, match.exact)
        if (isinstance(match.place, str) and last in _TOWARDS_COMMUNE)
        or (isinstance(match.place, int) and last in _TOWARDS_DEPARTMENT)
        else match
        for match in matches
    ]
