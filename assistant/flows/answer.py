"""The documents that hold single answers: to a need, and to « c'est quoi … ? »."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assistant.flows.values import MAX_RELATED, MAX_SYNONYMS, Document, Label, Slug, Text


class AnswerDocument(Document):
    """The short, honest answer to one need."""

    spec_version: Literal[1]
    id: Slug
    text: Text
    sms: Text | None = None
    simpler: Text | None = None
    related: tuple[Slug, ...] = Field(default=(), max_length=MAX_RELATED)


class Term(Document):
    """A word that people meet on their screen, explained."""

    id: Slug
    label: Label
    also: tuple[Label, ...] = Field(default=(), max_length=MAX_SYNONYMS)
    text: Text
    sms: Text | None = None


class GlossaryDocument(Document):
    """All the words explained."""

    spec_version: Literal[1]
    terms: tuple[Term, ...]
