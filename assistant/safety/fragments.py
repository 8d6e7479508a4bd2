"""Identifying numbers that are sent in several messages ("1 85 05 78", then "006 084 91")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from stdnum import luhn

from assistant.safety.cards import is_bank_card
from assistant.safety.evidence import Evidence
from assistant.safety.identifiers import is_checked_nir, is_printed_nir
from assistant.safety.masking import examine
from assistant.safety.numerals import Gap, Group, joined, read_groups, split_chains

_MOST_MESSAGES = 6  # before this one; nobody cuts a number in more parts
_MOST_PARTS = 3  # earlier messages that make one number with this one
_MOST_CHAINS = 3  # of one message: the last ones
_SHORTEST_WHOLE = 15  # digits that need no other part


def completes(previous_texts: Sequence[str], text: str) -> tuple[int, ...]:
    """Tell which earlier messages make an identifying number together with this one.

    The texts are given from the oldest to the newest, as they are stored; the answer holds their
    indexes in that order, and is empty when this message completes nothing. What one message
    already shows to be harmless (a telephone number, a date, an amount) is no part of a number.
    """
    last = _read_fragments(text)
    if not last:
        return ()
    first = max(0, len(previous_texts) - _MOST_MESSAGES)
    fragments = {
        index: found
        for index in range(first, len(previous_texts))
        if (found := _read_fragments(previous_texts[index]))
    }
    for count in range(1, _MOST_PARTS + 1):
        for chosen in combinations(reversed(fragments), count):
            indexes = tuple(sorted(chosen))
            parts = [*(fragments[index] for index in indexes), last]
            if any(_is_identifying(groups, len(parts)) for groups in _join(parts)):
                return indexes
    return ()


def _read_fragments(text: str) -> list[list[Group]]:
    """Give the runs of digits of a message that may be a part of a longer number."""
    if not any(map(str.isdecimal, text)):
        return []
    evidence = examine(text)
    groups = [
        group
        for group in read_groups(evidence.text, evidence.words)
        if not evidence.text[group.start - 1 : group.start].isalpha()
    ]
    usable = [group for group in groups if _is_usable(evidence, group)]
    chains = list(split_chains(usable, Gap.CONNECTOR))
    # A part of "05 78 006 084 91" reads as a telephone number; what is left over says otherwise.
    for chain in split_chains(groups, Gap.PUNCTUATION):
        is_partly_usable = any(group in usable for group in chain)
        if (is_partly_usable or _ends_as_printed(chain)) and chain not in chains:
            chains.append(chain)
    return [chain for chain in chains if len(joined(chain)) < _SHORTEST_WHOLE][-_MOST_CHAINS:]


def _ends_as_printed(chain: list[Group]) -> bool:
    """Tell whether a chain is cut as the end of the card's number, which no telephone is."""
    return [len(group.digits) for group in chain] in ([2, 3, 3], [2, 3, 3, 2])


def _is_usable(evidence: Evidence, group: Group) -> bool:
    return evidence.is_free(group.start, group.end) or _is_found(evidence, group)


def _is_found(evidence: Evidence, group: Group) -> bool:
    """Tell whether a group is in a secret: the half of one may have been read as another."""
    return any(found.start <= group.start < found.end for found in evidence.findings)


def _join(parts: Sequence[Sequence[list[Group]]]) -> Iterator[list[Group]]:
    for choice in product(*parts):
        yield [group for chain in choice for group in chain]


def _is_identifying(groups: list[Group], messages: int) -> bool:
    """Tell whether groups of several messages make one number.

    Without a right key the cut must tell, and only two messages are tried: harmless numbers of
    three or four messages take any shape in the end.
    """
    return is_checked_nir(groups) or (
        messages == 2 and (is_printed_nir(groups) or (is_bank_card(groups) and _has_key(groups)))
    )


def _has_key(groups: list[Group]) -> bool:
    return luhn.is_valid(joined(groups))
