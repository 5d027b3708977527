"""Optimistic locking: a row is changed only if it still has a version that the caller has seen.

The version of a row is its `updated_at`, which every change moves forward. An UPDATE or DELETE has
the versions in its own WHERE, so of several at once with the same version only the first finds the
row: the others wait for its lock, and then PostgreSQL compares again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY, ColumnElement, DateTime, any_, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from app.errors import VersionMismatch

Versions = Sequence[datetime] | None
"""The versions that the caller has seen, or None if any will do."""


def has_version(updated_at: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Return the condition that a row has one of the `versions`, a parameter of the statement."""
    versions = bindparam("versions", type_=ARRAY(DateTime(timezone=True)))
    return updated_at == any_(versions)


def check_version(versions: Versions, updated_at: datetime) -> None:
    """Raise `VersionMismatch` if a row, which is locked or only read, has none of the versions."""
    if versions is not None and updated_at not in versions:
        raise VersionMismatch
