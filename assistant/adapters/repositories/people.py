"""The people whom a conversation belongs to, once there is a reason to tell them apart."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from assistant.adapters.tables import ConversationRow, PersonRow
from assistant.domain.errors import NotFound


class SqlPeople:
    """The people of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def of_conversation(self, conversation_id: str) -> str | None:
        """Return the person of a conversation, None while it is anonymous. Raises NotFound."""
        row = self._connection.execute(
            select(ConversationRow.person_id)
            .where(ConversationRow.id == conversation_id)
            .with_for_update(key_share=True)
        ).one_or_none()
        if row is None:
            raise NotFound(conversation_id)
        person_id: str | None = row.person_id
        return person_id

    def recognise(self, conversation_id: str, at: datetime) -> str:
        """Return the person of a conversation, known from now on. Raises NotFound."""
        known = self.of_conversation(conversation_id)
        if known is not None:
            return known
        person_id = str(uuid.uuid4())
        self._connection.execute(insert(PersonRow).values(id=person_id, created_at=at))
        self.join(conversation_id, person_id)
        return person_id

    def join(self, conversation_id: str, person_id: str) -> None:
        """Let a conversation belong to a person already known. Raises NotFound."""
        joined = self._connection.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(person_id=person_id)
        )
        if joined.rowcount == 0:
            raise NotFound(conversation_id)
