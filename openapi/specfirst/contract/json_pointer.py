"""JSON Pointers (RFC 6901): the places of a document, as text."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote


def escape(token: str) -> str:
    """Return a token as it stands in a pointer: `a~1b` for `a/b` (section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Return a token of a pointer as it is (section 4)."""
    return token.replace("~1", "/").replace("~0", "~")


def join(pointer: str, *tokens: str | int) -> str:
    """Return the pointer of what is inside of what another one points to, by unescaped tokens."""
    return pointer + "".join(f"/{escape(str(token))}" for token in tokens)


def build(tokens: Iterable[str | int]) -> str:
    """Return the pointer of unescaped tokens."""
    return join("", *tokens)


def parse(pointer: str) -> tuple[str, ...]:
    """Return the unescaped tokens of a pointer. Raises `ValueError` for what is none."""
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is not a JSON Pointer: it has to begin with /")
    return tuple(unescape(token) for token in pointer.split("/")[1:])


def from_fragment(reference: str) -> str:
    """Return the pointer in `#/a%20b` (section 6). Raises `ValueError` for another document."""
    if not reference.startswith("#"):
        raise ValueError(f"{reference!r} is outside of the document")
    return unquote(reference.removeprefix("#"))


def find(document: Any, pointer: str) -> Any:
    """Return what stands at a pointer. Raises `LookupError` where there is nothing."""
    node = document
    for token in parse(pointer):
        if isinstance(node, dict):
            node = node[token]
        elif (
            isinstance(node, list)
            and token.isdecimal()
            and (token == "0" or not token.startswith("0"))
        ):
            node = node[int(token)]
        else:
            raise LookupError(pointer)
    return node


REMOVE = object()
"""In place of a value: removes what is there."""


def edited(document: Any, edits: Mapping[str, object]) -> Any:
    """Return a copy of a document with other values at these pointers; `REMOVE` removes.

    `-` and the index behind the last one append to an array, as in a JSON Patch (RFC 6902, section
    4.1), and objects on the way are added where they are missing. Raises `LookupError` for an item
    that is not there, and for nothing to remove.
    """
    whole = copy.deepcopy(document)
    for pointer, value in edits.items():
        *parents, last = parse(pointer)
        node = whole
        for token in parents:
            node = node[int(token)] if isinstance(node, list) else node.setdefault(token, {})
        key = int(last) if isinstance(node, list) and last != "-" else last
        if value is REMOVE:
            del node[key]
        elif isinstance(node, list) and key in ("-", len(node)):
            node.append(copy.deepcopy(value))
        else:
            node[key] = copy.deepcopy(value)
    return whole
