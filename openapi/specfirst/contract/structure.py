"""The objects of an OpenAPI document: their members, and whether a document has them right.

This is the grammar of OpenAPI 3.0 and 3.1 as far as it is read here. What it does not name is not
looked at, extensions (`x-…`) above all: what they hold is their own affair, and a `$ref` in one is
no reference.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specfirst.contract import json_pointer
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.schemas import APPLICATORS, Shape

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Member:
    """What a member of an object holds: one object of a kind, a list, or a map of them by name."""

    kind: str
    shape: Shape = Shape.ONE


def _list(kind: str) -> Member:
    return Member(kind, Shape.LIST)


def _map(kind: str) -> Member:
    return Member(kind, Shape.MAP)


_SECURITY, _SERVERS, _PARAMETERS = _list("requirement"), _list("server"), _list("parameter")
_CONTENT, _EXAMPLES, _HEADERS = _map("media type"), _map("example"), _map("header")
_HOLDER = {"schema": Member("schema"), "content": _CONTENT, "examples": _EXAMPLES}

OBJECTS: Mapping[str, Mapping[str, Member]] = {
    "document": {
        "info": Member("info"),
        "servers": _SERVERS,
        "paths": _map("path item"),
        "webhooks": _map("path item"),
        "components": Member("components"),
        "security": _SECURITY,
        "tags": _list("tag"),
    },
    "components": {
        "schemas": _map("schema"),
        "responses": _map("response"),
        "parameters": _map("parameter"),
        "examples": _EXAMPLES,
        "requestBodies": _map("request body"),
        "headers": _HEADERS,
        "securitySchemes": _map("security scheme"),
        "links": _map("link"),
        "callbacks": _map("callback"),
        "pathItems": _map("path item"),
    },
    "path item": {
        **{method: Member("operation") for method in METHODS},
        "servers": _SERVERS,
        "parameters": _PARAMETERS,
    },
    "operation": {
        "tags": _list("text"),
        "parameters": _PARAMETERS,
        "requestBody": Member("request body"),
        "responses": _map("response"),
        "callbacks": _map("callback"),
        "security": _SECURITY,
        "servers": _SERVERS,
    },
    "parameter": _HOLDER,
    "header": _HOLDER,
    "request body": {"content": _CONTENT},
    "media type": {
        "schema": Member("schema"),
        "examples": _EXAMPLES,
        "encoding": _map("encoding"),
    },
    "encoding": {"headers": _HEADERS},
    "response": {"headers": _HEADERS, "content": _CONTENT, "links": _map("link")},
    "schema": {
        **{name: Member("schema", shape) for name, shape in APPLICATORS.items()},
        "discriminator": Member("discriminator"),
        "required": _list("text"),
        "enum": _list("value"),
    },
    "discriminator": {"mapping": _map("text")},
    "security scheme": {"flows": _map("flow")},
    "flow": {"scopes": _map("value")},
    "server": {"variables": _map("value")},
    "info": {"contact": Member("info"), "license": Member("info")},
    "example": {},
    "link": {},
    "tag": {"externalDocs": Member("info")},
}
"""The members of each kind of object that hold other objects, or that have to be lists or maps.

`callback` and `requirement` are maps themselves. A `value` may be anything.
"""

_MAPS = {"callback": Member("path item"), "requirement": _list("text")}
"""The kinds that are maps, and what the names of each lead to."""

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "operation": ("operationId",),
    "parameter": ("name", "in", "style"),
    "schema": ("format", "pattern"),
    "discriminator": ("propertyName",),
    "security scheme": ("type", "scheme", "name", "in"),
    "server": ("url",),
    "tag": ("name",),
}
"""The members of each kind that are text."""

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "parameter": ("name", "in"),
    "discriminator": ("propertyName",),
    "security scheme": ("type",),
    "server": ("url",),
    "tag": ("name",),
}
"""The members without which an object says nothing; others that OpenAPI requires may be missing."""

_DATA: Mapping[str, tuple[str, ...]] = {
    "schema": ("default", "const", "enum", "example", "examples"),
    "parameter": ("example",),
    "header": ("example",),
    "media type": ("example",),
    "example": ("value",),
    "link": ("requestBody",),
}
"""The members of each kind that are data, in which null is a value."""

_SCHEME = {"http": ("scheme",), "apiKey": ("name", "in"), "oauth2": ("flows",)}
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|[xX]{2})|default")

WITHOUT_REFERENCE = (
    *("document", "components", "operation", "media type", "encoding", "server", "requirement"),
    *("value", "text"),
)
"""Kinds of which OpenAPI has no references."""


@dataclass(frozen=True, slots=True)
class Place:
    """An object of a document, and where it stands."""

    kind: str
    pointer: str
    raw: Any

    @property
    def reference(self) -> str | None:
        """Where it refers to, if it is a reference."""
        if self.kind in WITHOUT_REFERENCE or not isinstance(self.raw, dict):
            return None
        found = self.raw.get("$ref")
        return found if isinstance(found, str) else None


def objects(node: object, kind: str = "document", pointer: str = "") -> Iterator[Place]:
    """Yield an object of a kind and those inside it, outer ones first, those that are right.

    No reference is followed.
    """
    if not isinstance(node, dict):
        return
    yield Place(kind, pointer, node)
    for place in inside(node, kind, pointer):
        yield from objects(place.raw, place.kind, place.pointer)


def inside(node: Mapping[str, Any], kind: str, pointer: str) -> Iterator[Place]:
    """Yield what is directly inside an object of a kind."""
    for name, member in members(node, kind):
        yield from held(node[name], member, json_pointer.join(pointer, name))


def members(node: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Member]]:
    """Yield the names of the members of an object that hold others, and what they hold."""
    if kind in _MAPS:
        names = [name for name in node if not name.startswith("x-") and name != "$ref"]
        yield from ((name, _MAPS[kind]) for name in names)
    else:
        known = OBJECTS.get(kind, {}).items()
        yield from ((name, member) for name, member in known if name in node)


def held(value: object, member: Member, pointer: str) -> Iterator[Place]:
    """Yield the objects of a member; a member of another shape holds none."""
    if member.shape is Shape.ONE:
        if value is not None:
            yield Place(member.kind, pointer, value)
    elif member.shape is Shape.LIST and isinstance(value, list):
        for number, each in enumerate(value):
            yield Place(member.kind, json_pointer.join(pointer, number), each)
    elif member.shape is Shape.MAP and isinstance(value, dict):
        for name, each in value.items():
            if member.kind in ("schema", "text") or not name.startswith("x-"):
                yield Place(member.kind, json_pointer.join(pointer, name), each)


def drop_empty(document: object) -> None:
    """Remove the members that are null, which say nothing where they are not data."""
    for place in objects(document):
        data = _DATA.get(place.kind, ())
        for name in [name for name, value in place.raw.items() if value is None]:
            if name not in data and not name.startswith("x-"):
                del place.raw[name]


# --- Checks ---------------------------------------------------------------------------------------


def check(document: object) -> None:
    """Raise `UnsupportedContract` for the first object that is not what OpenAPI says it is."""
    _check_object(document, "document", "")


def _check_object(node: object, kind: str, pointer: str) -> None:
    if kind == "value" or (kind == "schema" and isinstance(node, bool)):
        return
    if kind == "text":
        _require(isinstance(node, str), pointer, "has to be text")
        return
    if not isinstance(node, dict):
        raise UnsupportedContract(f"{pointer}: has to be an object, of the kind {kind}")
    if Place(kind, pointer, node).reference is None or kind in ("schema", "path item"):
        _check_members(node, kind, pointer)
        if kind in _CHECKS:
            _CHECKS[kind](node, pointer)
    for place in inside(node, kind, pointer):
        _check_object(place.raw, place.kind, place.pointer)


def _check_members(node: Mapping[str, Any], kind: str, pointer: str) -> None:
    for name in _REQUIRED.get(kind, ()):
        _require(node.get(name) is not None, pointer, f"has no `{name}`; a {kind} needs one")
    for name in _TEXTS.get(kind, ()):
        if node.get(name) is not None:
            place = json_pointer.join(pointer, name)
            _require(isinstance(node[name], str), place, "has to be text")
    for name, member in members(node, kind):
        if member.shape is not Shape.ONE and node[name] is not None:
            type_, word = (list, "a list") if member.shape is Shape.LIST else (dict, "an object")
            place = json_pointer.join(pointer, name)
            _require(isinstance(node[name], type_), place, f"has to be {word}")


def _check_document(node: Mapping[str, Any], pointer: str) -> None:
    for path in node.get("paths") or {}:
        place = json_pointer.join("/paths", path)
        _require(path.startswith(("/", "x-")), place, "a path begins with a slash")
        _require(
            "?" not in path and "#" not in path,
            place,
            "a path has no query and no fragment; describe what follows `?` as parameters",
        )


def _check_parameter(node: Mapping[str, Any], pointer: str) -> None:
    _require(
        node["in"] in ("path", "query", "header", "cookie"),
        pointer,
        "needs path, query, header or cookie in `in`; a body is described by `requestBody`",
    )
    _check_holder(node, pointer)


def _check_holder(node: Mapping[str, Any], pointer: str) -> None:
    described = node.get("schema") is not None or node.get("content") is not None
    _require(described, pointer, "needs a `schema` or `content`")


def _check_operation(node: Mapping[str, Any], pointer: str) -> None:
    for status in node.get("responses") or {}:
        place = json_pointer.join(pointer, "responses", status)
        is_right = bool(_STATUS.fullmatch(status)) or status.startswith("x-")
        _require(is_right, place, "is no status; write 200, 4XX or default, for example")


def _check_security_scheme(node: Mapping[str, Any], pointer: str) -> None:
    for name in _SCHEME.get(node["type"], ()):
        has_one = node.get(name) is not None
        _require(has_one, pointer, f"has no `{name}`; `type: {node['type']}` needs one")


def _check_schema(node: Mapping[str, Any], pointer: str) -> None:
    kinds = node.get("type", [])
    _require(
        isinstance(kinds, str)
        or (isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds)),
        f"{pointer}/type",
        "has to be the name of a type, or a list of such names",
    )


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], str], None]] = {
    "document": _check_document,
    "parameter": _check_parameter,
    "header": _check_holder,
    "operation": _check_operation,
    "security scheme": _check_security_scheme,
    "schema": _check_schema,
}


def _require(holds: bool, pointer: str, otherwise: str) -> None:
    if not holds:
        raise UnsupportedContract(f"{pointer}: {otherwise}")
