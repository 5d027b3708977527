"""The objects and properties of bodies, each with its schema, and values that fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specfirst.contract import json_pointer
from specfirst.contract.all_of import merge, parts
from specfirst.contract.model import MediaType, Operation, RequestBody, Response, Schema

Keywords = dict[str, Any]
"""What a schema says, without references."""

Steps = tuple[str | int, ...]
"""The way to a value in a body: names of properties, and numbers of items."""

_DEEPEST = 6  # a schema may contain itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of a body, or the first item of a list in it."""

    steps: Steps
    keywords: Keywords
    is_required: bool

    @property
    def pointer(self) -> str:
        """The JSON Pointer below the exchange: `/body/items/0/id`."""
        return body_pointer(self.steps)

    @property
    def has_name(self) -> bool:
        """Whether it is a property, and not an item."""
        return isinstance(self.steps[-1], str)

    @property
    def types(self) -> frozenset[str]:
        """The JSON types that it may have; none where the schema does not say."""
        return types(self.keywords)

    @property
    def is_text(self) -> bool:
        """Whether it is text that people write."""
        return "string" in self.types and not self.keywords.keys() & {"enum", "const", "format"}


def properties(schema: Schema | None) -> list[Property]:
    """Return the properties of a body, inner ones after outer ones."""
    return list(_properties(schema, ())) if schema else []


def objects(schema: Schema | None) -> list[tuple[Steps, Keywords]]:
    """Return the objects of a body that name their properties."""
    return list(_objects(schema, ())) if schema else []


def keywords(schema: Schema) -> Keywords:
    """Return the keywords of a schema and its `allOf`, with all alternatives' properties."""
    alternatives = [keywords(each) for each in schema.target.subschemas(("anyOf", "oneOf"))]
    found = [part for _, part in parts(schema.contract, schema.pointer, schema.raw)]
    whole: Keywords = {}
    for each in (*alternatives, *reversed(found)):  # what is nearest, last: it wins
        merge(whole, each)
    return whole


def json_content(holder: RequestBody | Response) -> MediaType | None:
    """Return the first media type of a body that is JSON, if there is one."""
    return next((media for name, media in holder.content.items() if "json" in name), None)


def example_of(holder: RequestBody | Response) -> Any:
    """Return the first example of a JSON body; None without one."""
    media = json_content(holder)
    return media.examples[0].value if media and media.examples else None


def success_of(operation: Operation) -> Response | None:
    """Return the first response of an operation that is a success."""
    return next(
        (each for status, each in operation.responses.items() if status.startswith("2")), None
    )


def status_of(response: Response) -> int | None:
    """Return the status of a response; None for a range, and for `default`."""
    return int(response.status) if response.status.isdecimal() else None


def types(said: Keywords) -> frozenset[str]:
    """Return the JSON types that a schema names."""
    kinds = said.get("type", [])
    return frozenset([kinds] if isinstance(kinds, str) else kinds)


def value_of(said: Keywords) -> Any:
    """Return some value that a schema takes: an example, the default, or the smallest."""
    for keyword in ("examples", "enum"):
        if said.get(keyword):
            return said[keyword][0]
    for keyword in ("example", "default", "const"):
        if keyword in said:
            return said[keyword]
    smallest = {
        "integer": said.get("minimum", 1),
        "number": said.get("minimum", 1),
        "boolean": False,
    }
    smallest |= {"string": "x" * said.get("minLength", 1), "array": [], "object": {}, "null": None}
    return next((value for kind, value in smallest.items() if kind in types(said)), "x")


def has(value: Any, steps: Steps) -> bool:
    """Tell whether something stands at these steps."""
    for step in steps:
        is_there = (
            step in value
            if isinstance(value, dict)
            else isinstance(value, list) and step in range(len(value))
        )
        if not is_there:
            return False
        value = value[step]
    return True


def body_pointer(steps: Steps) -> str:
    """Return the JSON Pointer of what stands at these steps in a body, below the exchange."""
    return json_pointer.join("/body", *steps)


def _properties(schema: Schema, steps: Steps) -> Iterator[Property]:
    required = keywords(schema).get("required", [])
    for below, each in _inner(schema, steps):
        is_required = isinstance(below[-1], int) or below[-1] in required
        yield Property(steps=below, keywords=keywords(each), is_required=is_required)
        yield from _properties(each, below)


def _objects(schema: Schema, steps: Steps) -> Iterator[tuple[Steps, Keywords]]:
    said = keywords(schema)
    if "properties" in said:
        yield steps, said
    for below, each in _inner(schema, steps):
        yield from _objects(each, below)


def _inner(schema: Schema, steps: Steps) -> list[tuple[Steps, Schema]]:
    """Return the schemas directly below a value: of its properties, each once, and of its items."""
    if len(steps) > _DEEPEST:
        return []
    target = schema.target
    found: dict[Steps, Schema] = {}
    for part in target.subschemas(("allOf", "anyOf", "oneOf")):
        found |= dict(_inner(part, steps))
    found |= {(*steps, name): each for name, each in target.properties.items()}
    found |= {(*steps, 0): target.items} if target.items else {}
    return list(found.items())
