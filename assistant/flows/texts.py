"""Every text of a document with its key, for the catalogue and the translators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import singledispatch

from assistant.flows import keys
from assistant.flows.answer import AnswerDocument, GlossaryDocument
from assistant.flows.facts import FactsDocument
from assistant.flows.flow import AskStep, FlowDocument, WordedStep
from assistant.flows.letter import LetterDocument
from assistant.flows.needs import NeedsCatalogue
from assistant.flows.values import Document

VARIANTS = ("text", "sms", "simpler")


def texts(document: Document) -> Mapping[str, str]:
    """Return the texts of a document by key, in the order in which they are written."""
    return dict(_entries(document))


def synonyms(document: FlowDocument | GlossaryDocument) -> Mapping[str, tuple[str, ...]]:
    """Return what people also write for a label, by the key of the label."""
    if isinstance(document, GlossaryDocument):
        return {f"glossary/{term.id}/label": term.also for term in document.terms if term.also}
    return {
        keys.option_key(document.id, step.id, option_id): also
        for step in document.steps
        if isinstance(step, AskStep)
        for option_id, also in _also(step)
        if also
    }


def _also(step: AskStep) -> Iterator[tuple[str, tuple[str, ...]]]:
    for option in step.options:
        yield option.id, option.also
    for way in step.blocked.options if step.blocked else ():
        yield keys.way_out_id(way.id), way.also


@singledispatch
def _entries(document: Document) -> Iterator[tuple[str, str]]:
    raise TypeError(type(document).__name__)


@_entries.register
def _(document: FlowDocument) -> Iterator[tuple[str, str]]:
    slug = document.id
    yield keys.flow_key(slug, "title"), document.title
    yield keys.flow_key(slug, "summary"), document.summary
    for stage in document.stages:
        yield keys.stage_key(slug, stage.id), stage.title
    for number, thing in enumerate(document.bring, start=1):
        yield keys.bring_key(slug, number), thing
    for step in document.steps:
        if isinstance(step, WordedStep):
            for variant in VARIANTS:
                if text := getattr(step, variant):
                    yield keys.step_key(slug, step.id, variant), text
        if isinstance(step, AskStep):
            yield from _question(slug, step)


def _question(slug: str, step: AskStep) -> Iterator[tuple[str, str]]:
    for option in step.options:
        if option.label is not None:
            yield keys.option_key(slug, step.id, option.id), option.label
    if step.retry is not None:
        yield keys.step_key(slug, step.id, "retry"), step.retry
    if step.blocked is not None:
        for variant in VARIANTS:
            if text := getattr(step.blocked, variant):
                yield keys.blocked_key(slug, step.id, variant), text
        for way in step.blocked.options:
            yield keys.option_key(slug, step.id, keys.way_out_id(way.id)), way.label


@_entries.register
def _(document: AnswerDocument) -> Iterator[tuple[str, str]]:
    for variant in VARIANTS:
        if text := getattr(document, variant):
            yield f"answer/{document.id}/{variant}", text


@_entries.register
def _(document: GlossaryDocument) -> Iterator[tuple[str, str]]:
    for term in document.terms:
        yield f"glossary/{term.id}/label", term.label
        yield f"glossary/{term.id}/text", term.text
        if term.sms is not None:
            yield f"glossary/{term.id}/sms", term.sms


@_entries.register
def _(document: LetterDocument) -> Iterator[tuple[str, str]]:
    letter = document.id
    yield keys.letter_key(letter, "title"), document.title
    for number, line in enumerate(document.to, start=1):
        yield keys.letter_key(letter, f"to/{number}"), line
    yield keys.letter_key(letter, "subject"), document.subject
    yield keys.letter_key(letter, "text"), document.text


@_entries.register
def _(document: NeedsCatalogue) -> Iterator[tuple[str, str]]:
    for need_id, need in document.needs.items():
        yield f"need/{need_id}/label", need.label
        yield f"need/{need_id}/short", need.short


@_entries.register
def _(document: FactsDocument) -> Iterator[tuple[str, str]]:
    for fact in document.facts:
        yield f"fact/{fact.id}/value", fact.value
        if fact.sms is not None:
            yield f"fact/{fact.id}/sms", fact.sms
        if fact.link_label is not None:
            yield f"fact/{fact.id}/link_label", fact.link_label
