"""Requests to the operations of a contract, and the responses that a service has sent to them."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

from specfirst.conformance.validator import Exchange
from specfirst.contract import json_pointer
from specfirst.contract.model import PROBLEM, Contract, Node, Operation, Parameter

JSON = dict[str, Any]

Live = Mapping[str, Callable[[httpx.Client], int]]
"""How to make what a parameter of a path names, by the name of the parameter."""

LogIn = Callable[[Operation], Mapping[str, str]]
"""How to log in for an operation: the headers that its requests have, none where it is open to all.
"""

_CREDENTIALS = {"authorization", "cookie"}  # headers with which a client logs in

MOST_PAGES = 10_000
"""After so many pages a list has no end."""

SHAPE = {
    *("about:blank", "bad-request", "not-found", "content-too-large"),
    *("unsupported-media-type", "unprocessable-content"),
}
"""The last parts of the types of problems that say no more than their status (RFC 9110, RFC 9457).

These are about the shape of a request, whatever is stored; any other problem comes after the
validation.
"""


PARTS = {"path": "path", "query": "query", "header": "headers"}
"""Where a parameter stands, and what that is called in a `Request`."""


def nobody(_: Operation) -> Mapping[str, str]:
    """Log in as nobody, where no operation requires credentials."""
    return {}


class Absent:
    """Stands for a value that is not sent."""


ABSENT = Absent()


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent to an operation."""

    operation: Operation
    path: JSON = field(default_factory=dict)
    query: JSON = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str | None = None
    is_logged_in: bool = True

    def having(self, part: str, steps: tuple[str, ...], value: Any) -> "Request":
        """Return the request with another value at these steps, or without it (`ABSENT`)."""
        return replace(self, **{part: _put(getattr(self, part), steps, value)})


def with_wrong_credentials(request: Request, scheme: Mapping[str, Any]) -> Request:
    """Return a request with wrong credentials only, where a security scheme has them."""
    request = replace(request, is_logged_in=False)
    if scheme.get("in") == "query":
        return request.having("query", (scheme["name"],), "wrong")
    if scheme.get("in") == "cookie":
        return request.having("headers", ("Cookie",), f"{scheme['name']}=wrong")
    if scheme.get("in") == "header":
        return request.having("headers", (scheme["name"],), "wrong")
    name = str(scheme.get("scheme", "bearer")).title()
    return request.having("headers", ("Authorization",), f"{name} d3Jvbmc6d3Jvbmc=")


class Service:
    """A running service, the requests that its contract leads to, and all responses so far."""

    def __init__(
        self, contract: Contract, client: httpx.Client, *, live: Live, log_in: LogIn
    ) -> None:
        self.contract = contract
        self.operations = contract.by_id
        self.exchanges: list[Exchange] = []
        self._client = client
        self._live = live
        self._log_in = log_in

    def send(self, request: Request, *, client: httpx.Client | None = None) -> httpx.Response:
        """Send a request, to another service where one is given, and keep the response."""
        answer = self._exchange(request, client)
        self.exchanges.append(Exchange.of(answer))
        return answer

    def _exchange(self, request: Request, client: httpx.Client | None = None) -> httpx.Response:
        path = request.operation.path
        for name, value in request.path.items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        headers = dict(self._log_in(request.operation)) if request.is_logged_in else {}
        headers |= request.headers | (
            {"Content-Type": request.media_type} if request.media_type else {}
        )
        content = None if request.body is ABSENT else _content(request.body)
        client = client or self._client
        built = client.build_request(
            request.operation.method.upper(),
            path,
            params=request.query,
            headers=headers,
            content=content,
        )
        if request.operation.if_match and "if-match" not in {name.lower() for name in headers}:
            built.headers.pop("If-Match", None)  # the client may send one with all requests
        if not request.is_logged_in:  # the client may log in as well
            for name in _CREDENTIALS - {name.lower() for name in headers}:
                built.headers.pop(name, None)
        return client.send(built)

    def request(self, operation: Operation) -> Request:
        """Return a valid request: required parameters with live values, and the example.

        Its `If-Match` is one that whatever exists satisfies.
        """
        request = Request(operation=operation)
        for each in operation.parameters:
            if each.required and each.location in PARTS:
                value = "*" if each is operation.if_match else self.live(operation, each)
                request = request.having(PARTS[each.location], (each.name,), value)
        for media_type, media in (
            operation.request_body.content.items() if operation.request_body else ()
        ):
            body = media.examples[0].value if media.examples else ABSENT
            return replace(request, media_type=media_type, body=body)
        return request

    def creation(self, operation: Operation) -> Operation | None:
        """Return the operation that creates another one of what an operation is about."""
        collection = operation.path.rpartition("/{")[0] or operation.path
        created = (
            each
            for each in self.operations.values()
            if (each.method, each.path) == ("post", collection)
        )
        return next(created, None)

    def live(self, operation: Operation, parameter: Parameter) -> Any:
        """Return a value of a parameter that names something that is there."""
        if parameter.location == "path":
            made = self._made(parameter.name)
            if made is not ABSENT:
                return made
        if operation.method == "get" and parameter.location == "query" and not parameter.required:
            following = next_page(self._exchange(self.request(operation)))
            if parameter.name in following:
                return following[parameter.name]
        if parameter.examples:
            return parameter.examples[0].value
        schema = parameter.schema.target.raw if parameter.schema else {}
        return schema.get("default", next(iter(schema.get("enum", [])), None))

    def _made(self, name: str) -> Any:
        """Make what a path parameter names, by `live` or else by the links."""
        if name in self._live:
            return self._live[name](self._client)
        for operation, link in self._links:
            if name in link.raw.get("parameters", {}):
                answer = self._exchange(self.request(operation))
                return (
                    evaluated(link.raw["parameters"][name], answer) if answer.is_success else ABSENT
                )
        return ABSENT

    @cached_property
    def _links(self) -> list[tuple[Operation, Node]]:
        """The links of what creates something, with the operations that have them."""
        found = []
        for operation in self.operations.values():
            if operation.method == "post":
                found += [
                    (operation, link)
                    for each in operation.responses.values()
                    for link in each.links.values()
                ]
        return found

    def send_to_the_last_page(self, request: Request) -> None:
        """Follow a list to its end, by its links to the next page."""
        answer = self.send(request)
        for _ in range(MOST_PAGES):
            following = next_page(answer)
            if not following:
                return
            answer = self.send(replace(request, query=following))

    @cached_property
    def vocabulary(self) -> set[str]:
        """The names and values of the contract, with and without a minus: likely mistakes."""
        return set(_vocabulary(self.contract.document))


def accepts(answer: httpx.Response, *, shape: Collection[str]) -> bool:
    """Tell whether a request passed validation: success, or an error of stored data only."""
    return answer.is_success or (answer.is_client_error and problem_name(answer) not in shape)


def problem_name(answer: httpx.Response) -> str:
    """Return the last part of the type of a problem."""
    is_problem = answer.headers.get("content-type") == PROBLEM
    return (
        str(answer.json().get("type", "about:blank")).rpartition("/")[2]
        if is_problem
        else "no problem details"
    )


def places(answer: httpx.Response) -> set[tuple[str, str]]:
    """Return the parts of a request and the pointers into them that a problem names."""
    if answer.headers.get("content-type") != PROBLEM:
        return set()
    return {(each["in"], each["pointer"]) for each in answer.json().get("errors", [])}


def next_page(answer: httpx.Response) -> dict[str, str]:
    """Return the query of the next page; none on the last (RFC 8288, relation `next`)."""
    return dict(httpx.URL(answer.links.get("next", {}).get("url", "")).params)


def evaluated(expression: Any, answer: httpx.Response) -> Any:
    """Return the value of a runtime expression, of those that links here use (section 4.8.20.4)."""
    text = str(expression)
    if text.startswith("$response.header."):
        return answer.headers.get(text.removeprefix("$response.header."), ABSENT)
    if not text.startswith("$response.body#/"):
        return expression
    try:
        return json_pointer.find(answer.json(), text.removeprefix("$response.body#"))
    except LookupError:
        return ABSENT


def _put(node: Any, steps: tuple[str, ...], value: Any) -> Any:
    if not steps:
        return value
    node = node if isinstance(node, dict) else {}
    others = {name: each for name, each in node.items() if name != steps[0]}
    inner = _put(node.get(steps[0]), steps[1:], value)
    return others if inner is ABSENT else others | {steps[0]: inner}


def _content(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _is_parameter(node: Mapping[str, Any]) -> bool:
    return isinstance(node.get("in"), str) and isinstance(node.get("name"), str)


def _vocabulary(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _vocabulary(each)
    elif isinstance(node, dict):
        found = [
            *node.get("properties", {}),
            *node.get("enum", []),
            *([node["name"]] if _is_parameter(node) else []),
        ]
        for name in map(str, found):
            yield from (name, f"-{name.removeprefix('-')}", name.removeprefix("-"), name.upper())
        for each in node.values():
            yield from _vocabulary(each)
