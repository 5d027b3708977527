"""Creates the application. All wiring happens here."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import Lifespan

from app import docs, idempotency, logs, problems
from app.budgets import Budgets
from app.caching import Caching
from app.cors import CORSMiddleware, origins
from app.database.db import Database
from app.database.migrate import head_revision
from app.database.services.health import PROBE_SECONDS, connection_check
from app.handlers.articles import ArticlesHandlers
from app.handlers.authors import AuthorsHandlers
from app.handlers.health import HealthHandlers
from app.handlers.tokens import TokensHandlers
from app.middleware import RequestMiddleware
from app.security import TokenSecurity
from app.settings import Settings, token_keys
from app.shutdown import ENDING
from generated.routers import build_routes
from generated.runtime.application import ContractFastAPI
from generated.runtime.routing import ContractRoutes

# FastAPI's telemetry would record messages that quote user data.
_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application, with settings from the environment unless given.

    Nothing is opened until the lifespan starts. Raises `InvalidSettings` without a key for tokens,
    and `TypeError` if a handler lacks an operation of the contract, or an error has no row in
    `app.problems`.
    """
    settings = settings or Settings()
    if (url := settings.database_url) is None:
        raise ValueError(
            "BLOG_DATABASE_URL is not set; `python -m app serve` starts a database without it"
        )
    keys = token_keys(settings)
    needed_revision = head_revision()

    def database_with(*, pool_size: int, timeout: float, wait: float) -> Database:
        return Database(
            url.get_secret_value(),
            pool_size=pool_size,
            timeout=timeout,
            wait=wait,
            lock_timeout=settings.database_lock_timeout,
            max_age=settings.database_max_age,
            behind_pooler=settings.database_pooler == "transaction",
            needed_revision=needed_revision,
        )

    database = database_with(
        pool_size=settings.database_pool_size,
        timeout=settings.database_timeout,
        wait=settings.database_wait,
    )
    # Readiness has its own connection: a pool that is busy, say waiting for locks, is no outage.
    probe = database_with(pool_size=1, timeout=PROBE_SECONDS, wait=PROBE_SECONDS / 2)

    security = TokenSecurity(database, keys)
    budgets = Budgets(per_token=settings.token_budget, per_address=settings.address_budget)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        logs.configure(settings.log_format)
        try:
            async with (
                database,
                probe,
                security,
                connection_check(database, then=security.check_keys),
            ):
                _tune_gc()
                yield
        finally:
            # uvicorn re-raises the signal in its workers, so atexit handlers do not run
            logs.flush()

    caching = Caching(settings.public_max_age)
    routes = build_routes(
        authors=AuthorsHandlers(database, caching=caching),
        articles=ArticlesHandlers(database, caching=caching),
        tokens=TokensHandlers(database, keys=keys, security=security),
        health=HealthHandlers(probe, ending=ENDING),
        security=security,
        max_body_bytes=settings.max_body_bytes,
        max_body_values=settings.max_body_values,
        before_authentication=budgets.charge_address,
        after_authentication=budgets.charge_token,
    )
    return assemble(
        routes,
        lifespan=lifespan,
        cors_origins=settings.cors_origins,
        request_timeout=settings.request_timeout,
    )


def assemble(
    routes: ContractRoutes,
    *,
    lifespan: Lifespan[FastAPI] | None = None,
    cors_origins: str = "",
    request_timeout: float | None = None,
) -> FastAPI:
    """Return an application with the operations, error handling, logging and documentation pages.

    Raises `IncompleteProblems`.
    """
    app = ContractFastAPI(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_SILENT,
    )
    problems.check(routes.operations)
    app.add_middleware(RequestMiddleware, timeout=request_timeout)
    if allowed := origins(cors_origins):  # around the other middleware, which responds to errors
        app.add_middleware(CORSMiddleware, allowed=allowed, contract=app.openapi())
    problems.install(app)
    idempotency.install(app)
    app.router.routes += routes
    docs.install(app)
    return app


def _tune_gc() -> None:
    """Run the garbage collector less often and without what is loaded: cycles are rare."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
