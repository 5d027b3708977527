"""The columns that a list is sorted by: of which types they can be, and how their values travel in a cursor.

Text, integers and moments travel as the driver reads them. A value of any other type travels as the text that
PostgreSQL writes of it and reads again. That is exact where Python is not: 'infinity' beside the last day of its
calendar, a year of an interval beside 365 days. And it is the same for each type, also behind a `TypeDecorator`.
"""

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Time,
    Uuid,
    bindparam,
    cast,
)
from sqlalchemy.dialects.postgresql import BIT, CIDR, INET, INTERVAL, JSONB, MACADDR, MACADDR8, OID
from sqlalchemy.dialects.postgresql.ranges import AbstractRange
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.database.statements import DIALECT
from app.errors import InvalidCursor

_NUMBERS = (Integer, Boolean, Numeric, Float)
_TIMES = (Date, DateTime, Time, INTERVAL)
_ADDRESSES = (INET, CIDR, MACADDR, MACADDR8)
_COMPARABLE = (String, Uuid, LargeBinary, OID, BIT, AbstractRange, *_NUMBERS, *_TIMES, *_ADDRESSES)
# What the driver reads where it is infinity: a moment without a zone, unlike all others.
_INFINITE = {"9999-12-31T23:59:59.999999": "infinity", "0001-01-01T00:00:00": "-infinity"}


class SortKey(ABC):
    """A column to sort by, whose values travel as the driver reads them."""

    selected: ColumnElement[Any] | None = None
    """What a page selects beside the columns, for the cursor alone."""

    def __init__(self, column: Column[Any], parameter: str) -> None:
        self.column = column
        self.name: str = column.name
        """What travels is called so in a row."""
        self.parameter: ColumnElement[Any] = bindparam(parameter, type_=column.type)

    @abstractmethod
    def parse(self, value: object) -> object:
        """Return what a cursor holds as the value of the parameter. Raises `InvalidCursor`, `ValueError`.

        What is a value of another range or calendar, PostgreSQL or the driver refuse.
        """


class _TextKey(SortKey):
    def parse(self, value: object) -> str:
        if not isinstance(value, str) or "\0" in value:
            raise InvalidCursor
        return value


class _IntegerKey(SortKey):
    def parse(self, value: object) -> int:
        if type(value) is not int:  # True is an int, too
            raise InvalidCursor
        return value


class _TimestampKey(SortKey):
    """A moment, which comes from the driver but goes back as text: the driver writes year 1 and 9999 as infinity."""

    def __init__(self, column: Column[Any], parameter: str) -> None:
        super().__init__(column, parameter)
        self.parameter = _from_text(column, parameter)

    def parse(self, value: object) -> str:
        if not isinstance(value, str):
            raise InvalidCursor
        if value in _INFINITE:
            return _INFINITE[value]
        time = datetime.fromisoformat(value)
        if time.tzinfo is None:
            raise InvalidCursor
        return value if time.tzinfo is UTC else time.astimezone(UTC).isoformat()


class _AsTextKey(_TextKey):
    """A column whose values travel as the text that PostgreSQL writes of them."""

    def __init__(self, column: Column[Any], parameter: str) -> None:
        super().__init__(column, parameter)
        self.name = f"{column.name}::text"
        self.selected = cast(column, Text).label(self.name)
        self.parameter = _from_text(column, parameter)


def _from_text(column: Column[Any], parameter: str) -> ColumnElement[Any]:
    return cast(bindparam(parameter, type_=Text), column.type)


def sort_key(column: Column[Any], *, parameter: str) -> SortKey:
    """Return a column to sort by, and to compare with a parameter of this name.

    Raises `TypeError` if its values have no order that a list could follow.
    """
    type_ = column.type
    if isinstance(type_, String) and not isinstance(type_, Enum):
        return _TextKey(column, parameter)
    if isinstance(type_, Integer):
        return _IntegerKey(column, parameter)
    if isinstance(type_, DateTime) and type_.timezone:
        return _TimestampKey(column, parameter)
    if _is_comparable(type_):
        return _AsTextKey(column, parameter)
    raise TypeError(
        f"no list can be sorted by {column}: {type_!r} has no known order. Sort by a column of a type that has one, "
        "for example a generated column (`Computed`) with the part that matters."
    )


def check_filterable(column: Column[Any]) -> None:
    """Raise `TypeError` for a column that cannot be compared with a value, which a filter does."""
    plain = _plain(column.type)
    if isinstance(plain, JSON) and not isinstance(plain, JSONB):
        raise TypeError(f"no list can be filtered by {column}: JSON has no equality. Make it JSONB.")


def _is_comparable(type_: TypeEngine[Any]) -> bool:
    plain = _plain(type_)
    return isinstance(plain, _COMPARABLE) or (isinstance(plain, ARRAY) and _is_comparable(plain.item_type))


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type of PostgreSQL behind a type, its variants and its decorators."""
    plain = type_.dialect_impl(DIALECT)
    while isinstance(plain, TypeDecorator):
        plain = plain.load_dialect_impl(DIALECT).dialect_impl(DIALECT)
    return plain
