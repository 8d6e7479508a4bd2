"""The words that work at every step, in every channel, however they are spelled."""

from __future__ import annotations

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


NEED_OF_WORD: Mapping[Word, str] = {
    Word.MENU: "menu",
    Word.HELP: "menu",
    Word.BACK: "retour",
    Word.REPEAT: "pas_compris",
    Word.SIMPLER: "pas_compris",
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
}
"""The need that a word stands for, where one must be named."""

# Whole messages only, folded. A word inside a sentence belongs to the dialogue engine: « je
# n'ai pas de menu sur mon téléphone » is no command.
_SPELLINGS: Mapping[str, Mapping[Word, tuple[str, ...]]] = {
    "fr": {
        Word.MENU: ("menu", "le menu", "menu principal", "sommaire", "accueil", "retour au menu"),
        Word.HELP: ("aide", "aide moi", "aidez moi", "help", "a l'aide", "besoin d'aide", "info"),
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
        ),
        Word.SIMPLER: (
            "plus simple",
            "plus simplement",
            "en plus simple",
            "dites le plus simplement",
            "explique plus simplement",
            "expliquez plus simplement",
            "plus facile",
            "plus lentement",
            "trop complique",
            "c'est trop complique",
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
        ),
        Word.CONTACT: ("contact", "contacts"),
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
            "plus tard",
        ),
    },
}

_INDEX = {
    language: {fold(spelling): word for word, spellings in table.items() for spelling in spellings}
    for language, table in _SPELLINGS.items()
}

# A letter wrong, doubled, missing or swapped (« rettour », « humian »). Only from five letters on:
# below that, one letter makes another word (« aide » and « vide », « menu » and « tenu »).
_SHORTEST_TYPO = 5
_SLIPS = 1
# Folded words that a single wrong letter would turn into a command.
_REAL_WORDS = frozenset(
    {"retours", "detour", "contrat", "contacter", "humaine", "humains", "bloquer"}
)


def recognise_word(text: str, language: str) -> Word | None:
    """Return the command that a whole message is, if it is one."""
    folded = fold(text)
    index = _INDEX.get(language) or _INDEX["fr"]
    exact = index.get(folded)
    if exact is not None or len(folded) < _SHORTEST_TYPO or folded in _REAL_WORDS:
        return exact
    near = process.extractOne(folded, index.keys(), scorer=OSA.distance, score_cutoff=_SLIPS)
    return index[near[0]] if near is not None else None
