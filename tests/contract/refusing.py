"""Services that refuse every request with one status, for what the contract says of these."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import TypeAlias

import asyncpg
import httpx

from app.database.services.idempotency import Use
from tests.conftest import migrate_for_tests, run_sql, running_service
from tests.problems import CONTRACT
from tests.servers import HOST
from tests.tokens import ADMIN, ADMIN_ID

Others: TypeAlias = Mapping[str, httpx.Client]

ONE_EACH = httpx.Limits(max_keepalive_connections=0)
"""A connection for each request: between two, the service may close one that is idle."""

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:9/nothing"


@contextmanager
def refusing(database_url: str) -> Iterator[Others]:
    """Yield clients by the status with which their services refuse.

    503 is that of a service without its database, and 429 that of one that each time somebody asks
    whose address has just used up its budget. 409 is that of one with an empty database, where the
    idempotency key is in use for ever.
    """
    numbers = count(1)

    def use_up(request: httpx.Request) -> None:
        headers = {"X-Forwarded-For": f"2001:db8:0:{next(numbers):x}::1"}
        stranger.get("/authors/none", headers=headers)
        request.headers.update(headers)

    with (
        running_service(BLOG_DATABASE_URL=NOWHERE, BLOG_DATABASE_WAIT="0.1") as without_database,
        running_service(
            BLOG_DATABASE_URL=database_url, BLOG_ADDRESS_BUDGET="1", BLOG_TRUSTED_PROXIES=HOST
        ) as with_small_budget,
        httpx.Client(base_url=without_database, headers=ADMIN, limits=ONE_EACH) as unavailable,
        httpx.Client(base_url=with_small_budget, limits=ONE_EACH) as stranger,
        httpx.Client(
            base_url=with_small_budget,
            headers=ADMIN,
            limits=ONE_EACH,
            event_hooks={"request": [use_up]},
        ) as exhausted,
        _key_in_use(database_url) as busy,
    ):
        yield {"503": unavailable, "429": exhausted, "409": busy}


@contextmanager
def _key_in_use(database_url: str) -> Iterator[httpx.Client]:
    """Yield a client whose key is locked in each operation."""
    url = database_url.replace("/blog?", "/refusing?")
    locks = "; ".join(
        f"SELECT pg_advisory_lock({Use(ADMIN_ID, operation, 'busy').lock})"
        for operation in CONTRACT.by_id
    )
    asyncio.run(run_sql(database_url, "CREATE DATABASE refusing"))
    try:
        migrate_for_tests(url)
        headers = ADMIN | {"Idempotency-Key": "busy"}
        with (
            asyncio.Runner() as runner,
            running_service(BLOG_DATABASE_URL=url) as base_url,
            httpx.Client(base_url=base_url, headers=headers, limits=ONE_EACH) as client,
        ):
            holder = runner.run(asyncpg.connect(url.replace("+asyncpg", "")))
            runner.run(holder.execute(locks))
            yield client
            runner.run(holder.close())
    finally:
        asyncio.run(run_sql(database_url, "DROP DATABASE refusing WITH (FORCE)"))
