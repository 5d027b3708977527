"""Probes of responses: what the contract asserts of them, compared with all that a service has
sent.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, cached_property, partial
from typing import Any

from specfirst.conformance.assertions import Assertion, Pointers
from specfirst.conformance.boundary_values import FORMATS, Body
from specfirst.conformance.interactions import Service
from specfirst.conformance.validator import (
    PROTOCOL_HEADERS,
    Exchange,
    ResponseValidator,
    decoded,
)
from specfirst.contract.model import Header, MediaType, Node, Operation, Response, Schema

OF_HTTP = PROTOCOL_HEADERS | {"connection", "date"}
"""Headers that belong to HTTP itself (RFC 9110, RFC 9112), of which OpenAPI says nothing."""

ANNOUNCED: dict[str, tuple[str, Callable[[str], datetime]]] = {
    "x-deprecated-since": (
        "deprecation",
        lambda value: datetime.fromtimestamp(int(value.removeprefix("@")), UTC),
    ),
    "x-sunset": ("sunset", parsedate_to_datetime),
}
"""The dates of a deprecated operation, and the headers in which its responses announce them (RFC
9745, RFC 8594).
"""

_OF_INNER = ("properties", "required", "items")
_LIMITS = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}


class ResponseProbes:
    """The assertions about responses."""

    def __init__(self, pointers: Pointers, service: Service, *, promises: Collection[str]) -> None:
        self._pointers = pointers
        self._service = service
        self._promises = promises
        self._schemas: dict[str, tuple[Schema, str]] = {}
        """The schemas, and the operation through which each was reached first."""

    def assertions(self) -> Iterator[Assertion]:
        """Yield the assertions; probe them after all requests have been sent."""
        for operation in self._service.operations.values():
            yield from self._responses(operation)
        for schema, operation_id in list(self._schemas.values()):
            yield from self._schema(schema, operation_id)

    def unknown_properties(self, schema: Schema, value: Any) -> set[str]:
        """Return the pointers of the schemas that do not describe a property of a value."""
        target = self._pointers.target(schema)
        known = target.properties.keys()
        has_others = isinstance(value, dict) and known and value.keys() - known
        found = {f"{target.pointer}/properties"} if has_others else set()
        for inner, each in inside(target, value):
            found |= self.unknown_properties(inner, each)
        return found

    def _responses(self, operation: Operation) -> Iterator[Assertion]:
        probe = partial(self._other_statuses, operation)
        yield Assertion(
            pointer=f"{operation.pointer}/responses", operation=operation.id, probe=probe
        )
        for response in operation.responses.values():
            yield from self._response(operation, self._pointers.follow(response))
        for keyword in operation.raw.keys() & ANNOUNCED.keys():
            pointer = f"{operation.pointer}/{keyword}"
            self._pointers.cover(pointer)
            probe = partial(self._announcement, operation, keyword, _moment(operation.raw[keyword]))
            yield Assertion(pointer=pointer, operation=operation.id, probe=probe)

    def _announcement(self, operation: Operation, keyword: str, said: datetime) -> Iterator[str]:
        header, read = ANNOUNCED[keyword]
        told = {answer.headers.get(header, "") for answer in self._by_operation[operation.pointer]}
        for value in sorted(told):
            if not _tells(value, read, said):
                yield f"an answer has {f'{header}: {value}' if value else f'no {header}'}"

    def _other_statuses(self, operation: Operation) -> Iterator[str]:
        answers = reversed(self._by_operation[operation.pointer])
        first = {str(each.status): each.headers.get("x-request-id") for each in answers}
        for status in sorted(first.keys() - operation.responses.keys()):
            yield f"the service answers {status} as well (request {first[status]}); document it, or fix the service"

    def _response(self, operation: Operation, response: Response) -> Iterator[Assertion]:
        self._pointers.annotations(response.pointer)

        def assertion(place: str, probe: Any, *arguments: Any) -> Assertion:
            return Assertion(
                pointer=place,
                operation=operation.id,
                probe=partial(probe, operation, response.status, *arguments),
            )

        yield assertion(response.place, self._status)
        announced = {ANNOUNCED[keyword][0] for keyword in operation.raw.keys() & ANNOUNCED.keys()}
        yield assertion(response.pointer, self._other_headers, announced, response)
        for header in response.headers.values():
            yield from self._header(self._pointers.follow(header), operation.id, assertion)
        yield assertion(response.inner("content"), self._other_media, response)
        for media in response.content.values():
            yield from self._media(self._pointers.follow(media), operation.id, assertion)

    def _status(self, operation: Operation, status: str) -> Iterator[str]:
        if not self._answers(operation, status):
            yield "no response had this status; drop it, or let the probes provoke it"

    def _other_headers(
        self, operation: Operation, status: str, announced: set[str], response: Response
    ) -> Iterator[str]:
        documented = operation.contract.automatic_headers | response.headers
        known = OF_HTTP | announced | {name.lower() for name in documented}
        sent = {name for answer in self._answers(operation, status) for name in answer.headers}
        for name in sorted(sent - known):
            yield f"the service sends {name} with {status} as well; document the header, or fix the service"

    def _header(self, header: Header, operation_id: str, assertion: Any) -> Iterator[Assertion]:
        self._pointers.annotations(header.pointer)
        self._pointers.cover(f"{header.pointer}/required", f"{header.pointer}/x-automatic")
        at = f"{header.pointer}/required" if "required" in header.raw else header.place
        yield assertion(at, self._presence, header)
        if header.schema:
            yield from self._examples(header.schema, header, assertion)
            self._reach(header.schema, operation_id)

    def _presence(self, operation: Operation, status: str, header: Header) -> Iterator[str]:
        name = header.key
        present = {name.lower() in answer.headers for answer in self._answers(operation, status)}
        if header.required and False in present:
            yield f"{name} is missing on an answer with {status}"
        if present == {False}:
            yield f"{name} is on no answer with {status}"
        if present == {True} and not header.required:
            yield f"{name} is on every answer with {status}; say required: true"

    def _other_media(self, operation: Operation, status: str, response: Response) -> Iterator[str]:
        documented = response.content.keys()
        sent = {answer.media_type for answer in self._answers(operation, status)}
        if documented <= sent or not documented:  # else `_media_type` tells
            for media_type in sorted(filter(None, sent - documented)):
                yield f"the service answers with {media_type}; document it, or fix the service"

    def _media(self, media: MediaType, operation_id: str, assertion: Any) -> Iterator[Assertion]:
        yield assertion(media.pointer, self._media_type, media.key)
        if media.schema:
            yield from self._examples(media.schema, media, assertion)
            self._reach(media.schema, operation_id)

    def _media_type(self, operation: Operation, status: str, media_type: str) -> Iterator[str]:
        answers = self._answers(operation, status)
        sent = {answer.media_type for answer in answers}
        if answers and media_type not in sent:
            yield f"the service answers with {', '.join(sorted(sent))}"

    def _examples(
        self, schema: Schema, node: Header | MediaType, assertion: Any
    ) -> Iterator[Assertion]:
        """Yield a assertion for the example of a media type or a header, and for each of several."""
        for each in node.children(Node, "examples").values():
            self._pointers.annotations(self._pointers.follow(each).pointer)
        for example in node.examples:
            self._pointers.cover(example.pointer)
            yield assertion(example.pointer, self._example, schema, example.value)

    def _example(self, _: Operation, status: str, schema: Schema, value: Any) -> Iterator[str]:
        for keyword in Body(self._pointers.target(schema).raw, self._service.contract).broken(
            value
        ):
            yield f"the example of {status} breaks {keyword} of its schema"
        for unknown in self.unknown_properties(schema, value):
            yield f"the example has properties that {unknown} does not know"

    def _reach(self, schema: Schema, operation_id: str) -> None:
        """Note a schema and those inside of it."""
        target = self._pointers.target(schema)
        if target.pointer not in self._schemas:
            self._schemas[target.pointer] = target, operation_id
            for inner in (*target.properties.values(), *([target.items] if target.items else ())):
                self._reach(inner, operation_id)

    def _schema(self, schema: Schema, operation_id: str) -> Iterator[Assertion]:
        pointer = schema.pointer
        self._pointers.annotations(pointer)

        def assertion(place: str, probe: Any, *arguments: Any) -> Assertion:
            self._pointers.cover(place)
            return Assertion(
                pointer=place, operation=operation_id, probe=partial(probe, schema, *arguments)
            )

        for keyword in schema.raw.keys() & {"type", "pattern", "enum", *_LIMITS}:
            yield assertion(f"{pointer}/{keyword}", self._keyword, keyword)
        if schema.raw.get("format") in FORMATS:
            yield assertion(f"{pointer}/format", self._keyword, "format")
        for index, value in enumerate(schema.raw.get("examples", [])):
            yield assertion(f"{pointer}/examples/{index}", self._schema_example, value)
        yield from self._properties(schema, operation_id, assertion)

    def _properties(self, schema: Schema, operation_id: str, assertion: Any) -> Iterator[Assertion]:
        pointer = schema.pointer
        for index, name in enumerate(schema.required):
            yield assertion(f"{pointer}/required/{index}", self._required, name)
        for name, each in schema.properties.items():
            yield Assertion(
                pointer=each.place,
                operation=operation_id,
                probe=partial(self._optional, schema, name),
            )
        if schema.properties:
            probe = partial(self._other_properties, schema)
            yield Assertion(pointer=f"{pointer}/properties", operation=operation_id, probe=probe)
        if schema.raw.get("additionalProperties") is False:
            self._pointers.cover(f"{pointer}/additionalProperties")

    def _keyword(self, schema: Schema, keyword: str) -> Iterator[str]:
        values = self._values(schema)
        wrong = [value for value, broken in values if keyword in broken]
        if wrong:
            yield f"the service answers with {str(wrong[0])[:80]!r}"
        elif values and f"{schema.pointer}/{keyword}" not in self._promises:
            missing = _missing(keyword, schema.raw[keyword], [value for value, _ in values])
            if missing:
                yield f"no answer has {', '.join(map(str, missing))}; say no more than what comes, or provoke it"

    def _schema_example(self, schema: Schema, value: Any) -> Iterator[str]:
        for keyword in Body(schema.raw, self._service.contract).broken(value):
            yield f"the example breaks {keyword}"

    def _required(self, schema: Schema, name: str) -> Iterator[str]:
        if any(
            isinstance(value, dict) and name not in value for value in self._seen[schema.pointer]
        ):
            yield f"an answer lacks {name}"

    def _optional(self, schema: Schema, name: str) -> Iterator[str]:
        is_required = name in schema.required
        present = {name in value for value in self._seen[schema.pointer] if isinstance(value, dict)}
        if (
            present == {False}
            and not is_required
            and schema.properties[name].place not in self._promises
        ):
            yield "no answer has this property"
        if present == {True} and not is_required:
            yield "every answer has this property; say that it is required"

    def _other_properties(self, schema: Schema) -> Iterator[str]:
        known, seen = schema.properties.keys(), self._seen[schema.pointer]
        others = {
            name for value in seen if isinstance(value, dict) for name in value.keys() - known
        }
        if others:
            yield f"answers have {', '.join(sorted(others))} as well; document them, or fix the service"

    def _values(self, schema: Schema) -> list[tuple[Any, set[str]]]:
        """Return the values that responses have at a schema, each with the keywords that it breaks."""
        if schema.pointer not in self._judged:
            shallow = {
                keyword: said for keyword, said in schema.raw.items() if keyword not in _OF_INNER
            }
            body = Body(shallow, self._service.contract)
            different = {repr(value): value for value in map(_shallow, self._seen[schema.pointer])}
            self._judged[schema.pointer] = [
                (value, body.broken(value)) for value in different.values()
            ]
        return self._judged[schema.pointer]

    @cached_property
    def _judged(self) -> dict[str, list[tuple[Any, set[str]]]]:
        return {}

    def _answers(self, operation: Operation, status: str) -> list[Exchange]:
        return [
            each for each in self._by_operation[operation.pointer] if str(each.status) == status
        ]

    @cached_property
    def _by_operation(self) -> dict[str, list[Exchange]]:
        found = defaultdict(list)
        operation = cache(ResponseValidator(self._service.contract).operation)
        for exchange in self._service.exchanges:
            if asked := operation(exchange.method, exchange.path):
                found[asked.pointer].append(exchange)
        return found

    @cached_property
    def _seen(self) -> dict[str, list[Any]]:
        """The values that responses have at each schema."""
        found: dict[str, list[Any]] = defaultdict(list)
        for operation in self._service.operations.values():
            for response in operation.responses.values():
                answers = self._answers(operation, response.status)
                for exchange in {
                    (each.media_type, each.body): each for each in answers
                }.values():  # each body once
                    self._see(found, response, exchange)
        return found

    def _see(self, found: dict[str, list[Any]], response: Response, exchange: Exchange) -> None:
        for name, header in response.headers.items():
            if header.schema and name.lower() in exchange.headers:
                target = self._pointers.target(header.schema)
                found[target.pointer].append(decoded(exchange.headers[name.lower()], header.schema))
        media = response.content.get(exchange.media_type)
        if media and media.schema:
            self._see_body(found, media.schema, exchange.value)

    def _see_body(self, found: dict[str, list[Any]], schema: Schema, value: Any) -> None:
        target = self._pointers.target(schema)
        found[target.pointer].append(value)
        for inner, each in inside(target, value):
            self._see_body(found, inner, each)


def _tells(value: str, read: Callable[[str], datetime], said: datetime) -> bool:
    try:
        return read(value) == said
    except ValueError:
        return False


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC)


def inside(schema: Schema, value: Any) -> Iterator[tuple[Schema, Any]]:
    """Yield the schemas inside of a schema with the values inside of a value."""
    if isinstance(value, dict):
        for name in schema.properties.keys() & value.keys():
            yield schema.properties[name], value[name]
    if isinstance(value, list) and schema.items:
        for each in value:
            yield schema.items, each


def _shallow(value: Any) -> Any:
    """Return what stands for an object or an array where what is inside of it does not matter."""
    return (
        {} if isinstance(value, dict) else [None] * len(value) if isinstance(value, list) else value
    )


def _missing(keyword: str, said: Any, values: list[Any]) -> list[Any]:
    """Return what a keyword allows and no value has: a limit that none reaches, a value of an enum,
    null.
    """
    if keyword == "enum":
        return [each for each in said if each not in values]
    if keyword == "type" and isinstance(said, list):
        nulls = {value is None for value in values}
        return ([] if True in nulls else ["null"]) + (
            [] if False in nulls else ["anything but null"]
        )
    if keyword not in _LIMITS:
        return []
    sizes = [
        value if keyword in ("minimum", "maximum") else len(value)
        for value in values
        if value is not None
    ]
    return [] if not sizes or said in sizes else [f"{keyword} {said}"]
