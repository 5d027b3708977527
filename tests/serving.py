"""A server of its own for a test, in a thread, with the limits of the test."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.limits import Limits, Load
from app.middleware import RequestMiddleware
from app.proxies import NO_PROXIES, Proxies
from app.server import configuration
from tests.servers import HOST
from tests.test_hostile import answer_on

LARGE = 16 * 1024 * 1024
"""Bytes of the response to `GET /large`, more than the system holds for a client."""


@dataclass
class Served:
    """A running server."""

    port: int
    load: Load
    server: uvicorn.Server
    go_on: threading.Event = field(default_factory=threading.Event)
    """What requests to `/slow` wait for."""

    def connect(self, *pieces: bytes, receive_buffer: int | None = None) -> socket.socket:
        """Open a connection and send something."""
        connection = socket.socket()
        connection.settimeout(30)
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.connect((HOST, self.port))
        for piece in pieces:
            connection.sendall(piece)
        return connection

    def get(self, path: str) -> httpx.Response:
        """Send a request on a connection of its own."""
        with self.connect(get(path)) as connection:
            return answer_on(connection)

    @property
    def open_connections(self) -> int:
        """How many connections the server has."""
        return len(self.server.server_state.connections)


def get(path: str, *headers: bytes) -> bytes:
    """Return the bytes of a GET request."""
    return b"\r\n".join([b"GET %s HTTP/1.1" % path.encode(), b"Host: service", *headers, b"", b""])


def post(path: str, length: int, *headers: bytes) -> bytes:
    """Return the head of a POST request."""
    head = [b"POST %s HTTP/1.1" % path.encode(), b"Host: service", b"Content-Length: %d" % length]
    return b"\r\n".join([*head, *headers, b"", b""])


def rest(connection: socket.socket) -> bytes:
    """Return what still comes until the connection ends or is reset."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def serving(
    limits: Limits,
    *,
    app: ASGIApp | None = None,
    keep_alive: float = 20,
    proxies: Proxies = NO_PROXIES,
) -> Iterator[Served]:
    """Run a server in a thread, with an application for the tests of limits unless given one."""
    waiting = threading.Event()
    config = configuration(app or _application(waiting), limits=limits, proxies=proxies)
    keeping: Any = keep_alive  # uvicorn asks for whole seconds, and needs none
    config.timeout_keep_alive = keeping
    config.timeout_graceful_shutdown = 2
    protocol: Any = config.http
    server = uvicorn.Server(config)
    with socket.create_server((HOST, 0), backlog=1000) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            wait_for(lambda: server.started)
            port = listener.getsockname()[1]
            yield Served(port, protocol.keywords["load"], server, waiting)
        finally:
            waiting.set()
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


def _application(waiting: threading.Event) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        content = b"ok"
        path = scope["path"].removeprefix(scope["root_path"])
        if path == "/large":
            content = bytes(LARGE)
        elif path == "/slow":
            await asyncio.to_thread(waiting.wait, 20)
        elif path == "/late":  # reads its body late
            await asyncio.sleep(0.5)
            content = b"%d" % len(await Request(scope, receive).body())
        elif path == "/body":
            content = b"%d" % len(await Request(scope, receive).body())
        await Response(content)(scope, receive, send)

    return RequestMiddleware(app)
