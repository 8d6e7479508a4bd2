"""Wires what SMS needs, when they are on."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from assistant.adapters.breaker import CircuitBreaker
from assistant.adapters.durable import Task
from assistant.adapters.twilio import STATUS_PATH, Signature, TwilioCarrier, twilio_client
from assistant.adapters.twilio_codes import OPTED_OUT_CODES
from assistant.adapters.unit_of_work import SqlUnitOfWork
from assistant.config import Settings, SmsMode
from assistant.services.follow_up import FollowUp
from assistant.services.ports.clock import Clock
from assistant.services.ports.dialogue import Wording
from assistant.services.reminders.remind import Remind
from assistant.services.resume import Resume
from assistant.services.sms.delivery import EraseAtCarrier, LostMessages, RecordDelivery
from assistant.services.sms.ports import SmsCarrier
from assistant.services.sms.receive_sms import ReceiveSms
from assistant.services.sms.send_outbox import SendOutbox
from assistant.services.sms.write_first import WriteFirst

Opening = Callable[[], AbstractContextManager[SqlUnitOfWork]]

# Each waits for Twilio most of its time; it takes some ten messages a second from one number.
SENDERS = 4
# Three failures in a row are no accident; a call in half a minute burdens nobody.
FAILURES = 3
REST_SECONDS = 30.0
ERASERS = 1
REMINDERS = 1


class Missed:
    """Counts the forms of SMS that this process could not keep: the carrier's log has them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0

    def add(self) -> None:
        """Count one more."""
        self.count += 1


@dataclass(frozen=True)
class Telephony:
    """The use cases of SMS."""

    signature: Signature
    breaker: CircuitBreaker
    missed: Missed
    receive: ReceiveSms
    record: RecordDelivery
    send: SendOutbox
    erase_at_carrier: EraseAtCarrier
    remind: Remind
    follow_up: FollowUp

    def tasks(self) -> tuple[Task, ...]:
        """Return the durable work that SMS are."""
        return (
            Task("outbox", self.send.due, self.send, SENDERS),
            Task("reminders", self.remind.due, self.remind, REMINDERS),
            Task("follow-ups", self.follow_up.due, self.follow_up, REMINDERS),
            Task("carrier-copies", self.erase_at_carrier.due, self.erase_at_carrier, ERASERS),
        )


def build_telephony(
    settings: Settings,
    opening: Opening,
    reading: Opening,
    wording: Wording,
    clock: Clock,
    bell: threading.Event,
    resume: Resume,
    carrier: SmsCarrier | None = None,
) -> Telephony | None:
    """Wire SMS, or return None while they are off; ``carrier`` replaces Twilio in tests."""
    if settings.sms is SmsMode.OFF:
        return None
    write_first = WriteFirst(wording)
    account = settings.sms_account
    carrier = carrier or TwilioCarrier(
        twilio_client(account.sid, account.auth_token, account.api),
        account.sender,
        str(settings.public_url).rstrip("/") + STATUS_PATH,
    )
    # Its clock is the product's: a test lets ten minutes pass.
    breaker = CircuitBreaker(FAILURES, REST_SECONDS, lambda: clock.now().timestamp())
    return Telephony(
        signature=Signature(account.auth_token, str(settings.public_url)),
        breaker=breaker,
        missed=Missed(),
        receive=ReceiveSms(
            opening, resume, wording, clock, settings.hash_secret("fingerprint"), wake=bell.set
        ),
        record=RecordDelivery(opening, clock, OPTED_OUT_CODES),
        send=SendOutbox(
            opening,
            reading,
            carrier,
            breaker,
            settings.sms_budget_parts_per_day,
            clock,
            random.random,
        ),
        erase_at_carrier=EraseAtCarrier(opening, reading, carrier, clock),
        remind=Remind(opening, reading, write_first, clock, wake=bell.set),
        follow_up=FollowUp(opening, reading, write_first, clock, wake=bell.set),
    )


def lost_messages(opening: Opening, reading: Opening, clock: Clock) -> LostMessages:
    """Return what an operator does about the SMS that nobody got."""
    return LostMessages(opening, reading, clock)
