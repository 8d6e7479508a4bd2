"""The texts of the content one by one, each with the place an editor will look for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch

from assistant.flows.answer import AnswerDocument, GlossaryDocument
from assistant.flows.facts import FactsDocument
from assistant.flows.flow import AskStep, FlowDocument, Option, WayOut, WordedStep
from assistant.flows.letter import LetterDocument
from assistant.flows.needs import NeedsCatalogue
from assistant.flows.structure import flow_file
from assistant.flows.values import Document

GLOSSARY_FILE = "glossary.yml"
FACTS_FILE = "facts.yml"
NEEDS_FILE = "needs.yml"


class Variant(StrEnum):
    """Which telling of a text this is."""

    TEXT = "text"
    SMS = "sms"
    SIMPLER = "simpler"
    RETRY = "retry"
    LABEL = "label"


@dataclass(frozen=True)
class Passage:
    """One text, where it stands, and the words for that place (« étape « a », « sms » »)."""

    file: str
    step: str | None
    place: str
    variant: Variant
    text: str


@dataclass(frozen=True)
class Telling:
    """The same thing told as a text, for a text message and more simply."""

    file: str
    step: str | None
    place: str
    text: str
    sms: str | None
    simpler: str | None
    wants_simpler: bool = True

    def passages(self) -> Iterator[Passage]:
        """List the tellings that are written."""
        for variant in (Variant.TEXT, Variant.SMS, Variant.SIMPLER):
            text = getattr(self, variant)
            if text is not None:
                place = ", ".join(part for part in (self.place, f"« {variant} »") if part)
                yield Passage(self.file, self.step, place, variant, text)


def answer_file(need: str) -> str:
    """Return the name of an answer's file inside the content folder."""
    return f"answers/{need}.yml"


def letter_file(letter: str) -> str:
    """Return the name of a letter's file inside the content folder."""
    return f"letters/{letter}.yml"


@singledispatch
def tellings(_document: Document) -> Iterator[Telling]:
    """List what a document tells."""
    yield from ()


@singledispatch
def labels(_document: Document) -> Iterator[Passage]:
    """List the short texts of a document: titles, options, retry words, values."""
    yield from ()


def passages(document: Document) -> Iterator[Passage]:
    """List every text of a document."""
    for telling in tellings(document):
        yield from telling.passages()
    yield from labels(document)


@tellings.register
def _(document: FlowDocument) -> Iterator[Telling]:
    file = flow_file(document.id)
    for step in document.steps:
        place = f"étape « {step.id} »"
        if isinstance(step, WordedStep):
            yield Telling(file, step.id, place, step.text, step.sms, step.simpler)
        if isinstance(step, AskStep) and (stuck := step.blocked) is not None:
            place = f"{place}, « blocked »"
            yield Telling(file, step.id, place, stuck.text, stuck.sms, stuck.simpler)


@labels.register
def _(document: FlowDocument) -> Iterator[Passage]:
    file = flow_file(document.id)
    yield Passage(file, None, "« title »", Variant.LABEL, document.title)
    yield Passage(file, None, "« summary »", Variant.LABEL, document.summary)
    for stage in document.stages:
        yield Passage(file, None, f"partie « {stage.id} »", Variant.LABEL, stage.title)
    for number, thing in enumerate(document.bring, start=1):
        yield Passage(file, None, f"« bring », ligne {number}", Variant.LABEL, thing)
    for step in document.steps:
        if not isinstance(step, AskStep):
            continue
        place = f"étape « {step.id} »"
        if step.retry is not None:
            yield Passage(file, step.id, f"{place}, « retry »", Variant.RETRY, step.retry)
        ways = step.blocked.options if step.blocked else ()
        offered: tuple[Option | WayOut, ...] = (*step.options, *ways)
        for option in offered:
            if option.label is not None:
                where = f"{place}, option « {option.id} »"
                yield Passage(file, step.id, where, Variant.LABEL, option.label)


@tellings.register
def _(document: AnswerDocument) -> Iterator[Telling]:
    file = answer_file(document.id)
    yield Telling(file, None, "", document.text, document.sms, document.simpler)


@tellings.register
def _(document: GlossaryDocument) -> Iterator[Telling]:
    for term in document.terms:
        place = f"mot « {term.id} »"
        yield Telling(GLOSSARY_FILE, None, place, term.text, term.sms, None, wants_simpler=False)


@labels.register
def _(document: GlossaryDocument) -> Iterator[Passage]:
    for term in document.terms:
        yield Passage(GLOSSARY_FILE, None, f"mot « {term.id} »", Variant.LABEL, term.label)


@labels.register
def _(document: LetterDocument) -> Iterator[Passage]:
    file = letter_file(document.id)
    yield Passage(file, None, "« title »", Variant.LABEL, document.title)
    for number, line in enumerate(document.to, start=1):
        yield Passage(file, None, f"« to », ligne {number}", Variant.LABEL, line)
    yield Passage(file, None, "« subject »", Variant.LABEL, document.subject)
    yield Passage(file, None, "« text »", Variant.TEXT, document.text)


@labels.register
def _(document: NeedsCatalogue) -> Iterator[Passage]:
    for need_id, need in document.needs.items():
        place = f"besoin « {need_id} »"
        yield Passage(NEEDS_FILE, None, f"{place}, « label »", Variant.LABEL, need.label)
        yield Passage(NEEDS_FILE, None, f"{place}, « short »", Variant.LABEL, need.short)


@labels.register
def _(document: FactsDocument) -> Iterator[Passage]:
    for fact in document.facts:
        if fact.link_label is not None:
            place = f"fait « {fact.id} », « link_label »"
            yield Passage(FACTS_FILE, None, place, Variant.LABEL, fact.link_label)
