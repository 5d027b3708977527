"""Pages by columns of every type: each row once, in PostgreSQL's order, and safe cursors."""

import asyncio
import base64
import contextlib
import enum
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, get_args
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    JSON,
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
from sqlalchemy.dialects.postgresql import (
    CIDR,
    ENUM,
    HSTORE,
    INET,
    INT8RANGE,
    JSONB,
    MACADDR,
    TSVECTOR,
)
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.database.db import Database
from app.database.embedded import EmbeddedPostgres
from app.database.models import Article, Base
from app.database.pagination import After, Page, fetch_page, page_statement
from app.database.statements import Statement
from app.errors import DataRejected, InvalidCursor
from specfirst.conformance.strategies import reproducible
from tests.conftest import run_sql


class Money(TypeDecorator[int]):
    """Cents, which the database holds as a decimal number."""

    impl = Numeric(12, 2)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: object) -> Decimal | None:
        return None if value is None else Decimal(value) / 100

    def process_result_value(self, value: Any, dialect: object) -> int | None:
        return None if value is None else int(value * 100)


class Reversed(TypeDecorator[str]):
    """Text that the database stores reversed, so that its order in Python is another."""

    impl = String(20, collation="C")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        return None if value is None else value[::-1]

    def process_result_value(self, value: Any, dialect: object) -> str | None:
        return None if value is None else str(value)[::-1]


class Box:
    """A value whose text is another for each object."""

    def __init__(self, content: int) -> None:
        self.content = content


class Boxed(TypeDecorator[Box]):
    """An integer in the database, and a box in Python."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Box | None, dialect: object) -> int | None:
        return None if value is None else value.content

    def process_result_value(self, value: Any, dialect: object) -> Box | None:
        return None if value is None else Box(value)


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
MOMENTS = one_of(
    "infinity",
    "-infinity",
    "0001-01-01 00:00:00Z",
    "9999-12-31 23:59:59.999998Z",
    "2026-01-05 09:00:00Z",
)
LOCAL_MOMENTS = one_of("infinity", "-infinity", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999")
# To PostgreSQL a year of an interval has 360 days, and to the driver 365.
SPANS = one_of(
    "1 year",
    "362 days",
    "365 days",
    "1 mon",
    "30 days",
    "-1 year",
    "24:00:00",
    "1 day",
    "-00:00:00.000001",
)
FLOATS = one_of(
    "NaN", "Infinity", "-Infinity", "-0", "0", "1e-300", "0.1", "0.30000000000000004", "1e22"
)
SMALL_FLOATS = one_of(
    "NaN", "Infinity", "-Infinity", "-0", "0.1", "1e-30", "16777217", "1e22", "0.3"
)
DECIMALS = one_of(
    "NaN",
    "Infinity",
    "-Infinity",
    "0.10",
    "0.1",
    "1e50",
    "-1e-50",
    "12345678901234567890.123456789",
)

# Of each type: the values of its columns, as PostgreSQL reads them.
TYPES: dict[str, tuple[TypeEngine[Any], st.SearchStrategy[str]]] = {
    "string": (String(20, collation="C"), TEXTS),
    "localized": (Text(), TEXTS),
    "bigint": (BigInteger(), integers(64)),
    "integer": (Integer(), integers(32)),
    "smallint": (SmallInteger(), integers(16)),
    "boolean": (Boolean(), one_of("true", "false")),
    "numeric": (
        Numeric(),
        DECIMALS | written(st.decimals(allow_nan=False, allow_infinity=False, places=5)),
    ),
    "scaled": (Numeric(6, 2), written(st.decimals("-9999.99", "9999.99", places=2))),
    "inexact": (
        Numeric(6, 2, asdecimal=False),
        written(st.decimals("-9999.99", "9999.99", places=2)),
    ),
    "double": (Double(), FLOATS | written(st.floats(allow_nan=False, allow_infinity=False))),
    "real": (
        REAL(),
        SMALL_FLOATS | written(st.floats(width=32, allow_subnormal=False, allow_nan=False)),
    ),
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
    "interval": (
        Interval(),
        SPANS | st.integers(-(10**12), 10**12).map(lambda count: f"{count} microseconds"),
    ),
    "uuid": (Uuid(), written(st.uuids())),
    "text_uuid": (Uuid(as_uuid=False), written(st.uuids())),
    "bytes": (LargeBinary(), st.binary(max_size=8).map(lambda octets: rf"\x{octets.hex()}")),
    "enum": (MOOD, one_of("sad", "ok", "happy")),
    "python_enum": (Enum(State, native_enum=False), one_of("draft", "published", "archived")),
    "integers": (ARRAY(Integer), one_of("{}", "{1}", "{1,2}", "{NULL}", "{1,NULL}", "{{1},{2}}")),
    "strings": (
        ARRAY(String(9, collation="C")),
        one_of("{}", '{""}', "{a,b}", '{"a,b"}', "{NULL}", '{"NULL","{"}'),
    ),
    "decimals": (
        ARRAY(Numeric()),
        one_of("{NaN}", "{0.1}", "{0.10,1}", "{Infinity,-Infinity}", "{NULL}"),
    ),
    "moods": (ARRAY(MOOD), one_of("{}", "{ok}", "{happy,sad}")),
    "inet": (INET(), one_of("10.0.0.1", "10.0.0.1/8", "::1", "::ffff:1.2.3.4", "0.0.0.0/0")),
    "cidr": (CIDR(), one_of("10.0.0.0/8", "10.0.0.0/16", "::/0", "0.0.0.0/0")),
    "macaddr": (MACADDR(), one_of("08:00:2b:01:02:03", "00:00:00:00:00:00")),
    "range": (INT8RANGE(), one_of("[1,5)", "(,)", "empty", "[1,)")),
    "money": (Money(), written(st.decimals("-9999.99", "9999.99", places=2))),
    "reversed": (Reversed(), TEXTS),
    "boxed": (Boxed(), integers(32)),
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


class Long(Sample):
    """A table with columns whose values can be long, and short ones to sort by."""

    __tablename__ = "long"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    key: Mapped[str | None] = mapped_column(String(3))
    firm: Mapped[str] = mapped_column(String(3))


LONG: type[Base] = Long


class Lists:
    """An open database with the tables, on its own event loop: Hypothesis has no coroutines."""

    def __init__(self, runner: asyncio.Runner, database: Database, connection: Any) -> None:
        self._runner = runner
        self._database = database
        self._connection = connection

    def fill(self, entity: type[Base], rows: list[tuple[Any, str | None, str]]) -> None:
        """Make these the rows of a table: the id and both columns, as PostgreSQL writes values."""
        table = entity.__table__
        declared = table.c.key.type.compile(dialect=DIALECT).partition(" COLLATE")[0]
        self.fill_with(
            entity, f"($1, CAST($2::text AS {declared}), CAST($3::text AS {declared}))", rows
        )

    def fill_with(self, entity: type[Base], values: str, rows: list[tuple[Any, ...]]) -> None:
        """Make these the rows of a table; `values` is the SQL of one."""
        table = entity.__table__
        self._runner.run(self._connection.execute(f"TRUNCATE {table}"))
        self._runner.run(self._connection.executemany(f"INSERT INTO {table} VALUES {values}", rows))

    def rows(self, statement: Statement, **parameters: object) -> list[Any]:
        """Return what the server sends for a statement."""
        return self._runner.run(
            self._connection.fetch(statement.sql, *statement.arguments(parameters))
        )

    def in_order(self, entity: type[Base], sort: str) -> list[Any]:
        """Return the ids in the order that PostgreSQL itself gives them."""
        direction = "DESC" if sort.startswith("-") else "ASC"
        order = f"{sort.removeprefix('-')} {direction} NULLS LAST, id {direction}"
        rows = self._runner.run(
            self._connection.fetch(f"SELECT id FROM {entity.__table__} ORDER BY {order}")
        )
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
            assert page.rows, "a page is empty"
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


NUMBERS = count()
SORTS = ("key", "-key", "firm", "-firm")


@pytest.mark.parametrize("name", TYPES)
@settings(reproducible, max_examples=12)
@given(data=st.data())
def test_pages_of_every_size_have_each_row_once_and_in_order(
    name: str, data: st.DataObject, lists: Lists
) -> None:
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
def test_rows_have_the_columns_of_the_table_and_no_others(
    name: str, data: st.DataObject, lists: Lists
) -> None:
    value = data.draw(TYPES[name][1])
    lists.fill(ENTITIES[name], [(1, value, value)])

    page = lists.page(ENTITIES[name], sort="key", limit=1)

    assert [list(row.keys()) for row in page.rows] == [["id", "key", "firm"]]


# --- Pages of long text ---------------------------------------------------------------------------

KIB = 1024
ALL = 100
"""The `limit` of the lists below."""


@pytest.mark.parametrize("sort", ["id", "-id", "key", "-key", "firm", "-firm"])
@settings(reproducible, max_examples=12)
@given(
    sizes=st.lists(
        st.tuples(*[st.none() | st.integers(0, 700)] * 2, st.none() | st.integers(0, 3)),
        max_size=12,
    )
)
def test_pages_of_long_text_have_each_row_once_and_in_order(
    sort: str, sizes: list[tuple[int | None, int | None, int | None]], lists: Lists
) -> None:
    fill_long(lists, sizes)

    for limit in (1, 3, ALL):
        assert lists.walk(LONG, sort=sort, limit=limit) == lists.in_order(LONG, sort), limit


@pytest.mark.parametrize("column", ["text", "data"])
@pytest.mark.parametrize("letter", ["x", "é"])
@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([1024, 1, 1], 1),
        ([1023, 1, 1], 2),
        ([1023, None, 2000, 1], 3),
        ([1023, 0, 0], 3),
        ([5000, 5000], 1),
        ([512, 511, 1, 1], 3),
        ([100] * 12, 11),
    ],
)
def test_page_ends_with_the_row_that_reaches_its_size(
    sizes: list[int | None], expected: int, letter: str, column: str, lists: Lists
) -> None:
    fill_long(lists, [(*in_column(column, size), None) for size in sizes], letter=letter)

    page = lists.page(LONG, sort="id", limit=ALL)

    assert [row["id"] for row in page.rows] == [*range(1, expected + 1)]
    assert [size_of(row[column]) for row in page.rows] == [
        size and size * KIB for size in sizes[:expected]
    ]
    assert (page.next_cursor is None) == (expected == len(sizes))


def test_both_long_columns_count(lists: Lists) -> None:
    fill_long(lists, [(512, 512, None), (1, 1, None)])

    assert len(lists.page(LONG, sort="id", limit=ALL).rows) == 1


def test_long_text_after_the_page_is_not_sent(lists: Lists) -> None:
    fill_long(lists, [(2000, 1, None), (2000, 1, None), (None, 2000, None)])
    statement = page_statement(LONG, sort="id", filters=(), after="nothing", is_bounded=True)

    rows = lists.rows(statement, limit=ALL)

    assert [row["text"] is None for row in rows] == [False, True, True]
    assert [row["data"] is None for row in rows] == [False, True, True]
    assert [row["id"] for row in rows] == [1, 2, 3]


@pytest.mark.parametrize(("limit", "is_bounded"), [(20, False), (21, True)])
def test_page_that_cannot_be_large_is_read_without_counting(limit: int, is_bounded: bool) -> None:
    db = _Recorder()

    with contextlib.suppress(_Recorded):
        asyncio.run(
            fetch_page(db, Article, limit=limit, cursor=None, sort="title", filters={})  # type: ignore[arg-type]
        )

    assert ("octet_length" in db.sql) == is_bounded


class _Recorded(Exception):
    pass


class _Recorder:
    sql = ""

    async def fetch_all(self, statement: Statement, **_: object) -> None:
        self.sql = statement.sql
        raise _Recorded


def fill_long(
    lists: Lists, sizes: Iterable[tuple[int | None, int | None, int | None]], *, letter: str = "x"
) -> None:
    """Make rows with long values of so many KiB, and a key."""
    repeats = KIB // len(letter.encode())
    lists.fill_with(
        LONG,
        "($1, repeat($5, $2), decode(repeat('00', 1024 * $3), 'hex'), $4, $6)",
        [
            (
                row_id,
                text and text * repeats,
                data,
                None if key is None else str(key),
                letter,
                str(key or 0),
            )
            for row_id, (text, data, key) in enumerate(sizes, start=1)
        ],
    )


def in_column(column: str, size: int | None) -> tuple[int | None, int | None]:
    return (size, None) if column == "text" else (None, size)


def size_of(value: str | bytes | None) -> int | None:
    return None if value is None else len(value.encode() if isinstance(value, str) else value)


# --- Cursors that were not made here --------------------------------------------------------------

# Of types: what their cursors do not hold.
REFUSED: list[tuple[str, list[object]]] = [
    ("string localized reversed", [1, True, "\0", "a\0b", "\ud800", "\udfff\ud800", ["a"], {}]),
    ("bigint integer smallint", ["1", True, 1.0, 1.5, 2**63, -(2**63) - 1, 10**400, []]),
    ("integer smallint", [2**31, -(2**31) - 1]),
    ("smallint", [2**15]),
    ("boolean", [True, 1, "2", "maybe"]),
    ("numeric scaled money", [1, 1.5, "a", "1e999999", "9" * 200_000, "0x", ""]),
    ("double real", [1.5, float("nan"), "1e999", "a", ""]),
    ("date local_moment", [1, "2026-02-30", "5874898-01-01", "4714-11-23 BC", "a", "", "9" * 1000]),
    (
        "moment",
        [
            1,
            "now",
            "2026-01-05T09:00:00",
            "2026-02-30T00:00:00Z",
            "2026-01-05",
            "0",
            "infinity",
            "a\0b",
        ],
    ),
    (
        "moment",
        ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59", "10000-01-01T00:00:00Z"],
    ),
    ("time zoned_time", [1, "25:00", "12:00+99", "12:00 America/Nowhere"]),
    ("interval", [1, "99999999999 years", "1 fortnight", "P99999999999Y", "-178956971 years"]),
    ("uuid text_uuid", [1, "a", "0" * 33, "00000000-0000-0000-0000-00000000000g"]),
    ("bytes", [1, r"\x0", r"\xzz", "\\"]),
    ("enum", [1, "missing", "SAD", " sad ", ""]),
    ("integers", [[1], "1", "{a}", "{1,{2}}", "{99999999999}", "{{{{{{{1}}}}}}}", "{" * 10_000]),
    ("moods", ["{missing}", "{1}"]),
    ("inet", [1, "1.2.3.4/99", "::1/129", "a"]),
    ("cidr", ["10.0.0.1/8", "a"]),
    ("range", ["[2,1)", "(,", "[1,99999999999999999999)"]),
]
OTHERS: list[object] = [
    *(
        "today",
        "epoch",
        "x" * 100_000,
        "0." + "9" * 200_000,
        "{" + "1," * 10_000 + "1}",
        "[9999999:9999999]={1}",
    ),
    *(
        "2026-W02-1T09:00:00Z",
        "2026-01-05T09:00:00+23:59:59.999999",
        "2026-01-05 09:00:00 Mars/Phobos",
        "23:59:60",
    ),
    *(
        None,
        False,
        0,
        -1,
        1e308,
        "'; --",
        "$1",
        "%s",
        "null",
        "()",
        "yes",
        "Infinity",
        [[1]],
        {"a": 1},
    ),
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


def forge(entity: type[Base], sort: str, place: bytes) -> str:
    """Make a cursor as `app.database.pagination` does, around anything."""
    binding = ascii([entity.__tablename__, sort]).encode()
    digest = hashlib.blake2b(binding + place, digest_size=8).digest()
    return base64.urlsafe_b64encode(digest + place).rstrip(b"=").decode()


def is_refused(lists: Lists, entity: type[Base], sort: str, place: bytes) -> bool:
    """Return whether a forged cursor is rejected, or else starts a page; raise anything else."""
    try:
        lists.page(entity, sort=sort, limit=2, cursor=forge(entity, sort, place))
    except InvalidCursor:
        return True
    return False


@pytest.mark.parametrize("name", TYPES)
@settings(reproducible, max_examples=3)
@given(data=st.data())
def test_forger_makes_the_cursors_of_the_service(
    name: str, data: st.DataObject, lists: Lists
) -> None:
    value = data.draw(TYPES[name][1])
    lists.fill(ENTITIES[name], [(1, value, value), (2, value, value)])
    for sort in SORTS:
        cursor = lists.page(ENTITIES[name], sort=sort, limit=1).next_cursor
        assert cursor is not None

        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[8:]

        assert forge(ENTITIES[name], sort, place) == cursor


@pytest.mark.parametrize("name", TYPES)
def test_forged_cursor_is_refused_or_starts_a_page(name: str, lists: Lists) -> None:
    for sort in ("key", "-firm"):
        for value in [*OTHERS, *(value for _, values in REFUSED for value in values)]:
            for is_ascii in (True, False):
                place = json.dumps([value, 1], ensure_ascii=is_ascii).encode(
                    "utf-8", "surrogatepass"
                )
                is_refused(lists, ENTITIES[name], sort, place)


@pytest.mark.parametrize(("names", "values"), REFUSED, ids=count())
def test_forged_cursor_with_what_is_no_value_of_the_type_is_refused(
    names: str, values: list[object], lists: Lists
) -> None:
    for name in names.split():
        for sort in SORTS:
            for value in values:
                assert is_refused(lists, ENTITIES[name], sort, json.dumps([value, 1]).encode()), (
                    name,
                    sort,
                    value,
                )


@pytest.mark.parametrize("row_id", ["1", None, True, 1.0, 2**63, 10**40, [], {}])
def test_forged_cursor_with_what_is_no_id_is_refused(row_id: object, lists: Lists) -> None:
    assert is_refused(lists, ENTITIES["string"], "key", json.dumps(["a", row_id]).encode())
    assert is_refused(lists, ENTITIES["string"], "key", json.dumps([None, row_id]).encode())
    assert is_refused(lists, BY_UUID, "key", json.dumps([1, row_id]).encode())


def test_cursor_at_null_is_refused_where_nothing_can_be_null(lists: Lists) -> None:
    assert is_refused(lists, ENTITIES["string"], "firm", b"[null,1]")
    assert not is_refused(lists, ENTITIES["string"], "key", b"[null,1]")


@pytest.mark.parametrize("name", TYPES)
@settings(reproducible, max_examples=50)
@given(
    place=st.binary(max_size=60)
    | st.tuples(JSON_VALUES, JSON_VALUES | st.just(1)).map(json.dumps).map(str.encode)
)
def test_forged_cursor_is_harmless_whatever_is_inside(
    name: str, place: bytes, lists: Lists
) -> None:
    for sort in ("key", "-firm"):
        # and nothing else is raised
        assert is_refused(lists, ENTITIES[name], sort, place) in (True, False)


def test_value_that_a_filter_cannot_have_is_no_bad_cursor(lists: Lists) -> None:
    with pytest.raises(DataRejected):
        lists.page(ENTITIES["bigint"], sort="key", limit=1, filters={"firm": 2**63})


# --- Filters --------------------------------------------------------------------------------------

FILTERS: dict[
    str, tuple[object, str, str]
] = {  # the value in Python, the same in PostgreSQL, another one
    "string": ("a", "a", "b"),
    "integer": (1, "1", "2"),
    "boolean": (False, "false", "true"),
    "numeric": (Decimal("0.1"), "0.1", "0.2"),
    "double": (float("nan"), "NaN", "1"),
    "date": (date(2026, 1, 5), "2026-01-05", "2026-01-06"),
    "moment": (datetime(2026, 1, 5, 9, tzinfo=UTC), "2026-01-05 09:00Z", "2026-01-05 10:00Z"),
    "interval": (timedelta(hours=1), "1 hour", "2 hours"),
    "uuid": (UUID(int=1), str(UUID(int=1)), str(UUID(int=2))),
    "bytes": (b"a", r"\x61", r"\x62"),
    "enum": ("ok", "ok", "sad"),
    "python_enum": (State.draft, "draft", "archived"),
    "integers": ([1, 2], "{1,2}", "{2,1}"),
    "moods": (["ok"], "{ok}", "{sad}"),
    "money": (150, "1.50", "1.51"),
    "reversed": ("ab", "ba", "ab"),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("sort", ["key", "-key", "firm", "id"])
def test_filters_of_every_type_hold_on_every_page(name: str, sort: str, lists: Lists) -> None:
    value, same, other = FILTERS[name]
    lists.fill(
        ENTITIES[name],
        [
            (1, same, same),
            (2, same, other),
            (3, None, same),
            (4, other, same),
            (5, same, same),
            (6, None, other),
        ],
    )

    found = lists.walk(ENTITIES[name], sort=sort, limit=1, filters={"firm": value, "key": None})

    assert sorted(found) == [1, 3, 4, 5]


def test_cursor_outlives_a_filter_that_is_added_and_absent(lists: Lists) -> None:
    lists.fill(ENTITIES["integer"], [(row_id, "1", "1") for row_id in (1, 2, 3)])
    page = lists.page(ENTITIES["integer"], sort="key", limit=1, filters={"firm": 1})
    added: dict[str, object] = {"id": None, "firm": 1, "key": None}

    after = lists.page(
        ENTITIES["integer"], sort="key", limit=1, filters=added, cursor=page.next_cursor
    )

    assert [row["id"] for row in after.rows] == [2]


def test_cursor_is_bound_to_the_value_of_a_filter_in_the_database(lists: Lists) -> None:
    lists.fill(ENTITIES["boxed"], [(row_id, "1", "1") for row_id in (1, 2)])
    one, same = {"firm": Box(1)}, {"firm": Box(1)}
    page = lists.page(ENTITIES["boxed"], sort="key", limit=1, filters=one)

    after = lists.page(
        ENTITIES["boxed"], sort="key", limit=1, filters=same, cursor=page.next_cursor
    )

    assert [row["id"] for row in after.rows] == [2]


@pytest.mark.parametrize(
    "filters", [{}, {"firm": 2}, {"key": 1}, {"firm": 1, "key": 1}, {"firm": None}]
)
def test_cursor_of_other_filters_is_refused(filters: dict[str, object], lists: Lists) -> None:
    lists.fill(ENTITIES["integer"], [(row_id, "1", "1") for row_id in (1, 2, 3)])
    page = lists.page(ENTITIES["integer"], sort="key", limit=1, filters={"firm": 1})

    with pytest.raises(InvalidCursor):
        lists.page(
            ENTITIES["integer"], sort="key", limit=1, filters=filters, cursor=page.next_cursor
        )


# --- What no list can have ------------------------------------------------------------------------


class Document(TypeDecorator[object]):
    """JSON behind a decorator."""

    impl = JSONB
    cache_ok = True


INCOMPARABLE = [JSON(), JSONB(), Document(), ARRAY(JSONB), HSTORE(), TSVECTOR()]


@pytest.mark.parametrize("type_", INCOMPARABLE, ids=repr)
@pytest.mark.parametrize("after", get_args(After))
def test_sort_by_what_has_no_order_is_refused_when_the_statement_is_made(
    type_: TypeEngine[Any], after: After
) -> None:
    entity = entity_of(f"incomparable_{next(NUMBERS)}", type_, BigInteger())

    with pytest.raises(TypeError, match=r"a list cannot be sorted by .*\.key: .*Computed"):
        page_statement(entity, sort="-key", filters=(), after=after)


def test_filter_by_json_is_refused_when_the_statement_is_made() -> None:
    entity = entity_of(f"incomparable_{next(NUMBERS)}", JSON(), BigInteger())

    with pytest.raises(TypeError, match=r"a list cannot be filtered by .*\.key: .*JSONB"):
        page_statement(entity, sort="id", filters=("key",), after="nothing")
