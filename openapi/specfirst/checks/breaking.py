"""What breaks clients: compares the released contract with the present one, operation by operation.

specshift finds the paths, operations, parameters and bodies that have gone or are required now. The
rest is compared here, because specshift follows no reference to a response or a body, treats most
keywords of a schema the same in both directions, and knows neither scopes nor response headers nor
names.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from specshift import ChangeType, diff_specs

from specfirst.checks.schema_compatibility import Break, Comparison, MergedSchema, written
from specfirst.contract import json_pointer
from specfirst.contract.model import (
    Contract,
    Header,
    MediaType,
    Node,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Security,
)

Credentials = Mapping[str, tuple[str, ...]]
"""The security schemes that are needed together, with their scopes."""

_OPEN: Security = ({},)
_AS_RELEASED = "clients write it as the released contract says"


def breaks(was: Contract, now: Contract) -> list[Break]:
    """Return what breaks clients of the released contract `was` in `now`, by JSON Pointer."""
    comparison = _OperationComparison()
    present = {operation.place: operation for operation in now.operations}
    found = [*_structure(was, now), *_shared(was, now)]
    for operation in was.operations:
        if operation.place in present:
            found += comparison.breaks(operation, present[operation.place])
    return sorted(set(found))


class _OperationComparison:
    """Finds what breaks in an operation; schemas that operations share are compared once."""

    def __init__(self) -> None:
        self._schemas = {sent: Comparison(sent) for sent in (True, False)}

    def breaks(self, was: Operation, now: Operation) -> Iterator[Break]:
        """Yield what breaks the clients of an operation."""
        yield from _names(was, now)
        yield from _security(was, now)
        yield from self._of_parameters(was, now)
        if was.request_body and now.request_body:
            yield from self._of_content(was.request_body, now.request_body, sent=True)
        yield from self._of_responses(was, now)

    def _of_parameters(self, was: Operation, now: Operation) -> Iterator[Break]:
        present = {each.identity: each for each in now.parameters}
        for before in was.parameters:
            if before.identity in present:
                yield from self._of_parameter(before, present[before.identity])
            elif not before.required:  # specshift finds the required ones
                why = "clients send it, and it is rejected or ignored"
                yield Break(before.pointer, f"the parameter {before.identity[1]}", "gone", why)

    def _of_parameter(self, was: Parameter, now: Parameter) -> Iterator[Break]:
        before, after = _style(was), _style(now)
        if before != after:
            yield Break(json_pointer.join(now.pointer, "style"), before, after, _AS_RELEASED)
        yield from self._of_schema(was, now, sent=True)
        yield from self._of_content(was, now, sent=True)

    def _of_responses(self, was: Operation, now: Operation) -> Iterator[Break]:
        before, after = was.responses, now.responses
        place = json_pointer.join(now.pointer, "responses")
        for status in before.keys() - after.keys():
            why = "clients handle this response; the service answers with another one now"
            yield Break(json_pointer.join(place, status), "a response", "gone", why)
        for status in after.keys() - before.keys():
            if not status.startswith(
                ("4", "5")
            ):  # clients know the class of these (RFC 9110, section 15)
                why = "clients expect the released responses"
                yield Break(json_pointer.join(place, status), "not there", "a response", why)
        for status in before.keys() & after.keys():
            yield from self._of_response(before[status], after[status])

    def _of_response(self, was: Response, now: Response) -> Iterator[Break]:
        yield from self._of_headers(was, now)
        for name in was.links.keys() - now.links.keys():
            yield Break(
                json_pointer.join(was.pointer, "links", name), "a link", "gone", "clients follow it"
            )
        yield from self._of_content(was, now, sent=False)

    def _of_headers(self, was: Response, now: Response) -> Iterator[Break]:
        after = {name.lower(): header for name, header in now.headers.items()}
        for name, before in was.headers.items():
            if name.lower() in after:
                yield from self._of_header(before, after[name.lower()])
            else:
                yield Break(
                    json_pointer.join(was.pointer, "headers", name),
                    "a header",
                    "gone",
                    "clients read it",
                )

    def _of_header(self, was: Header, now: Header) -> Iterator[Break]:
        if was.required and not now.required:
            yield Break(
                json_pointer.join(now.pointer, "required"),
                "true",
                "false",
                "clients rely on it being there",
            )
        yield from self._of_schema(was, now, sent=False)

    def _of_content(
        self,
        was: Parameter | RequestBody | Response,
        now: Parameter | RequestBody | Response,
        *,
        sent: bool,
    ) -> Iterator[Break]:
        for name, before in was.content.items():
            if name in now.content:
                yield from self._of_media_type(before, now.content[name], sent=sent)
            else:
                yield Break(
                    before.pointer,
                    "a media type",
                    "gone",
                    f"clients {'write' if sent else 'read'} it",
                )

    def _of_media_type(self, was: MediaType, now: MediaType, *, sent: bool) -> Iterator[Break]:
        yield from self._of_schema(was, now, sent=sent)
        before, after = (written(each.raw.get("encoding")) for each in (was, now))
        if before != after:
            yield Break(json_pointer.join(now.pointer, "encoding"), before, after, _AS_RELEASED)

    def _of_schema(
        self,
        was: Parameter | Header | MediaType,
        now: Parameter | Header | MediaType,
        *,
        sent: bool,
    ) -> Iterator[Break]:
        yield from self._schemas[sent].breaks(
            MergedSchema.of(was, sent=sent), MergedSchema.of(now, sent=sent)
        )


def _style(parameter: Parameter) -> str:
    return f"{parameter.style}, {'exploded' if parameter.explode else 'not exploded'}"


def _names(was: Operation, now: Operation) -> Iterator[Break]:
    """Generated clients have a method for each operationId, in a class or module for each tag."""
    for tokens, before, after in (
        (("operationId",), was.raw.get("operationId"), now.raw.get("operationId")),
        (("tags", 0), next(iter(was.tags), None), next(iter(now.tags), None)),
    ):
        if before != after:
            pointer = json_pointer.join(now.pointer, *tokens)
            yield Break(
                pointer, str(before), str(after), "generated clients are called by this name"
            )


def _security(was: Operation, now: Operation) -> Iterator[Break]:
    """Credentials that were enough must stay enough: one new alternative asks for no more."""
    before, after = was.security or _OPEN, now.security or _OPEN
    for given in before:
        if not any(_is_enough(given, needed) for needed in after):
            why = "credentials that were enough are rejected"
            yield Break(now.security_pointer, written(before), written(after), why)


def _is_enough(given: Credentials, needed: Credentials) -> bool:
    return all(name in given and set(scopes) <= set(given[name]) for name, scopes in needed.items())


# --- Outside the operations ---


def _shared(was: Contract, now: Contract) -> Iterator[Break]:
    for url in sorted(_servers(was) - _servers(now)):
        yield Break("/servers", url, "gone", "clients send their requests there")
    for name in _schema_names(was) - _schema_names(now):
        why = "generated clients have a type of this name"
        yield Break(json_pointer.join("/components/schemas", name), "a schema", "gone", why)
    for name, scheme in was.security_schemes.items():
        before, after = _asked(scheme), _asked(now.security_schemes.get(name, scheme))
        if before != after:
            yield Break(
                scheme.place, before, after, "clients authenticate as the released contract says"
            )


def _schema_names(contract: Contract) -> set[str]:
    return {*contract.document.get("components", {}).get("schemas", {})}


def _servers(contract: Contract) -> set[str]:
    return {str(server["url"]) for server in contract.document.get("servers") or [{"url": "/"}]}


def _asked(scheme: Node) -> str:
    """Return what a security scheme asks for, without its descriptions."""
    keywords = ("type", "in", "name", "scheme", "openIdConnectUrl")
    asked = {keyword: scheme.raw[keyword] for keyword in keywords if keyword in scheme.raw}
    for kind, flow in scheme.raw.get("flows", {}).items():
        asked[kind] = {keyword: url for keyword, url in flow.items() if keyword.endswith("Url")}
    return written(asked)


# --- What specshift finds ---

_SIDES = {
    ChangeType.ADDED: ("not there", "needed"),
    ChangeType.REMOVED: ("there", "gone"),
    ChangeType.MODIFIED: ("optional", "required"),
}
_INSIDE = {"parameter": "/parameters", "request_body": "/requestBody"}


def _structure(was: Contract, now: Contract) -> Iterator[Break]:
    for change in diff_specs(_outline(was), _outline(now)).breaking_changes:
        place = change.location.partition(" > ")[0]
        method, path = (
            ("", place) if place.startswith("/") else place.split(" ", 1)
        )  # a path that is gone has none
        operation = json_pointer.join("/paths", path, *([method.lower()] if method else []))
        pointer = operation + _INSIDE.get(change.category, "")
        yield Break(pointer, *_SIDES[change.change_type], change.message.removesuffix("."))


def _outline(contract: Contract) -> dict[str, Any]:
    """Return the operations, with parameters and bodies, in the form that specshift reads."""
    paths: dict[str, Any] = {}
    for operation in contract.operations:
        identities = {each.identity: each.required for each in operation.parameters}
        outline: dict[str, Any] = {
            "parameters": [
                {"in": location, "name": name, "required": required}
                for (location, name), required in identities.items()
            ]
        }
        if operation.request_body:
            outline["requestBody"] = {"required": operation.request_body.required}
        paths.setdefault(operation.path, {})[operation.method] = outline
    return {"paths": paths}
