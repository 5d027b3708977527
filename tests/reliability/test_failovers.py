"""A standby takes over: the service, with both servers in its URL, goes on without a restart."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from app.database.url import connect_arguments
from tests.conftest import migrate_for_tests, running_service
from tests.servers import HOST, PASSWORD, USER, PostgreSQL, postgresql, wait_until
from tests.tokens import ADMIN

FOLLOW = "ALTER SYSTEM SET synchronous_standby_names = '*'"  # a write counts when both have it


@pytest.fixture
def pair() -> Iterator[tuple[PostgreSQL, PostgreSQL]]:
    """A primary, and a standby without which it acknowledges nothing."""
    with postgresql() as primary:
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


class Writer:
    """Creates authors one after the other, and knows which the service has acknowledged."""

    def __init__(self, base_url: str, name: str) -> None:
        self.acknowledged: list[str] = []
        self.statuses: set[int] = set()
        self._base_url, self._name = base_url, name
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write)

    @contextmanager
    def writing(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self._thread.join()

    def _write(self) -> None:
        with httpx.Client(base_url=self._base_url, headers=ADMIN, timeout=60) as client:
            for number in count():
                if self._stopping.is_set():
                    return
                name = f"{self._name}-{number}"
                answer = client.post("/authors", json={"first_name": "Ada", "last_name": name})
                self.statuses.add(answer.status_code)
                if answer.status_code == 201:
                    self.acknowledged.append(name)


def crash(primary: PostgreSQL) -> None:
    """End a server: its port refuses connections."""
    primary.stop(signal.SIGQUIT)


@pytest.mark.parametrize(("loss", "url"), [(crash, by_commas), (PostgreSQL.freeze, by_parameters)])
def test_service_writes_to_the_promoted_standby_and_loses_nothing(
    pair: tuple[PostgreSQL, PostgreSQL],
    loss: Callable[[PostgreSQL], None],
    url: Callable[[PostgreSQL, PostgreSQL], str],
) -> None:
    primary, standby = pair
    where = url(primary, standby)
    with running_service(
        BLOG_DATABASE_URL=where, BLOG_DATABASE_TIMEOUT="2", BLOG_DATABASE_WAIT="2"
    ) as base_url:
        writers = [Writer(base_url, f"writer {number}") for number in range(4)]
        with ExitStack() as stack:
            for writer in writers:
                stack.enter_context(writer.writing())
            wait_until(lambda: all(len(writer.acknowledged) >= 20 for writer in writers))

            loss(primary)
            standby.promote()

            before = [len(writer.acknowledged) for writer in writers]
            wait_until(
                lambda: all(
                    len(writer.acknowledged) > old + 20
                    for writer, old in zip(writers, before, strict=True)
                )
            )
        wait_until(lambda: httpx.get(f"{base_url}/readyz", timeout=30).status_code == 200)

    assert {status for writer in writers for status in writer.statuses} <= {201, 503}
    assert {name for writer in writers for name in writer.acknowledged} <= asyncio.run(
        last_names(standby)
    )


async def last_names(server: PostgreSQL) -> set[str]:
    connection = await asyncpg.connect(**connect_arguments(server.url()))
    try:
        return {row["last_name"] for row in await connection.fetch("SELECT last_name FROM authors")}
    finally:
        await connection.close()
