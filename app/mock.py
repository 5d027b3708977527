"""The mock: the whole contract, answered with its own examples; no database, nothing is stored.

Requests are checked by the generated code, as in the service, so what the mock refuses the service refuses too.
`Prefer: code=404` (RFC 7240) chooses another documented answer than the one of success.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from functools import reduce
from typing import Any, get_args, get_type_hints

from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app import docs, problems
from app.main import assemble
from app.settings import Settings
from generated import models
from generated.routers import build_routes
from generated.runtime.handlers import Handlers
from generated.runtime.responses import ApiResponse

_PREFERRED = re.compile(r'\bcode="?(\d{3})\b', re.IGNORECASE)

_request: ContextVar[Request] = ContextVar("request")


class NoExample(Exception):
    """The contract shows no example of an answer, or one that does not fit it; the text says where."""


def create_app(settings: Settings) -> FastAPI:
    """Return the mock, which needs no settings but those of the listener. Raises `NoExample`."""
    document = json.loads(docs.DATA.read_bytes())
    interfaces = {name: kind for name, kind in get_type_hints(build_routes).items() if issubclass(kind, Handlers)}
    handlers: dict[str, Any] = {name: _implemented(kind, document) for name, kind in interfaces.items()}
    app = assemble(build_routes(**handlers, max_body_bytes=settings.max_body_bytes))
    app.add_middleware(_Remembering)
    return app


class _Remembering:
    """Pure ASGI middleware: lets the operations see the request, of which handlers know the arguments only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _request.set(Request(scope))
        await self._app(scope, receive, send)


def _implemented(interface: type[Handlers], document: Mapping[str, Any]) -> Any:
    """Return handlers whose operations answer with the examples of their responses."""
    described = {each.get("operationId"): each for path in document["paths"].values() for each in path.values()}
    operations = {}
    for name in interface.__abstractmethods__:
        documented = getattr(interface, name).__annotations__["return"]
        responses = {status: _resolved(each, document) for status, each in described[name]["responses"].items()}
        kinds = get_args(documented) or (documented,)
        operations[name] = _operation([_example(name, kind, responses[str(kind.status)], document) for kind in kinds])
    return type(f"Mock{interface.__name__}", (interface,), operations)()


def _operation(examples: Iterable[ApiResponse]) -> Callable[..., Awaitable[Any]]:
    by_status = {example.status: example for example in examples}

    async def operation(_: Handlers, **__: object) -> Any:
        request = _request.get()
        preferred = _PREFERRED.search(", ".join(request.headers.getlist("prefer")))
        answer = by_status.get(int(preferred[1]) if preferred else 0, by_status[min(by_status)])
        return _of_this_request(answer, request)

    return operation


def _of_this_request(answer: Any, request: Request) -> Any:
    """Return the answer, a problem with the path and the id of the request: the contract says that it has them."""
    body = getattr(answer, "body", None)
    if not isinstance(body, models.Problem):
        return answer
    own = {"instance": problems.instance(request.scope), "request_id": request.state.request_id}
    return replace(answer, body=body.model_copy(update=own))


def _example(
    name: str, kind: type[ApiResponse], response: Mapping[str, Any], document: Mapping[str, Any]
) -> ApiResponse:
    """Return what the contract shows of a response: the body, and of the headers those that are always there."""
    parts = {"body": response["content"][kind.media_type]} if kind.media_type else {}
    headers = {field: _resolved(response["headers"][header], document) for field, header in kind.header_names.items()}
    parts |= {field: header for field, header in headers.items() if header.get("required")}
    types = get_type_hints(kind)
    try:
        return kind(**{field: TypeAdapter(types[field]).validate_python(_shown(each)) for field, each in parts.items()})
    except (LookupError, ValidationError) as error:
        raise NoExample(f"{name}, response {kind.status}: mend its examples in the contract: {error}") from None


def _shown(described: Mapping[str, Any]) -> object:
    """Return the example of a body or a header, the first where there are several."""
    return described["example"] if "example" in described else next(iter(described["examples"].values()))["value"]


def _resolved(node: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return what a reference of the contract refers to."""
    if "$ref" not in node:
        return node
    return reduce(lambda place, word: place[word], node["$ref"].removeprefix("#/").split("/"), document)
