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
from urllib.parse import urlencode, urlsplit

import httpx

from assistant.adapters.twilio import INBOUND_PATH, SIGNATURE_HEADER, FormFields, Signature
from assistant.config import Settings, SmsAccount
from assistant.rendering.sms import SmsSize, count

KEPT = 500

_QUEUED = "queued"
_RECEIVED = "received"
_UNREACHABLE = "unreachable"
_REFUSED = "refused"
# What Twilio says of a message that goes well, and the pace at which it says so here.
_REPORTS = ("sent", "delivered")
_REPORT_SECONDS = 0.3

_STATUS_KEYS: Mapping[str, str] = {
    _QUEUED: "phone.queued",
    "sent": "phone.sent",
    "delivered": "phone.delivered",
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
        self._lock = threading.Lock()

    def thread(self, number: str) -> list[DeskMessage]:
        """List what was exchanged with a number, the oldest first."""
        with self._lock:
            return [each for each in self._messages if each.number == number]

    def numbers(self) -> list[str]:
        """List the numbers that have written or were written to, the latest first."""
        with self._lock:
            return list(dict.fromkeys(each.number for each in reversed(self._messages)))

    def write(self, number: str, text: str) -> DeskMessage:
        """Send an SMS to us, as Twilio would bring it."""
        message = self._new(number, text, _RECEIVED, is_ours=False)
        fields = (
            ("AccountSid", self.account.sid),
            ("ApiVersion", "2010-04-01"),
            ("Body", text),
            ("From", number),
            ("MessageSid", message.sid),
            ("NumMedia", "0"),
            ("NumSegments", str(message.size.parts)),
            ("SmsMessageSid", message.sid),
            ("SmsSid", message.sid),
            ("SmsStatus", _RECEIVED),
            ("To", self.account.sender),
        )
        refusal = self._post(INBOUND_PATH, "", fields)
        return self._mark(message, refusal) if refusal else message

    def take(self, number: str, text: str) -> DeskMessage:
        """Take an SMS that we send to a number."""
        return self._new(number, text, _QUEUED, is_ours=True)

    def report(self, message: DeskMessage, callback: str) -> None:
        """Tell our webhook that a message left and arrived; an address that is not ours is not."""
        if callback and not callback.startswith(f"{self._public_url}/"):
            return
        address = urlsplit(callback.removeprefix(self._public_url))
        for status in _REPORTS:
            time.sleep(self._pace)
            self._mark(message, status)
            if callback:
                fields = (
                    ("AccountSid", self.account.sid),
                    ("From", self.account.sender),
                    ("MessageSid", message.sid),
                    ("MessageStatus", status),
                    ("SmsSid", message.sid),
                    ("SmsStatus", status),
                    ("To", message.number),
                )
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
