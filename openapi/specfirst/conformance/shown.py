"""What a document shows: its examples, where each stands, and whether they agree with each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specfirst.conformance.answers import inside
from specfirst.conformance.claims import Finding, Pointers
from specfirst.conformance.exchanges import Operation, Service
from specfirst.contract.document import escaped


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example, and where it stands."""

    pointer: str
    value: Any
    name: str | None = None
    """Examples of one name belong together."""


def shown(pointers: Pointers, pointer: str) -> list[Example]:
    """Return the examples of a parameter, a header, a media type or a schema, and the default of a schema."""
    real, node = pointers.at(pointer)
    found = [Example(pointer=f"{real}/{word}", value=node[word]) for word in ("example", "default") if word in node]
    examples = node.get("examples", {})
    if isinstance(examples, list):
        return [Example(pointer=f"{real}/examples/{index}", value=each) for index, each in enumerate(examples)] + found
    for name in examples:
        at, each = pointers.at(f"{real}/examples/{escaped(name)}")
        pointers.annotations(at)
        found.append(Example(pointer=f"{at}/value", value=each.get("value"), name=name))
    return found


def path_of(operation: Operation, problem: Any) -> dict[str, Any] | None:
    """Return the parameters of the path that a problem is about, or None where it is the path of another operation."""
    instance = problem.get("instance") if isinstance(problem, dict) else None
    names = re.findall(r"\{(.+?)\}", operation.path)
    pattern = "([^/]+)".join(map(re.escape, re.split(r"\{.+?\}", operation.path)))
    found = re.fullmatch(pattern, instance) if isinstance(instance, str) else None
    return dict(zip(names, found.groups(), strict=True)) if found else None


def wrong_instances(pointers: Pointers, service: Service) -> Iterator[Finding]:
    """Yield the problems that are about a path of none of the operations that show them."""
    found: dict[str, list[tuple[Operation, Any]]] = {}
    for operation in service.operations.values():
        for _, example in _of_answers(pointers, operation):
            if isinstance(example.value, dict) and "instance" in example.value:
                found.setdefault(example.pointer, []).append((operation, example.value))
    for pointer, uses in found.items():
        if all(path_of(*use) is None for use in uses):
            detail = f"{uses[0][1]['instance']} is the path of none of {', '.join(each.id for each, _ in uses)}"
            yield Finding(pointer=pointer, operation=uses[0][0].id, detail=detail)


def wrong_members(pointers: Pointers, service: Service) -> Iterator[Finding]:
    """Yield the examples of schemas for which each example of an answer has another value.

    What no example of an answer has, an optional property, says nothing about its own example.
    """
    for schema, (operation, values) in _values(pointers, service).items():
        for example in shown(pointers, schema):
            if example.value not in values:
                detail = f"no example of an answer shows {example.value!r} there"
                yield Finding(pointer=example.pointer, operation=operation, detail=detail)


def _values(pointers: Pointers, service: Service) -> dict[str, tuple[str, list[Any]]]:
    """Return what the examples of answers have at each schema, and the first operation that has it."""
    found: dict[str, tuple[str, list[Any]]] = {}
    for operation in service.operations.values():
        for pointer, example in _of_answers(pointers, operation):
            for schema, value in _inside(pointers, pointer, example.value):
                found.setdefault(schema, (operation.id, []))[1].append(value)
    return found


def _of_answers(pointers: Pointers, operation: Operation) -> Iterator[tuple[str, Example]]:
    """Yield the examples of what an operation answers, each with the pointer of its schema."""
    for status in operation.node["responses"]:
        pointer, response = pointers.at(f"{operation.pointer}/responses/{status}")
        for media_type, media in response.get("content", {}).items():
            at = f"{pointer}/content/{escaped(media_type)}"
            yield from ((f"{at}/schema", each) for each in shown(pointers, at) if "schema" in media)


def _inside(pointers: Pointers, pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the schema of a value with it, and those of what is inside of it."""
    real, schema = pointers.at(pointer)
    yield real, value
    for inner, each in inside(real, schema, value):
        yield from _inside(pointers, inner, each)
