"""The words of the page: each key as one channel shows it to one reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.adapters.content_files import Content
from assistant.domain.messages import Channel
from assistant.domain.placeholders import fill
from assistant.domain.whom import Whom, told_to
from assistant.flows.document import texts
from assistant.flows.facts import Fact
from assistant.rendering.catalogue import SOURCE_LANGUAGE
from assistant.rendering.sms.letters import to_gsm7
from assistant.rendering.sms.parts import count
from assistant.rendering.typography import typeset

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_VARIANTS: Final = {"text": "texte", "sms": "SMS", "simpler": "plus simple"}


@dataclass(frozen=True)
class Line:
    """One text, with its key, the name of its variant and, for a text message, its size."""

    key: str
    name: str
    text: str
    size: str | None = None


@dataclass(frozen=True)
class PreviewWords:
    """Puts keys into words; ``own_sentences`` are the assistant's own, by key."""

    content: Content
    own_sentences: Mapping[str, str]
    channel: Channel
    whom: Whom

    @cached_property
    def _sources(self) -> Mapping[str, str]:
        content = self.content
        documents = (
            *content.flows.values(),
            *content.answers.values(),
            *content.letters.values(),
            content.glossary,
            content.needs,
            content.facts,
        )
        written = {key: text for document in documents for key, text in texts(document).items()}
        return written | {f"interface/{key}": text for key, text in self.own_sentences.items()}

    @cached_property
    def _facts(self) -> Mapping[str, Fact]:
        return {fact.id: fact for fact in self.content.facts.facts}

    def has(self, key: str) -> bool:
        """Tell whether there is a text of that key."""
        return key in self._sources

    def keys_below(self, beginning: str) -> tuple[str, ...]:
        """Return the keys that begin so, in the order in which they are written."""
        return tuple(key for key in self._sources if key.startswith(beginning))

    def text(self, key: str) -> str:
        """Return the words of a key as they are shown; parameters stand as ‹name›."""
        channel = Channel.SMS if key.endswith("/sms") else self.channel
        filled = fill(
            told_to(self.whom, self._sources[key]), lambda fact: self._value(fact, channel)
        )
        shown = to_gsm7(filled) if channel is Channel.SMS else typeset(filled, SOURCE_LANGUAGE)
        return _PARAMETER.sub(r"‹\1›", shown)

    def line(self, key: str, name: str) -> Line:
        """Return a text with its name, and what it costs to send when it goes by text message."""
        text = self.text(key)
        return Line(key, name, text, _size(text) if self._is_sent(key) else None)

    def variants(self, key: str) -> Iterator[Line]:
        """Return a text with its short and its simple form, the one of the channel first."""
        base = key.removesuffix("text")
        order = ("sms", "text", "simpler") if self.channel is Channel.SMS else _VARIANTS
        for variant in order:
            if self.has(f"{base}{variant}"):
                yield self.line(f"{base}{variant}", _VARIANTS[variant])

    def _is_sent(self, key: str) -> bool:
        """Tell whether a text goes out by text message: the long form does when it stands alone."""
        if key.endswith("/sms"):
            return True
        if self.channel is not Channel.SMS or not key.endswith(("/text", "/simpler", "/retry")):
            return False
        return not (key.endswith("/text") and self.has(f"{key.removesuffix('text')}sms"))

    def _value(self, fact_id: str, channel: Channel) -> str:
        fact = self._facts[fact_id]
        return fact.sms if channel is Channel.SMS and fact.sms is not None else fact.value


def _size(text: str) -> str:
    size = count(to_gsm7(text))
    return f"{size.units} signes, {size.parts} SMS"
