"""Dates, postcodes and phone numbers as people type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from rapidfuzz.distance import OSA

from assistant.flows.reply_words import ReplyWords
from assistant.safety.normalise import fold

# Somebody who tells a story around the number wants more than to answer.
MAX_WORDS_AROUND: Final = 6
# A short name with two slips is another month: « juin », « juillet ».
LONG_MONTH: Final = 7
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
MIN_FUZZY_MONTH: Final = 4

# Numbers dialled with these first digits belong to the overseas codes (ARCEP decision 2018-0881,
# annex): Guadeloupe and Saint-Martin 590, Guyane 594, Martinique 596, La Réunion and Mayotte 262.
OVERSEAS_PREFIXES: Final = {
    **dict.fromkeys(("0590", "0690", "0691"), "590"),
    **dict.fromkeys(("0594", "0694"), "594"),
    **dict.fromkeys(("0596", "0696", "0697"), "596"),
    **dict.fromkeys(("0262", "0263", "0692", "0693", "0269", "0639"), "262"),
}
# 08 is for paying or free services: nobody is called back there.
_NATIONAL: Final = re.compile(r"0[1-79]\d{8}")
_FRENCH: Final = re.compile(r"\+33(?:\(0\)|0)?([1-79]\d{8})")
_FOREIGN: Final = re.compile(r"\+(?!33)[1-9]\d{7,14}")
_PHONE_LIKE: Final = re.compile(r"\+?[\d(][\d\s().\-/]*")

# French postcodes begin with the département, 01 to 95, or 97 and 98 overseas; Corsica has 20.
_POSTCODE: Final = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|97|98)\d{3}")


def read_date(text: str, words: ReplyWords) -> str | None:
    """Return an ISO date from « 12/03/1956 », « 12 mars 1956 » or « 1956-03-12 ».

    The year must have four digits, so that nothing has to be guessed.
    """
    tokens = [token for token in fold(text).split() if token not in words.date_leads]
    if len(tokens) == 1 and re.fullmatch(r"\d{8}", tokens[0]):
        tokens = [tokens[0][:2], tokens[0][2:4], tokens[0][4:]]
    match tokens:
        case [year, month, day] if _YEAR.fullmatch(year):
            pass
        case [day, month, year] if _YEAR.fullmatch(year):
            pass
        case _:
            return None
    in_month, in_year = _day(day), _whole(month) or _month(month, words)
    if in_month is None or in_year is None:
        return None
    try:
        return date(int(year), in_year, in_month).isoformat()
    except ValueError:
        return None


def read_postcode(text: str) -> str | None:
    """Return the five digits of a French postcode, perhaps with a town beside it."""
    if "?" in text:
        return None
    folded = re.sub(r"\b(\d{2}) (\d{3})\b", r"\1\2", fold(text))
    tokens = folded.split()
    numbers = [token for token in tokens if any(char.isdigit() for char in token)]
    if len(numbers) != 1 or len(tokens) > MAX_WORDS_AROUND or not _POSTCODE.fullmatch(numbers[0]):
        return None
    return numbers[0]


def read_phone(text: str) -> str | None:
    """Return a French, overseas or foreign phone number in E.164 form (+33612345678)."""
    if "?" in text:
        return None
    plain = unicodedata.normalize("NFKC", text)
    found = [match for match in _PHONE_LIKE.findall(plain) if any(char.isdigit() for char in match)]
    words_around = _PHONE_LIKE.sub(" ", plain).split()
    if len(found) != 1 or len(words_around) > MAX_WORDS_AROUND:
        return None
    number = re.sub(r"[\s.\-/]", "", found[0])
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if french := _FRENCH.fullmatch(number):
        number = f"0{french[1]}"
    if _NATIONAL.fullmatch(number):
        return f"+{OVERSEAS_PREFIXES.get(number[:4], '33')}{number[1:]}"
    return number if _FOREIGN.fullmatch(number) else None


def _whole(word: str) -> int | None:
    return int(word) if re.fullmatch(r"\d{1,2}", word) else None


def _day(word: str) -> int | None:
    return 1 if word == "1er" else _whole(word)


def _month(token: str, words: ReplyWords) -> int | None:
    """Return the month of a name, one or two slips forgiven unless two months are as near."""
    if token in words.months:
        return words.months[token]
    if len(token) < MIN_FUZZY_MONTH:
        return None
    slips = 1 if len(token) < LONG_MONTH else 2
    near = sorted(
        (OSA.distance(token, name, score_cutoff=slips), number)
        for name, number in words.months.items()
        if len(name) >= MIN_FUZZY_MONTH
    )
    (best, month), *others = near
    clear = all(distance > best for distance, other in others if other != month)
    return month if best <= slips and clear else None
