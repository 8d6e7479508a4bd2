"""Finders of bank cards, and of what is told beside them: when they expire, their security code."""

from __future__ import annotations

import re

from stdnum import luhn

from assistant.safety.chains import mask_groups, windows
from assistant.safety.evidence import Evidence, SecretKind
from assistant.safety.harmless import is_year
from assistant.safety.identifiers import NIR
from assistant.safety.numerals import Gap, Group, joined, split_chains

_CARD = re.compile(r"[2-6]\d{12,18}")
# Visa, Mastercard, JCB, Discover and UnionPay; American Express.
_ISSUED = re.compile(r"(?:4\d|5[1-5]|2[2-7]|35|6\d)\d{14}|3[47]\d{13}")
_CARD_LENGTHS = (16, 15, 14, 13, 19, 18, 17)  # the commonest first: an expiry date may follow
_BANK_LABELS = frozenset(
    "cb bancaire bleue bleu visa mastercard maestro amex credit debit paiement".split()
)
_SECURITY_CODE_LABELS = frozenset("cvv cvc cvv2 cvc2 cryptogramme crypto visuel".split())
_EXPIRY = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2]) ?[/.\-] ?(?:20)?[2-4]\d(?![\d/.-])")
_DETAILS = frozenset(
    "exp expire expiration date fin valable valide validite jusqu jusque au le en du et avec a la"
    " les cvv cvc code crypto cryptogramme securite c cest est il elle chiffres dos derriere verso"
    " mon ma son sa 3 trois 4 visa de".split()
)
_REACH = 90  # characters after a card in which what belongs to it is told


def find_bank_cards(evidence: Evidence, groups: list[Group]) -> None:
    """Find the bank cards: a right check digit, or sixteen digits cut four by four."""
    for chain in split_chains(groups, Gap.CONNECTOR):
        for window in windows(chain, _CARD_LENGTHS, _CARD):
            if is_bank_card(window):
                mask_groups(evidence, SecretKind.BANK_CARD, window)
    for chain in split_chains(groups, Gap.PUNCTUATION):
        digits = joined(chain)
        in_pairs = len(digits) == 16 and {len(group.digits) for group in chain} == {2}
        named = 13 <= len(digits) <= 19 and evidence.says_before(chain[0].start, _BANK_LABELS, 6)
        if digits.isdecimal() and (
            named or (in_pairs and digits[0] in "3456" and luhn.is_valid(digits))
        ):
            mask_groups(evidence, SecretKind.BANK_CARD, chain)


def find_oddly_cut_cards(evidence: Evidence, groups: list[Group]) -> None:
    """Find the cards that are cut otherwise than printed: one by one, in halves, by words.

    All that is said in a row must be one number of an issuer's, with its check digit: nothing
    else of that length is said so but by chance, one time in ten.
    """
    for gap in (Gap.CONNECTOR, Gap.PUNCTUATION, Gap.PROSE):
        for chain in split_chains(groups, gap):
            digits = joined(chain)
            if _ISSUED.fullmatch(digits) and luhn.is_valid(digits):
                mask_groups(evidence, SecretKind.BANK_CARD, chain)


def is_bank_card(window: list[Group]) -> bool:
    """Tell whether groups of 13 to 19 digits are the number of a bank card."""
    digits, sizes = joined(window), [len(group.digits) for group in window]
    if not _CARD.fullmatch(digits) or all(is_year(group.digits) for group in window):
        return False
    in_fours = all(size % 4 == 0 for size in sizes[:-1]) and (sizes[-1] <= 4 or len(digits) == 16)
    is_amex = digits.startswith(("34", "37")) and len(digits) == 15
    if NIR.fullmatch(digits) and not is_amex:
        return False  # cards of 13 digits are long gone, and only American Express has 15
    if in_fours and len(digits) == 16 and digits[0] in "456":
        return True
    as_printed = len(sizes) == 1 or in_fours or sizes in ([4, 6, 5], [4, 6, 4])
    return as_printed and luhn.is_valid(digits)


def find_card_details(evidence: Evidence, groups: list[Group]) -> None:
    """Find when a bank card expires and its security code: named as such, or told after a card."""
    for group in groups:
        if 3 <= len(group.digits) <= 4 and (
            evidence.says_before(group.start, _SECURITY_CODE_LABELS, 3)
        ):
            mask_groups(evidence, SecretKind.BANK_CARD, [group])
    cards = [found for found in evidence.findings if found.kind is SecretKind.BANK_CARD]
    for card in cards:
        if card.end - card.start > 8:
            _find_details_after(evidence, card.end)


def _find_details_after(evidence: Evidence, position: int) -> None:
    last = position + _REACH
    expiry = _EXPIRY.search(evidence.text, position, last)
    if expiry and _tells_details(evidence, position, expiry.start()):
        if evidence.is_free(*expiry.span()):
            evidence.mask(SecretKind.BANK_CARD, [expiry.span()])
        position = expiry.end()
    for word in evidence.words_after(position, len(_DETAILS)):
        if word.start > last or word.text not in _DETAILS:
            is_code = len(word.text) in {3, 4} and word.text.isdecimal() and word.start <= last
            if is_code and evidence.is_free(word.start, word.end):
                evidence.mask(SecretKind.BANK_CARD, [(word.start, word.end)])
            return


def _tells_details(evidence: Evidence, start: int, end: int) -> bool:
    first, last = evidence.word_index(start), evidence.word_index(end)
    return all(word.text in _DETAILS for word in evidence.words[first:last])
