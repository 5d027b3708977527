"""SQLAlchemy's pool, with fair turns: connections are lent in the order in which they were asked for.

The pool itself opens, keeps, replaces and closes the connections.
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

_PING_SECONDS = 1.0  # how long a doubted connection may take to answer

_Waiter: TypeAlias = "asyncio.Future[PoolProxiedConnection | None]"


class _NoIdleConnection(Exception):
    """The pool has no open connection that is idle."""


class Pool:
    """The connections of one process and event loop: `async with`, then `acquire` and `release`."""

    def __init__(self, connect_args: dict[str, Any], *, size: int, wait: float, max_age: float) -> None:
        """Remember the settings; nothing is opened.

        `wait` and `max_age` are seconds: how long to wait for a connection, and how old one becomes at most.
        `connect_args` are the driver's.
        """
        self._connect_args = connect_args
        self._size = size
        self._wait = wait
        self._max_age = max_age
        self._free_slots = size
        self._waiters: deque[_Waiter] = deque()
        self._may_connect = True
        self._open: set[Any] = set()
        self._suspect: set[Any] = set()
        self._engine: AsyncEngine | None = None

    async def __aenter__(self) -> Self:
        self._engine = create_async_engine(
            "postgresql+asyncpg://",  # the rest is in the arguments
            connect_args=self._connect_args,
            pool_size=self._size,
            max_overflow=0,
            pool_timeout=self._wait,
            pool_reset_on_return=None,  # nothing to reset: see `release`
            hide_parameters=True,  # errors are logged, and values are nobody's business
        )
        event.listen(self._engine.sync_engine, "do_connect", self._on_do_connect)
        event.listen(self._engine.sync_engine, "connect", self._on_connect)
        event.listen(self._engine.sync_engine, "close", self._on_close)
        event.listen(self._engine.sync_engine, "checkout", self._on_checkout)
        event.listen(self._engine.sync_engine, "handle_error", _record_network_failure)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.dispose()

    @property
    def engine(self) -> AsyncEngine:
        """The engine. Raises `RuntimeError` before the pool is open."""
        if self._engine is None:
            raise RuntimeError("the database is not open: use `async with`")
        return self._engine

    async def acquire(self) -> PoolProxiedConnection:
        """Return a pooled connection, in the order in which they were asked for.

        The pool itself serves the request that comes at the right moment, so that others would wait for seconds. A
        request that has to wait is handed the connection that comes back, past the pool.

        Raises `TimeoutError`, and what the driver raises when it connects.
        """
        engine = self.engine
        if self._free_slots:
            self._free_slots -= 1
        elif handed := await self._wait_for_slot():
            return handed
        try:
            return self._idle_connection(engine) or await engine.raw_connection()
        except BaseException as error:
            self._release_slot(None)
            if isinstance(error, InvalidRequestError):  # SQLAlchemy gives up: new connections are closed at once, too
                raise ConnectionResetError from error
            raise

    def release(self, pooled: PoolProxiedConnection) -> None:
        """Take a connection back, and give it to the next who waits, unless it is closed, too old or doubted.

        One that was left in a transaction, as its rollback failed, is closed before: what is written there next would
        never be committed.
        """
        connection = cast(Any, pooled.driver_connection)
        is_open = connection is not None and not connection.is_closed()
        if is_open and connection.is_in_transaction():
            connection.terminate()
        elif is_open and self._waiters and connection not in self._suspect and self._is_usable(connection, pooled):
            self._release_slot(pooled)
            return
        pooled.close()  # what is idle is looked at when it is lent again
        self._release_slot(None)

    def mark_suspect(self, connection: Any) -> None:
        """Try this connection of the driver before it is lent again."""
        if connection in self._open:
            self._suspect.add(connection)

    def mark_all_suspect(self) -> None:
        """Try each connection before it is lent again: one did not answer in time, and the server may be gone."""
        self._suspect.update(self._open)

    def mark_healthy(self, connection: Any) -> None:
        """Lend this connection of the driver without a try: it has just worked."""
        self._suspect.discard(connection)

    async def _wait_for_slot(self) -> PoolProxiedConnection | None:
        """Wait for a turn; return the connection that comes with it, None where it broke. Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        waiter: _Waiter = loop.create_future()
        self._waiters.append(waiter)
        alarm = loop.call_later(self._wait, _time_out, waiter)  # a third of what `asyncio.timeout` costs
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:  # in the same moment
                self._release_slot(waiter.result())
            raise
        finally:
            alarm.cancel()

    def _release_slot(self, pooled: PoolProxiedConnection | None) -> None:
        """Give a turn, and the connection with it, to the next who waits, or back."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(pooled)
                return
        if pooled is not None:
            pooled.close()
        self._free_slots += 1

    def _idle_connection(self, engine: AsyncEngine) -> PoolProxiedConnection | None:
        """Return an idle connection, without a greenlet and its two system calls; None where one has to be awaited."""
        if self._suspect:
            return None
        self._may_connect = False
        try:
            return engine.sync_engine.raw_connection()
        except _NoIdleConnection:
            return None
        finally:
            self._may_connect = True

    def _on_do_connect(self, *_: object) -> None:
        if not self._may_connect:
            raise _NoIdleConnection

    def _on_connect(self, connection: Any, record: Any) -> None:
        record.info["opened"] = monotonic()
        self._open.add(connection.driver_connection)

    def _on_close(self, connection: Any, _: object) -> None:
        self._open.discard(connection.driver_connection)
        self._suspect.discard(connection.driver_connection)

    def _on_checkout(self, connection: Any, record: Any, _: object) -> None:
        """Let the pool replace a connection that is closed or too old, or that does not answer."""
        driver_connection = connection.driver_connection
        if not self._is_usable(driver_connection, record):
            raise DisconnectionError
        if driver_connection in self._suspect:
            try:
                await_only(_ping(driver_connection, within=min(_PING_SECONDS, self._wait / 2)))
            except BaseException as error:
                driver_connection.terminate()  # closing would wait for an answer, too
                if not isinstance(error, Exception):
                    raise
                self._suspect.clear()
                raise InvalidatePoolError from None  # the idle ones are replaced, none of them is tried
            self._suspect.discard(driver_connection)

    def _is_usable(self, connection: Any, holder: Any) -> bool:
        return not connection.is_closed() and monotonic() - holder.info["opened"] < self._max_age


async def _ping(connection: Any, *, within: float) -> None:
    async with asyncio.timeout(within):
        await connection.execute("SELECT 1")


def _record_network_failure(context: ExceptionContext) -> None:
    """Let a session tell a failure of its connection from one of what else its block does; SQLAlchemy wraps neither."""
    if context.connection is not None and isinstance(context.original_exception, OSError):
        context.connection.info["network_failure"] = context.original_exception


def _time_out(waiter: _Waiter) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError(errno.ETIMEDOUT, "no connection came back in time"))
