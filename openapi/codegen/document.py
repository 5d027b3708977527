"""The document: reading it, following its references, and giving every inline schema a name."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from naming import pascal

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Document = dict[str, Any]

_VALUES = ("default", "enum", "const", "example", "examples")  # data, in which $ref means nothing

INLINE = "x-inline"  # marks the schemas that the document does not name itself


class Refused(Exception):
    """Something in the document cannot be served: the JSON Pointer, what is wrong, what to do."""


def read(path: Path) -> Document:
    """Read an OpenAPI document in YAML or JSON. Raises `Refused`."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise Refused(f"{path}: cannot be read: {reason}") from None
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise Refused("/openapi: this is no OpenAPI 3 document; say `openapi: 3.1.0`")
    check_references(document, document)
    return document


def check_references(document: Document, node: object, pointer: str = "") -> None:
    """Raise `Refused` for the first reference that leads out of the document, or nowhere."""
    members = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    for name, member in members:
        place = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        if name == "$ref" and isinstance(member, str):
            if not member.startswith("#/"):
                raise Refused(f"{place}: {member} is outside of the document; move it under /components")
            if _target(document, member) is None:
                raise Refused(f"{place}: {member} leads nowhere; add what it names, or mend the reference")
        elif name not in _VALUES:
            check_references(document, member, place)


def resolve(document: Document, node: Document) -> Document:
    """Return what a node refers to, or the node itself."""
    while "$ref" in node:
        node = _target(document, node["$ref"]) or {}
    return node


def _target(document: Document, reference: str) -> Document | None:
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
    return target if isinstance(target, dict) else None


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield path, method and operation in the order of the document; the path's own parameters come first in each."""
    for path, item in document.get("paths", {}).items():
        for method in item:
            if method in METHODS:
                operation = dict(item[method])
                own = {_identity(document, each) for each in operation.get("parameters", [])}
                shared = [each for each in item.get("parameters", []) if _identity(document, each) not in own]
                operation["parameters"] = shared + operation.get("parameters", [])
                yield path, method, operation


def _identity(document: Document, parameter: Document) -> tuple[str, str]:
    resolved = resolve(document, parameter)
    return resolved["in"], resolved["name"]


def with_named_schemas(document: Document) -> Document:
    """Return a copy in which each schema of a parameter, body or response stands under /components/schemas.

    fastapi-code-generator keeps bounds, enums and nullability of named schemas; of inline ones it loses some.
    """
    named = copy.deepcopy(document)
    pool = named.setdefault("components", {}).setdefault("schemas", {})
    for name, parameter in named["components"].get("parameters", {}).items():
        _hoist(parameter, f"{pascal(name)}Parameter", pool)
    for name, response in named["components"].get("responses", {}).items():
        _hoist_content(response, f"{pascal(name)}Body", pool)
    for _, _, operation in operations(named):
        owner = pascal(operation["operationId"])
        for parameter in operation["parameters"]:
            _hoist(parameter, f"{owner}{pascal(parameter.get('name', ''))}", pool)
        _hoist_content(operation.get("requestBody", {}), f"{owner}Body", pool)
        for status, response in operation["responses"].items():
            _hoist_content(response, f"{owner}{status}Body", pool)
    return named


def _hoist_content(node: Document, name: str, pool: Document) -> None:
    for media in node.get("content", {}).values():
        _hoist(media, name, pool)


def _hoist(node: Document, name: str, pool: Document) -> None:
    if "schema" in node and "$ref" not in node["schema"]:
        pool[name] = {**node["schema"], INLINE: True}
        node["schema"] = {"$ref": f"#/components/schemas/{name}"}
