"""Middleware: request ids, the time limit, the last-resort 500, the access log, and the lingering
close.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from os import urandom

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import problems
from app.database.commits import is_committing
from app.logs import error_fields, log, request_context
from app.time_limits import TimeLimit
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

    A request that takes longer than `timeout` seconds, not counting the time in which its body
    arrives, gets a 503 at once. Then its work is cancelled, but never in the middle of a COMMIT.
    """

    def __init__(self, app: ASGIApp, *, timeout: float | None = None) -> None:
        self._app = app
        self._ids = random_ids()
        self._limit = None if timeout is None else TimeLimit(timeout)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, _receive_until_shutdown(receive), send)
            return
        started = time.perf_counter()
        self._begin(scope)
        exchange = _Exchange(scope, receive, send, self._limit)
        exchange.start()
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.status = 499  # the client is gone; nginx logs this code
        except asyncio.CancelledError:
            if exchange.expiry is None:  # the server stops without waiting any longer
                log.write("warning", "request cancelled")
                await exchange.answer(problems.stopping(Request(scope)))
        except Exception as error:
            log.write("error", "request failed", **error_fields(error))
            await exchange.answer(problems.internal_error(Request(scope)))
        finally:
            exchange.stop()
        if exchange.expiry is not None:
            log.write("warning", "request timed out")
            await exchange.end_expired()
        log.write(
            "info",
            "request",
            method=scope["method"],
            path=_path(scope),
            status=exchange.status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            client=_client(scope),
        )

    def _begin(self, scope: Scope) -> None:
        """Choose the id of a request and add it to all its log lines."""
        state = scope.setdefault("state", {})
        request_id: str = state.get("request_id") or next(self._ids)
        state["request_id"] = request_id
        request_context.set({"request_id": request_id, **state.get("trace", _NO_TRACE)})


class _Exchange:
    """One request and its response. The time limit may respond in place of the application."""

    __slots__ = ("_limit", "_receive", "_scope", "_send", "_task", "expiry", "status")

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: TimeLimit | None) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._limit = limit
        self._task: asyncio.Task[object] = _current_task()
        self.status = 0
        """That of the response, or 0 before it begins."""
        self.expiry: asyncio.Task[None] | None = None
        """Responds in place of the application when the time is up."""

    def start(self) -> None:
        """Begin the time of the request, or begin it anew."""
        if self._limit is not None and self.expiry is None:
            self._limit.start(self._task, self._expire)

    def stop(self) -> None:
        """End the time of the request."""
        if self._limit is not None:
            self._limit.stop(self._task)

    async def receive(self) -> Message:
        """Return the next part of the body. The time for it is limited by the server instead."""
        self.stop()
        try:
            return await self._receive()
        finally:
            self.start()

    async def send(self, message: Message) -> None:
        """Send a part of the response, unless the time is up."""
        if self.expiry is not None:
            return
        if message["type"] == "http.response.start":
            state = self._scope["state"]
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                (b"x-request-id", state["request_id"].encode()),
                *state.get("response_headers", ()),
            ]
        await self._send(message)

    async def answer(self, response: ASGIApp) -> None:
        """Send this response, unless one has begun."""
        if not self.status:
            await response(self._scope, self._receive, self.send)

    def _expire(self) -> None:
        """Respond in place of the application, and cancel its work unless it commits."""
        self.expiry = asyncio.get_running_loop().create_task(self._answer_expired())
        if not is_committing(self._task):
            self._task.cancel()

    async def end_expired(self) -> None:
        """Wait for the response that was sent in place of the application's."""
        if self._task.cancelling():
            self._task.uncancel()
        if self.expiry is not None:
            await self.expiry

    async def _answer_expired(self) -> None:
        if self.status or self._limit is None:  # the server closes the connection
            return
        late = _Exchange(self._scope, self._receive, self._send, None)
        await late.answer(problems.timed_out(Request(self._scope), self._limit.seconds))
        self.status = late.status


def _current_task() -> "asyncio.Task[object]":
    task = asyncio.current_task()
    assert task is not None
    return task


def _receive_until_shutdown(receive: Receive) -> Receive:
    """Wrap the lifespan's `receive` to end in order even if a second signal cancels it."""

    async def receive_or_shutdown() -> Message:
        try:
            return await receive()
        except asyncio.CancelledError:
            return {"type": "lifespan.shutdown"}

    return receive_or_shutdown


def random_ids() -> Iterator[str]:
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
