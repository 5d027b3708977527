"""The columns that a list can be sorted by, and how their values are stored in a cursor.

Text, integers and timestamps are stored as the driver returns them. Any other type is stored as
PostgreSQL's text for the value, which PostgreSQL parses again. That is exact where Python is not:
'infinity' is not the last day of Python's calendar, and a year in an interval is not 365 days. It
also works for every type, including a `TypeDecorator`.
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
# The driver returns infinity as one of these timestamps without a time zone. All others have one.
_INFINITE = {"9999-12-31T23:59:59.999999": "infinity", "0001-01-01T00:00:00": "-infinity"}


class SortKey(ABC):
    """A column to sort by, whose values are stored in a cursor as the driver returns them."""

    selected: ColumnElement[Any] | None = None
    """An extra column that a page selects only for the cursor."""

    def __init__(self, column: Column[Any], parameter: str) -> None:
        self.column = column
        self.name: str = column.name
        """The name in a row of the value that is stored in the cursor."""
        self.parameter: ColumnElement[Any] = bindparam(parameter, type_=column.type)

    @abstractmethod
    def parse(self, value: object) -> object:
        """Return the parameter for a value in a cursor.

        Raises `InvalidCursor` or `ValueError`.

        PostgreSQL or the driver reject values that are out of range.
        """


class _TextKey(SortKey):
    def parse(self, value: object) -> str:
        if not isinstance(value, str) or "\0" in value:
            raise InvalidCursor
        return value


class _IntegerKey(SortKey):
    def parse(self, value: object) -> int:
        if type(value) is not int:  # `True` is an `int`, too
            raise InvalidCursor
        return value


class _TimestampKey(SortKey):
    """A timestamp with time zone, sent as text: the driver sends years 1 and 9999 as infinity."""

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
    """A column whose values are stored as PostgreSQL's text for them."""

    def __init__(self, column: Column[Any], parameter: str) -> None:
        super().__init__(column, parameter)
        self.name = f"{column.name}::text"
        self.selected = cast(column, Text).label(self.name)
        self.parameter = _from_text(column, parameter)


def _from_text(column: Column[Any], parameter: str) -> ColumnElement[Any]:
    return cast(bindparam(parameter, type_=Text), column.type)


def sort_key(column: Column[Any], *, parameter: str) -> SortKey:
    """Return the sort key for a column, compared with a parameter of this name.

    Raises `TypeError` if the type of the column has no order.
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
        f"a list cannot be sorted by {column}: {type_!r} has no known order. Sort by a "
        "column of a type that has one, for example a generated column (`Computed`) with the part "
        "that matters."
    )


def check_filterable(column: Column[Any]) -> None:
    """Raise `TypeError` for a column whose type has no equality, which a filter needs."""
    plain = _plain(column.type)
    if isinstance(plain, JSON) and not isinstance(plain, JSONB):
        raise TypeError(
            f"a list cannot be filtered by {column}: JSON has no equality. Make it JSONB."
        )


def _is_comparable(type_: TypeEngine[Any]) -> bool:
    plain = _plain(type_)
    return isinstance(plain, _COMPARABLE) or (
        isinstance(plain, ARRAY) and _is_comparable(plain.item_type)
    )


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the PostgreSQL type behind a type, its variants and its decorators."""
    plain = type_.dialect_impl(DIALECT)
    while isinstance(plain, TypeDecorator):
        plain = plain.load_dialect_impl(DIALECT).dialect_impl(DIALECT)
    return plain
