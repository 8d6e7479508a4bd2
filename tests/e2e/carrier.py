"""A carrier over HTTP: takes SMS as Twilio's API does, posts signed forms as Twilio does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from assistant.adapters.twilio import INBOUND_PATH, SIGNATURE_HEADER, Signature
from tests.fakes.twilio import message_body

PATIENCE = 5.0
PAUSE = 0.2


@dataclass
class Carrier:
    """What was handed over, and where forms are posted to.

    ``gateways`` returns the addresses of those that may be alive; a form goes to the first that
    answers, and is posted again when none does.
    """

    signature: Signature
    gateways: Callable[[], list[str]]
    taken: list[tuple[str, str]] = field(default_factory=list)
    # The status address of each, which names the message that was to leave.
    callbacks: list[str] = field(default_factory=list)
    reports: SimpleQueue[tuple[str, str] | None] = field(default_factory=SimpleQueue)
    lock: threading.Lock = field(default_factory=threading.Lock)
    closed: threading.Event = field(default_factory=threading.Event)
    # One for all: making a client costs more than a request.
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False)
    )

    def take(self, form: dict[str, str]) -> str:
        """Take an SMS, and report that it was delivered a moment later."""
        with self.lock:
            self.taken.append((form["To"], form["Body"]))
            self.callbacks.append(form["StatusCallback"])
            sid = f"SM{1_000_000 + len(self.taken):032x}"
        self.reports.put((form["StatusCallback"], sid))
        return message_body(sid, form)

    def write(self, phone: str, sid: str, text: str) -> None:
        """Post a message that somebody wrote, until a gateway has it."""
        fields = {"MessageSid": sid, "From": phone, "To": "+33639980000", "Body": text}
        self._post(INBOUND_PATH, "", fields)

    def tell(self) -> None:
        """Post the reports, one after the other, until there are no more."""
        while (report := self.reports.get()) is not None:
            callback, sid = report
            parts = urlsplit(callback)
            fields = {"MessageSid": sid, "MessageStatus": "delivered"}
            self._post(parts.path, parts.query, fields)

    def _post(self, path: str, query: str, fields: dict[str, str]) -> None:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE_HEADER: self.signature.of(path, query, list(fields.items())),
        }
        # Twilio waits too before it posts again; nobody waits for a test that has ended.
        while True:
            for gateway in self.gateways():
                with suppress(httpx.HTTPError):
                    answer = self.http.post(
                        f"{gateway}{path}?{query}" if query else f"{gateway}{path}",
                        content=urlencode(fields),
                        headers=headers,
                    )
                    if answer.is_success:
                        return
            if self.closed.wait(PAUSE):
                return


@contextmanager
def listening(carrier: Carrier) -> Iterator[str]:
    """Serve its API, and tell its reports; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        """The one resource that is asked for."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = carrier.take(dict(parse_qsl(body.decode()))).encode()
            self.send_response(201)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (its name)
            del format, arguments

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    teller = threading.Thread(target=carrier.tell)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    teller.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        carrier.closed.set()
        carrier.reports.put(None)
        teller.join()
        carrier.http.close()
        server.shutdown()
        server.server_close()
