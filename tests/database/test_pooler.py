"""Behind PgBouncer in transaction mode, where each transaction may use another connection."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import ARRAY, Enum, Integer, Numeric, bindparam, insert, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.database.db import Database
from app.database.failures import driver_error, sqlstate
from app.database.models import Author
from app.database.statements import Statement, parameters
from app.errors import Unavailable
from tests.conftest import migrate_for_tests, running_service
from tests.contract.factories import author
from tests.servers import PgBouncer, PostgreSQL, pgbouncer, postgresql
from tests.tokens import ADMIN

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """Debian's PostgreSQL."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def pooler(server: PostgreSQL) -> Iterator[PgBouncer]:
    """PgBouncer 1.18 with two connections to the server, migrated through itself."""
    with pgbouncer(server) as pooler:
        migrate_for_tests(pooler.url())
        yield pooler


@pytest.fixture
async def pooled(pooler: PgBouncer) -> AsyncIterator[Database]:
    """A database with more connections to the pooler than it has to the server."""
    async with Database(
        pooler.url(), pool_size=8, timeout=20, wait=20, behind_pooler=True
    ) as database:
        yield database


def test_service_serves_every_kind_of_request_behind_a_pooler(pooler: PgBouncer) -> None:
    running = running_service(BLOG_DATABASE_URL=pooler.url(), BLOG_DATABASE_POOLER="transaction")
    with running as base_url, httpx.Client(base_url=base_url, headers=ADMIN, timeout=60) as client:

        def story(number: int) -> list[int]:
            created = client.post("/authors", json=author(last_name=str(number)))
            article = client.post(
                "/articles", json={"title": "t", "content": "c", "author_id": created.json()["id"]}
            )
            return [
                created.status_code,
                article.status_code,
                client.get("/authors?limit=5&sort=last_name").status_code,
                client.get(article.headers["Location"]).status_code,
                client.patch(created.headers["Location"], json={}, headers=MERGE_PATCH).status_code,
                client.patch(
                    article.headers["Location"], json={"title": "u"}, headers=MERGE_PATCH
                ).status_code,
                client.delete(
                    f"{created.headers['Location']}?cascade={str(number % 2 == 0).lower()}"
                ).status_code,
                client.get("/readyz").status_code,
            ]

        with ThreadPoolExecutor(8) as threads:
            stories = list(threads.map(story, range(40)))

    expected = [201, 201, 200, 200, 200, 200]
    assert stories == [[*expected, 409 if number % 2 else 204, 200] for number in range(40)]


async def test_units_of_work_take_turns_on_the_connections_of_the_server(pooled: Database) -> None:
    state = Enum("draft", "published", name="pooled_state")
    typed = Statement(
        select(
            bindparam("n", type_=Numeric).label("n"),
            bindparam("j", type_=JSONB).label("j"),
            bindparam("a", type_=ARRAY(Integer)).label("a"),
            bindparam("s", type_=state).label("s"),
        )
    )
    values = {"n": 1, "j": {"a": [1]}, "a": [1, 2], "s": "draft"}
    async with pooled.transaction() as db:
        await db.execute(Statement(text("CREATE TYPE pooled_state AS ENUM ('draft', 'published')")))

    async def statement() -> None:
        async with pooled.statement() as db:
            assert await db.fetch_one(typed, **values) == values

    async def transaction() -> None:
        async with pooled.transaction() as db:
            await db.execute_many(
                Statement(insert(Author).values(parameters("first_name", "last_name"))),
                [{"first_name": "Ada", "last_name": str(number)} for number in range(3)],
            )
            async with db.savepoint():
                assert await db.fetch_one(typed, **values) == values

    async def session() -> None:
        async with pooled.session() as session:
            session.add(Author(first_name="Ada", last_name="Lovelace"))
            await session.flush()
            async with session.begin_nested():
                assert await session.scalar(select(literal(values["j"], JSONB))) == values["j"]

    await asyncio.gather(*(unit() for _ in range(30) for unit in (statement, transaction, session)))


@pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
async def test_statement_that_takes_too_long_is_ended_by_the_server_itself(
    pooler: PgBouncer, server: PostgreSQL, unit: str
) -> None:
    async with Database(
        pooler.url(), pool_size=4, timeout=0.5, wait=5, behind_pooler=True
    ) as database:

        async def sleep() -> None:
            async with getattr(database, unit)() as used:
                if isinstance(used, AsyncSession):
                    await used.execute(text("SELECT pg_sleep(60)"))
                else:
                    await used.fetch_one(Statement(text("SELECT pg_sleep(60)")))

        ends = await asyncio.gather(*(sleep() for _ in range(4)), return_exceptions=True)
        async with database.statement() as db:
            assert dict(await db.fetch_one(Statement(text("SELECT 1 AS one"))) or {}) == {"one": 1}

    assert [type(end) for end in ends] == [Unavailable] * 4
    asleep = await asyncio.to_thread(
        server.execute, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    )
    assert asleep == "SELECT 0"


@pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
async def test_lock_that_others_hold_is_waited_for_until_its_own_limit(
    pooler: PgBouncer, server: PostgreSQL, unit: str
) -> None:
    async with (
        Database(server.url(), pool_size=1, timeout=20, wait=5) as other,
        Database(
            pooler.url(), pool_size=1, timeout=20, wait=5, lock_timeout=0.2, behind_pooler=True
        ) as impatient,
        other.transaction() as holding,
    ):
        await holding.execute(Statement(text("LOCK TABLE authors")))
        started = time.monotonic()

        with pytest.raises(Unavailable) as failed:
            async with getattr(impatient, unit)() as used:
                if isinstance(used, AsyncSession):
                    await used.execute(text("SELECT FROM authors"))
                else:
                    await used.execute(Statement(text("SELECT FROM authors")))

        assert 0.2 <= time.monotonic() - started < 10
        assert sqlstate(driver_error(failed.value.__cause__ or failed.value)) == "55P03"


async def test_pooler_without_the_setting_fails(pooler: PgBouncer) -> None:
    """What the setting is for; should this succeed one day, it can go."""
    async with Database(pooler.url(), pool_size=8, timeout=20, wait=20) as database:

        async def statement(number: int) -> None:
            async with database.statement() as db:
                await db.fetch_one(Statement(text(f"SELECT {number % 5} AS n, :x ::int AS x")), x=1)

        ends = await asyncio.gather(
            *(statement(number) for number in range(100)), return_exceptions=True
        )

    assert any(isinstance(end, Exception) for end in ends)
