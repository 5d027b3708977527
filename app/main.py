"""The application, wired together here and nowhere else."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import Lifespan

from app import docs, logs, problems
from app.database.db import Database
from app.database.migrate import head_revision
from app.handlers.articles import ArticlesHandlers
from app.handlers.authors import AuthorsHandlers
from app.handlers.health import HealthHandlers
from app.settings import Settings
from generated.routers import build_route
from generated.runtime.application import ContractFastAPI
from generated.runtime.routing import ContractRoute

# FastAPI's telemetry would record messages that quote what people wrote.
_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application, with its settings from the environment unless given.

    Nothing is opened until the lifespan starts. Raises `TypeError` when a handler lacks an operation of the contract.
    """
    settings = settings or Settings()
    if settings.database_url is None:
        raise ValueError("BLOG_DATABASE_URL is not set; `python -m app serve` starts a database without it")
    database = Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        timeout=settings.database_timeout,
        wait=settings.database_wait,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        logs.configure(settings.log_format)
        async with database:
            _settle_memory()
            yield

    route = build_route(
        authors=AuthorsHandlers(database),
        articles=ArticlesHandlers(database),
        health=HealthHandlers(database, needed_revision=head_revision()),
        max_body_bytes=settings.max_body_bytes,
    )
    return assemble(route, lifespan=lifespan)


def assemble(route: ContractRoute, *, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Return an application around the operations: their problems, their log and the pages about the contract."""
    app = ContractFastAPI(
        lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=_SILENT
    )
    app.add_middleware(logs.RequestLog)
    problems.install(app)
    app.router.routes.append(route)
    docs.install(app)
    return app


def _settle_memory() -> None:
    """Let the garbage collector look less often, and not at what stays: requests leave next to no cycles behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
