"""The letters that can be prepared, as editors write them."""

from __future__ import annotations

from typing import Literal

from assistant.flows.values import Document, Label, Slug, Text


class LetterDocument(Document):
    """A letter that its sender signs: ``text`` is its body, from the greeting to the thanks."""

    spec_version: Literal[1]
    id: Slug
    title: Label
    to: tuple[Label, ...] = ()
    subject: Label
    text: Text
