"""A migration lets others pass while somebody holds its locks, and says for whom it waits."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from tests.conftest import migrate_for_tests, run_sql, without_settings
from tests.reliability.harness import check, hammering, serving, settle
from tests.servers import wait_until
from tests.test_readme import copy as copy

pytestmark = pytest.mark.slow

ADD_COLUMN = f'''
from alembic import op
import sqlalchemy as sa

revision: str = "20991231000000"
down_revision: str | None = "{migrate.head_revision()}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("authors", sa.Column("email", sa.String(254), nullable=True))
'''


@pytest.fixture
def url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A migrated database of the test's own."""
    asyncio.run(run_sql(postgres.url, "CREATE DATABASE locked"))
    url = postgres.url.replace("/blog?", "/locked?")
    migrate_for_tests(url)
    yield url
    asyncio.run(run_sql(postgres.url, "DROP DATABASE locked WITH (FORCE)"))


@contextmanager
def idle_reader(url: str) -> Iterator[None]:
    """A client that has read the authors, and left its transaction open."""
    with asyncio.Runner() as runner:
        connection = runner.run(
            asyncpg.connect(
                url.replace("+asyncpg", ""), server_settings={"application_name": "a report"}
            )
        )
        try:
            runner.run(connection.execute("BEGIN; SELECT FROM authors"))
            yield
        finally:
            runner.run(connection.close())


class Migration:
    """`python -m app migrate` of a project, and what it has said so far."""

    def __init__(self, project: Path, url: str, **settings: str) -> None:
        (project / "migrations" / "versions" / "2099-12-31_email.py").write_text(ADD_COLUMN)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "migrate"],
            cwd=project,
            env=without_settings(project)
            | {"BLOG_DATABASE_URL": url, "BLOG_LOG_FORMAT": "json", **settings},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as output:
            self.lines.extend(iter(output.readline, ""))

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        code = self._process.wait(timeout=60)
        self._reader.join()
        return code


def test_writers_go_on_while_a_migration_waits_for_an_idle_reader(
    copy: Path, url: str, record_property: Any
) -> None:
    with (
        serving(url) as service,
        hammering(service.base_url, record_property=record_property) as writers,
    ):
        with idle_reader(url):
            migration = Migration(copy, url)
            wait_until(lambda: len(migration.lines) >= 3)
            writers.wait_for_success(20)
        assert migration.end() == 0, migration.lines
        writers.wait_for_success(5)
        writers.ledger.faults += 1

    # None waits for longer than the migration does for its lock, a second and a half.
    check(settle(writers, url), statuses=(), slowest=2.5)
    assert all("a report, idle in transaction, " in line for line in migration.lines)
    assert all("s) uses authors" in line for line in migration.lines)
    assert asyncio.run(run_sql(url, "SELECT email FROM authors LIMIT 1")) == "SELECT 1"


def test_migration_that_never_gets_its_lock_fails_with_a_line_that_says_why(
    copy: Path, url: str
) -> None:
    with idle_reader(url):
        started = time.monotonic()
        migration = Migration(copy, url, BLOG_MIGRATION_WAIT="2", BLOG_MIGRATION_LOCK_TIMEOUT="0.2")

        assert migration.end() == 1

    assert time.monotonic() - started < 30
    assert migration.lines[-1].startswith(
        "cannot migrate the database: no lock within 2 seconds; process "
    )
    assert "(a report, idle in transaction, " in migration.lines[-1]
    assert migration.lines[-1].endswith(" s) uses authors\n")
