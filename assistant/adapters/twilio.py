"""Twilio: who signed a form, what the form says, and the client that sends and deletes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol, TypeAlias
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from assistant.adapters.twilio_codes import TOO_MANY_REQUESTS, refusal_kind
from assistant.domain.delivery import (
    Accepted,
    DeliveryReport,
    DeliveryStatus,
    RefusalKind,
    Refused,
)
from assistant.domain.errors import InvalidInput
from assistant.domain.sms import CarrierOptOut, SmsReceived

log = logging.getLogger(__name__)

INBOUND_PATH = "/sms/inbound"
STATUS_PATH = "/sms/status"
OUTGOING = "outgoing"
"""The parameter of the status address that names the outgoing message."""

SIGNATURE_HEADER = "X-Twilio-Signature"

SECONDS = 10.0
"""What the carrier has to answer; SendOutbox holds its lease for longer."""

LONGEST_WAIT = 300.0
"""Seconds; whoever asks for more is tried again before."""

LONGEST_ID = 64
_ANSWERED = 200
_GONE = frozenset({404, 410})

# Twilio's words for the status of an outbound message
# (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).
_STATUSES: Mapping[str, DeliveryStatus] = {
    "accepted": DeliveryStatus.SENDING,
    "scheduled": DeliveryStatus.SENDING,
    "queued": DeliveryStatus.SENDING,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}

FormFields: TypeAlias = Sequence[tuple[str, str]]
"""The fields of a form, in their order; a name may come twice."""


class _Fields(dict[str, list[str]]):
    """The fields as RequestValidator reads those that come twice."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@dataclass(frozen=True)
class Signature:
    """Tells whether Twilio signed a form for the address that the settings name.

    The address is never taken from the request's headers: whoever forges a form writes them too.
    """

    auth_token: str = field(repr=False)
    public_url: str

    def is_valid(self, path: str, query: str, fields: FormFields, signature: str | None) -> bool:
        """Tell whether the form posted to our ``path?query`` bears Twilio's signature."""
        if not signature:
            return False
        valid: bool = RequestValidator(self.auth_token).validate(
            self._address(path, query), _grouped(fields), signature
        )
        return valid

    def of(self, path: str, query: str, fields: FormFields) -> str:
        """Return the signature that Twilio would give that form, for a telephone on the desk."""
        signature: str = RequestValidator(self.auth_token).compute_signature(
            self._address(path, query), _grouped(fields)
        )
        return signature

    def _address(self, path: str, query: str) -> str:
        return self.public_url.rstrip("/") + path + (f"?{query}" if query else "")


def read_inbound(fields: FormFields) -> SmsReceived:
    """Return the message that a form carries. Raises InvalidInput.

    Fields: https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    form = dict(fields)
    opt_out = form.get("OptOutType", "").upper()
    return SmsReceived(
        external_id=_required(form, "MessageSid"),
        sender=_required(form, "From"),
        text=form.get("Body", ""),
        pictures=_count(form.get("NumMedia", "")),
        opt_out=CarrierOptOut(opt_out) if opt_out in set(CarrierOptOut) else None,
    )


def read_report(outgoing_id: str, fields: FormFields) -> DeliveryReport:
    """Return what a status form says of an outgoing message. Raises InvalidInput."""
    form = dict(fields)
    raw = _required(form, "MessageStatus")
    return DeliveryReport(
        outgoing_id=outgoing_id[:LONGEST_ID],
        external_id=_required(form, "MessageSid"),
        status=_STATUSES.get(raw),
        raw=raw,
        error_code=_count(form.get("ErrorCode", "")) or None,
    )


class AskedToWait(Exception):
    """Twilio takes nothing for a while, and said for how long."""

    def __init__(self, seconds: float) -> None:
        """Keep the seconds."""
        super().__init__("too many requests")
        self.seconds = seconds


class Transport(Protocol):
    """An HTTP client as Twilio's client uses one."""

    @property
    def request(self) -> Callable[..., Response]:
        """What makes a request."""


class ListeningTransport:
    """Reads the header by which Twilio asks to be left alone, which its own client drops."""

    is_async = False

    def __init__(self, inner: Transport) -> None:
        """Send by another one."""
        self._inner = inner

    def request(self, method: str, url: str, **more: object) -> Response:
        """Make a request. Raises AskedToWait."""
        response = self._inner.request(method, url, **more)
        told = (response.headers or {}).get("Retry-After", "")
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and told.isdecimal():
            raise AskedToWait(min(float(told[:6]), LONGEST_WAIT))
        return response


@dataclass(frozen=True)
class TwilioCarrier:
    """Sends and deletes by Twilio's own client; what goes wrong becomes a refusal, never an error.

    ``sender`` is a number, a short code or a name.
    """

    client: Client
    sender: str
    status_url: str

    def send(self, outgoing_id: str, number: str, text: str) -> Accepted | Refused:
        """Hand over one SMS; reports about it will name ``outgoing_id``."""
        callback = f"{self.status_url}?{urlencode({OUTGOING: outgoing_id})}"
        try:
            taken = self.client.messages.create(
                to=number,
                from_=self.sender,
                body=text,
                status_callback=callback,
                # What is sent is already what we mean: Twilio rewrites nothing.
                smart_encoded=False,
            )
        except (TwilioRestException, TwilioServiceException) as error:
            # Its text may hold the number: the code tells enough.
            return Refused(refusal_kind(error.status, error.code), error.code)
        except AskedToWait as error:
            return Refused(RefusalKind.TRANSIENT, TOO_MANY_REQUESTS, error.seconds)
        except (requests.RequestException, TwilioException, OSError, ValueError) as error:
            log.warning("Twilio did not answer: %s", type(error).__name__)
            return Refused(RefusalKind.TRANSIENT, None)
        if not taken.sid:
            log.warning("Twilio answered without an id")
            return Refused(RefusalKind.TRANSIENT, None)
        raw = str(taken.status)
        return Accepted(str(taken.sid), _STATUSES.get(raw, DeliveryStatus.SENDING), raw)

    def delete(self, external_id: str) -> bool:
        """Ask to delete its copy of a message; False when it has to be asked again later."""
        try:
            return bool(self.client.messages(external_id).delete())
        except (TwilioRestException, TwilioServiceException) as error:
            return error.status in _GONE
        except AskedToWait:
            return False
        except (requests.RequestException, TwilioException, OSError, ValueError) as error:
            log.warning("Twilio did not answer: %s", type(error).__name__)
            return False


def twilio_client(
    account_sid: str, auth_token: str, api: str = "", transport: Transport | None = None
) -> Client:
    """Return Twilio's client; ``api`` replaces its address, for a telephone on the desk.

    ``transport`` replaces its HTTP client (``twilio.http.HttpClient``).
    """
    # It tells requests and their headers at INFO.
    logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
    client = Client(
        account_sid,
        auth_token,
        http_client=ListeningTransport(transport or TwilioHttpClient(timeout=SECONDS)),
        # Without an environment of its own it would read TWILIO_… from the process's.
        environment={"": ""},
    )
    if api:
        client.api.base_url = api.rstrip("/")
    return client


def _grouped(fields: FormFields) -> _Fields:
    grouped = _Fields()
    for name, value in fields:
        grouped.setdefault(name, []).append(value)
    return grouped


def _required(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "").strip()
    if not value or len(value) > LONGEST_ID:
        msg = f"the form has no usable {name}"
        raise InvalidInput(msg)
    return value


def _count(value: str) -> int:
    with suppress(ValueError):
        return max(0, int(value[:9]))
    return 0
