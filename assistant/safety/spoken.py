"""Finder of the long numbers that are said in words, or half in words and half in digits."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.safety.chains import mask_groups
from assistant.safety.evidence import Evidence, SecretKind
from assistant.safety.numerals import Gap, Group, joined, split_chains

_FEWEST_DIGITS = 12  # "deux cent quarante-quatre" may stand for 200 44: the reading may be shorter
_MOST_DIGITS = 24
_SERIAL_LABELS = frozenset({"serie", "vitale"})
_PHONE_AT_THE_END = re.compile(r"\d{0,3}(?:0[1-9]\d{8}){1,2}")
_SPOKEN_CODE_LABELS = frozenset({"code", "codes", "otp", "pin"})


def find_spoken_numbers(evidence: Evidence, groups: list[Group]) -> None:
    """Find what is said at the length of an identifying number, telephone numbers aside.

    Where one number ends and the next begins cannot be heard ("deux cent quarante-quatre" is 244,
    or 200 then 44): the length and the first digit decide, not the key.
    """
    for chain in split_chains(groups, Gap.CONNECTOR):
        for free in _free_parts(evidence, chain):
            digits = joined(free)
            spoken = [group for group in free if _is_said(evidence, group)]
            if not spoken or _counts(free) or _PHONE_AT_THE_END.fullmatch(digits):
                continue
            if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and digits[0] != "0":
                is_card = digits[0] in "3456" and len(digits) >= 15
                kind = SecretKind.BANK_CARD if is_card else SecretKind.NIR
                mask_groups(evidence, kind, free)
            elif 8 <= len(digits) < _FEWEST_DIGITS and (
                evidence.says_before(free[0].start, _SERIAL_LABELS, 5)
            ):
                mask_groups(evidence, SecretKind.CARD_SERIAL, free)
            elif (
                4 <= len(digits) <= 8
                and len(spoken) == len(free) >= 3
                and (evidence.says_before(free[0].start, _SPOKEN_CODE_LABELS, 4))
            ):
                mask_groups(evidence, SecretKind.PROVISIONAL_CODE, free)


def _free_parts(evidence: Evidence, chain: list[Group]) -> list[list[Group]]:
    parts: list[list[Group]] = [[]]
    for group in chain:
        if evidence.is_free(group.start, group.end):
            parts[-1].append(group)
        else:
            parts.append([])
    return [part for part in parts if part]


def _is_said(evidence: Evidence, group: Group) -> bool:
    return evidence.text[group.start].isalpha() and group.end - group.start > 1


def _counts(groups: list[Group]) -> bool:
    """Tell whether somebody only counts ("un deux trois quatre")."""
    numbers = [int(group.digits) for group in groups if group.digits.isdecimal()]
    return len(numbers) > 1 and all(after - before == 1 for before, after in pairwise(numbers))
