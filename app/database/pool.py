"""A fair queue in front of SQLAlchemy's pool: connections are handed out first come, first served.

SQLAlchemy's pool opens, replaces and closes the connections. A connection that is released in order
is not returned to it but kept here for the next request: the way through SQLAlchemy's pool is a
ninth of the cost of a small request.
"""

import asyncio
import errno
from collections import deque
from time import monotonic
from typing import Any, Self, TypeAlias, cast

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import await_only

_PING_SECONDS = 1.0  # how long a suspect connection may take to answer

_Waiter: TypeAlias = "asyncio.Future[PoolProxiedConnection | None]"


class Pool:
    """The connections of one process and event loop.

    Open it with `async with`, then `acquire` and `release`.
    """

    def __init__(
        self, connect_args: dict[str, Any], *, size: int, wait: float, max_age: float
    ) -> None:
        """Store the settings without connecting.

        `wait` is how long to wait for a connection and `max_age` how old a connection may get, both
        in seconds. `connect_args` are passed to the driver.
        """
        self._connect_args = connect_args
        self._size = size
        self._wait = wait
        self._max_age = max_age
        self._free_slots = size
        self._waiters: deque[_Waiter] = deque()
        self._idle: deque[PoolProxiedConnection] = deque()
        self._open: set[Any] = set()
        self._suspect: set[Any] = set()
        self._engine: AsyncEngine | None = None

    async def __aenter__(self) -> Self:
        self._engine = create_async_engine(
            "postgresql+asyncpg://",  # everything else is in connect_args
            connect_args=self._connect_args,
            pool_size=self._size,
            max_overflow=0,
            pool_timeout=self._wait,
            pool_reset_on_return=None,  # `release` leaves nothing to reset
            hide_parameters=True,  # errors are logged, and parameter values must not be
        )
        event.listen(self._engine.sync_engine, "connect", self._on_connect)
        event.listen(self._engine.sync_engine, "close", self._on_close)
        event.listen(self._engine.sync_engine, "checkout", self._on_checkout)
        event.listen(self._engine.sync_engine, "handle_error", _record_network_failure)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._return_idle()
        await self.engine.dispose()

    @property
    def engine(self) -> AsyncEngine:
        """The engine. Raises `RuntimeError` if the pool is not open."""
        if self._engine is None:
            raise RuntimeError("the database is not open: use `async with`")
        return self._engine

    async def acquire(self) -> PoolProxiedConnection:
        """Acquire a connection, first come, first served.

        SQLAlchemy's own queue is not fair: a newcomer can take a connection before those who
        already wait, and some of them would wait for seconds. So a released connection goes
        straight to the first waiter, past the pool.

        Raises `TimeoutError`, and whatever the driver raises when it connects.
        """
        engine = self.engine
        if self._free_slots:
            self._free_slots -= 1
        elif handed := await self._wait_for_slot():
            return handed
        try:
            return self._idle_connection() or await engine.raw_connection()
        except BaseException as error:
            self._release_slot(None)
            if isinstance(error, InvalidRequestError):
                # SQLAlchemy gave up: new connections were closed at once, too
                raise ConnectionResetError from error
            raise

    def release(self, pooled: PoolProxiedConnection) -> None:
        """Keep the connection for the next request, unless it is closed, too old or suspect.

        A connection still in a transaction, because its rollback failed, is closed: nothing written
        on it later would ever be committed.
        """
        connection = cast(Any, pooled.driver_connection)
        is_open = connection is not None and not connection.is_closed()
        if is_open and connection.is_in_transaction():
            connection.terminate()
        elif is_open and connection not in self._suspect and self._is_usable(connection, pooled):
            self._release_slot(pooled)
            return
        pooled.close()  # returns it to the pool, which checks it before it is used again
        self._release_slot(None)

    def mark_suspect(self, connection: Any) -> None:
        """Ping this driver connection before it is used again."""
        if connection in self._open:
            self._suspect.add(connection)

    def mark_all_suspect(self) -> None:
        """Ping every connection before its next use: one timed out, so the server may be gone."""
        self._suspect.update(self._open)

    def mark_healthy(self, connection: Any) -> None:
        """Skip the ping for this driver connection: it has just worked."""
        self._suspect.discard(connection)

    async def _wait_for_slot(self) -> PoolProxiedConnection | None:
        """Wait for a slot; return its connection, or None if unusable. Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        waiter: _Waiter = loop.create_future()
        self._waiters.append(waiter)
        # a third of the cost of `asyncio.timeout`
        alarm = loop.call_later(self._wait, _time_out, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                # the slot arrived at the same moment
                self._release_slot(waiter.result())
            raise
        finally:
            alarm.cancel()

    def _release_slot(self, pooled: PoolProxiedConnection | None) -> None:
        """Hand the slot and its connection to the next waiter, or keep both if there is none."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(pooled)
                return
        if pooled is not None:
            self._idle.append(pooled)
        self._free_slots += 1

    def _idle_connection(self) -> PoolProxiedConnection | None:
        """Return the connection that has been idle longest, or None if none is usable."""
        if not self._idle:
            return None
        pooled = self._idle.popleft()
        connection = pooled.driver_connection
        if connection not in self._suspect and self._is_usable(connection, pooled):
            return pooled
        pooled.close()  # the pool pings or replaces it
        return None

    def _return_idle(self) -> None:
        """Return the idle connections to SQLAlchemy's pool, which replaces or closes them."""
        while self._idle:
            self._idle.popleft().close()

    def _on_connect(self, connection: Any, record: Any) -> None:
        record.info["opened"] = monotonic()
        self._open.add(connection.driver_connection)

    def _on_close(self, connection: Any, _: object) -> None:
        self._open.discard(connection.driver_connection)
        self._suspect.discard(connection.driver_connection)

    def _on_checkout(self, connection: Any, record: Any, _: object) -> None:
        """Make the pool replace a connection that is closed, too old, or does not answer a ping."""
        driver_connection = connection.driver_connection
        if not self._is_usable(driver_connection, record):
            raise DisconnectionError
        if driver_connection in self._suspect:
            try:
                await_only(_ping(driver_connection, within=min(_PING_SECONDS, self._wait / 2)))
            except BaseException as error:
                driver_connection.terminate()  # a clean close would wait for the server, too
                if not isinstance(error, Exception):
                    raise
                self._suspect.clear()
                self._return_idle()
                # replaces all idle connections without pinging each
                raise InvalidatePoolError from None
            self._suspect.discard(driver_connection)

    def _is_usable(self, connection: Any, holder: Any) -> bool:
        return not connection.is_closed() and monotonic() - holder.info["opened"] < self._max_age


async def _ping(connection: Any, *, within: float) -> None:
    async with asyncio.timeout(within):
        await connection.execute("SELECT 1")


def _record_network_failure(context: ExceptionContext) -> None:
    """Record a network failure of a session's connection.

    SQLAlchemy does not wrap an `OSError`, so a session could not tell it from one that other code
    in its block raised.
    """
    if context.connection is not None and isinstance(context.original_exception, OSError):
        context.connection.info["network_failure"] = context.original_exception


def _time_out(waiter: _Waiter) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError(errno.ETIMEDOUT, "no connection became free in time"))
