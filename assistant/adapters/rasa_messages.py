"""What Rasa writes, parsed at the border: for the gateway that reads it and for the actions."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.turn import RankedNeed, Understanding

FALLBACK_INTENT = "nlu_fallback"


class Custom(BaseModel):
    """What our actions put into it: the turn that they closed."""

    model_config = ConfigDict(extra="ignore")
    turn: str


class Answer(BaseModel):
    """One message of Rasa's REST channel."""

    model_config = ConfigDict(extra="ignore")
    custom: Custom | None = None


class _Intent(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1.0001)] = 0.0


class _Entity(BaseModel):
    model_config = ConfigDict(extra="ignore")
    entity: str
    value: object = None


class ParsedMessage(BaseModel):
    """What Rasa's NLU makes of a sentence (``/model/parse``, and ``latest_message``)."""

    model_config = ConfigDict(extra="ignore")
    intent: _Intent = _Intent()
    intent_ranking: list[_Intent] = []
    entities: list[_Entity] = []

    def understanding(self) -> Understanding:
        """Return it in the words of the trade; an unsure message has no need, but a ranking."""
        ranking = tuple(
            RankedNeed(each.name, each.confidence)
            for each in self.intent_ranking
            if each.name and each.name != FALLBACK_INTENT
        )
        sure = self.intent.name not in (None, FALLBACK_INTENT)
        best = ranking[0].confidence if ranking else 0.0
        return Understanding(
            need=self.intent.name if sure else None,
            confidence=self.intent.confidence if sure else best,
            ranking=ranking,
            entities=tuple((each.entity, str(each.value)) for each in self.entities),
        )
