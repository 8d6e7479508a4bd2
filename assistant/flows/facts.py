"""The facts: every number, hour, price, delay and link that the assistant may say."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import StringConstraints

from assistant.flows.values import Document, Label, Slug, Text

FactValue = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=300)]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^\+?\d{2,15}$")]


class FactStatus(StrEnum):
    """How well a fact is known; an unverified one may be drafted, never published."""

    VERIFIED = "verified"
    CONFLICT = "conflict"
    PRESS = "press"
    UNVERIFIED = "unverified"


class Fact(Document):
    """A value, where it was read and until when it may be believed."""

    id: Slug
    value: FactValue
    sms: FactValue | None = None
    url: WebAddress | None = None
    link_label: Label | None = None
    phone: PhoneNumber | None = None
    text_to: PhoneNumber | None = None
    source: Text
    status: FactStatus
    checked_on: date
    source_date: date | None = None
    review_by: date


class FactsDocument(Document):
    """All the facts."""

    spec_version: Literal[1] = 1
    facts: tuple[Fact, ...]

    def get(self, fact_id: str) -> Fact | None:
        """Return the fact of that id, if there is one."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)
