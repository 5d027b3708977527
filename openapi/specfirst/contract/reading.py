"""Reads a contract from YAML or JSON, without empty members, and checks its references."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from specfirst.contract import json_pointer
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract

_VALUES = ("default", "enum", "const", "example", "examples")  # data, in which $ref means nothing


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML 1.2 as JSON has it (OpenAPI 3.1, section 4.3): `no`, 12:30 and dates stay text."""


_SCALARS = {"bool": r"true|True|TRUE|false|False|FALSE", "int": r"[-+]?(0|[1-9][0-9]*)"}
_SCALARS |= {
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
    "null": r"~|null|Null|NULL|",
}
_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("<<"), "<")
for _tag, _pattern in _SCALARS.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^({_pattern})$"), None)


def read(path: Path) -> Contract:
    """Return the contract in a file. Raises `UnsupportedContract`."""
    return Contract(load(path))


def load(path: Path) -> dict[str, Any]:
    """Return the data of an OpenAPI document in YAML or JSON. Raises `UnsupportedContract`."""
    try:
        document = _parsed(path.read_text(encoding="utf-8-sig"))
    except (OSError, TypeError, ValueError, yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise UnsupportedContract(f"cannot be read: {reason}") from None
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith(
        ("3.0", "3.1")
    ):
        raise UnsupportedContract("/openapi: this is no OpenAPI 3 document; say `openapi: 3.1.0`")
    check_references(document, document)
    return document


def _parsed(text: str) -> Any:
    """Return the data of a text; YAML anchors are expanded at each place."""
    if text.lstrip().startswith("{"):
        try:
            return _drop_nulls(json.loads(text))
        except ValueError:
            pass  # YAML may begin with a brace as well
    return _drop_nulls(json.loads(json.dumps(yaml.load(text, _Loader))))


def _drop_nulls(node: Any) -> Any:
    """Return a node without the members that are empty, which say nothing; data may be null."""
    if isinstance(node, list):
        return [_drop_nulls(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: value for name, value in node.items() if value is not None or name in _VALUES}
    return {
        name: value if name in (*_VALUES, "security") else _drop_nulls(value)
        for name, value in kept.items()
    }


def check_references(document: object, node: object, pointer: str = "") -> None:
    """Raise `UnsupportedContract` for the first reference out of the document or to nothing."""
    members = (
        enumerate(node)
        if isinstance(node, list)
        else node.items()
        if isinstance(node, dict)
        else ()
    )
    for name, member in members:
        place = json_pointer.join(pointer, str(name))
        if name == "$ref" and isinstance(member, str):
            _check_reference(document, member, place)
        elif name not in _VALUES or pointer.endswith("/properties"):
            check_references(document, member, place)


def _check_reference(document: object, reference: str, place: str) -> None:
    if not reference.startswith("#/"):
        raise UnsupportedContract(
            f"{place}: {reference} is outside of the document; move it under /components"
        )
    try:
        found = json_pointer.find(document, json_pointer.from_fragment(reference))
    except LookupError:
        found = None
    if not isinstance(found, dict | bool):
        raise UnsupportedContract(
            f"{place}: {reference} leads nowhere; add what it names, or fix the reference"
        )
