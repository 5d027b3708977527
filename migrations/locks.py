"""Gets the locks of a migration without making everybody else wait for them, too.

`ALTER TABLE` needs the strongest lock on its table. While it waits for a transaction that has used
the table, all later statements of others queue up behind it. So a migration waits only for a
moment, then lets the others pass and tries again.
"""

import asyncio
import logging
from collections.abc import Callable
from random import uniform
from time import monotonic

from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database.failures import driver_error, sqlstate

logger = logging.getLogger("app.migrations")

_LOCK_FAILURES = ("55P03", "40P01")  # lock not available in time, deadlock
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 8.0  # seconds
_SHOWN = 3  # processes that a message names, at most

_HOLDERS = text("""
    SELECT pid, concat_ws(', ',
        nullif(application_name, ''), state,
        extract(epoch FROM now() - xact_start)::integer || ' s'
    ) AS what, string_agg(DISTINCT relname, ', ' ORDER BY relname) AS tables
    FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_class ON pg_class.oid = relation
    WHERE granted AND pid <> pg_backend_pid() AND relkind IN ('r', 'p')
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        AND xact_start < now() - make_interval(secs => :seconds)
    GROUP BY pid, application_name, state, xact_start ORDER BY xact_start
""")


async def migrate_between_others(
    connection: AsyncConnection,
    migrate: Callable[[Connection], None],
    *,
    lock_timeout: float,
    wait: float,
) -> None:
    """Run a migration in one transaction; again, from its start, while others hold its locks.

    Each attempt may wait for a lock for `lock_timeout` seconds, and the last one begins within
    `wait` seconds. Raises `CommandError` when they are over.
    """
    end, pause = monotonic() + wait, _FIRST_PAUSE
    while True:
        try:
            await connection.run_sync(migrate)
            await connection.commit()
            return
        except DBAPIError as error:
            if sqlstate(driver_error(error)) not in _LOCK_FAILURES:
                raise
        await connection.rollback()
        holders = await _holders(connection, lock_timeout)
        if monotonic() + pause > end:
            raise CommandError(
                f"cannot migrate the database: no lock within {wait:g} seconds; {holders}"
            )
        logger.warning("the migration lets others pass and tries again: %s", holders)
        await asyncio.sleep(uniform(pause / 2, pause))
        pause = min(2 * pause, _LONGEST_PAUSE)


def set_lock_timeout(connection: Connection, seconds: float) -> None:
    """Limit the time for which the statements of this transaction wait for a lock."""
    connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(1000 * seconds))}"))


async def _holders(connection: AsyncConnection, seconds: float) -> str:
    """Return who has been in a transaction that long, and with which tables."""
    rows = (await connection.execute(_HOLDERS, {"seconds": seconds})).all()
    await connection.rollback()
    told = [f"process {row.pid} ({row.what}) uses {row.tables}" for row in rows]
    hidden = [f"{len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
    return "; ".join([*told[:_SHOWN], *hidden]) or "the process that held the lock has ended"
