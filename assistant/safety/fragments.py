"""Identifying numbers that are sent in several messages ("1 85 05 78", then "006 084 91")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from stdnum import luhn

from assistant.safety.cards import is_bank_card
from assistant.safety.evidence import MARKER, Evidence, SecretKind
from assistant.safety.identifiers import is_checked_nir, is_printed_nir
from assistant.safety.masking import examine
from assistant.safety.normalise import align
from assistant.safety.numerals import Gap, Group, joined, read_groups, split_chains

_MOST_MESSAGES = 6  # before this one; nobody cuts a number in more parts
_MOST_PARTS = 3  # earlier messages that make one number with this one
_MOST_CHAINS = 3  # of one message: the last ones
_SHORTEST_WHOLE = 15  # digits that need no other part


@dataclass(frozen=True, slots=True)
class Redacted:
    """A message without its part of a number, and that part as it was written."""

    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A number that several messages make: the earlier ones by index, and the last one."""

    kind: SecretKind
    earlier: tuple[tuple[int, Redacted], ...]
    last: Redacted


def completes(previous_texts: Sequence[str], text: str) -> Completed | None:
    """Tell which earlier messages make an identifying number together with this one.

    The texts are given from the oldest to the newest, as they are stored; the answer names those
    concerned by their indexes in that order, and is None when this message completes nothing. What
    one message already shows to be harmless (a telephone number, a date, an amount) is no part of
    a number.
    """
    last = _read_fragments(text)
    if not last:
        return None
    first = max(0, len(previous_texts) - _MOST_MESSAGES)
    fragments = {
        index: found
        for index in range(first, len(previous_texts))
        if (found := _read_fragments(previous_texts[index]))
    }
    for count in range(1, _MOST_PARTS + 1):
        for chosen in combinations(reversed(fragments), count):
            indexes = tuple(sorted(chosen))
            for parts in product(*(fragments[index] for index in indexes), last):
                kind = _identifies(parts)
                if kind is not None:
                    redacted = [
                        _redact(said, part)
                        for said, part in zip(
                            (*(previous_texts[index] for index in indexes), text),
                            parts,
                            strict=True,
                        )
                    ]
                    earlier = tuple(zip(indexes, redacted[:-1], strict=True))
                    return Completed(kind, earlier, redacted[-1])
    return None


def may_complete(text: str) -> bool:
    """Tell whether a message can be a part of a number at all: it holds a figure."""
    return any(map(str.isdecimal, text))


def _redact(text: str, part: list[Group]) -> Redacted:
    start, end = align(text).original_span(part[0].start, part[-1].end)
    return Redacted(f"{text[:start]}{MARKER}{text[end:]}", text[start:end])


def _read_fragments(text: str) -> list[list[Group]]:
    """Give the runs of digits of a message that may be a part of a longer number."""
    if not may_complete(text):
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


def _identifies(parts: Sequence[list[Group]]) -> SecretKind | None:
    """Tell what the parts of several messages make together, if anything.

    Without a right key the cut must tell, and only two messages are tried: harmless numbers of
    three or four messages take any shape in the end.
    """
    groups = [group for part in parts for group in part]
    are_two = len(parts) == 2
    if is_checked_nir(groups) or (are_two and is_printed_nir(groups)):
        return SecretKind.NIR
    if are_two and is_bank_card(groups) and _has_key(groups):
        return SecretKind.BANK_CARD
    return None


def _has_key(groups: list[Group]) -> bool:
    return luhn.is_valid(joined(groups))
