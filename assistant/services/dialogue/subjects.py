"""Two subjects in one message: the first is answered, the second is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.domain.turn import RankedNeed
from assistant.flows.document import Need, NeedKind
from assistant.services.ports.dialogue import Interpreter

# « j'ai pas le code et en plus je veux pas que mon patron voie »: words that announce another
# subject by themselves, the longest first.
_ANNOUNCED = (
    r"(?:et\s+en\s+plus|et\s+en\s+m[eê]me\s+temps|et\s+sinon|et\s+aussi|et\s+autre\s+chose|ah\s+et"
    r"|mais\s+aussi|en\s+plus|par\s+ailleurs|sinon|autre\s+chose)"
)
# Words and signs that may stand between two subjects, or within one.
_JOINED = r"(?:et\s+puis|et\s+apr[eè]s|et\s+ensuite|ensuite|aussi|puis|et|mais|\+)"
_BETWEEN = re.compile(
    rf"[\s.,;!?]+(?P<announced>{_ANNOUNCED})[\s,:]+"
    rf"|\s*[.;!?\n]+\s*|\s*,?\s+{_JOINED}\s+|\s*,\s+",
    re.IGNORECASE,
)
# Two words say too little to be a subject of their own (« une lettre et un code »).
SHORTEST = 3
# Two subjects are told in a sentence or two. Each half of each cut is understood on its own: a page
# of 2,000 characters took 0.6 s.
LONGEST = 400
# Measured on the 539 sentences of nlu/tests, which have one subject each: one is cut in two. On the
# messages of tests/unit/services/data/subjects.yml, which have two, three in four are told apart.
SURE = 0.38
SURE_WHEN_ANNOUNCED = 0.26
_SUBJECTS = frozenset({NeedKind.GUIDE, NeedKind.ANSWER})
# « j'ai clôturé mon espace, je veux que tout soit effacé »: two needs of one story, unless the
# second is announced as another.
_ONE_STORY = frozenset(
    {
        frozenset({"activer_espace", "nouveau_code"}),
        frozenset({"activer_espace", "enfant"}),
        frozenset({"activer_espace", "majeur_protege"}),
        frozenset({"activer_espace", "sans_internet"}),
        frozenset({"effacer_donnees", "fermer_espace"}),
        frozenset({"effacer_donnees", "rouvrir_espace"}),
        frozenset({"fermer_espace", "rouvrir_espace"}),
        frozenset({"opposition_recherche", "s_opposer"}),
    }
)


@dataclass(frozen=True)
class Subjects:
    """Tells two subjects apart by understanding each half of a message on its own."""

    interpreter: Interpreter
    needs: Mapping[str, Need]

    def apart(self, text: str, language: str) -> tuple[str, str] | None:
        """Return the two needs of a message in the order in which they were written, or None."""
        found: list[tuple[float, tuple[str, str]]] = []
        for left, right, announced in _halves(text):
            first = self._subject(left, language, announced=announced)
            second = self._subject(right, language, announced=announced)
            if first is None or second is None or first.need == second.need:
                continue
            if announced or {first.need, second.need} not in _ONE_STORY:
                found.append((first.confidence + second.confidence, (first.need, second.need)))
        return max(found)[1] if found else None

    def _subject(self, text: str, language: str, *, announced: bool) -> RankedNeed | None:
        """Return the need of one half; an announced one may be the nearest of two that are near."""
        understood = self.interpreter.understand(text, language)
        nearest = next(iter(understood.ranking), None)
        if nearest is None or self.needs[nearest.need].kind not in _SUBJECTS:
            return None
        if announced:
            return nearest if nearest.confidence >= SURE_WHEN_ANNOUNCED else None
        return nearest if understood.need is not None and nearest.confidence >= SURE else None


def _halves(text: str) -> Iterator[tuple[str, str, bool]]:
    if len(text) > LONGEST:
        return
    for between in _BETWEEN.finditer(text):
        left, right = text[: between.start()], text[between.end() :]
        if len(left.split()) >= SHORTEST and len(right.split()) >= SHORTEST:
            yield left, right, between["announced"] is not None
