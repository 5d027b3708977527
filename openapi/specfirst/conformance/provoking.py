"""Requests that provoke the problem of an example: a valid one, broken where it points."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from specfirst.conformance.assertions import Pointers
from specfirst.conformance.boundary_values import Body, Text
from specfirst.conformance.conditional import OTHER
from specfirst.conformance.interactions import ABSENT, LogIn, Request, with_wrong_credentials
from specfirst.contract import json_pointer
from specfirst.contract.model import JSON, Schema
from specfirst.contract.schema_validator import SchemaValidator

_KEYWORDS = ("enum", "minLength", "maxLength", "minimum", "maximum", "type", "pattern", "format")

_CONDITIONS = {"412": OTHER, "428": ABSENT}  # values of If-Match

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

    def __init__(
        self,
        pointers: Pointers,
        *,
        send: Send,
        others: Mapping[str, httpx.Client],
        lacking: LogIn,
        largest_body: int,
    ) -> None:
        self._schemas = SchemaValidator(pointers.contract)
        self._send = send
        self._others = others
        self._lacking = lacking
        self._largest_body = largest_body

    def attempts(
        self, right: Request, status: str, problem: Any, creation: Request | None
    ) -> Iterator[Attempt]:
        """Yield the candidates for a problem; `creation` makes another resource."""
        if status in self._others:
            yield Attempt(request=right, client=self._others[status])
        if status == "401":
            for scheme in right.operation.contract.security_schemes.values():
                yield Attempt(request=with_wrong_credentials(right, scheme.raw))
            yield Attempt(request=replace(right, is_logged_in=False))
        if status == "403":
            headers = dict(self._lacking(right.operation))
            yield Attempt(request=replace(right, headers=headers, is_logged_in=False))
        if status in _CONDITIONS:
            condition = _CONDITIONS[status]
            yield Attempt(request=right.having("headers", ("If-Match",), condition))
        yield Attempt(request=right)
        if right.body is not ABSENT:
            yield Attempt(request=replace(right, media_type="text/plain"))
            yield Attempt(request=replace(right, body=b" " * (self._largest_body + 1)))
            yield Attempt(request=replace(right, body=ABSENT, media_type=None))
            yield Attempt(request=replace(right, body=b"{"))
        errors: list[JSON] = problem.get("errors", []) if isinstance(problem, dict) else []
        if status == "409" and creation:
            yield from self._conflicts(right, errors, creation)
        for error in errors[:-1]:
            right = self._with(right, error)
        for error in errors[-1:]:
            yield from (
                Attempt(request=request)
                for request in self._spoiled(right, error, _quoted(problem))
            )

    def _conflicts(
        self, right: Request, errors: list[JSON], creation: Request
    ) -> Iterator[Attempt]:
        """Yield requests for what another one has got just before."""
        yield Attempt(request=right, first=creation)
        for error in errors[-1:]:
            spoiled = zip(
                self._spoiled(right, error, []), self._spoiled(creation, error, []), strict=False
            )
            yield from (Attempt(request=request, first=first) for request, first in spoiled)

    def _with(self, right: Request, error: JSON) -> Request:
        """Return the request with something that is wrong in just this way, one of several."""
        for request in self._spoiled(right, error, _quoted(error)):
            answer = self._send(request)
            if answer.is_client_error and error in answer.json().get("errors", []):
                return request
        return right

    def _spoiled(self, right: Request, error: JSON, quoted: list[Any]) -> Iterator[Request]:
        """Yield requests with other values at the place that an error names."""
        part, pointer = str(error.get("in")), str(error.get("pointer"))
        at = json_pointer.parse(pointer)
        if part == "query" or (part == "body" and right.body is not ABSENT):
            for value in self._wrong(right, part, at, quoted):
                yield right.having(part, at, value)

    def _wrong(
        self, right: Request, part: str, steps: tuple[str, ...], quoted: list[Any]
    ) -> Iterator[Any]:
        schema = (
            self._query_schema(right, steps) if part == "query" else self._body_schema(right, steps)
        )
        if schema is None:
            yield "1"  # the name itself is wrong
            return
        values = (Text if part == "query" else Body)(schema, self._schemas)
        yield from quoted
        yield ABSENT
        for keyword in _KEYWORDS:
            yield from values.near(keyword, set()) if keyword in schema.raw else []
        if part == "query":
            yield ["1", "1"]  # repeated
            yield from values.near("type", set())

    def _query_schema(self, right: Request, steps: tuple[str, ...]) -> Schema | None:
        for each in right.operation.parameters:
            if each.identity == ("query", *steps) and each.schema:
                return each.schema.target
        return None

    def _body_schema(self, right: Request, steps: tuple[str, ...]) -> Schema | None:
        body = right.operation.request_body
        schema = body.content[right.media_type].schema if body and right.media_type else None
        for step in steps:
            schema = schema.target.properties.get(step) if schema else None
        return schema.target if schema else None


def _quoted(problem: JSON) -> list[Any]:
    """Return the numbers and the names in the texts of a problem: it may speak of what was sent."""
    texts = [
        problem.get("detail", ""),
        *(each.get("detail", "") for each in problem.get("errors", [])),
    ]
    found = [each for detail in texts for each in re.findall(r"\d+|'[^']*'", str(detail))]
    return [int(each) if each.isdigit() else each.strip("'") for each in found]
