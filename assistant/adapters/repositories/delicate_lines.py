"""The lines about a delicate subject, erased for good while their conversation goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, false, or_, select

from assistant.adapters.repositories.erasure import Erasure
from assistant.adapters.tables import MessageRow, OutboxRow
from assistant.domain.delivery import DeliveryStatus

_ON_ITS_WAY = (DeliveryStatus.QUEUED.value, DeliveryStatus.SENDING.value)


class SqlDelicateLines:
    """The delicate lines of one transaction."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._erasure = erasure

    def conversations(self, slugs: Sequence[str], before: datetime) -> Sequence[str]:
        """List the conversations that told of one of these flows or needs before that moment."""
        told = [
            MessageRow.key.startswith(f"{space}/{slug}/", autoescape=True)
            for slug in slugs
            for space in ("flow", "answer")
        ]
        return list(
            self._connection.execute(
                select(MessageRow.conversation_id)
                .where(MessageRow.created_at < before, or_(false(), *told))
                .distinct()
                .order_by(MessageRow.conversation_id)
            ).scalars()
        )

    def are_leaving(self, message_ids: Sequence[str]) -> bool:
        """Tell whether one of these lines is still on its way to a phone."""
        return self._connection.execute(
            select(
                exists().where(
                    OutboxRow.message_id.in_(message_ids), OutboxRow.status.in_(_ON_ITS_WAY)
                )
            )
        ).scalar_one()

    def erase(self, conversation_id: str, message_ids: Sequence[str], at: datetime) -> None:
        """Delete these lines, and empty the messages and decisions that they came from."""
        self._erasure.erase_lines(conversation_id, message_ids, at)
