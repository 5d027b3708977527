"""How uvicorn and its protocol are configured.

The protocol is uvicorn's own on httptools (llhttp), whose parser is strict; what a server that anybody can reach needs
beyond it is added here. No byte of a request is edited.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, cast
from urllib.parse import unquote

import httptools
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app import logs, problems
from app.middleware import LingeringClose, RequestMiddleware
from app.proxies import NONE, Proxies
from app.workers import Config
from generated.runtime.refusals import Refusal

HEAD_BYTES = 64 * 1024
"""What the request line and the header fields of a request may have together."""
FRAMING_BYTES = 2 * HEAD_BYTES
"""What may be received of a head, or of a body beyond `FRAMING_RATIO` times its content."""
FRAMING_RATIO = 8
"""How many bytes a chunked body may take for each byte of content: chunks of a single byte take six."""

_NAME = rb"[-.\w~!$&'()*+;=]*"
_HOST = re.compile(  # RFC 3986, section 3.2, less the comma: a list of hosts is none
    rb"(?:\[[0-9a-f:.]+\]|" + _NAME + rb"(?:%[0-9a-f]{2}" + _NAME + rb")*)(?::[0-9]*)?", re.IGNORECASE
)
_UNREADABLE = "The request is not well-formed HTTP/1.1."


def configuration(app: ASGIApp | str, *, proxies: Proxies = NONE, workers: int = 1) -> uvicorn.Config:
    """Return how to serve an application; one that is named is built by each process that serves it."""
    protocol: Any = partial(HttpProtocol, proxies=proxies)
    return Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        http=protocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # uvicorn believes loopback, and FORWARDED_ALLOW_IPS: see `app.proxies`
        timeout_graceful_shutdown=10,
    )


class HttpProtocol(HttpToolsProtocol):
    """Serves the requests of one connection.

    - An offer to upgrade is ignored (RFC 9110, section 7.8), whatever the protocol, and the body is read.
    - A request whose framing, version or Host is wrong is refused behind the answers to the requests before it, and
      the connection ends with it, since nobody can tell where the next request begins (RFC 9112, sections 3.2 and 6.3).
    - What a head and the framing of a body may take is limited.
    - Before the connection closes, or goes on behind an answer that came early, what is left of a body is read: see
      `LingeringClose`.
    """

    cycle: "_Cycle"

    def __init__(self, *arguments: Any, proxies: Proxies = NONE, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._proxies = proxies
        self._in_head = self._in_body = False
        self._ended = False  # no further request is read from this connection
        self._resuming = False  # a parser is being told what another one has read
        self._segment = 0  # bytes of the segment that is being parsed
        self._framing = 0  # bytes without content, in the segments behind the one where the head or the body began
        self._socket: asyncio.Transport
        self._lingering: LingeringClose

    # --- The connection ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn uses it
        """Begin to serve a connection."""
        self._socket = transport
        self._lingering = LingeringClose(transport, self.loop)
        joining = _JoiningTransport(transport, self.loop, close=self._close)
        super().connection_made(cast(asyncio.Transport, joining))
        self._complete = self._proxies.reader(self.client)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._lingering.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
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
                self._refuse(refusal if isinstance(refusal, Refusal) else Refusal(400, _UNREADABLE))
        else:
            if self._in_head or self._in_body:
                self._limit_framing()

    def on_response_complete(self) -> None:
        """Go on with the next request; the rest of this one comes first."""
        super().on_response_complete()
        if self._in_body and self.cycle.response_complete and not self.transport.is_closing():
            self._lingering.start()

    def _close(self) -> None:
        """Close the connection, once the client can no longer be sending what it has begun."""
        if self._in_head or self._in_body or self._ended:
            self._ended = True
            if self._socket.can_write_eof():
                self._socket.write_eof()
            self.flow.resume_reading()
            self._lingering.start()
        else:
            self._socket.close()

    def _discard(self, count: int) -> None:
        if self._lingering.discard(count):
            self.transport.close()
            self.flow.pause_reading()  # the rest of the time is the client's, to read the answer

    # --- Parsing ---

    def _parse(self, data: bytes | memoryview) -> None:
        while True:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as offer:
                self._ignore_offer()
                data = memoryview(data)[offer.args[0] :]

    def _ignore_offer(self) -> None:
        """Let another parser read on where the first one has stopped, for a protocol that is not spoken here.

        It is told how the body is framed; where there is none, the request is complete with that.
        """
        framing = [name + b": " + value + b"\r\n" for name, value in self.cycle.scope["headers"] if name in _FRAMING]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._resuming = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + b"".join(framing) + b"\r\n")
        self._resuming = False

    def on_message_begin(self) -> None:
        """The head of a request begins; behind a request with which the connection ends, there is none."""
        if self._resuming:
            return
        previous = cast("_Cycle | None", self.cycle)
        if previous is not None and not previous.keep_alive:
            self._ended = True
            raise EOFError
        self._in_head = True
        self._framing = -self._segment
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Serve the request; its body comes next."""
        if self._resuming:
            return
        version = self.parser.get_http_version()
        self.scope["http_version"] = version
        hosts, codings = _check_size(self.url, self.headers)
        self._read_request_line()
        _check(version, self.scope["method"], hosts, codings)
        self._in_head, self._in_body = False, True
        self._framing = -self._segment
        self.headers = []  # for the trailer, which is not for the application (RFC 9110, section 6.5.1)
        self._enqueue(
            self._new_cycle(
                self.scope,
                keep_alive=version == "1.1" and self.parser.should_keep_alive(),
                expects_continue=version == "1.1" and self.expect_100_continue,
            ),
            _own_answers if self.url == b"*" and self.scope["method"] == "OPTIONS" else self.app,
        )

    def on_body(self, body: bytes) -> None:
        """Pass on content."""
        self._framing -= FRAMING_RATIO * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is complete, unless the parser has stopped at an offer."""
        if self.parser.should_upgrade():
            return
        self._in_body = False
        if not self.parser.should_keep_alive():  # a trailer may say so, too
            self.cycle.keep_alive = False
        super().on_message_complete()
        self._stop_lingering()

    def _stop_lingering(self) -> None:
        """Wait for the next request behind a body that has ended after its answer."""
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
            self._refuse(
                _too_large() if self._in_head else Refusal(400, "The chunks of the body are out of proportion.")
            )

    # --- Requests ---

    def _refuse(self, refusal: Refusal) -> None:
        """Answer the request that is being read with a refusal, and read nothing more."""
        self._ended = True
        if not self._in_body:
            with suppress(httptools.HttpParserError, ValueError):
                self._read_request_line()  # for the log; the answer quotes nothing
            scope = {"method": "-", "raw_path": b"-", "query_string": b"", **self.scope, "path": ""}
            cycle = self._new_cycle(scope, keep_alive=False)
            cycle.refuse(refusal)
            self._enqueue(cycle, self.app)
        elif self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.refuse(refusal)

    def _new_cycle(self, scope: Any, *, keep_alive: bool, expects_continue: bool = False) -> "_Cycle":
        if self._complete is not None:
            self._complete(scope)
        return _Cycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=expects_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )

    def _enqueue(self, cycle: "_Cycle", app: Any) -> None:
        """Serve a request when those before it are answered."""
        self._unset_keepalive_if_required()  # which a body in the same segment may have set
        previous, self.cycle = cast("_Cycle | None", self.cycle), cycle
        if previous is None or previous.response_complete:
            self._start_asgi_task(cycle, app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, app))


class _Cycle(RequestResponseCycle):
    """One request and its answer, which is a refusal where the request turns out to be malformed."""

    _refusal: Refusal | None = None

    def refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal, if nothing has been answered yet."""
        self._refusal = refusal
        self.keep_alive = False
        self.message_event.set()

    async def run_asgi(self, app: Any) -> None:
        """Serve the request."""
        if self._refusal is not None:
            self.scope["state"]["refusal"] = self._refusal
            app = _own_answers
        await super().run_asgi(app)
        logs.clear_request_context()

    async def receive(self) -> Any:
        """Return what has come of the body. Raises `Refusal` where it is malformed."""
        message = await super().receive()
        if self._refusal is not None and self.more_body and not self.response_complete:
            raise self._refusal
        return message

    def send(self, message: Any) -> Coroutine[Any, Any, None]:
        """Send a part of the answer.

        The connection ends where the client still waits for 100 (Continue): whether it sends the body now, after an
        answer, nobody knows (RFC 9110, section 10.1.1).
        """
        if self.waiting_for_100_continue and self.more_body:
            self.keep_alive = False
        return super().send(message)


class _JoiningTransport:
    """Writes at once what is written in one step of the event loop.

    uvicorn writes the head of a response and its body one by one, and each would be a system call and a packet: a
    seventh of the time of a small response.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, *, close: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._close = close
        self._closing = False
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._transport.is_closing():
            self._transport.writelines(waiting)

    def close(self) -> None:
        """Write what waits, and begin to close."""
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
    """Return the values of Host and of Transfer-Encoding. Raises `Refusal` with 431, however the head came."""
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


def _check(version: str, method: str, hosts: list[bytes], codings: list[bytes]) -> None:
    """Check what the parser leaves open in a head. Raises `Refusal` with 400."""
    if version not in ("1.1", "1.0"):
        raise Refusal(400, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if method == "CONNECT":  # what follows may be for another host already
        raise Refusal(400, "This server is no proxy.")
    if hosts or version == "1.1":
        _check_host(hosts)
    if codings:
        _check_coding(codings, version)


def _check_host(values: list[bytes]) -> None:
    """Check Host (RFC 9112, section 3.2)."""
    if len(values) != 1 or not _HOST.fullmatch(values[0]):
        raise Refusal(400, "A request has one Host header field, with a host and perhaps a port.")


def _check_coding(values: list[bytes], version: str) -> None:
    """Check Transfer-Encoding, which llhttp lets end in chunked, and HTTP/1.0 does not have (RFC 9112, section 6.1)."""
    if version == "1.0" or [value.lower() for value in values] != [b"chunked"]:
        raise Refusal(400, "The only transfer coding that this server reads is chunked, in HTTP/1.1.")


def _too_large() -> Refusal:
    return Refusal(431, f"The request line and the header fields may have at most {HEAD_BYTES} bytes.")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what concerns no resource: a request that is refused, or `OPTIONS *` (RFC 9110, section 9.3.7)."""
    refusal = scope["state"].get("refusal")
    answer: ASGIApp = problems.refused(Request(scope), refusal) if refusal else Response(status_code=204)
    await answer(scope, receive, send)


_own_answers = RequestMiddleware(_answer)
