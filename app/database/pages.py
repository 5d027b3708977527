"""Pages by keyset: a page starts behind the last row of the one before, so deep pages cost what the first costs and
rows that come and go move no other.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import DateTime, bindparam, select, tuple_
from sqlalchemy.sql.expression import ColumnElement

from app.database.db import UnitOfWork
from app.database.models import Base
from app.database.statements import Row, Statement
from app.errors import InvalidCursor

_DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the cursor of the next ones where there are any."""

    rows: list[Row]
    next_cursor: str | None


async def fetch_page(
    db: UnitOfWork,
    entity: type[Base],
    *,
    limit: int,
    cursor: str | None,
    sort: str,
    filters: Mapping[str, int | None],
) -> Page:
    """Return the next `limit` rows in the order `sort`, a column with `-` before it for descending; ties by `id`.

    `filters` are columns that have to equal a value; None filters nothing. Raises `InvalidCursor`.
    """
    key = entity.__table__.columns[sort.removeprefix("-")]
    position = _Position(binding=[entity.__tablename__, sort, filters], key=key)
    given: dict[str, object] = {name: value for name, value in filters.items() if value is not None}
    statement = page_statement(entity, sort=sort, filters=tuple(given), behind=cursor is not None)
    if cursor is not None:
        given["last"], given["last_id"] = position.decode(cursor)
    rows = await db.all(statement, limit=limit + 1, **given)
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], position.encode(rows[limit - 1]))


@cache
def page_statement(entity: type[Base], *, sort: str, filters: tuple[str, ...], behind: bool) -> Statement:
    """Return the statement of a page: its parameters are `limit`, the filters, and `last` and `last_id` if `behind`."""
    columns = entity.__table__.columns
    key, row_id, descending = columns[sort.removeprefix("-")], columns["id"], sort.startswith("-")
    statement = select(*columns).limit(bindparam("limit"))
    for name in filters:
        statement = statement.where(columns[name] == bindparam(name))
    if behind:
        here = tuple_(key, row_id)
        there = tuple_(bindparam("last", type_=key.type), bindparam("last_id", type_=row_id.type))
        statement = statement.where(here < there if descending else here > there)
    return Statement(statement.order_by(*((key.desc(), row_id.desc()) if descending else (key, row_id))))


class _Position:
    """Cursors of one list, one order and its filters: the key and the id of a row behind a digest that binds them.

    The digest is no secret. It tells a cursor of another list, or a damaged one, from one of this list; a forged cursor
    gives nothing that the list itself would not give.
    """

    def __init__(self, *, binding: list[object], key: ColumnElement[Any]) -> None:
        self._binding = orjson.dumps(binding)
        self._key = key

    def encode(self, row: Row) -> str:
        return self._sealed(orjson.dumps([row[self._key.name], row["id"]]))

    def decode(self, cursor: str) -> tuple[datetime | str, int]:
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            place = base64.b64decode(padded, altchars=b"-_", validate=True)[_DIGEST_BYTES:]
            if self._sealed(place) != cursor:
                raise InvalidCursor
            value, row_id = orjson.loads(place)
            return self._checked(value, row_id)
        # All that is not base64, Unicode, JSON, a pair, or a time that can be in UTC.
        except (ValueError, TypeError, OverflowError):
            raise InvalidCursor from None

    def _sealed(self, place: bytes) -> str:
        digest = hashlib.blake2b(self._binding + place, digest_size=_DIGEST_BYTES).digest()
        return base64.urlsafe_b64encode(digest + place).rstrip(b"=").decode()

    def _checked(self, value: object, row_id: object) -> tuple[datetime | str, int]:
        if type(row_id) is not int or not 0 < row_id < 2**63 or not isinstance(value, str):
            raise InvalidCursor
        if not isinstance(self._key.type, DateTime):
            return _without_nul(value), row_id
        time = datetime.fromisoformat(value)
        return _in_utc(time), row_id


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise InvalidCursor
    return value


def _in_utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise InvalidCursor
    return time.astimezone(UTC)  # the driver would do it too, but fail at the ends of the calendar
