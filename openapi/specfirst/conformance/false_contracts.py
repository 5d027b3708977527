"""False contracts: documents with one change that a gate has to find."""

import copy
from typing import Any

from specfirst.contract import json_pointer

Document = dict[str, Any]

DROP = object()
"""Instead of a value: remove what is there."""


def changed(document: Document, pointer: str, value: object) -> Document:
    """Return the document with another value at a JSON Pointer, or without what stands there (`DROP`)."""
    document = copy.deepcopy(document)
    *parents, last = json_pointer.parse(pointer)
    node: Any = document
    for part in parents:
        node = node[int(part)] if isinstance(node, list) else node[part]
    key: Any = int(last) if isinstance(node, list) else last
    if value is DROP:
        del node[key]
    elif key == len(node):
        node.append(value)
    else:
        node[key] = value
    return document


def renamed(document: Document, pointer: str, name: str) -> Document:
    """Return the document with another name for the property at a JSON Pointer."""
    parent = pointer.rpartition("/")[0]
    properties = json_pointer.find(document, parent)
    old = json_pointer.parse(pointer)[-1]
    return changed(document, parent, {name if key == old else key: value for key, value in properties.items()})
