"""The words of every language, by key, and the one list of languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.domain.errors import ContentError
from assistant.domain.messages import (
    Channel,
    Choice,
    Instruction,
    Link,
    Manner,
    ShownChoice,
    Words,
)
from assistant.domain.placeholders import fill, placeholders
from assistant.rendering.typography import typeset

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """A language that the product can speak, with its own name for itself."""

    code: str
    name: str
    direction: Direction = "ltr"


LANGUAGES: tuple[Language, ...] = (Language("fr", "Français"),)
"""The one list of languages, the default first; a language enters it with a full catalogue."""

SOURCE_LANGUAGE = "fr"
"""The language that editors write in: the others translate it."""


class FactWords(Protocol):
    """What may be said of a fact, and where it leads."""

    @property
    def id(self) -> str:
        """The name that placeholders call it by."""

    @property
    def value(self) -> str:
        """The words put in place of the placeholder."""

    @property
    def sms(self) -> str | None:
        """Shorter words for a text message."""

    @property
    def url(self) -> str | None:
        """The address it leads to."""

    @property
    def link_label(self) -> str | None:
        """The words of the link."""

    @property
    def phone(self) -> str | None:
        """The number to call."""

    @property
    def text_to(self) -> str | None:
        """The number to send a text message to."""


PinnedTexts = Callable[[str, str | None], Mapping[str, str]]
PinnedSynonyms = Callable[[str, str | None], Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Translations:
    """One language: the assistant's own sentences by key, and the content's by key and source."""

    interface: Mapping[str, str]
    content: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Catalogue:
    """Puts keys into words; it never decides what to say.

    ``texts_of`` and ``synonyms_of`` give the source texts of the document that a key belongs to
    (``flow/<slug>``, ``answer/<need>``, ``glossary``, ``need``), in a pinned revision or the
    published one.
    """

    languages: tuple[str, ...]
    translations: Mapping[str, Translations]
    facts: Mapping[str, FactWords]
    texts_of: PinnedTexts
    synonyms_of: PinnedSynonyms

    def say(self, instruction: Instruction, language: str, channel: Channel) -> Words:
        """Put an instruction into words. Raises ContentError for a key without words."""
        source = self._variant(instruction, language, channel)
        text = self._fill(source, language, channel)
        for name, value in instruction.params.items():
            text = text.replace(f"{{{name}}}", value)
        return Words(
            text=text,
            choices=tuple(
                ShownChoice(choice.id, self.labels(choice, language)[0])
                for choice in instruction.choices
            ),
            links=tuple(self._links(source, language)),
        )

    def labels(self, choice: Choice, language: str) -> tuple[str, ...]:
        """Return the label of a choice, then what people also write for it."""
        label = self._fill(self.text(choice.key, choice.revision, language), language, Channel.WEB)
        if language != SOURCE_LANGUAGE or not choice.key.startswith("flow/"):
            return (label,)
        also = self.synonyms_of(document_of(choice.key), choice.revision)
        return (label, *also.get(choice.key, ()))

    def interface(self, key: str, language: str, **params: object) -> str:
        """Return one of the assistant's own sentences. Raises ContentError when there is none."""
        words = self.translations[language].interface.get(key)
        if words is None:
            words = self.translations[SOURCE_LANGUAGE].interface.get(key)
        if words is None:
            raise ContentError(f"no words for interface/{key}")
        for name, value in params.items():
            words = words.replace(f"{{{name}}}", str(value))
        return self._fill(words, language, Channel.WEB)

    def text(self, key: str, revision: str | None, language: str) -> str:
        """Return the words of a key, with their placeholders. Raises ContentError."""
        found = self._find(key, revision, language)
        if found is None:
            raise ContentError(f"no words for {key}")
        return found

    def stage_title(self, flow: str, revision: str | None, index: int, language: str) -> str | None:
        """Return the title of the part of a flow that « étape ``index`` » names."""
        stages = [
            key
            for key in self.texts_of(f"flow/{flow}", revision)
            if key.startswith(f"flow/{flow}/stage/")
        ]
        if not 1 <= index <= len(stages):
            return None
        return self.text(stages[index - 1], revision, language)

    def _variant(self, instruction: Instruction, language: str, channel: Channel) -> str:
        base, _, last = instruction.key.rpartition("/")
        if last == "text":
            wanted = []
            if channel is Channel.SMS:
                wanted.append("sms")
            if instruction.manner is Manner.SIMPLER:
                wanted.insert(0, "simpler")
            for variant in wanted:
                found = self._find(f"{base}/{variant}", instruction.revision, language)
                if found is not None:
                    return found
        return self.text(instruction.key, instruction.revision, language)

    def _find(self, key: str, revision: str | None, language: str) -> str | None:
        if key.startswith("interface/"):
            name = key.removeprefix("interface/")
            return self.translations[language].interface.get(name) or self.translations[
                SOURCE_LANGUAGE
            ].interface.get(name)
        source = self.texts_of(document_of(key), revision).get(key)
        if source is None or language == SOURCE_LANGUAGE:
            return source
        return self.translations[language].content.get((key, source), source)

    def _fill(self, text: str, language: str, channel: Channel) -> str:
        def value_of(fact_id: str) -> str:
            fact = self._fact(fact_id)
            if channel is Channel.SMS and fact.sms is not None:
                return self._translated(f"fact/{fact.id}/sms", fact.sms, language)
            return self._translated(f"fact/{fact.id}/value", fact.value, language)

        filled = fill(text, value_of)
        return typeset(filled, language) if channel is Channel.WEB else filled

    def _links(self, text: str, language: str) -> list[Link]:
        links: list[Link] = []
        for fact_id in dict.fromkeys(placeholders(text)):
            fact = self._fact(fact_id)
            if fact.url is not None:
                label = fact.link_label or fact.value
                shown = self._translated(f"fact/{fact.id}/link_label", label, language)
                links.append(Link(shown, fact.url))
            elif fact.phone is not None:
                label = self.interface("link.call", language, number=fact.value)
                links.append(Link(label, f"tel:{fact.phone}"))
            elif fact.text_to is not None:
                label = self.interface("link.write", language, number=fact.value)
                links.append(Link(label, f"sms:{fact.text_to}"))
        return links

    def _translated(self, key: str, source: str, language: str) -> str:
        if language == SOURCE_LANGUAGE:
            return source
        return self.translations[language].content.get((key, source), source)

    def _fact(self, fact_id: str) -> FactWords:
        fact = self.facts.get(fact_id)
        if fact is None:
            raise ContentError(f"no fact {fact_id}")
        return fact


def document_of(key: str) -> str:
    """Return the document that a key belongs to, as ``flow/<slug>`` or ``answer/<need>``."""
    space, _, rest = key.partition("/")
    return f"{space}/{rest.split('/', 1)[0]}" if space in {"flow", "answer"} else space


def direction_of(language: str) -> Direction:
    """Return the way a language is written; an unknown one is taken for left to right."""
    return next((each.direction for each in LANGUAGES if each.code == language), "ltr")
