"""The document: reading it, and following its references."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Document = dict[str, Any]

_VALUES = ("default", "enum", "const", "example", "examples")  # data, in which $ref means nothing


class Refused(Exception):
    """Something in the document cannot be served: the JSON Pointer, what is wrong, what to do."""


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML as JSON has it: a time stays the text that it is."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> Document:
    """Read an OpenAPI document in YAML or JSON. Raises `Refused`."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise Refused(f"cannot be read: {reason}") from None
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith(("3.0", "3.1")):
        raise Refused("/openapi: this is no OpenAPI 3 document; say `openapi: 3.1.0`")
    check_references(document, document)
    return document


def check_references(document: Document, node: object, pointer: str = "") -> None:
    """Raise `Refused` for the first reference that leads out of the document, or nowhere."""
    members = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    for name, member in members:
        place = f"{pointer}/{escaped(str(name))}"
        if name == "$ref" and isinstance(member, str):
            if not member.startswith("#/"):
                raise Refused(f"{place}: {member} is outside of the document; move it under /components")
            if target(document, member) is None:
                raise Refused(f"{place}: {member} leads nowhere; add what it names, or mend the reference")
        elif name not in _VALUES or pointer.endswith("/properties"):
            check_references(document, member, place)


def resolve(document: Document, node: Document) -> Document:
    """Return what a node refers to, or the node itself."""
    seen = []
    while isinstance(node.get("$ref"), str):
        if node["$ref"] in seen:
            raise Refused(f"{node['$ref']}: refers to itself; break the circle")
        seen.append(node["$ref"])
        node = target(document, node["$ref"]) or {}
    return node


def target(document: Document, reference: str) -> Document | None:
    """Return what stands at a reference within the document, or None."""
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        if isinstance(node, list):
            node = node[int(part)] if part.isdecimal() and int(part) < len(node) else None
        else:
            node = node.get(part, node.get(int(part)) if part.isdecimal() else None) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


def escaped(part: str) -> str:
    """Return a part of a JSON Pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield path, method and operation, in the order of the document."""
    for path, item in document.get("paths", {}).items():
        for method, operation in resolve(document, item).items():
            if method in METHODS:
                yield path, method, operation
