"""The keywords of JSON Schema that hold schemas, and the one traversal over them."""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum, auto
from typing import Any


class Shape(Enum):
    """How a keyword holds schemas."""

    ONE = auto()
    LIST = auto()
    MAP = auto()


APPLICATORS = {
    "properties": Shape.MAP,
    "items": Shape.ONE,
    "additionalProperties": Shape.ONE,
    "allOf": Shape.LIST,
    "anyOf": Shape.LIST,
    "oneOf": Shape.LIST,
    "prefixItems": Shape.LIST,
    "patternProperties": Shape.MAP,
    "not": Shape.ONE,
    "if": Shape.ONE,
    "then": Shape.ONE,
    "else": Shape.ONE,
    "contains": Shape.ONE,
    "propertyNames": Shape.ONE,
    "dependentSchemas": Shape.MAP,
    "unevaluatedItems": Shape.ONE,
    "unevaluatedProperties": Shape.ONE,
    "$defs": Shape.MAP,
}
"""The keywords whose values are schemas (JSON Schema 2020-12, Core, sections 10 and 11), in the
order of traversal.
"""

ANNOTATIONS = frozenset(
    (
        "description",
        "title",
        "example",
        "examples",
        "readOnly",
        "writeOnly",
        "deprecated",
        "default",
    ),
)
"""The keywords that say something about a value, but do not bound it."""


def is_plain_reference(schema: Mapping[str, Any]) -> bool:
    """Tell whether a schema is a reference with nothing beside it that bounds a value."""
    return "$ref" in schema and not schema.keys() - {"$ref", *ANNOTATIONS}


def subschemas(
    schema: Any, keywords: Collection[str] = APPLICATORS
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield the schemas directly inside a schema, with the tokens that lead to them.

    They are looked for under these keywords, in the order of `APPLICATORS`. `true` and `false` are
    schemas, too; but as values of `additionalProperties` and the like they are not yielded, because
    they are said of the schema itself.
    """
    if not isinstance(schema, dict):
        return
    for keyword, shape in APPLICATORS.items():
        value = schema.get(keyword) if keyword in keywords else None
        if shape is Shape.ONE and isinstance(value, dict):
            yield (keyword,), value
        elif shape is Shape.LIST and isinstance(value, list):
            yield from (((keyword, index), each) for index, each in enumerate(value))
        elif shape is Shape.MAP and isinstance(value, dict):
            yield from (((keyword, name), each) for name, each in value.items())
