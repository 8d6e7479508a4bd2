"""Finders of codes: the provisional code of twelve characters and the one-time codes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from assistant.safety.evidence import Evidence, SecretKind, Word
from assistant.safety.harmless import is_short_number, is_year

_CODE_LABELS = frozenset(
    "code codes cod otp pin codeprovisoire codigo رمز الرمز كود الكود код коду kod kodu kodum"
    " passcode".split()
)
_SMS_LABELS = frozenset(
    "sms texto textos message recu recus confirmation verification validation envoye".split()
)
# "code postal", "code erreur": a code that is no secret.
_PUBLIC_CODES = frozenset(
    "postal postaux poste insee commune communal promo barre barres route erreur erreurs error ape"
    " naf civil penal travail couleur source region departement pays swift bic qr iata officiel"
    " reduction zip client produit article agence guichet banque dossier etablissement rome"
    " formation ville commande vestimentaire abonne".split()
)
# Words that may stand between "code" and the code itself.
_LINKS = frozenset(
    "est c cest ce ces et voici voila par sms mail email texto message courrier lettre la ma mon"
    " le que qui j jai ai m ont a ete moi on ils il dit de du des d l un une numero num n suivant"
    " donc reel recu recue recus envoye donne provisoire confirmation verification validation"
    " securite activation connexion unique usage temporaire secret pin sim bleue bleu cb bancaire"
    " carte ameli franceconnect secu sante espace compte chiffres caracteres tape mis mets rentre"
    " entre saisi vous avez telephone portable votre vos is the my was code codes es o"
    " e هو мій код verif"
    " avec pour dans ya y acces accede eu as arrive arrivee affiche marque ecrit lu lis vois dit"
    " dis tape essaye essaie note demande lui ameli me te bien donne donnee dicte lit trouve juste"
    " telephone message recois arrivant appli application site banque impots".split()
)
_ASSERTIONS = frozenset("est c cest ce voici voila is es e هو suivant".split())
_BACK_LINKS = frozenset(
    "c est cest le mon ma ce voila comme la sont is the my que l un de votre vos notre".split()
)
_TIME_WORDS = frozenset("le en depuis avant vers au du jusqu date".split())
_UNITS = frozenset(
    "caracteres caractere chiffres chiffre lettres semaines semaine jours jour heures heure h mois"
    " ans an annees euros euro eur fois km metres personnes essais essai minutes minute mn min pm"
    " habitants grammes mg kg cm".split()
)
_MEASURE = re.compile(r"\d{1,3}(?:h\d{0,2}|e|eme|er|ere|nd|g|ko|mo|go|km|mn|min|ans|mois|x)")
_CORSICAN_COMMUNE = re.compile(r"2[ab]\d{3}")
_MIXED = re.compile(r"(?:[a-z]{1,64}\d|\d{1,64}[a-z])[a-z0-9]{0,64}")
_UNPRONOUNCEABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_HARD_TO_SAY = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}")
_REFERENCE = re.compile(r"[a-z]{2,4}\d{8,10}")  # "CMD123456789"
_NAMED_DIRECTLY = re.compile(r"[ \n]{1,2}")
_QUALIFIERS = frozenset(
    "recu recue secret pin securite confirmation verification validation sms".split()
)
_FURTHEST_LINK = 12  # words between "code" and the code
_ONE_TIME_LENGTH = 6
_PART_SIZES = frozenset({1, 2, 3, 4, 6})
_LETTER_LABELS = frozenset("courrier lettre provisoire mail sms".split())
_NEAR = 60  # characters between the name of a code and the code
_CODE_LENGTH = 12  # the provisional code of Mon espace santé: 12 characters, used once
_SEPARATORS = frozenset({" ", "-", ".", "‑"})


def find_printed_codes(evidence: Evidence) -> None:
    """Find the twelve letters and digits in parts of one size, before a part is read otherwise.

    In "42G4-4ANS-DQJR" the second part also reads as an age.
    """
    words = evidence.words
    labels = [word.start for word in words if word.text in _CODE_LABELS | _LETTER_LABELS]
    index = 0
    while index < len(words):
        parts = _read_parts(evidence.text, words, index)
        if parts and _are_code_parts(evidence, parts, named=_is_near(labels, parts[0].start)):
            shifted = _read_parts(evidence.text, words, index + 1)
            if shifted and _count_mixed(shifted) > _count_mixed(parts):
                parts = shifted  # "avec 53JM 7JG5 E5GK": a word as long as a part stood before
            _mask(evidence, parts)
            index += len(parts)
        else:
            index += 1


def _is_near(labels: Sequence[int], position: int) -> bool:
    index = bisect_left(labels, position)
    return any(abs(position - label) <= _NEAR for label in labels[max(0, index - 1) : index + 1])


def _read_parts(text: str, words: Sequence[Word], index: int) -> Sequence[Word]:
    """Take parts of one size with one separator that make twelve signs together."""
    size = len(words[index].text) if index < len(words) else 0
    if size not in _PART_SIZES or words[index].text in _CODE_LABELS:
        return ()
    parts = words[index : index + _CODE_LENGTH // size]
    if len(parts) * size < _CODE_LENGTH or any(len(part.text) != size for part in parts):
        return ()
    separators = {text[before.end : after.start] for before, after in pairwise(parts)}
    return parts if len(separators) == 1 and separators <= _SEPARATORS else ()


def _are_code_parts(evidence: Evidence, parts: Sequence[Word], *, named: bool) -> bool:
    value = "".join(part.text for part in parts)
    digits = sum(map(str.isdecimal, value))
    if not value.isascii() or not 2 <= digits <= 10:
        return False
    if all(_MEASURE.fullmatch(part.text) for part in parts):
        return False
    # Each part alone may be a word or a number; what mixes both is neither.
    mixed = _count_mixed(parts)
    capitals = evidence.aligned.is_upper(parts[0].start, parts[-1].end)
    if len(parts[0].text) == 1:
        return named or capitals
    return mixed >= 2 or (mixed == 1 and (named or capitals)) or (named and capitals)


def _count_mixed(parts: Sequence[Word]) -> int:
    return sum(_is_mixed(part.text) for part in parts)


def find_codes(evidence: Evidence) -> None:
    """Find the provisional and one-time codes of a text."""
    for index, word in enumerate(evidence.words):
        if word.text in _CODE_LABELS:
            _find_after_label(evidence, index, shortest=4)
            _find_before_label(evidence, index)
        elif word.text in _SMS_LABELS:
            _find_after_label(evidence, index, shortest=6)
    _find_standing_alone(evidence)


def _find_after_label(evidence: Evidence, label: int, shortest: int) -> None:
    words = evidence.words
    if label + 1 < len(words) and words[label + 1].text in _PUBLIC_CODES:
        return
    for index in range(label + 1, min(label + 1 + _FURTHEST_LINK, len(words))):
        word = words[index]
        between = evidence.text[words[index - 1].end : word.start]
        if re.search(r"[?!▮]", between):
            return
        blocks = _read_blocks(evidence.text, words, index)
        if blocks and _are_code_blocks(evidence, blocks, named=True):
            _mask(evidence, blocks)
            return
        if word.text.isalpha() and not _is_code_of_letters(evidence, word):
            if word.text not in _LINKS:
                return
            continue
        if _counts_characters(words, index):
            continue
        run = _read_code(evidence.text, words, index)
        asserted = words[index - 1].text in _ASSERTIONS or bool(re.search(r"[:=]", between))
        dated = words[index - 1].text in _TIME_WORDS and not (
            words[index - 1].text == "le"
            and words[index - 2].text in _ASSERTIONS
            and sum(len(part.text) for part in run) == _ONE_TIME_LENGTH
        )
        if len(run) == 1 and len(word.text) == 5 and not asserted:
            # Five digits are a postcode unless "code" stands right before them.
            dated = (
                dated
                or not _NAMED_DIRECTLY.fullmatch(between)
                or (words[index - 1].text not in _CODE_LABELS | _QUALIFIERS)
            )
        if not dated and _is_code(evidence, run, shortest=shortest, asserted=asserted):
            _mask(evidence, run)
        return


def _find_before_label(evidence: Evidence, label: int) -> None:
    words = evidence.words
    if label + 1 < len(words) and words[label + 1].text in _PUBLIC_CODES:
        return
    for index in range(label - 1, max(-1, label - 6), -1):
        between = evidence.text[words[index].end : words[index + 1].start]
        if re.search(r"[?!▮]", between) or (
            "\n" in between and words[index + 1].text not in _ASSERTIONS
        ):
            return
        if words[index].text.isalpha():
            if words[index].text not in _BACK_LINKS:
                return
            continue
        first = index
        while first > 0 and _is_joined(evidence.text, words[first - 1], words[first]):
            first -= 1
        run = words[first : index + 1]
        digits = "".join(word.text for word in run)
        linked = index < label - 1
        asserted = words[index + 1].text in _ASSERTIONS and (
            words[first - 1].text not in _TIME_WORDS if first else True
        )
        is_one = linked and digits.isdecimal() and 4 <= len(digits) <= 8
        if is_one and _is_code(evidence, run, shortest=4, asserted=asserted):
            _mask(evidence, run)
        return


def _is_joined(text: str, before: Word, after: Word) -> bool:
    return (
        before.text.isdecimal()
        and after.text.isdecimal()
        and len(before.text) == len(after.text)
        and text[before.end : after.start] in _SEPARATORS
    )


def _counts_characters(words: Sequence[Word], index: int) -> bool:
    """Tell whether a number only says how long the code is ("à 6 chiffres")."""
    return (
        len(words[index].text) <= 2
        and index + 1 < len(words)
        and words[index + 1].text in {"chiffres", "caracteres", "digits"}
    )


def _read_code(text: str, words: Sequence[Word], index: int) -> Sequence[Word]:
    """Take the parts of one code from its first: parts of one size, up to twelve characters."""
    last = index
    size = len(words[index].text)
    while (
        last + 1 < len(words)
        and len(words[last + 1].text) == size
        and (last + 2 - index) * size <= _CODE_LENGTH
        and text[words[last].end : words[last + 1].start] in _SEPARATORS
        and any(character.isdecimal() for character in words[last + 1].text)
    ):
        last += 1
    return words[index : last + 1]


def _is_code(evidence: Evidence, run: Sequence[Word], *, shortest: int, asserted: bool) -> bool:
    value = "".join(word.text for word in run)
    if all(_MEASURE.fullmatch(word.text) for word in run):
        return False
    if _is_counted_or_dated(evidence, run) or _is_in_an_address(evidence.text, run[-1]):
        return False
    if not value.isdecimal():
        if value.isalpha():
            return len(value) == _CODE_LENGTH
        if _CORSICAN_COMMUNE.fullmatch(value):
            return False
        return 5 <= len(value) <= 14 and not _MEASURE.fullmatch(value)
    if not shortest <= len(value) <= _CODE_LENGTH:
        return False
    if len(value) == 4 and is_short_number(value):
        return False
    if is_year(value):
        return asserted
    return len(value) != 5 or not _is_postcode(evidence, run[-1])


def _is_counted_or_dated(evidence: Evidence, run: Sequence[Word]) -> bool:
    following = evidence.words_after(run[-1].end, 1)
    after = evidence.text[run[-1].end : run[-1].end + 2].strip()
    is_counted = bool(following) and following[0].text in _UNITS
    return is_counted or after[:1] in {"€", "%", "/", "$"} or after[:1] == ":"


def _is_postcode(evidence: Evidence, word: Word) -> bool:
    following = evidence.words_after(word.end, 1)
    names_a_place = bool(following) and (
        following[0].text.isalpha()
        and evidence.aligned.is_upper(following[0].start, following[0].start + 1)
    )
    return names_a_place or evidence.says_before(word.start, frozenset({"postal", "cp"}), 12)


def _is_in_an_address(text: str, word: Word) -> bool:
    return text[word.end : word.end + 1] == "@" or text[word.start - 1 : word.start] == "@"


def _is_code_of_letters(evidence: Evidence, word: Word) -> bool:
    """Tell whether twelve letters are a code: nobody can say them, or only they are capitals."""
    if len(word.text) != _CODE_LENGTH or not word.text.isascii():
        return False
    return _UNPRONOUNCEABLE.search(word.text) is not None or (
        evidence.aligned.is_upper(word.start, word.end) and evidence.capitals <= _CODE_LENGTH + 4
    )


def _find_standing_alone(evidence: Evidence) -> None:
    """Find the twelve letters and digits that can be nothing but a provisional code."""
    words = evidence.words
    for index, word in enumerate(words):
        if len(word.text) == _CODE_LENGTH and (
            _looks_random(evidence, word) or _is_named_code(evidence, word)
        ):
            _mask(evidence, [word])
        else:
            blocks = _read_blocks(evidence.text, words, index)
            if blocks and _are_code_blocks(evidence, blocks, named=False):
                _mask(evidence, blocks)


def _read_blocks(text: str, words: Sequence[Word], index: int) -> Sequence[Word]:
    """Take three blocks of four signs with the same separator, the way long codes are printed."""
    blocks = words[index : index + 3]
    if len(blocks) < 3 or any(len(block.text) != 4 for block in blocks):
        return ()
    separators = {text[before.end : after.start] for before, after in pairwise(blocks)}
    return blocks if len(separators) == 1 and separators <= _SEPARATORS else ()


def _are_code_blocks(evidence: Evidence, blocks: Sequence[Word], *, named: bool) -> bool:
    value = "".join(block.text for block in blocks)
    if not value.isascii() or value.isdecimal():
        return False
    if value.isalpha() and not named and not _UNPRONOUNCEABLE.search(value):
        return False
    mixed = sum(_is_mixed(block.text) for block in blocks)
    dashed = evidence.text[blocks[0].end] == "-"
    capitals = evidence.aligned.is_upper(blocks[0].start, blocks[-1].end)
    if named and (dashed or mixed or (capitals and not value.isalpha())):
        return True
    return mixed >= 2 or (dashed and capitals) or (mixed == 1 and (dashed or capitals))


def _is_mixed(value: str) -> bool:
    return _MIXED.fullmatch(value) is not None


def _is_named_code(evidence: Evidence, word: Word) -> bool:
    """Tell whether twelve letters and digits stand near the word "code"."""
    return (
        _is_mixed(word.text)
        and not _is_in_an_address(evidence.text, word)
        and (
            evidence.says_before(word.start, _CODE_LABELS, 6)
            or evidence.says_after(word.end, _CODE_LABELS, 6)
        )
    )


def _looks_random(evidence: Evidence, word: Word) -> bool:
    """Tell a code from the name of a thing ("iphone12mini", "windows10pro", "jeandupont75")."""
    if _is_in_an_address(evidence.text, word) or not word.text.isascii():
        return False
    capitals = evidence.aligned.is_upper(word.start, word.end)
    if word.text.isalpha():
        return capitals and _UNPRONOUNCEABLE.search(word.text) is not None
    if not _is_mixed(word.text) or _REFERENCE.fullmatch(word.text):
        return False
    runs = re.findall(r"\d+|[a-z]+", word.text)
    digits = sum(map(str.isdecimal, word.text))
    hard_to_say = _HARD_TO_SAY.search(word.text) is not None
    one_digit_inside = digits == 1 and word.text[-1].isalpha()
    return capitals or digits >= 3 or len(runs) > 3 or hard_to_say or one_digit_inside


def _mask(evidence: Evidence, run: Sequence[Word]) -> None:
    start, end = run[0].start, run[-1].end
    if evidence.is_free(start, end):
        evidence.mask(SecretKind.PROVISIONAL_CODE, [(start, end)])
