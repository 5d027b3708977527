"""One log line for each request, JSON in production, readable in a terminal; never bodies, queries or secrets."""

import logging
import sys
import time
import traceback
from os import urandom
from typing import TextIO

import structlog
from pydantic_core import to_json
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, Processor

from app import problems

log = structlog.get_logger("app")


def configure(log_format: str) -> None:
    """Send all logs of the process to stderr: `console`, `json`, or `auto` to choose by what stderr is."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_values,
    ]
    renderer: Processor = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(_json)
    _Stderr.stream = sys.stderr
    structlog.configure(  # past the logging of the standard library, which costs a request more than its line
        processors=[*shared, renderer],
        logger_factory=lambda *_: _Stderr(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


class _Stderr:
    """Writes lines to what stderr was when the logs were configured."""

    stream: TextIO

    def msg(self, line: str) -> None:
        self.stream.write(line + "\n")

    info = warning = error = msg


def _json(event: EventDict, **_: object) -> str:
    return to_json(event, fallback=str).decode()


def _without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Write a traceback without the later lines of its message: drivers and validators quote values there."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else sys.exception() if info is True else info
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"
        event["stack"] = "".join(traceback.format_tb(error.__traceback__))
    return event


class RequestLog:
    """Pure ASGI middleware: gives a request its id, answers what nothing else caught, and writes its line.

    The id stands in `X-Request-ID`, in every problem and in the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _new_id()
        scope.setdefault("state", {})["request_id"] = request_id
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
        except Exception:
            log.exception("request failed", request_id=request_id)
            if not status:
                await problems.internal_error(Request(scope))(scope, receive, send_with_id)
        log.info(
            "request",
            method=scope["method"],
            path=_path(scope),
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            request_id=request_id,
        )


def _new_id() -> str:
    """Return a random UUID (RFC 9562, section 5.4) as text; `str(uuid4())` takes three times as long."""
    digits = urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _path(scope: Scope) -> str:
    """Return the path as it came, percent-encoded, so that nobody writes control characters into the log."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    return ascii(raw.decode("latin-1"))[1:-1]
