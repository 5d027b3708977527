"""What the middleware does: the id on every line, and one response if the application fails."""

import asyncio
import logging
import time
import warnings
from io import StringIO
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from app.middleware import RequestMiddleware
from app.server import configuration
from tests.test_logs import lines
from tests.wire import Seeing, exchange, served

LIBRARY = logging.getLogger("library")
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"


async def _answer(send: Send, status: int = 200) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body", "body": b""})


def serve(app: ASGIApp, *segments: bytes) -> None:
    """Answer what is sent on one connection, as the server does it."""
    config = configuration(Seeing(RequestMiddleware(app)))
    config.load()
    served(exchange(config, *segments))


def ids(captured: StringIO, event: str) -> list[str | None]:
    """Return the ids that the lines of an event have."""
    return [
        line.get("request_id")
        for line in lines(captured.getvalue())
        if line["event"].startswith(event)
    ]


def test_lines_of_everybody_have_the_id_of_the_request_and_others_have_none(
    captured: StringIO,
) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        LIBRARY.warning("inside")
        warnings.warn("a warning", RuntimeWarning, stacklevel=1)
        await asyncio.create_task(nested())
        await asyncio.to_thread(LIBRARY.warning, "in a thread")
        await _answer(send)

    async def nested() -> None:
        LIBRARY.warning("inside")

    with warnings.catch_warnings(action="always"):
        LIBRARY.warning("outside")
        serve(app, GET)
        LIBRARY.warning("outside")

    [request_id] = ids(captured, "request")
    assert request_id
    assert ids(captured, "inside") == [request_id] * 2
    assert ids(captured, "in a thread") == [request_id]
    assert [
        line["request_id"] for line in lines(captured.getvalue()) if "a warning" in line["event"]
    ] == [request_id]
    assert ids(captured, "outside") == [None, None]


def test_the_line_of_a_request_has_the_milliseconds_that_it_took(captured: StringIO) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05)
        await _answer(send)
        await asyncio.sleep(0.05)  # the body may take its time

    started = time.perf_counter()
    serve(app, GET)
    longest = (time.perf_counter() - started) * 1000

    [line] = [line for line in lines(captured.getvalue()) if line["event"] == "request"]
    assert 99 <= line["ms"] <= longest


def test_lines_of_the_server_about_a_request_have_its_id(captured: StringIO) -> None:
    async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    serve(half, GET)

    assert ids(captured, "ASGI callable returned without completing response") == ids(
        captured, "request"
    )


async def test_requests_at_the_same_time_keep_their_ids(captured: StringIO) -> None:
    together = asyncio.Barrier(2)

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        for _ in range(3):
            await together.wait()
            LIBRARY.warning(scope["path"])
        await _answer(send)

    async def nobody(_: Any) -> None:
        """Take the answer."""

    served_app = RequestMiddleware(app)
    scopes: list[Any] = [
        {"type": "http", "method": "GET", "path": path, "headers": []} for path in ("/a", "/b")
    ]
    await asyncio.gather(
        *(asyncio.create_task(served_app(scope, _nothing, nobody)) for scope in scopes)
    )

    first, second = (scope["state"]["request_id"] for scope in scopes)
    assert first != second
    assert (ids(captured, "/a"), ids(captured, "/b")) == ([first] * 3, [second] * 3)


def test_body_that_comes_in_pieces_belongs_to_its_request(captured: StringIO) -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            LIBRARY.warning("piece")
            if not message["more_body"]:
                break
        await _answer(send)

    serve(app, POST, b"{", b"}" + POST, b"{}")

    first, second = ids(captured, "request")
    assert set(ids(captured, "piece")) == {first, second}
    assert ids(captured, "piece")[-1] == second


def test_work_that_a_request_leaves_behind_has_no_id_any_more(captured: StringIO) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        left = loop.create_future()
        # as a connection to the database is
        left.add_done_callback(lambda _: LIBRARY.warning("left behind"))
        loop.call_later(0.05, left.set_result, None)
        task = asyncio.current_task()
        assert task is not None
        task.add_done_callback(lambda _: LIBRARY.warning("after the end"))
        await _answer(send)
        waiting.append(left)

    waiting: list[asyncio.Future[None]] = []

    async def both() -> None:
        config = configuration(Seeing(RequestMiddleware(app)))
        config.load()
        await exchange(config, GET)
        await waiting[0]
        await asyncio.sleep(0)

    served(both())

    assert len(ids(captured, "request")) == 1
    assert ids(captured, "left behind") == [None]
    assert ids(captured, "after the end") == [None]


async def test_failure_behind_the_start_of_an_answer_does_not_begin_another(
    captured: StringIO,
) -> None:
    async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late")

    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await RequestMiddleware(half)({"type": "http", "method": "GET", "path": "/"}, _nothing, send)

    assert sent == ["http.response.start"]
    assert [line["event"] for line in lines(captured.getvalue())] == ["request failed", "request"]


async def _nothing() -> Any:
    raise AssertionError("nobody reads")
