"""The words for what we keep: « que savez-vous de moi ? », « efface tout », however spelled.

What is in Mon espace santé, at a doctor's or at the health insurance is never meant by them.
"""

from __future__ import annotations

from enum import StrEnum

from assistant.safety.normalise import fold
from assistant.safety.phrases import PhraseBook
from assistant.services.sms.words import SmsWord, recognise_sms_word


class RightAsked(StrEnum):
    """What somebody wants done with what we keep of them."""

    KNOW = "know"
    ERASE = "erase"


_LONGEST = 16  # words; more of them tell a story, which is for the dialogue engine

_ERASES = "efface|effacez|effacer|effaces|supprime|supprimez|supprimer|oublie|oubliez|oublier"
_OURS = "conversation|discussion|messages|message|echanges|echange|chat|historique|traces"
_DATA = "donnees|infos|info|informations|choses"
_KNOWS = "savez|sais|sait|saviez|connaissez|gardez|gardes|garde|conservez|stockez|retenez|retenu"

_PHRASES = PhraseBook(
    {
        RightAsked.ERASE: (
            f"{_ERASES} tout$",
            f"{_ERASES} moi? tout? ce|se? que|qu|ske vous|tu savez|sais|avez|as|gardez|gardes",
            f"{_ERASES} moi? tout? ce|se? que|qu|ske je * ecrit|dit|raconte",
            f"{_ERASES} toute?|toutes? la|cette|notre|mes|nos|l {_OURS}",
            f"{_ERASES} mes {_DATA} chez|ici",
        ),
        RightAsked.KNOW: (
            f"{_KNOWS} * sur|de|a moi",
            f"{_KNOWS} ce? * mon sujet",
            f"{_KNOWS} * concernant",
            "enregistrez|enregistre * concernant",
            "avez|as vous|tu? sur moi",
            f"avez|as|detenez|possedez * {_DATA} sur moi",
            "avez|as quoi sur moi",
            "avez|as quoi comme * sur moi",
            f"mes {_DATA} chez vous|vs|toi",
            f"{_DATA} que? vous|tu avez|as|gardez|gardes|detenez * moi",
            f"voir|montrez|donnez|copie|exporter|telecharger * {_DATA} * vous|tu avez|gardez",
            f"vous|tu {_KNOWS} quoi de|sur moi",
            "acces a|aux * donnees * assistant|robot|programme",
        ),
    }
)
# Whoever else may know something, or have it erased: not us.
_ELSEWHERE = frozenset(
    "sante espace medecin medecins docteur docteurs hopital pharmacien pharmacie infirmiere"
    " employeur patron assurance assurances banque mutuelle secu ameli cpam caisse doctolib"
    " dossier ordonnance ordonnances document documents profil compte mari femme fils fille mere"
    " pere samu".split()
)


def recognise_right(text: str) -> RightAsked | None:
    """Return what a whole message asks for about what we keep, None when it does not."""
    word = recognise_sms_word(text)
    if word is not None and word.word is SmsWord.FORGET_ME:
        return RightAsked.ERASE
    words = fold(text).split()
    if len(words) > _LONGEST or not _ELSEWHERE.isdisjoint(words):
        return None
    said = {name for name, _, _ in _PHRASES.find(text)}
    # « effacez mes données que vous avez » wants more than to know.
    return next((each for each in (RightAsked.ERASE, RightAsked.KNOW) if each in said), None)
