"""Validation: errors in a value, with JSON Pointers into what was sent.

pydantic-core locates an error by the path of its validators, in which the names of properties and
indexes of items are mixed with those of classes and alternatives. The value that was sent shows
which is which.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .error_texts import ERROR_TEXTS, meaning, sentence
from .rejections import ErrorDetail, Location, escaped, is_writable

_MOST_ERRORS = 1000  # sorting more would delay other requests, and nobody reads them
_MOST_PARTS = 150_000
_MOST_LISTED = 100
_SAMPLES = 3


def validated(
    adapter: TypeAdapter[Any],
    value: object,
    location: Location,
    root: str,
    errors: list[ErrorDetail],
) -> object:
    """Return the validated value, or append to `errors`, with places below the pointer `root`."""
    try:
        return adapter.validate_python(value, by_alias=True, by_name=False)
    except ValidationError as error:
        found = _violations(error, value, location, root)[:_MOST_LISTED]
        errors.extend(_with_null(adapter, value, found, root))
        return None


def _violations(
    error: ValidationError, value: object, location: Location, root: str
) -> list[ErrorDetail]:
    count = error.error_count()
    details = error.errors(include_url=False) if count <= _MOST_ERRORS else []
    if any(
        ERROR_TEXTS[each["type"]].code == "too_deep"
        for each in details
        if each["type"] in ERROR_TEXTS
    ):
        return [ErrorDetail(location, root, "too_deep", sentence("too_deep"))]
    if not details or sum(len(each["loc"]) for each in details) > _MOST_PARTS:
        return [ErrorDetail(location, root, "too_many_errors", f"Too many errors: {count}")]
    places = _tree(map(_discriminated, details))
    places[0].locate(root, value, is_named=True)
    for place in places:  # children come after their parents
        place.locate_inside()
    for place in reversed(places):
        place.settle(location)
    different = {(each.pointer, each.code): each for each in reversed(places[0].errors)}
    return [*reversed(different.values())]


def _discriminated(error: ErrorDetails) -> ErrorDetails:
    """Return a discriminator's error as one of its property; a wrong type if there is no object."""
    if error["type"] != "discriminator":
        return error
    member, given = error["ctx"]["member"], error["input"]
    if not isinstance(given, dict):
        return {**error, "type": "model_type"}
    here = (*error["loc"], member)
    if member not in given:
        return {**error, "type": "missing", "loc": here}
    values = json.loads(error["ctx"]["values"])
    return {**error, "type": "enum", "loc": here, "input": given[member], "ctx": {"values": values}}


def _tree(details: Iterable[ErrorDetails]) -> list["_Place"]:
    """Return the places of errors as a tree of pydantic-core's locations, with parents first."""
    places = [_Place()]
    for each in details:
        place = places[0]
        for part in each["loc"]:
            if part not in place.inside:
                place.inside[part] = _Place()
                places.append(place.inside[part])
            place = place.inside[part]
        place.details.append(each)
    return places


class _Place:
    """A place in what was sent, or an alternative for it, with the errors there and inside.

    Inside are either names and indexes, or alternatives, never both.
    """

    __slots__ = ("details", "errors", "has_names", "inside", "is_named", "pointer", "value")

    def __init__(self) -> None:
        self.details: list[ErrorDetails] = []
        self.inside: dict[str | int, _Place] = {}
        self.errors: list[ErrorDetail] = []

    def locate(self, pointer: str, value: Any, *, is_named: bool) -> None:
        """Set the pointer and the value of this place.

        Without `is_named` the pointer is that of a place above.
        """
        self.pointer = pointer
        self.value = value
        self.is_named = is_named

    def locate_inside(self) -> None:
        """Locate the places directly inside of this one."""
        self.has_names = self._has_names()
        for part, place in self.inside.items():
            pointer = f"{self.pointer}/{escaped(str(part))}"
            is_there = self._is_there(part, place)
            if not self.has_names:
                place.locate(self.pointer, self.value, is_named=self.is_named)
            elif is_there and self.is_named and is_writable(pointer):
                place.locate(
                    pointer, self.value[part] if _has(self.value, part) else None, is_named=True
                )
            else:
                place.locate(
                    self.pointer,
                    self.value[part] if _has(self.value, part) else None,
                    is_named=False,
                )

    def _has_names(self) -> bool:
        """Return whether names are inside, and not alternatives.

        Alternatives may have the name of a property that was sent. Names are those of alternatives
        if only that explains the location of an error, which is tried with a few errors.
        """
        there = [part for part, place in self.inside.items() if self._is_there(part, place)]
        return bool(there) and all(map(self._is_name, there[:_SAMPLES]))

    def _is_there(self, part: str | int, place: "_Place") -> bool:
        is_missing = any(
            each["type"] == "missing" and each["input"] is self.value for each in place.details
        )
        return is_missing or _has(self.value, part)

    def _is_name(self, part: str | int) -> bool:
        if isinstance(part, int) or not _has(self.value, part):
            return True
        place, way = self.inside[part], []
        while not place.details:
            name, place = next(iter(place.inside.items()))
            way.append(name)
        error = place.details[0]
        return _leads(way, self.value[part], error) or not _leads(way, self.value, error)

    def settle(self, location: Location) -> None:
        """Collect the errors of this place and of the settled places inside.

        Of alternatives, they are the relevant ones.
        """
        self.errors = [self._error(each, location) for each in self.details]
        alternatives: list[list[ErrorDetail]] = []
        for place in self.inside.values():
            if self.has_names:
                self.errors += place.errors
            elif place.inside:
                alternatives.append(place.errors)
            else:  # several of one name, such as strings with other bounds
                alternatives += [[each] for each in place.errors]
        if alternatives:
            self.errors += _of_alternatives(alternatives, location, self.pointer)

    def _error(self, detail: ErrorDetails, location: Location) -> ErrorDetail:
        code, text, limits = meaning(detail)
        return ErrorDetail(
            location,
            self.pointer,
            code,
            text if self.is_named else f"{text}, somewhere inside",
            limits,
        )


def _leads(way: Sequence[str | int], value: Any, error: ErrorDetails) -> bool:
    """Return whether a location, which may name alternatives, leads to the input of an error."""
    target, is_missing = error["input"], error["type"] == "missing"
    tried: set[tuple[int, int]] = set()
    left: list[tuple[int, Any]] = [(0, value)]
    while left:
        index, here = left.pop()
        if here is target and index == len(way) - is_missing:
            return True
        if index >= len(way) or (index, id(here)) in tried:
            continue
        tried.add((index, id(here)))
        if isinstance(way[index], str):
            left.append((index + 1, here))
        if _has(here, way[index]):
            left.append((index + 1, here[way[index]]))
    return False


def _has(value: object, part: str | int) -> bool:
    if isinstance(part, int):
        return isinstance(value, list) and part < len(value)
    return isinstance(value, dict) and part in value


def _of_alternatives(
    alternatives: list[list[ErrorDetail]], location: Location, here: str
) -> list[ErrorDetail]:
    """Return the errors if no alternative matches: the intended one's, else those that all have."""
    meant = [each for each in alternatives if not _has_wrong_type(each, here)] or alternatives
    if len(meant) > 1:
        meant = [each for each in meant if not _has_wrong_constant(each, meant, here)] or meant
    if len(meant) == 1:
        return meant[0]
    return list(_common(meant)) or [ErrorDetail(location, here, "no_match", sentence("no_match"))]


def _has_wrong_type(errors: list[ErrorDetail], here: str) -> bool:
    return [(each.code, each.pointer) for each in errors] == [("wrong_type", here)]


def _has_wrong_constant(
    errors: list[ErrorDetail], alternatives: list[list[ErrorDetail]], here: str
) -> bool:
    """Return whether a property's value is wrong here and right for another alternative."""
    wrong = [
        e.pointer
        for e in errors
        if e.code == "not_in_enum" and e.pointer.rpartition("/")[0] == here
    ]
    return any(
        all(each.pointer != pointer for each in other)
        for pointer in wrong
        for other in alternatives
    )


def _common(alternatives: list[list[ErrorDetail]]) -> Iterator[ErrorDetail]:
    """Yield the errors that all alternatives have, with the types and values that any allows."""
    others = [{(each.pointer, each.code): each for each in errors} for errors in alternatives[1:]]
    for error in alternatives[0]:
        same = [each[key] for each in others if (key := (error.pointer, error.code)) in each]
        if len(same) < len(others):
            continue
        if all(each.limits == error.limits for each in same):
            yield error
        elif error.code in ("wrong_type", "not_in_enum"):
            yield _joined([error, *same])


def _joined(errors: list[ErrorDetail]) -> ErrorDetail:
    first = errors[0]
    limits = {
        name: _each_once(each.limits.get(name, ()) for each in errors) for name in first.limits
    }
    return ErrorDetail(
        first.location, first.pointer, first.code, sentence(first.code, limits), limits
    )


def _each_once(lists: Iterable[Iterable[object]]) -> list[object]:
    """Return the values of several lists, each once; true and 1 are different."""
    return list({repr(value): value for values in lists for value in values}.values())


def _with_null(
    adapter: TypeAdapter[Any], value: object, errors: list[ErrorDetail], root: str
) -> list[ErrorDetail]:
    """Return the errors with null added to the types and values of nullable places.

    Null is put in all of these places and validated again: an error that remains means that null is
    not allowed there.
    """
    unsure = {each.pointer for each in errors if each.code in _WITH_NULL}
    if unsure:
        tried = _nulled(value, [pointer.removeprefix(root) for pointer in unsure])
        try:
            adapter.validate_python(tried, by_alias=True, by_name=False)
        except ValidationError as error:
            left = _violations(error, tried, errors[0].location, root)
            is_told = not any(each.code in ("too_many_errors", "too_deep") for each in left)
            unsure = unsure - {each.pointer for each in left} if is_told else set()
    return [
        _or_null(each) if each.code in _WITH_NULL and each.pointer in unsure else each
        for each in errors
    ]


_WITH_NULL: Mapping[str, Mapping[str, list[object]]] = {
    "wrong_type": {"types": ["null"]},
    "not_in_enum": {"values": [None]},
}


def _or_null(error: ErrorDetail) -> ErrorDetail:
    added = _WITH_NULL[error.code]
    limits = {name: _each_once([given, added[name]]) for name, given in error.limits.items()}
    return ErrorDetail(
        error.location, error.pointer, error.code, sentence(error.code, limits), limits
    )


def _nulled(value: Any, pointers: Iterable[str]) -> Any:
    """Return a copy of what was sent with null at these places."""
    whole = [value]
    copies: dict[int, Any] = {id(whole): whole}
    for pointer in pointers:
        here: Any = whole
        place: Any = 0
        for part in pointer.split("/")[1:]:
            if here[place] is None:
                break
            if id(here[place]) not in copies:
                here[place] = copy(here[place])
                copies[id(here[place])] = here[place]
            here = here[place]
            place = (
                int(part) if isinstance(here, list) else part.replace("~1", "/").replace("~0", "~")
            )
        else:
            here[place] = None
    return whole[0]
