"""Rows of a database as models."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from .values import Model

_M = TypeVar("_M", bound=Model)

_ATOMS = (str, int, date, UUID, type(None))
"""Types whose values have nothing inside to validate. A `float` may be NaN, whatever the type of its column."""

_new = object.__new__
# What `BaseModel.model_construct` sets, in a fifth of its time.
_set_members, _set_given, _set_extra, _set_private = (
    BaseModel.__dict__[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def from_row(model: type[_M], row: Mapping[str, Any]) -> _M:
    """Return a row as a model, validated; columns that the model has no member for are left out.

    Raises `pydantic.ValidationError`.
    """
    return model.model_validate(dict(row.items()))


def from_rows(model: type[_M], rows: Iterable[Mapping[str, Any]]) -> list[_M]:
    """Return the rows of one result as models; a row of a kind that was validated before is taken on trust.

    Rows are of one kind if they have the same columns, with values of the same types in them, null included. What this
    leaves to the database is what a column promises of each of its values: length, bounds, pattern, enum. So it is for
    columns that promise no less than the contract does, and `from_row` is for all others. Where a value is no text,
    integer, boolean, date, time, UUID or null, as in models with models inside, each row is validated.

    Raises `pydantic.ValidationError`.
    """
    names, given = tuple(model.model_fields), set(model.model_fields)
    trusted = _trusted.setdefault(model, set())
    models, has_names, has_types = [], False, False  # which are the same in all rows of a result, but for null
    for row in rows:
        members = dict(row.items())
        has_names = has_names or tuple(members) == names
        is_full = all(row.values())  # surely has no null; looking for null would compare each value with it
        if not (has_names and ((has_types and is_full) or _kind(members) in trusted)):
            models.append(_validated(model, members, trusted))
            continue
        has_types |= is_full
        taken = _new(model)
        _set_members(taken, members)
        _set_given(taken, given)
        _set_extra(taken, None)
        _set_private(taken, None)
        models.append(taken)
    return models


_Kind = tuple[type, ...]

_trusted: dict[type[Model], set[_Kind]] = {}


def _kind(members: dict[str, Any]) -> _Kind:
    return tuple(map(type, members.values()))


def _validated(model: type[_M], members: dict[str, Any], trusted: set[_Kind]) -> _M:
    """Return a model, and trust the kind of its row from now on if validation leaves such values as they are."""
    valid, kind = model.model_validate(members), _kind(members)
    is_same = model.__plain__ and tuple(members) == tuple(model.model_fields) and _kind(vars(valid)) == kind
    if is_same and all(issubclass(each, _ATOMS) for each in kind):
        trusted.add(kind)
    return valid
