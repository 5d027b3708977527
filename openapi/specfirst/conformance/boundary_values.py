"""Values on both sides of what a schema allows, and which keywords each of them breaks."""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from specfirst.conformance.strategies import TRICKY
from specfirst.contract.model import Schema
from specfirst.contract.schema_validator import SchemaValidator

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")

TEXTS = ["", "text", "1", "true", "null", "2026-01-05T09:00:00Z", "\0", "a\0b", *TRICKY]
OTHERS = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.0,
    1.5,
    2**31,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    [],
    ["text"],
    {},
    {"a": 1},
]
NOT_QUITE_INTEGERS = [
    "",
    "abc",
    "1.5",
    "1.0",
    "01",
    "+1",
    "1e1",
    "0x10",
    "true",
    "null",
    "\u0661",
    "1 ",
]
NOT_QUITE_BOOLEANS = ["", "True", "TRUE", "1", "0", "yes", "no", "on", "null", "true "]

LIMITS = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}


class Body:
    """Values in JSON."""

    _long = "a" * 500_000  # longer than any text of the contract

    def __init__(self, schema: Schema, validator: SchemaValidator) -> None:
        self.schema = schema.raw
        self._node = schema
        self._validator = validator

    def broken(self, value: Any) -> set[str]:
        """Return the keywords of the schema that a value breaks."""
        return {error.keyword for error in self._validator.errors(self._node.pointer, value)}

    def near(self, keyword: str, names: set[str]) -> list[Any]:
        """Return values on both sides of a keyword; an enum might also allow `names`."""
        if keyword in ("type", "pattern", "format"):
            return self._without_limits([*self._any(), self._long])
        return self._near(keyword, names)

    def _near(self, keyword: str, names: set[str]) -> list[Any]:
        said = self.schema[keyword]
        match keyword:
            case "minItems":
                return [self._items(count) for count in (said, said - 1) if count >= 0]
            case "maxItems":
                return [self._items(count) for count in (said, said + 1)]
            case "uniqueItems":
                return [self._items(2), self._items(1) * 2]
            case _:
                return list(_near(keyword, said, names))

    def _items(self, count: int) -> list[Any]:
        """Return an array of valid items, which are different as far as there are enough."""
        if self._node.items is None:
            return [None] * count
        inner = Body(self._node.items.target, self._validator)
        valid = {repr(each): each for each in inner.likely() if not inner.broken(each)}
        return list(islice(cycle(valid.values()), count))

    def _without_limits(self, values: list[Any]) -> list[Any]:
        """Leave out the values at limits, which the keyword of the limit is tested with."""
        limits = [
            value for keyword in self.schema.keys() & LIMITS for value in self._near(keyword, set())
        ]
        return [value for value in values if repr(value) not in set(map(repr, limits))]

    def likely(self) -> list[Any]:
        """Return values to try on an optional property, valid ones first."""
        told = [*self.schema.get("examples", []), *self.schema.get("enum", []), *self._any()]
        return sorted(told, key=lambda value: bool(self.broken(value)))

    def _any(self) -> list[Any]:
        return [*OTHERS, *TEXTS]


class Text(Body):
    """Values of a parameter, which is a text whatever its type."""

    _long = "a" * 5_000

    def broken(self, value: str) -> set[str]:
        """Return the keywords of the schema that a text breaks, once it is decoded."""
        return super().broken(self._decoded(value))

    def _near(self, keyword: str, names: set[str]) -> list[Any]:
        return [text(value) for value in super()._near(keyword, names)]

    def _any(self) -> list[Any]:
        return [text(each) for each in OTHERS if isinstance(each, int)] + {
            "integer": NOT_QUITE_INTEGERS,
            "boolean": NOT_QUITE_BOOLEANS,
        }.get(self.schema.get("type", ""), TEXTS)

    def _decoded(self, value: str) -> Any:
        kind = self.schema.get("type")
        if kind == "integer" and _INTEGER.fullmatch(value):
            return int(value)
        return {"true": True, "false": False}.get(value, value) if kind == "boolean" else value


class Segment(Text):
    """Values of a parameter in a path, where some texts would make another path."""

    def near(self, keyword: str, names: set[str]) -> list[Any]:
        """Return texts at both sides of what a keyword says."""
        return [
            each
            for each in super().near(keyword, names)
            if each not in ("", ".", "..") and "/" not in each
        ]


def text(value: Any) -> str:
    """Return a value as a parameter has it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _near(keyword: str, said: Any, names: set[str]) -> Iterator[Any]:
    match keyword:
        case "minimum":
            yield from (said, said - 1)
        case "maximum":
            yield from (said, said + 1)
        case "minLength":
            yield from ("a" * length for length in (said, said - 1) if length >= 0)
        case (
            "maxLength"
        ):  # in code points: the last letter takes four bytes in UTF-8, and two units in UTF-16
            yield from (letter * length for length in (said, said + 1) for letter in "a\U0001f469")
        case "enum":
            yield from [*said, *sorted(names - set(map(str, said)))]
        case "examples":
            yield from said
        case _:  # the default
            yield said
