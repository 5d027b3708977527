"""The engine, its pool and the unit of work. Only this module knows how a statement is executed."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

from sqlalchemy import Executable, event
from sqlalchemy.engine import CursorResult, Row
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.errors import BlogError, SchemaOutdated, Unavailable

logger = logging.getLogger(__name__)

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


class UnitOfWork:
    """What a service gets to run its statements; whoever opened it commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self, statement: Executable) -> list[Row[Any]]:
        """Return all rows."""
        return list((await self._execute(statement)).all())

    async def first(self, statement: Executable) -> Row[Any] | None:
        """Return the first row, or None."""
        return (await self._execute(statement)).first()

    async def run(self, statement: Executable) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        return (await self._execute(statement)).rowcount

    async def _execute(self, statement: Executable) -> CursorResult[Any]:
        try:
            return await self._connection.execute(statement)
        except IntegrityError as error:
            cause = error.orig.__cause__ if error.orig else None
            raise ConstraintViolated(getattr(cause, "constraint_name", None)) from error


class Database:
    """The database: open it once in a process and event loop (`async with`), then `read` and `write`."""

    def __init__(self, url: str, *, pool_size: int, timeout: float, wait: float) -> None:
        """Remember the settings; nothing is opened. `timeout` and `wait` are seconds."""
        self._url = url
        self._pool_size = pool_size
        self._timeout = timeout
        self._wait = wait
        self._engine: AsyncEngine | None = None

    async def __aenter__(self) -> Self:
        self._engine = create_async_engine(
            self._url,
            pool_size=self._pool_size,
            max_overflow=0,
            pool_timeout=self._wait,
            hide_parameters=True,  # parameters are people's texts: they do not belong in logs
            connect_args={"timeout": self._wait, "command_timeout": self._timeout},
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """Run one statement that changes nothing, without the round trips of BEGIN and COMMIT."""
        with _translated():
            async with self._connect() as connection:
                yield UnitOfWork(await connection.execution_options(isolation_level="AUTOCOMMIT"))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """Run statements as one transaction: committed when the block ends, rolled back when it raises."""
        with _translated():
            async with self._connect() as connection, connection.begin():
                yield UnitOfWork(connection)

    def _connect(self) -> AsyncConnection:
        if self._engine is None:
            raise RuntimeError("the database is not open: use `async with`")
        return self._engine.connect()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever keeps the database from working into `Unavailable`; raises nothing of the driver."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, TimeoutError, OSError) as error:
        logger.warning("database unavailable: %s", _reason(error))
        state = getattr(getattr(error, "orig", None), "sqlstate", None)
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
