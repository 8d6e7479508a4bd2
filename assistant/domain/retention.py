"""How long each kind of data is kept, and why: the one place that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from assistant.domain.conversation import Conversation


class Kind(StrEnum):
    """A kind of data that is kept for a time of its own; its words say why."""

    CONVERSATION = "conversation"
    UNKEPT = "unkept"
    SHARED_DEVICE = "shared_device"
    DELICATE = "delicate"
    DELICATE_WAITING = "delicate_waiting"
    SMS_WORDS = "sms_words"
    LAST_WORDS = "last_words"
    SENT_FOR_OTHER = "sent_for_other"
    CARRIER_COPIES = "carrier_copies"
    RESUME_CODES = "resume_codes"
    SHARES = "shares"
    REMINDERS = "reminders"
    FOLLOW_UPS = "follow_ups"
    OVER_CONSENTS = "over_consents"
    CONSENT_CHAIN = "consent_chain"
    ACCESSES = "accesses"
    STOPPED = "stopped"
    FORGOTTEN = "forgotten"
    TOMBSTONES = "tombstones"
    TALLIES = "tallies"
    PLACE_IMPORTS = "place_imports"
    LOGS = "logs"


class Unit(StrEnum):
    """What a window is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


_DAYS_OF_A_MONTH = 30.44
_LENGTHS: Mapping[Unit, timedelta] = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.MONTH: timedelta(days=_DAYS_OF_A_MONTH),
}


@dataclass(frozen=True)
class Window:
    """How long a kind of data is kept, in the tables that hold it.

    ``setting`` is the one by which an operator decides how many units it is. A window without
    ``count`` ends with something that happens, which the words of its kind tell.
    """

    tables: tuple[str, ...]
    count: int | None = None
    unit: Unit = Unit.DAY
    setting: str | None = None

    @property
    def lasts(self) -> timedelta:
        """Return how long it is. Raises ValueError for one that no clock ends."""
        if self.count is None:
            raise ValueError("no clock ends it")
        return self.count * _LENGTHS[self.unit]


_IN_A_CONVERSATION = (
    "conversation",
    "inbound",
    "turn",
    "message",
    "address",
    "address_conversation",
    "outbox",
    "person",
    "consent_payload",
    "choice",
)

WINDOWS: Mapping[Kind, Window] = {
    Kind.CONVERSATION: Window(_IN_A_CONVERSATION, 30, Unit.DAY, "keep_days"),
    Kind.UNKEPT: Window(_IN_A_CONVERSATION, 24, Unit.HOUR, "unkept_hours"),
    Kind.SHARED_DEVICE: Window(_IN_A_CONVERSATION, 15, Unit.MINUTE, "shared_device_minutes"),
    Kind.DELICATE: Window(("inbound", "turn", "message", "outbox"), 15, Unit.MINUTE),
    Kind.DELICATE_WAITING: Window(("inbound", "turn", "message", "outbox"), 6, Unit.HOUR),
    # The page keeps the words as a line of the conversation: the copy for the phone has served.
    Kind.SMS_WORDS: Window(("outbox",), 7, Unit.DAY),
    Kind.LAST_WORDS: Window(("outbox", "address"), 1, Unit.HOUR),
    Kind.SENT_FOR_OTHER: Window(("outbox", "address"), 1, Unit.DAY),
    Kind.CARRIER_COPIES: Window(("carrier_copy",)),
    Kind.RESUME_CODES: Window(("resume_code", "resume_try"), 15, Unit.MINUTE),
    Kind.SHARES: Window(("share",), 24, Unit.HOUR),
    Kind.REMINDERS: Window(("reminder",)),
    Kind.FOLLOW_UPS: Window(("follow_up",)),
    Kind.OVER_CONSENTS: Window(("consent_payload",), 13, Unit.MONTH),
    Kind.CONSENT_CHAIN: Window(("consent",)),
    Kind.ACCESSES: Window(("access_log",)),
    Kind.STOPPED: Window(("suppression",)),
    Kind.FORGOTTEN: Window(("suppression",), 13, Unit.MONTH),
    # A replay after thirteen months is no replay any more.
    Kind.TOMBSTONES: Window(("tombstone",), 13, Unit.MONTH),
    Kind.TALLIES: Window(("tally",)),
    Kind.PLACE_IMPORTS: Window(("place_import", "place_remark")),
    Kind.LOGS: Window(()),
}


@dataclass(frozen=True)
class ConversationWindows:
    """How long a conversation outlives its last sign of life, as the operator set it."""

    kept: timedelta
    """With the person's agreement."""
    unkept: timedelta
    """Without it."""
    shared_device: timedelta

    def of(self, conversation: Conversation, *, agreed: bool) -> timedelta:
        """Return the window of a conversation that the person agreed to keep, or did not."""
        if conversation.shared_device:
            return self.shared_device
        return self.kept if agreed else self.unkept
