"""The lines of the conversations, as they were shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, or_, select, update

from assistant.adapters.tables import ConversationRow, JsonObject, MessageRow, OutboxRow
from assistant.domain.delivery import DeliveryStatus
from assistant.domain.errors import NotFound
from assistant.domain.messages import Author, Link, Message, ShownChoice, Words
from assistant.flows.session_json import dump_instructions, load_instructions

_IN_THIS = MessageRow.conversation_id == bindparam("conversation")

_NEXT_SEQUENCE = (
    update(ConversationRow)
    .where(ConversationRow.id == bindparam("conversation"))
    .values(message_count=ConversationRow.message_count + 1)
    .returning(ConversationRow.message_count)
)
_ADD = insert(MessageRow)
_MESSAGE = select(
    MessageRow.id,
    MessageRow.sequence,
    MessageRow.author,
    MessageRow.kind,
    MessageRow.instruction,
    MessageRow.text,
    MessageRow.choices,
    MessageRow.links,
    MessageRow.language,
    MessageRow.created_at,
    MessageRow.turn_id,
).order_by(MessageRow.sequence)
_SHOWN = MessageRow.held.is_(False)
_ALL = _MESSAGE.where(_IN_THIS, _SHOWN)
_HELD = _MESSAGE.where(_IN_THIS, MessageRow.held.is_(True))
_DROP_HELD = delete(MessageRow).where(_IN_THIS, MessageRow.held.is_(True))
_PAGE_WAITS = select(
    or_(
        exists().where(_IN_THIS, MessageRow.held.is_(True)),
        exists().where(
            _IN_THIS,
            OutboxRow.message_id == MessageRow.id,
            OutboxRow.status == DeliveryStatus.HELD.value,
        ),
    )
)
_DELETE = delete(MessageRow).where(MessageRow.id == bindparam("message"))
_AFTER = _ALL.where(MessageRow.sequence > bindparam("sequence"))
_SEQUENCE = select(MessageRow.sequence).where(_IN_THIS, MessageRow.id == bindparam("message"))
_ANSWERS = _MESSAGE.where(MessageRow.turn_id == bindparam("turn"), _SHOWN)


class SqlMessages:
    """The messages of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def add(self, conversation_id: str, message: Message) -> Message:
        """Append a message (its sequence is given here) and return it as stored.

        Raises NotFound without such a conversation.
        """
        return self._keep(conversation_id, message, held=False)

    def hold(self, conversation_id: str, message: Message) -> None:
        """Keep a message out of sight, after those that are held already. Raises NotFound."""
        self._keep(conversation_id, message, held=True)

    def release(self, conversation_id: str) -> Sequence[Message]:
        """Take the held messages up to the next one that has choices, and hold them no more."""
        released: list[Message] = []
        for row in self._connection.execute(_HELD, {"conversation": conversation_id}).all():
            message = _message(row)
            self._connection.execute(_DELETE, {"message": message.id})
            released.append(message)
            if message.words.choices:
                break
        return released

    def page_waits(self, conversation_id: str) -> bool:
        """Tell whether a page of the last answer is held, here or on its way to a phone."""
        return self._connection.execute(_PAGE_WAITS, {"conversation": conversation_id}).scalar_one()

    def drop_held(self, conversation_id: str) -> None:
        """Forget the held messages: something else was said."""
        self._connection.execute(_DROP_HELD, {"conversation": conversation_id})

    def _keep(self, conversation_id: str, message: Message, *, held: bool) -> Message:
        stored = replace(message, sequence=self._next_sequence(conversation_id))
        instruction = stored.instruction
        self._connection.execute(
            _ADD,
            {
                "id": stored.id,
                "conversation_id": conversation_id,
                "turn_id": stored.in_reply_to,
                "sequence": stored.sequence,
                "author": stored.author.value,
                "kind": stored.kind,
                "key": None if instruction is None else instruction.key,
                "revision": None if instruction is None else instruction.revision,
                "instruction": (
                    None if instruction is None else dump_instructions((instruction,))[0]
                ),
                "text": stored.words.text,
                "choices": [{"id": each.id, "label": each.label} for each in stored.words.choices],
                "links": [{"label": each.label, "url": each.url} for each in stored.words.links],
                "language": stored.language,
                "created_at": stored.created_at,
                "held": held,
            },
        )
        return stored

    def after(self, conversation_id: str, message_id: str | None = None) -> Sequence[Message]:
        """List the messages after that one, or all. Raises NotFound for an unknown id."""
        if message_id is None:
            rows = self._connection.execute(_ALL, {"conversation": conversation_id})
        else:
            sequence = self._connection.execute(
                _SEQUENCE, {"conversation": conversation_id, "message": message_id}
            ).scalar_one_or_none()
            if sequence is None:
                raise NotFound(message_id)
            rows = self._connection.execute(
                _AFTER, {"conversation": conversation_id, "sequence": sequence}
            )
        return [_message(row) for row in rows]

    def answers_to(self, turn_id: str) -> Sequence[Message]:
        """List the messages that answer one turn."""
        return [_message(row) for row in self._connection.execute(_ANSWERS, {"turn": turn_id})]

    def _next_sequence(self, conversation_id: str) -> int:
        sequence = self._connection.execute(
            _NEXT_SEQUENCE, {"conversation": conversation_id}
        ).scalar_one_or_none()
        if sequence is None:
            raise NotFound(conversation_id)
        return sequence


def _message(row: Row[*tuple[Any, ...]]) -> Message:
    instruction: JsonObject | None = row.instruction
    choices: list[JsonObject] = row.choices
    links: list[JsonObject] = row.links
    created_at: datetime = row.created_at
    return Message(
        id=row.id,
        sequence=row.sequence,
        author=Author(row.author),
        kind=row.kind,
        instruction=None if instruction is None else load_instructions([instruction])[0],
        words=Words(
            text=row.text,
            choices=tuple(ShownChoice(str(each["id"]), str(each["label"])) for each in choices),
            links=tuple(Link(str(each["label"]), str(each["url"])) for each in links),
        ),
        language=row.language,
        created_at=created_at,
        in_reply_to=row.turn_id,
    )
