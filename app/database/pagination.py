"""Keyset pagination: each page starts after the last row of the previous one.

Deep pages cost the same as the first, and rows that are inserted or deleted meanwhile do not shift
the others.
"""

import base64
import hashlib
from binascii import b2a_base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from math import inf
from operator import add
from typing import Any, Literal, TypeAlias, cast

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Enum,
    LargeBinary,
    Select,
    String,
    Table,
    bindparam,
    case,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.database.db import UnitOfWork
from app.database.failures import REJECTED_VALUE
from app.database.models import Base
from app.database.sort_keys import SortKey, check_filterable, sort_key
from app.database.statements import Row, Statement
from app.errors import InvalidCursor

PAGE_BYTES = 1024 * 1024
"""A page ends with the row whose long text brings it to this size, whatever its `limit`.

Without it, one request could ask for 100 of the longest articles, 40 MB, and a few such requests
would take all the memory of a process.
"""
_LONG = 1000
"""Text of at most this many characters is not counted."""
_MOST_FETCHED = 8 * PAGE_BYTES
"""What a page may fetch at most from the database, in bytes of text, to be cut here."""

_DIGEST_BYTES = 8
_URL_SAFE = bytes.maketrans(b"+/", b"-_")  # RFC 4648, section 5

After: TypeAlias = Literal["nothing", "value", "null"]
"""What a page comes after: nothing, a row whose sort key has a value, or one whose key is null."""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, and the cursor of the next page or None."""

    rows: list[Row]
    next_cursor: str | None


async def fetch_page(
    db: UnitOfWork,
    entity: type[Base],
    *,
    limit: int,
    cursor: str | None,
    sort: str,
    filters: Mapping[str, object],
    condition: ColumnElement[bool] | None = None,
) -> Page:
    """Return the next `limit` rows, ordered by the column `sort` (`-`: descending), then by `id`.

    There are fewer if their long text reaches `PAGE_BYTES`. Nulls come last in both directions.
    `filters` maps columns to the value they must equal; None means no filter. `condition` holds for
    all rows of the list. Raises `InvalidCursor`, and
    `TypeError` for a column that cannot be sorted or filtered by.
    """
    names = tuple(name for name, value in filters.items() if value is not None)
    given = {f"filter_{name}": filters[name] for name in names}
    long = _long_columns(entity)
    is_bounded = limit * long.most_bytes > _MOST_FETCHED
    statement = page_statement(
        entity,
        sort=sort,
        filters=names,
        after="nothing",
        condition=condition,
        is_bounded=is_bounded,
    )
    cursors = _CursorCodec(
        _order(entity, sort), filters=statement.driver_values(given), long=long.names
    )
    if cursor is None:
        return cursors.page(await db.fetch_all(statement, limit=limit + 1, **given), limit=limit)
    last, last_id = cursors.open(cursor)
    statement = page_statement(
        entity,
        sort=sort,
        filters=names,
        after="null" if last is None else "value",
        condition=condition,
        is_bounded=is_bounded,
    )
    try:
        rows = await db.fetch_all(statement, limit=limit + 1, last=last, last_id=last_id, **given)
    except REJECTED_VALUE:  # for example a date or number out of range, or an unknown enum label
        raise InvalidCursor from None
    return cursors.page(rows, limit=limit)


@cache
def page_statement(
    entity: type[Base],
    *,
    sort: str,
    filters: tuple[str, ...],
    after: After,
    condition: ColumnElement[bool] | None = None,
    is_bounded: bool = False,
) -> Statement:
    """Return the statement for a page. Raises `TypeError` for a column with no order or equality.

    Its parameters are `limit`, `filter_<column>` for each filter, `last` after a value, and
    `last_id` after any row.

    One index on the filters, the key and the id serves both directions. A nullable key gets a
    separate range for its nulls: a condition `OR key IS NULL` would scan the index from its start,
    and `DESC NULLS LAST` would need a second index.

    With `is_bounded`, long text is null in the rows after those that reach `PAGE_BYTES`, so that
    the server neither reads nor sends it.
    """
    rows = _page(entity, sort=sort, filters=filters, after=after, condition=condition)
    if is_bounded:
        rows = _bounded(rows, _order(entity, sort), _long_columns(entity).names, sort=sort)
    return Statement(rows)


def _page(
    entity: type[Base],
    *,
    sort: str,
    filters: tuple[str, ...],
    after: After,
    condition: ColumnElement[bool] | None,
) -> Select[Any]:
    columns, keys = _columns(entity), _order(entity, sort).keys
    key, is_descending = keys[0].column, sort.startswith("-")
    rows = select(*columns, *_selected(keys)).limit(bindparam("limit"))
    if condition is not None:
        rows = rows.where(condition)
    for name in filters:
        check_filterable(columns[name])
        rows = rows.where(columns[name] == bindparam(f"filter_{name}"))
    rows = rows.order_by(*(each.column.desc() if is_descending else each.column for each in keys))
    valued, nulls = rows, rows.where(key.is_(None))
    if after == "null":
        return nulls.where(_is_after(keys[1:], is_descending))
    if after == "value":
        valued = rows.where(_is_after(keys, is_descending))
    if not key.nullable:
        return valued
    both = union_all(valued.where(key.is_not(None)), nulls).subquery()
    order = _outer_order(both.c, keys, is_descending)
    return select(both).order_by(*order).limit(bindparam("limit"))


def _bounded(rows: Select[Any], order: "_Order", names: Sequence[str], *, sort: str) -> Select[Any]:
    """Return the same rows, without the long text of those after `PAGE_BYTES`."""
    page = rows.subquery()
    by = _outer_order(page.c, order.keys, sort.startswith("-"))
    sizes = (func.coalesce(func.octet_length(page.c[name]), 0) for name in names)
    size: ColumnElement[int] = reduce(add, sizes)
    before = func.coalesce(func.sum(size).over(order_by=by, rows=(None, -1)), 0)
    columns = (
        case((before < PAGE_BYTES, each)).label(each.name) if each.name in names else each
        for each in page.c
    )
    return select(*columns).order_by(*by)


def _outer_order(
    columns: ReadOnlyColumnCollection[str, Any], keys: Iterable[SortKey], is_descending: bool
) -> list[ColumnElement[Any]]:
    order = []
    for key in keys:
        column = columns[key.column.key]
        by = column.desc() if is_descending else column.asc()
        order.append(by.nulls_last() if key.column.nullable else by)
    return order


@dataclass(frozen=True, slots=True)
class _LongColumns:
    """The columns of a table whose values can be long: text and bytes."""

    names: tuple[str, ...]
    most_bytes: float
    """The size of the longest row, infinite if there is no limit."""


@cache
def _long_columns(entity: type[Base]) -> _LongColumns:
    lengths = {
        column.name: column.type.length or inf
        for column in _columns(entity)
        if isinstance(column.type, String | LargeBinary) and not isinstance(column.type, Enum)
    }
    long = {name: length for name, length in lengths.items() if length > _LONG}
    return _LongColumns(tuple(long), 4 * sum(long.values()))  # UTF-8 has four bytes at most


def _columns(entity: type[Base]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    return cast(Table, entity.__table__).columns


@dataclass(frozen=True, slots=True)
class _Order:
    """The order of a list: its name, and the columns to sort by, ending with the id."""

    name: bytes
    keys: tuple[SortKey, SortKey]


@cache
def _order(entity: type[Base], sort: str) -> _Order:
    columns = _columns(entity)
    key = sort_key(columns[sort.removeprefix("-")], parameter="last")
    name = ascii([entity.__tablename__, sort]).encode()
    return _Order(name, (key, sort_key(columns["id"], parameter="last_id")))


def _selected(keys: Iterable[SortKey]) -> list[ColumnElement[Any]]:
    return list({each.name: each.selected for each in keys if each.selected is not None}.values())


def _is_after(keys: Sequence[SortKey], is_descending: bool) -> ColumnElement[bool]:
    here, there = (
        tuple_(*(each.column for each in keys)),
        tuple_(*(each.parameter for each in keys)),
    )
    return here < there if is_descending else here > there


class _CursorCodec:
    """Encodes and decodes the cursors of a list with one order and its filters.

    A cursor holds the sort key and the id of a row, after a digest that binds them to the list. The
    digest is not a secret: it detects cursors of other lists and damaged ones. A forged cursor
    reveals nothing that the list itself would not show.
    """

    def __init__(
        self, order: _Order, *, filters: dict[str, object], long: Sequence[str] = ()
    ) -> None:
        """Bind to an order and its filters, as values of the driver: their text is canonical.

        `long` names the columns that count for the size of a page.
        """
        self._long = long
        self._key, self._id = order.keys
        self._binding = order.name + ascii(filters).encode() if filters else order.name

    def page(self, rows: list[Row], *, limit: int) -> Page:
        """Return the page for these rows; one row more than `limit` means there is a next page."""
        count = self._fitting(rows[:limit])
        if len(rows) <= count:
            return Page(self._plain(rows), None)
        return Page(self._plain(rows[:count]), self.encode(rows[count - 1]))

    def _fitting(self, rows: list[Row]) -> int:
        """Return how many of the rows the page has: up to the one that reaches `PAGE_BYTES`."""
        size = 0
        for count, row in enumerate(rows, start=1):
            for name in self._long:
                size += _bytes(row[name])
            if size >= PAGE_BYTES:
                return count
        return len(rows)

    def encode(self, row: Row) -> str:
        """Return the cursor for the rows after this one."""
        return self._encoded(orjson.dumps([row[self._key.name], row[self._id.name]]))

    def open(self, cursor: str) -> tuple[object, object]:
        """Return `last` and `last_id`. Raises `InvalidCursor`."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            place = base64.b64decode(padded, altchars=b"-_", validate=True)[_DIGEST_BYTES:]
            if self._encoded(place) != cursor:
                raise InvalidCursor
            last, last_id = orjson.loads(place)
            is_null = last is None and self._key.column.nullable
            return None if is_null else self._key.parse(last), self._id.parse(last_id)
        # Not base64, Unicode, JSON or a pair, or a time that does not exist in UTC.
        except (ValueError, TypeError, OverflowError):
            raise InvalidCursor from None

    def _encoded(self, place: bytes) -> str:
        digest = hashlib.blake2b(self._binding + place, digest_size=_DIGEST_BYTES).digest()
        return b2a_base64(digest + place, newline=False).translate(_URL_SAFE, b"=").decode()

    def _plain(self, rows: list[Row]) -> list[Row]:
        """Return the rows without the columns that were only selected for the cursor."""
        extra = [each.name for each in (self._key, self._id) if each.selected is not None]
        if not extra:
            return rows
        return [{name: value for name, value in row.items() if name not in extra} for row in rows]


def _bytes(value: str | bytes | None) -> int:
    """Return the size of a value in the database, as `octet_length` does."""
    if value is None:
        return 0
    return len(value.encode() if isinstance(value, str) and not value.isascii() else value)
