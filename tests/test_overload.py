"""More than the service can carry: it refuses the rest at once, and never the health checks."""

import asyncio
import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

import app.server
from app.limits import SPARE_CONNECTIONS, Limits
from app.proxies import Proxies
from app.settings import Settings
from tests.conftest import running_service
from tests.problems import problem
from tests.serving import get, post, rest, serving, wait_for
from tests.test_hostile import answer_on
from tests.wire import statuses_in

HEALTH = ["/livez", "/readyz"]


def overloaded(answer: httpx.Response) -> bool:
    """Tell whether an answer is the 503 of a service that has too much to do."""
    if answer.status_code != 503:
        return False
    assert problem(answer, 503)["type"] == "/problems/overloaded"
    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("1", "no-store")
    return True


# --- Connections ----------------------------------------------------------------------------------


def test_connection_beyond_the_limit_gets_a_503_and_health_an_answer() -> None:
    with serving(Limits(connections=2)) as server, ExitStack() as stack:
        first, second = (stack.enter_context(server.connect()) for _ in range(2))
        wait_for(lambda: server.open_connections == 2)

        with server.connect(get("/")) as third:
            answer = answer_on(third)
            assert rest(third) == b""

        assert overloaded(answer)
        assert answer.headers["Connection"] == "close"
        assert [server.get(path).status_code for path in HEALTH] == [200, 200]
        first.sendall(get("/"))
        assert answer_on(first).status_code == 200
        second.close()
        wait_for(lambda: server.open_connections == 1)
        assert server.get("/").status_code == 200


def test_body_beyond_the_limit_of_connections_gets_a_503() -> None:
    with (
        serving(Limits(connections=1)) as server,
        server.connect(),
        server.connect(post("/body", 10) + b"x" * 10) as connection,
    ):
        assert overloaded(answer_on(connection))


def test_connection_that_came_beyond_the_limit_is_kept_when_there_is_room_again() -> None:
    with serving(Limits(connections=1)) as server, server.connect() as first:
        wait_for(lambda: server.open_connections == 1)
        with server.connect() as second:
            wait_for(lambda: server.open_connections == 2)
            first.close()
            wait_for(lambda: server.open_connections == 1)

            for _ in range(2):
                second.sendall(get("/"))
                assert answer_on(second).status_code == 200


def test_health_is_answered_whatever_number_of_connections_is_silent() -> None:
    with serving(Limits(connections=1)) as server, ExitStack() as stack:
        silent = [stack.enter_context(server.connect()) for _ in range(3 * SPARE_CONNECTIONS)]

        assert [server.get(path).status_code for path in HEALTH] == [200, 200]
        assert server.open_connections <= 1 + SPARE_CONNECTIONS
        assert b" 503 " in rest(silent[1])


def test_silent_connection_beyond_the_limit_gets_a_503() -> None:
    with serving(Limits(connections=1)) as server, server.connect(), server.connect() as second:
        assert overloaded(answer_on(second))


@contextmanager
def files(number: int) -> Iterator[None]:
    """Let what is started in the block open so many files at most."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_more_connections_than_files_leave_the_service_alive(
    database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with ExitStack() as stack:
        with files(200):
            running = running_service(log_file=log, BLOG_DATABASE_URL=database_url)
            url = stack.enter_context(running)
        port = httpx.URL(url).port
        for _ in range(300):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(b"GET /")

        assert [httpx.get(f"{url}{path}").status_code for path in HEALTH] == [200, 200]
        assert overloaded(httpx.get(f"{url}/authors"))

        wait_for(lambda: sum(line["count"] for line in refusals(log)) >= 150)

    assert {line["limit"] for line in refusals(log)} == {200 - 64 - SPARE_CONNECTIONS - 10}
    assert len(refusals(log)) < 20  # one a second


def refusals(log: Path) -> list[dict[str, Any]]:
    """Return the lines about refused connections."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [line for line in lines if line["event"] == "connections refused"]


def test_limit_of_connections_leaves_files_for_the_service() -> None:
    with files(1000):
        few = Limits.of(Settings(max_connections=500, database_pool_size=20))
        many = Limits.of(Settings(max_connections=5000, database_pool_size=20))

    assert (few.connections, many.connections) == (500, 1000 - 64 - SPARE_CONNECTIONS - 20)


def test_largest_body_fits_whatever_the_limit_of_bytes() -> None:
    limits = Limits.of(Settings(max_bytes_in_flight=1024, max_body_bytes=5000))

    assert limits.bytes_in_flight == 5000


# --- Requests in progress -------------------------------------------------------------------------


def test_requests_beyond_the_limit_are_shed_until_others_are_done() -> None:
    with serving(Limits(requests=2)) as server, ExitStack() as stack:
        slow = [stack.enter_context(server.connect(get("/slow"))) for _ in range(2)]
        wait_for(lambda: server.load.requests == 2)

        with server.connect() as connection:
            for sent in (get("/"), post("/body", 3) + b"abc", get("/")):
                connection.sendall(sent)
                assert overloaded(answer_on(connection))  # and the connection is kept
        assert [server.get(path).status_code for path in HEALTH] == [200, 200]
        server.go_on.set()
        assert [answer_on(each).status_code for each in slow] == [200, 200]
        wait_for(lambda: server.load.requests == 0)
        assert server.get("/").status_code == 200


def test_client_that_does_not_wait_after_a_503_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.server, "SHED_SECONDS", 3600)
    with serving(Limits(requests=1)) as server, server.connect(get("/slow")):
        wait_for(lambda: server.load.requests == 1)

        with server.connect(get("/")) as connection:
            assert overloaded(answer_on(connection))
            connection.sendall(get("/"))
            connection.settimeout(0.2)
            with pytest.raises(TimeoutError):
                connection.recv(1)
        assert overloaded(server.get("/"))
        server.go_on.set()


def test_request_that_is_shed_has_an_id_and_head_no_body() -> None:
    with serving(Limits(requests=1)) as server, server.connect(get("/slow")):
        wait_for(lambda: server.load.requests == 1)

        first, second = (server.get("/a%20b").headers["X-Request-ID"] for _ in range(2))
        with server.connect(get("/", b"Connection: close").replace(b"GET", b"HEAD")) as connection:
            received = rest(connection)
        server.go_on.set()

    assert str(UUID(first)) == first != second
    assert received.startswith(b"HTTP/1.1 503 ")
    assert received.endswith(b"\r\n\r\n")


def test_health_below_a_prefix_is_not_shed() -> None:
    proxies = Proxies.of("", "/blog")
    with serving(Limits(requests=1), proxies=proxies) as server, server.connect(get("/slow")):
        wait_for(lambda: server.load.requests == 1)

        assert server.get("/blog/livez").status_code == 200
        assert overloaded(server.get("/blog/authors"))
        server.go_on.set()


def test_request_of_a_client_that_has_gone_counts_until_it_ends() -> None:
    with serving(Limits(requests=1)) as server:
        server.connect(get("/slow")).close()
        wait_for(lambda: server.load.requests == 1)
        server.go_on.set()

        wait_for(lambda: server.load.requests == 0)
        assert server.get("/").status_code == 200


def test_requests_that_are_still_arriving_or_not_read_do_not_count() -> None:
    with serving(Limits(requests=1)) as server, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(server.connect(post("/body", 10) + b"x"))
            stack.enter_context(server.connect(get("/large") * 2, receive_buffer=4096))
            wait_for(lambda: server.get("/").status_code == 200)

        assert server.load.requests == 0


def test_pipelined_requests_count_one_after_another() -> None:
    with (
        serving(Limits(requests=1)) as server,
        server.connect(get("/slow") + get("/") * 3 + get("/", b"Connection: close")) as connection,
    ):
        wait_for(lambda: server.load.requests == 1)
        server.go_on.set()

        assert statuses_in(rest(connection)) == [200] * 5


def test_requests_that_wait_for_the_database_are_limited(database_url: str) -> None:
    asyncio.run(_wait_for_the_database(database_url))


async def _wait_for_the_database(database_url: str) -> None:
    limit = 4
    locking = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        with running_service(
            BLOG_DATABASE_URL=database_url,
            BLOG_MAX_REQUESTS=str(limit),
            BLOG_DATABASE_POOL_SIZE="9",
        ) as url:
            async with (
                locking.transaction(),
                httpx.AsyncClient(base_url=url, timeout=30) as client,
                asyncio.TaskGroup() as group,
            ):
                await locking.execute("LOCK TABLE authors IN ACCESS EXCLUSIVE MODE")
                answers = [group.create_task(client.get("/authors/1")) for _ in range(limit)]
                async with asyncio.timeout(20):
                    while await locking.fetchval(_WAITING) < limit:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)

                assert overloaded(await client.get("/authors/1"))
                assert [(await client.get(path)).status_code for path in HEALTH] == [200, 200]
                assert {answer.done() for answer in answers} == {False}
                await locking.execute("ROLLBACK")
                await locking.execute("BEGIN")

            assert {answer.result().status_code for answer in answers} == {404}
    finally:
        await locking.close()


_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
