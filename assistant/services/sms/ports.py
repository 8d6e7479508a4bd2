"""What the use cases around SMS need from the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.delivery import (
    Accepted,
    DeliveryReport,
    DeliveryStatus,
    Outgoing,
    PhoneText,
    Refused,
)


@dataclass(frozen=True)
class Spent:
    """How much was sent to an address."""

    messages: int
    parts: int


class Outbox(Protocol):
    """The SMS on their way out: one row each, in the order in which they were put."""

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

        ``page_by_page`` lets the first one leave; each of the others waits for ``release``. They
        go with the message when its conversation is erased. Without one (a last word after an
        erasure) they are forgotten once they have arrived.
        """

    def holds(self, address_id: str) -> bool:
        """Tell whether a page waits for ``release``."""

    def release(self, address_id: str, now: datetime) -> bool:
        """Let the next page leave; False when none is held."""

    def drop_held(self, address_id: str) -> None:
        """Forget the pages that nobody asked for: something else was said."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List what can leave now: for each address the first of those whose moment has come."""

    def lease(
        self, outgoing_id: str, owner: str, now: datetime, until: datetime
    ) -> Outgoing | None:
        """Take one that can leave now, and count the try; None when somebody else has it."""

    def get(self, outgoing_id: str) -> Outgoing:
        """Return one, which nobody else changes until the transaction ends. Raises NotFound."""

    def accepted(self, outgoing_id: str, accepted: Accepted, now: datetime) -> None:
        """Write down that the carrier has it."""

    def end(
        self,
        outgoing_id: str,
        owner: str,
        status: DeliveryStatus,
        code: int | None,
        now: datetime,
    ) -> None:
        """Write down that it will not leave (failed, dead or cancelled)."""

    def try_again(
        self, outgoing_id: str, owner: str, code: int | None, at: datetime, now: datetime
    ) -> None:
        """Write down that a try failed, and when the next one is."""

    def hasten(self, now: datetime) -> None:
        """Let all that waits for its next try leave now: the carrier is back."""

    def postpone(self, outgoing_id: str, owner: str, until: datetime, now: datetime) -> None:
        """Give back one that may not leave yet; it does not count as a try."""

    def report(self, report: DeliveryReport, now: datetime) -> Outgoing | None:
        """Move a message on as the carrier says, never back; None when it is not ours any more."""

    def spent(self, address_id: str, since: datetime) -> Spent:
        """Count what was written for an address since that moment and has left."""

    def answered_at(self, address_id: str, since: datetime) -> Sequence[datetime]:
        """List when an address was answered since that moment, in order: what we start is none."""

    def lost(self, at_most: int) -> Sequence[Outgoing]:
        """List the messages that nobody got, the latest first."""

    def count_lost(self, since: datetime) -> int:
        """Count the messages that nobody got, of which that was known since that moment."""

    def replay(self, outgoing_id: str, now: datetime) -> None:
        """Let the words of a lost message leave again, as a new one. Raises NotFound."""

    def asked_for(self, since: datetime, address_id: str | None = None) -> int:
        """Count what somebody else had sent since that moment, to an address or to all."""

    def forget_last_words(self, before: datetime, asked_before: datetime) -> Sequence[str]:
        """Delete what belongs to no conversation and has ended, and addresses that nothing needs.

        A last word after an erasure goes when it ended before the first moment, what somebody had
        sent when it ended before the second. Returns the carrier's ids of what it has of them.
        """


@dataclass(frozen=True)
class CarrierCopy:
    """A message that the carrier still holds although we erased ours."""

    id: str
    external_id: str
    attempts: int


class CarrierCopies(Protocol):
    """What the carrier was not yet asked to delete, or did not yet."""

    def add(self, external_id: str, at: datetime) -> None:
        """Have the carrier delete its copy; an erasure does it for all that it erases."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the copies to be asked about now."""

    def lease(self, copy_id: str, now: datetime, until: datetime) -> CarrierCopy | None:
        """Take one, and count the try; None when somebody else has it."""

    def ask_again(self, copy_id: str, at: datetime) -> None:
        """Ask about it again then."""

    def deleted(self, copy_id: str) -> None:
        """Forget a copy that is no more."""

    def waiting(self) -> tuple[int, datetime | None]:
        """Count the copies that are left, and tell since when the oldest waits."""


class Breaker(Protocol):
    """Leaves a carrier that does not answer alone, and tries now and then whether it is back."""

    @property
    def is_open(self) -> bool:
        """Tell whether it is left alone, but for a call now and then."""

    def allows(self) -> bool:
        """Tell whether it may be called now."""

    def rest(self, seconds: float) -> None:
        """Leave it alone for at least that long: it asked for it."""

    def succeeded(self) -> None:
        """Note that it answered."""

    def failed(self) -> None:
        """Note that it did not."""


class SmsCarrier(Protocol):
    """The company that carries the SMS."""

    def send(self, outgoing_id: str, number: str, text: str) -> Accepted | Refused:
        """Hand over one SMS; reports about it will name ``outgoing_id``."""

    def delete(self, external_id: str) -> bool:
        """Ask to delete its copy of a message; False when it has to be asked again later."""
