"""Statements: compiled once, with values that go through SQLAlchemy's types in both directions."""

import enum
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any, cast

import pytest
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    any_,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import CITEXT, INET, INT4RANGE, JSONB, CreateEnumType, Range
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from app.database.db import Database, UnitOfWork
from app.database.models import Author
from app.database.statements import Statement, parameters


class State(enum.Enum):
    """An enum whose values are not its names."""

    DRAFT = "d"
    PUBLISHED = "p"


@dataclass(frozen=True)
class Money:
    """A value of the domain."""

    cents: int


class Cents(TypeDecorator[Money]):
    """Keeps money as a number."""

    impl = Numeric(10, 2)
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: object) -> Decimal | None:
        return None if value is None else Decimal(value.cents) / 100

    def process_result_value(self, value: Decimal | None, dialect: object) -> Money | None:
        return None if value is None else Money(int(value * 100))


TYPES: dict[str, tuple[TypeEngine[Any], list[object]]] = {
    "boolean": (Boolean(), [True, False]),
    "smallint": (SmallInteger(), [-(2**15), 2**15 - 1]),
    "integer": (Integer(), [-(2**31), 0, 2**31 - 1]),
    "bigint": (BigInteger(), [-(2**63), 2**63 - 1]),
    "numeric": (Numeric(20, 5), [Decimal("123456789012345.12345"), Decimal("0.00000")]),
    "numeric without bounds": (Numeric(), [Decimal("1e-400"), Decimal("Infinity")]),
    "numeric as float": (Numeric(10, 2, asdecimal=False), [1.5]),
    "float": (Float(), [0.1, -1e300, float("inf")]),
    "float as decimal": (Float(asdecimal=True), [Decimal("0.1")]),
    "double": (Double(), [0.1, 5e-324]),
    "text": (Text(), ["", "😀", "a'b\\"]),
    "string": (String(5), ["ääää"]),
    "citext": (CITEXT(), ["Ada"]),
    "enum": (Enum(State, name="a_state"), list(State)),
    "enum of texts": (Enum("draft", "it's", name="a_text_state"), ["draft", "it's"]),
    "enum without a type": (Enum(State, native_enum=False, length=20), list(State)),
    "date": (Date(), [date(1, 1, 1), date(9999, 12, 31)]),
    "time": (Time(), [time(23, 59, 59, 999999)]),
    "timestamp": (DateTime(), [datetime(2026, 1, 5, 9)]),  # noqa: DTZ001 - a column without zone
    "timestamptz": (DateTime(timezone=True), [datetime(2026, 1, 5, 9, tzinfo=UTC)]),
    "interval": (Interval(), [timedelta(days=-3, microseconds=1)]),
    "uuid": (Uuid(), [uuid.UUID(int=2**128 - 1)]),
    "uuid as text": (Uuid(as_uuid=False), ["6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11"]),
    "bytes": (LargeBinary(), [b"", b"\0\xff"]),
    "json": (JSON(), [{"a": [1, None, "\u00e9"]}, [], "text", 1.5, True]),
    "jsonb": (JSONB(), [{"a": {"b": []}}, [1, 2], "text", False]),
    "array": (ARRAY(Integer), [[], [1, None, 2**31 - 1]]),
    "array of arrays": (ARRAY(Integer, dimensions=2), [[[1, 2], [3, 4]]]),
    "array of numerics": (ARRAY(Numeric), [[Decimal("1.5"), None]]),
    "array of enums": (ARRAY(Enum(State, name="a_state")), [[State.DRAFT, State.PUBLISHED]]),
    "array of texts": (ARRAY(Text), [["a,b", '"']]),
    "address": (INET(), [IPv4Address("127.0.0.1")]),
    "range": (INT4RANGE(), [Range(1, 5), Range(empty=True)]),
    "decorated": (Cents(), [Money(1999)]),
    "array of decorated": (ARRAY(Cents), [[Money(1), Money(2)]]),
}


class RolledBack(Exception):
    """The test is over, and leaves nothing behind."""


@pytest.fixture
async def db(database: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction that is rolled back."""
    with suppress(RolledBack):
        async with database.transaction() as db:
            yield db
            raise RolledBack


def table(type_: TypeEngine[Any], **options: Any) -> Table:
    """Return a table `things` with a column of the type; `create` makes it."""
    return Table(
        "things",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("value", type_, **options),
    )


async def create(db: UnitOfWork, things: Table) -> None:
    """Make a table, and the types that it needs."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    type_ = things.c.value.type
    if isinstance(type_, CITEXT):
        await db.execute(Statement(text("CREATE EXTENSION citext")))
    for each in (type_, getattr(type_, "item_type", None)):
        if isinstance(each, Enum) and each.native_enum:
            new_type = CreateEnumType(cast(Any, each.dialect_impl(dialect)))
            await db.execute(Statement(text(str(new_type.compile(dialect=dialect)))))
    await db.execute(Statement(text(str(CreateTable(things).compile(dialect=dialect)))))


CASES = [
    pytest.param(type_, value, id=f"{name} {number}")
    for name, (type_, values) in TYPES.items()
    for number, value in enumerate([*values, None])
]


@pytest.mark.parametrize(("type_", "value"), CASES)
async def test_value_of_any_type_comes_back_as_it_went(
    db: UnitOfWork, type_: TypeEngine[Any], value: Any
) -> None:
    things = table(type_)
    await create(db, things)
    insert_one = Statement(insert(things).values(parameters("id", "value")).returning(things))
    find = Statement(
        select(things).where(things.c.value.is_not_distinct_from(bindparam("value", type_=type_)))
    )

    returned = await db.fetch_one(insert_one, id=1, value=value)
    await db.execute_many(
        Statement(insert(things).values(parameters("id", "value"))), [{"id": 2, "value": value}]
    )

    rows = [returned, *await db.fetch_all(Statement(select(things)))]
    if not isinstance(type_, JSON) or isinstance(type_, JSONB):  # json itself has no equality
        rows += await db.fetch_all(find, value=value)
        assert len(rows) == 5
    assert [row and row["value"] for row in rows] == [value] * len(rows)
    assert all(row and isinstance(row["value"], type(value)) for row in rows)


async def test_value_in_the_statement_itself_is_converted_like_a_parameter(db: UnitOfWork) -> None:
    things = table(Enum(State, native_enum=False))
    await create(db, things)

    row = await db.fetch_one(
        Statement(insert(things).values(id=1, value=State.DRAFT).returning(things.c.value))
    )

    assert row is not None
    assert row["value"] is State.DRAFT
    assert (
        await db.fetch_all(Statement(select(things).where(things.c.value == State.PUBLISHED))) == []
    )


async def test_null_in_the_statement_itself_is_null(db: UnitOfWork) -> None:
    things = table(Text())
    await create(db, things)

    row = await db.fetch_one(
        Statement(insert(things).values(id=1, value=None).returning(things.c.value))
    )
    nothing = await db.fetch_one(Statement(select(literal(None, Text).label("nothing"))))
    emptied = await db.fetch_one(
        Statement(update(things).values(value=None).returning(things.c.value))
    )

    assert [dict(each or {}) for each in (row, nothing, emptied)] == [
        {"value": None},
        {"nothing": None},
        {"value": None},
    ]


async def test_default_in_python_is_made_for_each_execution(db: UnitOfWork) -> None:
    things = table(Uuid(), default=uuid.uuid4, onupdate=uuid.uuid4)
    await create(db, things)
    add = Statement(insert(things).values(id=bindparam("id")).returning(things.c.value))
    change = Statement(update(things).values(id=things.c.id).returning(things.c.value))

    rows = [
        await db.fetch_one(add, id=1),
        await db.fetch_one(change),
        await db.fetch_one(change),
        await db.fetch_one(add, id=2),
    ]
    given = await db.fetch_one(add, id=3, value=uuid.UUID(int=7))

    assert len({row["value"] for row in rows if row}) == 4
    assert given is not None
    assert given["value"] == uuid.UUID(int=7)


@pytest.mark.parametrize("default", [False, 0, "", State.DRAFT])
async def test_default_that_is_a_value_is_that_value(db: UnitOfWork, default: object) -> None:
    types: dict[type, TypeEngine[Any]] = {
        bool: Boolean(),
        int: Integer(),
        str: Text(),
        State: Enum(State),
    }
    things = table(types[type(default)], default=default)
    await create(db, things)

    row = await db.fetch_one(Statement(insert(things).values(id=1).returning(things.c.value)))

    assert row is not None
    assert row["value"] == default


async def test_parameters_are_given_by_name() -> None:
    statement = Statement(
        select(Author.id).where(Author.last_name == bindparam("name"), Author.id > 7)
    )

    assert statement.arguments({"name": "Lovelace"}) == ["Lovelace", 7]
    with pytest.raises(KeyError, match="name"):
        statement.arguments({})


async def test_parameter_may_have_any_name(db: UnitOfWork) -> None:
    row = await db.fetch_one(
        Statement(select(bindparam("statement", type_=Text).label("named"))), statement="x"
    )

    assert dict(row or {}) == {"named": "x"}


async def test_columns_without_a_table_and_with_equal_names_are_read(db: UnitOfWork) -> None:
    things = table(Numeric(5, 2))
    await create(db, things)
    await db.execute(Statement(insert(things).values(id=1, value=Decimal("1.50"))))
    typed = text("SELECT value, 1.5::float8 AS other FROM things").columns(
        value=Numeric, other=Numeric
    )

    row = await db.fetch_one(
        Statement(select(text("1 AS one"), func.count(), func.sum(things.c.value).label("total")))
    )
    other = await db.fetch_one(Statement(typed))

    assert dict(row or {}) == {"one": 1, "count_1": 1, "total": Decimal("1.50")}
    assert other == {
        "value": Decimal("1.50"),
        "other": Decimal("1.5"),
    }  # of a double, too: as the server names it


async def test_list_that_varies_is_refused_with_what_to_write() -> None:
    given = Author.id.in_(bindparam("ids", expanding=True))

    with pytest.raises(TypeError, match=r'ids: .*any_\(bindparam\("ids", type_=ARRAY'):
        Statement(select(Author.id).where(given))


async def test_list_as_an_array_finds_its_members(db: UnitOfWork) -> None:
    things = table(Text())
    await create(db, things)
    await db.execute_many(
        Statement(insert(things).values(parameters("id", "value"))),
        [{"id": n, "value": "x"} for n in range(4)],
    )
    find = Statement(
        select(things.c.id).where(things.c.id == any_(bindparam("ids", type_=ARRAY(Integer))))
    )

    assert [row["id"] for row in await db.fetch_all(find, ids=[1, 3, 7])] == [1, 3]
    assert await db.fetch_all(find, ids=[]) == []


@pytest.mark.parametrize("ids", [[1, 3], [], [1]])
async def test_list_that_is_fixed_is_compiled_once(db: UnitOfWork, ids: list[int]) -> None:
    things = table(Enum(State, name="a_state"))
    await create(db, things)
    for number in range(4):
        await db.execute(Statement(insert(things).values(id=number, value=State.DRAFT)))
    among = (
        things.c.id.in_(ids)
        & things.c.value.in_([State.DRAFT])
        & (things.c.value == bindparam("state"))
    )

    rows = await db.fetch_all(
        Statement(select(things.c.id).where(among).order_by(things.c.id)), state=State.DRAFT
    )

    assert [row["id"] for row in rows] == ids
