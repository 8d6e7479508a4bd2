"""Understanding a sentence outside any conversation, with the precedence of a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.domain.conversation import Conversation, DialogueState, Holder
from assistant.domain.turn import Decider, RankedNeed
from assistant.safety.masking import mask
from assistant.services.dialogue.dialogue import WORTH_SUGGESTING
from assistant.services.dialogue.precedence import Verdict, take_precedence
from assistant.services.dialogue.universal_words import NEED_OF_WORD
from assistant.services.ports.dialogue import Interpreter
from assistant.services.scams.words import SCAM

NOTHING_TO_READ = "hors_sujet"
OPT_OUT_NEED = "stop_messages"

_NOBODY = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Understood:
    """What a sentence means and who decided; ``text`` is masked."""

    text: str
    language: str
    need: str | None
    confidence: float
    ranking: tuple[RankedNeed, ...]
    source: Decider

    def as_json(self) -> Mapping[str, object]:
        """Return it as one line of ``assistant understand``."""
        return {
            "text": self.text,
            "language": self.language,
            "need": self.need,
            "confidence": round(self.confidence, 4),
            "ranking": [
                {"need": each.need, "confidence": round(each.confidence, 4)}
                for each in self.ranking
            ],
            "source": self.source.value,
        }


@dataclass(frozen=True)
class Understand:
    """Tells what a turn would make of a sentence, without a conversation."""

    interpreter: Interpreter

    def __call__(self, text: str, language: str) -> Understood:
        """Return the need behind a sentence. Raises EngineUnavailable."""
        masked = mask(text).text
        verdict = take_precedence(masked, None, _in_no_flow(language))
        need = _decided(verdict)
        if need is not None:
            ranking = (RankedNeed(need, 1.0),)
            return Understood(masked, language, need, 1.0, ranking, verdict.decider)
        meant = self.interpreter.understand(masked, language)
        # Unsure, a turn would ask « vouliez-vous dire … » : its first suggestion, if it has one.
        guess = next(iter(meant.ranking), None)
        worth_it = guess is not None and guess.confidence >= WORTH_SUGGESTING
        need = meant.need or (guess.need if guess is not None and worth_it else None)
        return Understood(masked, language, need, meant.confidence, meant.ranking, Decider.RASA)


def _decided(verdict: Verdict) -> str | None:
    if verdict.danger is not None:
        return verdict.danger.value
    if verdict.opt_out is not None:
        return OPT_OUT_NEED
    if verdict.word is not None:
        return NEED_OF_WORD[verdict.word]
    if verdict.doubted is not None:
        return SCAM
    return NOTHING_TO_READ if verdict.unreadable else None


def _in_no_flow(language: str) -> Conversation:
    return Conversation(
        id="",
        language=language,
        held_by=Holder.ASSISTANT,
        state=DialogueState(),
        version=0,
        rasa_session="",
        rasa_turns=0,
        shared_device=False,
        created_at=_NOBODY,
        last_activity_at=_NOBODY,
    )
