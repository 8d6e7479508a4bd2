"""The SMS on their way out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from assistant.adapters.column_types import UtcDateTime
from assistant.adapters.tables import AddressConversationRow, AddressRow, OutboxRow
from assistant.domain.delivery import (
    LOST,
    STAGES,
    Accepted,
    DeliveryReport,
    DeliveryStatus,
    Outgoing,
    PhoneText,
    advanced,
)
from assistant.domain.errors import NotFound
from assistant.services.sms.ports import Spent

# What the carrier never took costs nothing.
_NOT_LEFT = (
    DeliveryStatus.HELD.value,
    DeliveryStatus.QUEUED.value,
    DeliveryStatus.CANCELLED.value,
    DeliveryStatus.DEAD.value,
)

# What belongs to no conversation and no erasure: sent to one person at the wish of another.
_FOR_SOMEBODY = and_(OutboxRow.message_id.is_(None), OutboxRow.started_by_us.is_(True))

_NOW = bindparam("now", type_=UtcDateTime())
_THIS = OutboxRow.id == bindparam("outgoing")

_EARLIER = aliased(OutboxRow)
# One message after the other for each address; a reminder for tomorrow holds up no answer today.
_AN_EARLIER_ONE_WAITS = exists(
    select(_EARLIER.id).where(
        _EARLIER.address_id == OutboxRow.address_id,
        _EARLIER.sequence < OutboxRow.sequence,
        _EARLIER.status == DeliveryStatus.QUEUED.value,
        _EARLIER.not_before <= _NOW,
    )
)
_CAN_LEAVE = (
    OutboxRow.status == DeliveryStatus.QUEUED.value,
    OutboxRow.send_after <= _NOW,
    or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until <= _NOW),
    ~_AN_EARLIER_ONE_WAITS,
)
_COLUMNS = (
    OutboxRow.id,
    OutboxRow.address_id,
    OutboxRow.text,
    OutboxRow.parts,
    OutboxRow.started_by_us,
    OutboxRow.although_stopped,
    OutboxRow.status,
    OutboxRow.attempts,
    OutboxRow.external_id,
    OutboxRow.provider_status,
    OutboxRow.error_code,
    OutboxRow.not_before,
    OutboxRow.send_after,
    OutboxRow.created_at,
)
_DUE = (
    select(OutboxRow.id)
    .where(*_CAN_LEAVE)
    .order_by(OutboxRow.send_after, OutboxRow.sequence)
    .limit(bindparam("at_most"))
)
_LEASE = (
    update(OutboxRow)
    .where(_THIS, *_CAN_LEAVE)
    .values(
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        attempts=OutboxRow.attempts + 1,
    )
    .returning(*_COLUMNS)
)
_GET = select(*_COLUMNS).where(_THIS).with_for_update()


# What will never leave again by itself.
_ENDED = sorted({*LOST, DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.CANCELLED})


class SqlOutbox:
    """The outgoing SMS of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def put(
        self,
        address_id: str,
        message_id: str | None,
        texts: Sequence[PhoneText],
        now: datetime,
        *,
        not_before: datetime | None = None,
        started_by_us: bool = False,
        although_stopped: bool = False,
        page_by_page: bool = False,
    ) -> None:
        """Let texts leave for an address, one after the other, once the transaction is kept.

        ``page_by_page`` lets the first one leave; each of the others waits for ``release``.
        Raises NotFound without such an address.
        """
        # Whoever else writes to this address waits: the sequence has neither holes nor doubles.
        known = self._connection.execute(
            select(AddressRow.id).where(AddressRow.id == address_id).with_for_update()
        ).one_or_none()
        if known is None:
            raise NotFound(address_id)
        last: int = self._connection.execute(
            select(func.coalesce(func.max(OutboxRow.sequence), 0)).where(
                OutboxRow.address_id == address_id
            )
        ).scalar_one()
        if texts:
            moment = not_before or now
            queued, held = DeliveryStatus.QUEUED, DeliveryStatus.HELD
            self._connection.execute(
                insert(OutboxRow),
                [
                    {
                        "id": str(uuid.uuid4()),
                        "message_id": message_id,
                        "address_id": address_id,
                        "sequence": sequence,
                        "text": each.text,
                        "parts": each.parts,
                        "started_by_us": started_by_us,
                        "although_stopped": although_stopped,
                        "status": status.value,
                        "stage": STAGES[status],
                        "attempts": 0,
                        "not_before": moment,
                        "send_after": moment,
                        "created_at": now,
                        "updated_at": now,
                    }
                    for sequence, each in enumerate(texts, start=last + 1)
                    for status in [held if page_by_page and sequence > last + 1 else queued]
                ],
            )

    def holds(self, address_id: str) -> bool:
        """Tell whether a page waits for ``release``."""
        held = exists().where(
            OutboxRow.address_id == address_id, OutboxRow.status == DeliveryStatus.HELD.value
        )
        return self._connection.execute(select(held)).scalar_one()

    def release(self, address_id: str, now: datetime) -> bool:
        """Let the next page leave; False when none is held."""
        next_page = (
            select(func.min(OutboxRow.sequence))
            .where(
                OutboxRow.address_id == address_id, OutboxRow.status == DeliveryStatus.HELD.value
            )
            .scalar_subquery()
        )
        released = self._connection.execute(
            update(OutboxRow)
            .where(OutboxRow.address_id == address_id, OutboxRow.sequence == next_page)
            .values(
                status=DeliveryStatus.QUEUED.value, not_before=now, send_after=now, updated_at=now
            )
        )
        return released.rowcount == 1

    def drop_held(self, address_id: str) -> None:
        """Forget the pages that nobody asked for: something else was said."""
        self._connection.execute(
            delete(OutboxRow).where(
                OutboxRow.address_id == address_id, OutboxRow.status == DeliveryStatus.HELD.value
            )
        )

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List what can leave now: for each address the first of those whose moment has come."""
        return list(self._connection.execute(_DUE, {"now": now, "at_most": at_most}).scalars())

    def lease(
        self, outgoing_id: str, owner: str, now: datetime, until: datetime
    ) -> Outgoing | None:
        """Take one that can leave now, and count the try; None when somebody else has it."""
        row = self._connection.execute(
            _LEASE, {"outgoing": outgoing_id, "owner": owner, "now": now, "until": until}
        ).one_or_none()
        return None if row is None else _outgoing(row)

    def get(self, outgoing_id: str) -> Outgoing:
        """Return one, which nobody else changes until the transaction ends. Raises NotFound."""
        row = self._connection.execute(_GET, {"outgoing": outgoing_id}).one_or_none()
        if row is None:
            raise NotFound(outgoing_id)
        return _outgoing(row)

    def accepted(self, outgoing_id: str, accepted: Accepted, now: datetime) -> None:
        """Write down that the carrier has it. Raises NotFound."""
        known = self.get(outgoing_id)
        self._move(
            known,
            accepted.status,
            now,
            {
                "external_id": known.external_id or accepted.external_id,
                "provider_status": known.provider_status or accepted.raw,
            },
        )

    def end(
        self,
        outgoing_id: str,
        owner: str,
        status: DeliveryStatus,
        code: int | None,
        now: datetime,
    ) -> None:
        """Write down that it will not leave (failed, dead or cancelled)."""
        self._give_back(
            outgoing_id,
            owner,
            {
                "status": status.value,
                "stage": STAGES[status],
                "error_code": code,
                "updated_at": now,
            },
        )

    def try_again(
        self, outgoing_id: str, owner: str, code: int | None, at: datetime, now: datetime
    ) -> None:
        """Write down that a try failed, and when the next one is."""
        self._give_back(
            outgoing_id, owner, {"send_after": at, "error_code": code, "updated_at": now}
        )

    def hasten(self, now: datetime) -> None:
        """Let all that waits for its next try leave now: the carrier is back."""
        self._connection.execute(
            update(OutboxRow)
            .where(
                OutboxRow.status == DeliveryStatus.QUEUED.value,
                OutboxRow.attempts > 0,
                OutboxRow.not_before <= now,
                OutboxRow.send_after > now,
            )
            .values(send_after=now, updated_at=now)
        )

    def postpone(self, outgoing_id: str, owner: str, until: datetime, now: datetime) -> None:
        """Give back one that may not leave yet; it does not count as a try."""
        self._give_back(
            outgoing_id,
            owner,
            {
                # Both moments: what waits for the morning holds up no answer of tonight.
                "not_before": until,
                "send_after": until,
                "attempts": OutboxRow.attempts - 1,
                "updated_at": now,
            },
        )

    def report(self, report: DeliveryReport, now: datetime) -> Outgoing | None:
        """Move a message on as the carrier says, never back; None when it is not ours any more."""
        try:
            known = self.get(report.outgoing_id)
        except NotFound:
            return None
        if known.external_id not in {None, report.external_id}:
            # It left twice (see SendOutbox): the first of the two is the one that is followed.
            return known
        reported = report.status or known.status
        moves = STAGES[reported] > STAGES[known.status]
        self._move(
            known,
            reported,
            now,
            {
                "external_id": report.external_id,
                "provider_status": (
                    report.raw if moves or report.status is None else known.provider_status
                ),
                "error_code": report.error_code or known.error_code,
            },
        )
        return self.get(report.outgoing_id)

    def spent(self, address_id: str, since: datetime) -> Spent:
        """Count what was written for an address since that moment and has left."""
        messages, parts = self._connection.execute(
            select(func.count(), func.coalesce(func.sum(OutboxRow.parts), 0)).where(
                OutboxRow.address_id == address_id,
                OutboxRow.not_before >= since,
                OutboxRow.status.not_in(_NOT_LEFT),
            )
        ).one()
        return Spent(messages, parts)

    def answered_at(self, address_id: str, since: datetime) -> Sequence[datetime]:
        """List when an address was answered since that moment, in order: what we start is none.

        The pages of one answer count once.
        """
        return list(
            self._connection.execute(
                select(OutboxRow.created_at)
                .distinct()
                .where(
                    OutboxRow.address_id == address_id,
                    OutboxRow.created_at >= since,
                    OutboxRow.started_by_us.is_(False),
                )
                .order_by(OutboxRow.created_at)
            ).scalars()
        )

    def lost(self, at_most: int) -> Sequence[Outgoing]:
        """List the messages that nobody got, the latest first."""
        rows = self._connection.execute(
            select(*_COLUMNS)
            .where(OutboxRow.status.in_(sorted(LOST)), OutboxRow.text != "")
            .order_by(OutboxRow.updated_at.desc())
            .limit(at_most)
        )
        return [_outgoing(row) for row in rows]

    def count_lost(self, since: datetime) -> int:
        """Count the messages that nobody got, of which that was known since that moment."""
        return self._connection.execute(
            select(func.count()).where(
                OutboxRow.status.in_(sorted(LOST)), OutboxRow.updated_at >= since
            )
        ).scalar_one()

    def replay(self, outgoing_id: str, now: datetime) -> None:
        """Let the words of a lost message leave again, as a new one. Raises NotFound.

        The lost one keeps its id at the carrier, under which late reports and an erasure find it.
        """
        lost = self._connection.execute(
            update(OutboxRow)
            .where(
                OutboxRow.id == outgoing_id,
                OutboxRow.status.in_(sorted(LOST)),
                OutboxRow.text != "",
            )
            .values(status=DeliveryStatus.CANCELLED.value, updated_at=now)
            .returning(
                OutboxRow.address_id,
                OutboxRow.message_id,
                OutboxRow.text,
                OutboxRow.parts,
                OutboxRow.started_by_us,
                OutboxRow.although_stopped,
            )
        ).one_or_none()
        if lost is None:
            raise NotFound(outgoing_id)
        self.put(
            lost.address_id,
            lost.message_id,
            (PhoneText(lost.text, lost.parts),),
            now,
            started_by_us=lost.started_by_us,
            although_stopped=lost.although_stopped,
        )

    def asked_for(self, since: datetime, address_id: str | None = None) -> int:
        """Count what somebody else had sent since that moment, to an address or to all."""
        to_it = () if address_id is None else (OutboxRow.address_id == address_id,)
        return self._connection.execute(
            select(func.count()).where(_FOR_SOMEBODY, OutboxRow.created_at >= since, *to_it)
        ).scalar_one()

    def forget_words(self, before: datetime) -> int:
        """Empty what ended before that moment; its status and the carrier's id stay."""
        return self._connection.execute(
            update(OutboxRow)
            .where(
                OutboxRow.status.in_(_ENDED),
                OutboxRow.updated_at < before,
                OutboxRow.text != "",
            )
            .values(text="")
        ).rowcount

    def forget_last_words(self, before: datetime, asked_before: datetime) -> Sequence[str]:
        """Delete what belongs to no conversation and has ended, and addresses that nothing needs.

        A last word after an erasure goes when it ended before the first moment, what somebody had
        sent when it ended before the second. Returns the carrier's ids of what it has of them.
        """
        over = or_(
            and_(OutboxRow.started_by_us.is_(False), OutboxRow.updated_at < before),
            and_(OutboxRow.started_by_us.is_(True), OutboxRow.updated_at < asked_before),
        )
        ended = self._connection.execute(
            delete(OutboxRow)
            .where(
                OutboxRow.message_id.is_(None),
                OutboxRow.status != DeliveryStatus.QUEUED.value,
                over,
            )
            .returning(OutboxRow.external_id)
        ).all()
        self._connection.execute(
            delete(AddressRow).where(
                AddressRow.created_at < before,
                ~exists().where(AddressConversationRow.address_id == AddressRow.id),
                ~exists().where(OutboxRow.address_id == AddressRow.id),
            )
        )
        return [row.external_id for row in ended if row.external_id is not None]

    def _move(
        self, known: Outgoing, to: DeliveryStatus, now: datetime, more: Mapping[str, object]
    ) -> None:
        status = advanced(known.status, to)
        self._change(
            known.id,
            {
                **more,
                "status": status.value,
                "stage": STAGES[status],
                "lease_owner": None,
                "lease_until": None,
                "updated_at": now,
            },
        )

    def _change(self, outgoing_id: str, values: Mapping[str, object]) -> None:
        self._connection.execute(
            update(OutboxRow).where(OutboxRow.id == outgoing_id).values(**values)
        )

    def _give_back(self, outgoing_id: str, owner: str, values: Mapping[str, object]) -> None:
        """Change what somebody holds, unless a report told meanwhile that it has left."""
        self._connection.execute(
            update(OutboxRow)
            .where(
                OutboxRow.id == outgoing_id,
                OutboxRow.lease_owner == owner,
                OutboxRow.status == DeliveryStatus.QUEUED.value,
            )
            .values(**values, lease_owner=None, lease_until=None)
        )


def _outgoing(row: Row[*tuple[Any, ...]]) -> Outgoing:
    return Outgoing(
        id=row.id,
        address_id=row.address_id,
        text=row.text,
        parts=row.parts,
        started_by_us=row.started_by_us,
        although_stopped=row.although_stopped,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        external_id=row.external_id,
        provider_status=row.provider_status,
        error_code=row.error_code,
        not_before=row.not_before,
        send_after=row.send_after,
        created_at=row.created_at,
    )
