"""What the carrier says of the SMS that it took, and what it still has of those we erased."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.delivery import DeliveryReport, Outgoing
from assistant.domain.messages import Channel
from assistant.domain.retention import WINDOWS, Kind
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork
from assistant.services.sms.ports import SmsCarrier

log = logging.getLogger(__name__)

# From two minutes, doubled at each try, to a day: the carrier may need two weeks to let go of a
# message (https://www.twilio.com/docs/api/errors/20009).
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(days=1)
# The time of one request, and of a crash in the middle of it.
ASKING = timedelta(minutes=1)
LAST_WORDS_KEPT = WINDOWS[Kind.LAST_WORDS].lasts
# What somebody had sent is counted for a day, so that nobody is written to again and again.
ASKED_FOR_KEPT = WINDOWS[Kind.SENT_FOR_OTHER].lasts
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RecordDelivery:
    """Moves an outgoing SMS forward; a report that comes late or twice changes nothing."""

    open_unit_of_work: OpenUnitOfWork
    clock: Clock
    opted_out_codes: frozenset[int]

    def __call__(self, report: DeliveryReport) -> Outgoing | None:
        """Return the message as it is now, None when it is not ours any more."""
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            outgoing = work.outbox.report(report, now)
            if outgoing is None:
                # Erased since: whatever the carrier still has of it goes.
                work.carrier_copies.add(report.external_id, now)
            elif outgoing.external_id != report.external_id:
                # It left twice (see SendOutbox): nobody follows the second one.
                work.carrier_copies.add(report.external_id, now)
            elif report.error_code in self.opted_out_codes:
                number = work.addresses.reveal(outgoing.address_id)
                work.suppressions.add(Channel.SMS, number, SuppressionReason.STOP, now)
            work.commit()
        return outgoing


@dataclass(frozen=True)
class EraseAtCarrier:
    """Asks the carrier to delete what was erased here, until it has."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    carrier: SmsCarrier
    clock: Clock

    def due(self, at_most: int) -> Sequence[str]:
        """List the copies to ask about now."""
        with self.open_reading() as work:
            return work.carrier_copies.due(self.clock.now(), at_most)

    def __call__(self, copy_id: str) -> None:
        """Ask about one, if nobody else does."""
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            copy = work.carrier_copies.lease(copy_id, now, now + ASKING)
            work.commit()
        if copy is None:
            return
        is_gone = self.carrier.delete(copy.external_id)
        with self.open_unit_of_work() as work:
            if is_gone:
                work.carrier_copies.deleted(copy.id)
            else:
                wait = min(FIRST_WAIT * 2 ** min(copy.attempts, 20), LONGEST_WAIT)
                work.carrier_copies.ask_again(copy.id, self.clock.now() + wait)
            work.commit()


@dataclass(frozen=True)
class LostMessages:
    """The SMS that nobody got: an operator lists them, and lets one leave again."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    clock: Clock

    def list(self, at_most: int) -> Sequence[Outgoing]:
        """Return them, the latest first."""
        with self.open_reading() as work:
            return work.outbox.lost(at_most)

    def of_today(self) -> int:
        """Count those that became known in the last twenty-four hours."""
        with self.open_reading() as work:
            return work.outbox.count_lost(self.clock.now() - A_DAY)

    def replay(self, outgoing_id: str) -> None:
        """Let its words leave again. Raises NotFound when it is not a lost message."""
        with self.open_unit_of_work() as work:
            work.outbox.replay(outgoing_id, self.clock.now())
            work.commit()

    def forget_last_words(self) -> None:
        """Delete what was said after an erasure or for somebody else, once its time is over."""
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            gone = work.outbox.forget_last_words(now - LAST_WORDS_KEPT, now - ASKED_FOR_KEPT)
            for external_id in gone:
                work.carrier_copies.add(external_id, now)
            work.commit()
