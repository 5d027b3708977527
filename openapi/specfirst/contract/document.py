"""The document: reading it, and following its references."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Document = dict[str, Any]

_VALUES = ("default", "enum", "const", "example", "examples")  # data, in which $ref means nothing


class Refused(Exception):
    """Something in the document cannot be served: the JSON Pointer, what is wrong, what to do."""


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML 1.2 as JSON has it (OpenAPI 3.1, section 4.3): `no`, 12:30 and a date stay the text that they are."""


_SCALARS = {"bool": r"true|True|TRUE|false|False|FALSE", "int": r"[-+]?(0|[1-9][0-9]*)"}
_SCALARS |= {"float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "null": r"~|null|Null|NULL|"}
_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("<<"), "<")
for _tag, _pattern in _SCALARS.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^({_pattern})$"), None)


def read(path: Path) -> Document:
    """Read an OpenAPI document in YAML or JSON. Raises `Refused`."""
    try:
        document = _parsed(path.read_text(encoding="utf-8-sig"))
    except (OSError, TypeError, ValueError, yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise Refused(f"cannot be read: {reason}") from None
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith(("3.0", "3.1")):
        raise Refused("/openapi: this is no OpenAPI 3 document; say `openapi: 3.1.0`")
    check_references(document, document)
    return document


def _parsed(text: str) -> Any:
    """Return the data of a text; what YAML repeats by its anchors stands at each place of its own."""
    if text.lstrip().startswith("{"):
        try:
            return _said(json.loads(text))
        except ValueError:
            pass  # YAML may begin with a brace as well
    return _said(json.loads(json.dumps(yaml.load(text, _Loader))))


def _said(node: Any) -> Any:
    """Return a node without the members that are empty, which say nothing; data may be null."""
    if isinstance(node, list):
        return [_said(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: value for name, value in node.items() if value is not None or name in _VALUES}
    return {name: value if name in (*_VALUES, "security") else _said(value) for name, value in kept.items()}


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
    for part in steps(reference):
        if isinstance(node, list):
            node = node[int(part)] if part.isdecimal() and int(part) < len(node) else None
        else:
            node = node.get(part) if isinstance(node, dict) else None
    if isinstance(node, bool):  # a schema that takes anything, or nothing
        return {} if node else {"not": {}}
    return node if isinstance(node, dict) else None


def steps(reference: str) -> list[str]:
    """Return the parts of a JSON Pointer in a fragment (RFC 6901, section 6)."""
    parts = reference.removeprefix("#/").split("/")
    return [unquote(part).replace("~1", "/").replace("~0", "~") for part in parts]


def escaped(part: str) -> str:
    """Return a part of a JSON Pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield path, method and operation, in the order of the document; its path items are no references any more."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation
