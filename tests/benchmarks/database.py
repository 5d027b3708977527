"""The database of the benchmarks: an embedded PostgreSQL with fsync and many articles."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from tests.tokens import STORE_ADMIN

AUTHORS = 100
ARTICLES = 100_000

# About 1 KB each. No autovacuum: it would run during one contestant and not during the next.
_FILL = f"""
    ALTER TABLE articles SET (autovacuum_enabled = off);
    INSERT INTO authors (first_name, last_name)
    SELECT 'First ' || n, 'Last ' || n FROM generate_series(1, {AUTHORS}) n;
    INSERT INTO articles (title, summary, content, author_id, created_at, updated_at)
    SELECT 'Title ' || n, 'What article ' || n || ' is about.', repeat(md5(n::text), 31),
           1 + n % {AUTHORS}, timestamptz '2026-01-01 00:00Z' + n * interval '1 second',
           timestamptz '2026-02-01 00:00Z'
    FROM generate_series(1, {{articles}}) n ORDER BY n;
"""


@contextmanager
def embedded_postgres() -> Iterator[str]:
    """Run a PostgreSQL with an empty database; yield its URL for SQLAlchemy."""
    with tempfile.TemporaryDirectory(prefix="blog-bench-") as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its data here
        with EmbeddedPostgres(Path(folder) / "data") as server:
            yield server.url


def create(url: str, name: str) -> str:
    """Create another database in the same server; return its URL."""
    execute(url, f'CREATE DATABASE "{name}"')
    return named(url, name)


def named(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def fill(url: str, *, articles: int = ARTICLES) -> None:
    """Migrate a database; store authors, articles and a token."""
    migrate.upgrade(url)
    execute(url, STORE_ADMIN)
    execute(url, _FILL.format(articles=articles))
    execute(url, "VACUUM (ANALYZE) authors, articles, tokens")
    execute(url, "CHECKPOINT")


def forget_posted(url: str, *, articles: int = ARTICLES) -> None:
    """Delete what was posted, so that each contestant finds the same tables."""
    execute(url, f"DELETE FROM articles WHERE id > {articles}; DELETE FROM idempotency_keys")
    execute(url, "VACUUM (ANALYZE) articles, idempotency_keys")
    execute(url, "CHECKPOINT")


def execute(url: str, statements: str) -> None:
    """Run statements on a connection of their own."""
    asyncio.run(_execute(url.replace("+asyncpg", ""), statements))


async def _execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
