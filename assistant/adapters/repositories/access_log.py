"""Who read or changed what, for the citizen to see."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Connection, insert

from assistant.adapters.tables import AccessLogRow


class SqlAccessLog:
    """The access log of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def record(self, actor: str, conversation_id: str, act: str, at: datetime) -> None:
        """Note one access."""
        self._connection.execute(
            insert(AccessLogRow).values(
                id=str(uuid.uuid4()),
                conversation_id=conversation_id,
                actor=actor,
                act=act,
                at=at,
            )
        )
