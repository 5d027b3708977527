"""A FastAPI application that serves the routes of the contract first."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from .routing import ContractRoute, ContractRoutes

_DOCUMENT = Path(__file__).parents[1] / "openapi.json"


class ContractFastAPI(FastAPI):
    """FastAPI that serves contract routes before the machinery that they do not need.

    Its exit stacks, body limits and routing serve every other path. Middleware added with
    `add_middleware` wraps both, and `add_exception_handler` applies to both. `openapi()` returns
    the contract, read once.
    """

    def openapi(self) -> dict[str, Any]:
        """Return the contract as the generator read it; nothing is derived from code."""
        if self.openapi_schema is None:
            self.openapi_schema = json.loads(_DOCUMENT.read_bytes())
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole application: the added middleware, then the contract, then FastAPI.

        A `ServerErrorMiddleware` is outermost, as in every application of Starlette: tools that
        instrument one, such as OpenTelemetry's, look for it there. A handler for `Exception` is
        inside of the middleware that was added.
        """
        added, self.user_middleware = self.user_middleware, []
        stack: ASGIApp = super().build_middleware_stack()
        self.user_middleware = added
        app = (
            stack.app
            if isinstance(stack, ServerErrorMiddleware) and stack.handler is None
            else stack
        )
        for routes in dict.fromkeys(
            route.routes for route in self.routes if isinstance(route, ContractRoute)
        ):
            app = _ContractFirst(routes, handlers=self.exception_handlers, otherwise=app)
        for middleware, arguments, options in reversed(added):
            app = middleware(app, *arguments, **options)
        return ServerErrorMiddleware(app, debug=True) if self.debug else _Outermost(app)


class _Outermost(ServerErrorMiddleware):
    """Leaves an unhandled error to the server, which logs it and responds with 500.

    Starlette's own would wrap `send` on every request for the same result.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class _ContractFirst:
    def __init__(
        self, routes: ContractRoutes, *, handlers: Mapping[Any, Any], otherwise: ASGIApp
    ) -> None:
        self._routes = routes
        self._handlers = handlers
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._routes.find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._otherwise(scope, receive, send)
            return
        route, values = found
        scope.update(route.child_scope(scope, values))
        try:
            await route.handle(scope, receive, send)
        except Exception as error:  # Starlette's middleware would add its cost to every request
            await _handling(error, handlers=self._handlers)(scope, receive, send)


def _handling(error: Exception, *, handlers: Mapping[Any, Any]) -> ASGIApp:
    """Return an application that responds with Starlette's handler for an error, or raises it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    anything = {error: handler for error, handler in handlers.items() if error in (500, Exception)}
    handled: ASGIApp = ExceptionMiddleware(
        app, handlers={each: handlers[each] for each in handlers.keys() - anything}
    )
    for handler in anything.values():  # responds, and raises the error again, so that it is logged
        handled = ServerErrorMiddleware(handled, handler=handler)
    return handled
