"""An application that answers the contract first."""

from inspect import isawaitable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from .routing import ContractRoute


class ContractFastAPI(FastAPI):
    """FastAPI, whose contract routes are served in front of the machinery that they do not need.

    Its own middleware (exit stacks, telemetry, routing) serves every other path. Middleware that is added with
    `add_middleware` surrounds both, and `add_exception_handler` holds for both.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole application: middleware, then the contract, then FastAPI."""
        added, self.user_middleware = self.user_middleware, []
        app: ASGIApp = super().build_middleware_stack()
        for route in self.routes:
            if isinstance(route, ContractRoute):
                app = _ContractFirst(self, route, otherwise=app)
        self.user_middleware = added
        for middleware, arguments, options in reversed(added):
            app = middleware(app, *arguments, **options)
        return app


class _ContractFirst:
    def __init__(self, app: FastAPI, route: ContractRoute, *, otherwise: ASGIApp) -> None:
        self._app = app
        self._route = route
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match, found = self._route.matches(scope)
        if match is Match.NONE:
            await self._otherwise(scope, receive, send)
            return
        scope.update(found)
        try:
            await self._route.handle(scope, receive, send)
        except Exception as error:
            handlers = self._app.exception_handlers
            handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
            if handler is None:
                raise
            response = handler(Request(scope, receive), error)
            response = await response if isawaitable(response) else response
            await response(scope, receive, send)
