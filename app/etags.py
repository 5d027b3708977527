"""Entity tags: the state of a row or of a page, in a few characters (RFC 9110, section 8.8.3).

The version of a row is its `updated_at`, which every change moves forward. A tag also has the id of
its row, which is never used again, and a digest of the names of the fields that a response shows:
a release that shows other fields has other tags. So tags are strong. They are opaque to clients.
"""

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import orjson

from app.database.pagination import Page
from app.database.statements import Row
from generated.runtime.conditional import IfMatch
from generated.runtime.values import Model

_TAG = re.compile(r'"([0-9a-f]{1,16})-(-?[0-9a-f]{1,16})-[0-9a-f]{8}"')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ETags:
    """The entity tags of one kind of resource."""

    def __init__(self, model: type[Model]) -> None:
        """Make the tags of resources that are shown as this model."""
        self._fields = blake2b(" ".join(model.model_fields).encode(), digest_size=4).hexdigest()

    def of(self, row: Row) -> str:
        """Return the tag of a row with the columns `id` and `updated_at`."""
        return self._tag(row["id"], row["updated_at"])

    def of_page(self, page: Page) -> str:
        """Return the tag of a page: a digest of the versions of its rows, and of what follows."""
        rows = page.rows
        state = [page.next_cursor, [row["id"] for row in rows], [row["updated_at"] for row in rows]]
        digest = blake2b(orjson.dumps(state), digest_size=12).hexdigest()
        return f'"{digest}-{self._fields}"'

    def versions(self, condition: IfMatch, id_: int) -> list[datetime] | None:
        """Return the versions of a row that satisfy an `If-Match`, or None if any version does."""
        if condition.is_any:
            return None
        found = (self._version(tag, id_) for tag in condition.tags)
        return [version for version in found if version is not None]

    def _tag(self, id_: int, version: datetime) -> str:
        return f'"{id_:x}-{_microseconds(version):x}-{self._fields}"'

    def _version(self, tag: str, id_: int) -> datetime | None:
        """Return the version in a tag; None if it is no tag that this row can have had."""
        found = _TAG.fullmatch(tag)
        if found is None:
            return None
        try:
            version = _EPOCH + int(found[2], 16) * _MICROSECOND
        except OverflowError:
            return None
        return version if self._tag(id_, version) == tag else None


def _microseconds(moment: datetime) -> int:
    """Return the microseconds since 1970, without a float, which would round them."""
    return (moment.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
