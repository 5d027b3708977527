"""An example of each kind of problem for its page: the application's own response."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import FastAPI
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors, problems
from app.budgets import too_many_requests
from app.problems import Kind
from generated.runtime.rejections import ErrorDetail, RequestRejected

_REQUEST_ID = "6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRequest:
    """A request that causes a problem, and the error to raise if the request alone does not."""

    request: str
    """Method and path, with the query."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: Exception | None = None


_JSON = {"Content-Type": "application/json"}
_TOKEN = {"Authorization": "Bearer blog_pat_…"}

EXAMPLE_REQUESTS = {
    "bad-request": ExampleRequest(request="GET /articles?colour=red"),
    "invalid-cursor": ExampleRequest(
        request="GET /articles?cursor=abc", error=errors.InvalidCursor()
    ),
    "unauthorized": ExampleRequest(request="DELETE /articles/7"),
    "not-found": ExampleRequest(request="GET /nowhere"),
    "author-not-found": ExampleRequest(request="GET /authors/7", error=errors.AuthorNotFound(7)),
    "article-not-found": ExampleRequest(request="GET /articles/7", error=errors.ArticleNotFound(7)),
    "unknown-author": ExampleRequest(
        request="POST /articles",
        headers=_TOKEN | _JSON,
        body='{"title": "Note G", "content": "Step by step.", "author_id": 7}',
        error=errors.UnknownAuthor(7),
    ),
    "method-not-allowed": ExampleRequest(request="PUT /authors"),
    "author-has-articles": ExampleRequest(
        request="DELETE /authors/7", headers=_TOKEN, error=errors.AuthorHasArticles(7)
    ),
    "content-too-large": ExampleRequest(
        request="POST /articles",
        headers=_TOKEN | _JSON | {"Content-Length": "1000000000"},
        error=RequestRejected(413, "A body may have at most 2097152 bytes."),
    ),
    "unsupported-media-type": ExampleRequest(
        request="POST /authors",
        headers=_TOKEN | {"Content-Type": "text/plain"},
        body="Ada",
        error=RequestRejected(415, "Send the body as application/json, without content coding."),
    ),
    "unprocessable-content": ExampleRequest(
        request="POST /articles",
        headers=_TOKEN | _JSON,
        body='{"title": "", "content": "Step by step."}',
        error=RequestRejected(
            422,
            "The request does not fit its description in 2 places.",
            errors=[
                ErrorDetail(
                    "body",
                    "/title",
                    "too_short",
                    "Must have at least 1 character",
                    {"min_length": 1},
                ),
                ErrorDetail("body", "/author_id", "required", "Required"),
            ],
        ),
    ),
    "too-many-requests": ExampleRequest(
        request="GET /articles",
        error=too_many_requests("address", quota=300, seconds=42),
    ),
}
"""Example requests by the slug of a kind.

For a kind without one, the example is built from its explanation. What needs a token has an error,
because no example has a valid one. Failures of the service are not raised here, because they would
be logged as if they had happened.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A request and its response, as text."""

    request: str
    text: str


async def answer(app: FastAPI, kind: Kind) -> Answer:
    """Return an application's response of a kind.

    The request stays in the process and is not logged.
    """
    example = EXAMPLE_REQUESTS.get(kind.slug, ExampleRequest(request="GET /articles"))
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": example.body.encode(), "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await _example_app(app, kind)(_scope(app, example), receive, send)
    return Answer(_request_text(example), _answer_text(messages))


def _example_app(app: FastAPI, kind: Kind) -> ASGIApp:
    """Return the routes and exception handlers of the application, without logging middleware."""
    example = EXAMPLE_REQUESTS.get(kind.slug)

    async def decided(scope: Scope, receive: Receive, send: Send) -> None:
        if example is None:
            await problems.example(Request(scope), kind)(scope, receive, send)
        elif example.error is not None:
            raise example.error
        else:
            await app.router(scope, receive, send)

    return ExceptionMiddleware(decided, handlers=app.exception_handlers)


def _scope(app: FastAPI, example: ExampleRequest) -> Scope:
    method, target = example.request.split()
    path, _, query = target.partition("?")
    length = {"Content-Length": str(len(example.body))} if example.body else {}
    headers = {"Host": "localhost", **length, **example.headers}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "app": app,
        "state": {"request_id": _REQUEST_ID},
    }


def _request_text(example: ExampleRequest) -> str:
    headers = [f"{name}: {value}" for name, value in example.headers.items()]
    return "\n".join([example.request, *headers, *(["", example.body] if example.body else [])])


def _answer_text(messages: list[Message]) -> str:
    start, body = messages[0], b"".join(message.get("body", b"") for message in messages[1:])
    status: int = start["status"]
    headers: list[tuple[bytes, bytes]] = start["headers"]
    fields = [
        f"{name.decode()}: {value.decode('latin-1')}"
        for name, value in headers
        if name != b"content-length"
    ]
    content = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    return "\n".join([f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *fields, "", content])
