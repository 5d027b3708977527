"""What failures of the database mean: 503, a value that it rejects, or a bug."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text

from app.database.db import Database
from app.database.failures import StatementFailed
from app.database.statements import Statement
from app.errors import DataRejected, RolledBack, SchemaOutdated, Unavailable

Runs = Callable[[Database, str], Coroutine[Any, Any, None]]


async def in_statement(database: Database, sql: str) -> None:
    async with database.statement() as db:
        await db.execute(Statement(text(sql)))


async def in_transaction(database: Database, sql: str) -> None:
    async with database.transaction() as db:
        await db.execute(Statement(text(sql)))


async def in_session(database: Database, sql: str) -> None:
    async with database.session() as session:
        await session.execute(text(sql))


EACH_UNIT = pytest.mark.parametrize("run", [in_statement, in_transaction, in_session])


def raising(sqlstate: str) -> str:
    """Return a statement that fails with this SQLSTATE."""
    return f"DO 'BEGIN RAISE EXCEPTION ''s3cret-marker'' USING ERRCODE = ''{sqlstate}''; END'"


MEANINGS: dict[str, type[Exception]] = {
    **dict.fromkeys(["08000", "08003", "08006", "08P01"], Unavailable),
    **dict.fromkeys(["28000", "28P01"], Unavailable),
    **dict.fromkeys(["40001", "40P01"], RolledBack),
    "40003": Unavailable,
    **dict.fromkeys(["53000", "53100", "53200", "53300", "53400"], Unavailable),
    **dict.fromkeys(["57P01", "57P02", "57P03", "57P04", "57P05", "57014", "58030"], Unavailable),
    **dict.fromkeys(["55P03", "25006", "25P03", "25P04", "3D000"], Unavailable),
    **dict.fromkeys(["22001", "22003", "22021"], DataRejected),
    **dict.fromkeys(["22012", "22P02", "22008", "22000", "0A000", "21000"], StatementFailed),
    **dict.fromkeys(["23505", "23503", "23514", "23502"], StatementFailed),
    **dict.fromkeys(
        ["25001", "25P02", "2F000", "3F000", "42501", "42601", "42883", "42P01", "42703"],
        StatementFailed,
    ),
    **dict.fromkeys(
        ["54000", "55000", "57000", "58000", "58P01", "P0001", "XX000", "XX001", "F0000"],
        StatementFailed,
    ),
}


@EACH_UNIT
@pytest.mark.parametrize("sqlstate", MEANINGS)
async def test_sqlstate_means_the_same_in_every_unit_of_work(
    database: Database, run: Runs, sqlstate: str
) -> None:
    with pytest.raises(MEANINGS[sqlstate]) as failed:
        await run(database, raising(sqlstate))

    assert type(failed.value) is MEANINGS[sqlstate]
    assert "s3cret" not in str(failed.value)
    await run(database, "SELECT 1")


@EACH_UNIT
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT missing()",
        "SELECT 1/0",
        "SELECT nothing FROM authors",
        "SELECT 1 FROM nowhere",
        "SELECT (",
    ],
)
async def test_mistake_in_a_statement_is_a_bug(database: Database, run: Runs, sql: str) -> None:
    with pytest.raises(StatementFailed):
        await run(database, sql)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("first_name", "x" * 101),
        ("first_name", "a\0b"),
        ("first_name", "\ud800"),
        ("first_name", 7),
        ("id", 2**63),
    ],
)
async def test_value_that_server_or_driver_rejects_is_told_from_a_bug(
    database: Database, caplog: pytest.LogCaptureFixture, column: str, value: object
) -> None:
    statement = Statement(
        text(
            "INSERT INTO authors (id, first_name, last_name) OVERRIDING SYSTEM VALUE VALUES (:id, "
            ":first_name, 'x')"
        )
    )

    with pytest.raises(DataRejected):
        async with database.statement() as db:
            await db.execute(statement, **{"id": 1, "first_name": "x", column: value})

    [record] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "contract" in record.getMessage()


@pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
@pytest.mark.parametrize("error", [OSError("a file"), TimeoutError(), ValueError()], ids=repr)
async def test_what_the_block_raises_by_itself_is_no_failure_of_the_database(
    database: Database, unit: str, error: Exception
) -> None:
    with pytest.raises(type(error)) as raised:
        async with getattr(database, unit)():
            raise error

    assert raised.value is error


@EACH_UNIT
@pytest.mark.parametrize(
    ("needed", "meaning"),
    [("1", StatementFailed), ("99991231235959", SchemaOutdated), (None, StatementFailed)],
)
async def test_missing_table_is_not_migrated_only_where_the_revision_says_so(
    database_url: str, run: Runs, needed: str | None, meaning: type[Exception]
) -> None:
    async with Database(
        database_url, pool_size=1, timeout=10, wait=5, needed_revision=needed
    ) as database:
        for sql in ("SELECT FROM nowhere", "SELECT missing()", "SELECT nothing FROM authors"):
            with pytest.raises(meaning) as failed:
                await run(database, sql)
            assert type(failed.value) is meaning


@EACH_UNIT
async def test_statement_that_takes_too_long_is_unavailable(database_url: str, run: Runs) -> None:
    async with Database(database_url, pool_size=1, timeout=0.2, wait=5) as impatient:
        with pytest.raises(Unavailable):
            await run(impatient, "SELECT pg_sleep(30)")
        await run(impatient, "SELECT 1")


@EACH_UNIT
async def test_backend_that_ends_at_work_fails_one_request_and_none_that_waits(
    database: Database, database_url: str, run: Runs
) -> None:
    async with Database(database_url, pool_size=1, timeout=20, wait=20) as single:
        running = [asyncio.create_task(run(single, "SELECT pg_sleep(0.2)")) for _ in range(4)]
        await asyncio.sleep(0.1)

        await in_statement(
            database,
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE wait_event = "
            "'PgSleep'",
        )

        ends = await asyncio.gather(*running, return_exceptions=True)
        assert [type(end) for end in ends] == [Unavailable, *[type(None)] * 3]
