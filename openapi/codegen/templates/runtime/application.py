"""An application that answers the contract first."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from .routing import ContractRoute


class ContractFastAPI(FastAPI):
    """FastAPI, whose contract routes are served in front of the machinery that they do not need.

    Its exit stacks, body limits and routing serve every other path. Middleware that is added with `add_middleware`
    surrounds both, and `add_exception_handler` holds for both.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole application: the middleware that was added, then the contract, then FastAPI."""
        added, self.user_middleware = self.user_middleware, []
        app: ASGIApp = super().build_middleware_stack()
        self.user_middleware = added
        for route in self.routes:
            if isinstance(route, ContractRoute):
                app = _ContractFirst(route, handlers=self.exception_handlers, otherwise=app)
        for middleware, arguments, options in reversed(added):
            app = middleware(app, *arguments, **options)
        return app


class _ContractFirst:
    def __init__(self, route: ContractRoute, *, handlers: Mapping[Any, Any], otherwise: ASGIApp) -> None:
        self._route = route
        self._handlers = handlers
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match, found = self._route.matches(scope)
        if match is Match.NONE:
            await self._otherwise(scope, receive, send)
            return
        scope.update(found)
        try:
            await self._route.handle(scope, receive, send)
        except Exception as error:  # Starlette's middleware would cost every request what only these should
            await ExceptionMiddleware(_raising(error), handlers=self._handlers)(scope, receive, send)


def _raising(error: Exception) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    return app
