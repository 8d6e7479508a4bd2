"""The codes that open a conversation on another device, and the wrong ones that were tried."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select

from assistant.adapters.crypto import KeyedHash
from assistant.adapters.tables import ResumeCodeRow, ResumeTryRow


class SqlResumeCodes:
    """The resume codes of one transaction; neither codes nor places are kept in clear."""

    def __init__(self, connection: Connection, hashing: KeyedHash) -> None:
        """Work in the transaction of that connection, with the key that hashes codes."""
        self._connection = connection
        self._hashing = hashing

    def give(self, conversation_id: str, digits: str, expires_at: datetime) -> None:
        """Keep the one code of a conversation."""
        self._connection.execute(
            delete(ResumeCodeRow).where(ResumeCodeRow.conversation_id == conversation_id)
        )
        self._connection.execute(
            insert(ResumeCodeRow).values(
                code_hash=self._code(digits),
                conversation_id=conversation_id,
                expires_at=expires_at,
            )
        )

    def exists(self, digits: str) -> bool:
        """Tell whether that code is given out."""
        return self._connection.execute(
            select(exists().where(ResumeCodeRow.code_hash == self._code(digits)))
        ).scalar_one()

    def use(self, digits: str, now: datetime) -> str | None:
        """Delete a code and return the conversation that it opened, None when it opens nothing."""
        return self._connection.execute(
            delete(ResumeCodeRow)
            .where(
                ResumeCodeRow.code_hash == self._code(digits),
                ResumeCodeRow.expires_at > now,
            )
            .returning(ResumeCodeRow.conversation_id)
        ).scalar_one_or_none()

    def tries(self, tried_by: str, since: datetime) -> tuple[int, int]:
        """Count the wrong codes since that moment: from that place, and from everywhere."""
        place = self._place(tried_by)
        mine, all_of_them = self._connection.execute(
            select(
                func.count().filter(ResumeTryRow.tried_by == place),
                func.count(),
            ).where(ResumeTryRow.at > since)
        ).one()
        return mine, all_of_them

    def note_try(self, tried_by: str, at: datetime) -> None:
        """Remember a wrong code."""
        self._connection.execute(
            insert(ResumeTryRow).values(id=str(uuid.uuid4()), tried_by=self._place(tried_by), at=at)
        )

    def forget(self, now: datetime, tries_before: datetime) -> int:
        """Delete the codes whose time is over and the tries that no longer count."""
        codes = self._connection.execute(
            delete(ResumeCodeRow).where(ResumeCodeRow.expires_at <= now)
        )
        tries = self._connection.execute(
            delete(ResumeTryRow).where(ResumeTryRow.at <= tries_before)
        )
        return codes.rowcount + tries.rowcount

    def _code(self, digits: str) -> str:
        return self._hashing.of("resume-code", digits)

    def _place(self, tried_by: str) -> str:
        return self._hashing.of("resume-try", tried_by)
