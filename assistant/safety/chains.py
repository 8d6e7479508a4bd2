"""Chains of groups of digits: the runs that may be one number, and how regularly they are cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from assistant.safety.evidence import Evidence, SecretKind
from assistant.safety.numerals import Gap, Group, joined, spans, split_chains


def windows(
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


def is_cut_regularly(chain: list[Group], longest: int = 4) -> bool:
    """Tell whether groups have one size and one separator; the first and the last may be smaller.

    Five by five is left out by default: postcodes in a row look like that.
    """
    if len({group.separator for group in chain[1:]}) > 1:
        return False
    sizes = [len(group.digits) for group in chain]
    size = max(sizes)
    return size <= longest and all(length == size for length in sizes[1:-1])


def free_chains(evidence: Evidence, groups: list[Group]) -> Iterator[list[Group]]:
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


def mask_groups(evidence: Evidence, kind: SecretKind, groups: list[Group]) -> None:
    """Claim groups as one secret, unless a part of them was claimed before."""
    if all(evidence.is_free(group.start, group.end) for group in groups):
        evidence.mask(kind, spans(groups))
