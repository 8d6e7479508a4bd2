"""Finds the places that a sentence names, without taking ordinary words for places.

« Mer », « Sens », « Plaisir », « Cours » are communes. A name that is also a French word needs a
reason: what stands before it (« j'habite à … »), a capital letter, a postcode, a département.
"""

import re
from collections.abc import Callable, Sequence

from assistant.directory.gazetteer.area import Mention, Resolution
from assistant.directory.gazetteer.matching import ARTICLES, CITIES, TOWN, Matcher
from assistant.directory.gazetteer.query import department_code
from assistant.directory.gazetteer.spelling import Word, compact, words_in

#: « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson » has eight words.
LONGEST_NAME = 8
#: A small commune is found without its capital letter only where a place is expected.
VISIBLE = TOWN
#: Shorter names in small letters are mostly misspelled words: « vou », « sui », « ay ».
SHORTEST = 4
#: A word as common as that is no village, whatever stands before it.
COMMON = 20_000
MENDED_FROM = 5
#: « j'habite juste à côté de la Rochelle »: how many words may stand between.
FARTHEST = 4

_MONTHS = frozenset(
    """janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre jan fev
    avr juil sept oct nov dec""".split()
)
_TIMES = _MONTHS | frozenset(
    "h heure heures jour jours mois ans an annee annees minutes min euros e % fois".split(),
)
_LIVING = frozenset(
    """habite habites habitons habitez habitent habitant habitais jhabite reside residons vis vit
    vivons vivent loge demenage demenager installe domicilie""".split()
)
_BEING = frozenset("suis sui sommes etes jsuis chui vais allons viens venons".split())
_NEAR = frozenset("pres proche cote autour alentours environs proximite loin region".split())
_KINDS = frozenset("ville village commune mairie bourg quartier hopital gare secteur".split())
_LINKS = frozenset("a au aux de du des d dans ds sur vers en par chez entre jusqu pour".split())
_WEAK = frozenset("a au aux de du d sur en dans ds vers pour entre chez".split())
_CONTRACTED = {"au": "le", "du": "le", "aux": "les", "des": "les"}
_TOWARDS = frozenset({"a", "sur", "vers"})
_DETERMINERS = ARTICLES | {"un", "une", "des", "du", "mon", "ma", "mes", "ce", "cette", "quel"}
_IN_DEPARTMENT = {
    (word, article)
    for word in ("dans", "ds", "habite", "departement")
    for article in ("le", "du", "l", "de")
}
_BETWEEN = frozenset(
    "a au aux de du des d dans ds sur vers en juste pas tout plutot le la l".split()
)
_STICKING = re.compile(r"[\s\-'’/.,()]{1,3}")
_POSTCODE = re.compile(r"\d{5}")
_ORDINAL = re.compile(r"\d{1,2}(?:er|e|eme|em|ieme)")
_JOINING = frozenset("dans ds le la l les en de du dep departement cedex".split())
_JOINED = re.compile(r"[ \-'’/]{1,2}")


class SentenceReader:
    """Reads sentences with the names that a matcher knows."""

    def __init__(
        self,
        matcher: Matcher,
        resolve: Callable[[Sequence[str]], Resolution],
    ) -> None:
        """Use a matcher for the names, and ``resolve`` for a name with its numbers."""
        self._matcher = matcher
        self._resolve = resolve

    def read(self, text: str) -> tuple[Mention, ...]:
        """Find the places that a sentence names, from left to right."""
        words = words_in(text)
        shouted = text.upper() == text
        found: list[Mention] = []
        at = 0
        while at < len(words):
            end = self._mention_at(text, words, at, shouted=shouted)
            if end > at:
                resolution = self._resolve([word.plain for word in words[at:end]])
                if resolution.choices:
                    start, stop = words[at].start, words[end - 1].end
                    found.append(Mention(start, stop, text[start:stop], resolution))
                    at = end
                    continue
            at += 1
        return tuple(found)

    def _mention_at(self, text: str, words: Sequence[Word], at: int, *, shouted: bool) -> int:
        """Tell where a place that begins at a word ends, or that none does."""
        if words[at].plain.isdigit() or department_code(words[at].plain):
            return self._number_at(words, at)
        if re.fullmatch(r"\d+\w+", words[at].plain):
            return self._ordinal_at(words, at)
        limit = at + 1
        while (
            limit < min(len(words), at + LONGEST_NAME)
            and _JOINED.fullmatch(text[words[limit - 1].end : words[limit].start])
            and not words[limit].plain.isdigit()
        ):
            limit += 1
        for end in range(limit, at, -1):
            name = [word.plain for word in words[at:end]]
            follows = self._qualifier_after(text, words, at, end)
            if self._is_place(words, at, end, shouted=shouted, qualified=follows > end):
                return follows
            if self._is_department(words, at, name):
                return end
        for end in range(min(limit, at + 4), at, -1):
            if self._is_mended_place(words, at, end):
                return self._qualifier_after(text, words, at, end)
        return at

    def _is_place(
        self, words: Sequence[Word], at: int, end: int, *, shouted: bool, qualified: bool
    ) -> bool:
        name = [word.plain for word in words[at:end]]
        rows = self._rows(words, at, name)
        if not rows or qualified:
            return bool(rows)
        people = max(self._matcher.places.populations[row] for row in rows)
        capital = words[at].capital and words[end - 1].capital and not shouted and at > 0
        if self._matcher.is_ordinary(name):
            return self._is_ordinary_place(words, at, name, people, capital=capital)
        if sum(word not in ARTICLES for word in name) > 1 and len(compact(name)) > SHORTEST + 2:
            return True
        if capital or people >= VISIBLE:
            return True
        if self._is_expected(words, at):
            return len(compact(name)) >= SHORTEST
        return at > 0 and words[at - 1].plain in _WEAK and len(compact(name)) > SHORTEST

    def _is_ordinary_place(
        self, words: Sequence[Word], at: int, name: Sequence[str], people: int, *, capital: bool
    ) -> bool:
        """Ask more of a name that is a French word."""
        if at == 0 or words[at - 1].plain in _DETERMINERS:
            return False  # « le sens de la vie », « la mer »
        content = [word for word in name if word not in ARTICLES]
        seen = max((self._matcher.ordinary.get(word, 0) for word in content), default=0)
        likely = seen < COMMON or people >= TOWN
        if self._is_expected(words, at):
            # « l'hôpital », « la poste » are near anybody
            return capital or (likely and name[0] not in ARTICLES)
        return capital and likely and words[at - 1].plain in _WEAK

    def _rows(self, words: Sequence[Word], at: int, name: Sequence[str]) -> Sequence[int]:
        """Find the places that bear a name, unless it is a month or other words joined."""
        if len(name) == 1 and name[0] in _MONTHS:
            return ()
        rows = self._matcher.bearing(name)
        if not rows and at > 0 and (article := _CONTRACTED.get(words[at - 1].plain)):
            rows = self._matcher.bearing([article, *name])  # « au Mans », « aux Sables-d'Olonne »
        return rows if self._is_written_so(name, rows) else ()

    def _is_written_so(self, name: Sequence[str], rows: Sequence[int]) -> bool:
        """Refuse French words that only spell a name once joined: « tout le monde »."""
        spaced = " ".join(name)
        return not self._matcher.all_ordinary(name) or any(
            spaced in self._matcher.places.spaced[row] for row in rows
        )

    def _is_department(self, words: Sequence[Word], at: int, name: Sequence[str]) -> bool:
        if at == 0 or self._matcher.department(name) is None:
            return False
        before = words[at - 1].plain
        if len(name) > 1 and name[0] not in ARTICLES:
            return True
        if name[0] in ARTICLES:
            return before in {"dans", "ds", "de", "a", "habite", "sur"}
        if before in {"le", "la", "l", "les"}:
            return at > 1 and words[at - 2].plain in {"dans", "ds", "de", "sur"}
        if before in {"en", "dans", "ds", "du"}:
            return words[at].capital or not self._matcher.ordinary.get(name[0])
        return False

    def _is_mended_place(self, words: Sequence[Word], at: int, end: int) -> bool:
        """Tell whether words are a town but for a letter, where a town is expected."""
        name = [word.plain for word in words[at:end]]
        key = compact(name)
        if len(key) < MENDED_FROM or at == 0 or key.isdigit():
            return False
        strong = self._is_expected(words, at)
        if not strong and words[at - 1].plain not in _TOWARDS:
            return False
        content = [word for word in name if word not in ARTICLES]
        if (
            not content
            or len(content[-1]) == 1
            or content[0] in _LINKS
            or content[-1] in _LINKS | _BETWEEN
        ):
            return False
        if any(self._matcher.ordinary.get(word, 0) for word in content if word != "saint"):
            return False
        if any(word.isdigit() for word in name):
            return False
        matches = self._matcher.with_slips(name)
        if not matches:
            return False
        best = max(matches, key=lambda match: match.weight)
        people = self._matcher.people(best.place)
        return people >= (TOWN if strong else 2 * TOWN)

    def _is_expected(self, words: Sequence[Word], at: int) -> bool:
        """Tell whether what stands before makes a place likely: « habite à », « près de »."""
        index = at - 1
        while index >= max(0, at - FARTHEST) and words[index].plain in _BETWEEN:
            index -= 1
        linked = index < at - 1
        if linked and words[at - 1].plain == "vers":
            return True
        before = words[index].plain if index >= 0 else ""
        return before in _LIVING or (linked and before in _BEING | _NEAR | _KINDS)

    def _qualifier_after(self, text: str, words: Sequence[Word], at: int, end: int) -> int:
        """Include the département, postcode or arrondissement that follows a name."""
        then = end
        while then < min(len(words), end + 3) and words[then].plain in _JOINING:
            then += 1
        if then >= len(words) or not _STICKING.fullmatch(
            text[words[then - 1].end : words[then].start]
        ):
            return end
        word = words[then].plain
        after = words[then + 1].plain if then + 1 < len(words) else ""
        if word[0].isdigit():
            return then + 1 if self._is_qualifier(words[end - 1], word, after) else end
        name = [word.plain for word in words[at:end]]
        for stop in range(min(len(words), then + 4), then, -1):
            code = self._matcher.department([word.plain for word in words[then:stop]])
            if code and self._matcher.exact(name, {code}):
                return stop
        return end

    def _is_qualifier(self, before: Word, number: str, after: str) -> bool:
        if after in _TIMES or after.isdigit():
            return False
        if _POSTCODE.fullmatch(number):
            return bool(self._matcher.places.at_postcode(number))
        if _ORDINAL.fullmatch(number):
            return before.plain in CITIES
        return len(number) > 1 and bool(department_code(number))

    def _number_at(self, words: Sequence[Word], at: int) -> int:
        """Read « 05000 (Gap) », « dans le 93 »; a date or an hour is none."""
        number = words[at].plain
        after = words[at + 1].plain if at + 1 < len(words) else ""
        if _POSTCODE.fullmatch(number):
            if not self._matcher.places.at_postcode(number):
                return at
            for end in range(min(len(words), at + 1 + LONGEST_NAME), at + 1, -1):
                name = [word.plain for word in words[at + 1 : end]]
                if self._matcher.places.named(compact(name)):
                    return end
            return at + 1
        if not department_code(number) or after in _TIMES or after.isdigit() or len(number) == 1:
            return at
        before = tuple(word.plain for word in words[max(0, at - 2) : at])
        if before in _IN_DEPARTMENT or (before[1:] == ("du",) and before[0] in _BEING | _LIVING):
            return at + 1
        return at

    def _ordinal_at(self, words: Sequence[Word], at: int) -> int:
        """Read « dans le 20e », « le 12eme arrondissement »."""
        if not _ORDINAL.fullmatch(words[at].plain):
            return at
        after = words[at + 1].plain if at + 1 < len(words) else ""
        if after.startswith("arr"):
            city = [word.plain for word in words[at + 2 : at + 4]]
            return at + 4 if city[0:1] in (["de"], ["a"]) and city[-1] in CITIES else at + 2
        before = [word.plain for word in words[max(0, at - 2) : at]]
        if before[-1:] == ["le"] and before[:1] in (["dans"], ["ds"], ["habite"]):
            return at if after and after not in {"a", "de", "et"} else at + 1
        return at
