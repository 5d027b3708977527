"""What the tests of faults share: a service that may be killed, clients that write without a pause,
and the account of what was acknowledged and what is there in the end.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from app.database.embedded import EmbeddedPostgres
from app.database.url import connect_arguments
from tests import service_logs
from tests.conftest import (
    ROOT,
    fast_folder,
    migrate_for_tests,
    run_sql,
    without_settings,
)
from tests.problems import problem
from tests.servers import HOST, free_port, wait_until
from tests.tokens import ADMIN

REPEATS = int(os.environ.get("CHAOS_REPEATS", "1"))
"""How many times as many faults there are; `make chaos` sets more."""

RECOVERY_SECONDS = 2.0
"""How long the service may take to answer when the database is back."""

PATCH = {"Content-Type": "application/merge-patch+json"}
_PAUSE = 0.01  # seconds between two requests of a writer: the faults need the processor, too


@contextmanager
def own_postgres(name: str) -> Iterator[EmbeddedPostgres]:
    """Run a migrated PostgreSQL that the tests may break."""
    with tempfile.TemporaryDirectory(prefix=f"blog-{name}-", dir=fast_folder()) as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its data here
        with EmbeddedPostgres(Path(folder) / "data") as server:
            migrate_for_tests(server.url)
            yield server


class Service:
    """The service of a project on a port of its own, which it has again after each start."""

    def __init__(self, database_url: str, *, project: Path = ROOT, **settings: str) -> None:
        self._project = project
        self.port = free_port()
        self.base_url = f"http://{HOST}:{self.port}"
        self._settings = {
            "BLOG_DATABASE_URL": database_url,
            "BLOG_PORT": str(self.port),
            "BLOG_LOG_FORMAT": "json",
            **settings,
        }

    def start(self) -> None:
        """Return when the service answers."""
        with service_logs.log_file().open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"],
                cwd=self._project,
                env=without_settings(self._project) | self._settings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        assert re.match("API ", self.process.stdout.readline()), "the service did not start"
        httpx.get(f"{self.base_url}/livez", timeout=60).raise_for_status()

    def stop(self) -> int:
        """Stop the service in order; return its exit code."""
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """End the whole service at once, as the loss of its machine does."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.process.pid)
            for each in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    each.kill()
        self._ended()

    def workers(self) -> list[psutil.Process]:
        """Return the processes that serve, where there are several."""
        found = []
        for each in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it has just ended
                if "spawn_main" in " ".join(each.cmdline()):  # empty for a zombie
                    found.append(each)
        return found

    def has_connections(self, worker: psutil.Process) -> bool:
        """Return whether a worker serves a client at the moment."""
        with suppress(psutil.NoSuchProcess):
            return any(
                each.laddr.port == self.port and each.status == psutil.CONN_ESTABLISHED
                for each in worker.net_connections("tcp")
            )
        return False

    def _ended(self) -> int:
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(timeout=30)


@contextmanager
def serving(database_url: str, *, project: Path = ROOT, **settings: str) -> Iterator[Service]:
    """Run a service that does not wait long for its database."""
    impatient = {"BLOG_DATABASE_TIMEOUT": "2", "BLOG_DATABASE_WAIT": "2"}
    service = Service(database_url, project=project, **impatient, **settings)
    service.start()
    try:
        yield service
    finally:
        service.kill()


@dataclass
class Ledger:
    """What writers have sent, and what was acknowledged."""

    faults: int = 0
    requests: int = 0
    created: set[str] = field(default_factory=set)
    """Last names of the authors whose creation was acknowledged."""
    changed: set[str] = field(default_factory=set)
    """Those whose change was acknowledged, too."""
    statuses: Counter[int | str] = field(default_factory=Counter)
    """How often each status was answered, or each error of the connection met."""
    slowest: float = 0.0
    """Seconds."""
    violations: list[str] = field(default_factory=list)
    """Refusals that are not as the contract describes them."""
    lost: int = 0
    duplicated: int = 0

    @property
    def acknowledged(self) -> int:
        """How many changes were acknowledged."""
        return len(self.created) + len(self.changed)

    def report(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.faults} faults, {self.requests} requests, {self.acknowledged} acknowledged, "
            f"{self.lost} lost, {self.duplicated} duplicated, "
            f"slowest answer {self.slowest:.2f} s, "
            + ", ".join(f"{times} × {status}" for status, times in self.statuses.most_common())
        )


class Writers:
    """Clients that create authors and change them, one request after the other each.

    A request that gets no answer, or a refusal, is sent again with the same Idempotency-Key.
    """

    def __init__(self, *base_urls: str, number: int = 4) -> None:
        self.ledger = Ledger()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._successes = [0] * number
        self._threads = [
            threading.Thread(target=self._write, args=(each, base_urls[each % len(base_urls)]))
            for each in range(number)
        ]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def wait_for_success(self, times: int = 1) -> float:
        """Wait until each writer has had this many more answers of 2xx; return the seconds."""
        started, before = time.monotonic(), self._successes[:]
        wait_until(
            lambda: all(
                now >= old + times for now, old in zip(self._successes, before, strict=True)
            )
        )
        return time.monotonic() - started

    def _write(self, writer: int, base_url: str) -> None:
        with httpx.Client(base_url=base_url, headers=ADMIN, timeout=60) as client:
            for number in count():
                if self._stopping.is_set():
                    return
                name = f"{writer}-{number}"
                content = {"first_name": "Created", "last_name": name}
                created = self._send(writer, client, "POST", "/authors", content)
                if created is None:
                    return
                with self._lock:
                    self.ledger.created.add(name)
                changed = self._send(
                    *(writer, client, "PATCH", created.headers["Location"]),
                    *({"first_name": "Changed"}, {**PATCH, "If-Match": "*"}),
                )
                if changed is None:
                    return
                with self._lock:
                    self.ledger.changed.add(name)

    def _send(
        self,
        writer: int,
        client: httpx.Client,
        method: str,
        path: str,
        content: dict[str, str],
        headers: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        """Send a request until it is acknowledged, and return the response; None at the end."""
        headers = {"Idempotency-Key": f'"{uuid.uuid4()}"', **(headers or {})}
        while True:
            started = time.monotonic()
            answer: httpx.Response | None = None
            try:
                answer = client.request(method, path, json=content, headers=headers)
                status: int | str = answer.status_code
            except httpx.TransportError as error:
                status = type(error).__name__
            self._record(status, answer, time.monotonic() - started)
            time.sleep(_PAUSE)
            if answer is not None and answer.is_success:
                self._successes[writer] += 1
                return answer
            if self._stopping.is_set():
                return None

    def _record(self, status: int | str, answer: httpx.Response | None, seconds: float) -> None:
        violation = None
        if answer is not None and not answer.is_success:
            try:
                problem(answer, answer.status_code)
                assert "Retry-After" in answer.headers or answer.status_code != 503
            except AssertionError as error:
                violation = f"{status}: {error}"
        with self._lock:
            self.ledger.requests += 1
            self.ledger.statuses[status] += 1
            self.ledger.slowest = max(self.ledger.slowest, seconds)
            if violation is not None:
                self.ledger.violations.append(violation)


@contextmanager
def hammering(*base_urls: str, number: int = 4, record_property: Any) -> Iterator[Writers]:
    """Let writers write during the block, and report their figures however it ends."""
    with ExitStack() as stack:
        writers = Writers(*base_urls, number=number)
        stack.callback(lambda: record_property("reliability", writers.ledger.report()))
        with writers:
            writers.wait_for_success(5)
            yield writers


def settle(writers: Writers, database_url: str) -> Ledger:
    """Compare what was acknowledged with what the database has; return the ledger."""
    ledger = writers.ledger
    stored = asyncio.run(_authors(database_url))
    names = Counter(name for name, _ in stored)
    changed = {name for name, first_name in stored if first_name == "Changed"}
    ledger.lost = len(ledger.created - names.keys()) + len(ledger.changed - changed)
    ledger.duplicated = sum(times - 1 for times in names.values())
    return ledger


async def _authors(database_url: str) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(**connect_arguments(database_url))
    try:
        rows = await connection.fetch("SELECT last_name, first_name FROM authors")
        return [(row["last_name"], row["first_name"]) for row in rows]
    finally:
        await connection.close()


def accepts_connections(database_url: str) -> bool:
    """Return whether the database lets a client in."""
    try:
        asyncio.run(run_sql(database_url, "SELECT 1"))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


def check(ledger: Ledger, *, statuses: Collection[int | str], slowest: float) -> None:
    """Check that nothing was lost or done twice, that nobody waited long, and the statuses."""
    assert ledger.violations == []
    assert ledger.lost == 0, ledger.report()
    assert ledger.duplicated == 0, ledger.report()
    assert ledger.statuses.keys() <= {200, 201, *statuses}, ledger.report()
    assert ledger.slowest < slowest, ledger.report()


def kill_all(process: psutil.Process) -> None:
    """Kill a process, and then its children."""
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            each.send_signal(signal.SIGKILL)
