"""Finders of the long numbers that identify somebody: social security, card serial, bank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from stdnum import iban, luhn, numdb
from stdnum.fr import nir

from assistant.safety.evidence import Evidence, SecretKind
from assistant.safety.harmless import is_date, is_public, is_year
from assistant.safety.numerals import Gap, Group, joined, spans, split_chains

# Sex (3 4 7 8: provisional), year, month (20-42 and 50-99: month unknown or pseudo), department,
# commune, order, key: https://www.insee.fr/fr/metadonnees/definition/c1409 (NIR).
_NIR = re.compile(
    r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?!00)(?:\d{2}|2[AB])\d{3}(?!000)\d{3}"
    r"(?:\d{2})?"
)
_NIR_ENDS = frozenset({1, 3, 5, 7, 10, 13, 15})  # where the printed card puts its spaces
_NIR_LENGTHS = (15, 13)
_CARD = re.compile(r"[2-6]\d{12,18}")
_CARD_LENGTHS = (16, 15, 14, 13, 19, 18, 17)  # the commonest first: an expiry date may follow
_LONG_NUMBER = 13  # digits in one go; nothing harmless that people write is as long
_SERIAL_SEPARATORS = frozenset({"", " ", ".", "-", "  "})

_NIR_LABELS = frozenset(
    "secu securite sociale nir nss ss ssn insee immatriculation matricule assure assurance"
    " الضمان соціального seguridad sigorta".split()
)
_BANK_LABELS = frozenset(
    "cb bancaire bleue bleu visa mastercard maestro amex credit debit paiement".split()
)
_ACCOUNT_LABELS = frozenset("iban rib bic compte".split())
_SECURITY_CODE_LABELS = frozenset("cvv cvc cvv2 cvc2 cryptogramme crypto".split())
_SERIAL_LABELS = frozenset({"serie", "serial"})
_CARD_LABELS = _SERIAL_LABELS | {"carte", "vitale", "card"}
_NUMBER_LABELS = frozenset("numero num n no number numeros numer".split())
_LABEL_LINKS = frozenset(
    "de la ma mon sa son le est c cest ce et numero num n no carte vitale dit a : photo".split()
)
_FILLERS = frozenset(
    "c est cest voila voici le la mon ma oui ok alors bonjour merci et ce donc tiens j ai svp"
    " s il vous plait".split()
)


def find_checked_nirs(evidence: Evidence, groups: list[Group], furthest: Gap) -> None:
    """Find the social security numbers whose key is right, however they are cut."""
    for chain in split_chains(groups, furthest):
        for window in _windows(chain, (15,), _NIR):
            if nir.is_valid(joined(window)):
                _mask(evidence, SecretKind.NIR, window)


def find_shaped_nirs(evidence: Evidence, groups: list[Group]) -> None:
    """Find the social security numbers without key, or mistyped, that are cut as on the card."""
    for chain in split_chains(groups, Gap.CONNECTOR):
        for window in _windows(chain, _NIR_LENGTHS, _NIR):
            if (
                _is_cut_as_on_the_card(window)
                and not _are_postcodes(window)
                and (not _holds_harmless(window))
            ):
                _mask(evidence, SecretKind.NIR, window)
    for chain in split_chains(groups, Gap.PUNCTUATION):
        if _NIR.fullmatch(joined(chain)) and _is_cut_regularly(chain):
            _mask(evidence, SecretKind.NIR, chain)


def find_named_nirs(evidence: Evidence, groups: list[Group]) -> None:
    """Find the social security numbers, even incomplete, that the words before them name."""
    for chain in split_chains(groups, Gap.PROSE):
        for window in _windows(chain, _NIR_LENGTHS, _NIR):
            if _is_cut_as_on_the_card(window) and (
                evidence.says_before(window[0].start, _NIR_LABELS, 12)
            ):
                _mask(evidence, SecretKind.NIR, window)
    for chain in _free_chains(evidence, groups):
        digits = joined(chain)
        if 7 <= len(digits) <= 17 and re.match(r"[1-478]", digits):
            window_words = {word.text for word in evidence.words_before(chain[0].start, 7)}
            if window_words & _NIR_LABELS and not window_words & _CARD_LABELS:
                _mask(evidence, SecretKind.NIR, chain)


def _holds_harmless(window: list[Group]) -> bool:
    """Tell whether a window is made of a telephone number or a date and something before it."""
    sizes = [len(group.digits) for group in window]
    return sizes == [5, 2, 2, 2, 2, 2] or any(
        (len(group.digits) == 10 and group.digits[0] == "0") or is_date(group.digits)
        for group in window
    )


def _windows(
    chain: list[Group], lengths: Sequence[int], shape: re.Pattern[str]
) -> Iterator[list[Group]]:
    """Give the runs of whole groups of a chain that have one of the lengths, and the shape."""
    digits = joined(chain)
    ends = list(accumulate((len(group.digits) for group in chain), initial=0))
    index_at = {end: index for index, end in enumerate(ends)}
    for length in lengths:
        for first, start in enumerate(ends[:-1]):
            last = index_at.get(start + length)
            if last is not None and shape.fullmatch(digits, start, start + length):
                yield chain[first:last]


def _is_cut_as_on_the_card(window: list[Group]) -> bool:
    length = 0
    for group in window:
        length += len(group.digits)
        if length not in _NIR_ENDS:
            return False
    return True


def _are_postcodes(window: list[Group]) -> bool:
    return [len(group.digits) for group in window] == [5, 5, 5]


def _is_cut_regularly(chain: list[Group], longest: int = 4) -> bool:
    """Tell whether groups have one size and one separator; the first and the last may be smaller.

    Five by five is left out by default: postcodes in a row look like that.
    """
    if len({group.separator for group in chain[1:]}) > 1:
        return False
    sizes = [len(group.digits) for group in chain]
    size = max(sizes)
    return size <= longest and all(length == size for length in sizes[1:-1])


def find_bank_cards(evidence: Evidence, groups: list[Group]) -> None:
    """Find the bank cards: a right check digit, or sixteen digits cut four by four."""
    for chain in split_chains(groups, Gap.CONNECTOR):
        for window in _windows(chain, _CARD_LENGTHS, _CARD):
            if _is_bank_card(window):
                _mask(evidence, SecretKind.BANK_CARD, window)
    for chain in split_chains(groups, Gap.PUNCTUATION):
        digits = joined(chain)
        in_pairs = len(digits) == 16 and {len(group.digits) for group in chain} == {2}
        named = 13 <= len(digits) <= 19 and evidence.says_before(chain[0].start, _BANK_LABELS, 6)
        if digits.isdecimal() and (
            named or (in_pairs and digits[0] in "3456" and luhn.is_valid(digits))
        ):
            _mask(evidence, SecretKind.BANK_CARD, chain)


def _is_bank_card(window: list[Group]) -> bool:
    digits, sizes = joined(window), [len(group.digits) for group in window]
    if all(is_year(group.digits) for group in window):
        return False
    in_fours = all(size % 4 == 0 for size in sizes[:-1]) and (sizes[-1] <= 4 or len(digits) == 16)
    is_amex = digits.startswith(("34", "37")) and len(digits) == 15
    if _NIR.fullmatch(digits) and not is_amex:
        return False  # cards of 13 digits are long gone, and only American Express has 15
    if in_fours and len(digits) == 16 and digits[0] in "456":
        return True
    as_printed = len(sizes) == 1 or in_fours or sizes in ([4, 6, 5], [4, 6, 4])
    return as_printed and luhn.is_valid(digits)


def find_card_security_codes(evidence: Evidence, groups: list[Group]) -> None:
    """Find the three or four digits that are named as the security code of a bank card."""
    for group in groups:
        if 3 <= len(group.digits) <= 4 and (
            evidence.says_before(group.start, _SECURITY_CODE_LABELS, 3)
        ):
            _mask(evidence, SecretKind.BANK_CARD, [group])


def find_long_numbers(evidence: Evidence, groups: list[Group]) -> None:
    """Find the numbers of thirteen digits or more in one go: mistyped, they still identify."""
    for group in groups:
        length = len(group.digits)
        if length >= _LONG_NUMBER and group.digits[:1].isdecimal():
            is_card = length > 16 or (length == 16 and group.digits[0] in "3456")
            _mask(evidence, SecretKind.BANK_CARD if is_card else SecretKind.NIR, [group])


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
            _mask(evidence, SecretKind.IBAN, chain)


def find_labelled_serials(evidence: Evidence, groups: list[Group]) -> None:
    """Find the card serials (8 to 13 digits) that follow the very words "numéro de série"."""
    for chain in _free_chains(evidence, groups):
        if not 8 <= len(joined(chain)) <= 13:
            continue
        for word in reversed(evidence.words_before(chain[0].start, 6)):
            if word.text in _SERIAL_LABELS:
                _mask(evidence, SecretKind.CARD_SERIAL, chain)
            if word.text not in _LABEL_LINKS:
                break


def find_serials(evidence: Evidence, groups: list[Group]) -> None:
    """Find the card serials: eleven digits, or eight to thirteen where the card is spoken of."""
    for chain in _free_chains(evidence, groups):
        digits = joined(chain)
        is_amount = digits.endswith("000000")
        separators = {group.separator for group in chain[1:]}
        are_public = len(chain) > 1 and all(is_public(group.digits) for group in chain)
        if not digits.isdecimal() or is_amount or separators - _SERIAL_SEPARATORS:
            continue
        if are_public and not _is_cut_regularly(chain, 3):
            continue
        start, end = chain[0].start, chain[-1].end
        stands_out = len(digits) == 11 or (len(digits) == 12 and len(chain) == 1)
        named = 8 <= len(digits) <= 13 and (
            evidence.says_before(start, _CARD_LABELS, 8)
            or evidence.says_before(start, _NUMBER_LABELS, 3)
            or evidence.says_after(end, _CARD_LABELS, 5)
        )
        if (
            stands_out
            or named
            or (8 <= len(digits) <= 13 and _is_all_that_is_said(evidence, chain))
        ):
            _mask(evidence, SecretKind.CARD_SERIAL, chain)


def _is_all_that_is_said(evidence: Evidence, chain: list[Group]) -> bool:
    counts_up = all(len(group.digits) == 1 for group in chain)
    if (
        counts_up
        or not _is_cut_regularly(chain, longest=13)
        or len(evidence.words) > len(chain) + len(_FILLERS)
    ):
        return False
    inside = range(chain[0].start, chain[-1].end)
    return all(word.start in inside or word.text in _FILLERS for word in evidence.words)


def _free_chains(evidence: Evidence, groups: list[Group]) -> Iterator[list[Group]]:
    """Give the chains of groups on one line that nobody claimed."""
    for chain in split_chains(groups, Gap.PUNCTUATION):
        free: list[Group] = []
        for group in chain:
            if evidence.is_free(group.start, group.end):
                free.append(group)
            elif free:
                yield free
                free = []
        if free:
            yield free


def _mask(evidence: Evidence, kind: SecretKind, groups: list[Group]) -> None:
    if all(evidence.is_free(group.start, group.end) for group in groups):
        evidence.mask(kind, spans(groups))
