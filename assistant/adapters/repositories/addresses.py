"""The places to write to, and which conversation each one speaks in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from assistant.adapters.crypto import KeyedHash, Keys
from assistant.adapters.database import insert_either
from assistant.adapters.tables import AddressConversationRow, AddressRow
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel

_IN_THIS = (
    select(AddressRow.id)
    .join(AddressConversationRow, AddressConversationRow.address_id == AddressRow.id)
    .where(
        AddressRow.channel == bindparam("channel"),
        AddressConversationRow.conversation_id == bindparam("conversation"),
    )
    .limit(1)
)
_SPEAKS_IN = _IN_THIS.where(AddressConversationRow.until.is_(None)).order_by(
    AddressConversationRow.since.desc()
)
_LAST_IN = _IN_THIS.order_by(
    AddressConversationRow.until.is_(None).desc(), AddressConversationRow.since.desc()
)

_SPEAKS_AT = (
    select(AddressConversationRow.conversation_id)
    .join(AddressRow, AddressRow.id == AddressConversationRow.address_id)
    .where(
        AddressRow.channel == bindparam("channel"),
        AddressRow.address_hash == bindparam("hash"),
        AddressConversationRow.until.is_(None),
    )
)


def address_hash(hashing: KeyedHash, channel: Channel, address: str) -> str:
    """Return the keyed hash that an address is found by, in every table."""
    return hashing.of("address", channel.value, address)


class SqlAddresses:
    """The addresses of one transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        """Work in the transaction of that connection, with the keys that hash and seal."""
        self._connection = connection
        self._keys = keys

    def remember(self, channel: Channel, address: str, at: datetime) -> str:
        """Return the id of that address, kept sealed from now on if it was not known.

        Nobody else attaches or detaches it until the transaction ends.
        """
        hashed = address_hash(self._keys.hashing, channel, address)
        self._connection.execute(
            insert_either(self._connection, AddressRow)
            .values(
                id=str(uuid.uuid4()),
                channel=channel.value,
                address_hash=hashed,
                sealed_value=self._keys.sealing.seal(address),
                created_at=at,
            )
            .on_conflict_do_nothing(index_elements=["channel", "address_hash"])
        )
        return self._connection.execute(
            select(AddressRow.id)
            .where(AddressRow.channel == channel.value, AddressRow.address_hash == hashed)
            .with_for_update()
        ).scalar_one()

    def reveal(self, address_id: str) -> str:
        """Return the address in clear, to write to it. Raises NotFound."""
        sealed = self._connection.execute(
            select(AddressRow.sealed_value).where(AddressRow.id == address_id)
        ).scalar_one_or_none()
        if sealed is None:
            raise NotFound(address_id)
        return self._keys.sealing.open(sealed)

    def attach(self, address_id: str, conversation_id: str, at: datetime) -> None:
        """Let the address speak in that conversation from now on, and in no other."""
        self.detach(address_id, at)
        self._connection.execute(
            insert(AddressConversationRow).values(
                address_id=address_id, conversation_id=conversation_id, since=at, until=None
            )
        )

    def detach(self, address_id: str, at: datetime) -> None:
        """End the conversation that the address speaks in, if any."""
        self._connection.execute(
            update(AddressConversationRow)
            .where(
                AddressConversationRow.address_id == address_id,
                AddressConversationRow.until.is_(None),
            )
            .values(until=at)
        )

    def conversation_at(self, channel: Channel, address: str) -> str | None:
        """Return the conversation that the address speaks in now, or None."""
        hashed = address_hash(self._keys.hashing, channel, address)
        return self._connection.execute(
            _SPEAKS_AT, {"channel": channel.value, "hash": hashed}
        ).scalar_one_or_none()

    def of_conversation(self, channel: Channel, conversation_id: str) -> str | None:
        """Return the id of the address that speaks in a conversation now, or None.

        The latest when there are several.
        """
        here = {"channel": channel.value, "conversation": conversation_id}
        return self._connection.execute(_SPEAKS_IN, here).scalar_one_or_none()

    def last_in(self, channel: Channel, conversation_id: str) -> str | None:
        """Return the id of the address that speaks in a conversation, or of the last that did."""
        here = {"channel": channel.value, "conversation": conversation_id}
        return self._connection.execute(_LAST_IN, here).scalar_one_or_none()

    def conversations_of(self, address_id: str) -> Sequence[str]:
        """List the conversations that the address ever spoke in."""
        return list(
            self._connection.execute(
                select(AddressConversationRow.conversation_id)
                .where(AddressConversationRow.address_id == address_id)
                .distinct()
            ).scalars()
        )
