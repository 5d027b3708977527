"""Traversal of the schemas in the mutable copy of a document that becomes its canonical form."""

from collections.abc import Callable, Iterator
from typing import Any

from specfirst.contract import schemas
from specfirst.contract.model import JSON, Contract

Document = dict[str, Any]
Schema = dict[str, Any]

INLINE = "x-inline"  # marks schemas that have no name in the document

SUBTYPES = "x-subtypes"  # the discriminator of a schema that others are made of
CHECKS = "x-checks"  # what Pydantic cannot say of a schema, as schemas in JSON
BASE = "x-base"  # the schema with a discriminator that one is made of

# Only these keywords become Python types. The generated code does not check the others.
_OF_VALUES = ("properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf")


def each_schema(document: Document, change: Callable[[Schema], None]) -> None:
    """Apply `change` to every schema of the document, innermost first."""
    contract = Contract(document)
    for schema in list(contract.schemas(keywords=())):
        deep(contract.get(schema.place), change)


def deep(schema: Schema, change: Callable[[Schema], None]) -> None:
    """Apply `change` to a schema and its subschemas, innermost first."""
    for part in parts(schema):
        deep(part, change)
    change(schema)


def parts(schema: JSON) -> Iterator[Schema]:
    """Yield the direct subschemas of a schema."""
    # A boolean has nothing to change or to visit.
    yield from (
        part for _, part in schemas.subschemas(schema, _OF_VALUES) if isinstance(part, dict)
    )


def reference(name: str) -> str:
    """Return the `$ref` of a named schema."""
    return f"#/components/schemas/{name}"


def name_in(reference: str) -> str:
    """Return the name of the schema that a reference, or a name by itself, points to."""
    return reference.rsplit("/", 1)[-1]


def referred(schema: JSON) -> str:
    """Return the name of the schema that a `$ref` points to, empty without a `$ref`."""
    return name_in(str(schema.get("$ref", "")))


def options_of(schema: JSON) -> list[JSON]:
    """Return the schemas of a union."""
    return [*schema.get("oneOf", ()), *schema.get("anyOf", ())]


def references(schema: JSON) -> Iterator[str]:
    """Yield the names of all schemas that a schema refers to, nested ones included."""
    if "$ref" in schema:
        yield referred(schema)
    for part in parts(schema):
        yield from references(part)
