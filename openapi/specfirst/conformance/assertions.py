"""What a contract asserts, and where; keywords that no probe covers are reported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from specfirst.contract import json_pointer
from specfirst.contract.model import Contract, Part, Schema

ANNOTATIONS = {
    "description": "prose for people; what can be checked in it stands in keywords of its own",
    "summary": "a headline for people",
    "title": "a headline for people",
    "deprecated": "advice for those who read or generate; its dates are checked",
    "x-internal": "whom a server is for, for people and linters",
    "x-enum-varnames": "what generated code calls the values of an enum; the linter counts them",
}
"""Keywords that promise nothing that a client could measure, and why."""

ABOUT = {
    "/openapi": "the language of the document; its reader checks it",
    "/info": "about the document: its name, version, licence and prose",
    "/tags": "names of groups with prose; each operation's own tag is checked",
}
"""Parts of a document that promise nothing that a client could measure, and why."""


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """Something that the contract asserts, and a probe that yields how the service differs."""

    pointer: str
    operation: str
    """The id of the operation through which the service is asked."""
    probe: Callable[[], Iterator[str]]
    gates: frozenset[str] = frozenset()
    """Pointers of assertions that have to hold before this one can be probed: that there is such a
    parameter.
    """


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A place of the contract that the service contradicts."""

    pointer: str
    operation: str
    detail: str

    def __str__(self) -> str:
        through = f" (through {self.operation})" if self.operation else ""
        return f"{self.pointer}{through}: {self.detail}"


class Pointers:
    """The places of a contract, and which of them are tested."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._covered = set(ABOUT)

    def cover(self, *pointers: str) -> None:
        """Mark these places, and all below them, as tested."""
        self._covered.update(pointers)

    def annotations(self, pointer: str) -> None:
        """Mark the annotations of an object."""
        self.cover(*(f"{pointer}/{keyword}" for keyword in ANNOTATIONS))

    def follow(self, node: Part) -> Part:
        """Return a node, and mark the references that lead to it as tested."""
        self.cover(*(json_pointer.join(place, "$ref") for place in node.places[:-1]))
        return node

    def target(self, schema: Schema) -> Schema:
        """Return what a schema refers to, and mark its references."""
        return self.follow(schema.target)

    def uncovered(self) -> list[str]:
        """Return the largest parts of the contract in which nothing is tested."""
        return [pointer for pointer, whole in self._parts("", self.contract.document) if whole]

    def _parts(self, pointer: str, node: Any) -> Iterator[tuple[str, bool]]:
        """Yield the parts that are not tested; the node itself where nothing in it is."""
        if pointer in self._covered:
            return
        properties = list(
            enumerate(node)
            if isinstance(node, list)
            else node.items()
            if isinstance(node, dict)
            else ()
        )
        inner = {
            each: list(self._parts(each, value)) for each, value in _below(pointer, properties)
        }
        if pointer and all((each, True) in found for each, found in inner.items()):
            yield pointer, True
            return
        for found in inner.values():
            yield from found


def _below(pointer: str, properties: list[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in properties:
        yield json_pointer.join(pointer, name), value
