"""Configures uvicorn and its protocol.

The protocol is uvicorn's own, on httptools (llhttp), which has a strict parser. This module adds
what a server on the open internet needs beyond that. The bytes of a request are never changed.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, cast
from urllib.parse import unquote

import httptools
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app import logs, problems
from app.limits import HEALTH_PATHS, SMALL_BODY, SPARE_SECONDS, Limits, Load
from app.middleware import LingeringClose, RequestMiddleware, random_ids
from app.proxies import NO_PROXIES, Proxies
from app.shutdown import DRAINING, FIRST_REQUEST_SECONDS
from app.workers import Config
from generated.runtime.rejections import RequestRejected

HEAD_BYTES = 64 * 1024
"""Limit for the request line and the header fields of a request together."""
FRAMING_BYTES = 2 * HEAD_BYTES
"""Limit for a head, and for the framing of a body beyond `FRAMING_RATIO` times its content."""
FRAMING_RATIO = 8
"""Bytes that a chunked body may take per byte of content; chunks of a single byte take six."""
SHED_SECONDS = 0.5
"""How long nothing is read from a connection after a request on it was shed."""
MAX_PIPELINED = 100
"""Requests that may wait for the responses to earlier ones; then the connection ends with them."""

_REG_NAME = rb"[-.\w~!$&'()*+;=]*"
_HOST = re.compile(  # RFC 3986, section 3.2, without the comma: a list of hosts is not a host
    rb"(?:\[[0-9a-f:.]+\]|" + _REG_NAME + rb"(?:%[0-9a-f]{2}" + _REG_NAME + rb")*)(?::[0-9]*)?",
    re.IGNORECASE,
)
_UNREADABLE = "The request is not well-formed HTTP/1.1."
_DEFAULT_LIMITS = Limits()


def configuration(
    app: ASGIApp | str,
    *,
    proxies: Proxies = NO_PROXIES,
    limits: Limits = _DEFAULT_LIMITS,
    workers: int = 1,
    shutdown_delay: float = 0,
    shutdown_timeout: float = 10,
) -> Config:
    """Return uvicorn's configuration; an application given by name is created in each worker."""
    protocol: Any = partial(HttpProtocol, proxies=proxies, load=Load(limits))
    return Config(
        app,
        shutdown_delay=shutdown_delay,
        factory=isinstance(app, str),
        workers=workers,
        http=protocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        # uvicorn trusts loopback and FORWARDED_ALLOW_IPS; `app.proxies` replaces it
        proxy_headers=False,
        timeout_graceful_shutdown=cast(int, shutdown_timeout),  # may be a fraction
        # A worker that starts on a busy machine needs seconds before it answers its parent. With
        # uvicorn's 5 seconds it would be killed as hung, and so would the one in its place.
        timeout_worker_healthcheck=20,
    )


class HttpProtocol(HttpToolsProtocol):
    """Serves the requests of one connection.

    - An offer to upgrade is ignored, for every protocol (RFC 9110, section 7.8), and the body is
      read.
    - A request with invalid framing, version or Host is rejected after the responses to earlier
      requests. The connection then closes, because the start of the next request is unknown (RFC
      9112, sections 3.2 and 6.3).
    - The size of a head and the framing of a body are limited, and so is the time until they have
      arrived, and until the client has read a response.
    - Connections, requests in progress and bytes in memory are limited: see `Load`.
    - After an early response, the rest of the body is read before the connection closes or is
      reused: see `LingeringClose`.
    """

    cycle: "_Cycle"

    def __init__(
        self, *arguments: Any, load: Load, proxies: Proxies = NO_PROXIES, **settings: Any
    ) -> None:
        super().__init__(*arguments, **settings)
        self._proxies = proxies
        self._load = load
        self._limits = load.limits
        self._is_spare = False
        self._arrival_timer: asyncio.TimerHandle | None = None
        self._reading_timer: asyncio.TimerHandle | None = None
        self._unread = 0  # bytes of responses, when the client was last looked at
        self._last_read = 0.0
        self._in_head = self._in_body = False
        self._ended = False  # no further request is read from this connection
        self._replaying = (
            False  # a new parser is being given the head that the previous one has read
        )
        self._segment = 0  # size of the segment that is being parsed
        # bytes that are not content, in the segments after the one where the head or body began
        self._framing = 0
        self._socket: asyncio.Transport
        self._lingering: LingeringClose

    # --- The connection ---

    # the type of `transport` is uvicorn's
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start serving a connection."""
        self._socket = transport
        self._lingering = LingeringClose(self._finish, self.loop)
        coalescing = _CoalescingTransport(transport, self.loop, close=self._close)
        super().connection_made(cast(asyncio.Transport, coalescing))
        self._apply_proxy_headers = self._proxies.reader(self.client)
        self._is_spare = self._load.connect(self)
        self._expect(SPARE_SECONDS if self._is_spare else self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up after the connection."""
        self._load.disconnect(self)
        self._lingering.cancel()
        self._stop_expecting()
        self._stop_watching()
        super().connection_lost(exc)

    def drain(self) -> None:
        """Make the response to the newest request the last one of this connection."""
        if (cycle := self._last_cycle) is not None and not cycle.response_started:
            cycle.keep_alive = False

    def shutdown(self) -> None:
        """Close the connection, after the request that it carries. A new one may send its first."""
        if self._is_unused:
            self.loop.call_later(FIRST_REQUEST_SECONDS, self._close_unused)
        elif not self._in_head:  # else the response has `Connection: close`: see `DRAINING`
            super().shutdown()

    def _close_unused(self) -> None:
        if self._is_unused:
            self.transport.close()

    @property
    def _is_unused(self) -> bool:
        return self._last_cycle is None and not self._in_head

    @property
    def _last_cycle(self) -> "_Cycle | None":
        return self.cycle  # uvicorn's annotation leaves out that there may be none

    def data_received(self, data: bytes) -> None:
        """Parse incoming data."""
        if self._lingering.timer is not None:
            self._discard(len(data))
        if self._ended:
            return
        self._unset_keepalive_if_required()
        self._segment = len(data)
        try:
            self._parse(data)
        except httptools.HttpParserError as error:
            if not self._ended:
                refusal = error.__context__
                self.refuse(
                    refusal
                    if isinstance(refusal, RequestRejected)
                    else RequestRejected(400, _UNREADABLE)
                )
        else:
            if self._in_head or self._in_body:
                self._limit_framing()
                self._expect_rest()
            elif self._is_idle:  # after an empty line, for example
                self._expect_rest()

    def on_response_complete(self) -> None:
        """Continue with the next request, after the rest of this one."""
        super().on_response_complete()
        if self._in_body and self.cycle.response_complete and not self.transport.is_closing():
            self._lingering.start()

    def _close(self) -> None:
        """Close the connection. If the client may still be sending, read the rest first."""
        if (self._in_head or self._in_body or self._ended) and not self._is_spare:
            self._ended = True
            if self._socket.can_write_eof():
                self._socket.write_eof()
            self.flow.resume_reading()
            self._lingering.start()
        else:
            self._finish()

    def _finish(self) -> None:
        """Close the connection when the client has read the rest, for which it has limited time."""
        self._socket.close()
        if self._reading_timer is None and self._socket.get_write_buffer_size():
            self._watch_reading()

    def abort(self) -> None:
        """Close the connection at once, and drop what the client has not read."""
        self._socket.abort()

    def _discard(self, count: int) -> None:
        if self._lingering.discard(count):
            self.transport.close()
            self.flow.pause_reading()  # leaves the client the remaining time to read the response

    # --- Time limits ---

    @property
    def is_waiting(self) -> bool:
        """Whether something of the current or first request is still to arrive."""
        return not self._ended and (self._in_head or self._in_body or self._is_idle)

    @property
    def _is_idle(self) -> bool:
        """Whether nothing has begun, or the last response is complete."""
        last: _Cycle | None = self.cycle
        return last is None or last.response_complete

    def _expect_rest(self) -> None:
        """Limit the time for the rest of the head or body, or until the next request begins."""
        if self._arrival_timer is None and not self._ended:
            limits = self._limits
            self._expect(limits.body_seconds if self._in_body else limits.head_seconds)

    def _expect(self, seconds: float) -> None:
        self._arrival_timer = self.loop.call_later(seconds, self._give_up)

    def _stop_expecting(self) -> None:
        if self._arrival_timer is not None:
            self._arrival_timer.cancel()
            self._arrival_timer = None

    def _give_up(self) -> None:
        """Reject what has not arrived in time; close a connection on which nothing has begun.

        Nobody waits for a response there, and one could be taken for that to a request which is
        sent at the same moment (RFC 9112, section 9.5).
        """
        self._arrival_timer = None
        if self._ended or self.transport.is_closing():
            return
        if self._is_spare and not self._load.has_room:
            self.refuse(self._load.too_many_connections())
        elif self._in_body and self.flow.read_paused:  # the service has not asked for the rest
            self._expect_rest()
        elif self._in_head:
            self.refuse(_too_late("head", self._limits.head_seconds))
        elif self._in_body:
            self.refuse(_too_late("body", self._limits.body_seconds))
        else:
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, unless the next request has begun, which has a limit of its own."""
        if not self._in_head:
            super().timeout_keep_alive_handler()

    def pause_writing(self) -> None:
        """Stop writing, because the client reads too slowly."""
        super().pause_writing()
        if self._reading_timer is None:
            self._watch_reading()

    def resume_writing(self) -> None:
        """Continue to write, because the client has read nearly everything."""
        super().resume_writing()
        if not self._socket.is_closing():
            self._stop_watching()

    @property
    def seconds_unread(self) -> float:
        """How long the client has taken nothing of a response that is waiting for it."""
        return self.loop.time() - self._last_read

    def _watch_reading(self) -> None:
        """Look after the client every second, until it has read the rest or its time is over."""
        unread, limit = self._socket.get_write_buffer_size(), self._limits.write_seconds
        if unread < self._unread or not self._unread:
            self._last_read = self.loop.time()
        self._unread = unread
        self._load.set_unread(self, unread)
        if self.seconds_unread >= limit:
            self._load.abort(self)
        else:
            self._reading_timer = self.loop.call_later(min(1, limit), self._watch_reading)

    def _stop_watching(self) -> None:
        if self._reading_timer is not None:
            self._reading_timer.cancel()
            self._reading_timer = None
            self._unread = 0
            self._load.set_unread(self, 0)

    # --- Parsing ---

    def _parse(self, data: bytes | memoryview) -> None:
        while True:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as offer:
                self._ignore_upgrade()
                data = memoryview(data)[offer.args[0] :]

    def _ignore_upgrade(self) -> None:
        """Continue with a new parser after an offer to upgrade, where the first parser stops.

        The new parser is given the framing of the body. Without a body this also completes the
        request.
        """
        framing = [
            name + b": " + value + b"\r\n"
            for name, value in self.cycle.scope["headers"]
            if name in _FRAMING
        ]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._replaying = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + b"".join(framing) + b"\r\n")
        self._replaying = False

    def on_message_begin(self) -> None:
        """Start a request, unless the connection ends with the previous one."""
        if self._replaying:
            return
        previous = self._last_cycle
        if previous is not None:
            if len(self.pipeline) >= MAX_PIPELINED:
                previous.keep_alive = False
            if not previous.keep_alive:
                self._ended = True
                raise EOFError
        self._in_head = True
        self._framing = -self._segment
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Check the head and serve the request. Its body comes next."""
        if self._replaying:
            return
        self._stop_expecting()
        version = self.parser.get_http_version()
        self.scope["http_version"] = version
        hosts, codings = _check_size(self.url, self.headers)
        self._read_request_line()
        _check_head(version, self.scope["method"], hosts, codings)
        self._in_head, self._in_body = False, True
        self._framing = -self._segment
        self.headers = []  # a trailer goes here, not to the application (RFC 9110, section 6.5.1)
        self._enqueue(
            self._new_cycle(
                self.scope,
                keep_alive=version == "1.1" and self.parser.should_keep_alive(),
                expects_continue=version == "1.1" and self.expect_100_continue,
            ),
            _server_app if self.url == b"*" and self.scope["method"] == "OPTIONS" else self.app,
        )

    def on_body(self, body: bytes) -> None:
        """Pass content to the application."""
        self._framing -= FRAMING_RATIO * len(body)
        super().on_body(body)
        cycle = self.cycle
        cycle.received += len(body)
        if cycle.received > SMALL_BODY and not (cycle.response_complete or self._ended):
            cycle.is_upload = True
            self._load.hold(self, len(body))

    def on_message_complete(self) -> None:
        """Complete the request, unless the parser has stopped at an offer to upgrade."""
        if self.parser.should_upgrade():
            return
        self._in_body = False
        self._stop_expecting()
        if not self.parser.should_keep_alive():  # a trailer may say so
            self.cycle.keep_alive = False
        super().on_message_complete()
        self.cycle.count()
        self._stop_lingering()

    def _stop_lingering(self) -> None:
        """Wait for the next request: the rest of a body has arrived after its response."""
        if self._lingering.timer is None:
            return
        self._lingering.cancel()
        if self.cycle.keep_alive:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            self.transport.close()

    def _read_request_line(self) -> None:
        url = httptools.parse_url(self.url)
        self.scope["method"] = self.parser.get_method().decode("ascii")
        raw_path = url.path or (b"/" if url.schema else b"")
        path = raw_path.decode("ascii")
        self.scope["path"] = self.root_path + (unquote(path) if "%" in path else path)
        self.scope["raw_path"] = self.root_path.encode("ascii") + raw_path
        self.scope["query_string"] = url.query or b""

    def _limit_framing(self) -> None:
        self._framing += self._segment
        if self._framing > FRAMING_BYTES:
            self.refuse(
                _too_large()
                if self._in_head
                else RequestRejected(400, "The framing of the body is too large for its content.")
            )

    # --- Requests ---

    def refuse(self, refusal: RequestRejected) -> None:
        """Reject the request that is being read, and read nothing more."""
        self._ended = True
        if not self._in_body:
            if cast(Any, self.scope) is None:  # nothing has been read
                super().on_message_begin()
            with suppress(httptools.HttpParserError, ValueError):
                self._read_request_line()  # for the log; the response quotes nothing
            scope = {"method": "-", "raw_path": b"-", "query_string": b"", **self.scope, "path": ""}
            cycle = self._new_cycle(scope, keep_alive=False)
            cycle.refuse(refusal)
            self._enqueue(cycle, self.app)
        elif self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.refuse(refusal)

    def _new_cycle(
        self, scope: Any, *, keep_alive: bool, expects_continue: bool = False
    ) -> "_Cycle":
        if self._apply_proxy_headers is not None:
            self._apply_proxy_headers(scope)
        cycle = _Cycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=expects_continue,
            keep_alive=keep_alive and not DRAINING.is_set(),
            on_response=self.on_response_complete,
        )
        cycle.connection, cycle.load = self, self._load
        return cycle

    def _enqueue(self, cycle: "_Cycle", app: Any) -> None:
        """Serve a request after the responses to earlier ones."""
        self._unset_keepalive_if_required()  # a body in the same segment may have set it
        previous, self.cycle = self._last_cycle, cycle
        if previous is None or previous.response_complete:
            self._start_asgi_task(cycle, app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, app))

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Start to serve a request, or refuse it if the service has too much to do."""
        if self._is_spare or self._load.is_full:
            self._shed(cycle)
        cycle.is_started = True
        if not cycle.more_body:
            cycle.count()
        super()._start_asgi_task(cycle, app)

    def _shed(self, cycle: "_Cycle") -> None:
        """Refuse a request, unless it has been refused before, is for health, or there is room."""
        if self._is_spare and self._load.has_room:
            self._load.promote(self)
            self._is_spare = False
        is_health = cycle.scope["path"].removeprefix(cycle.scope["root_path"]) in HEALTH_PATHS
        if self._is_spare:
            cycle.keep_alive = False
            if not (is_health or cycle.refusal):
                cycle.refusal = self._load.too_many_connections()
        elif not (is_health or cycle.refusal):
            cycle.refusal = self._load.too_many_requests()
            cycle.is_shed = cycle.refusal is not None

    def rest(self) -> None:
        """Read nothing for a moment, after a request was shed.

        Clients that try again at once would otherwise take all the time of the service.
        """
        if not (self._in_body or self._ended or self.transport.is_closing()):
            self.flow.pause_reading()
            self.loop.call_later(SHED_SECONDS, self._end_rest)

    def _end_rest(self) -> None:
        if not self.transport.is_closing():
            self.flow.resume_reading()


class _Cycle(RequestResponseCycle):
    """One request and its response, which is a refusal if the request is malformed or shed."""

    connection: HttpProtocol
    load: Load
    refusal: RequestRejected | None = None
    is_shed = False
    is_started = False
    is_counted = False  # as a request in progress
    received = 0  # bytes of the body
    is_upload = False  # some of them are counted

    def count(self) -> None:
        """Count a request that has been received completely, once it is served."""
        if self.is_started and not (self.refusal or self.response_started):
            self.is_counted = True
            self.load.requests += 1

    def _uncount(self) -> None:
        self.is_counted = False
        self.load.requests -= 1

    def refuse(self, refusal: RequestRejected) -> None:
        """Reject the request, unless the response has started."""
        self.refusal = refusal
        self.keep_alive = False
        self.message_event.set()

    async def run_asgi(self, app: Any) -> None:
        """Serve the request."""
        if self.refusal is not None:
            self.scope["state"]["refusal"] = self.refusal
            app = _shed if self.is_shed else _server_app
        try:
            await super().run_asgi(app)
        finally:
            if self.is_counted:
                self._uncount()
            if self.is_upload:
                self.load.end_upload(self.connection)
            if self.is_shed:
                self.connection.rest()
        logs.clear_request_context()

    async def receive(self) -> Any:
        """Return the next part of the body. Raises `RequestRejected` if it is malformed."""
        message = await super().receive()
        if self.refusal is not None and self.more_body and not self.response_complete:
            raise self.refusal
        return message

    def send(self, message: Any) -> Coroutine[Any, Any, None]:
        """Send a part of the response.

        If the client is still waiting for 100 (Continue), the connection closes after the response:
        the client may or may not send the body now (RFC 9110, section 10.1.1).
        """
        if self.waiting_for_100_continue and self.more_body:
            self.keep_alive = False
        if self.is_counted:
            self._uncount()  # what is left to do is up to the client
        return super().send(message)


class _CoalescingTransport:
    """Combines all writes of one step of the event loop.

    uvicorn writes the head and the body of a response separately. Each write would be a system call
    and a packet, which takes a seventh of the time of a small response.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        *,
        close: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._close = close
        self._closing = False
        self._pending: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._pending:
            self._loop.call_soon(self._flush)
        self._pending.append(data)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending and not self._transport.is_closing():
            self._transport.writelines(pending)

    def close(self) -> None:
        """Write pending data and start closing."""
        if not self.is_closing():
            self._closing = True
            self._flush()
            self._close()

    def is_closing(self) -> bool:
        return self._closing or self._transport.is_closing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


_FRAMING = (b"content-length", b"transfer-encoding")


def _check_size(url: bytes, headers: list[tuple[bytes, bytes]]) -> tuple[list[bytes], list[bytes]]:
    """Return the values of Host and Transfer-Encoding.

    Raises `RequestRejected` with 431 if the head is too large.
    """
    size, hosts, codings = len(url), [], []
    for name, value in headers:
        size += len(name) + len(value) + 4
        if name == b"host":
            hosts.append(value)
        elif name == b"transfer-encoding":
            codings.append(value)
    if size > HEAD_BYTES:
        raise _too_large()
    return hosts, codings


def _check_head(version: str, method: str, hosts: list[bytes], codings: list[bytes]) -> None:
    """Check what the parser does not. Raises `RequestRejected` with 400."""
    if version not in ("1.1", "1.0"):
        raise RequestRejected(400, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if method == "CONNECT":  # what follows may already be meant for another host
        raise RequestRejected(400, "This server is not a proxy.")
    if hosts or version == "1.1":
        _check_host(hosts)
    if codings:
        _check_coding(codings, version)


def _check_host(values: list[bytes]) -> None:
    """Check Host (RFC 9112, section 3.2)."""
    if len(values) != 1 or not _HOST.fullmatch(values[0]):
        raise RequestRejected(
            400,
            "A request must have exactly one Host header field, with a host and an optional port.",
        )


def _check_coding(values: list[bytes], version: str) -> None:
    """Allow only chunked; llhttp accepts more, and HTTP/1.0 has none (RFC 9112, section 6.1)."""
    if version == "1.0" or [value.lower() for value in values] != [b"chunked"]:
        raise RequestRejected(400, "The only supported transfer coding is chunked, in HTTP/1.1.")


def _too_large() -> RequestRejected:
    return RequestRejected(
        431, f"The request line and the header fields may have at most {HEAD_BYTES} bytes."
    )


def _too_late(part: str, seconds: float) -> RequestRejected:
    return RequestRejected(408, f"The {part} of a request may take at most {seconds:g} seconds.")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond to a rejected request, or to `OPTIONS *` (RFC 9110, section 9.3.7)."""
    refusal = scope["state"].get("refusal")
    answer: ASGIApp = (
        problems.refused(Request(scope), refusal) if refusal else Response(status_code=204)
    )
    await answer(scope, receive, send)


async def _shed(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond to a request for which there is no time, as fast as possible.

    The log has no line for each, only their number.
    """
    state = scope["state"]
    request_id = state.get("request_id") or next(_ids)
    status, headers, body = problems.overloaded(scope, state["refusal"].detail, request_id)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


_ids = random_ids()
_server_app = RequestMiddleware(_answer)
