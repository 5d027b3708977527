"""Runs migrations on an async engine, one process at a time."""

import asyncio
from datetime import UTC, datetime

from alembic import context
from alembic.operations import MigrationScript
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.database.models import Base
from app.settings import Settings

# Any number will do, as long as nothing else in this database uses it.
_LOCK = 7_310_248_615


def run_migrations(connection: Connection) -> None:
    """Migrate in one transaction, behind a lock: of two replicas that start together, one finds nothing to do."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        process_revision_directives=_name_revision,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()


def _name_revision(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Name a revision by its time, so that readiness can tell an older schema from a later one."""
    for directive in directives:
        directive.rev_id = f"{datetime.now(UTC):%Y%m%d%H%M%S}"


async def _run(url: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run_migrations)
        await connection.commit()
    await engine.dispose()


def _url() -> str:
    """Return the database that `app.database.migrate` names, or for the alembic command the one of the settings."""
    if url := context.config.attributes.get("url"):
        return str(url)
    if (setting := Settings().database_url) is None:
        raise SystemExit("set BLOG_DATABASE_URL, or use `make migrate`, which starts the embedded database")
    return setting.get_secret_value()


asyncio.run(_run(_url()))
