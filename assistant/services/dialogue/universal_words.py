"""The words that work at every step, in every channel, however they are spelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.safety.normalise import fold


class Word(StrEnum):
    """A command of the person's, kept apart from what they want to do."""

    MENU = "menu"
    HELP = "help"
    BACK = "back"
    REPEAT = "repeat"
    SIMPLER = "simpler"
    SLOWER = "slower"
    NEXT = "next"
    STUCK = "stuck"
    RETRY = "retry"
    HUMAN = "human"
    CONTACT = "contact"
    CONTINUE = "continue"
    RESTART = "restart"
    PAUSE = "pause"
    SAFE = "safe"
    NOT_SAFE = "not_safe"
    STOP = "stop"
    KEEP = "keep"
    FOR_OTHER = "for_other"
    FOR_SELF = "for_self"
    MY_DATA = "my_data"
    FORGET_ME = "forget_me"


NEED_OF_WORD: Mapping[Word, str] = {
    Word.MENU: "menu",
    Word.HELP: "menu",
    Word.BACK: "retour",
    Word.REPEAT: "pas_compris",
    Word.SIMPLER: "pas_compris",
    Word.SLOWER: "pas_compris",
    Word.NEXT: "oui",
    Word.STUCK: "non",
    Word.RETRY: "oui",
    Word.HUMAN: "parler_humain",
    Word.CONTACT: "parler_humain",
    Word.CONTINUE: "oui",
    Word.RESTART: "menu",
    Word.PAUSE: "plus_tard",
    Word.SAFE: "oui",
    Word.NOT_SAFE: "non",
    Word.STOP: "stop_messages",
    Word.KEEP: "non",
    Word.FOR_OTHER: "proche_aidant",
    Word.FOR_SELF: "oui",
    Word.MY_DATA: "mes_donnees",
    Word.FORGET_ME: "mes_donnees",
}
"""The need that a word stands for, where one must be named."""

# Whole messages only, folded. A word inside a sentence belongs to the dialogue engine: « je
# n'ai pas de menu sur mon téléphone » is no command.
_SPELLINGS: Mapping[str, Mapping[Word, tuple[str, ...]]] = {
    "fr": {
        Word.MENU: (
            "menu",
            "le menu",
            "menu principal",
            "sommaire",
            "accueil",
            "retour au menu",
            "voir le menu",
            "voir menu",
            "afficher le menu",
            "afficher menu",
            "revenir au menu",
            "je veux le menu",
            "je voudrais le menu",
            "mneu",
        ),
        Word.HELP: (
            "aide",
            "aide moi",
            "aidez moi",
            "help",
            "a l'aide",
            "besoin d'aide",
            "j'ai besoin d'aide",
            "jai besoin d'aide",
            "info",
        ),
        Word.BACK: (
            "retour",
            "revenir",
            "revenir en arriere",
            "en arriere",
            "retour en arriere",
            "precedent",
            "etape precedente",
            "question precedente",
            "je me suis trompe",
            "je me suis trompee",
            "retours",
            "retourner",
            "retour arriere",
            "arriere",
            "etape d'avant",
            "l'etape d'avant",
        ),
        Word.REPEAT: (
            "repete",
            "repeter",
            "repetez",
            "repete stp",
            "repetez svp",
            "repetez s'il vous plait",
            "vous pouvez repeter",
            "redis",
            "redites",
            "encore une fois",
            "encore",
            "repeter la question",
            "repetez la question",
            "redire",
            "pardon",
        ),
        Word.SIMPLER: (
            "plus simple",
            "plus simplement",
            "en plus simple",
            "dites le plus simplement",
            "explique plus simplement",
            "expliquez plus simplement",
            "plus facile",
            "trop complique",
            "c'est trop complique",
        ),
        Word.SLOWER: (
            "plus lentement",
            "moins vite",
            "doucement",
            "plus doucement",
            "pas si vite",
            "trop vite",
            "c'est trop vite",
            "ca va trop vite",
            "vous allez trop vite",
            "trop long",
            "c'est trop long",
        ),
        Word.NEXT: (
            "suite",
            "la suite",
            "suivant",
            "page suivante",
            "lire la suite",
            "et la suite",
            "et apres",
            "suit",
        ),
        Word.STUCK: (
            "bloque",
            "bloquee",
            "je bloque",
            "je suis bloque",
            "je suis bloquee",
            "chui bloque",
            "j'y arrive pas",
            "j'arrive pas",
            "je n'y arrive pas",
            "j'y arrive plus",
            "je n'arrive pas",
            "jy arrive pas",
            "jarrive pas",
            "ca ne marche pas",
            "ca marche pas",
        ),
        Word.HUMAN: (
            "humain",
            "un humain",
            "conseiller",
            "un conseiller",
            "une personne",
            "quelqu'un",
            "parler a quelqu'un",
            "parler a une personne",
            "parler a un humain",
            "je veux parler a quelqu'un",
            "je veux parler a une personne",
            "je veux parler a un humain",
            "je voudrais parler a quelqu'un",
            "une vraie personne",
            "parler a une vraie personne",
            "parler a un conseiller",
            "parler a qqn",
            "etre humain",
            "un etre humain",
        ),
        Word.CONTACT: ("contact", "contacts", "contacter", "vos contacts"),
        Word.CONTINUE: ("continuer", "continue", "on continue", "continuons", "reprendre"),
        Word.RESTART: (
            "recommencer",
            "recommencer au debut",
            "recommence",
            "depuis le debut",
            "tout recommencer",
        ),
        Word.PAUSE: (
            "laisse tomber",
            "laissez tomber",
            "j'abandonne",
            "abandonner",
            "j'arrete la",
            "on arrete la",
            *(
                f"{who} {when}"
                for who in ("je prefere arreter", "j'arrete", "on arrete", "je veux arreter")
                for when in ("pour ce soir", "pour aujourd'hui", "pour l'instant", "pour le moment")
            ),
            "plus tard",
        ),
    },
}

_INDEX = {
    language: {fold(spelling): word for word, spellings in table.items() for spelling in spellings}
    for language, table in _SPELLINGS.items()
}

_ONLY_ASKS = re.compile(r"\s*[?؟][\s?؟!]*")
_POLITE = re.compile(r"\b(?:s ?il (?:vous|te|t) pl[a-z]+|svp|stp|please|pls|merci)\b")

# A letter wrong, doubled, missing or swapped (« rettour », « humian »). Only from five letters on:
# below that, one letter makes another word (« aide » and « vide », « menu » and « tenu »).
_SHORTEST_TYPO = 5
_SLIPS = 1
# Folded words that a single wrong letter would turn into a command.
_REAL_WORDS = frozenset(
    (
        "detour contrat contracter humaine humains bloquer fuite cuite carriere barriere"
        " detourner medire"
    ).split()
)


def recognise_word(text: str, language: str) -> Word | None:
    """Return the command that a whole message is, polite forms aside, if it is one."""
    if _ONLY_ASKS.fullmatch(text):
        return Word.HELP
    said = fold(text)
    folded = " ".join(_POLITE.sub(" ", said).split()) or said
    index = _INDEX.get(language) or _INDEX["fr"]
    exact = index.get(folded)
    if exact is not None or len(folded) < _SHORTEST_TYPO or folded in _REAL_WORDS:
        return exact
    near = process.extractOne(folded, index.keys(), scorer=OSA.distance, score_cutoff=_SLIPS)
    return index[near[0]] if near is not None else None
