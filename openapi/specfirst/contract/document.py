"""The document as it was handled before `specfirst.contract.model`: what has not been moved to that uses this."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from specfirst.contract import json_pointer, reading
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import METHODS

Document = dict[str, Any]


def read(path: Path) -> Document:
    """Read an OpenAPI document in YAML or JSON. Raises `UnsupportedContract`."""
    return reading.load(path)


def resolve(document: Document, node: Document) -> Document:
    """Return what a node refers to, or the node itself."""
    seen = []
    while isinstance(node.get("$ref"), str):
        if node["$ref"] in seen:
            raise UnsupportedContract(f"{node['$ref']}: refers to itself; break the circle")
        seen.append(node["$ref"])
        node = target(document, node["$ref"]) or {}
    return node


def target(document: Document, reference: str) -> Document | None:
    """Return what stands at a reference within the document, or None."""
    node: Any = document
    for part in steps(reference):
        if isinstance(node, list):
            node = node[int(part)] if part.isdecimal() and int(part) < len(node) else None
        else:
            node = node.get(part) if isinstance(node, dict) else None
    if isinstance(node, bool):  # a schema that takes anything, or nothing
        return {} if node else {"not": {}}
    return node if isinstance(node, dict) else None


def steps(reference: str) -> list[str]:
    """Return the tokens of a JSON Pointer in a fragment."""
    return list(json_pointer.parse(json_pointer.from_fragment(reference)))


def escaped(part: str) -> str:
    """Return a token of a JSON Pointer."""
    return json_pointer.escape(part)


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield path, method and operation, in the order of the document; its path items are no references any more."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def followed(document: Document, pointer: str, node: Document) -> tuple[str, Document]:
    """Return a node of the document with its pointer, or those of what it refers to."""
    while isinstance(node.get("$ref"), str):
        pointer = node["$ref"].removeprefix("#")
        node = resolve(document, {"$ref": node["$ref"]})
    return pointer, node
