"""Keyset pagination: each page starts after the last row of the previous one.

Deep pages cost the same as the first, and rows that are inserted or deleted meanwhile do not shift
the others.
"""

import base64
import hashlib
from binascii import b2a_base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, cast

import orjson
from sqlalchemy import Column, ColumnElement, Table, bindparam, select, tuple_, union_all
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.database.db import UnitOfWork
from app.database.failures import REJECTED_VALUE
from app.database.models import Base
from app.database.sort_keys import SortKey, check_filterable, sort_key
from app.database.statements import Row, Statement
from app.errors import InvalidCursor

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

    Nulls come last in both directions. `filters` maps columns to the value they must equal; None
    means no filter. `condition` holds for all rows of the list. Raises `InvalidCursor`, and
    `TypeError` for a column that cannot be sorted or filtered by.
    """
    names = tuple(name for name, value in filters.items() if value is not None)
    given = {f"filter_{name}": filters[name] for name in names}
    statement = page_statement(
        entity, sort=sort, filters=names, after="nothing", condition=condition
    )
    cursors = _CursorCodec(_order(entity, sort), filters=statement.driver_values(given))
    if cursor is None:
        return cursors.page(await db.fetch_all(statement, limit=limit + 1, **given), limit=limit)
    last, last_id = cursors.open(cursor)
    statement = page_statement(
        entity,
        sort=sort,
        filters=names,
        after="null" if last is None else "value",
        condition=condition,
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
) -> Statement:
    """Return the statement for a page. Raises `TypeError` for a column with no order or equality.

    Its parameters are `limit`, `filter_<column>` for each filter, `last` after a value, and
    `last_id` after any row.

    One index on the filters, the key and the id serves both directions. A nullable key gets a
    separate range for its nulls: a condition `OR key IS NULL` would scan the index from its start,
    and `DESC NULLS LAST` would need a second index.
    """
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
        return Statement(nulls.where(_is_after(keys[1:], is_descending)))
    if after == "value":
        valued = rows.where(_is_after(keys, is_descending))
    if not key.nullable:
        return Statement(valued)
    both = union_all(valued.where(key.is_not(None)), nulls).subquery()
    outer = (both.c[each.column.key] for each in keys)
    order = (each.desc().nulls_last() if is_descending else each.asc() for each in outer)
    return Statement(select(both).order_by(*order).limit(bindparam("limit")))


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

    def __init__(self, order: _Order, *, filters: dict[str, object]) -> None:
        """Bind to an order and its filters, as values of the driver: their text is canonical."""
        self._key, self._id = order.keys
        self._binding = order.name + ascii(filters).encode() if filters else order.name

    def page(self, rows: list[Row], *, limit: int) -> Page:
        """Return the page for these rows; one row more than `limit` means there is a next page."""
        if len(rows) <= limit:
            return Page(self._plain(rows), None)
        return Page(self._plain(rows[:limit]), self.encode(rows[limit - 1]))

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
