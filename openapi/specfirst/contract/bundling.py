"""Documents of several files: what lies in other files is taken into the first one.

A reference to another file becomes one to a component, named after what it refers to. Objects that
have no components, such as path items and operations, are put in the place of the reference. Files
are read from the folder of the document and the folders below it, and from nowhere else.
"""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from specfirst.contract import json_pointer
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.schemas import Shape
from specfirst.contract.structure import OBJECTS, WITHOUT_REFERENCE, Place, held, members

Origins = dict[str, tuple[Path, str]]
"""The file and the pointer in it of each pointer of a bundle that comes from another file."""

_SECTIONS = {member.kind: name for name, member in OBJECTS["components"].items()}
_IN_PLACE = ("path item", *WITHOUT_REFERENCE)
_FILE = re.compile(r"[^#]+\.(?:ya?ml|json)(?:#.*)?|#/.*")


def bundle(document: dict[str, Any], path: Path, read: Callable[[Path], Any]) -> Origins:
    """Take what a document refers to in other files into the document itself.

    `read` returns the data of a file. Raises `UnsupportedContract` for a file or a place that is
    not there, for one outside the folder of the document, and for an address on the network.
    """
    bundler = _Bundler(document, path.resolve(), read)
    bundler.name_components()
    bundler.visit(document, "document", "", bundler.root)
    return bundler.origins


class _Bundler:
    def __init__(self, document: dict[str, Any], root: Path, read: Callable[[Path], Any]) -> None:
        self.root = root
        self.origins: Origins = {}
        self._document = document
        self._read = read
        self._files: dict[Path, Any] = {root: copy.deepcopy(document)}
        self._named: dict[tuple[str, Path, str], str] = {}
        """The components that have been made, by kind, file and pointer."""
        self._open: list[tuple[Path, str]] = []
        """What is being put in the place of a reference."""

    def name_components(self) -> None:
        """Note which places of other files are components already: others may refer to them, too.

        A section may be a reference to a file as a whole, and a component as well.
        """
        components = self._document.get("components")
        for kind, section in _SECTIONS.items():
            if not isinstance(components, dict) or not isinstance(components.get(section), dict):
                continue
            place = f"/components/{section}"
            if components[section].keys() == {"$ref"}:
                components[section] = self._opened(components[section], place, self.root)
            file, above = self.origins.get(place, (self.root, place))
            for name, raw in components[section].items():
                pointer = json_pointer.join(place, name)
                self._named[kind, file, json_pointer.join(above, name)] = pointer
                reference = Place(kind, pointer, raw).reference
                if reference and raw.keys() == {"$ref"}:
                    target = self._target(reference, file, pointer)
                    if target[0] != self.root:
                        self._named.setdefault((kind, *target), pointer)

    def _opened(self, node: dict[str, Any], place: str, file: Path) -> Any:
        """Return what a map consists of that is a reference to a place in a file."""
        found, inner = self._target(node["$ref"], file, place)
        self.origins[place] = found, inner
        return copy.deepcopy(json_pointer.find(self._files[found], inner))

    def visit(self, node: Any, kind: str, pointer: str, file: Path) -> None:
        """Change the references in an object that stands in a file, and in all that is inside."""
        if not isinstance(node, dict):
            return
        if kind == "discriminator":
            self._change_mapping(node, pointer, file)
        if kind == "example":
            self._take_value(node, pointer, file)
        reference = node.get("$ref")
        if isinstance(reference, str):
            is_own = file == self.root and reference.startswith("#")
            if kind in _IN_PLACE and not is_own:
                del node["$ref"]
                self._visit_members(node, kind, pointer, file)
                node |= self._taken(reference, kind, pointer, file) | node
                return
            node["$ref"] = self._changed(reference, kind, pointer, file)
            if (
                node["$ref"] == f"#{quote(pointer)}" and not is_own
            ):  # this component is what it names
                del node["$ref"]
                node |= self._taken(reference, kind, pointer, file)
                return
        self._visit_members(node, kind, pointer, file)

    def _visit_members(self, node: dict[str, Any], kind: str, pointer: str, file: Path) -> None:
        for name, member in members(node, kind):
            place, base = json_pointer.join(pointer, name), file
            if member.shape is Shape.MAP and isinstance(node[name], dict):
                if node[name].keys() == {"$ref"}:
                    node[name] = self._opened(node[name], place, file)
                base = self.origins[place][0] if place in self.origins else file
            for each in held(node[name], member, place):
                self.visit(each.raw, each.kind, each.pointer, base)

    def _taken(self, reference: str, kind: str, pointer: str, file: Path) -> dict[str, Any]:
        """Return a copy of what a reference leads to, to stand at a pointer."""
        target = self._target(reference, file, pointer)
        if target in self._open:
            raise UnsupportedContract(f"{pointer}/$ref: refers to itself; break the circle")
        self._open.append(target)
        found = copy.deepcopy(json_pointer.find(self._files[target[0]], target[1]))
        if not isinstance(found, dict):
            raise UnsupportedContract(f"{pointer}/$ref: {reference} leads to no object")
        self.origins[pointer] = target
        self.visit(found, kind, pointer, target[0])
        self._open.pop()
        return found

    def _changed(self, reference: str, kind: str, pointer: str, file: Path) -> str:
        """Return what a reference in a file becomes in the bundle."""
        if file == self.root and reference.startswith("#"):
            return reference
        target, inner = self._target(reference, file, pointer)
        if target == self.root:
            return f"#{quote(inner)}"
        return f"#{quote(self._component(kind, target, inner))}"

    def _component(self, kind: str, file: Path, inner: str) -> str:
        """Return the pointer of the component that an object of a file becomes."""
        key = kind, file, inner
        if key not in self._named:
            components = self._document.setdefault("components", {})
            section = components.setdefault(_SECTIONS[kind], {})
            name = _unused(json_pointer.parse(inner)[-1] if inner else file.stem, section)
            pointer = self._named[key] = json_pointer.join("/components", _SECTIONS[kind], name)
            section[name] = copy.deepcopy(json_pointer.find(self._files[file], inner))
            self.origins[pointer] = file, inner
            self.visit(section[name], kind, pointer, file)
        return self._named[key]

    def _change_mapping(self, node: dict[str, Any], pointer: str, file: Path) -> None:
        mapping = node.get("mapping")
        for value, target in list(mapping.items()) if isinstance(mapping, dict) else ():
            if isinstance(target, str) and _FILE.fullmatch(target):
                place = json_pointer.join(pointer, "mapping", value)
                node["mapping"][value] = self._changed(target, "schema", place, file)

    def _take_value(self, node: dict[str, Any], pointer: str, file: Path) -> None:
        """Take in an example that lies in a file of its own."""
        address = node.get("externalValue")
        if isinstance(address, str) and not urlsplit(address).scheme and "value" not in node:
            found, inner = self._target(address, file, f"{pointer}/externalValue")
            node["value"] = copy.deepcopy(json_pointer.find(self._files[found], inner))
            del node["externalValue"]

    def _target(self, reference: str, file: Path, pointer: str) -> tuple[Path, str]:
        """Return the file and the pointer that a reference in a file leads to."""
        address, _, fragment = reference.partition("#")
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            raise UnsupportedContract(
                f"{pointer}/$ref: {reference} is on the network; put a copy beside the document"
            )
        path = (file.parent / unquote(parts.path)).resolve() if address else file
        if not path.is_relative_to(self.root.parent):
            raise UnsupportedContract(
                f"{pointer}/$ref: {reference} is outside of the document's folder; move it there"
            )
        if path not in self._files:
            if not path.is_file():
                raise UnsupportedContract(f"{pointer}/$ref: {reference}: there is no such file")
            try:
                self._files[path] = self._read(path)
            except UnsupportedContract as error:
                raise UnsupportedContract(f"{pointer}/$ref: {reference} {error}") from None
        try:
            inner = json_pointer.from_fragment(f"#{fragment}")
            json_pointer.find(self._files[path], inner)
        except (ValueError, LookupError):
            raise UnsupportedContract(
                f"{pointer}/$ref: {reference} leads nowhere; "
                "add what it names, or fix the reference"
            ) from None
        return path, inner


def _unused(text: str, taken: object) -> str:
    """Return a name for a component that is not taken (OpenAPI 3.1, section 4.8.7.1)."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", text) or "unnamed"
    count = 2
    unused = name
    while unused in taken:  # type: ignore[operator]
        unused, count = f"{name}{count}", count + 1
    return unused
