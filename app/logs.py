"""Logging: JSON in production, readable lines in a terminal, and never bodies, queries or secrets.

Every line that is written while a request is served has its `request_id`, which leads from a
response to its cause.
"""

import atexit
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol, TextIO

import orjson
from pydantic import BaseModel, ValidationError

from app.database.failures import DATABASE_ERRORS, reason
from app.errors import subclasses
from app.writer import LineWriter

_FLUSH_SECONDS = 1.0  # how long to wait at exit for a log that nobody reads
_MAX_INVALID_LOCATIONS = 20  # per line, even if all rows of a page are invalid

# The default is never modified.
request_context: ContextVar[dict[str, str]] = ContextVar("request_context", default={})  # noqa: B039
"""Fields that are added to every line of the current request: its id and its trace."""


def configure(log_format: str) -> None:
    """Send all logs of the process to stderr, as `console`, `json`, or `auto`: what fits stderr.

    Uncaught exceptions and warnings of the interpreter are logged too: left to Python, they would
    block on stderr.
    """
    log.writer = _writer()
    readable = log_format == "console" or (
        log_format == "auto" and sys.stderr is not None and sys.stderr.isatty()
    )
    log.format = _console_line if readable else _json_line
    logging.basicConfig(level=logging.INFO, handlers=[_Handler()], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = lambda _kind, error, _stack: log.write(
        "error", "uncaught exception", **error_fields(error)
    )
    sys.unraisablehook = lambda failed: log.write(
        "error", "ignored exception", **error_fields(failed.exc_value)
    )
    threading.excepthook = lambda failed: log.write(
        "error", "thread failed", **error_fields(failed.exc_value)
    )


def clear_request_context() -> None:
    """Remove the id of the request that the current task has served from its context.

    Tasks and callbacks that a task starts copy its context. Some outlive the request: the database
    connections it opened, timers, and the next reads of its own connection. All copies share this
    dictionary, so it is emptied.
    """
    request_context.get().clear()


def flush() -> None:
    """Wait until everything is written, for at most a second. Call it before the process exits."""
    log.writer.flush(_FLUSH_SECONDS)


class _Writer(Protocol):
    def put(self, line: bytes) -> None: ...

    def flush(self, timeout: float) -> None: ...


class _Stream:
    """Writes to a Python stream: before logging is configured, or if stderr is not a file."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream  # None where stderr was closed when the process started

    def put(self, line: bytes) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.write(line.decode())

    def flush(self, timeout: float) -> None:
        """Do nothing: nothing is buffered."""


def _writer() -> _Writer:
    try:
        return _file_writer(sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):  # closed, or in memory
        return _Stream(sys.stderr)


@cache
def _file_writer(file: int) -> LineWriter:
    writer = LineWriter(file, gap=log.gap)
    atexit.register(writer.flush, _FLUSH_SECONDS)
    return writer


class Log:
    """Writes lines; requests bypass the standard library's logging, which is slower."""

    def __init__(self) -> None:
        self.writer: _Writer = _Stream(sys.stderr)
        self.format = _console_line

    def write(self, level: str, event: str, **fields: object) -> None:
        """Write one line. It never blocks and never fails, even if the log is full or not read."""
        now = datetime.now(UTC)
        line = {"timestamp": now, "level": level, "event": event, **fields, **request_context.get()}
        self.writer.put(self.format(line))

    def gap(self, lines: int) -> bytes:
        """Return the line that reports how many lines were dropped."""
        now = datetime.now(UTC)
        return self.format(
            {"timestamp": now, "level": "warning", "event": "log lines dropped", "lines": lines}
        )


def _json_line(line: dict[str, Any]) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _console_line(line: dict[str, Any]) -> bytes:
    time, level, event, stack = (
        line.pop("timestamp"),
        line.pop("level"),
        line.pop("event"),
        line.pop("stack", ""),
    )
    fields = "".join(f" {name}={_printable(str(value))}" for name, value in line.items())
    return f"{time:%Y-%m-%dT%H:%M:%SZ} {level:<7} {_printable(event)}{fields}\n{stack}".encode()


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)


log = Log()


class _Handler(logging.Handler):
    """Receives what uvicorn and the application log through the standard library."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event = record.getMessage().encode(errors="backslashreplace").decode()
            if record.name in _FIRST_LINE_ONLY:
                event = event.partition("\n")[0]
            error = record.exc_info[1] if record.exc_info else None
            log.write(record.levelname.lower(), event, **error_fields(error))
        except Exception as error:  # a bad logging call must not fail its caller
            log.write("error", "cannot log", logger=record.name, **error_fields(error))


_FIRST_LINE_ONLY = ("asyncio", "py.warnings")
"""Loggers whose messages have a summary in the first line; the other lines may quote values."""


def error_fields(error: BaseException | None) -> dict[str, Any]:
    """Return the log fields for an error: type, message, stack, and locations of invalid data.

    Values are left out. Drivers and validators quote them in later lines of their messages, so only
    the first line is logged. Messages of the causes are not logged at all.
    """
    if error is None:
        return {}
    text = f"{type(error).__name__}: {_text(error)}"
    chain = list(_chain(error))
    stacks = [
        f"{type(each).__name__}\n{''.join(traceback.format_tb(each.__traceback__))}"
        for each in chain[1:]
    ]
    stack = "".join([*stacks[::-1], *traceback.format_tb(error.__traceback__)])
    invalid = [
        place
        for each in chain
        if isinstance(each, ValidationError)
        for place in _invalid_locations(each)
    ]
    return {"error": text, **({"invalid": invalid} if invalid else {}), "stack": stack}


def _text(error: BaseException) -> str:
    if isinstance(error, DATABASE_ERRORS):
        return reason(error)
    return str(error).partition("\n")[0][:300].encode(errors="backslashreplace").decode()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes, latest first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        earlier = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        waiting += [
            *(each.exceptions if isinstance(each, BaseExceptionGroup) else ()),
            *([earlier] if earlier else ()),
        ]


def _invalid_locations(error: ValidationError) -> Iterator[str]:
    """Yield the location and type of each validation error.

    Names that no model has are data, and shown as `*`.
    """
    names = {name for model in subclasses(BaseModel) for name in _names(model)}
    for each in error.errors(include_url=False, include_context=False, include_input=False)[
        :_MAX_INVALID_LOCATIONS
    ]:
        place = "".join(
            f"/{part if isinstance(part, int) or part in names else '*'}" for part in each["loc"]
        )
        yield f"{place} {each['type']}"


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
