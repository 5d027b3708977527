"""What breaks clients: the released contract beside the present one, operation by operation.

specshift says which paths, operations, parameters and bodies are gone or needed now. It is not asked about the rest: it
follows no reference to a response or a body, takes most words of a schema for the same in both directions, and knows
neither scopes nor response headers nor names, so those rules are ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specshift import ChangeType, diff_specs

from specfirst.checks.narrowing import Break, Comparison, Schema, written
from specfirst.contract.document import Document, escaped, operations, resolve, steps

_Place = tuple[str, dict[str, Any]]
"""A node that is no reference, and its JSON Pointer."""


def breaks(was: Document, now: Document) -> list[Break]:
    """Return what breaks clients of the released document `was` where `now` takes its place, in order of the places."""
    before, after = _Contract(was), _Contract(now)
    comparison = _Differences(before, after)
    present = after.operations()
    found = [*_structure(before, after), *_shared(was, now)]
    for pointer, operation in before.operations().items():
        if pointer in present:
            found += comparison.of_operation(operation, present[pointer])
    return sorted(set(found))


@dataclass(frozen=True)
class _Operation:
    """An operation with all of its parameters, by location and name, and the security that holds for it."""

    pointer: str
    path: str
    method: str
    node: dict[str, Any]
    parameters: dict[tuple[str, str], _Place]
    security: list[dict[str, list[str]]]
    security_pointer: str


class _Contract:
    """A document in which references are followed."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def operations(self) -> dict[str, _Operation]:
        """Return the operations by their JSON Pointers."""
        paths = {path: resolve(self._document, item) for path, item in self._document.get("paths", {}).items()}
        found = (self._operation(paths[path], path, method) for path, method, _ in operations({"paths": paths}))
        return {each.pointer: each for each in found}

    def _operation(self, item: dict[str, Any], path: str, method: str) -> _Operation:
        pointer, node = f"/paths/{escaped(path)}", item[method]
        parameters = self._parameters(pointer, item) | self._parameters(f"{pointer}/{method}", node)
        security = node.get("security", self._document.get("security")) or [{}]
        security_pointer = f"{pointer}/{method}/security" if "security" in node else "/security"
        return _Operation(f"{pointer}/{method}", path, method, node, parameters, security, security_pointer)

    def _parameters(self, pointer: str, holder: dict[str, Any]) -> dict[tuple[str, str], _Place]:
        places = [
            self.follow(f"{pointer}/parameters/{number}", node)
            for number, node in enumerate(holder.get("parameters", []))
        ]
        return {(place[1]["in"], _header_name(place[1]["name"], place[1]["in"])): place for place in places}

    def follow(self, pointer: str, node: dict[str, Any]) -> _Place:
        """Return the node that one refers to, and where it stands; the node itself when it is no reference."""
        if isinstance(node.get("$ref"), str):
            return "".join(f"/{escaped(step)}" for step in steps(node["$ref"])), resolve(self._document, node)
        return pointer, node

    def inside(self, place: _Place, word: str) -> dict[str, _Place]:
        """Return the named nodes directly inside of another: responses, headers, media types."""
        pointer, node = place
        return {
            _header_name(str(name), "header" if word == "headers" else ""): self.follow(
                f"{pointer}/{word}/{escaped(str(name))}", each
            )
            for name, each in (node.get(word) or {}).items()
        }

    def schema(self, place: _Place, *, sent: bool) -> Schema:
        """Return the schema of a parameter, a header or a media type."""
        return Schema(self._document, [(f"{place[0]}/schema", place[1].get("schema", {}))], sent=sent)


def _header_name(name: str, location: str) -> str:
    return name.lower() if location == "header" else name


class _Differences:
    """Finds what breaks in an operation."""

    def __init__(self, was: _Contract, now: _Contract) -> None:
        self._was = was
        self._now = now
        self._comparisons = {sent: Comparison(sent) for sent in (True, False)}

    def of_operation(self, was: _Operation, now: _Operation) -> Iterator[Break]:
        """Yield what breaks the clients of an operation."""
        yield from _names(was, now)
        yield from _security(was, now)
        yield from self._parameters(was, now)
        if "requestBody" in was.node and "requestBody" in now.node:
            pointer = f"{was.pointer}/requestBody"
            before = self._was.follow(pointer, was.node["requestBody"])
            yield from self._media(before, self._now.follow(pointer, now.node["requestBody"]), sent=True)
        yield from self._responses(was, now)

    def _parameters(self, was: _Operation, now: _Operation) -> Iterator[Break]:
        for key, before in was.parameters.items():
            if key in now.parameters:
                yield from self._parameter(before, now.parameters[key])
            elif not _is_required(before[1]):
                yield Break(
                    before[0], f"the parameter {key[1]}", "gone", "clients send it, and it is refused or ignored"
                )

    def _parameter(self, was: _Place, now: _Place) -> Iterator[Break]:
        before, after = _style(was[1]), _style(now[1])
        if before != after:
            yield Break(f"{now[0]}/style", before, after, "clients write it in the way that they were told")
        yield from self._schemas(was, now, sent=True)
        yield from self._media(was, now, sent=True)

    def _responses(self, was: _Operation, now: _Operation) -> Iterator[Break]:
        place = f"{now.pointer}/responses"
        before = self._was.inside((was.pointer, was.node), "responses")
        after = self._now.inside((now.pointer, now.node), "responses")
        for status in before.keys() - after.keys():
            yield Break(f"{place}/{status}", "a response", "gone", "what it told clients is told in another way now")
        for status in after.keys() - before.keys():
            if not status.startswith(("4", "5")):  # of which clients know the class (RFC 9110, section 15)
                yield Break(f"{place}/{status}", "not there", "a response", "clients wait for the released ones")
        for status in before.keys() & after.keys():
            yield from self._headers(before[status], after[status])
            for name in self._was.inside(before[status], "links").keys() - after[status][1].get("links", {}).keys():
                yield Break(f"{before[status][0]}/links/{escaped(name)}", "a link", "gone", "clients follow it")
            yield from self._media(before[status], after[status], sent=False)

    def _headers(self, was: _Place, now: _Place) -> Iterator[Break]:
        before, after = self._was.inside(was, "headers"), self._now.inside(now, "headers")
        for name in was[1].get("headers", {}):
            if name.lower() not in after:
                yield Break(f"{was[0]}/headers/{escaped(name)}", "a header", "gone", "clients read it")
        for name in before.keys() & after.keys():
            if before[name][1].get("required") and not after[name][1].get("required"):
                yield Break(f"{after[name][0]}/required", "true", "false", "clients rely on it being there")
            yield from self._schemas(before[name], after[name], sent=False)

    def _media(self, was: _Place, now: _Place, *, sent: bool) -> Iterator[Break]:
        before, after = self._was.inside(was, "content"), self._now.inside(now, "content")
        for media_type, place in before.items():
            if media_type not in after:
                yield Break(place[0], "a media type", "gone", f"clients {'write' if sent else 'read'} it")
                continue
            yield from self._schemas(place, after[media_type], sent=sent)
            was_written, now_written = (written(each[1].get("encoding")) for each in (place, after[media_type]))
            if was_written != now_written:
                why = "clients write it in the way that they were told"
                yield Break(f"{after[media_type][0]}/encoding", was_written, now_written, why)

    def _schemas(self, was: _Place, now: _Place, *, sent: bool) -> Iterator[Break]:
        yield from self._comparisons[sent].breaks(self._was.schema(was, sent=sent), self._now.schema(now, sent=sent))


def _is_required(parameter: dict[str, Any]) -> bool:
    return bool(parameter.get("required")) or parameter["in"] == "path"


def _style(parameter: dict[str, Any]) -> str:
    """Return how a parameter is written, the defaults of OpenAPI 3.1, section 4.8.12.2 filled in."""
    usual = "form" if parameter["in"] in ("query", "cookie") else "simple"
    style = parameter.get("style", usual)
    return f"{style}, {'exploded' if parameter.get('explode', style == 'form') else 'not exploded'}"


def _names(was: _Operation, now: _Operation) -> Iterator[Break]:
    """Generated clients have a method for each operationId, in a class or module for each tag."""
    for word, (before, after) in {
        "operationId": (was.node.get("operationId"), now.node.get("operationId")),
        "tags/0": (_tag(was), _tag(now)),
    }.items():
        if before != after:
            yield Break(f"{now.pointer}/{word}", str(before), str(after), "generated clients are called by this name")


def _tag(operation: _Operation) -> object:
    return next(iter(operation.node.get("tags", [])), None)


def _security(was: _Operation, now: _Operation) -> Iterator[Break]:
    """Credentials that were enough have to be enough: one new alternative asks for nothing beyond them."""
    for given in was.security:
        if not any(_is_enough(given, needed) for needed in now.security):
            why = "credentials that were enough are refused"
            yield Break(now.security_pointer, written(was.security), written(now.security), why)


def _is_enough(given: dict[str, list[str]], needed: dict[str, list[str]]) -> bool:
    return all(name in given and set(scopes) <= set(given[name]) for name, scopes in needed.items())


# --- What stands outside of the operations ---


def _shared(was: Document, now: Document) -> Iterator[Break]:
    for url in sorted(_servers(was) - _servers(now)):
        yield Break("/servers", url, "gone", "clients send their requests there")
    before, after = was.get("components", {}), now.get("components", {})
    for name in before.get("schemas", {}).keys() - after.get("schemas", {}).keys():
        why = "generated clients have a type of this name"
        yield Break(f"/components/schemas/{escaped(name)}", "a schema", "gone", why)
    for name, scheme in before.get("securitySchemes", {}).items():
        was_asked, now_asked = _asked(scheme), _asked(after.get("securitySchemes", {}).get(name, scheme))
        if was_asked != now_asked:
            place = f"/components/securitySchemes/{escaped(name)}"
            yield Break(place, was_asked, now_asked, "clients show their credentials in the way that they were told")


def _servers(document: Document) -> set[str]:
    return {str(server["url"]) for server in document.get("servers") or [{"url": "/"}]}


def _asked(scheme: dict[str, Any]) -> str:
    """Return what a security scheme asks for, without its explanations."""
    asked = {word: scheme[word] for word in ("type", "in", "name", "scheme", "openIdConnectUrl") if word in scheme}
    flows = scheme.get("flows", {}).items()
    asked |= {kind: {word: url for word, url in flow.items() if word.endswith("Url")} for kind, flow in flows}
    return written(asked)


# --- What specshift finds ---

_SIDES = {
    ChangeType.ADDED: ("not there", "needed"),
    ChangeType.REMOVED: ("there", "gone"),
    ChangeType.MODIFIED: ("optional", "required"),
}
_INSIDE = {"parameter": "/parameters", "request_body": "/requestBody"}


def _structure(was: _Contract, now: _Contract) -> Iterator[Break]:
    for change in diff_specs(_outline(was), _outline(now)).breaking_changes:
        place = change.location.partition(" > ")[0]
        method, path = ("", place) if place.startswith("/") else place.split(" ", 1)  # a path that is gone has none
        pointer = f"/paths/{escaped(path)}/{method.lower()}".removesuffix("/") + _INSIDE.get(change.category, "")
        yield Break(pointer, *_SIDES[change.change_type], change.message.removesuffix("."))


def _outline(contract: _Contract) -> Document:
    """Return the operations of a contract with their parameters and bodies, in the form that specshift reads."""
    paths: Document = {}
    for each in contract.operations().values():
        parameters = [
            {"in": location, "name": name, "required": _is_required(place[1])}
            for (location, name), place in each.parameters.items()
        ]
        outline: Document = {"parameters": parameters}
        if "requestBody" in each.node:
            _, body = contract.follow("", each.node["requestBody"])
            outline["requestBody"] = {"required": bool(body.get("required"))}
        paths.setdefault(each.path, {})[each.method] = outline
    return {"paths": paths}
