"""The database and its units of work. Only this module knows how a statement is executed.

There are three kinds of unit of work. They share one engine and one pool (ADR 6). Each commits when
its block ends, before the response is sent, and rolls back if the block raises:

- `Database.statement`: one compiled statement, without the round trips for BEGIN and COMMIT.
- `Database.transaction`: several compiled statements, with savepoints.
- `Database.session`: SQLAlchemy's `AsyncSession`.

`Database.retrying` runs a function in one of them, again if the database has rolled it back because
of others that ran at the same time.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from random import uniform
from typing import Any, Generic, Self, TypeVar, cast, overload

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.database import failures
from app.database.commits import committed
from app.database.connection import (
    WITHOUT_PREPARED_STATEMENTS,
    connect,
    server_limits,
    unsupported_reason,
)
from app.database.pool import Pool
from app.database.statements import Row, Statement
from app.database.url import connect_arguments
from app.errors import BlogError, DataRejected, RolledBack, SchemaOutdated, Unavailable

logger = logging.getLogger(__name__)

Unit = TypeVar("Unit")
Result = TypeVar("Result")

ATTEMPTS = 12
"""How often `Database.retrying` runs its work before it gives up."""
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 1.0  # seconds
_ROLLBACK_SECONDS = 1.0  # when a statement has had no answer


@contextmanager
def violation_means(error: type[BlogError], *arguments: object, constraint: str) -> Iterator[None]:
    """Raise `error(*arguments)` if a statement or flush in the block violates the constraint."""
    try:
        yield
    except failures.VIOLATIONS as violation:
        if failures.constraint_name(violation) != constraint:
            raise
        raise error(*arguments) from violation


class UnitOfWork:
    """Runs the statements of a service. The code that opened the unit of work commits it."""

    __slots__ = ("_connection", "_in_transaction", "_is_used", "failure")

    def __init__(self, connection: Any, *, in_transaction: bool) -> None:
        self._connection = connection
        self._in_transaction = in_transaction
        self._is_used = False
        self.failure: BaseException | None = None
        """The last error from the database, even if the service handled it."""

    async def fetch_all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        """Return all rows."""
        return statement.rows(await self._call(self._connection.fetch, statement, parameters))

    async def fetch_one(self, statement: Statement, /, **parameters: object) -> Row | None:
        """Return the first row, or None."""
        record = await self._call(self._connection.fetchrow, statement, parameters)
        return None if record is None else statement.row(record)

    async def execute(self, statement: Statement, /, **parameters: object) -> int:
        """Run a statement that returns no rows; return the number affected, 0 if not applicable."""
        # "DELETE 1" or "LOCK TABLE"
        tag: str = await self._call(self._connection.execute, statement, parameters)
        count = tag.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    async def execute_many(
        self, statement: Statement, parameters: Iterable[Mapping[str, object]]
    ) -> None:
        """Run a statement that returns no rows once per set of parameters: all of them or none."""
        self._check_unused()
        arguments = [statement.arguments(each) for each in parameters]
        await self._recording_failure(self._connection.executemany(statement.sql, arguments))

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Roll back to the start of the block if it raises, but keep the transaction."""
        if not self._in_transaction:
            raise RuntimeError("a savepoint needs a transaction: use Database.transaction()")
        savepoint = self._connection.transaction()
        await self._recording_failure(savepoint.start())
        try:
            yield
        except BaseException:
            await self._recording_failure(savepoint.rollback())
            raise
        await self._recording_failure(savepoint.commit())

    async def _call(
        self,
        method: Callable[..., Awaitable[Any]],
        statement: Statement,
        parameters: Mapping[str, object],
    ) -> Any:
        self._check_unused()
        try:
            if not statement.is_described:
                prepared = await self._connection.prepare(statement.sql)
                statement.describe([attribute.type.oid for attribute in prepared.get_attributes()])
            return await method(statement.sql, *statement.arguments(parameters))
        except failures.ANY as failure:
            self.failure = failure
            raise

    async def _recording_failure(self, work: Awaitable[None]) -> None:
        try:
            await work
        except failures.ANY as failure:
            self.failure = failure
            raise

    def _check_unused(self) -> None:
        if self._is_used and not self._in_transaction:
            raise RuntimeError("this is a second statement: use Database.transaction()")
        self._is_used = True


class Database:
    """The database, for one process and event loop.

    Open it once with `async with`, then use its units of work.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int,
        timeout: float,
        wait: float,
        lock_timeout: float = 3,
        max_age: float = 1800,
        behind_pooler: bool = False,
        needed_revision: str | None = None,
    ) -> None:
        """Store the settings without connecting. Raises `InvalidURL`.

        All times are in seconds: `timeout` is the limit for a statement, `lock_timeout` that for
        its waiting for a lock, `wait` the limit for getting a connection, `max_age` the age at
        which a connection is replaced. Set `behind_pooler` for PgBouncer in transaction mode.
        `needed_revision` is the migration this build needs: with it, a missing table can be
        recognized as a missing migration.
        """
        given = connect_arguments(url)
        limits = {"timeout": wait, "command_timeout": timeout}  # the URL may lower them
        limits = {
            name: min(given.get(name) or seconds, seconds) for name, seconds in limits.items()
        }
        arguments = {**given, **limits, "async_creator_fn": connect}
        self.begin_statements: tuple[str, ...] = ()
        """Statements that start each transaction behind a pooler: they set the time limits."""
        if behind_pooler:  # each transaction may run on a different server connection
            arguments |= WITHOUT_PREPARED_STATEMENTS
            # the driver's cancel request may not pass the pooler
            times = server_limits(statement=timeout, lock=lock_timeout, idle=timeout)
            self.begin_statements = tuple(f"SET LOCAL {each} = {times[each]}" for each in times)
        else:
            # The driver ends its statements itself, unless the network is cut.
            times = server_limits(statement=timeout + 1, lock=lock_timeout, idle=timeout)
            arguments["server_settings"] = {**times, **given.get("server_settings", {})}
        self._needed_revision = needed_revision
        self.pool = Pool(arguments, size=pool_size, wait=wait, max_age=max_age)

    async def __aenter__(self) -> Self:
        await self.pool.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pool.__aexit__()

    def statement(self) -> "UnitOfWorkContext[UnitOfWork]":
        """Run one statement as its own transaction, without round trips for BEGIN and COMMIT."""
        return (
            _StatementContext(self)
            if not self.begin_statements
            else _TransactionContext(self, is_single_statement=True)
        )

    def transaction(self) -> "UnitOfWorkContext[UnitOfWork]":
        """Run statements as one transaction."""
        return _TransactionContext(self)

    def session(self) -> "UnitOfWorkContext[AsyncSession]":
        """Use SQLAlchemy's `AsyncSession`, as one transaction."""
        return _SessionContext(self)

    @overload
    async def retrying(self, work: Callable[[UnitOfWork], Awaitable[Result]]) -> Result: ...

    @overload
    async def retrying(
        self,
        work: Callable[[Unit], Awaitable[Result]],
        *,
        within: Callable[[], "UnitOfWorkContext[Unit]"],
    ) -> Result: ...

    async def retrying(
        self,
        work: Callable[[Any], Awaitable[Result]],
        *,
        within: "Callable[[], UnitOfWorkContext[Any]] | None" = None,
    ) -> Result:
        """Return what `work` returns in a transaction, or in the unit of work that `within` begins.

        The work is done again, at most `ATTEMPTS` times in all and after random pauses, if the
        server reports that it has rolled it back for the sake of others: a serialization failure
        (40001) or a deadlock (40P01), at COMMIT too. Nothing else is tried again, a connection that
        is lost at COMMIT least of all: the change may have happened. So `work` must leave no
        effects outside of the database. Raises `RolledBack` after the last attempt.
        """
        begin = within or self.transaction
        for attempt in range(1, ATTEMPTS):
            try:
                async with begin() as unit:
                    return await work(unit)
            except RolledBack:
                await asyncio.sleep(uniform(0, min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE)))
        async with begin() as unit:
            return await work(unit)

    async def unsupported_reason(self) -> str | None:
        """Return why the service cannot use this server, or None. Raises `Unavailable`."""
        work = self.statement()
        async with work:
            return unsupported_reason(work.connection)

    async def translate(self, failure: BaseException, *, closed: bool) -> Exception:
        """Return the domain error for a database failure, or `StatementFailed` for a bug.

        The domain errors mean "try again" or "the database rejects a value"; both are logged.
        `closed` says whether the connection is closed.
        """
        is_outdated = False
        try:
            is_outdated = failures.may_lack_migrations(failure) and await self._is_outdated()
        except failures.ANY as other:
            failure, closed = other, True
        reason = failures.reason(failure)
        if failures.is_rolled_back(failure):
            logger.info("transaction rolled back: %s", reason)
            return RolledBack()
        if is_outdated or failures.is_unavailable(failure, closed=closed):
            logger.warning("database unavailable: %s", reason)
            return SchemaOutdated() if is_outdated else Unavailable()
        if failures.is_rejected_value(failure):
            logger.error("the database rejects a value that the contract allows: %s", reason)
            return DataRejected()
        return failures.StatementFailed(reason)

    def has_migrations(self, revision: str | None) -> bool:
        """Return whether this revision, a timestamp as text, is the needed one or newer."""
        return self._needed_revision is None or (
            revision is not None and revision >= self._needed_revision
        )

    async def _is_outdated(self) -> bool:
        """Return whether the database lacks migrations."""
        if self._needed_revision is None:
            return False
        pooled = await self.pool.acquire()
        try:
            revision = await cast(Any, pooled.driver_connection).fetchval(
                "SELECT version_num FROM alembic_version"
            )
        except asyncpg.UndefinedTableError:
            return True
        finally:
            self.pool.release(pooled)
        return not self.has_migrations(revision)


class UnitOfWorkContext(ABC, Generic[Unit]):
    """Context manager for a unit of work on a connection, which it commits or rolls back.

    Raises `Unavailable`, `SchemaOutdated`, `DataRejected` or `StatementFailed`, never an error of
    the driver.
    """

    __slots__ = ("_database", "_pooled", "connection")

    connection: Any
    """The driver's connection, available inside the block."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __aenter__(self) -> Unit:
        pool = self._database.pool
        try:
            self._pooled = await pool.acquire()
        except failures.ANY as failure:  # any failure to connect may be temporary
            logger.warning("database unavailable: %s", failures.reason(failure))
            raise Unavailable from failure
        self.connection = cast(Any, self._pooled.driver_connection)
        try:
            return await self._begin(self.connection)
        except BaseException as failure:
            # BEGIN may still arrive, and later writes would never be committed
            self.connection.terminate()
            pool.release(self._pooled)
            if isinstance(failure, failures.ANY):
                raise await self._database.translate(failure, closed=True) from failure
            raise

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        failure = error if error is not None and self._is_failure(error) else None
        try:
            await (self._commit() if error is None else self._end_failed(error))
        except failures.ANY as another:
            failure = failure or another
        except BaseException as interruption:
            self._release(interruption)
            raise
        self._release(failure or error)
        if failure is not None and (error is None or isinstance(error, Exception)):
            # keep cancellations as they are
            raise await self._database.translate(
                failure, closed=self.connection.is_closed()
            ) from failure

    async def _end_failed(self, error: BaseException) -> None:
        """Roll back; if the server may be gone, without waiting for long."""
        if not isinstance(failures.driver_error(error), (TimeoutError, asyncio.CancelledError)):
            await self._rollback()
            return
        try:
            async with asyncio.timeout(_ROLLBACK_SECONDS):
                await self._rollback()
        except TimeoutError:
            self.connection.terminate()

    def _release(self, error: BaseException | None) -> None:
        pool = self._database.pool
        if error is None:
            pool.mark_healthy(self.connection)
        elif isinstance(error, asyncio.CancelledError):
            pool.mark_suspect(self.connection)
        elif isinstance(failures.driver_error(error), TimeoutError):
            pool.mark_all_suspect()
        elif isinstance(error, Unavailable) or failures.invalidates_connection(error):
            # the server has changed state; a new connection may reach another one
            self.connection.terminate()
        pool.release(self._pooled)

    @abstractmethod
    async def _begin(self, connection: Any) -> Unit:
        """Begin a transaction and return the unit of work."""

    @abstractmethod
    async def _commit(self) -> None:
        """Commit."""

    @abstractmethod
    async def _rollback(self) -> None:
        """Roll back."""

    @abstractmethod
    def _is_failure(self, error: BaseException) -> bool:
        """Return whether this error came from the database and not from other code in the block."""


class _StatementContext(UnitOfWorkContext[UnitOfWork]):
    __slots__ = ("_unit",)

    async def _begin(self, connection: Any) -> UnitOfWork:
        self._unit = UnitOfWork(connection, in_transaction=False)
        return self._unit

    async def _commit(self) -> None:
        """Do nothing: the statement commits itself."""

    async def _rollback(self) -> None:
        """Do nothing: a failed statement rolls itself back."""

    def _is_failure(self, error: BaseException) -> bool:
        return error is self._unit.failure


class _TransactionContext(_StatementContext):
    __slots__ = ("_is_single_statement", "_transaction")

    def __init__(self, database: Database, *, is_single_statement: bool = False) -> None:
        super().__init__(database)
        self._is_single_statement = is_single_statement

    async def _begin(self, connection: Any) -> UnitOfWork:
        self._transaction = connection.transaction()
        await self._transaction.start()
        if self._database.begin_statements:
            await connection.execute("; ".join(self._database.begin_statements))
        self._unit = UnitOfWork(connection, in_transaction=not self._is_single_statement)
        return self._unit

    async def _commit(self) -> None:
        await committed(self._transaction.commit())

    async def _rollback(self) -> None:
        await self._transaction.rollback()


class _SessionContext(UnitOfWorkContext[AsyncSession]):
    __slots__ = ("_session",)

    async def _begin(self, connection: Any) -> AsyncSession:
        engine = self._database.pool.engine
        borrowed = AsyncConnection(engine, Connection(engine.sync_engine, self._pooled))
        self._session = AsyncSession(borrowed, expire_on_commit=False)
        for statement in self._database.begin_statements:
            await self._session.execute(text(statement))
        return self._session

    async def _commit(self) -> None:
        try:
            await committed(self._session.commit())
        finally:
            await self._session.close()

    async def _rollback(self) -> None:
        await self._session.close()

    def _is_failure(self, error: BaseException) -> bool:
        return isinstance(error, failures.SQLALCHEMY_ERRORS) or error is self._pooled.info.get(
            "network_failure"
        )
