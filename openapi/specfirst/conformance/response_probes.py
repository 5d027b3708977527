"""Probes of responses: the contract's assertions against all that a service has sent.

The validator finds what the contract rules out, coverage what it documents and no response had.
Here is what remains: what the contract leaves open and the service does not, and limits that no
value reaches.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any

from specfirst.conformance.assertions import Finding, Pointers
from specfirst.conformance.coverage import unseen_responses
from specfirst.conformance.interactions import Service
from specfirst.conformance.validator import (
    ANNOUNCED,
    Exchange,
    ResponseValidator,
    Seen,
    Violation,
    decoded,
)
from specfirst.contract.model import Example, Header, MediaType, Node, Operation, Response, Schema
from specfirst.contract.schema_validator import FORMATS

_OF_SERVER = ("connection", "date")  # of HTTP itself (RFC 9110, RFC 9112)
_LIMITS = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}

Details = Iterator[tuple[str, str]]
"""The JSON Pointers of what is not true, and what is wrong there."""


class ResponseProbes:
    """The assertions about responses."""

    def __init__(self, pointers: Pointers, service: Service, *, promises: Collection[str]) -> None:
        self._pointers = pointers
        self._service = service
        self._promises = promises
        self._validator = ResponseValidator(service.contract, of_server=_OF_SERVER)
        self._schemas: dict[str, tuple[Schema, str]] = {}
        """The schemas, and the operation through which each was reached first."""

    def findings(self) -> list[Finding]:
        """Return what is not true of the responses; call it after all requests have been sent."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for operation in self._service.operations.values():
            for pointer, detail in self._of_operation(operation):
                found[pointer, operation.id][detail] = None
        for schema, operation_id in self._schemas.values():
            for pointer, detail in self._of_schema(schema):
                found[pointer, operation_id][detail] = None
        return [
            Finding(pointer=pointer, operation=operation_id, detail="; ".join([*details][:3]))
            for (pointer, operation_id), details in found.items()
        ]

    def _of_operation(self, operation: Operation) -> Details:
        self._pointers.cover(*(f"{operation.pointer}/{keyword}" for keyword in ANNOUNCED))
        yield from self._violations(operation)
        seen = [seen for _, seen, _ in self._judged[operation.id]]
        yield from unseen_responses(operation, seen)
        for response in operation.responses.values():
            yield from self._of_response(operation, self._pointers.follow(response))

    def _violations(self, operation: Operation) -> Details:
        """Yield what the validator finds, with the last request for it."""
        for each in {
            (each.pointer, each.wrong): each
            for _, _, violations in self._judged[operation.id]
            for each in violations
        }.values():
            yield each.pointer, f"{each.wrong} ({each.request}, request {each.request_id})"

    def _of_response(self, operation: Operation, response: Response) -> Details:
        self._pointers.annotations(response.pointer)
        for header in response.headers.values():
            yield from self._of_header(self._pointers.follow(header), response)
            yield from self._of_holder(header, operation.id)
        for media in response.content.values():
            yield from self._of_holder(self._pointers.follow(media), operation.id)

    def _of_header(self, header: Header, response: Response) -> Details:
        self._pointers.annotations(header.pointer)
        self._pointers.cover(f"{header.pointer}/required", f"{header.pointer}/x-automatic")
        present = {header.key.lower() in answer.headers for answer in self._shared(response)}
        if present == {True} and not header.required:
            yield (
                header.inner("required") if "required" in header.raw else header.place,
                f"{header.key} is on every response with {response.status}; say required: true",
            )

    def _of_holder(self, node: Header | MediaType, operation_id: str) -> Details:
        for each in node.children(Node, "examples").values():
            self._pointers.annotations(self._pointers.follow(each).pointer)
        if node.schema:
            self._reach(node.schema, operation_id)
            for example in node.examples:
                yield from self._example(node.schema.pointer, example)

    def _reach(self, schema: Schema, operation_id: str) -> None:
        """Note a schema and those inside of it."""
        target = self._pointers.target(schema)
        if target.pointer not in self._schemas:
            self._schemas[target.pointer] = target, operation_id
            for inner in (*target.properties.values(), *([target.items] if target.items else ())):
                self._reach(inner, operation_id)

    def _of_schema(self, schema: Schema) -> Details:
        pointer, values = schema.pointer, self._seen[schema.pointer]
        keywords = schema.raw.keys() & {"type", "pattern", "enum", "uniqueItems", *_LIMITS}
        keywords |= {"format"} if schema.raw.get("format") in FORMATS else set()
        self._pointers.annotations(pointer)
        self._pointers.cover(*(f"{pointer}/{keyword}" for keyword in (*keywords, "required")))
        if schema.raw.get("additionalProperties") is False:
            self._pointers.cover(f"{pointer}/additionalProperties")
        for keyword in keywords if values else ():
            missing = _missing(keyword, schema.raw[keyword], values)
            if missing and f"{pointer}/{keyword}" not in self._promises:
                yield (
                    f"{pointer}/{keyword}",
                    f"no response has {', '.join(map(str, missing))}; promise no more than is "
                    "sent, or provoke it",
                )
        for example in schema.examples:
            yield from self._example(pointer, example)
        for name, each in schema.properties.items():
            yield from self._of_property(schema, name, each.place)

    def _of_property(self, schema: Schema, name: str, place: str) -> Details:
        values = [value for value in self._seen[schema.pointer] if isinstance(value, dict)]
        present = {name in value for value in values}
        if name not in schema.required and present == {True}:
            yield place, "every response has this property; say that it is required"
        if name not in schema.required and present == {False} and place not in self._promises:
            yield place, "no response has this property"

    def _example(self, schema: str, example: Example) -> Details:
        self._pointers.cover(example.pointer)
        for _, wrong in self._validator.broken(schema, example.value, "the example"):
            yield example.pointer, wrong

    def _answers(self, operation: Operation, status: str) -> list[Exchange]:
        return [each for each, _, _ in self._judged[operation.id] if str(each.status) == status]

    def _shared(self, response: Response) -> list[Exchange]:
        """Return the answers of all operations that have a response."""
        return [
            answer
            for operation in self._service.operations.values()
            for each in operation.responses.values()
            if each.pointer == response.pointer
            for answer in self._answers(operation, each.status)
        ]

    @cached_property
    def _judged(self) -> dict[str, list[tuple[Exchange, Seen, list[Violation]]]]:
        """What each operation has sent, with the verdict of the validator."""
        found = defaultdict(list)
        for exchange in self._service.exchanges:
            seen, violations = self._validator.validate(exchange)
            if seen:
                found[seen.operation].append((exchange, seen, violations))
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
        with suppress(ValueError):  # what is no JSON is for the validator
            if media and media.schema:
                self._see_body(found, media.schema, exchange.value)

    def _see_body(self, found: dict[str, list[Any]], schema: Schema, value: Any) -> None:
        target = self._pointers.target(schema)
        found[target.pointer].append(value)
        for inner, each in inside(target, value):
            self._see_body(found, inner, each)


def inside(schema: Schema, value: Any) -> Iterator[tuple[Schema, Any]]:
    """Yield the schemas inside of a schema with the values inside of a value."""
    if isinstance(value, dict):
        for name in schema.properties.keys() & value.keys():
            yield schema.properties[name], value[name]
    if isinstance(value, list) and schema.items:
        for each in value:
            yield schema.items, each


def _missing(keyword: str, said: Any, values: list[Any]) -> list[Any]:
    """Return what a keyword allows and no value has: a limit, a value of an enum, null."""
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
        len(value) if isinstance(value, str | list) else value
        for value in values
        if value is not None
    ]
    return [] if not sizes or said in sizes else [f"{keyword} {said}"]
