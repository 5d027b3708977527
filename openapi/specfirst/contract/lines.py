"""Where a document says what: the line of a JSON Pointer in its YAML or JSON."""

from functools import cache
from pathlib import Path

import yaml

from specfirst.contract import json_pointer


def located(path: Path, pointer: str) -> str:
    """Return the file and line of a pointer, as `openapi.yaml:12`, or of its nearest parent.

    The path is relative below the working directory, so that a terminal or an editor opens it.
    """
    node, line = _root(path), 1
    for step in json_pointer.parse(pointer):
        found = _inside(node, step)
        if found is None:
            break
        line, node = found
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{line}"


@cache
def _root(path: Path) -> yaml.Node:
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), yaml.SafeLoader)
    return node or yaml.MappingNode("", [])


def _inside(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    """Return the line and the node of a member or an item."""
    if isinstance(node, yaml.MappingNode):
        for name, member in node.value:
            if name.value == step:
                return name.start_mark.line + 1, member
    elif isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        item = node.value[int(step)]
        return item.start_mark.line + 1, item
    return None
