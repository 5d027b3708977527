"""What a document claims, and where: a walk that marks each word that has a counterpart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from specfirst.contract.document import Document, escaped, steps

ANNOTATIONS = {
    "description": "prose for people; what can be checked in it stands in words of its own",
    "summary": "a headline for people",
    "title": "a headline for people",
    "deprecated": "advice for those who read or generate; its dates are checked",
    "x-enum-varnames": "what generated code calls the values of an enum; the linter counts them",
}
"""Words that promise nothing that a client could measure, and why."""

ABOUT = {
    "/openapi": "the language of the document; whoever reads it checks it",
    "/info": "about the document: its name, version, licence and prose",
    "/tags": "names of groups with prose; each operation's own tag is checked",
}
"""Parts of a document that promise nothing that a client could measure, and why."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Something that a document says, and a probe: it yields what is wrong, nothing where the service does it."""

    pointer: str
    operation: str
    """The id of the operation through which the service is asked."""
    probe: Callable[[], Iterator[str]]
    gates: frozenset[str] = frozenset()
    """Pointers of claims without which this one cannot be told: that the service has such a parameter, say."""


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
    """The places of a document, and which of them have a counterpart."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._covered = set(ABOUT)
        self._targets: dict[str, tuple[str, Any]] = {}

    def cover(self, *pointers: str) -> None:
        """Mark that what stands at these places, and below them, has a counterpart."""
        self._covered.update(pointers)

    def annotations(self, pointer: str) -> None:
        """Mark the annotations of an object."""
        self.cover(*(f"{pointer}/{word}" for word in ANNOTATIONS))

    def at(self, pointer: str) -> tuple[str, Any]:
        """Return the real place of what stands at a pointer, references followed, and what stands there."""
        if pointer not in self._targets:
            self._targets[pointer] = self._follow(pointer)
        return self._targets[pointer]

    def uncovered(self) -> list[str]:
        """Return the largest parts of the document in which nothing has a counterpart."""
        return [pointer for pointer, whole in self._parts("", self.document) if whole]

    def _follow(self, pointer: str) -> tuple[str, Any]:
        node = self._get(pointer)
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            self.cover(f"{pointer}/$ref")
            pointer = "/" + "/".join(map(escaped, steps(node["$ref"])))
            node = self._get(pointer)
        return pointer, node

    def _get(self, pointer: str) -> Any:
        node: Any = self.document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node

    def _parts(self, pointer: str, node: Any) -> Iterator[tuple[str, bool]]:
        """Yield the parts without a counterpart; the node itself where all of it has none."""
        if pointer in self._covered:
            return
        members = list(enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ())
        inner = {each: list(self._parts(each, value)) for each, value in _below(pointer, members)}
        if pointer and all((each, True) in found for each, found in inner.items()):
            yield pointer, True
            return
        for found in inner.values():
            yield from found


def _below(pointer: str, members: list[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in members:
        yield f"{pointer}/{escaped(str(name))}", value
