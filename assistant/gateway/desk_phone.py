"""The telephone on the desk, and Twilio as it imitates it: nothing of it is kept on disk."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

import httpx

from assistant.adapters.twilio import INBOUND_PATH, SIGNATURE_HEADER, FormFields, Signature
from assistant.config import Settings, SmsAccount
from assistant.domain.sms import CarrierOptOut
from assistant.rendering.sms import SmsSize, count

KEPT = 500

_QUEUED = "queued"
_RECEIVED = "received"
_UNREACHABLE = "unreachable"
_REFUSED = "refused"
# The pace at which Twilio's reports come here.
_REPORT_SECONDS = 0.3


class Fate(StrEnum):
    """What becomes of the SMS that we send to a number."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    LATE = "late"


@dataclass(frozen=True)
class _Story:
    """What Twilio tells of a message: its words in order, the code of the last, the wait before."""

    reports: tuple[str, ...]
    code: int | None = None
    paces: int = 1


_STORIES: Mapping[Fate, _Story] = {
    Fate.DELIVERED: _Story(("sent", "delivered")),
    # Switched off or out of reach; filtered by a carrier (assistant/adapters/twilio_codes.py).
    Fate.UNDELIVERED: _Story(("sent", "undelivered"), 30003),
    Fate.FAILED: _Story(("failed",), 30007),
    # Half a minute from one report to the next.
    Fate.LATE: _Story(("sent", "delivered"), paces=100),
}
FATE_KEYS: Mapping[Fate, str] = {
    Fate.DELIVERED: "phone.fate_delivered",
    Fate.UNDELIVERED: "phone.fate_undelivered",
    Fate.FAILED: "phone.fate_failed",
    Fate.LATE: "phone.fate_late",
}
"""The keys of the words for each fate."""

_STATUS_KEYS: Mapping[str, str] = {
    _QUEUED: "phone.queued",
    "sent": "phone.sent",
    "delivered": "phone.delivered",
    "undelivered": "phone.undelivered",
    "failed": "phone.failed",
    _RECEIVED: "phone.received",
    _REFUSED: "phone.refused",
    _UNREACHABLE: "phone.unreachable",
}


@dataclass(frozen=True)
class DeskMessage:
    """An SMS that passed through the telephone; ``number`` is the person's."""

    sid: str
    number: str
    is_ours: bool
    text: str
    status: str
    at: datetime

    @property
    def size(self) -> SmsSize:
        """What the message costs."""
        return count(self.text)

    @property
    def status_key(self) -> str:
        """The key of the words for its status."""
        return _STATUS_KEYS[self.status]


class DeskPhone:
    """The telephone: its messages, in memory, and the forms that it signs as Twilio does."""

    def __init__(
        self, settings: Settings, http: httpx.Client | None = None, pace: float = _REPORT_SECONDS
    ) -> None:
        """Belong to the account of the settings.

        ``http`` reaches the gateway itself; ``pace`` is the seconds from one report to the next.
        """
        self.account: SmsAccount = settings.sms_account
        self._public_url = str(settings.public_url).rstrip("/")
        self._signature = Signature(self.account.auth_token, self._public_url)
        self._http = http or httpx.Client(base_url=_loopback(settings), trust_env=False, timeout=10)
        self._pace = pace
        self._messages: deque[DeskMessage] = deque(maxlen=KEPT)
        self._fates: dict[str, Fate] = {}
        self._lock = threading.Lock()

    def thread(self, number: str) -> list[DeskMessage]:
        """List what was exchanged with a number, the oldest first."""
        with self._lock:
            return [each for each in self._messages if each.number == number]

    def numbers(self) -> list[str]:
        """List the numbers that have written or were written to, the latest first."""
        with self._lock:
            return list(dict.fromkeys(each.number for each in reversed(self._messages)))

    def fate(self, number: str) -> Fate:
        """Return what becomes of the SMS that we send to a number."""
        return self._fates.get(number, Fate.DELIVERED)

    def decide(self, number: str, fate: Fate) -> None:
        """Let that become of the SMS that we send to a number from now on."""
        self._fates[number] = fate

    def write(
        self,
        number: str,
        text: str,
        *,
        pictures: int = 0,
        opt_out: CarrierOptOut | None = None,
    ) -> DeskMessage:
        """Send an SMS to us, as Twilio would bring it.

        ``opt_out`` is what it tells to have answered itself.
        """
        message = self._new(number, text, _RECEIVED, is_ours=False)
        fields = (
            ("AccountSid", self.account.sid),
            ("ApiVersion", "2010-04-01"),
            ("Body", text),
            ("From", number),
            ("MessageSid", message.sid),
            ("NumMedia", str(pictures)),
            ("NumSegments", str(message.size.parts)),
            ("SmsMessageSid", message.sid),
            ("SmsSid", message.sid),
            ("SmsStatus", _RECEIVED),
            ("To", self.account.sender),
            *((("OptOutType", opt_out.value),) if opt_out is not None else ()),
        )
        refusal = self._post(INBOUND_PATH, "", fields)
        return self._mark(message, refusal) if refusal else message

    def take(self, number: str, text: str) -> DeskMessage:
        """Take an SMS that we send to a number."""
        return self._new(number, text, _QUEUED, is_ours=True)

    def report(self, message: DeskMessage, callback: str) -> None:
        """Tell our webhook what became of a message; an address that is not ours is not told."""
        if callback and not callback.startswith(f"{self._public_url}/"):
            return
        address = urlsplit(callback.removeprefix(self._public_url))
        story = _STORIES[self.fate(message.number)]
        for status in story.reports:
            time.sleep(self._pace * story.paces)
            self._mark(message, status)
            if callback:
                fields: FormFields = (
                    ("AccountSid", self.account.sid),
                    ("From", self.account.sender),
                    ("MessageSid", message.sid),
                    ("MessageStatus", status),
                    ("SmsSid", message.sid),
                    ("SmsStatus", status),
                    ("To", message.number),
                )
                if story.code is not None and status == story.reports[-1]:
                    fields = (*fields, ("ErrorCode", str(story.code)))
                self._post(address.path, address.query, fields)

    def forget(self, sid: str) -> bool:
        """Delete a message; False when there is none."""
        with self._lock:
            kept = [each for each in self._messages if each.sid != sid]
            found = len(kept) < len(self._messages)
            self._messages = deque(kept, KEPT)
        return found

    def _new(self, number: str, text: str, status: str, *, is_ours: bool) -> DeskMessage:
        sid = f"SM{secrets.token_hex(16)}"
        message = DeskMessage(sid, number, is_ours, text, status, datetime.now(UTC))
        with self._lock:
            self._messages.append(message)
        return message

    def _mark(self, message: DeskMessage, status: str) -> DeskMessage:
        """Note what became of a message, unless it was deleted meanwhile."""
        marked = replace(message, status=status)
        with self._lock:
            for index, each in enumerate(self._messages):
                if each.sid == message.sid:
                    self._messages[index] = marked
        return marked

    def _post(self, path: str, query: str, fields: FormFields) -> str | None:
        """Post a signed form to ourselves; return why it was not taken, if it was not."""
        try:
            answer = self._http.post(
                f"{path}?{query}" if query else path,
                content=urlencode(list(fields)),
                headers={
                    "Content-Type": "application/x-www-form-urlencoded",
                    SIGNATURE_HEADER: self._signature.of(path, query, fields),
                },
            )
        except httpx.HTTPError:
            return _UNREACHABLE
        return None if answer.is_success else _REFUSED


def as_resource(message: DeskMessage, account: SmsAccount) -> dict[str, object]:
    """Write a message as Twilio's API does."""
    at = format_datetime(message.at)
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "body": message.text,
        "date_created": at,
        "date_sent": None,
        "date_updated": at,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": account.sender,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(message.size.parts),
        "price": None,
        "price_unit": "EUR",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {},
        "to": message.number,
        "uri": f"/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}.json",
    }


def _loopback(settings: Settings) -> str:
    everywhere = {"", "0.0.0.0", "::"}  # noqa: S104 (read, not listened on)
    host = "127.0.0.1" if settings.host in everywhere else settings.host
    return f"http://{host}:{settings.port}"
