"""Several processes serve one port, are replaced if they die, and end with their parent."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import psutil
import pytest

from app.database.embedded import EmbeddedPostgres
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "app", "serve"]


class Managed:
    """The command line, and the two processes that serve for it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        found = re.match(r"API +(\S+)", process.stdout.readline())
        assert found is not None
        self.base_url = found[1]
        self.manager = psutil.Process(process.pid)

    def workers(self) -> list[psutil.Process]:
        """Return the processes that serve, without multiprocessing's own for resources."""
        alive = [each for each in self.manager.children() if each.status() != psutil.STATUS_ZOMBIE]
        return [each for each in alive if "spawn_main" in " ".join(each.cmdline())]

    def answers(self) -> bool:
        """Tell whether the service answers, on a connection of its own."""
        try:
            return httpx.get(f"{self.base_url}/readyz", timeout=5).is_success
        except httpx.TransportError:
            return False


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is so, for at most a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def starting(postgres: EmbeddedPostgres) -> Iterator[Managed]:
    """A service that is about to have two workers."""
    settings = {
        "BLOG_DATABASE_URL": postgres.url,
        "BLOG_WORKERS": "2",
        "BLOG_PORT": "0",
        "BLOG_LOG_FORMAT": "json",
    }
    process = subprocess.Popen(
        ["env", *(f"{name}={value}" for name, value in settings.items()), *COMMAND],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Managed(process)
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def managed(starting: Managed) -> Managed:
    """A service with two workers."""
    eventually(lambda: len(starting.workers()) == 2 and starting.answers())
    return starting


def test_each_worker_serves(managed: Managed) -> None:
    for idle in managed.workers():
        idle.suspend()
        try:
            eventually(managed.answers)
        finally:
            idle.resume()


def test_worker_that_dies_is_replaced(managed: Managed) -> None:
    dead, kept = managed.workers()

    dead.kill()

    eventually(lambda: len(managed.workers()) == 2 and dead not in managed.workers())
    assert kept in managed.workers()
    eventually(managed.answers)


def test_workers_end_with_the_command_line_even_where_it_is_killed(managed: Managed) -> None:
    workers = managed.workers()

    managed.manager.kill()

    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []


def test_workers_that_still_start_end_with_the_command_line_that_is_killed(
    starting: Managed,
) -> None:
    eventually(lambda: len(starting.workers()) == 2)
    workers = starting.workers()

    starting.manager.kill()

    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []


def test_workers_end_when_the_command_line_is_told_to(managed: Managed) -> None:
    workers = managed.workers()

    managed.manager.terminate()

    _, alive = psutil.wait_procs([managed.manager, *workers], timeout=20)
    assert alive == []
