"""Walks over the document that keep where each thing stands, as a JSON Pointer."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from specfirst.contract.document import Document, escaped, operations, resolve, target


class Place(NamedTuple):
    """A node of the document, where it stands."""

    pointer: str
    node: Document

    def inside(self, *parts: str) -> str:
        """Return the pointer of what is inside of the node, or as far as there is something."""
        pointer: str = self.pointer
        node: Any = self.node
        for part in parts:
            if not isinstance(node, dict) or part not in node:
                break
            pointer, node = f"{pointer}/{escaped(part)}", node[part]
        return pointer


class Operation(NamedTuple):
    """An operation: its method and path, and its place."""

    method: str
    path: str
    place: Place


class Response(NamedTuple):
    """A documented response: of which method, with which status, and its place."""

    method: str
    status: str
    place: Place


def each_operation(document: Document) -> Iterator[Operation]:
    for path, method, node in operations(document):
        yield Operation(method, path, Place(f"/paths/{escaped(path)}/{method}", node))


def each_parameter(document: Document) -> Iterator[Place]:
    for operation in each_operation(document):
        yield from parameters_of(document, operation)


def parameters_of(document: Document, operation: Operation) -> Iterator[Place]:
    path = f"/paths/{escaped(operation.path)}"
    for holder in (Place(path, document["paths"][operation.path]), operation.place):
        for index, parameter in enumerate(holder.node.get("parameters", [])):
            yield followed(document, Place(f"{holder.pointer}/parameters/{index}", parameter))


def each_body(document: Document) -> Iterator[Place]:
    for operation in each_operation(document):
        if "requestBody" in operation.place.node:
            pointer = operation.place.inside("requestBody")
            yield followed(document, Place(pointer, operation.place.node["requestBody"]))


def each_response(document: Document) -> Iterator[Response]:
    for operation in each_operation(document):
        for place in children(operation.place, "responses"):
            status = place.pointer.rpartition("/")[2]
            yield Response(operation.method, status, followed(document, place))


def each_header(document: Document) -> Iterator[Place]:
    for response in each_response(document):
        yield from (followed(document, place) for place in children(response.place, "headers"))


def each_property(document: Document) -> Iterator[Place]:
    for schema in each_schema(document):
        yield from children(schema, "properties")


def each_schema(document: Document) -> Iterator[Place]:
    """Yield each schema that an operation uses."""
    holders = [
        *each_parameter(document),
        *each_body(document),
        *(response.place for response in each_response(document)),
    ]
    for holder in holders:
        yield from schemas_of(document, holder)


def schemas_of(document: Document, holder: Place) -> Iterator[Place]:
    """Yield the schemas of a parameter, a body or a response, and all inside of them."""
    seen: set[str] = set()
    for place in [holder, *children(holder, "content")]:
        if "schema" in place.node:
            yield from _deep(document, Place(f"{place.pointer}/schema", place.node["schema"]), seen)


def _deep(document: Document, place: Place, seen: set[str]) -> Iterator[Place]:
    schema = followed(document, place)
    if schema.pointer in seen:
        return
    seen.add(schema.pointer)
    yield schema
    for word in ("items", "additionalProperties", "not"):
        if isinstance(schema.node.get(word), dict):
            yield from _deep(document, Place(f"{schema.pointer}/{word}", schema.node[word]), seen)
    for word in ("properties", "patternProperties", "allOf", "anyOf", "oneOf", "prefixItems"):
        for child in children(schema, word):
            yield from _deep(document, child, seen)


def children(place: Place, word: str) -> Iterator[Place]:
    """Yield the objects in a member of a node, a list or an object."""
    group: Any = place.node.get(word, {})
    for name, node in group.items() if isinstance(group, dict) else enumerate(group):
        if isinstance(node, dict):
            yield Place(f"{place.pointer}/{word}/{escaped(str(name))}", node)


def followed(document: Document, place: Place) -> Place:
    """Return the place that a node refers to, or its own. Raises `UnsupportedContract` for a circle."""
    resolve(document, place.node)
    pointer, node = place
    while isinstance(node.get("$ref"), str):
        pointer, node = node["$ref"].removeprefix("#"), target(document, node["$ref"]) or {}
    return Place(pointer, node)
