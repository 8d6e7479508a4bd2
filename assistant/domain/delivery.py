"""What becomes of an SMS that leaves: statuses that only move forward, and when to try again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class DeliveryStatus(StrEnum):
    """Where an outgoing SMS is."""

    HELD = "held"
    """It is the next page of a long answer: it waits until SUITE asks for it."""
    QUEUED = "queued"
    """It waits for us."""
    SENDING = "sending"
    """The carrier has taken it."""
    SENT = "sent"
    """It left towards the phone."""
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    """The phone's network gave it back."""
    FAILED = "failed"
    """The carrier refuses it, and would refuse it again."""
    DEAD = "dead"
    """Every try failed."""
    CANCELLED = "cancelled"
    """It must not leave any more: the person wants no messages, or its moment is over."""


STAGES: Mapping[DeliveryStatus, int] = MappingProxyType(
    {
        DeliveryStatus.HELD: 0,
        DeliveryStatus.QUEUED: 0,
        DeliveryStatus.SENDING: 1,
        DeliveryStatus.SENT: 2,
        DeliveryStatus.DELIVERED: 3,
        DeliveryStatus.UNDELIVERED: 3,
        DeliveryStatus.FAILED: 3,
        DeliveryStatus.DEAD: 3,
        DeliveryStatus.CANCELLED: 3,
    }
)
"""The rank of each status on the way out: reports come in any order, only a higher one counts."""

LOST = frozenset({DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED, DeliveryStatus.DEAD})
"""The ends that nobody reads a message in: an operator looks at them."""


def advanced(known: DeliveryStatus, reported: DeliveryStatus) -> DeliveryStatus:
    """Return the later of two statuses; of two ends, the one that was known first."""
    return reported if STAGES[reported] > STAGES[known] else known


@dataclass(frozen=True)
class PhoneText:
    """One SMS: its words, and how many parts the carrier bills for them."""

    text: str
    parts: int


@dataclass(frozen=True)
class Outgoing:
    """An SMS on its way to an address.

    ``parts`` is what the carrier bills. ``started_by_us`` tells a message that nobody just asked
    for, and ``although_stopped`` one that leaves after STOP too: its confirmation, an answer to a
    danger. ``not_before`` is the moment it was written for, ``send_after`` the next try.
    """

    id: str
    address_id: str
    text: str
    parts: int
    started_by_us: bool
    although_stopped: bool
    status: DeliveryStatus
    attempts: int
    external_id: str | None
    provider_status: str | None
    error_code: int | None
    not_before: datetime
    send_after: datetime
    created_at: datetime


@dataclass(frozen=True)
class Accepted:
    """The carrier took the message, under an id of its own; ``raw`` is its word for the status."""

    external_id: str
    status: DeliveryStatus
    raw: str


class RefusalKind(StrEnum):
    """Whether trying again may help."""

    TRANSIENT = "transient"
    PERMANENT = "permanent"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Refused:
    """The carrier did not take the message, or nobody knows whether it did.

    ``code`` is its number for the reason, when it gave one. ``wait`` is how long, in seconds, it
    asks to be left alone.
    """

    kind: RefusalKind
    code: int | None
    wait: float | None = None


@dataclass(frozen=True)
class DeliveryReport:
    """What the carrier says about a message that it took.

    ``outgoing_id`` is ours: it finds the message even when we died before its ``external_id`` was
    written down. ``status`` is None for a word that we do not know; ``raw`` is that word.
    """

    outgoing_id: str
    external_id: str
    status: DeliveryStatus | None
    raw: str
    error_code: int | None


FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=2)
"""The wait before the second try, and the longest one: it doubles in between. What protects a
carrier that is away is the breaker, for all messages at once."""

ANSWERS_LIVE = timedelta(hours=2)
"""Beyond this an answer is none any more: the person has found another way, or does not remember
the question."""

WARNINGS_LIVE = timedelta(days=1)
"""What leaves although the person wants no messages: about a danger, or about STOP itself."""

JITTER = 0.2
"""The share of a delay that chance takes away, so that a thousand messages do not come back at
once."""


def next_try(attempts: int, now: datetime, chance: float) -> datetime:
    """Return when to try again after that many tries; ``chance`` is a number from 0 to 1."""
    # Beyond a few doublings the longest wait rules: no number grows without bound.
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 8)), LONGEST_WAIT)
    return now + wait * (1 - JITTER * chance)


def is_too_late(outgoing: Outgoing, at: datetime) -> bool:
    """Tell whether the words of a message would tell nobody anything any more at that moment."""
    lives = WARNINGS_LIVE if outgoing.although_stopped else ANSWERS_LIVE
    return at - outgoing.not_before > lives
