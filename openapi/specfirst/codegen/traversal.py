"""The schemas of the document that becomes the canonical form: JSON to be changed, unlike the contract's."""

from collections.abc import Callable, Iterator
from typing import Any

from specfirst.contract import schemas
from specfirst.contract.model import JSON, Contract

Document = dict[str, Any]
Schema = dict[str, Any]

INLINE = "x-inline"  # marks the schemas that the document does not name itself

# The keywords whose schemas become Python types; what stands under others is not checked.
_OF_VALUES = ("properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf")


def each_schema(document: Document, change: Callable[[Schema], None]) -> None:
    """Apply `change` to every schema of the document, inner ones first."""
    contract = Contract(document)
    for schema in list(contract.schemas(keywords=())):
        deep(contract.get(schema.place), change)


def deep(schema: Schema, change: Callable[[Schema], None]) -> None:
    """Apply `change` to a schema and those inside of it, inner ones first."""
    for part in parts(schema):
        deep(part, change)
    change(schema)


def parts(schema: JSON) -> Iterator[Schema]:
    """Yield the schemas directly inside of a schema."""
    yield from (part for _, part in schemas.subschemas(schema, _OF_VALUES) if isinstance(part, dict))


def reference(name: str) -> str:
    """Return the reference to a schema with a name."""
    return f"#/components/schemas/{name}"


def referred(schema: JSON) -> str:
    """Return the name of the schema that a schema refers to, empty where it refers to none."""
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def references(schema: JSON) -> Iterator[str]:
    """Yield the names of the schemas that a schema refers to."""
    if "$ref" in schema:
        yield referred(schema)
    for part in parts(schema):
        yield from references(part)
