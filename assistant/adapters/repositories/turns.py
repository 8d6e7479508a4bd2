"""The inbound messages, in order, each with its lease and its outcome."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Row,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from assistant.adapters.column_types import UtcDateTime
from assistant.adapters.database import locks_rows
from assistant.adapters.repositories.erasure import Erasure
from assistant.adapters.tables import ConversationRow, InboundRow, TurnRow
from assistant.domain.errors import Conflict, NotFound
from assistant.domain.messages import Channel, Inbound, Instruction
from assistant.domain.turn import SILENT, Decider, Turn
from assistant.flows.session_json import dump_instructions, load_instructions
from assistant.services.ports.turns import Beat, Said, Warned

_THIS = InboundRow.id == bindparam("turn")
_NOW = bindparam("now", type_=UtcDateTime())

_TURN = select(
    InboundRow.id,
    InboundRow.conversation_id,
    InboundRow.sequence,
    InboundRow.channel,
    InboundRow.external_id,
    InboundRow.fingerprint,
    InboundRow.text,
    InboundRow.choice,
    InboundRow.masked,
    InboundRow.received_at,
    InboundRow.lease_owner,
    InboundRow.lease_until,
    InboundRow.rendered,
    TurnRow.closed_by,
    TurnRow.action,
    TurnRow.instructions,
).outerjoin_from(InboundRow, TurnRow, TurnRow.id == InboundRow.id)
_GET = _TURN.where(_THIS)
_EXISTS = select(exists().where(_THIS))
_FIND = _TURN.where(
    InboundRow.channel == bindparam("channel"),
    InboundRow.scope == bindparam("scope"),
    InboundRow.external_id == bindparam("external_id"),
)
_UNFINISHED = _TURN.where(
    InboundRow.rendered.is_(False),
    or_(InboundRow.lease_until.is_(None), InboundRow.lease_until <= _NOW),
).order_by(InboundRow.received_at, InboundRow.sequence)

# The first unfinished turn of each conversation; somebody who wrote a thousand messages costs one.
_FIRST = (
    select(InboundRow.conversation_id, func.min(InboundRow.sequence).label("sequence"))
    .where(InboundRow.rendered.is_(False))
    .group_by(InboundRow.conversation_id)
    .subquery()
)
_DUE = (
    select(InboundRow.id)
    .join(
        _FIRST,
        and_(
            _FIRST.c.conversation_id == InboundRow.conversation_id,
            _FIRST.c.sequence == InboundRow.sequence,
        ),
    )
    .where(or_(InboundRow.lease_until.is_(None), InboundRow.lease_until <= _NOW))
    .order_by(InboundRow.received_at)
    .limit(bindparam("at_most"))
)

_NEXT_SEQUENCE = (
    update(ConversationRow)
    .where(ConversationRow.id == bindparam("conversation"))
    .values(inbound_count=ConversationRow.inbound_count + 1)
    .returning(ConversationRow.inbound_count)
)
_OPEN = insert(InboundRow)

_EARLIER = aliased(InboundRow)
_AN_EARLIER_ONE_IS_BUSY = exists(
    select(_EARLIER.id)
    .outerjoin_from(_EARLIER, TurnRow, TurnRow.id == _EARLIER.id)
    .where(
        _EARLIER.conversation_id == InboundRow.conversation_id,
        _EARLIER.sequence < InboundRow.sequence,
        _EARLIER.rendered.is_(False),
        or_(TurnRow.id.is_(None), _EARLIER.lease_until > _NOW),
    )
)
_LEASE = (
    update(InboundRow)
    .where(
        _THIS,
        InboundRow.rendered.is_(False),
        or_(
            InboundRow.lease_until.is_(None),
            InboundRow.lease_until <= _NOW,
            InboundRow.lease_owner == bindparam("owner"),
        ),
        ~_AN_EARLIER_ONE_IS_BUSY,
    )
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
)

_CONVERSATION_OF_THIS = (
    select(ConversationRow.id)
    .join_from(InboundRow, ConversationRow, ConversationRow.id == InboundRow.conversation_id)
    .where(_THIS)
    .with_for_update(of=ConversationRow, key_share=True)
)
_DECISION = _CONVERSATION_OF_THIS.with_only_columns(
    InboundRow.id,
    bindparam("by", type_=String),
    bindparam("decided", type_=String),
    bindparam("told", type_=JSON),
    ConversationRow.state,
)
_DECIDED = ["id", "closed_by", "action", "instructions", "state"]
_CLOSE = {
    dialect: insert_into(TurnRow)
    .from_select(_DECIDED, _DECISION)
    .on_conflict_do_nothing()
    .returning(TurnRow.id)
    for dialect, insert_into in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_MARK_RENDERED = (
    update(InboundRow)
    .where(_THIS, InboundRow.rendered.is_(False))
    .values(rendered=True, lease_owner=None, lease_until=None)
)


# The latest first, so that the limit keeps them; one row too many costs nothing.
_BEATS = (
    select(InboundRow.received_at, TurnRow.closed_by, TurnRow.instructions)
    .outerjoin_from(InboundRow, TurnRow, TurnRow.id == InboundRow.id)
    .where(
        InboundRow.conversation_id == bindparam("conversation"),
        InboundRow.sequence < bindparam("sequence"),
        InboundRow.channel == bindparam("channel"),
    )
    .order_by(InboundRow.sequence.desc())
    .limit(bindparam("at_most"))
)


_CAME_AS = select(InboundRow.received_at).where(
    InboundRow.conversation_id == bindparam("conversation"),
    InboundRow.sequence == bindparam("sequence"),
)
_WARNED = (
    select(InboundRow.received_at, InboundRow.fingerprint)
    .join_from(InboundRow, TurnRow, TurnRow.id == InboundRow.id)
    .where(
        InboundRow.conversation_id == bindparam("conversation"),
        InboundRow.sequence < bindparam("sequence"),
        InboundRow.channel == bindparam("channel"),
        TurnRow.closed_by == Decider.DANGER.value,
        TurnRow.action != SILENT,
    )
    .order_by(InboundRow.sequence.desc())
    .limit(bindparam("at_most"))
)
_LOCK_CONVERSATION = (
    select(ConversationRow.id)
    .where(ConversationRow.id == bindparam("conversation"))
    .with_for_update(key_share=True)
)
_SAID_SINCE = (
    select(InboundRow.id, InboundRow.text)
    .where(
        InboundRow.conversation_id == bindparam("conversation"),
        InboundRow.received_at >= bindparam("since", type_=UtcDateTime()),
        InboundRow.text != "",
    )
    .order_by(InboundRow.sequence.desc())
    .limit(bindparam("at_most"))
)


class SqlTurns:
    """The turns of one transaction."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._erasure = erasure

    def find(self, conversation_id: str, channel: Channel, external_id: str) -> Turn | None:
        """Return the turn of a message already received by that id, if any."""
        row = self._connection.execute(
            _FIND,
            {
                "channel": channel.value,
                "scope": _scope(channel, conversation_id),
                "external_id": external_id,
            },
        ).one_or_none()
        return None if row is None else _turn(row)

    def was_erased(self, channel: Channel, external_id: str) -> bool:
        """Tell whether this message belonged to a conversation that was erased."""
        return self._erasure.was_erased(channel, external_id)

    def open(self, conversation_id: str, inbound: Inbound) -> Turn:
        """Store an inbound message as the last turn of its conversation.

        Raises NotFound without such a conversation, and Conflict when the same message was stored
        since ``find`` was asked: the transaction is then lost, and ``find`` will return its turn.
        """
        turn = Turn(
            id=str(uuid.uuid4()),
            conversation_id=conversation_id,
            order=self._next_sequence(conversation_id),
            inbound=inbound,
        )
        try:
            self._connection.execute(
                _OPEN,
                {
                    "id": turn.id,
                    "conversation_id": conversation_id,
                    "sequence": turn.order,
                    "channel": inbound.channel.value,
                    "scope": _scope(inbound.channel, conversation_id),
                    "external_id": inbound.external_id,
                    "fingerprint": inbound.fingerprint,
                    "text": inbound.text,
                    "choice": inbound.choice,
                    "masked": list(inbound.masked),
                    "received_at": inbound.received_at,
                    "rendered": False,
                },
            )
        except IntegrityError:
            # The driver's message quotes the whole row: it must not travel with ours.
            raise Conflict(inbound.external_id) from None
        return turn

    def get(self, turn_id: str) -> Turn:
        """Return a turn. Raises NotFound."""
        row = self._connection.execute(_GET, {"turn": turn_id}).one_or_none()
        if row is None:
            raise NotFound(turn_id)
        return _turn(row)

    def exists(self, turn_id: str) -> bool:
        """Tell whether a turn is there: an erasure takes them with it."""
        return self._connection.execute(_EXISTS, {"turn": turn_id}).scalar_one()

    def lease(self, turn_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the turn for a while, or take it longer.

        Refused when nothing is left to do, while somebody else's lease runs, while an earlier turn
        of the conversation is open, and while the answer to an earlier one is being put into words.
        """
        taken = self._connection.execute(
            _LEASE, {"turn": turn_id, "owner": owner, "now": now, "until": until}
        )
        return taken.rowcount == 1

    def close(
        self, turn_id: str, by: Decider, action: str, instructions: tuple[Instruction, ...]
    ) -> bool:
        """Record the decision; False when somebody closed it first, and nothing changes then.

        The state of the conversation is kept as the decision found it, so it comes before
        ``save_state``. Raises NotFound.
        """
        closed = self._connection.execute(
            _CLOSE[self._connection.dialect.name],
            {
                "turn": turn_id,
                "by": by.value,
                "decided": action,
                "told": dump_instructions(instructions),
            },
        )
        return closed.one_or_none() is not None or self._came_second(turn_id)

    def mark_rendered(self, turn_id: str) -> bool:
        """Note that its messages are stored; False when they already were. Raises NotFound."""
        if locks_rows(self._connection):
            self._connection.execute(_CONVERSATION_OF_THIS, {"turn": turn_id})
        marked = self._connection.execute(_MARK_RENDERED, {"turn": turn_id})
        return marked.rowcount == 1 or self._came_second(turn_id)

    def beats(self, turn: Turn, at_most: int) -> Sequence[Beat]:
        """List the messages that came before, by the same channel, the oldest first."""
        rows = self._connection.execute(
            _BEATS,
            {
                "conversation": turn.conversation_id,
                "sequence": turn.order,
                "channel": turn.inbound.channel.value,
                "at_most": at_most,
            },
        ).all()
        return [
            Beat(
                row.received_at,
                is_answered=bool(row.instructions),
                is_silenced=row.closed_by == Decider.LOOP.value,
            )
            for row in reversed(rows)
        ]

    def warned(self, turn: Turn, at_most: int) -> Sequence[Warned]:
        """List the last messages before it, by the same channel, whose danger was answered."""
        rows = self._connection.execute(
            _WARNED,
            {
                "conversation": turn.conversation_id,
                "sequence": turn.order,
                "channel": turn.inbound.channel.value,
                "at_most": at_most,
            },
        )
        return [Warned(row.received_at, row.fingerprint) for row in rows]

    def came_before(self, turn: Turn, back: int) -> datetime | None:
        """Return when the message so many before this one came, None if there were fewer."""
        if turn.order <= back:
            return None
        return self._connection.execute(
            _CAME_AS, {"conversation": turn.conversation_id, "sequence": turn.order - back}
        ).scalar_one_or_none()

    def unfinished(self, now: datetime) -> Sequence[Turn]:
        """List the turns that are open or not rendered and that nobody holds any more.

        Those of one conversation come in their order, which is the only one they can be taken in.
        """
        return [_turn(row) for row in self._connection.execute(_UNFINISHED, {"now": now})]

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the turns that can be worked on now: the first unfinished one of a conversation."""
        return list(self._connection.execute(_DUE, {"now": now, "at_most": at_most}).scalars())

    def received_at(self, conversation_id: str, since: datetime) -> Sequence[datetime]:
        """List when its messages came in since that moment, in order."""
        return list(
            self._connection.execute(
                select(InboundRow.received_at)
                .where(
                    InboundRow.conversation_id == conversation_id, InboundRow.received_at >= since
                )
                .order_by(InboundRow.sequence)
            ).scalars()
        )

    def said_since(self, conversation_id: str, since: datetime, at_most: int) -> Sequence[Said]:
        """List the last messages written since that moment, in every channel, the oldest first.

        Nobody stores another one until the transaction ends.
        """
        if locks_rows(self._connection):
            self._connection.execute(_LOCK_CONVERSATION, {"conversation": conversation_id})
        rows = self._connection.execute(
            _SAID_SINCE, {"conversation": conversation_id, "since": since, "at_most": at_most}
        ).all()
        return [Said(row.id, row.text) for row in reversed(rows)]

    def _next_sequence(self, conversation_id: str) -> int:
        sequence = self._connection.execute(
            _NEXT_SEQUENCE, {"conversation": conversation_id}
        ).scalar_one_or_none()
        if sequence is None:
            raise NotFound(conversation_id)
        return sequence

    def _came_second(self, turn_id: str) -> bool:
        self.get(turn_id)
        return False


def _scope(channel: Channel, conversation_id: str) -> str:
    return conversation_id if channel is Channel.WEB else ""


def _turn(row: Row[*tuple[Any, ...]]) -> Turn:
    closed_by: str | None = row.closed_by
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        order=row.sequence,
        inbound=Inbound(
            channel=Channel(row.channel),
            external_id=row.external_id,
            fingerprint=row.fingerprint,
            text=row.text,
            choice=row.choice,
            masked=tuple(row.masked),
            received_at=row.received_at,
        ),
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        closed_by=None if closed_by is None else Decider(closed_by),
        action=row.action,
        instructions=() if closed_by is None else load_instructions(row.instructions),
        rendered=row.rendered,
    )
