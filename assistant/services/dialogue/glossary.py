"""« C'est quoi … ? »: finding the word that somebody asks about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from assistant.safety.normalise import fold

# How people ask, folded (no accent, no apostrophe): « c koi un code provisoire », « ça veut dire
# quoi DMP », « numéro de série c'est quoi ».
_ARTICLE = r"(?:(?:un|une|le|la|les|l|du|de la|des|ce|cette|mon|ma|mes|votre|vos) )?"
_WHAT = r"(?:c est|cest|c|ces|ses) (?:quoi|koi|kwa)"
_ASKING = re.compile(
    rf"^(?:(?:et|mais|oui mais|pardon|excusez moi) )?(?:{_WHAT}|qu est ce que?(?: c est)?(?: que)?|"
    r"(?:ca|sa|cela) veut dire (?:quoi|koi)|que veut dire|que signifie|"
    r"je (?:ne |n )?(?:sais|comprends|connais) pas (?:ce que c est )?(?:le mot )?)"
    rf" ?(?:que )?{_ARTICLE}(?P<term>.+)$"
)
_AFTER = re.compile(rf"^{_ARTICLE}(?P<term>.{{2,40}}?) (?:{_WHAT}|ca veut dire (?:quoi|koi))$")
# One letter wrong in six; « numero de série » against « numéro de serie » is folded already.
_CLOSE_ENOUGH = 86.0


@dataclass(frozen=True)
class Glossary:
    """The terms explained, by the ways people write them (folded)."""

    terms: Mapping[str, str]

    def asked_for(self, text: str) -> str | None:
        """Return the id of the term that a message asks to explain, if it asks."""
        folded = fold(text)
        found = _ASKING.match(folded) or _AFTER.match(folded)
        if found is None:
            return None
        term = found["term"]
        if term in self.terms:
            return self.terms[term]
        near = process.extractOne(
            term, self.terms.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH
        )
        return self.terms[near[0]] if near is not None else None
