"""The words of every language, by key, and the one list of languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, Protocol

from assistant.domain.choices import load_lines
from assistant.domain.delivery import PhoneText
from assistant.domain.errors import ContentError, NotFound
from assistant.domain.found_places import load_places
from assistant.domain.letter import Blank, Letter
from assistant.domain.messages import (
    PROPER_NAME,
    Channel,
    Choice,
    Instruction,
    InstructionKind,
    Link,
    Manner,
    Page,
    ShownChoice,
    Words,
)
from assistant.domain.placeholders import fill, placeholders
from assistant.domain.whom import Whom, told_both_ways, told_to
from assistant.rendering import pages, sms
from assistant.rendering.choices import tell_lines
from assistant.rendering.guard import Alarms, Guard, Neutral
from assistant.rendering.letters import (
    DOTS_IN_A_TEXT_MESSAGE,
    LetterTexts,
    as_text,
    compose,
    page_of,
)
from assistant.rendering.places import tell_place, tell_places, tell_sent_place
from assistant.rendering.typography import typeset
from assistant.safety.approved import Approved, Sayable

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """A language that the product can speak, with its own name for itself."""

    code: str
    name: str
    direction: Direction = "ltr"


LANGUAGES: tuple[Language, ...] = (Language("fr", "Français"),)
"""The one list of languages, the default first; a language enters it with a full catalogue."""

SHORT = ".sms"
"""What follows the key of one of our own sentences where it has a form for text messages."""

PLACE_DETAILS = "interface/places.details"
PLACE_SENT = "interface/places.sent"
"""The key under which one place is told of alone, with all that is known of it."""

SOURCE_LANGUAGE = "fr"
"""The language that editors write in: the others translate it."""


class FactWords(Sayable, Protocol):
    """What may be said of a fact, and where it leads."""

    @property
    def id(self) -> str:
        """The name that placeholders call it by."""

    @property
    def link_label(self) -> str | None:
        """The words of the link."""


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
    published one. ``one_way_site`` is the address of the page, when the sender of our SMS is a name
    that nobody can answer. ``own_contacts`` are our own number and address, told beside
    those of the facts.
    """

    languages: tuple[str, ...]
    translations: Mapping[str, Translations]
    facts: Mapping[str, FactWords]
    texts_of: PinnedTexts
    synonyms_of: PinnedSynonyms
    one_way_site: str = ""
    own_contacts: tuple[str, ...] = ()
    alarms: Alarms = field(default_factory=Alarms)

    def say(self, instruction: Instruction, language: str, channel: Channel) -> Words:
        """Put an instruction into words. Raises ContentError for a key without words."""
        whom = instruction.whom
        source = told_to(whom, self._variant(instruction, language, channel))
        text = self._fill(source, language, channel)
        for name, value in instruction.params.items():
            text = text.replace(f"{{{name}}}", value)
        links = tuple(self._links(source, language, whom))
        if instruction.kind is InstructionKind.LETTER:
            template = instruction.params["template"]
            if channel is Channel.SMS:
                blank = as_text(self.letter(template, {}, language), DOTS_IN_A_TEXT_MESSAGE)
                text = f"{text}\n\n{blank}"
            else:
                label = self.interface("link.letter", language, whom)
                links = (*links, Link(label, page_of(template)))
        if instruction.kind is InstructionKind.PLACES:
            told, calls = self._places(instruction, language, channel)
            text, links = "\n".join(filter(None, (text, told))), (*links, *calls)
        if instruction.kind is InstructionKind.CHOICES:
            text = "\n".join((text, *self._lines(instruction, language, channel)))
        words = Words(
            text=text,
            choices=tuple(
                ShownChoice(choice.id, self.labels(choice, language, whom)[0])
                for choice in instruction.choices
            ),
            links=links,
        )
        return self._guard_of(instruction).words(
            instruction.key, words, self._neutral(language, channel)
        )

    def pages(
        self,
        instructions: Sequence[Instruction],
        language: str,
        channel: Channel,
        *,
        slowly: bool = False,
    ) -> Sequence[Page]:
        """Put the instructions of one answer into words, in pages when it is a long one.

        Raises ContentError for a key without words.
        """
        spoken = [(each, self.say(each, language, channel)) for each in instructions]
        if not slowly:
            return [Page(instruction, words) for instruction, words in spoken]
        more = ShownChoice("word/next", self.interface("choice.next", language))
        return list(pages.slowly(spoken, more))

    def text_messages(self, said: Sequence[Words], language: str) -> Sequence[PhoneText]:
        """Cut what is said at once into text messages; each but the last tells how to read on.

        From a sender whom nobody can answer there is one, without choices: its first page, and
        where to go on.
        """
        if self.one_way_site:
            return [self._one_way_text(said, language)]
        more = self.interface("sms.more", language)
        return [PhoneText(page, sms.count(page).parts) for page in sms.pages(said, more)]

    def labels(self, choice: Choice, language: str, whom: Whom) -> tuple[str, ...]:
        """Return the label of a choice as told to that reader, then all that means it too.

        Its other form is among them: somebody who helps may answer with the words of the person,
        and the person with the words of whoever helped before.
        """
        if choice.key.startswith(PROPER_NAME):
            return (choice.key.removeprefix(PROPER_NAME),)
        written = self._source(choice.key, choice.revision, language)
        told = dict.fromkeys((told_to(whom, written), *told_both_ways(written)))
        shown = tuple(self._fill(label, language, Channel.WEB) for label in told)
        if language != SOURCE_LANGUAGE or not choice.key.startswith("flow/"):
            return shown
        also = self.synonyms_of(document_of(choice.key), choice.revision).get(choice.key, ())
        return (*shown, *(form for synonym in also for form in told_both_ways(synonym)))

    def interface(self, key: str, language: str, whom: Whom = Whom.SELF, **params: object) -> str:
        """Return one of the assistant's own sentences. Raises ContentError when there is none."""
        words = self.translations[language].interface.get(key)
        if words is None:
            words = self.translations[SOURCE_LANGUAGE].interface.get(key)
        if words is None:
            raise ContentError(f"no words for interface/{key}")
        words = self._guarded(f"interface/{key}", told_to(whom, words), language)
        for name, value in params.items():
            words = words.replace(f"{{{name}}}", str(value))
        return self._fill(words, language, Channel.WEB)

    def letter(self, template: str, filled: Mapping[Blank, str], language: str) -> Letter:
        """Return a letter with what was given. Raises NotFound for one that nobody wrote."""
        prefix = f"letter/{template}/"
        named = [key for key in self.texts_of("letter", None) if key.startswith(prefix)]
        if not named:
            raise NotFound(template)

        def written(key: str) -> str:
            return self._fill(self.text(key, None, language), language, Channel.WEB)

        texts = LetterTexts(
            title=written(f"{prefix}title"),
            to=tuple(written(key) for key in named if key.startswith(f"{prefix}to/")),
            subject=written(f"{prefix}subject"),
            text=written(f"{prefix}text"),
        )
        return compose(texts, filled, lambda key: self.interface(key, language), language)

    def text(self, key: str, revision: str | None, language: str, whom: Whom = Whom.SELF) -> str:
        """Return the words of a key, with their placeholders. Raises ContentError."""
        return self._guarded(key, told_to(whom, self._source(key, revision, language)), language)

    def to_bring(
        self, flow: str, revision: str | None, language: str, whom: Whom = Whom.SELF
    ) -> tuple[str, ...]:
        """Return what to have at hand for a flow, one line for each thing."""
        return tuple(
            self._fill(self.text(key, revision, language, whom), language, Channel.WEB)
            for key in self.texts_of(f"flow/{flow}", revision)
            if key.startswith(f"flow/{flow}/bring/")
        )

    def stage_title(
        self,
        flow: str,
        revision: str | None,
        index: int,
        language: str,
        whom: Whom = Whom.SELF,
    ) -> str | None:
        """Return the title of the part of a flow that « étape ``index`` » names."""
        stages = [
            key
            for key in self.texts_of(f"flow/{flow}", revision)
            if key.startswith(f"flow/{flow}/stage/")
        ]
        if not 1 <= index <= len(stages):
            return None
        return self.text(stages[index - 1], revision, language, whom)

    @cached_property
    def guard(self) -> Guard:
        """What looks last at words: approved are the facts', and our own."""
        return Guard(Approved.by(self.facts.values(), self.own_contacts), self.alarms)

    def _guard_of(self, instruction: Instruction) -> Guard:
        """Return the guard, which lets through what the record of a shown place holds."""
        if instruction.kind is not InstructionKind.PLACES:
            return self.guard
        found = load_places(instruction.params)
        shown = (*found.places, *found.remote)
        texts = (
            text
            for each in shown
            for text in (each.name, each.address, each.hours_text, each.website, each.source)
        )
        approved = self.guard.approved.and_of((each.phone for each in shown), texts)
        return replace(self.guard, approved=approved)

    def _guarded(self, key: str, text: str, language: str) -> str:
        return self.guard.text(key, text, self._neutral(language, Channel.SMS).sentence)

    def _neutral(self, language: str, channel: Channel) -> Neutral:
        def words(key: str) -> str:
            found = self._find(key, None, language)
            return self._fill(found, language, channel) if found is not None else ""

        return Neutral(words("interface/held_back.sentence"), words("interface/held_back.label"))

    def _places(
        self, instruction: Instruction, language: str, channel: Channel
    ) -> tuple[str, tuple[Link, ...]]:
        """Return the words for the places that an instruction tells of."""

        def speak(key: str, **params: object) -> str:
            return self.interface(key, language, instruction.whom, **params)

        found = load_places(instruction.params)
        if instruction.key == PLACE_DETAILS and found.places:
            return tell_place(found.places[0], speak, language, channel)
        if instruction.key == PLACE_SENT and found.places:
            return tell_sent_place(found.places[0], speak, language), ()
        return tell_places(found, speak, language, channel)

    def _lines(self, instruction: Instruction, language: str, channel: Channel) -> Sequence[str]:
        """Return the words for the lines of a notebook that an instruction lists."""

        def speak(key: str, **params: object) -> str:
            return self.interface(key, language, instruction.whom, **params)

        return tell_lines(load_lines(instruction.params), speak, channel)

    def _one_way_text(self, said: Sequence[Words], language: str) -> PhoneText:
        foot = self.interface("sms.one_way", language, site=self.one_way_site)
        told = [replace(each, choices=()) for each in said]
        # It ends the text when all fits into it, and the first page when not.
        text = sms.pages([*told, Words(foot)], foot)[0]
        return PhoneText(text, sms.count(text).parts)

    def _variant(self, instruction: Instruction, language: str, channel: Channel) -> str:
        base, _, last = instruction.key.rpartition("/")
        if base == "interface":
            short = f"{instruction.key}{SHORT}"
            found = self._find(short, None, language) if channel is Channel.SMS else None
            if found is not None:
                return found
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
        return self._source(instruction.key, instruction.revision, language)

    def _source(self, key: str, revision: str | None, language: str) -> str:
        found = self._find(key, revision, language)
        if found is None:
            raise ContentError(f"no words for {key}")
        return found

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

    def _links(self, text: str, language: str, whom: Whom) -> list[Link]:
        links: list[Link] = []
        for fact_id in dict.fromkeys(placeholders(text)):
            fact = self._fact(fact_id)
            if fact.url is not None:
                label = fact.link_label or fact.value
                shown = self._translated(f"fact/{fact.id}/link_label", label, language)
                links.append(Link(told_to(whom, shown), fact.url))
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
