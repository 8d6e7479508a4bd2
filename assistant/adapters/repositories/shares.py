"""The conversations that somebody else may read, each with the code that opens it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update

from assistant.adapters.crypto import KeyedHash
from assistant.adapters.database import insert_either
from assistant.adapters.tables import ShareRow


class SqlShares:
    """The shared conversations of one transaction; no code is kept in clear."""

    def __init__(self, connection: Connection, hashing: KeyedHash) -> None:
        """Work in the transaction of that connection, with the key that hashes codes."""
        self._connection = connection
        self._hashing = hashing

    def give(
        self, conversation_id: str, digits: str, code_until: datetime, until: datetime
    ) -> None:
        """Keep the one code of a conversation; whoever read it with another one reads no more."""
        values = {
            "code_hash": self._code(digits),
            "code_until": code_until,
            "token_hash": None,
            "until": until,
        }
        self._connection.execute(
            insert_either(self._connection, ShareRow)
            .values(conversation_id=conversation_id, **values)
            .on_conflict_do_update(index_elements=["conversation_id"], set_=values)
        )

    def exists(self, digits: str) -> bool:
        """Tell whether that code is given out."""
        return self._connection.execute(
            select(exists().where(ShareRow.code_hash == self._code(digits)))
        ).scalar_one()

    def use(self, digits: str, token_hash: str, now: datetime) -> str | None:
        """Use a code up: from now on that token reads its conversation; None for a wrong code."""
        return self._connection.execute(
            update(ShareRow)
            .where(ShareRow.code_hash == self._code(digits), ShareRow.code_until > now)
            .values(code_hash=None, token_hash=token_hash)
            .returning(ShareRow.conversation_id)
        ).scalar_one_or_none()

    def read_by(self, token_hash: str, now: datetime) -> str | None:
        """Return the conversation that a token reads, None when it reads nothing any more."""
        return self._connection.execute(
            select(ShareRow.conversation_id).where(
                ShareRow.token_hash == token_hash, ShareRow.until > now
            )
        ).scalar_one_or_none()

    def end(self, conversation_id: str) -> None:
        """Let nobody else read a conversation any more."""
        self._connection.execute(
            delete(ShareRow).where(ShareRow.conversation_id == conversation_id)
        )

    def forget(self, now: datetime) -> int:
        """Delete those whose time is over; return how many."""
        return self._connection.execute(delete(ShareRow).where(ShareRow.until <= now)).rowcount

    def _code(self, digits: str) -> str:
        return self._hashing.of("share-code", digits)
