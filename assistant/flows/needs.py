"""The catalogue of what citizens come for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from assistant.flows.values import Document, Label, ShortLabel, Slug, Text


class NeedKind(StrEnum):
    """How a need is answered."""

    GUIDE = "guide"
    ANSWER = "answer"
    TALK = "talk"
    SAFETY = "safety"


class Need(Document):
    """One reason to write to us, with the words of its menu entry."""

    kind: NeedKind
    priority: int = Field(ge=1, le=3)
    label: Label
    short: ShortLabel
    means: Text | None = None


def _freeze(needs: Mapping[str, Need]) -> Mapping[str, Need]:
    return MappingProxyType(dict(needs))


class NeedsCatalogue(Document):
    """The needs by id, in the order of the menu."""

    spec_version: Literal[1] = 1
    needs: Annotated[Mapping[Slug, Need], AfterValidator(_freeze)]
