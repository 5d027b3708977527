"""Migrations: every revision goes up, down and up again, and ends where the models are."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run
from sys import executable

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Column, Integer
from sqlalchemy.exc import ProgrammingError

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from app.database.models import Author, Base
from tests.conftest import ROOT, run_sql
from tests.migrations.dump import FOLDER, client_program


@pytest.fixture
def empty_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database without any table."""
    asyncio.run(run_sql(postgres.url, "CREATE DATABASE migrated"))
    yield postgres.url.replace("/blog?", "/migrated?")
    asyncio.run(run_sql(postgres.url, "DROP DATABASE migrated"))


@pytest.mark.parametrize("dump", sorted(FOLDER.glob("*.sql")), ids=lambda dump: dump.stem)
def test_data_of_a_release_are_migrated_without_loss(empty_url: str, dump: Path) -> None:
    client_program(
        empty_url, "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", script=dump.read_text("utf-8")
    )
    before = asyncio.run(rows(empty_url))

    migrate.upgrade(empty_url)

    migrate.check(empty_url)
    after = asyncio.run(rows(empty_url))
    assert (len(before["authors"]), len(before["articles"])) == (206, 389)
    for table, kept in before.items():
        assert [
            old.items() <= new.items() for old, new in zip(kept, after[table], strict=True)
        ] == [True] * len(kept)


async def rows(url: str) -> dict[str, list[dict[str, object]]]:
    """Return what stands in the tables, in the order of the ids."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        tables = ("authors", "articles")
        found = {
            table: await connection.fetch(f"SELECT * FROM public.{table} ORDER BY id")
            for table in tables
        }
        return {table: [dict(row) for row in rows] for table, rows in found.items()}
    finally:
        await connection.close()


def revisions() -> list[str]:
    """The revisions, oldest first."""
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def test_every_revision_goes_up_down_and_up_again(empty_url: str) -> None:
    for below, revision in zip(["base", *revisions()], revisions(), strict=False):
        migrate.upgrade(empty_url, revision=revision)
        migrate.downgrade(empty_url, revision=below)
        migrate.upgrade(empty_url, revision=revision)

    migrate.check(empty_url)


def test_text_is_ordered_by_code_point_whatever_the_locale_of_the_server(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    others = (
        "SELECT FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' "
        "AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'"
    )
    assert asyncio.run(run_sql(empty_url, others)) == "SELECT 0"


def test_downgrade_to_base_leaves_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    migrate.downgrade(empty_url, revision="base")

    left = asyncio.run(run_sql(empty_url, "SELECT FROM pg_tables WHERE schemaname = 'public'"))
    assert left == "SELECT 1"  # alembic_version


def test_models_without_a_migration_are_noticed(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.upgrade(empty_url)
    table = Author.__table__
    column: Column[int] = Column("age", Integer)
    table.append_column(column)  # type: ignore[attr-defined]

    try:
        with pytest.raises(CommandError, match="New upgrade operations detected"):
            migrate.check(empty_url)
    finally:
        table._columns.remove(column)


def test_revisions_are_times_in_order() -> None:
    assert revisions() == sorted(revisions())
    assert all(len(revision) == 14 and revision.isdecimal() for revision in revisions())
    assert migrate.head_revision() == revisions()[-1]


def test_a_migration_that_fails_changes_nothing_and_can_be_run_again(empty_url: str) -> None:
    asyncio.run(run_sql(empty_url, "CREATE TABLE articles ()"))  # in the way of the second table

    with pytest.raises(ProgrammingError, match='"articles" already exists'):
        migrate.upgrade(empty_url)
    tables = "SELECT FROM pg_tables WHERE schemaname = 'public'"
    assert asyncio.run(run_sql(empty_url, tables)) == "SELECT 1"

    asyncio.run(run_sql(empty_url, "DROP TABLE articles"))
    migrate.upgrade(empty_url)
    migrated = f"SELECT {len(Base.metadata.tables) + 1}"  # with alembic_version
    assert asyncio.run(run_sql(empty_url, tables)) == migrated


def test_a_new_revision_is_the_time_in_utc() -> None:
    written = datetime.strptime(migrate.new_revision(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    assert abs(datetime.now(UTC) - written) < timedelta(minutes=5)


def test_four_replicas_that_migrate_together_all_succeed(empty_url: str) -> None:
    command = [executable, "-m", "app", "migrate"]
    environment = {"BLOG_DATABASE_URL": empty_url, "BLOG_ENV_FILE": os.devnull, "PATH": ""}

    with ThreadPoolExecutor(4) as pool:
        ends = list(
            pool.map(
                lambda _: run(command, cwd=ROOT, env=environment, capture_output=True), range(4)
            )
        )

    assert [(end.returncode, end.stderr) for end in ends] == [(0, b"")] * 4
    migrate.check(empty_url)


def test_every_constraint_has_a_name_from_the_convention(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    unnamed = asyncio.run(
        run_sql(
            empty_url,
            "SELECT FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "AND conrelid <> 'alembic_version'::regclass AND contype <> 'n' "
            "AND conname !~ ('^(pk|fk|ck|uq)_' || conrelid::regclass::text)",
        )
    )
    assert unnamed == "SELECT 0"
