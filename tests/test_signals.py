"""Ctrl-C, more than once and at any moment, to all processes: no traceback, no orphan."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tests.conftest import ROOT
from tests.servers import wait_until
from tests.tokens import ADMIN_TOKEN, KEY

pytestmark = pytest.mark.slow

HALF = (
    b"POST /authors HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + ADMIN_TOKEN.encode() + b"\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)
DIED_OF_SIGINT = -signal.SIGINT


class Command:
    """The command line, in a session of its own as in a terminal."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.log = folder / "log"
        self.data = folder / "data"
        settings = {
            name: value for name, value in os.environ.items() if not name.startswith("BLOG_")
        }
        settings |= {
            "BLOG_PORT": "0",
            "BLOG_LOG_FORMAT": "json",
            "BLOG_DATA_DIR": str(self.data),
            "BLOG_TOKEN_KEY": KEY,
        } | environment
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", *arguments],
                cwd=ROOT,
                env=settings,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def wait_for_address(self) -> int:
        """Return the port, once it is printed."""
        assert self.process.stdout is not None
        found = re.match(rb"API +\S+:(\d+)", self.process.stdout.readline())
        assert found is not None, self.log.read_text()
        return int(found[1])

    def wait_for_line(self, text: str) -> None:
        """Return when the log has a text."""
        wait_until(lambda: text in self.log.read_text(), process=self.process)

    def interrupt(self, *, times: int = 40) -> int:
        """Press Ctrl-C again and again until the command ends; return its status."""
        for _ in range(times):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout=0.02)
        return self.process.wait(timeout=60)

    def left(self) -> list[str]:
        """Return the processes that it has started and that are there."""
        lines = [" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])]
        return [line for line in lines if str(self.data) in line]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL can reach, which runs as nobody where the tests run as root."""
    with TemporaryDirectory(prefix="blog-signals-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@contextmanager
def running(folder: Path, *arguments: str, **environment: str) -> Iterator[Command]:
    """Run a command, and leave nothing of it behind."""
    command = Command(folder, *arguments, **environment)
    try:
        yield command
    finally:
        with suppress(ProcessLookupError):
            os.killpg(command.process.pid, signal.SIGKILL)
        command.process.wait()
        assert command.process.stdout is not None
        command.process.stdout.close()


def ended_in_order(command: Command) -> bool:
    """Return whether nothing was broken off: no traceback in any output, and no process left."""
    log = command.log.read_text()
    assert not re.search(r'Traceback|"stack"|KeyboardInterrupt|Exception ignored', log), log
    assert command.left() == []
    return True


@pytest.mark.parametrize("times", [1, 2, 40])
def test_interrupted_mock_ends_with_0(folder: Path, times: int) -> None:
    with running(folder, "mock") as command:
        command.wait_for_address()
        command.wait_for_line("Application startup complete")

        assert command.interrupt(times=times) == 0
        assert ended_in_order(command)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at what the process has loaded")
@pytest.mark.parametrize("arguments", [["mock"], ["serve"], ["migrate"]])
def test_command_that_is_interrupted_while_it_imports_ends_by_the_signal(
    folder: Path, arguments: list[str]
) -> None:
    with running(folder, *arguments) as command:
        loaded = Path(f"/proc/{command.process.pid}/maps")
        wait_until(lambda: "pydantic_core" in loaded.read_text(), process=command.process)

        assert command.interrupt() == DIED_OF_SIGINT
        assert ended_in_order(command)


@pytest.mark.parametrize("times", [2, 40])
def test_interrupted_service_ends_with_0_and_stops_its_database(folder: Path, times: int) -> None:
    with running(folder, "serve") as command:
        command.wait_for_address()
        command.wait_for_line("Application startup complete")
        assert command.left()

        assert command.interrupt(times=times) == 0
        assert ended_in_order(command)


def test_service_that_is_interrupted_while_its_database_starts_leaves_none_behind(
    folder: Path,
) -> None:
    with running(folder, "serve") as command:
        wait_until(lambda: bool(command.left()), process=command.process)

        assert command.interrupt() == 0
        assert ended_in_order(command)


def test_service_that_is_interrupted_twice_waits_for_no_request(
    folder: Path, database_url: str
) -> None:
    with running(folder, "serve", BLOG_DATABASE_URL=database_url) as command:
        with socket.create_connection(
            ("127.0.0.1", command.wait_for_address()), timeout=60
        ) as client:
            client.sendall(HALF)
            time.sleep(0.2)  # for the service to have read it
            begun = time.monotonic()

            assert command.interrupt() == 0
            assert time.monotonic() - begun < 8, "it waits for 10 seconds when it is told once"
            assert ended_in_order(command)


@pytest.mark.parametrize("arguments", [["serve"], ["serve", "--reload"]], ids=["workers", "reload"])
@pytest.mark.parametrize(("ready", "times"), [(False, 40), (True, 2)], ids=["importing", "serving"])
def test_processes_that_serve_are_interrupted_with_their_parent(
    folder: Path, database_url: str, arguments: list[str], ready: bool, times: int
) -> None:
    with running(folder, *arguments, BLOG_DATABASE_URL=database_url, BLOG_WORKERS="2") as command:
        command.wait_for_address()
        begun = "reloader" if "--reload" in arguments else "parent"
        command.wait_for_line(
            "Application startup complete" if ready else f"Started {begun} process"
        )

        assert command.interrupt(times=times) == 0
        assert ended_in_order(command)


def test_interrupted_migration_is_no_success(folder: Path) -> None:
    with running(folder, "migrate") as command:
        wait_until(lambda: bool(command.left()), process=command.process)

        assert command.interrupt() == 128 + signal.SIGINT
        assert ended_in_order(command)


LOST = """
import contextlib, os, signal
import uvicorn
from app import signals
from app.shutdown import Server

async def application(scope, receive, send):
    pass

signals.exit_once(status=0)
with contextlib.suppress(SystemExit):  # as a finalizer or a callback would
    os.kill(os.getpid(), signal.SIGINT)
server = Server(uvicorn.Config(application, port=0, lifespan="off", log_level="critical"), delay=0)
server.run()
print("ended")
"""


def test_signal_whose_exit_was_lost_ends_the_service_when_it_has_started() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOST], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.stdout == "ended\n", done.stderr
