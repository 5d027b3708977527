"""A request and a response as values that a mutant can change, and a mutant itself."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from specfirst.contract.model import Operation, path_pattern

SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, read completely."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    changed: bool = False
    """Whether the application has to be given this and not what the client sent."""

    def header(self, name: str) -> str | None:
        """Return the value of a header, whatever its case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    def json(self) -> Any:
        """Return the body as JSON. Raises `ValueError`."""
        return json.loads(self.body)

    def with_query(self, query: tuple[tuple[str, str], ...]) -> "Request":
        """Return the request with another query."""
        return self if query == self.query else replace(self, query=query, changed=True)

    def with_header(self, name: str, value: str | None) -> "Request":
        """Return the request with another value of a header, or without it."""
        return replace(self, headers=_with_header(self.headers, name, value), changed=True)

    def with_json(self, body: Any) -> "Request":
        """Return the request with another body."""
        return replace(self, body=_dumped(body), changed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response, collected completely."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the value of a header, whatever its case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return self.status in SUCCESS

    def json(self) -> Any:
        """Return the body as JSON. Raises `ValueError`."""
        return json.loads(self.body)

    def with_header(self, name: str, value: str | None) -> "Response":
        """Return the response with another value of a header, or without it."""
        return replace(self, headers=_with_header(self.headers, name, value))

    def with_body(self, body: bytes) -> "Response":
        """Return the response with another body; its length follows."""
        response = replace(self, body=body)
        return (
            response
            if self.header("content-length") is None
            else response.with_header("content-length", str(len(body)))
        )

    def with_json(self, body: Any) -> "Response":
        """Return the response with another body."""
        return self.with_body(_dumped(body))


Forward = Callable[[Request], Awaitable[Response]]
"""Gives a request to the application."""

Behaviour = Callable[[Request, Forward], Awaitable[Response]]
"""What a mutant does with a request instead of giving it to the application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One way in which a service can break its contract."""

    name: str
    """The operation and the place: `create_author: response 201 /body/id removed`."""
    kind: str
    method: str
    """The method of the operation; `*` for each."""
    path: str
    """The path template of the operation; empty for each path."""
    start: Callable[[], Behaviour]
    """Makes the behaviour, with a memory of its own."""
    statuses: frozenset[int] = field(default_factory=frozenset)
    """The statuses of the responses that it changes, where it changes no others."""
    watches_all: bool = False
    """Whether it has to see the requests to other operations, too."""
    reads_requests: bool = True
    """Whether it needs the bodies of requests; otherwise the application reads them as they come.
    """

    def is_meant(self, method: str, path: str) -> bool:
        """Tell whether a request is one to the operation."""
        return self.method in ("*", method) and matches(self.path, path)


def matches(template: str, path: str) -> bool:
    """Tell whether a path is one of a template; every path is one of an empty template."""
    return not template or path_pattern(template).fullmatch(path) is not None


def changes_response(
    change: Callable[[Response], Response], *, status: int
) -> Callable[[], Behaviour]:
    """Return the behaviour of a mutant that changes each response with a status."""

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        return change(response) if response.status == status else response

    return lambda: behaviour


def mutant_of(
    operation: Operation,
    said: str,
    kind: str,
    start: Callable[[], Behaviour],
    *,
    watches_all: bool = False,
) -> Mutant:
    """Return a mutant of one operation."""
    return Mutant(
        name=f"{operation.id}: {said}",
        kind=kind,
        method=operation.method.upper(),
        path=operation.path,
        start=start,
        watches_all=watches_all,
    )


def changes_request(change: Callable[[Request], Request]) -> Callable[[], Behaviour]:
    """Return the behaviour of a mutant that changes each request before the application sees it."""

    async def behaviour(request: Request, forward: Forward) -> Response:
        return await forward(change(request))

    return lambda: behaviour


def changes_body(change: Callable[[Any], Any]) -> Callable[[Request], Request]:
    """Return a change of requests from one of their JSON bodies; one that is no JSON stays."""

    def changed(request: Request) -> Request:
        try:
            body = request.json()
            new = change(body)
        except (ValueError, LookupError, TypeError, RecursionError):
            return request
        return request if same(new, body) else request.with_json(new)

    return changed


def changes_json(change: Callable[[Any], Any]) -> Callable[[Response], Response]:
    """Return a change of responses from one of their JSON bodies; one that is no JSON stays."""

    def changed(response: Response) -> Response:
        try:
            body = response.json()
            new = change(body)
        except (ValueError, LookupError, TypeError):
            return response
        return response if same(new, body) else response.with_json(new)

    return changed


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same JSON: 1 and true differ, so does member order."""
    return _dumped(one) == _dumped(other)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _with_header(
    headers: tuple[tuple[str, str], ...], name: str, value: str | None
) -> tuple[tuple[str, str], ...]:
    """Return the headers with another value in its place, a new one at the end, or without one."""
    key = name.lower()
    if value is None:
        return tuple(each for each in headers if each[0].lower() != key)
    if all(each[0].lower() != key for each in headers):
        return (*headers, (key, value))
    return tuple((each[0], value) if each[0].lower() == key else each for each in headers)
