"""Finders of social security numbers, of bank accounts, and of what is as long as these."""

from __future__ import annotations

import re
from functools import cache

from stdnum import iban, luhn, numdb
from stdnum.fr import nir

from assistant.safety.chains import free_chains, is_cut_regularly, mask_groups, windows
from assistant.safety.evidence import MARKER, Evidence, SecretKind
from assistant.safety.harmless import is_date
from assistant.safety.numerals import Gap, Group, joined, split_chains

# Sex (3 4 7 8: provisional), year, month (20-42 and 50-99: month unknown or pseudo), department,
# commune, order, key: https://www.insee.fr/fr/metadonnees/definition/c1409 (NIR).
NIR = re.compile(
    r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?!00)(?:\d{2}|2[AB])\d{3}(?!000)\d{3}"
    r"(?:\d{2})?"
)
_NIR_ENDS = frozenset({1, 3, 5, 7, 10, 13, 15})  # where the printed card puts its spaces
_ENDS_ABROAD = _NIR_ENDS | {8}  # overseas the department has three digits, as a country has
_FEWEST_PRINTED_GROUPS = 5
_NIR_LENGTHS = (15, 13)
_LONG_NUMBER = 13  # digits in one go; nothing harmless that people write is as long

_NIR_LABELS = frozenset(
    "secu securite sociale nir nss ss ssn insee immatriculation matricule assure assurance"
    " الضمان соціального seguridad sigorta".split()
)
# What stands nearer to a number than "sécu" and names it otherwise.
_OTHER_LABELS = frozenset(
    "carte vitale card serie serial adresse rue avenue chemin place bat appt appartement tel"
    " article telephone portable ne nee date dossier commande colis".split()
)
_ACCOUNT_LABELS = frozenset("iban rib bic compte".split())


def find_checked_nirs(evidence: Evidence, groups: list[Group], furthest: Gap) -> None:
    """Find the social security numbers whose key is right, however they are cut."""
    for chain in split_chains(groups, furthest):
        if furthest is Gap.PROSE and all(group.gap is not furthest for group in chain[1:]):
            continue  # the nearer gaps were read before
        for window in windows(chain, (15,), NIR):
            if _has_right_key(joined(window)) and not _is_american_express(window):
                mask_groups(evidence, SecretKind.NIR, window)


def _has_right_key(digits: str) -> bool:
    # The sum is made first because stdnum takes forty times as long to say no.
    body = int(digits[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - body % 97 == int(digits[13:]) and nir.is_valid(digits)


def _is_american_express(window: list[Group]) -> bool:
    """Tell whether fifteen digits are rather a bank card: its own key and its own cut."""
    digits = joined(window)
    return (
        digits.startswith(("34", "37"))
        and len(window) in {3, 4}
        and len(window[0].digits) == 4
        and luhn.is_valid(digits)
    )


def find_shaped_nirs(evidence: Evidence, groups: list[Group]) -> None:
    """Find the social security numbers without key, or mistyped, that are cut as on the card."""
    for chain in split_chains(groups, Gap.CONNECTOR):
        for window in windows(chain, _NIR_LENGTHS, NIR):
            if (
                _is_cut_as_on_the_card(window)
                and not _are_postcodes(window)
                and (not _holds_harmless(window))
            ):
                mask_groups(evidence, SecretKind.NIR, window)
    for chain in split_chains(groups, Gap.PUNCTUATION):
        if NIR.fullmatch(joined(chain)) and is_cut_regularly(chain):
            mask_groups(evidence, SecretKind.NIR, chain)


def is_checked_nir(groups: list[Group]) -> bool:
    """Tell whether groups make a social security number whose key is right."""
    digits = joined(groups)
    return len(digits) == 15 and NIR.fullmatch(digits) is not None and _has_right_key(digits)


def is_printed_nir(groups: list[Group]) -> bool:
    """Tell whether groups make a social security number, key or not, cut as the card has it."""
    is_cut = len(groups) >= _FEWEST_PRINTED_GROUPS and _is_cut_as_on_the_card(groups)
    return is_cut and NIR.fullmatch(joined(groups)) is not None


def find_named_nirs(evidence: Evidence, groups: list[Group]) -> None:
    """Find the social security numbers, even incomplete, that the words before them name."""
    for chain in split_chains(groups, Gap.PROSE):
        for window in windows(chain, _NIR_LENGTHS, NIR):
            if _is_cut_as_on_the_card(window) and (
                evidence.says_before(window[0].start, _NIR_LABELS, 12)
            ):
                mask_groups(evidence, SecretKind.NIR, window)
    for chain in free_chains(evidence, groups):
        digits = joined(chain)
        # Nine digits may lack the first of the number; fewer must begin as one does.
        is_long = 9 <= len(digits) <= 17
        if (
            (is_long or (7 <= len(digits) <= 8 and re.match(r"[1-478]", digits)))
            and _is_named(evidence, chain)
            and not _ends_in_postcode(chain)
        ):
            mask_groups(evidence, SecretKind.NIR, chain)


def _is_named(evidence: Evidence, chain: list[Group]) -> bool:
    """Tell whether the nearest name before a number is the social security's."""
    named = False
    nearest = chain[0].start
    for word in reversed(evidence.words_before(nearest, 7)):
        between = evidence.text[word.end : nearest]
        if word.text in _OTHER_LABELS or MARKER[0] in between:
            return False
        if not evidence.is_free(word.start, chain[0].start):
            return named
        named = named or word.text in _NIR_LABELS
    return named


def _ends_in_postcode(chain: list[Group]) -> bool:
    """Tell whether a number of a street or a flat stands before five digits ("204 75012")."""
    return [len(group.digits) for group in chain[-2:]] == [3, 5] and len(chain) == 2


def _holds_harmless(window: list[Group]) -> bool:
    """Tell whether a window is made of a telephone number or a date and something before it."""
    sizes = [len(group.digits) for group in window]
    return sizes == [5, 2, 2, 2, 2, 2] or any(
        (len(group.digits) == 10 and group.digits[0] == "0") or is_date(group.digits)
        for group in window
    )


def _is_cut_as_on_the_card(window: list[Group]) -> bool:
    ends = _NIR_ENDS
    if joined(window)[5:7] in {"97", "98", "99"}:
        ends = _ENDS_ABROAD
    length = 0
    for group in window:
        length += len(group.digits)
        # "zéro cinq": a zero said alone goes with what follows.
        if length not in ends and group.digits not in {"0", "00"}:
            return False
    return True


def _are_postcodes(window: list[Group]) -> bool:
    return [len(group.digits) for group in window] == [5, 5, 5]


def find_long_numbers(evidence: Evidence, groups: list[Group]) -> None:
    """Find the numbers of thirteen digits or more in one go: mistyped, they still identify."""
    for group in groups:
        length = len(group.digits)
        if length >= _LONG_NUMBER and group.digits[:1].isdecimal():
            is_card = length > 16 or (length == 16 and group.digits[0] in "3456")
            mask_groups(evidence, SecretKind.BANK_CARD if is_card else SecretKind.NIR, [group])


_IBAN_START = re.compile(r"(?<![^\W_])[a-z]{2} ?\d{2}")
_IBAN_PART = re.compile(r"[ .\-\n]{0,2}[a-z0-9]{1,35}")
_LONGEST_IBAN = 34


@cache
def _iban_length(country: str) -> int | None:
    """Give the length of the IBAN of a country, from the registry that stdnum carries."""
    (_, properties), *_ = numdb.get("iban").info(country)
    if "bban" not in properties:
        return None
    return 4 + sum(int(size) for size in re.findall(r"(\d+)!", properties["bban"]))


def find_ibans(evidence: Evidence) -> None:
    """Find the bank account numbers of all countries; mistyped ones by their shape."""
    for match in _IBAN_START.finditer(evidence.text):
        length = _iban_length(match.group()[:2].upper())
        if length is None or not evidence.is_free(match.start(), match.end()):
            continue
        end = _end_of_checked_iban(evidence.text, match.start(), length)
        if end is None and (
            " " not in match.group() or evidence.says_before(match.start(), _ACCOUNT_LABELS, 4)
        ):
            end = _end_of_mistyped_iban(evidence.text, match.end())
        if end is not None and evidence.is_free(match.start(), end):
            evidence.mask(SecretKind.IBAN, [(match.start(), end)])


def _end_of_checked_iban(text: str, start: int, length: int) -> int | None:
    compact, position = "", start
    while len(compact) < length and (part := _IBAN_PART.match(text, position)):
        position = part.end()
        compact += part.group().strip(" .-\n")
        if len(compact) > _LONGEST_IBAN:
            return None
    is_right = len(compact) == length and iban.is_valid(compact, check_country=False)
    return position if is_right else None


def _end_of_mistyped_iban(text: str, position: int) -> int | None:
    """Read on as long as the parts hold digits; at least twelve signs after the country's key."""
    end, size = position, 0
    while part := _IBAN_PART.match(text, end):
        compact = part.group().strip(" .-\n")
        if not (re.search(r"\d", compact) or not compact.strip("oil")) or size > _LONGEST_IBAN:
            break
        end, size = part.end(), size + len(compact)
    return end if size >= 12 else None


def find_accounts(evidence: Evidence, groups: list[Group]) -> None:
    """Find the account numbers of ten digits or more that are named as such."""
    for chain in split_chains(groups, Gap.PUNCTUATION):
        if len(joined(chain)) >= 10 and evidence.says_before(chain[0].start, _ACCOUNT_LABELS, 4):
            mask_groups(evidence, SecretKind.IBAN, chain)
