"""Brings the ways people spell one French word closer together, SMS spelling included."""

from __future__ import annotations

import re
import unicodedata

#: What a whole word stands for; both sides lower-case and without accents.
ABBREVIATIONS = {
    "2m1": "demain",
    "ac": "avec",
    "bcp": "beaucoup",
    "bjr": "bonjour",
    "bsr": "bonsoir",
    "c": "c'est",
    "chui": "je suis",
    "comen": "comment",
    "dc": "donc",
    "ds": "dans",
    "dsl": "desole",
    "fo": "faut",
    "g": "j'ai",
    "j": "je",
    "jai": "j'ai",
    "je": "je",
    "jpe": "je peux",
    "jpeu": "je peux",
    "jpeux": "je peux",
    "jsui": "je suis",
    "jsuis": "je suis",
    "jve": "je veux",
    "jveu": "je veux",
    "jveux": "je veux",
    "jvoudrai": "je voudrais",
    "jvoudrais": "je voudrais",
    "ke": "que",
    "kel": "quel",
    "kelkun": "quelqu'un",
    "kesk": "qu'est-ce que",
    "keske": "qu'est-ce que",
    "ki": "qui",
    "kil": "qu'il",
    "koi": "quoi",
    "koman": "comment",
    "komen": "comment",
    "kon": "qu'on",
    "mdp": "mot de passe",
    "mnt": "maintenant",
    "mrc": "merci",
    "msg": "message",
    "mtn": "maintenant",
    "nan": "non",
    "nn": "non",
    "num": "numero",
    "ouai": "oui",
    "ouais": "oui",
    "ouep": "oui",
    "pa": "pas",
    "pb": "probleme",
    "pcq": "parce que",
    "pdt": "pendant",
    "pk": "pourquoi",
    "plu": "plus",
    "po": "pas",
    "pq": "pourquoi",
    "pr": "pour",
    "qd": "quand",
    "qqn": "quelqu'un",
    "rdv": "rendez-vous",
    "sa": "ca",
    "slt": "salut",
    "stp": "s'il te plait",
    "svp": "s'il vous plait",
    "tel": "telephone",
    "tjr": "toujours",
    "tjs": "toujours",
    "tps": "temps",
    "tt": "tout",
    "ui": "oui",
    "vs": "vous",
    "wi": "oui",
    "ya": "il y a",
    "yes": "oui",
}

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "’": "'"})
_ELONGATION = re.compile(r"(\D)\1{2,}")


def without_accents(text: str) -> str:
    """Lower-cases a text, takes its accents away and opens its ligatures."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def plain_spelling(word: str) -> str:
    """Return one word as it is compared: no accent, no elongation, abbreviation written out."""
    plain = _ELONGATION.sub(r"\1", without_accents(word))
    return ABBREVIATIONS.get(plain, plain)
