"""« mes choix », « retirer 2 », « corriger 1 »: what somebody wants with their notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.domain.choices import ToldChoice
from assistant.safety.normalise import fold


class NotebookVerb(StrEnum):
    """What is wanted with the notebook; the last three follow a question of ours."""

    SHOW = "show"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    CLEAR = "clear"
    NOTE = "note"
    CORRECTED = "corrected"
    CLEARED = "cleared"


@dataclass(frozen=True)
class NotebookWish:
    """What is wanted: with a line by its ``number`` or its id, or with a decision just told."""

    verb: NotebookVerb
    number: int = 0
    line: str = ""
    told: ToldChoice | None = None


_SHOW = (
    "mes choix|voir mes choix|lire mes choix|montrer mes choix|montrez moi mes choix|afficher mes"
    " choix|liste de mes choix|la liste de mes choix|quels sont mes choix|mes decisions|voir mes"
    " decisions|mon carnet|le carnet|voir mon carnet|ouvrir mon carnet|lire mon carnet|carnet mes"
    " choix|mon carnet mes choix|le carnet mes choix|voir le carnet|qu'est ce que j'ai decide"
).split("|")
_VERBS: Mapping[NotebookVerb, tuple[str, ...]] = {
    NotebookVerb.WITHDRAW: tuple(
        "retirer retire retirez enlever enleve enlevez supprimer supprime supprimez effacer efface"
        " effacez".split()
    ),
    NotebookVerb.CORRECT: tuple(
        "corriger corrige corrigez modifier modifie modifiez changer change changez".split()
    ),
}
_VERB_OF = {form: verb for verb, forms in _VERBS.items() for form in forms}
_ALL = re.compile(
    r"(?:tout retirer|retirer tout|(?:tout )?\w+ (?:tout |tous )?(?:mes choix|mon carnet|le carnet"
    r"|tout mon carnet|tous mes choix)(?: mes choix)?)"
)
_LINE = re.compile(r"(?P<verb>\w+) (?:(?:le|la|ligne|choix|numero|no|n|mon) )*(?P<number>\w+)")
_NUMBERS = {
    word: number
    for number, words in enumerate(
        "un une premier premiere|deux deuxieme|trois troisieme|quatre quatrieme|cinq cinquieme|six"
        " sixieme|sept septieme|huit huitieme|neuf neuvieme|dix dixieme".split("|"),
        start=1,
    )
    for word in words.split()
}
_POLITE = re.compile(
    r"\b(?:s ?il (?:vous|te) pl[a-z]+|svp|stp|merci|bonjour|bjr|je (?:veux|voudrais))\b"
)

# One letter wrong, missing, doubled or swapped, and no shorter than these: « mes choix » without
# its space has eight letters, « enleve » six.
_SLIPS = 1
_SHORTEST_TYPO = 6
# A slip away from a word of ours, and something else.
_REAL_WORDS = frozenset("leschoix deschoix seschoix noschoix meschoux lacarnet".split())


def _closed_up(text: str) -> str:
    return fold(text).replace(" ", "")


_SHOWS = frozenset(map(_closed_up, _SHOW))


def recognise_notebook_wish(text: str) -> NotebookWish | None:
    """Return what a whole message wants with the notebook, typing errors forgiven, if anything."""
    said = " ".join(_POLITE.sub(" ", fold(text)).split())
    if _near(said.replace(" ", ""), _SHOWS) is not None:
        return NotebookWish(NotebookVerb.SHOW)
    if "?" in text:
        return None
    if _ALL.fullmatch(said):
        verbs = {_verb(word) for word in said.split()}
        return NotebookWish(NotebookVerb.CLEAR) if NotebookVerb.WITHDRAW in verbs else None
    line = _LINE.fullmatch(said)
    verb, number = (_verb(line["verb"]), _number(line["number"])) if line else (None, 0)
    return NotebookWish(verb, number) if verb is not None and number else None


def _near(said: str, known: Iterable[str]) -> str | None:
    if said in known or len(said) < _SHORTEST_TYPO or said in _REAL_WORDS:
        return said if said in known else None
    found = process.extractOne(said, tuple(known), scorer=OSA.distance, score_cutoff=_SLIPS)
    return found[0] if found is not None else None


def _verb(word: str) -> NotebookVerb | None:
    form = _near(word, _VERB_OF)
    return _VERB_OF[form] if form is not None else None


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) <= 2 else _NUMBERS.get(word, 0)  # noqa: PLR2004 (99 lines)
