"""How statements run: compiled once, on connections that are lent in turn and given back whole."""

import asyncio
import socket as tcp
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self
from urllib.parse import unquote

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.database.connection import connect
from app.database.db import Database, UnitOfWork, violation_means
from app.database.failures import StatementFailed, driver_error, sqlstate
from app.database.models import Article, Author
from app.database.statements import Statement, parameters
from app.errors import DataRejected, Unavailable, UnknownAuthor

ONE = Statement(text("SELECT 1 AS one"))
SLOW = Statement(text("SELECT pg_sleep(30)"))
BROKEN = Statement(text("SELECT 1 / 0"))
INSERT_SQL = "INSERT INTO authors (first_name, last_name) VALUES ('Ada', 'Lovelace')"
INSERT = Statement(text(INSERT_SQL))
COUNT = Statement(text("SELECT count(*) AS rows FROM authors"))
SLOW_COMMIT = (
    "CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); "
    "RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON authors DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION slow_commit()",
)
PID = Statement(text("SELECT pg_backend_pid() AS pid"))


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[Database]:
    """A database with one connection, for which nobody waits longer than half a second."""
    async with Database(database_url, pool_size=1, timeout=10, wait=0.5) as database:
        yield database


async def first(database: Database, statement: Statement) -> Any:
    async with database.statement() as db:
        return await db.fetch_one(statement)


async def test_second_statement_outside_of_a_transaction_is_refused(database: Database) -> None:
    async with database.statement() as db:
        await db.fetch_one(ONE)
        with pytest.raises(RuntimeError, match="transaction"):
            await db.fetch_one(ONE)


async def test_transaction_commits_when_it_ends_and_rolls_back_when_it_raises(
    database: Database,
) -> None:
    async with database.transaction() as db:
        await db.execute(INSERT)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as db:
            await db.execute(INSERT)
            raise ZeroDivisionError

    assert (await first(database, COUNT))["rows"] == 1


async def test_connections_are_lent_in_the_order_in_which_they_were_asked_for(
    narrow: Database,
) -> None:
    served: list[int] = []

    async def serve(number: int, *, again: int = 0) -> None:
        async with narrow.statement() as db:
            served.append(number)
            await db.fetch_one(ONE)
        if again:
            # who has just been served comes back at once, and has to queue behind those who wait
            await serve(number + 100, again=again - 1)

    async with narrow.statement():
        waiting = [asyncio.create_task(serve(number, again=1)) for number in range(5)]
        await asyncio.sleep(0.01)
    await asyncio.gather(*waiting)

    assert served == [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]


async def test_waiting_too_long_for_a_connection_is_unavailable_and_loses_no_turn(
    narrow: Database,
) -> None:
    async with narrow.statement():
        with pytest.raises(Unavailable):
            await asyncio.wait_for(first(narrow, ONE), timeout=60)  # rather than for ever

    assert (await first(narrow, ONE))["one"] == 1


@pytest.mark.parametrize("served", [False, True], ids=["while waiting", "when served"])
async def test_who_goes_while_waiting_takes_no_connection_away(
    narrow: Database, served: bool
) -> None:
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


async def test_connection_that_cannot_be_opened_takes_no_slot_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([OSError("no route to host"), OSError("no route to host")])

    async def connect_in_the_end(**arguments: Any) -> Any:
        if failure := next(failures, None):
            raise failure
        return await connect(**arguments)

    monkeypatch.setattr("app.database.db.connect", connect_in_the_end)
    async with Database(database_url, pool_size=1, timeout=10, wait=0.5) as database:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await first(database, ONE)

        assert (await first(database, ONE))["one"] == 1


async def test_request_that_goes_while_its_connection_opens_takes_no_slot_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = asyncio.Event()

    async def connect_once_slowly(**arguments: Any) -> Any:
        if not opening.is_set():
            opening.set()
            await asyncio.sleep(30)
        return await connect(**arguments)

    monkeypatch.setattr("app.database.db.connect", connect_once_slowly)
    async with Database(database_url, pool_size=1, timeout=10, wait=0.5) as database:
        waiting = asyncio.create_task(first(database, ONE))
        await opening.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        assert (await first(database, ONE))["one"] == 1


async def test_connection_that_broke_is_not_lent_to_who_waits(
    narrow: Database, database: Database
) -> None:
    async with narrow.statement() as db:
        pid = (await db.fetch_one(PID) or {})["pid"]
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
            await db.fetch_one(BROKEN)

    assert (await first(narrow, PID))["pid"] == pid


@pytest.mark.parametrize("sqlstate", ["25006", "57P01", "08006"])
async def test_connection_whose_server_has_changed_is_replaced(
    narrow: Database, sqlstate: str
) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"
    before = (await first(narrow, PID))["pid"]

    with pytest.raises(Unavailable):
        await first(narrow, Statement(text(raising)))

    assert (await first(narrow, PID))["pid"] != before


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
        await db.execute(INSERT)

    assert (await first(database, COUNT))["rows"] == 1


async def _raise(_: object) -> None:
    raise ZeroDivisionError


async def _be_cancelled(_: object) -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


async def _fail(work: UnitOfWork | AsyncSession) -> None:
    await _run(work, "SELECT 1 / 0")


async def _lose_the_connection(work: UnitOfWork | AsyncSession) -> None:
    await _run(work, "SELECT pg_terminate_backend(pg_backend_pid())")


async def _run(work: UnitOfWork | AsyncSession, sql: str) -> None:
    if isinstance(work, AsyncSession):
        await work.execute(text(sql))
    else:
        await work.execute(Statement(text(sql)))


@pytest.mark.parametrize("unit", ["transaction", "session"])
@pytest.mark.parametrize(
    ("interruption", "error"),
    [
        (_raise, ZeroDivisionError),
        (_be_cancelled, asyncio.CancelledError),
        (_fail, StatementFailed),
        (_lose_the_connection, Unavailable),
    ],
)
async def test_what_happens_between_two_statements_leaves_nothing_of_the_first(
    narrow: Database,
    database: Database,
    unit: str,
    interruption: Callable[[UnitOfWork | AsyncSession], Awaitable[None]],
    error: type[BaseException],
) -> None:
    async def write() -> None:
        async with getattr(narrow, unit)() as work:
            await _run(work, INSERT_SQL)
            await interruption(work)
            await _run(work, INSERT_SQL)

    with pytest.raises(error):
        await asyncio.create_task(write())
    assert (await first(database, COUNT))["rows"] == 0

    async with narrow.statement() as db:
        await db.execute(INSERT)
    assert (await first(database, COUNT))["rows"] == 1


async def test_connection_that_the_server_closed_is_replaced_unnoticed(
    narrow: Database, database: Database
) -> None:
    pid = (await first(narrow, PID))["pid"]

    await first(database, Statement(text(f"SELECT pg_terminate_backend({pid}, 10000)")))
    await asyncio.sleep(0.05)

    assert (await first(narrow, PID))["pid"] != pid


async def test_connection_left_in_a_transaction_is_not_lent_again(
    narrow: Database, database: Database
) -> None:
    async with narrow.statement() as db:
        await db.fetch_one(Statement(text("BEGIN")))

    async with narrow.statement() as db:
        await db.execute(INSERT)

    assert (await first(database, COUNT))["rows"] == 1


async def test_database_that_is_not_open_says_so() -> None:
    closed = Database("postgresql+asyncpg://nowhere/nothing", pool_size=1, timeout=1, wait=1)

    with pytest.raises(RuntimeError, match="async with"):
        await first(closed, ONE)


async def test_savepoint_undoes_its_block_and_keeps_the_transaction(database: Database) -> None:
    async with database.transaction() as db:
        await db.execute(INSERT)
        with pytest.raises(ZeroDivisionError):
            async with db.savepoint():
                await db.execute(INSERT)
                raise ZeroDivisionError
        async with db.savepoint():
            await db.execute(INSERT)

    assert (await first(database, COUNT))["rows"] == 2


async def test_violation_in_a_savepoint_is_handled_and_the_transaction_goes_on(
    database: Database,
) -> None:
    orphan = Statement(
        text("INSERT INTO articles (title, content, author_id) VALUES ('t', 'c', 7)")
    )

    async with database.transaction() as db:
        with (
            pytest.raises(UnknownAuthor),
            violation_means(UnknownAuthor, 7, constraint="fk_articles_author_id"),
        ):
            async with db.savepoint():
                await db.execute(orphan)
        await db.execute(INSERT)

    assert (await first(database, COUNT))["rows"] == 1


async def test_savepoint_without_a_transaction_is_refused(database: Database) -> None:
    async with database.statement() as db:
        with pytest.raises(RuntimeError, match="transaction"):
            async with db.savepoint():
                pass


@pytest.mark.parametrize("unit", ["statement", "transaction"])
async def test_many_rows_are_written_all_or_none(database: Database, unit: str) -> None:
    add = Statement(insert(Author).values(parameters("first_name", "last_name")))
    good = [{"first_name": "Ada", "last_name": str(number)} for number in range(1000)]

    async with getattr(database, unit)() as db:
        await db.execute_many(add, good)
    with pytest.raises(DataRejected):
        async with getattr(database, unit)() as db:
            await db.execute_many(add, [*good, {"first_name": "x" * 101, "last_name": "y"}])
    async with getattr(database, unit)() as db:
        await db.execute_many(add, [])

    assert (await first(database, COUNT))["rows"] == 1000


async def test_statement_without_rows_touches_none(database: Database) -> None:
    async with database.transaction() as db:
        assert await db.execute(Statement(text("LOCK TABLE authors"))) == 0
        assert await db.execute(INSERT) == 1


# --- Sessions -------------------------------------------------------------------------------------


async def test_session_commits_when_its_block_ends_and_rolls_back_when_it_raises(
    database: Database,
) -> None:
    async with database.session() as session:
        session.add(Author(first_name="Ada", last_name="Lovelace"))
    with pytest.raises(ZeroDivisionError):
        async with database.session() as session:
            session.add(Author(first_name="Ada", last_name="Lovelace"))
            await session.flush()
            raise ZeroDivisionError

    assert (await first(database, COUNT))["rows"] == 1


async def test_session_reads_relationships_that_are_asked_for(database: Database) -> None:
    async with database.session() as session:
        author = Author(first_name="Ada", last_name="Lovelace")
        author.articles = [Article(title=title, content="c") for title in ("Note A", "Note G")]
        session.add(author)

    async with database.session() as session:
        [stored] = await session.scalars(select(Author).options(selectinload(Author.articles)))
        lazy = await session.get_one(Article, stored.articles[0].id)

    assert sorted(article.title for article in stored.articles) == ["Note A", "Note G"]
    assert lazy.title == "Note A", "what was loaded stays there after the commit"


async def test_session_takes_its_turn_on_a_pool_of_one(narrow: Database) -> None:
    served: list[str] = []

    async def in_session(name: str) -> None:
        async with narrow.session() as session:
            await session.execute(text("SELECT 1"))
            served.append(name)

    async def in_statement(name: str) -> None:
        async with narrow.statement() as db:
            await db.fetch_one(ONE)
            served.append(name)

    async with narrow.statement():
        waiting = [
            asyncio.create_task(unit(str(n)))
            for n, unit in enumerate([in_session, in_statement] * 5)
        ]
        await asyncio.sleep(0.01)
    await asyncio.gather(*waiting)

    assert served == [str(number) for number in range(10)]


async def test_session_translates_a_violation_by_the_name_of_its_constraint(
    database: Database,
) -> None:
    async def orphan(constraint: str) -> None:
        async with database.session() as session:
            session.add(Article(title="t", content="c", author_id=7))
            with violation_means(UnknownAuthor, 7, constraint=constraint):
                await session.flush()

    with pytest.raises(UnknownAuthor):
        await orphan("fk_articles_author_id")
    with pytest.raises(StatementFailed, match="fk_articles_author_id"):
        await orphan("another")


async def test_violation_at_the_commit_of_a_session_is_told(database: Database) -> None:
    with pytest.raises(StatementFailed, match="23503 fk_articles_author_id"):
        async with database.session() as session:
            session.add(Article(title="t", content="c", author_id=7))


async def test_session_that_is_cancelled_leaves_a_clean_connection(narrow: Database) -> None:
    async def sleep() -> None:
        async with narrow.session() as session:
            session.add(Author(first_name="Ada", last_name="Lovelace"))
            await session.flush()
            await session.execute(text("SELECT pg_sleep(30)"))

    sleeping = asyncio.create_task(sleep())
    await asyncio.sleep(0.2)

    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping

    assert (await first(narrow, COUNT))["rows"] == 0


# --- Connections ----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
async def test_connection_that_is_too_old_is_replaced_when_idle_and_when_others_wait(
    database_url: str, unit: str
) -> None:
    async def pid(database: Database) -> int:
        async with getattr(database, unit)() as used:
            if unit == "session":
                return int(await used.scalar(text("SELECT pg_backend_pid()")))
            return int((await used.fetch_one(PID))["pid"])

    async with Database(database_url, pool_size=1, timeout=5, wait=5, max_age=0.3) as database:
        young = [await pid(database), *await asyncio.gather(*(pid(database) for _ in range(3)))]
        await asyncio.sleep(0.35)
        idle = await pid(database)
        async with database.statement():
            waiting = [asyncio.create_task(pid(database)) for _ in range(2)]
            await asyncio.sleep(0.35)
        handed = await asyncio.gather(*waiting)

    assert len(set(young)) == 1
    assert len({*young, idle, *handed}) == 3


async def test_connections_are_closed_with_the_database(database_url: str) -> None:
    async with Database(database_url, pool_size=2, timeout=5, wait=5) as database:
        one, other = database.statement(), database.statement()
        async with one, other:
            pass

    assert one.connection.is_closed()
    assert other.connection.is_closed()


class Relay:
    """A TCP relay to the database that can swallow connections, like the network of a dead host."""

    def __init__(self, url: str) -> None:
        self._socket = f"{unquote(url.partition('host=')[2])}/.s.PGSQL.5432"
        self._tasks: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []
        self.opened = 0
        self.swallowed = 0
        """How many connections, the first ones, have lost their other end."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"postgresql://blog@127.0.0.1:{port}/blog?sslmode=disable"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        far_reader, far_writer = await asyncio.open_unix_connection(self._socket)
        self._writers += [writer, far_writer]
        for one, other in ((reader, far_writer), (far_reader, writer)):
            self._tasks.append(asyncio.create_task(self._relay(one, other, number=self.opened)))

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, number: int
    ) -> None:
        while data := await reader.read(65536):
            if number > self.swallowed:
                writer.write(data)
        if number > self.swallowed:
            writer.close()


async def test_ten_connections_into_a_black_hole_cost_one_timeout(database_url: str) -> None:
    async with (
        Relay(database_url) as relay,
        Database(relay.url, pool_size=10, timeout=0.5, wait=5) as database,
    ):
        await asyncio.gather(
            *(first(database, Statement(text("SELECT pg_sleep(0.2)"))) for _ in range(10))
        )
        assert relay.opened == 10
        relay.swallowed = relay.opened
        with pytest.raises(Unavailable):
            await first(database, ONE)

        served = [(await first(database, ONE))["one"] for _ in range(30)]

    assert served == [1] * 30


async def test_connection_that_opens_into_a_black_hole_is_opened_anew(database_url: str) -> None:
    async with (
        Relay(database_url) as relay,
        Database(relay.url, pool_size=1, timeout=10, wait=5) as database,
    ):
        relay.swallowed = 1  # and from then on the network is back
        started = time.monotonic()

        assert (await first(database, ONE))["one"] == 1

        assert relay.opened == 2
        assert time.monotonic() - started < 2


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux has the option")
async def test_kernel_ends_connections_whose_other_side_is_silent(database_url: str) -> None:
    async with (
        Relay(database_url) as relay,
        Database(relay.url, pool_size=1, timeout=10, wait=5) as database,
        database.statement() as db,
    ):
        socket = db._connection._transport.get_extra_info("socket")

        assert socket.getsockopt(tcp.SOL_SOCKET, tcp.SO_KEEPALIVE) == 1
        assert socket.getsockopt(tcp.IPPROTO_TCP, tcp.TCP_USER_TIMEOUT) == 3000
        assert socket.getsockopt(tcp.IPPROTO_TCP, tcp.TCP_KEEPIDLE) == 2


@pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
async def test_lock_that_others_hold_is_waited_for_until_its_own_limit(
    database: Database, database_url: str, unit: str
) -> None:
    async with (
        Database(database_url, pool_size=1, timeout=20, wait=5, lock_timeout=0.2) as impatient,
        database.transaction() as db,
    ):
        await db.execute(Statement(text("LOCK TABLE authors")))
        started = time.monotonic()

        with pytest.raises(Unavailable) as failed:
            async with getattr(impatient, unit)() as work:
                await _run(work, INSERT_SQL)

        assert 0.2 <= time.monotonic() - started < 10
        assert sqlstate(driver_error(failed.value.__cause__ or failed.value)) == "55P03"


async def test_limits_of_the_server_can_be_set_in_the_url(database_url: str) -> None:
    url = f"{database_url}&options=-c%20lock_timeout%3D7s"
    async with Database(url, pool_size=1, timeout=20, wait=5) as database:
        found = await first(
            database,
            Statement(
                text(
                    "SELECT current_setting('lock_timeout') AS lock,"
                    " current_setting('statement_timeout') AS statement,"
                    " current_setting('idle_in_transaction_session_timeout') AS idle"
                )
            ),
        )

    assert dict(found) == {"lock": "7s", "statement": "21s", "idle": "20s"}


@pytest.mark.parametrize("unit", ["transaction", "session"])
async def test_transaction_whose_client_is_gone_does_not_keep_its_locks(
    database: Database, database_url: str, unit: str
) -> None:
    """The network is cut between two statements: the server knows nothing of it."""
    async with (
        Relay(database_url) as relay,
        Database(relay.url, pool_size=1, timeout=0.5, wait=5) as cut_off,
    ):
        with pytest.raises(Unavailable):
            async with getattr(cut_off, unit)() as work:
                await _run(work, "LOCK TABLE authors")
                relay.swallowed = 1
                await _run(work, INSERT_SQL)

        async with database.statement() as db:  # which waits for a lock for three seconds
            await db.execute(INSERT)


@pytest.mark.parametrize("unit", ["statement", "transaction", "session"])
async def test_server_that_is_lost_in_a_statement_costs_one_timeout(
    database_url: str, unit: str
) -> None:
    async with (
        Relay(database_url) as relay,
        Database(relay.url, pool_size=1, timeout=4, wait=5) as cut_off,
    ):
        started = time.monotonic()
        with pytest.raises(Unavailable):
            async with getattr(cut_off, unit)() as work:
                if unit != "statement":
                    await _run(work, INSERT_SQL)
                relay.swallowed = 1
                await _run(work, INSERT_SQL)

        assert time.monotonic() - started < 7  # and no other four seconds for a rollback
        assert (await first(cut_off, ONE))["one"] == 1


async def test_lock_that_is_waited_for_too_long_costs_no_connection(
    narrow: Database, database_url: str
) -> None:
    """Those that are tried again are in order, and stay."""
    async with Database(database_url, pool_size=2, timeout=0.3, wait=5) as database:
        pids = {(await first(database, PID))["pid"] for _ in range(4)}
        async with narrow.transaction() as db:
            await db.execute(Statement(text("LOCK TABLE authors")))
            with pytest.raises(Unavailable):
                await first(database, COUNT)

        assert {(await first(database, PID))["pid"] for _ in range(4)} <= pids


@pytest.mark.parametrize("is_doubted", [False, True])
async def test_transaction_that_is_cancelled_while_it_commits_is_not_lent_on(
    narrow: Database, database: Database, is_doubted: bool
) -> None:
    async def write() -> None:
        async with narrow.transaction() as db:
            await db.execute(INSERT)

    async with database.transaction() as db:
        for statement in SLOW_COMMIT:
            await db.execute(Statement(text(statement)))
    try:
        writing = asyncio.create_task(write())
        await asyncio.sleep(0.3)
        if is_doubted:
            narrow.pool.mark_all_suspect()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    finally:
        async with database.transaction() as db:
            await db.execute(Statement(text("DROP FUNCTION slow_commit CASCADE")))
    before = (await first(database, COUNT))["rows"]

    async with narrow.statement() as db:
        await db.execute(INSERT)

    assert (await first(database, COUNT))["rows"] == before + 1
