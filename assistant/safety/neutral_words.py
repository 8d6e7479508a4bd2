"""Finds what a message that we start must not say: others may read the phone.

Such a message tells nothing of health, of the health insurance or of a danger at home.
"""

from __future__ import annotations

from assistant.safety.normalise import fold

# Beginnings of folded words: « medec » finds « médecin », « médecins » and « médecine ».
_STEMS = tuple(
    "sante medec medic malad hopit hospi cliniq docteur pharmac infirm kine chirurg dentist optic"
    " ordonnanc vaccin traitement symptom diagnos guerir guerison soign therap psy cancer tumeur"
    " sida diabet epilep alzheimer parkinson depress suicid grossess enceint accouch avort"
    " contracep gyneco fecond prelev biolog laborat radiolog scanner echograph allerg handicap"
    " invalid addict alcool drogue tabac urgen samu vital ameli cpam secu mutuelle assurance"
    " violen harcel gendarm".split()
)
_WORDS = frozenset(
    "vih hiv ivg ald dmp nir irm soin soins sang analyse analyses examen examens bilan resultat"
    " resultats".split()
)


def telling_words(text: str) -> tuple[str, ...]:
    """List, folded, the words of a text that tell something private; a neutral text has none."""
    words = dict.fromkeys(fold(text).split())
    return tuple(word for word in words if word in _WORDS or word.startswith(_STEMS))
