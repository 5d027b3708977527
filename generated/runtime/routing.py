# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Operations and their routes, one for each path of the contract."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, get_args
from urllib.parse import unquote

from starlette.datastructures import URLPath
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Message, Receive, Scope, Send

from .bodies import Body
from .conditional import if_match, is_not_modified
from .parameters import Parameter, query_values
from .paths import filled, has_one_spelling, pattern, route_path
from .rejections import ErrorDetail, RequestRejected
from .requests import served
from .responses import ApiResponse
from .security import Access, AfterAuthentication, BeforeAuthentication, Requirement

DEFAULT_MAX_BODY_VALUES = 20_000
"""Limit for the values in a body, which take a hundredth of a second."""

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
        security: Sequence[Requirement] | None = None,
        headers: Sequence[tuple[bytes, bytes]] = (),
        if_match: Literal["required", "optional"] | None = None,
        not_modified: type[ApiResponse] | None = None,
        responses: Any = None,
    ) -> None:
        """Bind an operation to its handler.

        `responses` is the class of its responses, or a union of them. `security` has the
        alternatives of the contract, none for an operation that says itself that it is open; it is
        None where no scheme is named. `if_match` says whether the handler takes an `If-Match`, and
        `not_modified` is the response to an `If-None-Match` that names the current `ETag`.
        """
        self.method = method
        self.path = path
        self.headers = headers  # of every response, refusals included
        self.responses: tuple[type[ApiResponse], ...] = get_args(responses) or (
            responses or ApiResponse,
        )
        self.endpoint = handler
        self.name: str = getattr(handler, "__name__", type(handler).__name__)
        self._body = body
        self._security = security
        self._access = Access(security) if security else None
        self._if_match = if_match
        self._not_modified = not_modified
        self.vary = self._access.vary if self._access and method == "GET" else None
        in_path = {each.name: each for each in parameters if each.location == "path"}
        self._path = [in_path[name] for name in _TEMPLATED.findall(path)]
        self._others = [each for each in parameters if each.location != "path"]
        query = [each for each in parameters if each.location == "query"]
        schemes = self._access.schemes if self._access else ()
        keys = [scheme.parameter for scheme in schemes if scheme.location == "query"]
        self._encoded = frozenset(each.name for each in query if each.is_encoded)
        self._known = {
            name: each.repeats or name in each.repeated
            for each in query
            for name in each.wire_names
        } | dict.fromkeys(keys, False)

    @property
    def statuses(self) -> frozenset[int]:
        """The documented statuses, without ranges."""
        return frozenset(each.status for each in self.responses if each.status)

    @property
    def refusals(self) -> frozenset[int]:
        """The statuses with which a request may be rejected before it reaches the handler."""
        access = self._access or Access()
        raised = {
            400: True,  # a query parameter that the contract does not know
            401: access.schemes,
            403: access.needs_scopes,
            404: self._path,
            405: True,
            413: self._body,
            415: self._body,
            422: self._others or self._body,
            428: self._if_match == "required",
            429: access.has_hooks,
            501: True,  # a handler that is not implemented yet
        }
        return frozenset(status for status, possible in raised.items() if possible)

    def add_hooks(
        self, before: BeforeAuthentication | None, after: AfterAuthentication | None
    ) -> None:
        """Call these around authentication, unless the operation says itself that it is open."""
        is_exempt = self._security is not None and not self._security
        if (before or after) and not is_exempt:
            self._access = Access(self._security or (), before, after)

    def documents(self, status: int) -> bool:
        """Return whether this status is documented, on its own or in a range.

        Without responses any status is.
        """
        return any(each.documents(status) for each in self.responses)

    async def __call__(
        self,
        request: Request,
        *,
        max_body_bytes: int,
        max_body_values: int = DEFAULT_MAX_BODY_VALUES,
    ) -> ApiResponse:
        """Check the request in the order that the contract promises, and call the handler.

        Raises `RequestRejected` with 401, 403, 415, 413, 400, 404 (an id that cannot exist), 422,
        428 or 400 (a malformed `If-Match`), in this order.

        The validated arguments are also in the scope of the request, for code around the handler.
        """
        arguments = await self._access(request) if self._access else {}
        body = (
            await self._body.read(request, max_body_bytes, max_body_values) if self._body else None
        )
        query = query_values(request.scope["query_string"], self._known, self._encoded)
        decoded = await body.decode(request.headers) if body else None
        self._read_path(request.scope["path_values"], arguments)
        errors: list[ErrorDetail] = []
        for parameter in self._others:
            values = query if parameter.location == "query" else _values(request, parameter)
            arguments[parameter.argument] = parameter.read(values, errors)
        if self._body:
            arguments["body"] = await body.validated(decoded, errors) if body else None
        if errors:
            places = "1 place" if len(errors) == 1 else f"{len(errors)} places"
            raise RequestRejected(
                422, f"The request does not fit its description in {places}.", errors=errors
            )
        if self._if_match:
            required = self._if_match == "required"
            arguments["if_match"] = if_match(request.scope, required=required)
        request.scope["arguments"] = arguments
        response = await self.endpoint(**arguments)
        return self._revalidated(request, response) if self._not_modified else response

    def _revalidated(self, request: Request, response: ApiResponse) -> ApiResponse:
        """Return a response, or the one without its body if the client has it already."""
        kind = self._not_modified
        etag: str | None = getattr(response, "etag", None)
        if kind is None or etag is None or not is_not_modified(request.scope, etag):
            return response
        if not response.is_success:
            return response
        return kind(**{field: getattr(response, field) for field in kind.header_names})

    def _read_path(self, values: Sequence[str], arguments: dict[str, object]) -> None:
        errors: list[ErrorDetail] = []
        for parameter, value in zip(self._path, values, strict=True):
            arguments[parameter.argument] = parameter.read({parameter.name: (value,)}, errors)
        if errors:
            raise RequestRejected(404, "There is nothing at this path.", errors=errors)


def _values(request: Request, parameter: Parameter) -> dict[str, list[str]]:
    """Return the values of a header or cookie."""
    if parameter.location == "cookie":
        return {name: [value] for name, value in request.cookies.items()}
    given = request.headers.getlist(parameter.name)
    return {parameter.wire_names[0]: [", ".join(given)]} if given else {}


def _generality(path: str) -> list[tuple[bool, int]]:
    """Return a sort key that puts the path with more fixed text first, segment by segment."""
    return [("{}" in part, -len(part.replace("{}", ""))) for part in path.split("/")]


def _adding(headers: Sequence[tuple[bytes, bytes]], send: Send) -> Send:
    """Return a `send` that adds headers to the response."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return send_with_headers


class ContractRoute(BaseRoute):
    """A path of the contract with all its operations.

    It knows all methods of the path, so `Allow` is complete, HEAD follows GET (RFC 9110, section
    9.3.2) and OPTIONS is about the whole path. It has the attributes that tools read from
    Starlette's routes: `path`, `path_format`, `methods` (those of `Allow`), and the `name` and
    `endpoint` of the first operation.
    """

    def __init__(
        self,
        routes: "ContractRoutes",
        operations: Sequence[Operation],
        *,
        max_body_bytes: int,
        max_body_values: int,
    ) -> None:
        first = operations[0]
        self.path = self.path_format = first.path
        self.name = first.name
        self.endpoint = first.endpoint
        self.operations = {operation.method: operation for operation in operations}
        if "GET" in self.operations:
            self.operations.setdefault("HEAD", self.operations["GET"])
        self.methods = {*self.operations, "OPTIONS"}
        self.pattern = pattern(_TEMPLATED.sub("{}", first.path))
        self.parameters = _TEMPLATED.findall(first.path)
        self.routes = routes
        self._limits = {"max_body_bytes": max_body_bytes, "max_body_values": max_body_values}

    def __repr__(self) -> str:
        methods = sorted(self.methods)
        return f"ContractRoute(path={self.path!r}, name={self.name!r}, methods={methods!r})"

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match paths of which this is the route; a partial match if it lacks the method."""
        if scope["type"] != "http" or not self.pattern.fullmatch(route_path(scope)):
            return Match.NONE, {}
        found = self.routes.find(scope)
        if found is None or found[0] is not self:
            return Match.NONE, {}
        return Match.FULL if scope["method"] in self.methods else Match.PARTIAL, self.child_scope(
            scope, found[1]
        )

    def child_scope(self, scope: Scope, values: Sequence[str]) -> Scope:
        """Return additions to the scope of a request to this path.

        `values` are the encoded values of its parameters.

        `path_params` has the decoded values for tools. Operations read `path_values`.
        """
        operation = self.operations.get(scope["method"])
        # A mount may have set parameters of its own.
        parameters = dict(scope["path_params"]) if "path_params" in scope else {}
        for name, value in zip(self.parameters, values, strict=True):
            parameters[name] = unquote(value) if "%" in value else value
        return {
            "route": self,
            "operation": operation,
            "endpoint": operation.endpoint if operation else self.endpoint,
            "path_values": values,
            "path_params": parameters,
        }

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Return the path of an operation by its name, with these values percent-encoded.

        Raises `NoMatchFound`.
        """
        values = {parameter: str(value) for parameter, value in path_params.items()}
        if (
            name not in self._names
            or values.keys() != set(self.parameters)
            or not all(values.values())
        ):
            raise NoMatchFound(name, path_params)
        return URLPath(filled(self.path, values), protocol="http")

    @property
    def _names(self) -> set[str]:
        return {operation.name for operation in self.operations.values()}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with the operation of this method, or with the allowed methods."""
        operation: Operation | None = scope["operation"]
        if operation is None:
            await self._without_operation(scope["method"])(scope, receive, send)
        elif not operation.headers:
            await self._answer(scope, receive, send)
        else:
            # The application handles errors outside of this route, with a `send` of its own, so it
            # is done here.
            answer = ExceptionMiddleware(self._answer, handlers=scope["app"].exception_handlers)
            await answer(scope, receive, _adding(operation.headers, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        token = served.set(request)
        try:
            response = await scope["operation"](request, **self._limits)
            await response(scope, receive, send)
        finally:
            served.reset(token)

    def _without_operation(self, method: str) -> Response:
        allow = ", ".join(sorted(self.methods))
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow})
        raise RequestRejected(405, f"This path allows {allow}.", headers={"Allow": allow})


class ContractRoutes(Iterable[ContractRoute]):
    """The routes of the contract, one for each path: `app.router.routes += routes`.

    If several paths match a request, the one with more fixed text wins, regardless of tags and
    order.
    """

    def __init__(
        self,
        operations: Iterable[Operation],
        *,
        max_body_bytes: int,
        max_body_values: int = DEFAULT_MAX_BODY_VALUES,
        before_authentication: BeforeAuthentication | None = None,
        after_authentication: AfterAuthentication | None = None,
    ) -> None:
        """Make the routes of these operations.

        A body may have at most `max_body_bytes` bytes and `max_body_values` values.

        The hooks run before the body is read, the first one before any credentials are looked at,
        the second one with the caller, or None. They may raise `RequestRejected`, with 429 for
        example. They do not run for operations with a `security: []` of their own.
        """
        self.operations = tuple(operations)
        for operation in self.operations:
            operation.add_hooks(before_authentication, after_authentication)
        by_path: dict[str, list[Operation]] = {}
        for operation in self.operations:
            by_path.setdefault(_TEMPLATED.sub("{}", operation.path), []).append(operation)
        routes = {
            path: ContractRoute(
                self, each, max_body_bytes=max_body_bytes, max_body_values=max_body_values
            )
            for path, each in by_path.items()
        }
        self._routes = tuple(routes.values())
        self._static = {path: route for path, route in routes.items() if has_one_spelling(path)}
        self._others = [
            routes[path] for path in sorted(routes.keys() - self._static.keys(), key=_generality)
        ]

    def __iter__(self) -> Iterator[ContractRoute]:
        return iter(self._routes)

    def find(self, scope: Scope) -> tuple[ContractRoute, Sequence[str]] | None:
        """Return the route of a request's path, or None, and the values of its parameters.

        The values are still encoded.
        """
        path = route_path(scope)
        if route := self._static.get(path):
            return route, ()
        for route in self._others:
            if found := route.pattern.fullmatch(path):
                return route, found.groups()
        return None
