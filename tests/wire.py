"""The server without a network: its protocol on a transport that keeps what is written."""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import uvicorn
import uvloop
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.server import ServerState

Result = TypeVar("Result")

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_OWN = re.compile(rb"date: [^\r]*\r\n|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_STEPS = 25  # of the event loop; the longest way of a request takes less than ten


@dataclass(frozen=True, order=True)
class Request:
    """A request as the application has seen it."""

    method: str
    target: str
    body: bytes = b""


class Seeing:
    """Pure ASGI middleware: notes each request whose body has been read to its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "GET":  # the application asks for no body
            self._note(scope, b"")
        body = b""

        async def receive_noting() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            if message["type"] == "http.request" and not message["more_body"]:
                self._note(scope, body)
            return message

        await self._app(scope, receive_noting, send)

    def _note(self, scope: Scope, body: bytes) -> None:
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        self.requests.append(Request(scope["method"], target.decode("latin-1"), body))


class Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.ended = False

    def write(self, data: Any) -> None:
        assert not self.ended, "nothing is written behind the end"
        self.written += bytes(data)

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = True

    def close(self) -> None:
        self.ended = True

    def is_closing(self) -> bool:
        return self.ended

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        """What a test sends has been read already."""

    def resume_reading(self) -> None:
        """It comes anyway."""


@dataclass(frozen=True)
class Exchange:
    """What came of some segments, but for what differs each time."""

    answers: bytes
    ended: bool
    seen: list[Request] = field(default_factory=list)

    @property
    def statuses(self) -> list[int]:
        """The status of each answer."""
        return statuses_in(self.answers)


def statuses_in(answers: bytes) -> list[int]:
    """Return the status of each answer."""
    return [int(status) for status in _STATUS.findall(answers)]


def without_own(answers: bytes) -> bytes:
    """Return answers without what is of each alone, Date and X-Request-ID."""
    return _OWN.sub(b"", answers)


def served(exchanges: Coroutine[Any, Any, Result]) -> Result:
    """Run on the event loop that the service has."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(exchanges)


async def exchange(config: uvicorn.Config, *segments: bytes) -> Exchange:
    """Send segments on a connection of its own, each when nothing more comes of those before."""
    app = config.loaded_app
    seen_before = len(app.requests)
    transport, state = Transport(), ServerState()
    kind: Any = config.http_protocol_class
    protocol = kind(config=config, server_state=state, app_state={})
    protocol.connection_made(transport)
    for segment in segments:
        protocol.data_received(segment)
        for _ in range(_STEPS):
            await asyncio.sleep(0)
    ended = transport.ended
    protocol.connection_lost(None)
    if state.tasks:
        _, hanging = await asyncio.wait(state.tasks, timeout=10)
        assert not hanging, "a request goes on although its client is gone"
    return Exchange(without_own(transport.written), ended, app.requests[seen_before:])
