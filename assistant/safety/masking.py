"""Masking of the numbers and words that identify somebody or open their accounts."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.safety import cards, codes, harmless, identifiers, passwords, serials, spoken
from assistant.safety.evidence import MARKER, Evidence, Finding, SecretKind
from assistant.safety.numerals import Gap, read_groups, read_spoken_groups

__all__ = ["MARKER", "Masked", "SecretKind", "mask"]

_MOST_PASSES = 8


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its secrets, and what they were, in order of appearance."""

    text: str
    found: tuple[SecretKind, ...]


def mask(text: str) -> Masked:
    """Replace each secret of a text by a marker that keeps nothing of it.

    Masking what is masked changes nothing: passes go on until one finds nothing.
    """
    found: list[SecretKind] = []
    for _ in range(_MOST_PASSES):
        evidence = examine(text)
        if not evidence.findings:
            break
        findings = sorted(evidence.findings, key=lambda finding: finding.start)
        found.extend(finding.kind for finding in findings)
        text = _replace(evidence, findings)
    return Masked(text, tuple(found))


def examine(text: str) -> Evidence:
    """Let each finder claim its part of a text, from the surest evidence to the weakest."""
    evidence = Evidence.of(text)
    groups = read_groups(evidence.text, evidence.words)
    said = read_spoken_groups(evidence.text, evidence.words)
    harmless.keep_international_phones(evidence, groups)
    identifiers.find_ibans(evidence)
    identifiers.find_checked_nirs(evidence, groups, Gap.CONNECTOR)
    harmless.keep_full_dates(evidence)
    serials.find_whole_serials(evidence, groups)
    cards.find_oddly_cut_cards(evidence, groups)
    harmless.keep_registrations(evidence, groups)
    cards.find_bank_cards(evidence, groups)
    serials.find_labelled_serials(evidence, groups)
    harmless.keep_coordinates(evidence)
    identifiers.find_accounts(evidence, groups)
    identifiers.find_shaped_nirs(evidence, groups)
    if said:
        identifiers.find_checked_nirs(evidence, said, Gap.CONNECTOR)
        identifiers.find_shaped_nirs(evidence, said)
    identifiers.find_long_numbers(evidence, groups)
    codes.find_printed_codes(evidence)
    passwords.find_passwords(evidence)
    harmless.keep_phones(evidence, groups)
    harmless.keep_short_dates_and_quantities(evidence)
    identifiers.find_checked_nirs(evidence, groups, Gap.PROSE)
    identifiers.find_named_nirs(evidence, groups)
    cards.find_card_details(evidence, groups)
    codes.find_codes(evidence)
    serials.find_serials(evidence, groups)
    spoken.find_spoken_numbers(evidence, said)
    return evidence


def _replace(evidence: Evidence, findings: list[Finding]) -> str:
    original = evidence.aligned.original
    pieces: list[str] = []
    position = 0
    for finding in findings:
        start, end = evidence.aligned.original_span(finding.start, finding.end)
        pieces += [original[position:start], MARKER]
        position = end
    pieces.append(original[position:])
    return "".join(pieces)
