"""Pages by columns of every type: each row once, in PostgreSQL's own order; and no cursor that can do harm."""

import asyncio
import enum
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Enum,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Text,
    Time,
    Uuid,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import CIDR, ENUM, INET, INT8RANGE, MACADDR
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.database.db import Database
from app.database.embedded import EmbeddedPostgres
from app.database.models import Base
from app.database.pages import Page, fetch_page, page_statement
from tests.conftest import run_sql
from tests.contract.strategies import reproducible


class Money(TypeDecorator[int]):
    """Cents, which the database holds as a decimal number."""

    impl = Numeric(12, 2)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: object) -> Decimal | None:
        return None if value is None else Decimal(value) / 100

    def process_result_value(self, value: Any, dialect: object) -> int | None:
        return None if value is None else int(value * 100)


class Reversed(TypeDecorator[str]):
    """Text that the database holds from its end to its beginning: in Python it has another order."""

    impl = String(20, collation="C")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        return None if value is None else value[::-1]

    def process_result_value(self, value: Any, dialect: object) -> str | None:
        return None if value is None else str(value)[::-1]


class State(enum.Enum):
    """An enumeration whose labels are in another order than their names."""

    published = 1
    draft = 2
    archived = 3


DIALECT = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
MOOD = ENUM("sad", "ok", "happy", name="mood", schema="pages")


def one_of(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def written(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return strategy.map(str)


def integers(bits: int) -> st.SearchStrategy[str]:
    return written(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) | st.integers(-2, 2))


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
DAYS = one_of("infinity", "-infinity", "0001-01-01", "9999-12-31", "2026-01-05")
MOMENTS = one_of("infinity", "-infinity", "0001-01-01 00:00:00Z", "9999-12-31 23:59:59.999998Z", "2026-01-05 09:00:00Z")
LOCAL_MOMENTS = one_of("infinity", "-infinity", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999")
# To PostgreSQL a year of an interval has 360 days, and to the driver 365.
SPANS = one_of("1 year", "362 days", "365 days", "1 mon", "30 days", "-1 year", "24:00:00", "1 day", "-00:00:00.000001")
FLOATS = one_of("NaN", "Infinity", "-Infinity", "-0", "0", "1e-300", "0.1", "0.30000000000000004", "1e22")
SMALL_FLOATS = one_of("NaN", "Infinity", "-Infinity", "-0", "0.1", "1e-30", "16777217", "1e22", "0.3")
DECIMALS = one_of("NaN", "Infinity", "-Infinity", "0.10", "0.1", "1e50", "-1e-50", "12345678901234567890.123456789")

# Of each type: the values of its columns, as PostgreSQL reads them.
TYPES: dict[str, tuple[TypeEngine[Any], st.SearchStrategy[str]]] = {
    "string": (String(20, collation="C"), TEXTS),
    "localized": (Text(), TEXTS),
    "bigint": (BigInteger(), integers(64)),
    "integer": (Integer(), integers(32)),
    "smallint": (SmallInteger(), integers(16)),
    "boolean": (Boolean(), one_of("true", "false")),
    "numeric": (Numeric(), DECIMALS | written(st.decimals(allow_nan=False, allow_infinity=False, places=5))),
    "scaled": (Numeric(6, 2), written(st.decimals("-9999.99", "9999.99", places=2))),
    "inexact": (Numeric(6, 2, asdecimal=False), written(st.decimals("-9999.99", "9999.99", places=2))),
    "double": (Double(), FLOATS | written(st.floats(allow_nan=False, allow_infinity=False))),
    "real": (REAL(), SMALL_FLOATS | written(st.floats(width=32, allow_subnormal=False, allow_nan=False))),
    "date": (Date(), DAYS | written(st.dates())),
    "moment": (
        DateTime(timezone=True),
        MOMENTS | written(st.datetimes(timezones=st.just(UTC))),
    ),
    "local_moment": (DateTime(), LOCAL_MOMENTS | written(st.datetimes())),
    "time": (Time(), written(st.times())),
    "zoned_time": (
        Time(timezone=True),
        written(st.times()).flatmap(lambda time: one_of(f"{time}+05:45", f"{time}-08")),
    ),
    "interval": (Interval(), SPANS | st.integers(-(10**12), 10**12).map(lambda count: f"{count} microseconds")),
    "uuid": (Uuid(), written(st.uuids())),
    "text_uuid": (Uuid(as_uuid=False), written(st.uuids())),
    "bytes": (LargeBinary(), st.binary(max_size=8).map(lambda octets: rf"\x{octets.hex()}")),
    "enum": (MOOD, one_of("sad", "ok", "happy")),
    "python_enum": (Enum(State, native_enum=False), one_of("draft", "published", "archived")),
    "integers": (ARRAY(Integer), one_of("{}", "{1}", "{1,2}", "{NULL}", "{1,NULL}", "{{1},{2}}")),
    "strings": (ARRAY(String(9, collation="C")), one_of("{}", '{""}', "{a,b}", '{"a,b"}', "{NULL}", '{"NULL","{"}')),
    "decimals": (ARRAY(Numeric()), one_of("{NaN}", "{0.1}", "{0.10,1}", "{Infinity,-Infinity}", "{NULL}")),
    "moods": (ARRAY(MOOD), one_of("{}", "{ok}", "{happy,sad}")),
    "inet": (INET(), one_of("10.0.0.1", "10.0.0.1/8", "::1", "::ffff:1.2.3.4", "0.0.0.0/0")),
    "cidr": (CIDR(), one_of("10.0.0.0/8", "10.0.0.0/16", "::/0", "0.0.0.0/0")),
    "macaddr": (MACADDR(), one_of("08:00:2b:01:02:03", "00:00:00:00:00:00")),
    "range": (INT8RANGE(), one_of("[1,5)", "(,)", "empty", "[1,)")),
    "money": (Money(), written(st.decimals("-9999.99", "9999.99", places=2))),
    "reversed": (Reversed(), TEXTS),
}


class Sample(Base):
    """Base of the tables of these tests, apart from the tables of the service."""

    __abstract__ = True
    metadata = MetaData(schema="pages")


def entity_of(name: str, type_: TypeEngine[Any], id_type: TypeEngine[Any]) -> type[Base]:
    """Return a table with a column of a type that can be null, and one that cannot."""
    columns = {
        "id": mapped_column(id_type, primary_key=True),
        "key": mapped_column(type_, nullable=True),
        "firm": mapped_column(type_, nullable=False),
    }
    return type(f"Of{name}", (Sample,), {"__tablename__": name, **columns})


ENTITIES = {name: entity_of(name, type_, BigInteger()) for name, (type_, _) in TYPES.items()}
BY_UUID = entity_of("by_uuid", Integer(), Uuid())


class Lists:
    """An open database with the tables, on an event loop of its own: Hypothesis runs no coroutines."""

    def __init__(self, runner: asyncio.Runner, database: Database, connection: Any) -> None:
        self._runner = runner
        self._database = database
        self._connection = connection

    def fill(self, entity: type[Base], rows: list[tuple[Any, str | None, str]]) -> None:
        """Make these the rows of a table: the id and both columns, as PostgreSQL writes values."""
        table = entity.__table__
        declared = table.c.key.type.compile(dialect=DIALECT).partition(" COLLATE")[0]
        statement = f"INSERT INTO {table} VALUES ($1, CAST($2::text AS {declared}), CAST($3::text AS {declared}))"
        self._runner.run(self._connection.execute(f"TRUNCATE {table}"))
        self._runner.run(self._connection.executemany(statement, rows))

    def in_order(self, entity: type[Base], sort: str) -> list[Any]:
        """Return the ids in the order that PostgreSQL itself gives them."""
        direction = "DESC" if sort.startswith("-") else "ASC"
        order = f"{sort.removeprefix('-')} {direction} NULLS LAST, id {direction}"
        rows = self._runner.run(self._connection.fetch(f"SELECT id FROM {entity.__table__} ORDER BY {order}"))
        return [row["id"] for row in rows]

    def page(self, entity: type[Base], **arguments: Any) -> Page:
        """Return one page."""
        return self._runner.run(self._page(entity, {"cursor": None, "filters": {}} | arguments))

    def walk(self, entity: type[Base], **arguments: Any) -> list[Any]:
        """Return the ids of a list, page by page."""
        page = self.page(entity, **arguments)
        found = [row["id"] for row in page.rows]
        while page.next_cursor is not None:
            page = self.page(entity, cursor=page.next_cursor, **arguments)
            found += [row["id"] for row in page.rows]
            assert len(found) == len({*found}), "a row comes again"
        return found

    async def _page(self, entity: type[Base], arguments: dict[str, Any]) -> Page:
        async with self._database.statement() as db:
            return await fetch_page(db, entity, **arguments)


@pytest.fixture(scope="module")
def lists(postgres: EmbeddedPostgres) -> Iterator[Lists]:
    """The tables, in a schema of their own."""
    database = Database(postgres.url, pool_size=1, timeout=10, wait=5)
    with asyncio.Runner() as runner:
        runner.run(_make_tables(postgres.url))
        connection = runner.run(asyncpg.connect(postgres.url.replace("+asyncpg", "")))
        runner.run(database.__aenter__())
        yield Lists(runner, database, connection)
        runner.run(database.__aexit__())
        runner.run(connection.execute("DROP SCHEMA pages CASCADE"))
        runner.run(connection.close())


async def _make_tables(url: str) -> None:
    await run_sql(url, "CREATE SCHEMA pages")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Sample.metadata.create_all)
    await engine.dispose()


SORTS = ("key", "-key", "firm", "-firm")


@pytest.mark.parametrize("name", TYPES)
@settings(reproducible, max_examples=12)
@given(data=st.data())
def test_pages_of_every_size_have_each_row_once_and_in_order(name: str, data: st.DataObject, lists: Lists) -> None:
    entity, values = ENTITIES[name], TYPES[name][1]
    columns = data.draw(st.lists(st.tuples(st.none() | values, values), max_size=9))
    few = data.draw(st.lists(values, min_size=1, max_size=2))  # for ties
    columns += [(value, value) for value in few for _ in range(2)]
    lists.fill(entity, [(row_id, *pair) for row_id, pair in enumerate(columns, start=1)])

    for sort in SORTS:
        expected = lists.in_order(entity, sort)
        for limit in {1, 2, 3, len(columns) - 1, len(columns)} - {0}:
            assert lists.walk(entity, sort=sort, limit=limit) == expected, (sort, limit)


@pytest.mark.parametrize("sort", ["id", "-id", "key", "-key"])
@settings(reproducible, max_examples=12)
@given(rows=st.dictionaries(st.uuids(), st.none() | st.sampled_from(["1", "2"]), max_size=9))
def test_ids_can_be_of_another_type(sort: str, rows: dict[UUID, str | None], lists: Lists) -> None:
    lists.fill(BY_UUID, [(row_id, key, "0") for row_id, key in rows.items()])

    assert lists.walk(BY_UUID, sort=sort, limit=2) == lists.in_order(BY_UUID, sort)


@pytest.mark.parametrize("name", TYPES)
@settings(reproducible, max_examples=1)
@given(data=st.data())
def test_rows_have_the_columns_of_the_table_and_no_others(name: str, data: st.DataObject, lists: Lists) -> None:
    value = data.draw(TYPES[name][1])
    lists.fill(ENTITIES[name], [(1, value, value)])

    page = lists.page(ENTITIES[name], sort="key", limit=1)

    assert [list(row.keys()) for row in page.rows] == [["id", "key", "firm"]]
