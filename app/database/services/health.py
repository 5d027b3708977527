"""The health of the database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text

from app.database.db import Database
from app.database.statements import Statement
from app.errors import SchemaOutdated, Unavailable

logger = logging.getLogger(__name__)

PROBE_SECONDS = 0.9
"""How long a readiness check waits for the database."""

_MAX_RETRY_SECONDS = 30.0
_STATE = Statement(
    text(
        "SELECT version_num, current_setting('transaction_read_only') = 'on' AS is_read_only FROM "
        "alembic_version"
    )
)


class HealthService:
    """Checks of the database."""

    @staticmethod
    async def check_readiness(probe: Database) -> None:
        """Return if the database answers, accepts writes, and has the needed migration or newer.

        Takes at most `PROBE_SECONDS`. Raises `Unavailable`, `SchemaOutdated`.
        """
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                try:
                    await _check(probe)
                except Unavailable:
                    # the server of this connection may be gone: retry on a new connection
                    await _check(probe)
        except TimeoutError as error:
            logger.warning("the database is not ready: no answer within %.1f s", PROBE_SECONDS)
            raise Unavailable from error


async def _check(probe: Database) -> None:
    """Check once. Raises `SchemaOutdated`, or `Unavailable`, which also closes the connection."""
    async with probe.statement() as db:
        try:
            async with asyncio.timeout(PROBE_SECONDS / 3):
                state = await db.fetch_one(_STATE)
        except TimeoutError as error:
            logger.warning(
                "a connection to the database gives no answer within %.1f s", PROBE_SECONDS / 3
            )
            raise Unavailable from error
        if state is None or not probe.has_migrations(state["version_num"]):
            raise SchemaOutdated
        if state["is_read_only"]:
            raise Unavailable("The database accepts no writes.")


@asynccontextmanager
async def connection_check(
    database: Database, *, then: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Log whether the database can be reached, and retry in the background until it can; `then`
    check more.
    """
    task = asyncio.create_task(_check_connection(database, then))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _check_connection(database: Database, then: Callable[[], Awaitable[None]]) -> None:
    delay = 0.5
    while True:
        try:
            fault = await database.unsupported_reason()
            if fault is None:
                await then()
        except Unavailable:  # already logged
            await asyncio.sleep(delay)
            delay = min(2 * delay, _MAX_RETRY_SECONDS)
        except Exception:
            logger.exception("cannot check the database")
            return
        else:
            if fault is None:
                logger.info("the database can be reached")
            else:
                logger.error("the service cannot use this database: %s", fault)
            return
