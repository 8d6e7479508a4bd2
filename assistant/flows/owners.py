"""Whose things a text names: « votre carte » said to a helper is the wrong person's card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from assistant.safety.normalise import fold

_ADJECTIVES: Final = tuple(
    "ancien ancienne autre autres bon bonne deux dernier dernière derniers dernières nouveau"
    " nouvel nouvelle premier première propre propres petit petite vrai vraie".split()
)

OF_THE_READER: Final = frozenset(
    # what the reader holds or looks at
    "appareil appareils clavier coudes doigt doigts ecran imprimante main mains navigateur"
    " ordinateur page pouce souris tablette telephone yeux"
    # what the reader says here, and how
    " aide attention avis choix conversation conversations demande faute fiche place question"
    " questions message messages mots phrase reponse reponses rythme temps tour"
    # who the reader is to the person concerned
    " mere parent parents pere proche proches voisin voisine".split()
)
"""The folded nouns that « votre » may own even when somebody else reads."""


_OWNED: Final = re.compile(
    rf"\b(?:votre|vos)\s(?:(?:{'|'.join(_ADJECTIVES)})\s)?([\w-]+)", re.IGNORECASE
)


def wrongly_owned(told: str) -> Iterator[str]:
    """List the « votre … » that give the reader what belongs to the person concerned.

    ``told`` is a text as it is told to somebody who helps, without what it quotes.
    """
    for found in _OWNED.finditer(told):
        if fold(found[1]) not in OF_THE_READER:
            yield " ".join(found[0].split())
