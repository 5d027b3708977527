"""Requests that lead to the problem that an example shows: a right one, spoiled in what the problem names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx

from specfirst.conformance.candidates import Body, Text
from specfirst.conformance.claims import Pointers
from specfirst.conformance.exchanges import ABSENT, Request
from specfirst.contract import json_pointer
from specfirst.contract.document import Document, resolve

_WORDS = ("enum", "minLength", "maxLength", "minimum", "maximum", "type", "pattern", "format")

Send = Callable[[Request], httpx.Response]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A request that may be answered with a problem."""

    request: Request
    first: Request | None = None
    """What is sent before it, on the same data."""
    client: httpx.Client | None = None
    """The service to ask where it is another one."""


class Provoking:
    """Knows what to do to a request for the service to answer with a problem."""

    def __init__(self, pointers: Pointers, *, send: Send, away: httpx.Client, largest_body: int) -> None:
        self._pointers = pointers
        self._send = send
        self._away = away
        self._largest_body = largest_body

    def attempts(self, right: Request, status: str, problem: Any, creation: Request | None) -> Iterator[Attempt]:
        """Yield what may be answered with a problem; `creation` makes another one of what the request is about."""
        if status == "503":
            yield Attempt(request=right, client=self._away)
        yield Attempt(request=right)
        if right.body is not ABSENT:
            yield Attempt(request=replace(right, media_type="text/plain"))
            yield Attempt(request=replace(right, body=b" " * (self._largest_body + 1)))
            yield Attempt(request=replace(right, body=ABSENT, media_type=None))
            yield Attempt(request=replace(right, body=b"{"))
        errors: list[Document] = problem.get("errors", []) if isinstance(problem, dict) else []
        if status == "409" and creation:
            yield from self._conflicts(right, errors, creation)
        for error in errors[:-1]:
            right = self._with(right, error)
        for error in errors[-1:]:
            yield from (Attempt(request=request) for request in self._spoiled(right, error, _quoted(problem)))

    def _conflicts(self, right: Request, errors: list[Document], creation: Request) -> Iterator[Attempt]:
        """Yield requests for what another one has got just before."""
        yield Attempt(request=right, first=creation)
        for error in errors[-1:]:
            spoiled = zip(self._spoiled(right, error, []), self._spoiled(creation, error, []), strict=False)
            yield from (Attempt(request=request, first=first) for request, first in spoiled)

    def _with(self, right: Request, error: Document) -> Request:
        """Return the request with something that is wrong in just this way, one of several."""
        for request in self._spoiled(right, error, _quoted(error)):
            answer = self._send(request)
            if answer.is_client_error and error in answer.json().get("errors", []):
                return request
        return right

    def _spoiled(self, right: Request, error: Document, quoted: list[Any]) -> Iterator[Request]:
        """Yield requests with other values at the place that an error names."""
        part, pointer = str(error.get("in")), str(error.get("pointer"))
        at = json_pointer.parse(pointer)
        if part == "query" or (part == "body" and right.body is not ABSENT):
            for value in self._wrong(right, part, at, quoted):
                yield right.having(part, at, value)

    def _wrong(self, right: Request, part: str, steps: tuple[str, ...], quoted: list[Any]) -> Iterator[Any]:
        schema = self._query_schema(right, steps) if part == "query" else self._body_schema(right, steps)
        if schema is None:
            yield "1"  # the name itself is wrong
            return
        values = (Text if part == "query" else Body)(schema, self._pointers.document)
        yield from quoted
        yield ABSENT
        for word in _WORDS:
            yield from values.near(word, set()) if word in schema else []
        if part == "query":
            yield ["1", "1"]  # repeated
            yield from values.near("type", set())

    def _query_schema(self, right: Request, steps: tuple[str, ...]) -> Document | None:
        for pointer, _ in right.operation.parameters:
            parameter = self._pointers.at(pointer)[1]
            if (parameter["in"], parameter["name"]) == ("query", *steps):
                return resolve(self._pointers.document, parameter.get("schema", {}))
        return None

    def _body_schema(self, right: Request, steps: tuple[str, ...]) -> Document | None:
        body = self._pointers.at(f"{right.operation.pointer}/requestBody")[1]
        schema = resolve(self._pointers.document, body["content"][right.media_type].get("schema", {}))
        for step in steps:
            if step not in schema.get("properties", {}):
                return None
            schema = resolve(self._pointers.document, schema["properties"][step])
        return schema


def _quoted(problem: Document) -> list[Any]:
    """Return the numbers and the names in the texts of a problem: it may speak of what was sent."""
    texts = [problem.get("detail", ""), *(each.get("detail", "") for each in problem.get("errors", []))]
    found = [each for detail in texts for each in re.findall(r"\d+|'[^']*'", str(detail))]
    return [int(each) if each.isdigit() else each.strip("'") for each in found]
