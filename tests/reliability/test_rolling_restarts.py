"""Two processes behind a proxy are restarted in turn under load: no request is lost or doubled.

The settings of the proxies are those of docs/proxies.md.
"""

import asyncio
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import ROOT
from tests.reliability.harness import REPEATS, Service
from tests.servers import HOST, free_port, nginx, proxy, wait_until, working
from tests.tokens import ADMIN

pytestmark = [pytest.mark.slow]

CLIENTS = 12
PAUSE = 0.03  # seconds between two requests of a client
WANTED = 2_000 if REPEATS == 1 else 20_000
"""How many requests there are at least."""
NOTICE_SECONDS = 2  # as docs/proxies.md says
PROXIES = (ROOT / "docs" / "proxies.md").read_text()


class Clients:
    """Clients on kept connections, half of whose requests create an author, without a retry."""

    def __init__(self, port: int) -> None:
        self.requests = 0
        self.dropped: Counter[str] = Counter()
        self.created: set[str] = set()
        self.slowest = 0.0
        self._port = port
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)
        ]

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Send requests during the block."""
        with working(self._threads, until=self._is_over):
            yield

    def _ask(self, client: int) -> None:
        connection = HTTPConnection(HOST, self._port, timeout=30)
        for number in count():
            if self._is_over.is_set():
                break
            begun = time.monotonic()
            name = f"{client}-{number}"
            outcome = self._create(connection, name) if number % 2 else self._read(connection)
            with self._lock:
                self.requests += 1
                self.slowest = max(self.slowest, time.monotonic() - begun)
                if outcome not in ("200", "201"):
                    self.dropped[outcome] += 1
                elif outcome == "201":
                    self.created.add(name)
            time.sleep(PAUSE)
        connection.close()

    def _read(self, connection: HTTPConnection) -> str:
        return self._send(connection, "GET", "/authors?limit=1")

    def _create(self, connection: HTTPConnection, name: str) -> str:
        content = json.dumps({"first_name": "Ada", "last_name": name})
        headers = {"Content-Type": "application/json", **ADMIN}
        return self._send(connection, "POST", "/authors", content, headers)

    @staticmethod
    def _send(connection: HTTPConnection, method: str, *request: Any) -> str:
        """Return the status or the error."""
        try:
            connection.request(method, *request)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            return f"{method}: {error!r}"
        status = str(response.status)
        return status if response.status < 300 else f"{method}: {status}"


def settings_in(text: str, heading: str, *, public: int, ports: list[int]) -> str:
    """Return the settings after a heading or sentence of a page, with the ports of this test."""
    block = re.search(re.escape(heading) + r".*?\n```\n(.*?)```", text, re.DOTALL)
    assert block is not None
    settings = block[1]
    addresses = ["127.0.0.1:8001", "127.0.0.1:8002", "*:80"]
    for shown, port in zip(addresses, [*ports, public], strict=True):
        assert settings.count(shown) == 1
        settings = settings.replace(shown, f"{HOST}:{port}")
    return settings


def haproxy(folder: Path, settings: str, *, port: int) -> AbstractContextManager[None]:
    """Run HAProxy."""
    return proxy("haproxy", "-db", "-f", folder=folder, settings=settings, port=port)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("run", "heading"),
    [(haproxy, "With HAProxy:"), (nginx, "With nginx, which")],
    ids=["haproxy", "nginx"],
)
def test_rolling_restart_drops_and_doubles_nothing(
    run: Callable[..., AbstractContextManager[None]],
    heading: str,
    database_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    replicas = [
        # the default delay, unlike in other tests
        Service(database_url, BLOG_SHUTDOWN_DELAY="", BLOG_WORKERS=workers)
        for workers in ("1", "2")
    ]
    public = free_port()
    ports = [replica.port for replica in replicas]
    settings = settings_in(PROXIES, heading, public=public, ports=ports)
    clients = Clients(public)
    restarts, statuses = 0, []
    with ExitStack() as stack:
        for replica in replicas:
            start(replica)
            stack.callback(replica.kill)
        stack.enter_context(run(tmp_path, settings, port=public))
        time.sleep(NOTICE_SECONDS)

        with clients.asking():
            while restarts < 2 * REPEATS or clients.requests < WANTED:
                replica = replicas[restarts % 2]
                statuses.append(replica.stop())
                start(replica)
                restarts += 1
                time.sleep(NOTICE_SECONDS)

    stored = asyncio.run(last_names(database_url))
    doubled = sum(stored.values()) - len(stored)
    lost = clients.created - stored.keys()
    record_property(
        "reliability",
        f"{restarts} restarts, {clients.requests} requests, {len(clients.created)} acknowledged, "
        f"{clients.dropped.total()} dropped, {len(lost)} lost, {doubled} duplicated, "
        f"slowest answer {clients.slowest:.2f} s",
    )
    assert clients.dropped == {}
    assert stored == Counter(clients.created)
    assert set(statuses) == {0}


def start(replica: Service) -> None:
    """Return when a process is ready, as an operator waits for it."""
    replica.start()
    wait_until(lambda: httpx.get(f"{replica.base_url}/readyz", timeout=5).status_code == 200)


async def last_names(url: str) -> Counter[str]:
    """Return how many authors of each last name there are."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch("SELECT last_name FROM authors")
        return Counter(row["last_name"] for row in rows)
    finally:
        await connection.close()
