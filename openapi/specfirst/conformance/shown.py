"""The examples of a contract, where each is, and whether they agree with each other."""

import re
from collections.abc import Iterator
from typing import Any

from specfirst.conformance.assertions import Finding, Pointers
from specfirst.conformance.interactions import Service
from specfirst.conformance.response_probes import inside
from specfirst.contract.model import Example, Header, MediaType, Node, Operation, Parameter, Schema


def shown(pointers: Pointers, node: Parameter | Header | MediaType | Schema) -> list[Example]:
    """Return the examples of a node, and the default of a schema."""
    if isinstance(node, Schema):
        default = (
            [Example(pointer=f"{node.pointer}/default", value=node.raw["default"])]
            if "default" in node.raw
            else []
        )
        return [*node.examples, *default]
    for each in node.children(Node, "examples").values():
        pointers.annotations(pointers.follow(each).pointer)
    return list(node.examples)


def path_of(operation: Operation, problem: Any) -> dict[str, Any] | None:
    """Return the path parameters of a problem; None if its path is another operation's."""
    instance = problem.get("instance") if isinstance(problem, dict) else None
    found = operation.pattern.fullmatch(instance) if isinstance(instance, str) else None
    return (
        dict(zip(re.findall(r"\{(.+?)\}", operation.path), found.groups(), strict=True))
        if found
        else None
    )


def wrong_instances(pointers: Pointers, service: Service) -> Iterator[Finding]:
    """Yield the problems that are about a path of none of the operations that show them."""
    found: dict[str, list[tuple[Operation, Any]]] = {}
    for operation in service.operations.values():
        for _, example in _of_answers(pointers, operation):
            if isinstance(example.value, dict) and "instance" in example.value:
                found.setdefault(example.pointer, []).append((operation, example.value))
    for pointer, uses in found.items():
        if all(path_of(*use) is None for use in uses):
            detail = (
                f"{uses[0][1]['instance']} is the path of none of "
                f"{', '.join(each.id for each, _ in uses)}"
            )
            yield Finding(pointer=pointer, operation=uses[0][0].id, detail=detail)


def wrong_properties(pointers: Pointers, service: Service) -> Iterator[Finding]:
    """Yield the examples of schemas for which each example of an answer has another value.

    What no example of an answer has, an optional property, says nothing about its own example.
    """
    for schema, (operation, values) in _values(pointers, service).items():
        for example in shown(pointers, schema):
            if example.value not in values:
                detail = f"no example of an answer shows {example.value!r} there"
                yield Finding(pointer=example.pointer, operation=operation, detail=detail)


def _values(pointers: Pointers, service: Service) -> dict[Schema, tuple[str, list[Any]]]:
    """Return the example values of responses at each schema, with the first operation."""
    found: dict[str, tuple[Schema, str, list[Any]]] = {}
    for operation in service.operations.values():
        for schema, example in _of_answers(pointers, operation):
            for each, value in _reached(pointers, schema, example.value) if schema else ():
                found.setdefault(each.pointer, (each, operation.id, []))[2].append(value)
    return {schema: (operation, values) for schema, operation, values in found.values()}


def _of_answers(
    pointers: Pointers, operation: Operation
) -> Iterator[tuple[Schema | None, Example]]:
    """Yield the examples of what an operation answers, each with its schema."""
    for response in operation.responses.values():
        for media in pointers.follow(response).content.values():
            yield from ((media.schema, each) for each in shown(pointers, media))


def _reached(pointers: Pointers, schema: Schema, value: Any) -> Iterator[tuple[Schema, Any]]:
    """Yield the schema of a value with it, and those of what is inside of it."""
    target = pointers.target(schema)
    yield target, value
    for inner, each in inside(target, value):
        yield from _reached(pointers, inner, each)
