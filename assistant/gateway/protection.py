"""What stands before every route: security headers, a limit of size, limits of rate."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.domain.errors import PasAPasError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# A message has 2,000 characters at most, of 12 bytes when each is escaped; the rest of a form is
# small. Beyond this nothing is even read.
LARGEST_BODY_BYTES = 64 * 1024

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
_HEADERS = {
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    # Conversations stay out of caches; files with a digest in their name say otherwise themselves.
    b"cache-control": b"no-store",
}


class TooManyRequests(PasAPasError):
    """More requests than a person makes."""

    def __init__(self, retry_after: int) -> None:
        """Keep the seconds to wait."""
        super().__init__("too many requests")
        self.retry_after = retry_after


class RateLimits:
    """Counts requests by the minute, in this process."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, what: str, who: str, per_minute: int) -> None:
        """Count one request. Raises TooManyRequests beyond the limit."""
        limit = RateLimitItemPerMinute(per_minute)
        if not self._limiter.hit(limit, what, who):
            stats = self._limiter.get_window_stats(limit, what, who)
            raise TooManyRequests(max(1, math.ceil(stats.reset_time - time.time())))


class Protection:
    """ASGI middleware: no body beyond the limit, and the security headers on every answer.

    Plain ASGI rather than a BaseHTTPMiddleware, which would buffer the event streams.
    """

    def __init__(self, app: App, *, https: bool, too_large: Callable[[str, str], App]) -> None:
        """Protect ``app``.

        ``https`` adds the promise to stay on HTTPS; ``too_large`` gives the answer to a request
        whose body is too large, from its path and its Accept header.
        """
        self._app = app
        self._too_large = too_large
        self._headers = dict(_HEADERS)
        if https:
            self._headers[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        protected = partial(self._send_with_headers, send)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
            await self._refuse(scope, receive, protected)
            return
        body = _LimitedBody(receive, protected)
        await self._app(scope, body.receive, body.send)
        if body.is_too_large:
            await self._refuse(scope, receive, protected)

    async def _send_with_headers(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            extra = [each for each in self._headers.items() if each[0] not in given]
            message["headers"] = [*message["headers"], *extra]
        await send(message)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
        await self._too_large(scope["path"], accept)(scope, receive, send)


class _LimitedBody:
    """Counts a body that came without its length; beyond the limit nothing more is heard."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._received = 0

    @property
    def is_too_large(self) -> bool:
        return self._received > LARGEST_BODY_BYTES

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def send(self, message: Message) -> None:
        if not self.is_too_large:
            await self._send(message)
