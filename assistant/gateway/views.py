"""The conversation as the templates show it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.domain.messages import Author, Link, Message, ShownChoice
from assistant.rendering.catalogue import Catalogue, Direction, direction_of
from assistant.rendering.web import Block, blocks
from assistant.services.dialogue.universal_words import Word

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"

# The page itself says it above every conversation; the message is for the other channels.
_SAID_BY_THE_PAGE = frozenset({"interface/welcome.program"})
_ASIDE = frozenset(f"word/{word}" for word in (Word.STUCK, Word.HUMAN, Word.MENU))


@dataclass(frozen=True)
class ChoiceView:
    """A button."""

    id: str
    label: str
    style: str


@dataclass(frozen=True)
class StepView:
    """« Étape 2 sur 6 », with the name of the part."""

    flow: str
    id: str
    index: int
    count: int
    title: str | None


@dataclass(frozen=True)
class MessageView:
    """A line of the page."""

    id: str
    author: str
    kind: str
    paragraphs: tuple[Block, ...]
    choices: tuple[ChoiceView, ...]
    links: tuple[Link, ...]
    step: StepView | None
    language: str
    direction: Direction
    time: str
    chosen: str | None


def message_views(messages: Sequence[Message], catalogue: Catalogue) -> list[MessageView]:
    """Return the messages as the page shows them, without what the page says by itself."""
    following = [*messages[1:], None]
    return [
        _view(message, after, catalogue)
        for message, after in zip(messages, following, strict=True)
        if message.instruction is None or message.instruction.key not in _SAID_BY_THE_PAGE
    ]


def live_message(messages: Sequence[Message]) -> str | None:
    """Return the id of the message whose choices can be picked now."""
    return next((each.id for each in reversed(messages) if each.words.choices), None)


def environment() -> Environment:
    """Return the template environment: everything escaped, nothing undefined."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset_digest() -> str:
    """Return a short hash of the static files, so that each may be cached for ever.

    One for all of them: a script names another by a relative address.
    """
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file."""
    return f"/static/{asset_digest()}/{name}"


def _view(message: Message, after: Message | None, catalogue: Catalogue) -> MessageView:
    instruction = message.instruction
    ref = instruction.step if instruction is not None else None
    step = None
    if instruction is not None and ref is not None:
        title = catalogue.stage_title(
            ref.flow, instruction.revision, ref.index, message.language, instruction.whom
        )
        step = StepView(ref.flow, ref.id, ref.index, ref.count, title)
    return MessageView(
        id=message.id,
        author=message.author,
        kind=message.kind,
        paragraphs=blocks(message.words.text),
        choices=tuple(_choice(choice) for choice in message.words.choices),
        links=message.words.links,
        step=step,
        language=message.language,
        direction=direction_of(message.language),
        time=message.created_at.isoformat(),
        chosen=_chosen(message.words.choices, after),
    )


def _choice(choice: ShownChoice) -> ChoiceView:
    return ChoiceView(choice.id, choice.label, "aside" if choice.id in _ASIDE else "main")


def _chosen(choices: Sequence[ShownChoice], after: Message | None) -> str | None:
    if after is None or after.author is not Author.CITIZEN:
        return None
    return next((each.id for each in choices if each.label == after.words.text), None)
