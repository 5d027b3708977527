"""The engine, its pool and the unit of work. Only this module knows how a statement is executed.

SQLAlchemy describes, compiles and pools; asyncpg executes (ADR 6). A `Statement` is compiled once, and runs on the
driver's connection, which prepares it once: a request pays for neither.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import inf
from typing import Any, Self, TypeAlias, cast

import asyncpg
from sqlalchemy import BindParameter, Executable, bindparam, event
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine

from app.errors import BlogError, SchemaOutdated, Unavailable

logger = logging.getLogger(__name__)

_DIALECT = dialect()  # type: ignore[no-untyped-call]
_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, PoolTimeoutError, OSError, TimeoutError)
_UNMIGRATED = ("42P01", "42703")  # undefined_table, undefined_column: PostgreSQL, appendix A


class ConstraintViolated(Exception):
    """A statement broke the constraint with this name; the service says what that means."""

    def __init__(self, name: str | None) -> None:
        super().__init__(name)
        self.name = name


class _MustOpen(Exception):
    """The pool has no open connection that is idle."""


@contextmanager
def violation_means(error: BlogError, *, constraint: str) -> Iterator[None]:
    """Raise `error` where a statement breaks the constraint with this name."""
    try:
        yield
    except ConstraintViolated as violated:
        if violated.name != constraint:
            raise
        raise error from violated


Row: TypeAlias = Mapping[str, Any]
"""A row of a result: its columns by their names."""


class Statement:
    """A Core statement, compiled when it is made: once, at import, not in a request.

    Its parameters, `bindparam("author_id")` say, are the keywords of each execution.
    """

    def __init__(self, statement: Executable) -> None:
        """Compile. Raises `TypeError` for a type that SQLAlchemy would convert: the driver knows nothing of that."""
        compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined] # every Core statement has it
        names: list[str] = compiled.positiontup or []
        columns = getattr(statement, "exported_columns", [])
        for type_ in [*(compiled.binds[name].type for name in names), *(column.type for column in columns)]:
            _check_plain(type_)
        self.sql = str(compiled)
        self._names = names
        self._given = {name: value for name, value in compiled.params.items() if value is not None}

    def arguments(self, parameters: dict[str, object]) -> list[object]:
        """Return the values of `$1`, `$2`, … Raises `KeyError` for a parameter that is missing."""
        values = {**self._given, **parameters}
        return [values[name] for name in self._names]


def parameters(*names: str) -> dict[str, BindParameter[Any]]:
    """Return parameters by the names of their columns, as the values of an INSERT or UPDATE."""
    return {name: bindparam(name) for name in names}


def _check_plain(type_: TypeEngine[Any]) -> None:
    here = type_.dialect_impl(_DIALECT)
    if here.bind_processor(_DIALECT) or here.result_processor(_DIALECT, None):
        raise TypeError(f"{type_!r} needs a conversion by SQLAlchemy; use a type that asyncpg knows")


class UnitOfWork:
    """What a service gets to run its statements; whoever opened it commits."""

    __slots__ = ("_connection", "_left")

    def __init__(self, connection: Any, *, statements: float) -> None:
        self._connection = connection
        self._left = statements

    async def all(self, statement: Statement, **parameters: object) -> list[Row]:
        """Return all rows."""
        rows: list[Row] = await self._run(self._connection.fetch, statement, parameters)
        return rows

    async def first(self, statement: Statement, **parameters: object) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = await self._run(self._connection.fetchrow, statement, parameters)
        return row

    async def run(self, statement: Statement, **parameters: object) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        tag: str = await self._run(self._connection.execute, statement, parameters)  # such as DELETE 1
        return int(tag.rpartition(" ")[2])

    async def _run(self, method: Any, statement: Statement, parameters: dict[str, object]) -> Any:
        self._left -= 1
        if self._left < 0:
            raise RuntimeError("this is a second statement: use Database.transaction()")
        try:
            return await method(statement.sql, *statement.arguments(parameters))
        except asyncpg.IntegrityConstraintViolationError as error:
            raise ConstraintViolated(error.constraint_name) from error


class Database:
    """The database: open it once in a process and event loop (`async with`), then `statement` and `transaction`."""

    def __init__(self, url: str, *, pool_size: int, timeout: float, wait: float) -> None:
        """Remember the settings; nothing is opened. `timeout` and `wait` are seconds."""
        self._url = url
        self._pool_size = pool_size
        self._timeout = timeout
        self._wait = wait
        self._engine: AsyncEngine | None = None
        self._turns = pool_size
        self._waiting: deque[_Waiter] = deque()
        self._may_open = True

    async def __aenter__(self) -> Self:
        self._engine = create_async_engine(
            self._url,
            pool_size=self._pool_size,
            max_overflow=0,
            pool_timeout=self._wait,
            pool_reset_on_return=None,  # nothing to reset: see `take_back`
            connect_args={"timeout": self._wait, "command_timeout": self._timeout},
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        event.listen(self._engine.sync_engine, "do_connect", self._before_opening)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    def statement(self) -> "Loan":
        """Run one statement: it is a transaction by itself, without the round trips of BEGIN and COMMIT."""
        return Loan(self, in_transaction=False)

    def transaction(self) -> "Loan":
        """Run statements as one transaction: committed when the block ends, rolled back when it raises."""
        return Loan(self, in_transaction=True)

    async def lend(self) -> PoolProxiedConnection:
        """Return a pooled connection, in the order in which they were asked for.

        The pool itself serves whoever comes at the right moment, so that some would wait for seconds. Who has to wait
        is handed the connection that comes back, without a way through the pool.
        """
        if self._engine is None:
            raise RuntimeError("the database is not open: use `async with`")
        if self._turns:
            self._turns -= 1
        elif handed := await self._handed():
            return handed
        try:
            return self._idle_connection(self._engine) or await self._engine.raw_connection()
        except BaseException:
            self._pass_on(None)
            raise

    async def _handed(self) -> PoolProxiedConnection | None:
        """Wait for a turn; return the connection that comes with it, None where it broke. Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        waiter: _Waiter = loop.create_future()
        self._waiting.append(waiter)
        alarm = loop.call_later(self._wait, _give_up, waiter)  # a third of what `asyncio.timeout` costs
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:  # in the same moment
                self._pass_on(waiter.result())
            raise
        finally:
            alarm.cancel()

    def _pass_on(self, pooled: PoolProxiedConnection | None) -> None:
        """Give a turn, and the connection with it, to the next who waits, or back."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(pooled)
                return
        if pooled is not None:
            pooled.close()
        self._turns += 1

    def _idle_connection(self, engine: AsyncEngine) -> PoolProxiedConnection | None:
        """Return an idle connection, without a greenlet and its two system calls; None where one has to be opened."""
        self._may_open = False
        try:
            return engine.sync_engine.raw_connection()
        except _MustOpen:
            return None
        finally:
            self._may_open = True

    def _before_opening(self, *_: object) -> None:
        if not self._may_open:
            raise _MustOpen

    def take_back(self, pooled: PoolProxiedConnection) -> None:
        """Take back a connection for the next; one left in a transaction, as its rollback failed, is closed before."""
        connection = cast(Any, pooled.driver_connection)
        is_open = connection is not None and not connection.is_closed()
        if is_open and connection.is_in_transaction():
            connection.terminate()
            is_open = False
        if not is_open:
            pooled.close()
            self._pass_on(None)
        else:
            self._pass_on(pooled)


_Waiter: TypeAlias = "asyncio.Future[PoolProxiedConnection | None]"


def _give_up(waiter: _Waiter) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


class Loan:
    """A connection on loan: `async with` gives the unit of work on it, and ends it.

    Raises `Unavailable` or `SchemaOutdated` for whatever keeps the database from working, and nothing of the driver.
    """

    __slots__ = ("_database", "_in_transaction", "_pooled", "_transaction")

    def __init__(self, database: Database, *, in_transaction: bool) -> None:
        self._database = database
        self._in_transaction = in_transaction
        self._transaction: Any = None

    async def __aenter__(self) -> UnitOfWork:
        try:
            self._pooled = await self._database.lend()
            if not self._in_transaction:
                return UnitOfWork(self._pooled.driver_connection, statements=1)
            await self._begin()
        except _TROUBLE as error:
            raise _translated(error) from error
        return UnitOfWork(self._pooled.driver_connection, statements=inf)

    async def _begin(self) -> None:
        connection = cast(Any, self._pooled.driver_connection)
        try:
            self._transaction = connection.transaction()
            await self._transaction.start()
        except BaseException:
            connection.terminate()  # BEGIN may still arrive: what is written there next would never be committed
            self._database.take_back(self._pooled)
            raise

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if self._transaction is not None:
                await self._transaction.__aexit__(kind, error, trace)
        except _TROUBLE as failure:
            error = failure
        finally:
            self._database.take_back(self._pooled)
        if isinstance(error, _TROUBLE):
            raise _translated(error) from error


def _translated(error: Exception) -> BlogError:
    logger.warning("database unavailable: %s", _reason(error))
    return SchemaOutdated() if getattr(error, "sqlstate", None) in _UNMIGRATED else Unavailable()


def _reason(error: Exception) -> str:
    """Return what happened, without the words of the driver: they may quote what people wrote."""
    cause = getattr(error, "orig", None) or error
    cause = cause.__cause__ or cause
    words = [type(cause).__name__, getattr(cause, "sqlstate", None), getattr(cause, "strerror", None)]
    return " ".join(word for word in words if word)


def _refuse_closed(connection: Any, *_: object) -> None:
    """Let the pool replace a connection that its server has closed, before a request meets it."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
