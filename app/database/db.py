"""The engine, its pool and the unit of work. Only this module knows how a statement is executed.

SQLAlchemy describes, compiles and pools; asyncpg executes (ADR 6). A `Statement` is compiled once, and runs on the
driver's connection, which prepares it once: a request pays for neither.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import asyncpg
from sqlalchemy import BindParameter, Executable, bindparam, event
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
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


@contextmanager
def violation_means(error: BlogError, *, constraint: str) -> Iterator[None]:
    """Raise `error` where a statement breaks the constraint with this name."""
    try:
        yield
    except ConstraintViolated as violated:
        if violated.name != constraint:
            raise
        raise error from violated


class Row(asyncpg.Record):  # type: ignore[misc] # asyncpg has no types
    """A row of a result; its columns are its attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


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
        rows: list[Row] = await self._run(self._connection.fetch, statement, parameters, record_class=Row)
        return rows

    async def first(self, statement: Statement, **parameters: object) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = await self._run(self._connection.fetchrow, statement, parameters, record_class=Row)
        return row

    async def run(self, statement: Statement, **parameters: object) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        tag: str = await self._run(self._connection.execute, statement, parameters)  # such as DELETE 1
        return int(tag.rpartition(" ")[2])

    async def _run(self, method: Any, statement: Statement, parameters: dict[str, object], **options: object) -> Any:
        self._left -= 1
        if self._left < 0:
            raise RuntimeError("this is a second statement: use Database.transaction()")
        try:
            return await method(statement.sql, *statement.arguments(parameters), **options)
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
        self._turn = asyncio.Semaphore(pool_size)

    async def __aenter__(self) -> Self:
        self._engine = create_async_engine(
            self._url,
            pool_size=self._pool_size,
            max_overflow=0,
            pool_timeout=self._wait,
            pool_reset_on_return=None,  # nothing to reset: see `_connection`
            connect_args={"timeout": self._wait, "command_timeout": self._timeout},
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[UnitOfWork]:
        """Run one statement: it is a transaction by itself, without the round trips of BEGIN and COMMIT."""
        async with self._connection() as connection:
            yield UnitOfWork(connection, statements=1)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """Run statements as one transaction: committed when the block ends, rolled back when it raises."""
        async with self._connection() as connection, connection.transaction():
            yield UnitOfWork(connection, statements=float("inf"))

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """Lend a connection of the driver, in the order in which they were asked for."""
        if self._engine is None:
            raise RuntimeError("the database is not open: use `async with`")
        with _translated():
            await self._take_turn()
            try:
                pooled = await self._engine.raw_connection()
                try:
                    yield pooled.driver_connection
                finally:
                    _end(pooled.driver_connection)
                    pooled.close()
            finally:
                self._turn.release()

    async def _take_turn(self) -> None:
        """Wait for a free connection: the pool itself serves whoever comes at the right moment, not who waits."""
        if not self._turn.locked():
            await self._turn.acquire()
            return
        async with asyncio.timeout(self._wait):
            await self._turn.acquire()


def _end(connection: Any) -> None:
    """Drop a connection that was left in a transaction, because its rollback failed: nobody may go on with that."""
    if not connection.is_closed() and connection.is_in_transaction():
        connection.terminate()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever keeps the database from working into `Unavailable`; raises nothing of the driver."""
    try:
        yield
    except _TROUBLE as error:
        logger.warning("database unavailable: %s", _reason(error))
        state = getattr(error, "sqlstate", None)
        raise (SchemaOutdated if state in _UNMIGRATED else Unavailable)() from error


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
