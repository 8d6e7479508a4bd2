"""A Twilio without sockets: what its API answers, word for word as its documentation shows it.

Bodies: https://www.twilio.com/docs/messaging/api/message-resource (create, delete) and
https://www.twilio.com/docs/usage/twilios-response (errors). The error pages are those of
``assistant/adapters/twilio_codes.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from twilio.http.response import Response

from assistant.domain.delivery import Accepted, DeliveryStatus, RefusalKind, Refused

ACCOUNT = f"AC{'a' * 32}"
TOKEN = "12345"  # noqa: S105 (of the vectors in Twilio's own tests)
NUMBER = "+33639980000"


def error_body(status: int, code: int, message: str) -> str:
    """Return the body of a refusal."""
    return json.dumps(
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
    )


def message_body(sid: str, form: dict[str, str], status: str = "queued") -> str:
    """Return the body of a message that was just created."""
    return json.dumps(
        {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": form.get("Body"),
            "date_created": "Mon, 23 Nov 2026 10:00:00 +0000",
            "date_sent": None,
            "date_updated": "Mon, 23 Nov 2026 10:00:00 +0000",
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": status,
            "subresource_uris": {
                "media": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media.json"
            },
            "to": form.get("To"),
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
        }
    )


@dataclass
class FakeTwilio:
    """What Twilio's HTTP client would reach: records what it was asked, answers as told.

    ``script`` holds the next answers to a creation: a status and a body, or an error of the
    network; when it is empty, every message is taken. A third item holds headers.
    """

    script: list[tuple[int, str] | tuple[int, str, dict[str, str]] | Exception] = field(
        default_factory=list
    )
    requests: list[dict[str, Any]] = field(default_factory=list)
    deletions: list[tuple[int, str]] = field(default_factory=list)

    def request(
        self,
        method: str,
        url: str,
        params: object = None,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT002 (Twilio's interface)
    ) -> Response:
        """Answer as the network would."""
        del params, headers, timeout, allow_redirects
        form = dict(data or {})
        self.requests.append({"method": method, "url": url, "form": form, "auth": auth})
        if method == "DELETE":
            status, body = self.deletions.pop(0) if self.deletions else (204, "")
            return Response(status, body)
        answer = self.script.pop(0) if self.script else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return Response(*answer)
        sid = f"SM{len(self.requests):032x}"
        return Response(201, message_body(sid, form))


NO_NETWORK = requests.ConnectionError("refused")
NO_ANSWER = requests.ReadTimeout("no answer")


@dataclass
class FakeCarrier:
    """The port itself: takes what it is given, unless it was told otherwise.

    ``before`` and ``after`` are called around each taking.
    """

    answers: list[Refused] = field(default_factory=list)
    is_away: bool = False
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    cannot_delete: set[str] = field(default_factory=set)
    before: Callable[[], object] = int
    after: Callable[[], object] = int
    sids: dict[str, str] = field(default_factory=dict)
    calls: int = 0

    def send(self, outgoing_id: str, number: str, text: str) -> Accepted | Refused:
        """Take one SMS."""
        self.calls += 1
        if self.is_away:
            return Refused(RefusalKind.TRANSIENT, None)
        if self.answers:
            return self.answers.pop(0)
        self.before()
        self.sent.append((outgoing_id, number, text))
        # Unlike those of the messages that come in.
        sid = f"SM{1000 + len(self.sent):032x}"
        self.sids[outgoing_id] = sid
        self.after()
        return Accepted(sid, DeliveryStatus.SENDING, "queued")

    def delete(self, external_id: str) -> bool:
        """Delete, unless it was told that it cannot yet."""
        if external_id in self.cannot_delete:
            return False
        self.deleted.append(external_id)
        return True

    @property
    def texts(self) -> list[str]:
        """What was sent, in order."""
        return [text for _, _, text in self.sent]


def outgoing_id_of(callback: str) -> str:
    """Return the id that a status address names."""
    return parse_qs(urlsplit(callback).query)["outgoing"][0]
