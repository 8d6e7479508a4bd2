"""Finders of the serial of the carte Vitale: eight to thirteen digits, or all that is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.safety.chains import free_chains, is_cut_regularly, mask_groups
from assistant.safety.evidence import MARKER, Evidence, SecretKind, Word
from assistant.safety.harmless import is_public, is_year
from assistant.safety.identifiers import NIR
from assistant.safety.numerals import Gap, Group, joined, split_chains

_SEPARATORS = frozenset({"", " ", ".", "-", "  "})
_SERIAL_LABELS = frozenset({"serie", "serial"})
_CARD_LABELS = _SERIAL_LABELS | {"carte", "vitale", "card", "cv"}
_OTHER_CARDS = frozenset(
    "identite bleue bancaire bancaires bleu sejour grise fidelite visite transport electorale sim"
    " jeune senior navigo famille cadeau mutuelle".split()
)
_NUMBER_LABELS = frozenset("numero num n no number numeros numer".split())
# Words that may stand between the name of the serial and the serial.
_LINKS = frozenset(
    "ca de la ma mon sa son le est c cest ce ces et numero num n no carte vitale dit a"
    " photo sante cv"
    " verte serie au dos derriere en bas haut droite gauche dessous y il ya voici voila marque"
    " ecrit inscrit lis mets tape rentre je j ai on dessus sur votre notre suivant mari femme mere"
    " pere fille fils que chiffres derniers les sont 11 onze".split()
)
_FILLERS = frozenset(
    "c est cest voila voici le la mon ma oui ok alors bonjour merci et ce donc tiens j ai svp"
    " s il vous plait".split()
)
_WHOLE = re.compile(r"80250\d{13,16}")  # as printed: issuer, then the serial


def find_whole_serials(evidence: Evidence, groups: list[Group]) -> None:
    """Find the serials given with the issuer's digits before them, as the card has them."""
    for chain in split_chains(groups, Gap.LINE):
        if _WHOLE.fullmatch(joined(chain)):
            mask_groups(evidence, SecretKind.CARD_SERIAL, chain)


def find_labelled_serials(evidence: Evidence, groups: list[Group]) -> None:
    """Find the serials (8 to 13 digits) whose very name stands before them, or just after."""
    for chain in free_chains(evidence, groups):
        digits = joined(chain)
        is_nir = NIR.fullmatch(digits) is not None
        if not 8 <= len(digits) <= 13 or not digits.isdecimal():
            continue
        if _is_named_before(evidence, chain, is_sure=not is_nir) or (
            not is_nir and _is_named_after(evidence, chain)
        ):
            mask_groups(evidence, SecretKind.CARD_SERIAL, chain)


def _is_named_before(evidence: Evidence, chain: list[Group], *, is_sure: bool) -> bool:
    following = ""
    if MARKER[0] in evidence.text[chain[0].start - 4 : chain[0].start]:
        return False  # the name is that of a number already masked
    for word in reversed(evidence.words_before(chain[0].start, 12)):
        if word.text in _SERIAL_LABELS:
            return True
        is_card = word.text in {"vitale", "cv"} or (
            word.text == "carte" and following not in _OTHER_CARDS
        )
        if is_card and is_sure and not _looks_public(chain):
            return True
        if word.text not in _LINKS or not evidence.is_free(word.start, word.end):
            return False
        following = word.text
    return False


def _is_named_after(evidence: Evidence, chain: list[Group]) -> bool:
    end = chain[-1].end
    words = evidence.words_after(end, 9)
    for index, word in enumerate(words):
        if word.text in _SERIAL_LABELS or _is_the_card(words, index):
            return not _looks_public(chain) and "\n" not in evidence.text[end : word.start]
        if word.text not in _LINKS:
            return False
    return False


def _is_the_card(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word says "carte vitale", and no other card."""
    if words[index].text != "carte":
        return words[index].text in {"vitale", "cv", "card"}
    return index + 1 == len(words) or words[index + 1].text not in _OTHER_CARDS


def _looks_public(chain: list[Group]) -> bool:
    """Tell whether a number that may not be a serial reads as a telephone number or as years."""
    is_phone = re.fullmatch(r"0[1-9]\d{8}", joined(chain)) is not None and (
        len(chain) == 1 or max(len(group.digits) for group in chain) < 5
    )
    return is_phone or all(is_year(group.digits) for group in chain)


def find_serials(evidence: Evidence, groups: list[Group]) -> None:
    """Find the card serials: eleven digits, or eight to thirteen where the card is spoken of."""
    for chain in free_chains(evidence, groups):
        digits = joined(chain)
        is_amount = digits.endswith("000000")
        separators = {group.separator for group in chain[1:]}
        are_public = len(chain) > 1 and all(is_public(group.digits) for group in chain)
        if not digits.isdecimal() or is_amount or separators - _SEPARATORS:
            continue
        if are_public and not is_cut_regularly(chain, 3):
            continue
        start, end = chain[0].start, chain[-1].end
        stands_out = len(digits) == 11 or (len(digits) == 12 and len(chain) == 1)
        named = 8 <= len(digits) <= 13 and (
            _speaks_of_the_card(evidence, start)
            or evidence.says_before(start, _NUMBER_LABELS, 3)
            or evidence.says_after(end, _CARD_LABELS, 5)
        )
        if (
            stands_out
            or named
            or (8 <= len(digits) <= 13 and _is_all_that_is_said(evidence, chain))
        ):
            mask_groups(evidence, SecretKind.CARD_SERIAL, chain)


def _is_all_that_is_said(evidence: Evidence, chain: list[Group]) -> bool:
    counts_up = all(len(group.digits) == 1 for group in chain)
    if (
        counts_up
        or not is_cut_regularly(chain, longest=13)
        or len(evidence.words) > len(chain) + len(_FILLERS)
    ):
        return False
    inside = range(chain[0].start, chain[-1].end)
    return all(word.start in inside or word.text in _FILLERS for word in evidence.words)


def _speaks_of_the_card(evidence: Evidence, position: int) -> bool:
    words = evidence.words_before(position, 9)
    return any(
        word.text in _SERIAL_LABELS or _is_the_card(words, index)
        for index, word in enumerate(words)
    )
