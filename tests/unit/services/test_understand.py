"""Understanding outside a conversation, with the precedence of a turn."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.domain.turn import Decider, RankedNeed, Understanding
from assistant.services.understand import Understand


@dataclass(frozen=True)
class Scripted:
    """An interpreter that always understands the same."""

    meant: Understanding

    def understand(self, text: str, language: str) -> Understanding:
        """Return it; a secret must never get here."""
        del language
        assert "084 91" not in text
        return self.meant


SURE = Understanding("obligatoire", 0.9, (RankedNeed("obligatoire", 0.9),))
UNSURE = Understanding(None, 0.2, (RankedNeed("arnaque", 0.2), RankedNeed("enfant", 0.1)))
LOST = Understanding(None, 0.04, (RankedNeed("oui", 0.04),))


@pytest.mark.parametrize(
    ("text", "meant", "need", "source"),
    [
        ("jveu mourir", SURE, "detresse", Decider.DANGER),
        ("STOP", SURE, "stop_messages", Decider.OPT_OUT),
        ("retour", SURE, "retour", Decider.WORD),
        ("🙏", SURE, "hors_sujet", Decider.WORD),
        ("c'est obligé ?", SURE, "obligatoire", Decider.RASA),
        ("un sms bizarre", UNSURE, "arnaque", Decider.RASA),
        ("مرحبا", LOST, None, Decider.RASA),
        ("mon numéro 1 85 05 78 006 084 91", SURE, "obligatoire", Decider.RASA),
    ],
)
def test_who_decides_and_what(
    text: str, meant: Understanding, need: str | None, source: Decider
) -> None:
    understood = Understand(Scripted(meant))(text, "fr")
    assert (understood.need, understood.source) == (need, source)
    assert "084 91" not in understood.text
