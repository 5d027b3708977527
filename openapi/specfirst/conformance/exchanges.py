"""Requests that operations of a document take, and what a service answered to them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

from specfirst.contract import document as documents
from specfirst.contract.document import Document, escaped, resolve

JSON = dict[str, Any]

Live = Mapping[str, Callable[[httpx.Client], int]]
"""How to get something that a path names, by the name of the parameter."""

# What is wrong with the shape of a request, whatever is stored; any other problem comes after the validation.
SHAPE = {"bad-request", "content-too-large", "not-found", "unprocessable-content", "unsupported-media-type"}


class Absent:
    """Stands for a value that is not sent."""


ABSENT = Absent()


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation of a document, and where it stands."""

    method: str
    path: str
    item: Document
    node: Document

    @property
    def id(self) -> str:
        """What it is called."""
        return str(self.node["operationId"])

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the operation."""
        return f"/paths/{escaped(self.path)}/{self.method}"

    @property
    def parameters(self) -> Iterator[tuple[str, Document]]:
        """The parameters with their pointers, those of the path item first."""
        for index, parameter in enumerate(self.item.get("parameters", [])):
            yield f"/paths/{escaped(self.path)}/parameters/{index}", parameter
        for index, parameter in enumerate(self.node.get("parameters", [])):
            yield f"{self.pointer}/parameters/{index}", parameter


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent to an operation."""

    operation: Operation
    path: JSON = field(default_factory=dict)
    query: JSON = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str | None = None

    def having(self, part: str, steps: tuple[str, ...], value: Any) -> "Request":
        """Return the request with another value at these steps into a part of it, or without it (`ABSENT`)."""
        return replace(self, **{part: _put(getattr(self, part), steps, value)})


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An answer to a request, as far as the document says something about answers."""

    operation: str
    """The pointer of the operation."""
    status: str
    headers: httpx.Headers
    media_type: str | None
    content: bytes
    body: Any


class Service:
    """A running service, asked with what a document says, and all that it has answered."""

    def __init__(self, document: Document, client: httpx.Client, *, live: Live) -> None:
        self.document = document
        self.operations = {each.id: each for each in _operations(document)}
        self.exchanges: list[Exchange] = []
        self._client = client
        self._live = live

    def send(self, request: Request, *, client: httpx.Client | None = None) -> httpx.Response:
        """Send a request, to another service where one is given; the answer is kept."""
        path = request.operation.path
        for name, value in request.path.items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        headers = request.headers | ({"Content-Type": request.media_type} if request.media_type else {})
        content = None if request.body is ABSENT else _content(request.body)
        method = request.operation.method.upper()
        answer = (client or self._client).request(method, path, params=request.query, headers=headers, content=content)
        self.exchanges.append(_exchange(request.operation.pointer, answer))
        return answer

    def request(self, operation: Operation) -> Request:
        """Return a request that the service should accept: required parameters with live values, and the example."""
        parameters = [resolve(self.document, parameter) for _, parameter in operation.parameters]
        path, query = (
            {each["name"]: self.live(operation, each) for each in parameters if _is_sent(each, part)}
            for part in ("path", "query")
        )
        body = resolve(self.document, operation.node.get("requestBody", {}))
        for media_type, media in body.get("content", {}).items():
            return Request(operation=operation, path=path, query=query, media_type=media_type, body=example(media))
        return Request(operation=operation, path=path, query=query)

    def creation(self, operation: Operation) -> Operation | None:
        """Return the operation that creates another one of what an operation is about."""
        collection = operation.path.rpartition("/{")[0] or operation.path
        created = (each for each in self.operations.values() if (each.method, each.path) == ("post", collection))
        return next(created, None)

    def live(self, operation: Operation, parameter: Document) -> Any:
        """Return a value of a parameter that names something that is there."""
        if parameter["name"] == "cursor":
            return self._client.get(operation.path, params={"limit": 1}).json().get("next_cursor")
        if parameter["in"] == "path" and parameter["name"] in self._live:
            return self._live[parameter["name"]](self._client)
        value = example(parameter)
        schema = resolve(self.document, parameter.get("schema", {}))
        return schema.get("default", next(iter(schema.get("enum", [])), None)) if value is ABSENT else value

    def send_to_the_last_page(self, request: Request) -> None:
        """Follow a list to its end."""
        cursor = ABSENT
        while cursor is not None:
            answer = self.send(request.having("query", ("cursor",), cursor).having("query", ("limit",), "100"))
            cursor = answer.json().get("next_cursor")

    @cached_property
    def words(self) -> set[str]:
        """The names and values that the document knows, with and without a minus: near what a place takes."""
        return set(_words(self.document))


def example(node: Document) -> Any:
    """Return the example of a parameter, a header or a media type, or `ABSENT`."""
    named = [each["value"] for each in node.get("examples", {}).values() if "value" in each]
    return node.get("example", named[0] if named else ABSENT)


def accepts(answer: httpx.Response) -> bool:
    """Tell whether a request got past the validation: it succeeded, or only what is stored stood in its way."""
    return answer.is_success or (answer.is_client_error and problem_name(answer) not in SHAPE)


def problem_name(answer: httpx.Response) -> str:
    """Return the last part of the type of a problem."""
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return str(answer.json()["type"]).rpartition("/")[2] if is_problem else "no problem details"


def places(answer: httpx.Response) -> set[tuple[str, str]]:
    """Return the parts of a request and the pointers into them that a problem names."""
    if answer.headers.get("content-type") != "application/problem+json":
        return set()
    return {(each["in"], each["pointer"]) for each in answer.json().get("errors", [])}


def evaluated(expression: Any, answer: httpx.Response) -> Any:
    """Return the value of a runtime expression (OpenAPI 3.1, section 4.8.20.4), as far as links here use them."""
    text = str(expression)
    if text.startswith("$response.header."):
        return answer.headers.get(text.removeprefix("$response.header."), ABSENT)
    if not text.startswith("$response.body#/"):
        return expression
    node = answer.json()
    for part in text.removeprefix("$response.body#/").split("/"):
        node = node.get(part, ABSENT) if isinstance(node, dict) else ABSENT
    return node


def _operations(document: Document) -> Iterator[Operation]:
    for path, method, node in documents.operations(document):
        yield Operation(method=method, path=path, item=document["paths"][path], node=node)


def _is_sent(parameter: Document, part: str) -> bool:
    return bool(parameter["in"] == part and parameter.get("required"))


def _put(node: Any, steps: tuple[str, ...], value: Any) -> Any:
    if not steps:
        return value
    node = node if isinstance(node, dict) else {}
    others = {name: each for name, each in node.items() if name != steps[0]}
    inner = _put(node.get(steps[0]), steps[1:], value)
    return others if inner is ABSENT else others | {steps[0]: inner}


def _content(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _exchange(operation: str, answer: httpx.Response) -> Exchange:
    media_type = answer.headers.get("content-type")
    body = answer.json() if media_type and "json" in media_type else answer.text
    return Exchange(
        operation=operation,
        status=str(answer.status_code),
        headers=answer.headers,
        media_type=media_type,
        content=answer.content,
        body=body,
    )


def _is_parameter(node: Document) -> bool:
    return isinstance(node.get("in"), str) and isinstance(node.get("name"), str)


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _words(each)
    elif isinstance(node, dict):
        found = [*node.get("properties", {}), *node.get("enum", []), *([node["name"]] if _is_parameter(node) else [])]
        for word in map(str, found):
            yield from (word, f"-{word.removeprefix('-')}", word.removeprefix("-"), word.upper())
        for each in node.values():
            yield from _words(each)
