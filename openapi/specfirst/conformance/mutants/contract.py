"""What mutants need to know of a document: its operations, their parameters, bodies, responses and properties."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from specfirst.conformance.mutants.exchange import Response
from specfirst.contract.document import Document, escaped, operations, resolve

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of a body, or an item of a list in it, and where it stands."""

    steps: Steps
    schema: Document
    is_required: bool

    @property
    def pointer(self) -> str:
        """The JSON Pointer below the exchange: `/body/items/0/id`."""
        return _pointer(self.steps)

    @property
    def types(self) -> frozenset[str]:
        """The JSON types that it may have; none where the schema does not say."""
        return types(self.schema)

    @property
    def is_text(self) -> bool:
        """Whether it is text that people write."""
        return "string" in self.types and not self.schema.keys() & {"enum", "const", "format"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    part: str
    """Where it stands: `path`, `query`, `header`."""
    is_required: bool
    schema: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBody:
    """What an operation takes as its body."""

    is_required: bool
    media_types: tuple[str, ...]
    schema: Document
    whole: Document
    """The schema with all that it refers to."""
    example: Any
    objects: tuple[tuple[str, Steps, Document], ...]
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDescription:
    """A response of an operation."""

    status: int
    reference: str | None
    """The component that it is, where operations share it."""
    headers: dict[str, Document]
    """The schemas of its headers."""
    media_types: tuple[str, ...]
    example: Any
    objects: tuple[tuple[str, Steps], ...]
    properties: tuple[Property, ...]

    @property
    def shown(self) -> tuple[Property, ...]:
        """The properties that its example has; all of them where there is none."""
        return tuple(each for each in self.properties if self.example is None or _has(self.example, each.steps))

    @property
    def shown_objects(self) -> tuple[tuple[str, Steps], ...]:
        """The objects that its example has; all of them where there is none."""
        return tuple(each for each in self.objects if self.example is None or _has(self.example, each[1]))


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation of a document."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: tuple[ResponseDescription, ...]
    siblings: frozenset[str] = field(default_factory=frozenset)
    """The methods of the other operations on its path."""

    def success(self) -> Response | None:
        """Return the documented example of its success."""
        for each in self.responses:
            if each.status < 300:
                media_type = next(iter(each.media_types), None)
                headers = [("content-type", media_type)] if media_type else []
                body = b"" if each.example is None else json.dumps(each.example).encode()
                return Response(status=each.status, headers=tuple(headers), body=body)
        return None

    def cursors(self, response: ResponseDescription) -> Iterator[tuple[str, str]]:
        """Yield the properties that hold the next value of a parameter, and that parameter."""
        for each in response.properties:
            for parameter in self.parameters:
                if len(each.steps) == 1 and each.steps[0] == f"next_{parameter.name}":
                    yield str(each.steps[0]), parameter.name


class Contract:
    """The operations of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations, in the order of the document."""
        return tuple(self._operation(path, method, node) for path, method, node in operations(self._document))

    def users(self, response: ResponseDescription) -> list[str]:
        """Return the ids of the operations that share a response."""
        return [
            each.id
            for each in self.operations
            if any(
                other is response or (other.reference and other.reference == response.reference)
                for other in each.responses
            )
        ]

    def _operation(self, path: str, method: str, node: Document) -> Operation:
        item = self._document["paths"][path]
        parameters = [
            resolve(self._document, each) for each in [*item.get("parameters", []), *node.get("parameters", [])]
        ]
        return Operation(
            id=str(node.get("operationId", f"{method} {path}")),
            method=method.upper(),
            path=path,
            parameters=tuple(self._parameter(each) for each in parameters if "schema" in each),
            body=self._body(resolve(self._document, node["requestBody"])) if "requestBody" in node else None,
            responses=tuple(self._responses(node)),
            siblings=frozenset(
                each.upper() for _, each, other in operations({"paths": {path: item}}) if other is not node
            ),
        )

    def _parameter(self, node: Document) -> Parameter:
        return Parameter(
            name=node["name"],
            part=node["in"],
            is_required=bool(node.get("required")),
            schema=self._merged(node["schema"]),
        )

    def _body(self, node: Document) -> RequestBody | None:
        content = {name: each for name, each in node.get("content", {}).items() if "json" in name}
        if not content:
            return None
        media: Document = next(iter(content.values()))
        schema = media.get("schema", {})
        return RequestBody(
            is_required=bool(node.get("required")),
            media_types=tuple(content),
            schema=self._merged(schema),
            whole=schema | {"components": self._document.get("components", {})},
            example=_example(media),
            objects=tuple(self._objects(schema, ())),
            properties=tuple(self._properties(schema, ())),
        )

    def _responses(self, node: Document) -> Iterator[ResponseDescription]:
        for status, each in node.get("responses", {}).items():
            if not str(status).isdecimal():
                continue
            response = resolve(self._document, each)
            content = response.get("content", {})
            media: Document = next((value for name, value in content.items() if "json" in name), {})
            headers = {name: resolve(self._document, header) for name, header in response.get("headers", {}).items()}
            schema = media.get("schema", {})
            yield ResponseDescription(
                status=int(status),
                reference=each.get("$ref"),
                headers={name: self._merged(header.get("schema", {})) for name, header in headers.items()},
                media_types=tuple(content),
                example=_example(media),
                objects=tuple((pointer, steps) for pointer, steps, _ in self._objects(schema, ())),
                properties=tuple(self._properties(schema, ())),
            )

    def _merged(self, schema: Any) -> Document:
        """Return a schema without reference, with what its `allOf` say, and the properties of its alternatives."""
        if not isinstance(schema, dict):
            return {}
        node = resolve(self._document, schema)
        parts = [self._merged(each) for word in ("allOf", "oneOf", "anyOf") for each in node.get(word, [])]
        merged: Document = {}
        for each in [*parts, node]:
            properties = merged.get("properties", {}) | each.get("properties", {})
            required = [*merged.get("required", []), *each.get("required", [])]
            merged |= each
            merged |= {"properties": properties} if properties else {}
            merged |= {"required": required} if required else {}
        return merged

    def _objects(self, schema: Any, steps: Steps, depth: int = 0) -> Iterator[tuple[str, Steps, Document]]:
        node = self._merged(schema)
        if "properties" in node:
            yield _pointer(steps), steps, node
        for below, each in self._below(node, steps, depth):
            yield from self._objects(each, below, depth + 1)

    def _properties(self, schema: Any, steps: Steps, depth: int = 0) -> Iterator[Property]:
        node = self._merged(schema)
        for below, each in self._below(node, steps, depth):
            required = below[-1] in node.get("required", []) or isinstance(below[-1], int)
            yield Property(steps=below, schema=self._merged(each), is_required=required)
            yield from self._properties(each, below, depth + 1)

    def _below(self, node: Document, steps: Steps, depth: int) -> Iterator[tuple[Steps, Any]]:
        if depth > 5:  # a schema may contain itself
            return
        for name, each in node.get("properties", {}).items():
            yield (*steps, name), each
        if "items" in node:
            yield (*steps, 0), node["items"]


def types(schema: Document) -> frozenset[str]:
    """Return the JSON types that a schema names."""
    said = schema.get("type", [])
    return frozenset([said] if isinstance(said, str) else said)


def value_of(schema: Document) -> Any:
    """Return some value that a schema takes: an example, the default, or the smallest."""
    for word in ("examples", "enum"):
        if schema.get(word):
            return schema[word][0]
    for word in ("example", "default", "const"):
        if word in schema:
            return schema[word]
    smallest = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": False}
    smallest |= {"string": "x" * schema.get("minLength", 1), "array": [], "object": {}, "null": None}
    return next((smallest[each] for each in smallest if each in types(schema)), "x")


def _has(value: Any, steps: Steps) -> bool:
    for step in steps:
        is_there = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
        if not is_there:
            return False
        value = value[step]
    return True


def _example(media: Document) -> Any:
    named = [each["value"] for each in media.get("examples", {}).values() if "value" in each]
    return media.get("example", named[0] if named else None)


def _pointer(steps: Steps) -> str:
    return "/body" + "".join(f"/{escaped(str(step))}" for step in steps)
