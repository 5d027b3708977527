"""How statements run: compiled once, on connections that are lent in turn and given back whole."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from app.database.db import Database
from app.database.failures import StatementFailed
from app.database.statements import Statement
from app.errors import Unavailable

ONE = Statement(text("SELECT 1 AS one"))
SLOW = Statement(text("SELECT pg_sleep(30)"))
BROKEN = Statement(text("SELECT 1 / 0"))
INSERT = Statement(text("INSERT INTO authors (first_name, last_name) VALUES ('Ada', 'Lovelace')"))
COUNT = Statement(text("SELECT count(*) AS rows FROM authors"))
PID = Statement(text("SELECT pg_backend_pid() AS pid"))


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[Database]:
    """A database with one connection, for which nobody waits longer than half a second."""
    async with Database(database_url, pool_size=1, timeout=10, wait=0.5) as database:
        yield database


async def first(database: Database, statement: Statement) -> Any:
    async with database.statement() as db:
        return await db.first(statement)


async def test_second_statement_outside_of_a_transaction_is_refused(database: Database) -> None:
    async with database.statement() as db:
        await db.first(ONE)
        with pytest.raises(RuntimeError, match="transaction"):
            await db.first(ONE)


async def test_transaction_commits_when_it_ends_and_rolls_back_when_it_raises(database: Database) -> None:
    async with database.transaction() as db:
        await db.run(INSERT)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as db:
            await db.run(INSERT)
            raise ZeroDivisionError

    assert (await first(database, COUNT))["rows"] == 1


async def test_connections_are_lent_in_the_order_in_which_they_were_asked_for(narrow: Database) -> None:
    served: list[int] = []

    async def serve(number: int, *, again: int = 0) -> None:
        async with narrow.statement() as db:
            served.append(number)
            await db.first(ONE)
        if again:  # who has just been served comes back at once, and has to queue behind those who wait
            await serve(number + 100, again=again - 1)

    async with narrow.statement():
        waiting = [asyncio.create_task(serve(number, again=1)) for number in range(5)]
        await asyncio.sleep(0.01)
    await asyncio.gather(*waiting)

    assert served == [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]


async def test_waiting_too_long_for_a_connection_is_unavailable_and_loses_no_turn(narrow: Database) -> None:
    async with narrow.statement():
        with pytest.raises(Unavailable):
            await asyncio.wait_for(first(narrow, ONE), timeout=60)  # rather than for ever

    assert (await first(narrow, ONE))["one"] == 1


@pytest.mark.parametrize("served", [False, True], ids=["while waiting", "when served"])
async def test_who_goes_while_waiting_takes_no_connection_away(narrow: Database, served: bool) -> None:
    async with narrow.statement():
        waiting = asyncio.create_task(first(narrow, ONE))
        await asyncio.sleep(0.01)
        if not served:
            waiting.cancel()
            await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert (await first(narrow, ONE))["one"] == 1


async def test_connection_that_broke_is_not_lent_to_who_waits(narrow: Database, database: Database) -> None:
    async with narrow.statement() as db:
        pid = (await db.first(PID) or {})["pid"]
        waiting = [asyncio.create_task(first(narrow, PID)) for _ in range(2)]
        await first(database, Statement(text(f"SELECT pg_terminate_backend({pid}, 10000)")))
        await asyncio.sleep(0.05)

    pids = {row["pid"] for row in await asyncio.gather(*waiting)}
    assert len(pids) == 1
    assert pid not in pids


async def test_failed_statement_is_a_bug_and_its_connection_serves_on(narrow: Database) -> None:
    pid = (await first(narrow, PID))["pid"]

    with pytest.raises(StatementFailed):
        await first(narrow, BROKEN)
    with pytest.raises(StatementFailed):
        async with narrow.transaction() as db:
            await db.first(BROKEN)

    assert (await first(narrow, PID))["pid"] == pid


async def test_failed_statement_is_told_without_the_words_of_the_driver(narrow: Database) -> None:
    quoting = Statement(text("SELECT CAST('s3cret-marker' AS integer)"))

    with pytest.raises(StatementFailed) as failed:
        await first(narrow, quoting)

    assert str(failed.value) == "InvalidTextRepresentationError 22P02"


async def test_cancelled_statement_leaves_a_connection_for_the_next(narrow: Database) -> None:
    running = asyncio.create_task(first(narrow, SLOW))
    await asyncio.sleep(0.1)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert (await first(narrow, ONE))["one"] == 1


async def test_transaction_that_is_cancelled_while_it_begins_leaves_a_clean_connection(
    narrow: Database, database: Database
) -> None:
    async def begin() -> None:
        async with narrow.transaction():
            pytest.fail("it was cancelled before")

    await first(narrow, ONE)
    beginning = asyncio.create_task(begin())
    await asyncio.sleep(0)  # there is an idle connection, so BEGIN is sent, and its answer awaited

    beginning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    async with narrow.statement() as db:
        await db.run(INSERT)

    assert (await first(database, COUNT))["rows"] == 1


async def test_connection_that_the_server_closed_is_replaced_unnoticed(narrow: Database, database: Database) -> None:
    pid = (await first(narrow, PID))["pid"]

    await first(database, Statement(text(f"SELECT pg_terminate_backend({pid}, 10000)")))
    await asyncio.sleep(0.05)

    assert (await first(narrow, PID))["pid"] != pid


async def test_connection_left_in_a_transaction_is_not_lent_again(narrow: Database, database: Database) -> None:
    async with narrow.statement() as db:
        await db.first(Statement(text("BEGIN")))

    async with narrow.statement() as db:
        await db.run(INSERT)

    assert (await first(database, COUNT))["rows"] == 1


async def test_database_that_is_not_open_says_so() -> None:
    closed = Database("postgresql+asyncpg://nowhere/nothing", pool_size=1, timeout=1, wait=1)

    with pytest.raises(RuntimeError, match="async with"):
        await first(closed, ONE)
