"""Middleware: request ids, the last-resort 500, the access log, and the lingering close."""

import asyncio
import time
from collections.abc import Callable, Iterator
from os import urandom

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import problems
from app.logs import error_fields, log, request_context
from app.tokens import PREFIX

LINGER_SECONDS = 2.0
LINGER_BYTES = 4 * 1024 * 1024
"""How much of an unread body is read after the response."""

_TOKEN_START = PREFIX.encode()
_NO_TRACE: dict[str, str] = {}


class RequestMiddleware:
    """ASGI middleware that gives each request an id, responds to uncaught errors, and logs a line.

    The id is in the `X-Request-ID` header, in every problem, and in every log line. If a trusted
    proxy sends an id and a trace, the server puts them into the state of the request and they are
    used instead. Headers in `response_headers` of the state are added to the response.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ids = _random_ids()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, _receive_until_shutdown(receive), send)
            return
        started = time.perf_counter()
        request_id = self._begin(scope)
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *scope["state"].get("response_headers", ()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            status = 499  # the client is gone; nginx logs this code
        except asyncio.CancelledError:  # the server stops without waiting any longer
            log.write("warning", "request cancelled")
            if not status:
                await problems.stopping(Request(scope))(scope, receive, send_with_id)
        except Exception as error:
            log.write("error", "request failed", **error_fields(error))
            if not status:
                await problems.internal_error(Request(scope))(scope, receive, send_with_id)
        log.write(
            "info",
            "request",
            method=scope["method"],
            path=_path(scope),
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            client=_client(scope),
        )

    def _begin(self, scope: Scope) -> str:
        """Choose the id of a request and add it to all its log lines."""
        state = scope.setdefault("state", {})
        request_id: str = state.get("request_id") or next(self._ids)
        state["request_id"] = request_id
        request_context.set({"request_id": request_id, **state.get("trace", _NO_TRACE)})
        return request_id


def _receive_until_shutdown(receive: Receive) -> Receive:
    """Wrap the lifespan's `receive` to end in order even if a second signal cancels it."""

    async def receive_or_shutdown() -> Message:
        try:
            return await receive()
        except asyncio.CancelledError:
            return {"type": "lifespan.shutdown"}

    return receive_or_shutdown


def _random_ids() -> Iterator[str]:
    """Yield random UUIDs (RFC 9562, section 5.4) as text, without a system call for each."""
    while True:
        some = urandom(4096).hex()
        for start in range(0, len(some), 32):
            digits = some[start : start + 32]
            yield f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _path(scope: Scope) -> str:
    """Return the path as it was sent, percent-encoded: the log gets no control characters."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    if _TOKEN_START in raw:  # somebody has put a token into a path
        raw = raw.partition(_TOKEN_START)[0] + _TOKEN_START + b"..."
    return ascii(raw.decode("latin-1"))[1:-1]


def _client(scope: Scope) -> str | None:
    """Return the address of the client, or None on a unix socket."""
    client = scope.get("client")
    return client[0] if client else None


class LingeringClose:
    """Discards the rest of a request body before its connection closes, up to a limit.

    The limits are `LINGER_SECONDS` and `LINGER_BYTES`.

    Closing immediately would reset the connection, and a reset can destroy a response that is still
    in transit (RFC 9112, section 9.6). The server's protocol calls this, because only it knows how
    much of a body has been read.
    """

    __slots__ = ("_close", "_discarded", "_loop", "timer")

    def __init__(self, close: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
        self._close = close
        self._loop = loop
        self._discarded = 0
        self.timer: asyncio.TimerHandle | None = None
        """Set while incoming data is discarded."""

    def start(self) -> None:
        """Start discarding, and close the connection after `LINGER_SECONDS` unless cancelled."""
        if self.timer is None:
            self._discarded = 0
            self.timer = self._loop.call_later(LINGER_SECONDS, self._close)

    def discard(self, count: int) -> bool:
        """Count discarded bytes; return whether the limit is exceeded."""
        self._discarded += count
        return self._discarded > LINGER_BYTES

    def cancel(self) -> None:
        """Stop discarding and keep the connection."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
