# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Database rows as models."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from .values import Model

_M = TypeVar("_M", bound=Model)

_ATOMS = (str, int, date, UUID, type(None))
"""Types without anything inside to validate. A `float` may be NaN, whatever the type of its column.
"""

_new = object.__new__
# What `BaseModel.model_construct` sets, in a fifth of its time.
_set_members, _set_given, _set_extra, _set_private = (
    BaseModel.__dict__[name].__set__
    for name in (
        "__dict__",
        "__pydantic_fields_set__",
        "__pydantic_extra__",
        "__pydantic_private__",
    )
)


def from_row(model: type[_M], row: Mapping[str, Any]) -> _M:
    """Return a row as a validated model; columns without a field in the model are left out.

    Raises `pydantic.ValidationError`.
    """
    return model.model_validate(dict(row.items()))


def from_rows(model: type[_M], rows: Iterable[Mapping[str, Any]]) -> list[_M]:
    """Return the rows of one result as models, validating only the first row of each kind.

    Rows are of one kind if they have the same columns, with values of the same types, null
    included. So length, bounds, pattern and enum are left to the columns: use this if the columns
    guarantee what the contract says, and `from_row` otherwise. Rows with other values than text,
    integers, booleans, dates, times, UUIDs and null, such as those of nested models, are all
    validated.

    Raises `pydantic.ValidationError`.
    """
    names, given = tuple(model.model_fields), set(model.model_fields)
    trusted = _trusted.setdefault(model, set())
    models, has_names, has_types = [], False, False  # the same in all rows of a result, except null
    for row in rows:
        members = dict(row.items())
        has_names = has_names or tuple(members) == names
        # Then no value is null, which is faster than a comparison of each value with None.
        is_full = all(row.values())
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
    """Return a validated model; trust the kind of its row from now on if no value changed."""
    valid, kind = model.model_validate(members), _kind(members)
    is_same = (
        model.__plain__
        and tuple(members) == tuple(model.model_fields)
        and _kind(vars(valid)) == kind
    )
    if is_same and all(issubclass(each, _ATOMS) for each in kind):
        trusted.add(kind)
    return valid
