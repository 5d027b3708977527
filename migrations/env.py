"""Runs migrations on an async engine, in one process at a time."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.util.exc import CommandError
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.database.connection import (
    WITHOUT_PREPARED_STATEMENTS,
    connect,
    read_only_reason,
    unsupported_reason,
)
from app.database.failures import driver_error, explanation, sqlstate
from app.database.migrate import new_revision
from app.database.models import Base
from app.database.url import InvalidURL, connect_arguments
from app.settings import InvalidSettings, Settings, load_settings
from migrations.checks import CHANGED_CHECKS
from migrations.locks import migrate_between_others, set_lock_timeout

# Any number that nothing else in this database uses for an advisory lock.
_LOCK = 7_310_248_615
# Time limit for connecting, in seconds, unless the URL sets another.
_TIMEOUT = 10.0
# SQLSTATE classes that are not the fault of a migration: connection, read-only, login, no such
# database, conflicts, privileges, resources, locks, shutdown, I/O (PostgreSQL's appendix A).
_ENVIRONMENT_ERRORS = ("08", "25", "28", "3D", "40", "42501", "53", "55", "57", "58")


def run_migrations(connection: Connection, *, lock_timeout: float) -> None:
    """Migrate in one transaction, under a lock: of two replicas, one has nothing to do.

    `lock_timeout` is how long a statement of a migration waits for a lock, in seconds.
    """
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        autogenerate_plugins=[
            "alembic.autogenerate.*",
            "alembic.ext.checkconstraint_byname",
            CHANGED_CHECKS,
        ],
        process_revision_directives=_name_revision,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        set_lock_timeout(connection, lock_timeout)
        context.run_migrations()


def _name_revision(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Use a timestamp as the revision id, so that readiness can compare revisions."""
    for directive in directives:
        directive.rev_id = new_revision()


async def _run(arguments: dict[str, Any], settings: Settings) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", connect_args=arguments, poolclass=pool.NullPool
    )
    place = ", ".join(arguments.get("host", ["PGHOST"]))
    with _reported(f"cannot connect to the database at {place}"):
        connection = await engine.connect()
    try:
        with _reported(f"cannot migrate the database at {place}", sqlstates=_ENVIRONMENT_ERRORS):
            await _migrate(connection, settings)
    finally:
        await connection.close()
        await engine.dispose()


async def _migrate(connection: AsyncConnection, settings: Settings) -> None:
    driver = (await connection.get_raw_connection()).driver_connection
    if reason := unsupported_reason(driver) or read_only_reason(driver):
        raise CommandError(f"cannot migrate the database: {reason}")
    await migrate_between_others(
        connection,
        partial(run_migrations, lock_timeout=settings.migration_lock_timeout),
        lock_timeout=settings.migration_lock_timeout,
        wait=settings.migration_wait,
    )


@contextmanager
def _reported(what: str, *, sqlstates: tuple[str, ...] = ("",)) -> Iterator[None]:
    """Raise a one-line `CommandError` for a problem with the server. A bug keeps its traceback."""
    try:
        yield
    except Exception as error:
        reason, cause = explanation(error), driver_error(error)
        if reason is None or not (
            isinstance(cause, OSError) or sqlstate(cause).startswith(sqlstates)
        ):
            raise
        raise CommandError(f"{what}: {reason}") from None


def _settings() -> Settings:
    try:
        return load_settings()
    except InvalidSettings as error:
        raise CommandError(str(error)) from None


def _arguments(settings: Settings) -> dict[str, Any]:
    """Return the connection arguments of `app.database.migrate`, or else of the settings."""
    try:
        url = context.config.attributes.get("url") or _url(settings)
        arguments = connect_arguments(url)
    except InvalidURL as error:
        raise CommandError(str(error)) from None
    ours = {
        "async_creator_fn": connect,
        "command_timeout": None,  # a migration takes as long as it takes
        # Behind a pooler the next statement may run on another connection, where the name is taken.
        **WITHOUT_PREPARED_STATEMENTS,
        "prepared_statement_name_func": lambda: f"migration_{uuid.uuid4().hex}",
    }
    return {"timeout": _TIMEOUT, **arguments, **ours}


def _url(settings: Settings) -> str:
    if settings.database_url is None:
        raise CommandError(
            "set BLOG_DATABASE_URL, or use `make migrate`, which starts the embedded database"
        )
    return settings.database_url.get_secret_value()


_SETTINGS = _settings()
asyncio.run(_run(_arguments(_SETTINGS), _SETTINGS))
