"""Reads a contract from YAML or JSON, in one file or several, and checks its structure."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from specfirst.contract import json_pointer, structure
from specfirst.contract.bundling import Origins, bundle
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.lines import located
from specfirst.contract.model import Contract


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


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a contract."""

    path: Path
    origins: Origins

    def locate(self, pointer: str) -> str:
        """Return the file and the line of a pointer, as `openapi.yaml:12`."""
        for above in _upwards(pointer):
            if above in self.origins:
                file, inner = self.origins[above]
                return located(file, inner + pointer.removeprefix(above))
        return located(self.path.resolve(), pointer)


def _upwards(pointer: str) -> list[str]:
    """Return a pointer, the pointer of what it is in, and so on."""
    tokens = pointer.split("/")
    return ["/".join(tokens[:count]) for count in range(len(tokens), 1, -1)]


def read(path: Path) -> Contract:
    """Return the contract in a file. Raises `UnsupportedContract`."""
    document, source = _read(path)
    return Contract(document, locate=source.locate)


def load(path: Path) -> dict[str, Any]:
    """Return the data of an OpenAPI document in YAML or JSON. Raises `UnsupportedContract`.

    If it has several files, the data are those of one document with all of them.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[dict[str, Any], Source]:
    source = Source(path, {})
    document = _data(path)
    try:
        _check_version(document)
        source.origins.update(bundle(document, path, _data))
        structure.check(document)
        structure.drop_empty(document)
        check_references(document)
    except UnsupportedContract as error:
        raise error.at(source.locate) from None
    return document, source


def _check_version(document: Any) -> None:
    version = document.get("openapi") if isinstance(document, dict) else None
    if isinstance(document, dict) and "swagger" in document:
        raise UnsupportedContract(
            f"/swagger: this is Swagger {document['swagger']}; convert it to OpenAPI 3, "
            "for example with `npx swagger2openapi`"
        )
    if not str(version or "").startswith(("3.0", "3.1")):
        found = "no OpenAPI 3 document" if version is None else f"OpenAPI {version}"
        raise UnsupportedContract(
            f"/openapi: this is {found}; OpenAPI 3.0 and 3.1 are supported: say `openapi: 3.1.0` "
            "if it uses nothing else"
        )


def _data(path: Path) -> Any:
    """Return the data of a file; YAML anchors are expanded at each place."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("{"):
            try:
                return json.loads(text, object_pairs_hook=_members)
            except (_Duplicate, ValueError):
                pass  # read as YAML: it has the lines of keys, and may begin with a brace as well
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            _check_keys(node, "", set())
            return json.loads(json.dumps(loader.construct_document(node) if node else None))
        finally:
            loader.dispose()
    except (OSError, TypeError, ValueError, yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise UnsupportedContract(f"cannot be read: {reason}") from None


class _Duplicate(Exception):
    pass


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Duplicate
    return members


def _check_keys(node: Any, pointer: str, seen: set[int]) -> None:
    """Raise `UnsupportedContract` for a key that a mapping has twice (YAML 1.2.2, 3.2.1.1)."""
    if id(node) in seen:  # an alias
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, each in enumerate(node.value):
            _check_keys(each, json_pointer.join(pointer, number), seen)
    elif isinstance(node, yaml.MappingNode):
        keys: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            place = json_pointer.join(pointer, name)
            if name in keys and name != "<<":
                raise UnsupportedContract(
                    f"{place}: stands twice, in lines {keys[name]} and {line}; leave one out"
                )
            keys[name] = line
            _check_keys(value, place, seen)


def check_references(document: dict[str, Any]) -> None:
    """Raise `UnsupportedContract` for the first reference out of the document or to nothing."""
    for place in structure.objects(document):
        if place.reference is not None:
            _check_reference(document, place.reference, f"{place.pointer}/$ref")


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
