"""Schemas of a document: where they stand, and what stands inside of them."""

from collections.abc import Callable, Iterator
from typing import Any

from specfirst.contract.document import Document, operations

Schema = dict[str, Any]

INLINE = "x-inline"  # marks the schemas that the document does not name itself

# What says something about a value, but does not bound it.
ANNOTATIONS = {"description", "title", "example", "examples", "readOnly", "writeOnly", "deprecated", "default"}


def each_schema(document: Document, change: Callable[[Schema], None]) -> None:
    """Apply `change` to every schema of the document, inner ones first."""
    schemas = document["components"].setdefault("schemas", {})
    without_booleans(schemas)
    for schema in list(schemas.values()):
        deep(schema, change)
    for holder in list(_holders(document)):
        if isinstance(holder["schema"], bool):
            holder["schema"] = {} if holder["schema"] else {"not": {}}
        deep(holder["schema"], change)


def deep(schema: Schema, change: Callable[[Schema], None]) -> None:
    """Apply `change` to a schema and those inside of it, inner ones first."""
    for part in parts(schema):
        deep(part, change)
    change(schema)


def parts(schema: Schema) -> Iterator[Schema]:
    """Yield the schemas directly inside of a schema."""
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    inner += [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, [])]
    yield from (part for part in inner if isinstance(part, dict))


def references(schema: Schema) -> Iterator[str]:
    """Yield the names of the schemas that a schema refers to."""
    if "$ref" in schema:
        yield schema["$ref"].rsplit("/", 1)[-1]
    for part in parts(schema):
        yield from references(part)


def is_plain_reference(schema: Schema) -> bool:
    """Tell whether a schema is a reference, with nothing beside it that bounds a value."""
    return "$ref" in schema and not schema.keys() - {"$ref", *ANNOTATIONS}


def without_booleans(group: Any) -> None:
    """Write the schemas `true` and `false` of a list or an object as the objects that mean the same."""
    places = group.items() if isinstance(group, dict) else enumerate(group or [])
    for place, part in list(places):
        if isinstance(part, bool):
            group[place] = {} if part else {"not": {}}


def _holders(document: Document) -> Iterator[Document]:
    """Yield each object of the document that holds a schema: media types, parameters, headers."""
    components = document["components"]
    shared = [components.get(kind, {}).values() for kind in ("parameters", "requestBodies", "responses", "headers")]
    nodes = [node for kind in shared for node in kind]
    for path, _, operation in operations(document):
        nodes += [*document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
        nodes.append(operation.get("requestBody", {}))
        nodes += operation.get("responses", {}).values()
    for node in nodes:
        if "schema" in node:
            yield node
        yield from (media for media in (node.get("content") or {}).values() if "schema" in media)
        yield from (header for header in (node.get("headers") or {}).values() if "schema" in header)
