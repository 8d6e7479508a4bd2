"""A written journey as it stands in its file.

Steps, keys and outcomes are named, never words: a text may be rewritten without touching a journey.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.flows.engine import Outcome

HERE = Path(__file__).parent


class Strict(BaseModel):
    """What stands in a journey and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Ear(StrEnum):
    """Who understands what is written: the words' true meaning, or the trained model."""

    PERFECT = "perfect"
    RASA = "rasa"


class Turn(Strict):
    """One thing that the person does, and what they would expect of it.

    ``means`` is the need that a good ear hears, for ``says`` alone. ``at`` is the question that
    waits afterwards (``flow/step``), or ``free`` when no guide waits. ``tells`` lists what must be
    told, among other things: ``answer/<need>``, ``glossary/<term>``, ``interface/<id>`` or
    ``flow/step``; ``not_told`` what must not. ``offers`` lists the endings of choices that must be
    offered. ``refused`` is the kind of problem with which the channel refuses the message.
    """

    says: str | None = None
    picks: str | None = None
    waits_days: int | None = Field(None, ge=1)
    changes_device: Literal[True] | None = None
    means: str | None = None
    at: str | None = None
    tells: tuple[str, ...] = ()
    not_told: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    refused: str | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Turn:
        done = (self.says, self.picks, self.waits_days, self.changes_device)
        if sum(each is not None for each in done) != 1:
            raise ValueError("says | picks | waits_days | changes_device")
        return self

    def __str__(self) -> str:
        """Return what the person does."""
        if self.says is not None:
            return f"« {self.says[:70]} »"
        if self.picks is not None:
            return f"[{self.picks}]"
        return "on another device" if self.changes_device else f"{self.waits_days} days later"


class Journey(Strict):
    """Somebody, what they do, and the flows that end on the way, in order.

    ``goes_badly`` tells, by the ear that it needs, why the product does otherwise for now.
    """

    who: str = Field(min_length=20)
    turns: tuple[Turn, ...] = Field(min_length=1)
    outcome: Mapping[str, Outcome]
    goes_badly: Mapping[Ear, str] = Field(default_factory=dict)


def journeys() -> Mapping[str, Journey]:
    """Read all the journeys, by the name of their file."""
    return {path.stem: _read(path) for path in sorted(HERE.glob("*.yml"))}


def meanings() -> Mapping[str, str]:
    """Return what each sentence of the journeys means, where it names a need."""
    return {
        turn.says: turn.means
        for journey in journeys().values()
        for turn in journey.turns
        if turn.says is not None and turn.means is not None
    }


def _read(path: Path) -> Journey:
    return Journey.model_validate(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
