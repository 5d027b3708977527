"""False contracts: documents with one change that a gate has to find."""

from typing import Any

from specfirst.contract import json_pointer

Document = dict[str, Any]


def changed(document: Document, pointer: str, value: object) -> Document:
    """Return the document with another value at a JSON Pointer, or without it (`REMOVE`).

    Raises `LookupError` where there is nothing to change it in.
    """
    json_pointer.find(document, pointer.rpartition("/")[0])
    changed: Document = json_pointer.edited(document, {pointer: value})
    return changed


def renamed(document: Document, pointer: str, name: str) -> Document:
    """Return the document with another name for the property at a JSON Pointer."""
    parent = pointer.rpartition("/")[0]
    properties = json_pointer.find(document, parent)
    old = json_pointer.parse(pointer)[-1]
    return changed(
        document, parent, {name if key == old else key: value for key, value in properties.items()}
    )
