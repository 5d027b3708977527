"""Every list is read along an index: no table is scanned or sorted, however large it is."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import asyncpg
import pytest
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from app.database.models import Article, Author, Base
from app.database.pagination import After, page_statement
from generated.models import ArticleSort, AuthorSort
from tests.conftest import run_sql

FILL = """
    INSERT INTO authors (first_name, last_name, created_at)
        SELECT 'Ada', 'Name ' || n % 5000, now() - n * interval '1 second'
        FROM generate_series(1, 10000) n;
    INSERT INTO articles (title, content, author_id, created_at)
        SELECT 'Title ' || n % 10000, 'text', 1 + n % 100, now() - n * interval '1 second'
        FROM generate_series(1, 20000) n;
    ANALYZE;
"""

LISTS: list[tuple[type[Base], str, tuple[str, ...]]] = [
    *((Author, sort, ()) for sort in get_args(AuthorSort)),
    *(
        (Article, sort, filters)
        for sort in get_args(ArticleSort)
        for filters in ((), ("author_id",))
    ),
]


class Sample(Base):
    """A table other than the service's, with a nullable column to sort by, and its indexes."""

    __tablename__ = "samples"
    metadata = MetaData()

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    owner: Mapped[int] = mapped_column(Integer)
    price: Mapped[Decimal | None] = mapped_column(Numeric)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


FILL_SAMPLES = """
    CREATE TABLE samples (
        id bigint PRIMARY KEY, owner int NOT NULL, price numeric, seen_at timestamptz
    );
    INSERT INTO samples
        SELECT n, n % 100, CASE WHEN n % 2 = 0 THEN n % 1000 END,
            CASE WHEN n % 2 = 1 THEN now() - n % 1000 * interval '1 hour' END
        FROM generate_series(1, 40000) n;
    CREATE INDEX ON samples (price, id);
    CREATE INDEX ON samples (owner, price, id);
    CREATE INDEX ON samples (seen_at, id);
    CREATE INDEX ON samples (owner, seen_at, id);
    ANALYZE;
"""


@pytest.fixture(scope="module")
def filled(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a database of its own, with enough rows for the planner to prefer an index."""
    asyncio.run(run_sql(postgres.url, "CREATE DATABASE plans"))
    url = postgres.url.replace("/blog?", "/plans?")
    migrate.upgrade(url)
    asyncio.run(run_sql(url, FILL))
    asyncio.run(run_sql(url, FILL_SAMPLES))
    yield url
    asyncio.run(run_sql(postgres.url, "DROP DATABASE plans"))


@pytest.fixture
async def connection(filled: str) -> AsyncIterator[Any]:
    """A connection of the driver."""
    connection = await asyncpg.connect(filled.replace("+asyncpg", ""))
    yield connection
    await connection.close()


@pytest.mark.parametrize("after", get_args(After)[:2])
@pytest.mark.parametrize(("entity", "sort", "filters"), LISTS)
async def test_list_is_read_along_an_index(
    connection: Any, entity: type[Base], sort: str, filters: tuple[str, ...], after: After
) -> None:
    statement = page_statement(entity, sort=sort, filters=filters, after=after)
    last = datetime.now(UTC).isoformat() if sort.endswith("_at") else "Name 3"
    arguments = statement.arguments(
        {"limit": 21, "filter_author_id": 7, "last": last, "last_id": 5000}
    )

    nodes = list(plan_nodes(await explained(connection, statement.sql, arguments)))

    assert not [
        node for node in nodes if "Seq Scan" in node["Node Type"] or "Sort" in node["Node Type"]
    ], nodes
    assert any(node["Node Type"].startswith("Index") for node in nodes)


@pytest.mark.parametrize("after", get_args(After))
@pytest.mark.parametrize("filters", [(), ("owner",)])
@pytest.mark.parametrize("sort", ["price", "-price", "seen_at", "-seen_at"])
async def test_page_of_a_list_with_null_reads_no_more_than_its_rows(
    connection: Any, sort: str, filters: tuple[str, ...], after: After
) -> None:
    statement = page_statement(Sample, sort=sort, filters=filters, after=after)
    last = (
        "500" if sort.endswith("price") else (datetime.now(UTC) - timedelta(hours=500)).isoformat()
    )
    arguments = statement.arguments(
        {"limit": 21, "filter_owner": 7, "last": last, "last_id": 20000}
    )

    nodes = list(plan_nodes(await explained(connection, statement.sql, arguments, "ANALYZE, ")))

    scans = [node for node in nodes if "Relation Name" in node]
    assert all(node["Node Type"].startswith("Index") for node in scans), nodes
    assert (
        sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans) <= 2 * 21
    ), nodes
    assert all(node["Actual Rows"] <= 2 * 21 for node in nodes if "Sort" in node["Node Type"]), (
        nodes
    )


async def explained(
    connection: Any, sql: str, arguments: list[object], option: str = ""
) -> dict[str, Any]:
    """Return the plan that a prepared statement has when it has run often.

    PostgreSQL plans for the given values five times, and then may choose one plan for all values.
    """
    statement = await connection.prepare(sql, name="page")
    for _ in range(7):
        await statement.fetch(*arguments)
    values = ", ".join(f"'{argument}'" for argument in arguments)
    plan = await connection.fetchval(f"EXPLAIN ({option}FORMAT JSON) EXECUTE page({values})")
    tree: dict[str, Any] = json.loads(plan)[0]["Plan"]
    return tree


def plan_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a plan."""
    yield node
    for inner in node.get("Plans", []):
        yield from plan_nodes(inner)
