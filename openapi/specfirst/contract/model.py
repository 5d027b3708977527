"""The contract as an immutable model: operations, parameters, bodies, responses and schemas.

Each part is a `Node`: the JSON that the document has (`raw`), where that is defined (`pointer`),
and where it is used (`place`), which is another place behind a reference. Nodes follow references
by themselves, except schemas: beside the `$ref` of a schema other keywords may stand, so
`Schema.target` follows it when asked.

A node is made when it is first asked for and kept. Nothing here is changed after that, `raw`
included.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, TypeVar

from specfirst.contract import json_pointer
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.schemas import APPLICATORS, is_plain_reference, subschemas
from specfirst.contract.structure import METHODS

JSON = Mapping[str, Any]

PROBLEM = "application/problem+json"
"""The media type of problems (RFC 9457)."""

Security = tuple[Mapping[str, tuple[str, ...]], ...]
"""Alternatives, each of which names security schemes that are needed together, with their scopes.
"""


class Contract:
    """An OpenAPI 3.0 or 3.1 document, to be read and not to be changed."""

    def __init__(self, document: JSON, *, locate: Callable[[str], str] | None = None) -> None:
        """Hold a document; `locate` returns the file and the line of a pointer."""
        self.document = document
        self.locate = locate or (lambda _: "")

    def get(self, pointer: str) -> Any:
        """Return the JSON at a pointer, references as they are. Raises `LookupError`."""
        return json_pointer.find(self.document, pointer)

    def follow(self, place: str) -> tuple[str, ...]:
        """Return a place and those that its references lead to, the last without a reference.

        Raises `LookupError` where there is nothing, and `UnsupportedContract` for a reference that
        leads to another document, nowhere, or back to itself.
        """
        places = [place]
        node = self.get(place)
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target = self._target(places[-1], node["$ref"])
            if target in places:
                raise UnsupportedContract(f"{places[-1]}/$ref: refers to itself; break the circle")
            places.append(target)
            node = self.get(target)
        return tuple(places)

    def _target(self, place: str, reference: str) -> str:
        try:
            target = json_pointer.from_fragment(reference)
            self.get(target)
        except ValueError:
            what = "is outside of the document; move it under /components"
        except LookupError:
            what = "leads nowhere; add what it names, or fix the reference"
        else:
            return target
        raise UnsupportedContract(f"{place}/$ref: {reference} {what}") from None

    @cached_property
    def operations(self) -> "tuple[Operation, ...]":
        """The operations, in the order of the document."""
        items = (
            Node.at(self, json_pointer.join("/paths", path))
            for path in self.document.get("paths") or {}
        )
        return tuple(
            self._operation(item, method)
            for item in items
            for method in item.raw
            if method in METHODS
        )

    def _operation(self, item: "Node", method: str) -> "Operation":
        places = tuple(json_pointer.join(place, method) for place in item.places)
        return Operation(
            contract=self, places=places, raw=item.raw[method], path_item=item, method=method
        )

    @cached_property
    def by_id(self) -> "Mapping[str, Operation]":
        """The operations by their `operationId`, or by method and path where they have none."""
        return {operation.id: operation for operation in self.operations}

    @cached_property
    def problem_schema(self) -> str | None:
        """The JSON Pointer of the schema that most problems have; None if there are no problems."""
        found = Counter(
            media.schema.target.pointer
            for operation in self.operations
            for response in operation.responses.values()
            if (media := response.content.get(PROBLEM)) and media.schema
        )
        return max(found, key=lambda pointer: found[pointer], default=None)

    @cached_property
    def security_schemes(self) -> "Mapping[str, Node]":
        """The security schemes, by name."""
        schemes = (self.document.get("components") or {}).get("securitySchemes") or {}
        return {
            name: Node.at(self, json_pointer.join("/components/securitySchemes", name))
            for name in schemes
        }

    @cached_property
    def automatic_headers(self) -> "dict[str, Header]":
        """The headers that the service may add to any response: components with `x-automatic`.

        A header has the name with which a response refers to the component, or else the name of the
        component.
        """
        names = {
            header.pointer: name
            for operation in self.operations
            for response in operation.responses.values()
            for name, header in response.headers.items()
        }
        components = (self.document.get("components") or {}).get("headers") or {}
        headers = [
            Header.at(self, json_pointer.join("/components/headers", name)) for name in components
        ]
        return {
            names.get(header.pointer, header.key): header
            for header in headers
            if header.raw.get("x-automatic")
        }

    def schema(self, place: str) -> "Schema":
        """Return the schema that stands at a place; it may be a reference."""
        return Schema(contract=self, places=(place,), raw=_schema_object(self.get(place)))

    def schemas(self, keywords: Collection[str] = APPLICATORS) -> "Iterator[Schema]":
        """Yield each schema of the document once, outer ones first; no reference is followed.

        Inner ones are looked for under these keywords.
        """
        for place in self._schema_places():
            yield from self.schema(place).inside(keywords)

    def _schema_places(self) -> Iterator[str]:
        """Yield the places of the outermost schemas: of components, requests and responses."""
        components = self.document.get("components") or {}
        yield from (
            json_pointer.join("/components/schemas", name)
            for name in components.get("schemas") or {}
        )
        for kind in ("parameters", "requestBodies", "responses", "headers"):
            for name in components.get(kind) or {}:
                yield from self._held(json_pointer.join("/components", kind, name))
        seen = set()
        for operation in self.operations:
            for holder in (operation.path_item.pointer, operation.pointer):
                if holder not in seen:
                    seen.add(holder)
                    parameters = self.get(holder).get("parameters") or ()
                    for number, _ in enumerate(parameters):
                        yield from self._held(json_pointer.join(holder, "parameters", number))
            if "requestBody" in operation.raw:
                yield from self._held(json_pointer.join(operation.pointer, "requestBody"))
            for status in operation.raw.get("responses") or {}:
                yield from self._held(json_pointer.join(operation.pointer, "responses", status))

    def _held(self, holder: str) -> Iterator[str]:
        """Yield the places of the schemas in a parameter, body, response or header."""
        node = self.get(holder)
        if "$ref" in node:
            return
        if "schema" in node:
            yield json_pointer.join(holder, "schema")
        for kind in ("content", "headers"):
            for name in node.get(kind) or {}:
                yield from self._held(json_pointer.join(holder, kind, name))


def _schema_object(schema: Any) -> JSON:
    """Return `true` and `false` as the objects that mean the same."""
    if isinstance(schema, bool):
        return {} if schema else {"not": True}
    found: JSON = schema
    return found


@dataclass(frozen=True, kw_only=True)
class Node:
    """An object of the document, and where it stands. Nodes at the same places are equal."""

    contract: Contract = field(repr=False, compare=False)
    places: tuple[str, ...]
    """Where it is used and, behind that, where its references lead."""
    raw: JSON = field(repr=False, compare=False)

    @classmethod
    def at(cls, contract: Contract, place: str, **own: Any) -> Self:
        """Return what stands at a place, or what it refers to. Raises as `Contract.follow` does."""
        places = contract.follow(place)
        return cls(contract=contract, places=places, raw=contract.get(places[-1]), **own)

    @property
    def place(self) -> str:
        """The JSON Pointer of where it is used."""
        return self.places[0]

    @property
    def pointer(self) -> str:
        """The JSON Pointer of where it is defined."""
        return self.places[-1]

    @property
    def is_shared(self) -> bool:
        """Whether it is used by a reference."""
        return len(self.places) > 1

    @property
    def key(self) -> str:
        """The last token of its place: a status, a media type, the name of a header."""
        return json_pointer.parse(self.place)[-1]

    @property
    def component(self) -> str:
        """The last token of the place where it is defined: the name of a component."""
        return json_pointer.parse(self.pointer)[-1]

    @property
    def description(self) -> str:
        """Its description, empty where it has none."""
        return str(self.raw.get("description") or "").strip()

    def inner(self, *tokens: str | int) -> str:
        """Return the pointer of what is inside of it, as far as there is something."""
        pointer, node = self.pointer, self.raw
        for token in tokens:
            if not isinstance(node, dict) or token not in node:
                break
            pointer, node = json_pointer.join(pointer, token), node[token]
        return pointer

    def children(self, kind: "type[Part]", keyword: str) -> "dict[str, Part]":
        """Return the nodes of one kind that a keyword lists by name."""
        names = self.raw.get(keyword) or {}
        return {
            str(name): kind.at(self.contract, json_pointer.join(self.pointer, keyword, name))
            for name in names
        }


Part = TypeVar("Part", bound=Node)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A value that the document shows, and the JSON Pointer of it."""

    pointer: str
    value: Any
    name: str | None = None
    """Its name among several; examples of one name belong together."""


class _Holder(Node):
    """A node that holds a schema and shows examples of it."""

    @cached_property
    def schema(self) -> "Schema | None":
        """What its values have to be; for a parameter or a header with `content`, see there."""
        return (
            self.contract.schema(json_pointer.join(self.pointer, "schema"))
            if "schema" in self.raw
            else None
        )

    @cached_property
    def content(self) -> "dict[str, MediaType]":
        """Its media types, in the order of the document."""
        return self.children(MediaType, "content")

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The values of `example` and `examples`; `externalValue` is left out."""
        return tuple(self._examples())

    def _examples(self) -> Iterator[Example]:
        if "example" in self.raw:
            yield Example(
                pointer=json_pointer.join(self.pointer, "example"), value=self.raw["example"]
            )
        for each in self.children(Node, "examples").values():
            if "value" in each.raw:
                yield Example(
                    pointer=json_pointer.join(each.pointer, "value"),
                    value=each.raw["value"],
                    name=each.key,
                )


class MediaType(_Holder):
    """A media type of a body; `key` is its name, as the document writes it."""


class Header(_Holder):
    """A header of a response; `key` is its name."""

    @property
    def required(self) -> bool:
        """Whether each response has it."""
        return self.raw.get("required") is True


class RequestBody(_Holder):
    """The body of a request."""

    @property
    def required(self) -> bool:
        """Whether a request has to have one."""
        return self.raw.get("required") is True


class Response(_Holder):
    """A documented response; `key` is its status, a range such as `4XX`, or `default`."""

    @property
    def status(self) -> str:
        """The status, as the document writes it."""
        return self.key

    @cached_property
    def headers(self) -> dict[str, Header]:
        """The headers, in the order of the document."""
        return self.children(Header, "headers")

    @cached_property
    def links(self) -> dict[str, Node]:
        """The links to other operations."""
        return self.children(Node, "links")


class Parameter(_Holder):
    """A parameter of an operation."""

    @property
    def name(self) -> str:
        """The name that a request has."""
        return str(self.raw.get("name", ""))

    @property
    def location(self) -> str:
        """Where it stands in a request: `path`, `query`, `header` or `cookie`."""
        return str(self.raw.get("in", ""))

    @property
    def identity(self) -> tuple[str, str]:
        """Location and name, unique in an operation; header names are in lower case."""
        return self.location, self.name.lower() if self.location == "header" else self.name

    @property
    def required(self) -> bool:
        """Whether a request has to have it; what stands in a path always."""
        return self.raw.get("required") is True or self.location == "path"

    @property
    def style(self) -> str:
        """Its style, or the default of its location (OpenAPI 3.1, section 4.8.12.2)."""
        return str(
            self.raw.get("style") or ("form" if self.location in ("query", "cookie") else "simple")
        )

    @property
    def explode(self) -> bool:
        """Whether each value of an array or an object is written by itself."""
        return bool(self.raw.get("explode", self.style == "form"))


@dataclass(frozen=True, kw_only=True)
class Operation(Node):
    """An operation: a method of a path."""

    path_item: Node = field(repr=False)
    method: str
    """In lower case, as the document writes it."""

    @property
    def path(self) -> str:
        """The path, a template such as `/authors/{author_id}`."""
        return self.path_item.key

    @property
    def id(self) -> str:
        """Its `operationId`; method and path where it has none."""
        return str(self.raw.get("operationId") or f"{self.method.upper()} {self.path}")

    @property
    def summary(self) -> str:
        """Its summary, empty where it has none."""
        return str(self.raw.get("summary") or "").strip()

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""
        return tuple(map(str, self.raw.get("tags") or ()))

    @property
    def is_deprecated(self) -> bool:
        """Whether it will go."""
        return self.raw.get("deprecated") is True

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters; they override those of the path item that have the same identity."""
        own = self._parameters(self)
        identities = {each.identity for each in own}
        return (
            *(each for each in self._parameters(self.path_item) if each.identity not in identities),
            *own,
        )

    def _parameters(self, holder: Node) -> tuple[Parameter, ...]:
        count = len(holder.raw.get("parameters") or ())
        places = (
            json_pointer.join(holder.pointer, "parameters", number) for number in range(count)
        )
        return tuple(Parameter.at(self.contract, place) for place in places)

    @property
    def if_match(self) -> Parameter | None:
        """Its `If-Match`, which makes a change conditional (RFC 9110, section 13.1.1)."""
        return self._header("if-match")

    @property
    def is_revalidated(self) -> bool:
        """Whether it answers an `If-None-Match` with 304 (RFC 9110, section 13.1.2)."""
        has_condition = self._header("if-none-match") is not None
        return self.method == "get" and has_condition and "304" in self.responses

    def _header(self, name: str) -> Parameter | None:
        return next((each for each in self.parameters if each.identity == ("header", name)), None)

    @cached_property
    def request_body(self) -> RequestBody | None:
        """The body of its requests, if they have one."""
        place = json_pointer.join(self.pointer, "requestBody")
        return RequestBody.at(self.contract, place) if "requestBody" in self.raw else None

    @cached_property
    def responses(self) -> dict[str, Response]:
        """The documented responses, by status."""
        return self.children(Response, "responses")

    @cached_property
    def cursors(self) -> frozenset[str]:
        """The names of parameters whose values a response issues: `cursor` with `next_cursor`."""
        issued = {
            name
            for status, response in self.responses.items()
            for media in (response.content.values() if status.startswith("2") else ())
            if media.schema
            for name in media.schema.target.properties
        }
        return frozenset(each.name for each in self.parameters if f"next_{each.name}" in issued)

    @property
    def security(self) -> Security:
        """The security requirements that apply to it; none if it is open to all."""
        alternatives = self.contract.get(self.security_pointer) if self._is_secured else ()
        return tuple(
            {name: tuple(scopes or ()) for name, scopes in each.items()}
            for each in alternatives or ()
        )

    @property
    def security_pointer(self) -> str:
        """Where the security stands, or would stand, that holds for it."""
        return (
            json_pointer.join(self.pointer, "security") if "security" in self.raw else "/security"
        )

    @property
    def _is_secured(self) -> bool:
        return "security" in self.raw or "security" in self.contract.document

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What its paths look like, a group for each parameter (OpenAPI 3.1, section 4.8.8.2)."""
        return path_pattern(self.path)

    def schemas(self, keywords: Collection[str] = APPLICATORS) -> "Iterator[Schema]":
        """Yield each schema that a request or a response has, references followed, none twice.

        Inner ones are looked for under these keywords.
        """
        bodies = [self.request_body] if self.request_body else []
        seen: set[str] = set()
        for holder in (*self.parameters, *bodies, *self.responses.values()):
            for schema in _outermost(holder):
                yield from schema.reachable(seen, keywords)


def _outermost(holder: Node) -> "Iterator[Schema]":
    """Yield the schemas of a parameter, a body, a response with its headers, or a media type."""
    if isinstance(holder, _Holder):
        yield from [holder.schema] if holder.schema else []
        for media in holder.content.values():
            yield from _outermost(media)
    if isinstance(holder, Response):
        for header in holder.headers.values():
            yield from _outermost(header)


def path_pattern(template: str) -> re.Pattern[str]:
    """Return what the paths of a template look like, a group for each of its parameters."""
    parts = re.split(r"(\{.+?\})", template)
    return re.compile("".join("([^/]+)" if part[:1] == "{" else re.escape(part) for part in parts))


@dataclass(frozen=True, kw_only=True)
class Schema(Node):
    """A schema where it stands; `raw` may be a reference, with other keywords beside it."""

    @cached_property
    def target(self) -> "Schema":
        """The schema that the last of its references leads to; itself where it is none."""
        if "$ref" not in self.raw:
            return self
        places = self.contract.follow(self.pointer)
        return Schema(
            contract=self.contract, places=places, raw=_schema_object(self.contract.get(places[-1]))
        )

    def annotation(self, keyword: str) -> Any:
        """Return an annotation, from beside the reference or from its target; None without one."""
        return self.raw.get(keyword, self.target.raw.get(keyword))

    @property
    def types(self) -> tuple[str, ...]:
        """The types that the keyword `type` allows; none where it says nothing."""
        given = self.raw.get("type", ())
        return (given,) if isinstance(given, str) else tuple(given)

    @cached_property
    def properties(self) -> "dict[str, Schema]":
        """The schemas of its properties."""
        return {str(tokens[1]): schema for tokens, schema in self._subschemas(("properties",))}

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the properties that have to be there."""
        return tuple(self.raw.get("required") or ())

    @cached_property
    def items(self) -> "Schema | None":
        """What each item of an array has to be."""
        return next((schema for _, schema in self._subschemas(("items",))), None)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples: those of `examples`, and that of `example` (OpenAPI 3.0)."""
        shown: list[tuple[tuple[str | int, ...], Any]] = []
        shown += [
            (("examples", number), value)
            for number, value in enumerate(self.raw.get("examples") or ())
        ]
        shown += [(("example",), self.raw["example"])] if "example" in self.raw else []
        return tuple(
            Example(pointer=json_pointer.join(self.pointer, *tokens), value=value)
            for tokens, value in shown
        )

    def subschemas(self, keywords: Collection[str] = APPLICATORS) -> "Iterator[Schema]":
        """Yield the schemas directly inside of it, under these keywords."""
        yield from (schema for _, schema in self._subschemas(keywords))

    def _subschemas(
        self, keywords: Collection[str]
    ) -> "Iterator[tuple[tuple[str | int, ...], Schema]]":
        for tokens, _ in subschemas(self.raw, keywords):
            yield tokens, self.contract.schema(json_pointer.join(self.pointer, *tokens))

    def inside(self, keywords: Collection[str] = APPLICATORS) -> "Iterator[Schema]":
        """Yield it and the schemas inside it, under these keywords; no reference is followed."""
        yield self
        for schema in self.subschemas(keywords):
            yield from schema.inside(keywords)

    def reachable(
        self, seen: set[str] | None = None, keywords: Collection[str] = APPLICATORS
    ) -> "Iterator[Schema]":
        """Yield its target and the schemas inside that, references followed.

        Each is yielded once, and none that was `seen`.
        """
        seen = set() if seen is None else seen
        if self.target.pointer not in seen:
            seen.add(self.target.pointer)
            yield self.target
            for schema in self.target.subschemas(keywords):
                yield from schema.reachable(seen, keywords)

    @property
    def is_plain_reference(self) -> bool:
        """Whether it is a reference with nothing beside it that bounds a value."""
        return is_plain_reference(self.raw)
