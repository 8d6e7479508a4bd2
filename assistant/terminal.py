"""The product in a terminal: a conversation to try, and the texts of a flow to read."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from assistant import bootstrap, preparation
from assistant.adapters.content_files import load_content
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.errors import EngineUnavailable, InvalidInput
from assistant.domain.messages import (
    Channel,
    Choice,
    Instruction,
    InstructionKind,
    Manner,
    Message,
    StepRef,
)
from assistant.domain.whom import Whom, told_to
from assistant.flows import keys
from assistant.flows.document import AskStep, FlowDocument, WordedStep
from assistant.flows.engine import PinnedFlow
from assistant.rendering.catalogue import SOURCE_LANGUAGE
from assistant.services.receive_message import Received
from assistant.services.understand import Understand

Say = Callable[[str], None]
NEED = "need/"
LEAVE = frozenset({"quitter", "exit", "quit"})


def talk(flow: str | None, lines: TextIO, say: Say) -> None:
    """Hold a conversation over lines of text, on a database that is thrown away.

    Rasa is not needed: the keyword engine answers. Raises NotFound for an unknown flow.
    """
    with tempfile.TemporaryDirectory() as folder:
        assistant = _throw_away(Path(folder))
        try:
            _talk(assistant, flow, lines, say)
        finally:
            assistant.close()


def preview(flow: str, channel: Channel, whom: Whom, say: Say) -> None:
    """Print every text of a flow, as the channel shows it to that reader. Raises NotFound."""
    with tempfile.TemporaryDirectory() as folder:
        assistant = _throw_away(Path(folder))
        try:
            pinned = assistant.library.flow(flow)
            for line in _preview(assistant, pinned, channel, whom):
                say(line)
        finally:
            assistant.close()


class Sentence(BaseModel):
    """One line of ``assistant understand``."""

    model_config = ConfigDict(extra="ignore")
    text: str
    language: str = SOURCE_LANGUAGE


def understand_lines(
    lines: Iterable[bytes], understand: Understand
) -> Iterator[Mapping[str, object]]:
    """Answer each JSON line by one; a line that cannot be read gets an ``error`` in its place."""
    for line in lines:
        if not line.strip():
            continue
        try:
            sentence = Sentence.model_validate_json(line)
            yield understand(sentence.text, sentence.language).as_json()
        except ValidationError:
            yield {"error": 'une ligne JSON avec "text" est attendue'}
        except EngineUnavailable:
            yield {"error": "Rasa n'a pas répondu"}


def _throw_away(folder: Path) -> Assistant:
    settings = Settings(
        data_dir=folder, database_url="", secret_keys=SecretStr("only for this conversation " * 2)
    )
    content = load_content()
    preparation.prepare_database(settings, content)
    return bootstrap.build(settings, content=content)


def _talk(assistant: Assistant, flow: str | None, lines: Iterable[str], say: Say) -> None:
    if flow is not None:
        assistant.library.flow(flow)
    opened = assistant.conversations.open(SOURCE_LANGUAGE)
    conversation_id = opened.conversation.id
    shown: Sequence[Message] = opened.messages
    if flow is not None:
        # A flow that the welcome does not offer is asked for by its own words.
        need = assistant.library.flow(flow).document.need
        label = assistant.catalogue.text(f"{NEED}{need}/label", None, SOURCE_LANGUAGE)
        shown = assistant.receive(_said(conversation_id, label))
    _print(shown, say)
    for line in lines:
        text = line.strip()
        if text.lower() in LEAVE:
            return
        try:
            _print(assistant.receive(_said(conversation_id, text)), say)
        except InvalidInput as error:
            say(f"({type(error).__name__}: {error})")


def _said(conversation_id: str, text: str) -> Received:
    return Received(conversation_id, Channel.WEB, str(uuid.uuid4()), text, None)


def _print(messages: Sequence[Message], say: Say) -> None:
    for message in messages:
        step = message.instruction.step if message.instruction is not None else None
        if step is not None:
            say(f"\n[étape {step.index} sur {step.count} · {step.flow}/{step.id}]")
        say(message.words.text)
        for number, choice in enumerate(message.words.choices, start=1):
            say(f"  {number}. {choice.label}")
        for link in message.words.links:
            say(f"  -> {link.label} : {link.url}")


def _preview(
    assistant: Assistant, pinned: PinnedFlow, channel: Channel, whom: Whom
) -> Iterable[str]:
    document, revision = pinned.document, pinned.revision
    yield f"{told_to(whom, document.title)} ({document.id}, révision {revision})"
    things = assistant.catalogue.to_bring(document.id, revision, SOURCE_LANGUAGE, whom)
    yield from (f"à apporter : {thing}" for thing in things)
    for step in document.steps:
        if not isinstance(step, WordedStep):
            continue
        number = document.stage_number(step.id)
        yield f"\n== {step.id} · {step.kind} · étape {number} sur {len(document.stages) or 1}"
        choices = _choices(document, step, revision)
        asked = Instruction(
            InstructionKind.ASK,
            keys.step_key(document.id, step.id),
            revision=revision,
            choices=choices,
            step=StepRef(document.id, step.id, number, len(document.stages) or 1),
            whom=whom,
        )
        yield from _texts(assistant, asked, channel, "")
        if isinstance(step, AskStep) and step.blocked is not None:
            blocked = Instruction(
                InstructionKind.ASK,
                keys.blocked_key(document.id, step.id),
                revision=revision,
                choices=tuple(
                    Choice(
                        way.id,
                        keys.option_key(document.id, step.id, keys.way_out_id(way.id)),
                        revision,
                    )
                    for way in step.blocked.options
                ),
                whom=whom,
            )
            yield from _texts(assistant, blocked, channel, "bloqué")


def _choices(document: FlowDocument, step: WordedStep, revision: str) -> tuple[Choice, ...]:
    if not isinstance(step, AskStep):
        return ()
    return tuple(
        Choice(option.id, keys.option_key(document.id, step.id, option.id), revision)
        for option in step.options
        if option.label is not None
    )


def _texts(
    assistant: Assistant, instruction: Instruction, channel: Channel, name: str
) -> Iterable[str]:
    for manner in Manner:
        asked = replace(instruction, manner=manner)
        words = assistant.catalogue.say(asked, SOURCE_LANGUAGE, channel)
        title = " · ".join(part for part in (name, manner.value) if part)
        yield f"-- {title} ({len(words.text)} caractères)"
        yield words.text
        if manner is Manner.PLAIN:
            yield from (
                f"  {number}. {choice.label}"
                for number, choice in enumerate(words.choices, start=1)
            )
