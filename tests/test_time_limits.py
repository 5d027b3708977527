"""A request that takes too long gets a 503 at the limit, and its work is cancelled."""

import asyncio
import json
import time
from collections.abc import Awaitable
from io import StringIO
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.database.commits import committed
from app.middleware import RequestMiddleware
from app.time_limits import TimeLimit
from tests.test_logs import lines

SECONDS = 0.3


class Client:
    """One request to an application behind the middleware, and what is sent in return."""

    def __init__(self, app: Any, *, method: str = "GET", pieces: int = 1) -> None:
        self.app = RequestMiddleware(app, timeout=SECONDS)
        self.scope: Scope = {"type": "http", "method": method, "path": "/", "headers": []}
        self.sent: list[Message] = []
        self.answered = 0.0
        self._pieces = pieces

    async def request(self) -> None:
        started = time.monotonic()

        async def send(message: Message) -> None:
            self.sent.append(message)
            self.answered = time.monotonic() - started

        await self.app(self.scope, self._receive, send)

    async def _receive(self) -> Message:
        await asyncio.sleep(1.2 * SECONDS)
        self._pieces -= 1
        return {"type": "http.request", "body": b"x", "more_body": self._pieces > 0}

    @property
    def status(self) -> int:
        assert [each["type"] for each in self.sent] == ["http.response.start", "http.response.body"]
        return int(self.sent[0]["status"])

    @property
    def problem(self) -> Any:
        return json.loads(self.sent[1]["body"])


async def answer(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def hanging(work: Awaitable[None] | None = None, ends: list[str] | None = None) -> Any:
    """Return an application that does its work for ever, or some other work, and then responds."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await (work or asyncio.sleep(60))
        except asyncio.CancelledError:
            (ends if ends is not None else []).append("cancelled")
            raise
        (ends if ends is not None else []).append("finished")
        await answer(send)

    return app


@pytest.mark.parametrize(
    ("method", "advice"),
    [
        ("GET", "Try again in a moment."),
        ("POST", "The change may have happened all the same: check before you try again."),
    ],
)
async def test_request_that_takes_too_long_gets_a_503_and_is_cancelled(
    captured: StringIO, method: str, advice: str
) -> None:
    ends: list[str] = []
    client = Client(hanging(ends=ends), method=method)

    await asyncio.wait_for(client.request(), timeout=30)

    assert (client.status, ends) == (503, ["cancelled"])
    assert client.problem["detail"] == f"The request has taken longer than 0.3 seconds. {advice}"
    assert (b"retry-after", b"1") in client.sent[0]["headers"]
    request_id = client.scope["state"]["request_id"]
    assert (b"x-request-id", request_id.encode()) in client.sent[0]["headers"]
    logged = lines(captured.getvalue())
    assert [line["event"] for line in logged] == ["request timed out", "request"]
    assert {line["request_id"] for line in logged} == {request_id}
    assert logged[1]["status"] == 503
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_commit_that_takes_too_long_gets_a_503_at_the_limit_and_goes_on(
    captured: StringIO,
) -> None:
    ends: list[str] = []
    client = Client(hanging(committed(asyncio.sleep(6 * SECONDS)), ends), method="POST")

    await client.request()

    assert (client.status, ends) == (503, ["finished"])
    assert client.answered < 5 * SECONDS
    assert "may have happened" in client.problem["detail"]


async def test_time_in_which_the_body_arrives_does_not_count(captured: StringIO) -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            pass
        await answer(send)

    client = Client(app, method="POST", pieces=2)

    await client.request()

    assert client.status == 200


async def test_time_after_the_body_counts(captured: StringIO) -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        await asyncio.sleep(60)

    client = Client(app, method="POST")

    await asyncio.wait_for(client.request(), timeout=30)

    assert client.status == 503


async def test_response_that_does_not_end_is_cut_off(captured: StringIO) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    client = Client(app)

    await asyncio.wait_for(client.request(), timeout=30)

    assert [each["type"] for each in client.sent] == ["http.response.start"]
    assert "request timed out" in captured.getvalue()


async def test_error_behind_the_limit_is_logged_and_answered_once(captured: StringIO) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise RuntimeError("while it cleaned up")

    client = Client(app)

    await client.request()

    assert client.status == 503
    assert "while it cleaned up" in captured.getvalue()


async def test_request_in_time_is_left_alone(captured: StringIO) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(SECONDS / 6)
        await answer(send)

    clients = [Client(app) for _ in range(3)]
    for client in clients:  # of which the first has set the timer
        await client.request()
    await asyncio.sleep(1.5 * SECONDS)

    assert [client.status for client in clients] == [200] * 3
    assert "timed out" not in captured.getvalue()


async def test_tasks_expire_in_the_order_in_which_they_began() -> None:
    limit = TimeLimit(SECONDS)
    expired: list[str] = []

    async def work(name: str, *, seconds: float) -> None:
        task: asyncio.Task[Any] | None = asyncio.current_task()
        assert task is not None
        limit.start(task, lambda: expired.append(name))
        await asyncio.sleep(seconds)
        limit.stop(task)

    first = asyncio.create_task(work("first", seconds=3 * SECONDS))
    await asyncio.sleep(SECONDS / 6)
    quick = asyncio.create_task(work("quick", seconds=0))
    last = asyncio.create_task(work("last", seconds=3 * SECONDS))

    await asyncio.gather(first, quick, last)

    assert expired == ["first", "last"]
