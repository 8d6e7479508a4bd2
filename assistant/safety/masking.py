"""Masking of the numbers and words that identify somebody or open their accounts."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.safety import codes, harmless, identifiers, passwords
from assistant.safety.evidence import MARKER, Evidence, Finding, SecretKind
from assistant.safety.numerals import Gap, read_groups, read_spoken_groups

__all__ = ["MARKER", "Masked", "SecretKind", "mask"]

_MOST_PASSES = 8
_FEWEST_SPOKEN_GROUPS = 5  # a number of 13 digits said aloud takes at least as many


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
        evidence = _examine(text)
        if not evidence.findings:
            break
        findings = sorted(evidence.findings, key=lambda finding: finding.start)
        found.extend(finding.kind for finding in findings)
        text = _replace(evidence, findings)
    return Masked(text, tuple(found))


def _examine(text: str) -> Evidence:
    """Let each finder claim its part of a text, from the surest evidence to the weakest."""
    evidence = Evidence.of(text)
    groups = read_groups(evidence.text, evidence.words)
    harmless.keep_international_phones(evidence, groups)
    identifiers.find_ibans(evidence)
    identifiers.find_checked_nirs(evidence, groups, Gap.CONNECTOR)
    harmless.keep_full_dates(evidence)
    harmless.keep_registrations(evidence, groups)
    identifiers.find_bank_cards(evidence, groups)
    identifiers.find_accounts(evidence, groups)
    identifiers.find_shaped_nirs(evidence, groups)
    identifiers.find_labelled_serials(evidence, groups)
    identifiers.find_long_numbers(evidence, groups)
    passwords.find_passwords(evidence)
    harmless.keep_phones(evidence, groups)
    harmless.keep_short_dates_and_quantities(evidence)
    identifiers.find_checked_nirs(evidence, groups, Gap.PROSE)
    identifiers.find_named_nirs(evidence, groups)
    identifiers.find_card_security_codes(evidence, groups)
    codes.find_codes(evidence)
    identifiers.find_serials(evidence, groups)
    spoken = read_spoken_groups(evidence.text, evidence.words)
    if len(spoken) - len(groups) >= _FEWEST_SPOKEN_GROUPS:
        identifiers.find_checked_nirs(evidence, spoken, Gap.CONNECTOR)
        identifiers.find_shaped_nirs(evidence, spoken)
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
