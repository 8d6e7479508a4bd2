"""Handing one SMS to the carrier: at most one at a time for each address, tried until it is told.

What is written down before the call is the lease; what the carrier answered, after it. Between its
answer and our commit lies the one window in which a crash may send an SMS twice. It is closed by
the carrier's own report, which names our id, when that arrives within ``LEASE``: the message is
then known to have left. Beyond that it is sent again, because one too many is better than one that
never came.

A carrier that does not answer three calls in a row is left alone but for one call every half
minute. The first that it takes lets all leave that waited for their next try.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.delivery import (
    Accepted,
    DeliveryStatus,
    Outgoing,
    RefusalKind,
    Refused,
    is_too_late,
    next_try,
)
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.domain.sending import is_within_budget, local_midnight, moment_to_send
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.sms.ports import Breaker, SmsCarrier

log = logging.getLogger(__name__)

# The carrier has ten seconds to answer; the rest is for its report to tell that it has left.
LEASE = timedelta(minutes=2)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SendOutbox:
    """Sends what is next in line; it may be called by many processes at once, and again.

    ``parts_per_day`` is what one address may cost in a day of its own time zone.
    """

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    carrier: SmsCarrier
    breaker: Breaker
    parts_per_day: int
    clock: Clock
    chance: Callable[[], float]

    def due(self, at_most: int) -> Sequence[str]:
        """List what can leave now, the first of each address; while the carrier rests, one."""
        with self.open_reading() as work:
            rows = work.outbox.due(self.clock.now(), at_most)
        if not rows or not self.breaker.allows():
            return []
        return rows[:1] if self.breaker.is_open else rows

    def __call__(self, outgoing_id: str) -> None:
        """Send one, if it can leave now and nobody else has it."""
        owner = uuid.uuid4().hex
        taken = self._take(outgoing_id, owner)
        if taken is None:
            return
        outgoing, number = taken
        answer = self.carrier.send(outgoing.id, number, outgoing.text)
        is_back = self._tell_breaker(answer)
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            if isinstance(answer, Accepted):
                _note_accepted(work, outgoing.id, answer, now)
            else:
                self._note_refused(work, outgoing, number, owner, answer, now)
            if is_back:
                work.outbox.hasten(now)
            work.commit()

    def _tell_breaker(self, answer: Accepted | Refused) -> bool:
        """Note how the carrier is, and tell whether it has just come back."""
        if isinstance(answer, Refused) and answer.kind is RefusalKind.TRANSIENT:
            self.breaker.failed()
            if answer.wait is not None:
                self.breaker.rest(answer.wait)
            return False
        is_back = self.breaker.is_open
        self.breaker.succeeded()
        return is_back

    def _take(self, outgoing_id: str, owner: str) -> tuple[Outgoing, str] | None:
        """Return the message and the number it goes to, None when it does not leave now."""
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            outgoing = work.outbox.lease(outgoing_id, owner, now, now + LEASE)
            if outgoing is None:
                return None
            number = work.addresses.reveal(outgoing.address_id)
            leaves_at = self._leaves_at(work, outgoing, number, now)
            if leaves_at is None:
                work.outbox.end(outgoing.id, owner, DeliveryStatus.CANCELLED, None, now)
            elif is_too_late(outgoing, now):
                log.error("SMS %s is given up: it is too late for it", outgoing.id)
                work.outbox.end(outgoing.id, owner, DeliveryStatus.DEAD, None, now)
                leaves_at = None
            elif leaves_at > now:
                work.outbox.postpone(outgoing.id, owner, leaves_at, now)
            work.commit()
        return (outgoing, number) if leaves_at is not None and leaves_at <= now else None

    def _leaves_at(
        self, work: UnitOfWork, outgoing: Outgoing, number: str, now: datetime
    ) -> datetime | None:
        if outgoing.although_stopped:
            return now
        if work.suppressions.reason(Channel.SMS, number) is not None:
            return None
        today = local_midnight(now, number)
        spent = work.outbox.spent(outgoing.address_id, today)
        if is_within_budget(spent.parts, outgoing.parts, self.parts_per_day):
            return moment_to_send(now, number, started_by_us=outgoing.started_by_us)
        if outgoing.started_by_us:
            return moment_to_send(today + A_DAY, number, started_by_us=True)
        # An answer of yesterday is no answer; whoever runs the service must know that it happens.
        log.error("SMS %s is cancelled: its address has had its budget for today", outgoing.id)
        return None

    def _note_refused(
        self,
        work: UnitOfWork,
        outgoing: Outgoing,
        number: str,
        owner: str,
        refused: Refused,
        now: datetime,
    ) -> None:
        if refused.kind is RefusalKind.TRANSIENT:
            again_at = next_try(outgoing.attempts, now, self.chance())
            if not is_too_late(outgoing, again_at):
                work.outbox.try_again(outgoing.id, owner, refused.code, again_at, now)
                return
            log.error("SMS %s is given up after %d tries", outgoing.id, outgoing.attempts)
            work.outbox.end(outgoing.id, owner, DeliveryStatus.DEAD, refused.code, now)
            return
        if refused.kind is RefusalKind.OPTED_OUT:
            work.suppressions.add(Channel.SMS, number, SuppressionReason.STOP, now)
        log.warning("SMS %s is refused: code %s", outgoing.id, refused.code)
        work.outbox.end(outgoing.id, owner, DeliveryStatus.FAILED, refused.code, now)


def _note_accepted(work: UnitOfWork, outgoing_id: str, accepted: Accepted, now: datetime) -> None:
    try:
        work.outbox.accepted(outgoing_id, accepted, now)
    except NotFound:
        # Erased while it left: what the carrier has of it goes too.
        work.carrier_copies.add(accepted.external_id, now)
