"""The numbers that everybody may read: telephone numbers, dates, hours, public registrations."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum.fr import siret

from assistant.safety.evidence import Evidence
from assistant.safety.numerals import Gap, Group, joined, split_chains

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_FULL_DATES = (
    re.compile(rf"(?<!\d){_DAY}([ ./-]){_MONTH}\1{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}([./-])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"),
)
_SHORT_DATES = (
    re.compile(rf"(?<!\d){_DAY}([./-]){_MONTH}\1\d\d(?!\d)"),
    re.compile(rf"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
)
_HOURS = re.compile(r"(?<![^\W_])(?:[01]?\d|2[0-4]) ?[:h] ?[0-5]\d(?![^\W_])")
_COORDINATES = re.compile(r"(?<![\d.])-?\d{1,3}\.\d{3,8}[,;]? -?\d{1,3}\.\d{3,8}(?![\d.])")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP_ADDRESS = re.compile(rf"(?<![\w.]){_BYTE}(?:\.{_BYTE}){{3}}(?![\w.])")
_DIRECTORY_ENQUIRIES = re.compile(r"(?<!\d)118 ?\d{3}(?! ?\d)")
_QUANTITY = re.compile(
    r"(?<![^\W_])(?:\d{1,3}(?:[ .]\d{3}){1,4}|\d{1,12})(?:,\d{1,2})? ?"
    r"(?:€|%|(?:euros?|eur|caracteres?|chiffres?|ans|habitants|personnes|enfants|km|kg)\b)"
)

# 3422 and the like are never codes: https://www.arcep.fr (numbering plan, "numéros courts").
SHORT_NUMBERS = frozenset(
    "33700 3008 3018 3020 3101 3114 3117 3133 3230 3237 3400 3422 3428 3919 3939 3949"
    " 3960 3966 3970"
    " 3975 3977 3989 3995".split()
)
_SHORT_NUMBER = re.compile(r"36\d\d|118\d{3}")

_GLUED_INTERNATIONAL = re.compile(r"0033[1-9]\d{8}")
_PHONE_LABELS = frozenset(
    "tel telephone phone portable mobile fixe fax appel appels appeler appelez appelle rappel"
    " rappeler rappelez rappelle joindre joignable contacter contactez whatsapp gsm".split()
)
_REGISTRATIONS = frozenset({"siren", "rpps", "finess", "adeli", "rna"})
_FILE_LABELS = frozenset(
    "dossier commande colis suivi facture ticket reference ref devis livraison incident demande"
    " reclamation client clients abonne abonnement adherent contrat police relay relais tracking"
    " expedition bordereau rdv intervention commandes dossiers".split()
)
_CODE_LABELS = frozenset({"code", "codes", "otp"})
_LONGEST_REFERENCE = 12  # digits; a longer number is masked whatever it is called


def is_short_number(digits: str) -> bool:
    """Tell whether digits are a short number that anybody may call (3422, 3646, 118712)."""
    return digits in SHORT_NUMBERS or _SHORT_NUMBER.fullmatch(digits) is not None


def is_date(digits: str) -> bool:
    """Tell whether eight digits in one go read as a date (28071929)."""
    return any(pattern.fullmatch(digits) for pattern in _SHORT_DATES)


def is_public(digits: str) -> bool:
    """Tell whether digits standing alone are a postcode, a year or a number to call."""
    return len(digits) <= 3 or len(digits) == 5 or is_short_number(digits) or is_year(digits)


def is_year(digits: str) -> bool:
    """Tell whether four digits read as a year of somebody's life."""
    return len(digits) == 4 and "1900" <= digits <= "2099"


def keep_full_dates(evidence: Evidence) -> None:
    """Keep the dates that show a year of four digits."""
    for pattern in _FULL_DATES:
        _keep_matches(evidence, pattern)


def keep_coordinates(evidence: Evidence) -> None:
    """Keep the coordinates of places and the addresses of machines."""
    for pattern in (_COORDINATES, _IP_ADDRESS):
        _keep_matches(evidence, pattern)


def keep_short_dates_and_quantities(evidence: Evidence) -> None:
    """Keep what could also be part of a longer number: dates, hours, quantities, 118 numbers."""
    for pattern in (*_SHORT_DATES, _HOURS, _QUANTITY):
        _keep_matches(evidence, pattern)
    for match in _DIRECTORY_ENQUIRIES.finditer(evidence.text):
        may_be_code = " " not in match.group() and (
            evidence.says_before(match.start(), _CODE_LABELS, 6)
        )
        if not may_be_code and evidence.is_free(*match.span()):
            evidence.keep(*match.span())


def _keep_matches(evidence: Evidence, pattern: re.Pattern[str]) -> None:
    for match in pattern.finditer(evidence.text):
        if evidence.is_free(match.start(), match.end()):
            evidence.keep(match.start(), match.end())


def keep_registrations(evidence: Evidence, groups: list[Group]) -> None:
    """Keep the numbers of businesses, of professionals and of files that are named as such.

    A SIRET (14 digits) is kept only when its check digit is right.
    """
    for chain in split_chains(groups, Gap.PUNCTUATION):
        if len(chain) > 5 and len(joined(chain)) in {13, 15}:
            continue  # cut as a social security number is
        labels = {word.text for word in evidence.words_before(chain[0].start, 4)}
        if labels & (_REGISTRATIONS | _FILE_LABELS):
            _keep_first(evidence, chain, lambda digits: len(digits) <= _LONGEST_REFERENCE)
        if labels & {"siret", "siren"} or _is_cut_as_a_siret(chain):
            _keep_first(evidence, chain, siret.is_valid)


def _is_cut_as_a_siret(chain: list[Group]) -> bool:
    return [len(group.digits) for group in chain] in ([14], [9, 5], [3, 3, 3, 5])


def _keep_first(evidence: Evidence, chain: list[Group], is_kept: Callable[[str], bool]) -> None:
    """Keep the longest run of groups, from the first of a chain, that makes such a number."""
    for last in range(min(len(chain), _LONGEST_REFERENCE), 0, -1):
        start, end = chain[0].start, chain[last - 1].end
        if is_kept(joined(chain[:last])) and evidence.is_free(start, end):
            evidence.keep(start, end)
            return


def keep_international_phones(evidence: Evidence, groups: list[Group]) -> None:
    """Keep the telephone numbers written with their country (+33 …, 0033 …)."""
    for chain in split_chains(groups, Gap.PUNCTUATION):
        for index, group in enumerate(chain):
            before = evidence.text[max(0, group.start - 2) : group.start]
            if before.endswith(("+", "+(")):
                _keep_phone(evidence, chain[index:], _longest_international(chain[index:]))
            elif _begins_with_country(chain, index):
                _keep_phone(
                    evidence,
                    chain[index:],
                    14 if "(0)" in evidence.text[group.start : group.start + 8] else 13,
                )


def _begins_with_country(chain: list[Group], index: int) -> bool:
    """Tell whether "0033" begins a telephone number, and is no quarter of a bank card."""
    digits = chain[index].digits
    followed_by_one = index + 1 < len(chain) and len(chain[index + 1].digits) == 1
    return _GLUED_INTERNATIONAL.fullmatch(digits) is not None or (
        digits.startswith("0033") and (index == 0 or followed_by_one)
    )


def _longest_international(groups: list[Group]) -> int:
    """Give the most digits a number has after "+": 33 and nine digits in France, 15 elsewhere."""
    if not groups[0].digits.startswith("33"):
        return 15
    return 12 if any(group.digits == "0" for group in groups[1:2]) else 11


def _keep_phone(evidence: Evidence, groups: list[Group], longest: int) -> None:
    length, end = 0, 0
    for group in groups:
        if length + len(group.digits) > longest:
            break
        length, end = length + len(group.digits), group.end
    if length >= 8 and evidence.is_free(groups[0].start, end):
        evidence.keep(groups[0].start, end)


def keep_phones(evidence: Evidence, groups: list[Group]) -> None:
    """Keep the telephone numbers of France, overseas included, and those named as such."""
    for chain in split_chains(groups, Gap.PUNCTUATION):
        index = 0
        while index < len(chain):
            index += _keep_national_phone(evidence, chain, index) or 1
        if joined(chain).isdecimal() and 8 <= len(joined(chain)) <= 11:
            _keep_named_phone(evidence, chain)


def _keep_national_phone(evidence: Evidence, chain: list[Group], index: int) -> int:
    """Keep ten digits from 01 to 09 that begin at a group; give the number of groups kept."""
    digits = ""
    for last in range(index, min(index + 10, len(chain))):
        digits += chain[last].digits
        if len(digits) == 10 and re.fullmatch(r"0[1-9]\d{8}", digits):
            start, end = chain[index].start, chain[last].end
            if evidence.is_free(start, end):
                evidence.keep(start, end)
            return last - index + 1
        if len(digits) >= 10:
            break
    return 0


def _keep_named_phone(evidence: Evidence, chain: list[Group]) -> None:
    start, end = chain[0].start, chain[-1].end
    looks_like_one = re.fullmatch(r"[67]\d{8}|33[1-9]\d{8}", joined(chain)) is not None
    is_named = evidence.says_before(start, _PHONE_LABELS, 4)
    if (looks_like_one or is_named) and evidence.is_free(start, end):
        evidence.keep(start, end)
