"""Work that the database has rolled back because of others is done again, and no other work is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import db as units
from app.database.db import ATTEMPTS, Database, UnitOfWork
from app.database.failures import StatementFailed
from app.database.services.authors import AuthorService
from app.database.statements import Statement
from app.errors import AuthorNotFound, RolledBack, Unavailable
from tests.database.test_failures import raising

SERIALIZABLE = "&options=-c%20default_transaction_isolation%3Dserializable"
TWO_ROWS = "INSERT INTO authors (first_name, last_name) VALUES ('Ada', 'x'), ('Mary', 'x')"
UPDATE = "UPDATE authors SET last_name = last_name || '+' WHERE id = {}"
AT_COMMIT = (
    "CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {} RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON authors DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION at_commit()",
)

EACH_UNIT = pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
EACH_TRANSACTION = pytest.mark.parametrize("unit", ["transaction", "session"])


@pytest.fixture
async def serializable(database_url: str) -> AsyncIterator[Database]:
    """A database whose transactions are serializable, with two authors."""
    url = database_url + SERIALIZABLE
    async with Database(url, pool_size=10, timeout=20, wait=20) as database:
        await within(database, "statement", lambda work: run(work, TWO_ROWS))
        yield database


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause only for a moment between the attempts of work that never succeeds."""
    monkeypatch.setattr(units, "_LONGEST_PAUSE", 0.02)


async def within(database: Database, unit: str, work: Callable[[Any], Awaitable[None]]) -> None:
    await database.retrying(work, within=getattr(database, unit))


async def run(work: UnitOfWork | AsyncSession, sql: str) -> None:
    if isinstance(work, AsyncSession):
        await work.execute(text(sql))
    else:
        await work.execute(Statement(text(sql)))


async def last_names(database: Database) -> list[str]:
    async with database.statement() as db:
        rows = await db.fetch_all(Statement(text("SELECT last_name FROM authors ORDER BY id")))
    return [row["last_name"] for row in rows]


async def execute(database: Database, *statements: str) -> None:
    async with database.transaction() as db:
        for statement in statements:
            await run(db, statement)


async def test_result_of_the_work_is_returned(database: Database) -> None:
    async def create(db: UnitOfWork) -> str:
        row = await AuthorService.create_author(db, first_name="Ada", last_name="x", owner=None)
        return str(row["last_name"])

    assert await database.retrying(create) == "x"
    assert await last_names(database) == ["x"]


async def test_many_changes_of_one_row_all_succeed_one_after_the_other(
    serializable: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # with the pauses of the service

    async def change(unit: str) -> None:
        await within(serializable, unit, lambda work: run(work, UPDATE.format(1)))

    await asyncio.gather(
        *(change(unit) for _ in range(32) for unit in ("statement", "transaction", "session"))
    )

    assert await last_names(serializable) == ["x" + 96 * "+", "x"]


@EACH_TRANSACTION
async def test_transactions_that_deadlock_both_succeed(serializable: Database, unit: str) -> None:
    has_one, has_two = asyncio.Event(), asyncio.Event()

    async def change(mine: int, its: asyncio.Event, other: int, others: asyncio.Event) -> None:
        async def work(used: UnitOfWork | AsyncSession) -> None:
            await run(used, "SET LOCAL TRANSACTION ISOLATION LEVEL READ COMMITTED")
            await run(used, UPDATE.format(mine))
            its.set()
            await others.wait()
            await run(used, UPDATE.format(other))

        await within(serializable, unit, work)

    await asyncio.gather(change(1, has_one, 2, has_two), change(2, has_two, 1, has_one))

    assert await last_names(serializable) == ["x++", "x++"]


@EACH_TRANSACTION
async def test_conflict_that_shows_at_commit_is_tried_again(
    serializable: Database, unit: str
) -> None:
    """Write skew: each reads what the other writes."""
    attempts = [0, 0]
    have_read = asyncio.Barrier(2)

    async def change(number: int) -> None:
        async def work(used: UnitOfWork | AsyncSession) -> None:
            attempts[number] += 1
            await run(used, "SELECT FROM authors")
            await run(used, UPDATE.format(number + 1))
            if attempts[number] == 1:
                await have_read.wait()

        await within(serializable, unit, work)

    await asyncio.gather(change(0), change(1))

    assert await last_names(serializable) == ["x+", "x+"]
    assert sorted(attempts) == [1, 2]


@EACH_UNIT
@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
async def test_work_that_never_succeeds_is_given_up(
    database: Database, unit: str, sqlstate: str
) -> None:
    attempts = count()

    async def work(used: UnitOfWork | AsyncSession) -> None:
        next(attempts)
        await run(used, raising(sqlstate))

    with pytest.raises(RolledBack):
        await within(database, unit, work)

    assert next(attempts) == ATTEMPTS


@EACH_UNIT
@pytest.mark.parametrize(
    ("sqlstate", "error"),
    [
        ("40003", Unavailable),  # the server itself does not know whether it has happened
        ("08006", Unavailable),
        ("55P03", Unavailable),
        ("57014", Unavailable),
        ("23505", StatementFailed),
    ],
)
async def test_work_that_failed_otherwise_is_not_done_again(
    database: Database, unit: str, sqlstate: str, error: type[Exception]
) -> None:
    attempts = count()

    async def work(used: UnitOfWork | AsyncSession) -> None:
        next(attempts)
        await run(used, raising(sqlstate))

    with pytest.raises(error) as failed:
        await within(database, unit, work)

    assert type(failed.value) is error
    assert next(attempts) == 1


@EACH_UNIT
async def test_error_of_the_work_itself_is_raised_at_once(database: Database, unit: str) -> None:
    attempts = count()

    async def work(_: UnitOfWork | AsyncSession) -> None:
        next(attempts)
        raise AuthorNotFound(1)

    with pytest.raises(AuthorNotFound):
        await within(database, unit, work)

    assert next(attempts) == 1


@EACH_TRANSACTION
@pytest.mark.parametrize(
    ("at_commit", "attempts"),
    [
        ("RAISE EXCEPTION ''x'' USING ERRCODE = ''40001'';", ATTEMPTS),
        ("RAISE EXCEPTION ''x'' USING ERRCODE = ''40003'';", 1),
        ("PERFORM pg_terminate_backend(pg_backend_pid());", 1),
    ],
    ids=["rolled back", "unknown", "connection lost"],
)
async def test_after_a_lost_connection_at_commit_nothing_is_tried_again(
    serializable: Database, unit: str, at_commit: str, attempts: int
) -> None:
    done = count()

    async def work(used: UnitOfWork | AsyncSession) -> None:
        next(done)
        await run(used, UPDATE.format(1))

    await execute(serializable, *(each.replace("{}", at_commit) for each in AT_COMMIT))
    try:
        with pytest.raises(Unavailable):
            await within(serializable, unit, work)
    finally:
        await execute(serializable, "DROP FUNCTION at_commit CASCADE")

    assert next(done) == attempts


@EACH_TRANSACTION
async def test_context_manager_does_not_try_again(database: Database, unit: str) -> None:
    with pytest.raises(RolledBack):
        async with getattr(database, unit)() as used:
            await run(used, raising("40001"))


async def test_pause_between_attempts_ends_when_the_request_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "uniform", lambda *_: 60)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await database.retrying(lambda db: run(db, raising("40001")))
