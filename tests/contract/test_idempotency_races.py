"""Requests with one idempotency key at the same time, and requests that are cut off."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.database.services.idempotency import Use
from tests.conftest import run_sql, running_service
from tests.contract.api import create, items
from tests.contract.factories import JSON, article, author
from tests.problems import problem
from tests.tokens import ADMIN, ADMIN_ID, ADMIN_TOKEN

PATIENCE = 20  # seconds until a test gives up waiting for another connection
WAITING = (
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active' "
    "AND datname = current_database()"
)


@pytest.fixture
def key() -> dict[str, str]:
    """The header with a new key."""
    return {"Idempotency-Key": str(uuid4())}


@asynccontextmanager
async def holding(url: str, lock: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold what a statement locks, on a connection of the test, until the block ends."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute(lock)
            yield connection
    finally:
        await connection.close()


async def waiting(connection: asyncpg.Connection) -> int:
    """Return the process of PostgreSQL that waits for a lock, as soon as there is one."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        # within a transaction the statistics stand still otherwise
        await connection.execute("SELECT pg_stat_clear_snapshot()")
        if pid := await connection.fetchval(WAITING):
            return int(pid)
        await asyncio.sleep(0.01)
    pytest.fail("nothing waits for the lock")


@contextmanager
def in_a_thread(request: Callable[[], httpx.Response]) -> Iterator[Future[httpx.Response]]:
    """Send a request in the background."""
    with ThreadPoolExecutor(1) as threads:
        yield threads.submit(request)


def test_of_fifty_requests_with_one_key_one_creates_something(
    client: httpx.Client, key: dict[str, str]
) -> None:
    create(client, "/authors", author())
    body = article(author_id=1)

    with ThreadPoolExecutor(50) as threads:
        answers = list(
            threads.map(lambda _: client.post("/articles", json=body, headers=key), range(50))
        )

    [stored] = items(client, "/articles")
    created = [each for each in answers if each.status_code == 201]
    assert created
    assert all(each.json() == stored for each in created)
    for each in answers:
        if each not in created:
            assert problem(each, 409)["type"] == "/problems/idempotency-key-in-use"
    assert client.post("/articles", json=body, headers=key).json() == stored


def test_a_key_in_use_returns_409_at_once_and_the_response_afterwards(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    create(client, "/authors", author())

    def request() -> httpx.Response:
        return client.post("/articles", json=article(author_id=1), headers=key)

    async def race() -> tuple[httpx.Response, httpx.Response, bool]:
        async with holding(database_url, "SELECT FROM authors FOR UPDATE") as connection:
            with in_a_thread(request) as first:
                await waiting(connection)
                second = await asyncio.to_thread(request)
                still_waits = not first.done()
                await connection.execute("COMMIT; BEGIN")
        return first.result(), second, still_waits

    first, second, still_waited = asyncio.run(race())

    assert still_waited
    assert problem(second, 409)["type"] == "/problems/idempotency-key-in-use"
    assert second.headers["Retry-After"] == "1"
    assert request().content == first.content
    assert items(client, "/articles") == [first.json()]


@pytest.mark.parametrize(
    ("operation", "path", "body"),
    [
        ("create_author", "/authors", author(last_name="Byron")),
        ("create_article", "/articles", article(author_id=1)),
    ],
)
def test_a_request_whose_key_is_in_use_has_no_effect(
    client: httpx.Client,
    database_url: str,
    key: dict[str, str],
    operation: str,
    path: str,
    body: JSON,
) -> None:
    create(client, "/authors", author())
    before = items(client, path)
    lock = Use(ADMIN_ID, operation, key["Idempotency-Key"]).lock

    async def answer() -> httpx.Response:
        async with holding(database_url, f"SELECT pg_advisory_xact_lock({lock})"):
            return await asyncio.to_thread(client.post, path, json=body, headers=key)

    assert problem(asyncio.run(answer()), 409)["type"] == "/problems/idempotency-key-in-use"
    assert items(client, path) == before
    assert client.post(path, json=body, headers=key).status_code == 201


def test_a_key_in_use_says_nothing_to_other_callers_and_operations(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    lock = Use(ADMIN_ID, "create_author", key["Idempotency-Key"]).lock
    others = [
        Use(ADMIN_ID + 1, "create_author", key["Idempotency-Key"]),
        Use(ADMIN_ID, "create_article", key["Idempotency-Key"]),
        Use(ADMIN_ID, "create_author", f"{key['Idempotency-Key']}1"),
    ]

    async def answer() -> httpx.Response:
        locks = "; ".join(f"SELECT pg_advisory_xact_lock({each.lock})" for each in others)
        async with holding(database_url, locks):
            return await asyncio.to_thread(client.post, "/authors", json=author(), headers=key)

    assert lock not in [each.lock for each in others]
    assert asyncio.run(answer()).status_code == 201


def test_what_is_lost_before_the_commit_has_not_happened_and_can_be_sent_again(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    """The article is inserted, and its key is to be stored, when the connection breaks."""
    create(client, "/authors", author())

    def request() -> httpx.Response:
        return client.post("/articles", json=article(author_id=1), headers=key)

    async def cut_off() -> httpx.Response:
        async with holding(database_url, "SELECT FROM tokens FOR UPDATE") as connection:
            with in_a_thread(request) as first:
                pid = await waiting(connection)
                await connection.fetchval("SELECT pg_terminate_backend($1)", pid)
                return await asyncio.wrap_future(first)

    lost = asyncio.run(cut_off())

    assert lost.status_code == 503
    assert items(client, "/articles") == []
    assert request().status_code == 201
    assert request().json() == items(client, "/articles")[0]
    assert len(items(client, "/articles")) == 1


def test_a_client_that_goes_away_finds_all_or_nothing(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    """Its response is lost, and it sends the request again."""
    create(client, "/authors", author())
    address = str(client.base_url)

    async def give_up() -> None:
        async with (
            holding(database_url, "SELECT FROM authors FOR UPDATE"),
            httpx.AsyncClient(base_url=address, headers=ADMIN, timeout=0.5) as impatient,
        ):
            with pytest.raises(httpx.ReadTimeout):
                await impatient.post("/articles", json=article(author_id=1), headers=key)

    asyncio.run(give_up())
    until = monotonic() + PATIENCE
    while (
        again := client.post("/articles", json=article(author_id=1), headers=key)
    ).status_code == 409:
        assert monotonic() < until

    assert again.status_code == 201
    assert items(client, "/articles") == [again.json()]


def test_half_a_request_uses_no_key(client: httpx.Client, key: dict[str, str]) -> None:
    head = (
        f"POST /authors HTTP/1.1\r\nHost: blog\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n"
        f"Idempotency-Key: {key['Idempotency-Key']}\r\nContent-Type: application/json\r\n"
        "Content-Length: 100\r\n\r\n{"
    )
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as sent:
        sent.sendall(head.encode())

    answer = client.post("/authors", json=author(), headers=key)

    assert answer.status_code == 201


def test_a_response_of_one_process_is_repeated_by_another(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    first = client.post("/authors", json=author(), headers=key)

    with (
        running_service(BLOG_DATABASE_URL=database_url) as base_url,
        httpx.Client(base_url=base_url, headers=ADMIN, verify=False) as other,
    ):
        again = other.post("/authors", json=author(), headers=key)
        with ThreadPoolExecutor(20) as threads:
            new = {"Idempotency-Key": str(uuid4())}
            answers = list(
                threads.map(
                    lambda number: (client, other)[number % 2].post(
                        "/authors", json=author(last_name="Byron"), headers=new
                    ),
                    range(20),
                )
            )

    assert (again.status_code, again.content) == (201, first.content)
    assert {each.status_code for each in answers} <= {201, 409}
    assert len({each.content for each in answers if each.status_code == 201}) == 1
    assert len(items(client, "/authors")) == 2


def test_a_replay_does_not_wait_for_another_one(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    first = client.post("/authors", json=author(), headers=key)
    lock = Use(ADMIN_ID, "create_author", key["Idempotency-Key"]).lock

    async def answer() -> httpx.Response:
        async with holding(database_url, f"SELECT pg_advisory_xact_lock({lock})"):
            return await asyncio.to_thread(client.post, "/authors", json=author(), headers=key)

    assert asyncio.run(answer()).content == first.content


def test_no_lock_on_a_key_is_left_behind(
    client: httpx.Client, database_url: str, key: dict[str, str]
) -> None:
    client.post("/articles", json=article(author_id=1), headers=key)
    client.post("/authors", json=author(), headers=key)

    locks = "SELECT FROM pg_locks WHERE locktype = 'advisory'"
    assert asyncio.run(run_sql(database_url, locks)) == "SELECT 0"
