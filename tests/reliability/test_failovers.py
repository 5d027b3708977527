"""A standby takes over: the service, with both servers in its URL, goes on without a restart."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import migrate_for_tests
from tests.reliability.harness import (
    RECOVERY_SECONDS,
    REPEATS,
    check,
    hammering,
    serving,
    settle,
)
from tests.servers import HOST, PASSWORD, USER, PostgreSQL, postgresql, wait_until

FOLLOW = "ALTER SYSTEM SET synchronous_standby_names = '*'"  # a write counts when both have it


@pytest.fixture
def pair() -> Iterator[tuple[PostgreSQL, PostgreSQL]]:
    """A primary, and a standby without which it acknowledges nothing."""
    with postgresql(from_wheel=True) as primary:
        migrate_for_tests(primary.url())
        with primary.standby() as standby:
            primary.execute(FOLLOW)
            primary.execute("SELECT pg_reload_conf()")
            yield primary, standby


def by_commas(first: PostgreSQL, second: PostgreSQL) -> str:
    """Return a URL as libpq writes several hosts."""
    hosts = f"{HOST}:{first.port},{HOST}:{second.port}"
    login = f"{USER}:{quote(PASSWORD, safe='')}"
    return f"postgresql://{login}@{hosts}/blog?target_session_attrs=read-write"


def by_parameters(first: PostgreSQL, second: PostgreSQL) -> str:
    """Return a URL as SQLAlchemy writes several hosts."""
    hosts = f"host={HOST}:{first.port}&host={HOST}:{second.port}"
    login = f"{USER}:{quote(PASSWORD, safe='')}"
    return f"postgresql+asyncpg://{login}@/blog?{hosts}&target_session_attrs=read-write"


@pytest.mark.parametrize("repeat", range(REPEATS))
@pytest.mark.parametrize(
    ("lose", "url", "seconds"),
    [
        (PostgreSQL.kill, by_commas, RECOVERY_SECONDS),
        (PostgreSQL.freeze, by_parameters, 6.0),  # a timeout each to find out that nobody answers
    ],
    ids=["killed", "frozen"],
)
def test_service_writes_to_the_promoted_standby_and_loses_nothing(
    pair: tuple[PostgreSQL, PostgreSQL],
    lose: Callable[[PostgreSQL], None],
    url: Callable[[PostgreSQL, PostgreSQL], str],
    seconds: float,
    repeat: int,
    record_property: Any,
) -> None:
    primary, standby = pair
    with (
        serving(url(primary, standby)) as service,
        hammering(service.base_url, record_property=record_property) as writers,
    ):
        writers.wait_for_success(20)

        lose(primary)
        writers.ledger.faults += 1
        standby.promote()

        recovery = writers.wait_for_success()
        writers.wait_for_success(20)
        wait_until(lambda: httpx.get(f"{service.base_url}/readyz", timeout=30).status_code == 200)

    check(settle(writers, standby.url()), statuses={503}, slowest=6)
    assert recovery < seconds
