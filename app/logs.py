"""One log line for each request, JSON in production, readable in a terminal; never bodies, queries or secrets.

Each line that is written on behalf of a request has its id, whoever writes it: `request_id` leads from an answer to its
cause.
"""

import asyncio
import atexit
import logging
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from os import urandom
from typing import Any, Protocol, TextIO

import orjson
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import problems
from app.database.failures import OF_DATABASE, reason
from app.writer import LineWriter

_FLUSH_SECONDS = 1.0  # how long the end of the process waits for a log that is not read
_MOST_PLACES = 20  # of invalid data; a page of a hundred wrong rows is not more than a line

_NO_TRACE: dict[str, str] = {}
_request: ContextVar[dict[str, str]] = ContextVar("request", default={})  # noqa: B039 - nobody fills the empty one
"""What each line of the current request has: its id, and the trace to which it belongs."""


def configure(log_format: str) -> None:
    """Send all logs of the process to stderr: `console`, `json`, or `auto` to choose by what stderr is.

    What nobody has caught and what the interpreter warns of is logged too: it would wait for stderr on its own.
    """
    _log.writer = _writer()
    readable = log_format == "console" or (log_format == "auto" and sys.stderr is not None and sys.stderr.isatty())
    _log.line = _readable if readable else _json
    logging.basicConfig(level=logging.INFO, handlers=[_Handler()], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = lambda _kind, error, _stack: _log.write("error", "uncaught exception", **_told(error))
    sys.unraisablehook = lambda failed: _log.write("error", "ignored exception", **_told(failed.exc_value))
    threading.excepthook = lambda failed: _log.write("error", "thread failed", **_told(failed.exc_value))


def end_request() -> None:
    """Let no later line have the id of the request that the current task has served.

    The context of a task is copied for what it starts, and some of that stays when the request is over: the connections
    to the database that it opened, the timers and the next reads of its own connection.
    """
    _request.get().clear()


def flush() -> None:
    """Wait until everything is written, for at most a second: for the end of a process."""
    _log.writer.flush(_FLUSH_SECONDS)


class _Writer(Protocol):
    def put(self, line: bytes) -> None: ...

    def flush(self, timeout: float) -> None: ...


class _Stream:
    """Writes to a stream as Python has it: while nothing is configured, or to one that is no file and never waits."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream  # None where stderr was closed when the process started

    def put(self, line: bytes) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.write(line.decode())

    def flush(self, timeout: float) -> None:
        """Nothing waits."""


def _writer() -> _Writer:
    try:
        return _file_writer(sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):  # closed, or in memory
        return _Stream(sys.stderr)


@cache
def _file_writer(file: int) -> LineWriter:
    writer = LineWriter(file, gap=_log.gap)
    atexit.register(writer.flush, _FLUSH_SECONDS)
    return writer


class _Log:
    """Writes lines. Requests come here past the logging of the standard library, which costs more than the line."""

    def __init__(self) -> None:
        self.writer: _Writer = _Stream(sys.stderr)
        self.line = _readable

    def write(self, level: str, event: str, **fields: object) -> None:
        """Write one line; a log that takes no more fails no request, and keeps none waiting."""
        now = datetime.now(UTC)
        self.writer.put(self.line({"timestamp": now, "level": level, "event": event, **fields, **_request.get()}))

    def gap(self, lines: int) -> bytes:
        """Return the line that tells how many lines are missing."""
        now = datetime.now(UTC)
        return self.line({"timestamp": now, "level": "warning", "event": "log lines dropped", "lines": lines})


def _json(line: dict[str, Any]) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _readable(line: dict[str, Any]) -> bytes:
    time, level, event, stack = line.pop("timestamp"), line.pop("level"), line.pop("event"), line.pop("stack", "")
    fields = "".join(f" {name}={_printable(str(value))}" for name, value in line.items())
    return f"{time:%Y-%m-%dT%H:%M:%SZ} {level:<7} {_printable(event)}{fields}\n{stack}".encode()


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)


_log = _Log()


class _Handler(logging.Handler):
    """Takes what is logged through the standard library: by uvicorn, and by the application where it is rare."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event = record.getMessage().encode(errors="backslashreplace").decode()
            if record.name in _QUOTING:
                event = event.partition("\n")[0]
            error = record.exc_info[1] if record.exc_info else None
            _log.write(record.levelname.lower(), event, **_told(error))
        except Exception as error:  # whoever logs nonsense is told, and goes on
            _log.write("error", "cannot log", logger=record.name, **_told(error))


_QUOTING = ("asyncio", "py.warnings")
"""Loggers whose messages have a summary in the first line, and in the others what failed, with values in it."""


def _told(error: BaseException | None) -> dict[str, Any]:
    """Return what to log of an error: its kind, its stack, and where it says that data are wrong, the places in them.

    Values are left out. Drivers and validators quote them in the later lines of their messages; the messages of errors
    that led to this one are not for the log at all.
    """
    if error is None:
        return {}
    text = f"{type(error).__name__}: {_text(error)}"
    chain = list(_chain(error))
    stacks = [f"{type(each).__name__}\n{''.join(traceback.format_tb(each.__traceback__))}" for each in chain[1:]]
    stack = "".join([*stacks[::-1], *traceback.format_tb(error.__traceback__)])
    invalid = [place for each in chain if isinstance(each, ValidationError) for place in _invalid(each)]
    return {"error": text, **({"invalid": invalid} if invalid else {}), "stack": stack}


def _text(error: BaseException) -> str:
    if isinstance(error, OF_DATABASE):
        return reason(error)
    return str(error).partition("\n")[0][:300].encode(errors="backslashreplace").decode()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that led to it, the last one first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        earlier = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        waiting += [*(each.exceptions if isinstance(each, BaseExceptionGroup) else ()), *([earlier] if earlier else ())]


def _invalid(error: ValidationError) -> Iterator[str]:
    """Yield where data do not fit and what kind of error that is; names that no model has are data, and left out."""
    names = {name for model in problems.subclasses(BaseModel) for name in _names(model)}
    for each in error.errors(include_url=False, include_context=False, include_input=False)[:_MOST_PLACES]:
        place = "".join(f"/{part if isinstance(part, int) or part in names else '*'}" for part in each["loc"])
        yield f"{place} {each['type']}"


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


class RequestLog:
    """Pure ASGI middleware: gives a request its id, answers what nothing else caught, and writes its line.

    The id stands in `X-Request-ID`, in every problem and in the log. A server that has been told an id and a trace by
    somebody whom it trusts puts them into the state of the request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ids = _random_ids()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, _with_an_end(receive), send)
            return
        started = time.perf_counter()
        request_id = self._begin(scope)
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            status = 499  # nobody is left to answer; the code that nginx logs for it
        except asyncio.CancelledError:  # the server stops, and waits no longer
            _log.write("warning", "request cancelled")
            if not status:
                await problems.stopping(Request(scope))(scope, receive, send_with_id)
        except Exception as error:
            _log.write("error", "request failed", **_told(error))
            if not status:
                await problems.internal_error(Request(scope))(scope, receive, send_with_id)
        _log.write(
            "info",
            "request",
            method=scope["method"],
            path=_path(scope),
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            client=_client(scope),
        )

    def _begin(self, scope: Scope) -> str:
        """Return the id of a request; from now on each line has it."""
        state = scope.setdefault("state", {})
        request_id: str = state.get("request_id") or next(self._ids)
        state["request_id"] = request_id
        _request.set({"request_id": request_id, **state.get("trace", _NO_TRACE)})
        return request_id


def _with_an_end(receive: Receive) -> Receive:
    """Return a `receive` that tells the lifespan to end where the server, told twice to stop, would break it off."""

    async def receive_or_end() -> Message:
        try:
            return await receive()
        except asyncio.CancelledError:
            return {"type": "lifespan.shutdown"}

    return receive_or_end


def _random_ids() -> Iterator[str]:
    """Yield random UUIDs (RFC 9562, section 5.4) as text; `uuid4` asks the operating system anew for each of them."""
    while True:
        some = urandom(4096).hex()
        for start in range(0, len(some), 32):
            digits = some[start : start + 32]
            yield f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _path(scope: Scope) -> str:
    """Return the path as it came, percent-encoded, so that nobody writes control characters into the log."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    return ascii(raw.decode("latin-1"))[1:-1]


def _client(scope: Scope) -> str | None:
    """Return the address of the client, None where it has none: on a unix socket."""
    client = scope.get("client")
    return client[0] if client else None
