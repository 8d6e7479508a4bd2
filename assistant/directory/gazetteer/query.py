"""Reads the numbers in an answer: postcode, arrondissement, département."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_POSTCODE = re.compile(r"\d{5}")
#: A leading nought is lost by telephones and spreadsheets: « 1000 » is « 01000 ».
_WITHOUT_NOUGHT = re.compile(r"[1-9]\d{3}")
_CORSICAN_OR_OVERSEAS = re.compile(r"2[ab]|9[78]\d")
_ORDINAL = re.compile(r"(\d{1,2})(?:er|ere|e|em|eme|ieme|nd|nde)")
_NUMBER = re.compile(r"\d{1,2}")
_ORDINAL_ENDINGS = frozenset({"er", "ere", "e", "em", "eme", "ieme"})
_DISTRICT_WORDS = frozenset({"arrondissement", "arrondissements", "arrdt", "arrond", "arr", "ardt"})
_SPELLED = (
    "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme"
    " onzieme douzieme treizieme quatorzieme quinzieme seizieme dixseptieme dixhuitieme"
    " dixneuvieme vingtieme"
).split()
#: The Val-d'Oise; overseas numbers have three digits.
LAST = 95
#: Corsica was one département until 1976 and people say so; its postcodes still do.
CORSICA = frozenset({"2A", "2B"})


@dataclass(slots=True)
class Query:
    """An answer with its numbers set apart.

    ``ordinal`` is a « 12e »; ``number`` a bare « 12 », which may be either an arrondissement or a
    département.
    """

    words: list[str]
    postcode: str = ""
    ordinal: int = 0
    number: str = ""


def read_query(words: Sequence[str]) -> Query:
    """Set apart the numbers of an answer."""
    query = Query([])
    rest = deque(words)
    while rest:
        _read_word(query, rest.popleft(), rest)
    if not query.postcode and not query.number and _WITHOUT_NOUGHT.fullmatch("".join(query.words)):
        query.postcode = "0" + query.words.pop()
    return query


def _read_word(query: Query, word: str, rest: deque[str]) -> None:
    following = rest[0] if rest else ""
    if _POSTCODE.fullmatch(word):
        query.postcode = word
    elif _NUMBER.fullmatch(word) and _POSTCODE.fullmatch(word + following):  # « 05 000 »
        query.postcode = word + rest.popleft()
    elif ordinal := _ordinal(word, following):
        query.ordinal = ordinal
        if following in _ORDINAL_ENDINGS:
            rest.popleft()
    elif word in _DISTRICT_WORDS:
        if query.number.isdigit():
            query.ordinal, query.number = int(query.number), ""
    elif _NUMBER.fullmatch(word) or department_code(word):
        query.number = word
    elif word != "cedex":
        query.words.append(word)


def _ordinal(word: str, following: str) -> int:
    """Read « 12e », « 12 eme », « 12 arrondissement », « douzieme arrondissement »; or 0."""
    if match := _ORDINAL.fullmatch(word):
        return int(match[1])
    if _NUMBER.fullmatch(word) and following in _ORDINAL_ENDINGS | _DISTRICT_WORDS:
        return int(word)
    if word in _SPELLED and (following in _DISTRICT_WORDS or not following):
        return _SPELLED.index(word) + 1
    return 0


def department_code(word: str) -> str:
    """Read the number of a département as written in an address: « 5 », « 05 », « 2a », « 974 »."""
    if _CORSICAN_OR_OVERSEAS.fullmatch(word):
        return word.upper()
    return word.zfill(2) if _NUMBER.fullmatch(word) and 1 <= int(word) <= LAST else ""


def departments_of(code: str) -> frozenset[str]:
    """Name the départements that a number or a postcode stands for."""
    if _POSTCODE.fullmatch(code):
        code = code[:3] if code.startswith(("97", "98")) else code[:2]
    return CORSICA if code == "20" else frozenset({code})
