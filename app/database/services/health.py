"""The health of the database."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text

from app.database.db import Database
from app.database.statements import Statement
from app.errors import SchemaOutdated, Unavailable

logger = logging.getLogger(__name__)

PROBE_SECONDS = 0.9
"""How long readiness may take to find out that the database does not answer."""

_LONGEST_RETRY_SECONDS = 30.0
_STATE = Statement(
    text("SELECT version_num, current_setting('transaction_read_only') = 'on' AS is_read_only FROM alembic_version")
)


class HealthService:
    """What can be asked about the database."""

    @staticmethod
    async def check_readiness(probe: Database) -> None:
        """Return when the database answers, takes writes, and has the needed migration or a later one.

        Raises `Unavailable`, `SchemaOutdated`; takes `PROBE_SECONDS` at most.
        """
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                try:
                    await _check(probe)
                except Unavailable:  # the connection may lead to a server that is gone: once more, on a new one
                    await _check(probe)
        except TimeoutError as error:
            logger.warning("the database is not ready: no answer within %.1f s", PROBE_SECONDS)
            raise Unavailable from error


async def _check(probe: Database) -> None:
    """Raises `Unavailable`, which also closes the connection."""
    async with probe.statement() as db:
        try:
            async with asyncio.timeout(PROBE_SECONDS / 3):
                state = await db.fetch_one(_STATE)
        except TimeoutError as error:
            logger.warning("a connection to the database gives no answer within %.1f s", PROBE_SECONDS / 3)
            raise Unavailable from error
        if state is None or not probe.has_migrations(state["version_num"]):
            raise SchemaOutdated
        if state["is_read_only"]:
            raise Unavailable("The database takes no writes.")


@asynccontextmanager
async def first_contact(database: Database) -> AsyncIterator[None]:
    """Report at once, beside the block, whether the database can be reached, and try until it can."""
    task = asyncio.create_task(_make_contact(database))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _make_contact(database: Database) -> None:
    delay = 0.5
    while True:
        try:
            fault = await database.unsupported_reason()
        except Unavailable:  # it is logged
            await asyncio.sleep(delay)
            delay = min(2 * delay, _LONGEST_RETRY_SECONDS)
        except Exception:
            logger.exception("the database cannot be asked what it is")
            return
        else:
            if fault is None:
                logger.info("the database can be reached")
            else:
                logger.error("the service cannot work with this database: %s", fault)
            return
