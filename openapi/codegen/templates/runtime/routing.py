"""Operations, and the one route that serves them all."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, get_args

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .bodies import Body
from .parameters import Parameter, query_values
from .paths import has_one_spelling, pattern, route_path
from .refusals import ErrorAt, Refusal
from .responses import ApiResponse
from .security import Requirement, authenticate
from .validation import validated

_TEMPLATED = re.compile(r"\{(.+?)\}")


class Operation:
    """One operation of the contract, bound to the handler that implements it."""

    def __init__(
        self,
        method: str,
        path: str,
        handler: Callable[..., Awaitable[ApiResponse]],
        *,
        parameters: Sequence[Parameter] = (),
        body: Body | None = None,
        security: Sequence[Requirement] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
        responses: Any = None,
    ) -> None:
        """Bind an operation to its handler; `responses` is the class of its responses, or a union of them."""
        self.method = method
        self.path = path
        self.headers = headers  # of every response, refusals included
        self.responses: tuple[type[ApiResponse], ...] = get_args(responses) or (responses or ApiResponse,)
        self._handler = handler
        self._body = body
        self._security = security
        in_path = {each.name: each for each in parameters if each.location == "path"}
        self._path = [in_path[name] for name in _TEMPLATED.findall(path)]
        self._others = [each for each in parameters if each.location != "path"]
        query = [each for each in parameters if each.location == "query"]
        keys = [scheme.parameter for each in security for scheme in each if scheme.location == "query"]
        self._known = {name: each.repeats for each in query for name in each.wire_names} | dict.fromkeys(keys, False)

    @property
    def statuses(self) -> frozenset[int]:
        """The statuses that the contract names for it, those within a range left out."""
        return frozenset(each.status for each in self.responses if each.status)

    @property
    def refusals(self) -> frozenset[int]:
        """The statuses with which a request may be refused, without being answered by the handler."""
        raised = {
            400: True,  # a query parameter that the contract does not know
            401: self._security and all(self._security),
            403: any(scopes for requirement in self._security for scopes in requirement.values()),
            404: self._path,
            405: True,
            413: self._body,
            415: self._body,
            422: self._others or self._body,
            501: True,  # a handler that nobody has written yet
        }
        return frozenset(status for status, possible in raised.items() if possible)

    def documents(self, status: int) -> bool:
        """Tell whether the contract has this status for it, by itself or in a range; without responses any."""
        return any(each.documents(status) for each in self.responses)

    async def __call__(self, request: Request, *, max_body_bytes: int) -> ApiResponse:
        """Check the request against the contract, in the order that the contract promises, and call the handler.

        Raises `Refusal` with 401, 415, 413, 400, 404 (a path parameter that cannot exist) or 422, in this order.
        """
        arguments: dict[str, object] = {}
        if self._security:
            arguments["principal"] = await authenticate(request, self._security)
        body = await self._body.read(request, max_body_bytes) if self._body else None
        query = query_values(request.scope["query_string"], self._known)
        decoded = await body[0].decode(body[1], request.headers) if body else None
        self._read_path(request.scope["path_values"], arguments)
        errors: list[ErrorAt] = []
        for parameter in self._others:
            values = query if parameter.location == "query" else _values(request, parameter)
            arguments[parameter.argument] = parameter.read(values, errors)
        if self._body:
            arguments["body"] = validated(body[0].adapter, decoded, "body", "", errors) if body else None
        if errors:
            places = "1 place" if len(errors) == 1 else f"{len(errors)} places"
            raise Refusal(422, f"The request does not fit its description in {places}.", errors=errors)
        return await self._handler(**arguments)

    def _read_path(self, values: Sequence[str], arguments: dict[str, object]) -> None:
        errors: list[ErrorAt] = []
        for parameter, value in zip(self._path, values, strict=True):
            arguments[parameter.argument] = parameter.read({parameter.name: (value,)}, errors)
        if errors:
            raise Refusal(404, "There is nothing at this path.", errors=errors)


def _values(request: Request, parameter: Parameter) -> dict[str, list[str]]:
    """Return the values of a header or cookie."""
    if parameter.location == "cookie":
        return {name: [value] for name, value in request.cookies.items()}
    given = request.headers.getlist(parameter.name)
    return {parameter.wire_names[0]: [", ".join(given)]} if given else {}


def _generality(path: str) -> list[tuple[bool, int]]:
    """Order paths so that of two that match, the one with more fixed text comes first, part by part."""
    return [("{}" in part, -len(part.replace("{}", ""))) for part in path.split("/")]


def _adding(headers: Sequence[tuple[bytes, bytes]], send: Send) -> Send:
    """Return a `send` that adds headers to the response."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return send_with_headers


class ContractRoute(BaseRoute):
    """All operations of the contract as one route of a Starlette or FastAPI application.

    One place knows every path, so `Allow` is complete, HEAD follows GET (RFC 9110, section 9.3.2), OPTIONS answers for
    the whole path, and a static path wins over a templated one whatever their tags and order.
    """

    def __init__(self, operations: Iterable[Operation], *, max_body_bytes: int) -> None:
        self.operations = tuple(operations)
        self._max_body_bytes = max_body_bytes
        paths: dict[str, dict[str, Operation]] = {}
        for operation in self.operations:
            paths.setdefault(_TEMPLATED.sub("{}", operation.path), {})[operation.method] = operation
        for methods in paths.values():
            if "GET" in methods:
                methods.setdefault("HEAD", methods["GET"])
        self._static = {path: methods for path, methods in paths.items() if has_one_spelling(path)}
        others = sorted(paths.keys() - self._static.keys(), key=_generality)
        self._patterns = [(pattern(path), paths[path]) for path in others]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every path of the contract, whatever the method. The values of the path are still percent-encoded."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path = route_path(scope)
        if methods := self._static.get(path):
            return Match.FULL, {"endpoint": methods, "path_values": ()}
        for each, methods in self._patterns:
            if found := each.fullmatch(path):
                return Match.FULL, {"endpoint": methods, "path_values": found.groups()}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the operation of this method, or say which methods there are."""
        operation: Operation | None = scope["endpoint"].get(scope["method"])
        if operation is None or not operation.headers:
            await self._answer(scope, receive, send)
            return
        # The application answers refusals outside of this route, with a `send` of its own, unless it is asked to here.
        answer = ExceptionMiddleware(self._answer, handlers=scope["app"].exception_handlers)
        await answer(scope, receive, _adding(operation.headers, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods: dict[str, Operation] = scope["endpoint"]
        operation = methods.get(scope["method"])
        response: ASGIApp
        if operation is None:
            response = self._without_operation(scope["method"], allow=", ".join(sorted({*methods, "OPTIONS"})))
        else:
            scope["operation"] = operation
            response = await operation(Request(scope, receive), max_body_bytes=self._max_body_bytes)
        await response(scope, receive, send)

    def _without_operation(self, method: str, *, allow: str) -> Response:
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow})
        raise Refusal(405, f"This path allows {allow}.", headers={"Allow": allow})
