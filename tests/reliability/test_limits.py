"""What a database does not do in time or cannot do: 503 within the limits, and never a 500."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from app.database.url import connect_arguments
from tests.conftest import migrate_for_tests, run_sql, running_service
from tests.contract.factories import article, author
from tests.problems import problem
from tests.reliability.harness import own_postgres
from tests.servers import postgresql, wait_until
from tests.tokens import ADMIN

pytestmark = pytest.mark.slow

HEADERS = {**ADMIN, "If-Match": "*"}
SERIALIZABLE = "&options=-c%20default_transaction_isolation%3Dserializable"
SLOW_COMMIT = """
    CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(2); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow_commit AFTER UPDATE ON authors DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slow_commit()
"""

TERMINATE_OTHERS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND application_name <> '{}'"
)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that the tests of this module may break."""
    with own_postgres("limits") as server:
        yield server


@contextmanager
def serving(url: str, **settings: Any) -> Iterator[httpx.Client]:
    """Run a service; yield a client that is alive to the end and expects no 500."""
    statuses: Counter[int] = Counter()

    def count(response: httpx.Response) -> None:
        statuses[response.status_code] += 1

    with (
        running_service(BLOG_DATABASE_URL=url, **settings) as base_url,
        httpx.Client(
            base_url=base_url, headers=HEADERS, timeout=60, event_hooks={"response": [count]}
        ) as client,
    ):
        yield client
        assert client.get("/livez").status_code == 200
    assert statuses[500] == 0


def created_author(client: httpx.Client) -> str:
    return client.post("/authors", json=author()).raise_for_status().headers["Location"]


def test_concurrent_changes_of_one_row_succeed_under_serializable(
    server: EmbeddedPostgres,
) -> None:
    async def change(base_url: httpx.URL, path: str) -> Counter[int]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=base_url, headers=HEADERS, timeout=120, limits=limits
        ) as client:
            answers = await asyncio.gather(
                *(client.patch(path, json={"last_name": str(number)}) for number in range(320))
            )
        return Counter(answer.status_code for answer in answers)

    with serving(server.url + SERIALIZABLE, BLOG_DATABASE_WAIT="20") as client:
        statuses = asyncio.run(change(client.base_url, created_author(client)))

    assert statuses.keys() <= {200, 503}
    assert statuses[200] >= 316


def test_commit_that_takes_too_long_gets_a_503_at_the_limit_and_is_not_broken_off(
    server: EmbeddedPostgres,
) -> None:
    with serving(server.url, BLOG_REQUEST_TIMEOUT="0.5") as client:
        path = created_author(client)
        asyncio.run(run_sql(server.url, SLOW_COMMIT))
        try:
            started = time.monotonic()
            answer = client.patch(path, json={"last_name": "King"})
            seconds = time.monotonic() - started
            wait_until(lambda: client.get(path).json()["last_name"] == "King")
        finally:
            asyncio.run(run_sql(server.url, "DROP FUNCTION slow_commit CASCADE"))

    assert problem(answer, 503)["detail"] == (
        "The request has taken longer than 0.5 seconds. "
        "The change may have happened all the same: check before you try again."
    )
    assert "Retry-After" in answer.headers
    assert 0.5 <= seconds < 1.9


def test_request_that_waits_for_too_long_gets_a_503_at_the_limit(server: EmbeddedPostgres) -> None:
    with (
        serving(server.url, BLOG_REQUEST_TIMEOUT="0.5", BLOG_DATABASE_LOCK_TIMEOUT="60") as client,
        asyncio.Runner() as runner,
    ):
        path = created_author(client)
        connection = runner.run(asyncpg.connect(**connect_arguments(server.url)))
        runner.run(connection.execute("BEGIN; LOCK TABLE authors"))
        started = time.monotonic()
        answer = client.get(path)
        seconds = time.monotonic() - started
        runner.run(connection.close())

        assert client.get(path).status_code == 200

    assert problem(answer, 503)["detail"] == (
        "The request has taken longer than 0.5 seconds. Try again in a moment."
    )
    assert 0.5 <= seconds < 5


def test_server_without_a_free_connection_gives_503_until_there_is_one() -> None:
    settings = ("max_connections=8", "superuser_reserved_connections=0", "max_wal_senders=0")
    with postgresql(*settings, from_wheel=True) as server, asyncio.Runner() as runner:
        migrate_for_tests(server.url())
        with serving(server.url()) as client, ExitStack() as stack:
            path = created_author(client)
            for _ in range(2):  # the second time also what the service has had
                while (other := runner.run(connection_or_none(server.url()))) is not None:
                    stack.callback(other.terminate)
                    last = other
                runner.run(last.execute(TERMINATE_OTHERS.format(os.getpid())))
            answers = [
                client.get(path),
                client.post("/authors", json=author()),
                client.patch(path, json={"last_name": "King"}),
                client.delete(path),
            ]
            stack.close()

            assert client.get(path).status_code == 200

    for answer in answers:
        assert problem(answer, 503)["type"] == "/problems/service-unavailable"


def test_disk_that_is_full_gives_503_to_what_needs_room_until_there_is_some(
    server: EmbeddedPostgres,
) -> None:
    with serving(server.url) as client:
        owner = int(created_author(client).rpartition("/")[2])
        with full_disk(server, "articles"):
            refused = [
                client.post("/articles", json=article(author_id=owner)),
                client.post(
                    "/articles",
                    json=article(author_id=owner),
                    headers={"Idempotency-Key": '"a key"'},
                ),
            ]
            read = client.get("/articles")

        stored = client.post(
            "/articles", json=article(author_id=owner), headers={"Idempotency-Key": '"a key"'}
        )

    for answer in refused:
        assert problem(answer, 503)["type"] == "/problems/service-unavailable"
    assert read.json()["items"] == []
    assert stored.status_code == 201


async def connection_or_none(url: str) -> Any:
    """Return a connection of this process, or None if there is none left."""
    settings = {"application_name": str(os.getpid())}
    try:
        return await asyncpg.connect(**connect_arguments(url), server_settings=settings)
    except asyncpg.TooManyConnectionsError:
        return None


@contextmanager
def full_disk(server: EmbeddedPostgres, table: str) -> Iterator[None]:
    """Replace the empty file of a table with one that has no room."""
    file = server.cluster / asyncio.run(file_of(server.url, table))
    kept = file.with_suffix(".kept")
    file.rename(kept)
    file.symlink_to("/dev/full")
    try:
        yield
    finally:
        kept.replace(file)
        # those who have the full one open
        asyncio.run(
            run_sql(server.url, f"{TERMINATE_OTHERS.format('-')} AND pid <> pg_backend_pid()")
        )


async def file_of(url: str, table: str) -> str:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        return str(await connection.fetchval("SELECT pg_relation_filepath($1)", table))
    finally:
        await connection.close()
