"""The words of SMS that the other channels do not need: reopen, forget me, not me, separate.

Two of them wipe a conversation: each is heard for sure only in the words that we print, and
otherwise with a doubt, which is asked about. None is ever heard in an ordinary sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from assistant.safety.normalise import fold


class SmsWord(StrEnum):
    """What an SMS may ask of the channel itself; the last ones are no words, but what it holds."""

    REOPEN = "reopen"
    """REPRENDRE: the only way back after STOP."""
    FORGET_ME = "forget_me"
    """OUBLIE-MOI: erase all that is known."""
    NOT_ME = "not_me"
    """PAS MOI: the number has changed hands; erase, and never write to it again."""
    SEPARATE = "separate"
    """SEPARER: the page and the phone become two conversations again."""
    ELSEWHERE = "elsewhere"
    """« continuer sur internet »: a code to be typed on the page."""
    CONTACT = "contact"
    """CONTACT, AIDE: who we are, whom to call, what it costs, how to stop."""
    LINK = "link"
    """A code of the page: its conversation goes on here."""
    UNKNOWN_CODE = "unknown_code"
    NEXT_PAGE = "next_page"
    """SUITE, while the rest of an answer is held."""
    NO_PICTURES = "no_pictures"
    EMPTY = "empty"


SMS_PREFIX = "sms/"


def sms_choice(word: SmsWord) -> str:
    """Return what a message is when it is that, and its button."""
    return f"{SMS_PREFIX}{word}"


@dataclass(frozen=True)
class HeardWord:
    """A word that was heard; when it is not ``sure``, ask before doing anything."""

    word: SmsWord
    sure: bool


# Folded, without the spaces that people forget or add.
_SURE: Mapping[SmsWord, tuple[str, ...]] = {
    SmsWord.REOPEN: (
        "reprendre",
        "reprend",
        "reprends",
        "reprenez",
        "reprenons",
        "je reprends",
        "on reprend",
        "je veux reprendre",
        "je voudrais reprendre",
        "reprendre les messages",
        "reprendre les sms",
        "reprendre la conversation",
        "start",
        "unstop",
    ),
    SmsWord.FORGET_ME: ("oublie moi", "oubliez moi", "oublier moi", "oubli moi"),
    SmsWord.NOT_ME: (
        "pas moi",
        "mauvais numero",
        "faux numero",
        "erreur de numero",
        "numero errone",
        "vous vous trompez de numero",
        "vous vous etes trompe de numero",
        "vous avez le mauvais numero",
        "tu te trompes de numero",
        "c'est un faux numero",
        "c'est le mauvais numero",
        "ce n'est plus son numero",
        "c'est plus son numero",
    ),
    SmsWord.SEPARATE: (
        "separer",
        "separez",
        "separer les deux",
        "separer les conversations",
        "separer le sms et la page",
        "separer le telephone et l'ordinateur",
    ),
    SmsWord.ELSEWHERE: (
        "continuer ailleurs",
        "continuer sur internet",
        "continuer sur ordinateur",
        "continuer sur l'ordinateur",
        "continuer sur mon ordinateur",
        "continuer sur la page",
        "continuer sur le site",
        "continuer sur la page internet",
        "continuer sur ma tablette",
        "continuer sur un autre appareil",
        "je veux continuer sur internet",
        "je veux continuer sur ordinateur",
        "je veux continuer sur l'ordinateur",
        "je voudrais continuer sur internet",
        "reprendre sur internet",
        "reprendre sur ordinateur",
        "reprendre sur l'ordinateur",
        "reprendre sur la page",
        "passer sur internet",
        "passer sur l'ordinateur",
    ),
    SmsWord.CONTACT: (
        "qui etes vous",
        "vous etes qui",
        "qui es tu",
        "t'es qui",
        "c'est qui",
        "qui est ce",
        "qui m'ecrit",
        "c'est quoi ce numero",
        "a qui est ce numero",
    ),
}
_DOUBTFUL: Mapping[SmsWord, tuple[str, ...]] = {
    SmsWord.REOPEN: ("recommencez a m'ecrire", "vous pouvez m'ecrire", "ecrivez moi a nouveau"),
    SmsWord.FORGET_ME: (
        "oubliez moi pour toujours",
        "oubliez tout",
        "oublie tout",
        "efface moi",
        "effacez moi",
        "effacez tout",
        "efface tout",
        "supprimez moi",
        "supprimez tout",
        "effacez tout ce que vous savez sur moi",
        "effacez notre conversation",
        "effacez la conversation",
        "supprimez la conversation",
        "effacez mes messages",
        "supprimez mes messages",
    ),
    SmsWord.NOT_ME: (
        "c'est pas moi",
        "ce n'est pas moi",
        "ce n'est pas pour moi",
        "c'est pas pour moi",
        "pas pour moi",
        "vous vous trompez",
        "vous vous trompez de personne",
        "mauvaise personne",
        "erreur de personne",
        "erreur de destinataire",
        "mauvais destinataire",
        "je ne suis pas cette personne",
        "je suis pas cette personne",
        "je ne connais pas cette personne",
        "je n'ai rien demande",
        "j'ai rien demande",
        "je n'ai jamais demande",
        "j'ai jamais demande",
        "c'est pas mon numero",
    ),
    # May also answer a question of a guide: heard only where none waits.
    SmsWord.ELSEWHERE: (
        "sur internet",
        "sur ordinateur",
        "sur l'ordinateur",
        "sur mon ordinateur",
        "sur la page",
        "sur le site",
        "ailleurs",
    ),
    SmsWord.SEPARATE: ("separe", "separe les", "separez les", "delier"),
}


def _closed_up(text: str) -> str:
    return fold(text).replace(" ", "")


_INDEX: Mapping[str, HeardWord] = {
    _closed_up(form): HeardWord(word, sure)
    for sure, table in ((True, _SURE), (False, _DOUBTFUL))
    for word, forms in table.items()
    for form in forms
}

_POLITE = re.compile(
    r"\b(?:s ?il (?:vous|te) pl[a-z]+|svp|stp|please|merci|bonjour|bjr|bonsoir|ok|alors|madame"
    r"|monsieur)\b"
)
# One letter wrong, missing, doubled or swapped; below six letters it makes another word.
_SHORTEST_TYPO = 6
_SLIPS = 1
# What a slip would take for one of the words, and is something else (closed up as above).
_REAL_WORDS = frozenset(
    map(
        _closed_up,
        (
            "pas toi|pas mois|pas soi|pas mon|rependre|prendre|reprendra|reprendrai"
            "|separee|separes|preparer|reparer|se parer|oublie mot|oublie code"
        ).split("|"),
    )
)


def recognise_sms_word(text: str) -> HeardWord | None:
    """Return the word that a whole message is, accents, spaces and typing errors forgiven."""
    said = _POLITE.sub(" ", fold(text)).replace(" ", "")
    exact = _INDEX.get(said)
    if "?" in text or "؟" in text:
        # What asks is no order; « qui êtes-vous ? » is meant to be asked.
        return exact if exact is not None and exact.word is SmsWord.CONTACT else None
    if exact is not None or len(said) < _SHORTEST_TYPO or said in _REAL_WORDS:
        return exact
    near = {
        heard
        for form, heard in _INDEX.items()
        if len(form) >= _SHORTEST_TYPO and OSA.distance(said, form, score_cutoff=_SLIPS) <= _SLIPS
    }
    words = {heard.word for heard in near}
    if len(words) != 1:
        return None
    return HeardWord(words.pop(), sure=all(heard.sure for heard in near))
