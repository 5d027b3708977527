"""What a contract asserts, and where: a walk that marks each keyword that has a counterpart."""

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
    "x-enum-varnames": "what generated code calls the values of an enum; the linter counts them",
}
"""Keywords that promise nothing that a client could measure, and why."""

ABOUT = {
    "/openapi": "the language of the document; whoever reads it checks it",
    "/info": "about the document: its name, version, licence and prose",
    "/tags": "names of groups with prose; each operation's own tag is checked",
}
"""Parts of a document that promise nothing that a client could measure, and why."""


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """Something that a document says, and a probe: it yields what is wrong, nothing where the service does it."""

    pointer: str
    operation: str
    """The id of the operation through which the service is asked."""
    probe: Callable[[], Iterator[str]]
    gates: frozenset[str] = frozenset()
    """Pointers of assertions without which this one cannot be told: that the service has such a parameter, say."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A place of the document that is not true."""

    pointer: str
    operation: str
    detail: str

    def __str__(self) -> str:
        through = f" (through {self.operation})" if self.operation else ""
        return f"{self.pointer}{through}: {self.detail}"


class Pointers:
    """The places of a contract, and which of them have a counterpart."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._covered = set(ABOUT)

    def cover(self, *pointers: str) -> None:
        """Mark that what stands at these places, and below them, has a counterpart."""
        self._covered.update(pointers)

    def annotations(self, pointer: str) -> None:
        """Mark the annotations of an object."""
        self.cover(*(f"{pointer}/{keyword}" for keyword in ANNOTATIONS))

    def follow(self, node: Part) -> Part:
        """Return a node, and mark the references through which it is used: who asks about it follows them."""
        self.cover(*(json_pointer.join(place, "$ref") for place in node.places[:-1]))
        return node

    def target(self, schema: Schema) -> Schema:
        """Return what a schema refers to, and mark its references."""
        return self.follow(schema.target)

    def uncovered(self) -> list[str]:
        """Return the largest parts of the document in which nothing has a counterpart."""
        return [pointer for pointer, whole in self._parts("", self.contract.document) if whole]

    def _parts(self, pointer: str, node: Any) -> Iterator[tuple[str, bool]]:
        """Yield the parts without a counterpart; the node itself where all of it has none."""
        if pointer in self._covered:
            return
        properties = list(enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ())
        inner = {each: list(self._parts(each, value)) for each, value in _below(pointer, properties)}
        if pointer and all((each, True) in found for each, found in inner.items()):
            yield pointer, True
            return
        for found in inner.values():
            yield from found


def _below(pointer: str, properties: list[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in properties:
        yield json_pointer.join(pointer, name), value
