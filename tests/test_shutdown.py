"""SIGTERM: the service becomes unready, goes on accepting, and ends without losing a request."""

import errno
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pytest

from app.shutdown import ignore_new_connections
from tests.contract.factories import author
from tests.problems import problem
from tests.servers import HOST, wait_until, working
from tests.test_signals import HALF, Command, running
from tests.test_workers import eventually
from tests.tokens import ADMIN

pytestmark = pytest.mark.slow

REST = json.dumps(author()).encode()[1:].ljust(99)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for the log and for a database, although none is started here."""
    with TemporaryDirectory(prefix="blog-shutdown-") as name:
        yield Path(name)


@contextmanager
def serving(folder: Path, url: str, **settings: str) -> Iterator[tuple[Command, int]]:
    """Run a service; yield it and its port when all its processes serve."""
    with running(folder, "serve", BLOG_DATABASE_URL=url, **settings) as command:
        port = command.wait_for_address()
        workers = int(settings.get("BLOG_WORKERS", "1"))
        wait_until(
            lambda: command.log.read_text().count("Application startup complete") == workers,
            process=command.process,
        )
        assert get(port, "/readyz").status == 200
        yield command, port


def get(port: int, path: str, connection: HTTPConnection | None = None) -> HTTPResponse:
    """Return the response to a GET, on a connection of its own unless one is given."""
    client = connection or HTTPConnection(HOST, port, timeout=20)
    client.request("GET", path)
    response = client.getresponse()
    response.read()
    if connection is None:
        client.close()
    return response


def connections(stack: ExitStack, port: int, count: int) -> list[HTTPConnection]:
    """Return clients with a connection each, which are closed with the stack."""
    clients = [HTTPConnection(HOST, port, timeout=20) for _ in range(count)]
    for client in clients:
        stack.callback(client.close)
    return clients


def terminate(command: Command) -> None:
    """Send SIGTERM to the main process alone, as Kubernetes, systemd and Docker do."""
    command.process.send_signal(signal.SIGTERM)


def terminate_all(command: Command) -> None:
    """Send SIGTERM to all processes, as systemd does without `KillMode=mixed`."""
    os.killpg(command.process.pid, signal.SIGTERM)


def draining(command: Command) -> None:
    """Return when the service has begun to end."""
    command.wait_for_line("Draining")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_service_that_is_told_to_end_is_unready_and_serves_until_the_delay_is_over(
    folder: Path, database_url: str, workers: str
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "1.5", "BLOG_WORKERS": workers}
    with serving(folder, database_url, **settings) as (command, port):
        begun = time.monotonic()
        terminate(command)
        wait_until(
            lambda: command.log.read_text().count("Draining") == int(workers),
            process=command.process,
        )

        unready = httpx.get(f"http://{HOST}:{port}/readyz")
        assert problem(unready, 503)["detail"] == "The service is shutting down."
        assert unready.headers["Retry-After"]
        assert get(port, "/livez").status == 200
        created = httpx.post(f"http://{HOST}:{port}/authors", json=author(), headers=ADMIN)
        assert (created.status_code, created.headers["Connection"]) == (201, "close")

        assert command.process.wait(timeout=10) == 0
        assert 1.5 <= time.monotonic() - begun < 5
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOST, port))


def test_kept_connection_ends_with_the_response_to_its_next_request(
    folder: Path, database_url: str
) -> None:
    with (
        serving(folder, database_url, BLOG_SHUTDOWN_DELAY="2") as (command, port),
        ExitStack() as stack,
    ):
        kept = connections(stack, port, 3)
        for each in kept:
            assert get(port, "/authors", each).headers["Connection"] is None

        terminate(command)
        draining(command)

        for each in kept:
            response = get(port, "/authors", each)
            assert (response.status, response.headers["Connection"]) == (200, "close")
        assert command.process.wait(timeout=10) == 0


def test_request_in_progress_finishes(folder: Path, database_url: str) -> None:
    with serving(folder, database_url, BLOG_SHUTDOWN_DELAY="0") as (command, port):
        with socket.create_connection((HOST, port), timeout=20) as client:
            client.sendall(HALF)
            time.sleep(0.2)  # for the service to have read it
            terminate(command)
            draining(command)
            client.sendall(REST)
            received = b"".join(iter(lambda: client.recv(65536), b""))

        assert received.startswith(b"HTTP/1.1 201 ")
        assert b"\r\nconnection: close\r\n" in received
        assert command.process.wait(timeout=10) == 0


def test_request_that_does_not_end_is_cancelled_after_the_time_limit(
    folder: Path, database_url: str
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "0", "BLOG_SHUTDOWN_TIMEOUT": "1.5"}
    with serving(folder, database_url, **settings) as (command, port):
        with socket.create_connection((HOST, port), timeout=20) as client:
            client.sendall(HALF)
            time.sleep(0.2)  # for the service to have read it
            begun = time.monotonic()
            terminate(command)
            received = b"".join(iter(lambda: client.recv(65536), b""))

        assert received.startswith(b"HTTP/1.1 503 ")
        assert command.process.wait(timeout=10) == 0
        assert 1.5 <= time.monotonic() - begun < 5


def test_connection_that_is_new_may_still_send_its_first_request(
    folder: Path, database_url: str
) -> None:
    with serving(folder, database_url, BLOG_SHUTDOWN_DELAY="0") as (command, port):
        with (
            socket.create_connection((HOST, port), timeout=20) as client,
            socket.create_connection((HOST, port), timeout=20) as silent,
        ):
            time.sleep(0.2)  # for the service to have accepted it
            terminate(command)
            wait_until(lambda: refuses(port))

            client.sendall(b"GET /authors HTTP/1.1\r\nHost: a\r\n\r\n")

            assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
            assert silent.recv(1) == b""
        assert command.process.wait(timeout=10) == 0


def refuses(port: int) -> bool:
    """Tell whether new connections are refused; one that is not would hold up the service."""
    try:
        with socket.create_connection((HOST, port), timeout=5) as probe:
            probe.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            return False
    except ConnectionRefusedError:
        return True


@pytest.mark.parametrize("numbers", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_and_a_second_signal_need_no_patience(
    folder: Path, database_url: str, workers: str, numbers: list[signal.Signals]
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "60", "BLOG_WORKERS": workers}
    with serving(folder, database_url, **settings) as (command, _):
        begun = time.monotonic()
        for number in numbers:
            command.process.send_signal(number)
            draining(command)

        assert command.process.wait(timeout=20) == 0
        assert time.monotonic() - begun < 4


class Visitors:
    """Threads that make request after request, each on a connection of its own."""

    def __init__(self, port: int, *, pause: float = 0.002) -> None:
        self.answered = self.refused = 0
        self.lost: list[str] = []
        self._port = port
        self._pause = pause
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._visit) for _ in range(8)]

    @contextmanager
    def visiting(self) -> Iterator[None]:
        with working(self._threads, until=self._is_over):
            yield

    def _visit(self) -> None:
        while not self._is_over.is_set():
            with socket.socket() as client:
                client.settimeout(20)
                try:
                    client.connect((HOST, self._port))
                except ConnectionRefusedError:  # every request can be sent elsewhere
                    with self._lock:
                        self.refused += 1
                    time.sleep(0.01)
                    continue
                outcome = self._outcome(client)
            with self._lock:
                if outcome is None:
                    self.answered += 1
                else:
                    self.lost.append(outcome)
            time.sleep(self._pause)

    @staticmethod
    def _outcome(client: socket.socket) -> str | None:
        """Return what went wrong, or None."""
        try:
            client.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            response = HTTPResponse(client)
            response.begin()
            response.read()
        except (OSError, HTTPException) as error:
            return repr(error)
        return None if response.status == 200 else str(response.status)


@pytest.mark.parametrize(
    ("workers", "tell"),
    [("1", terminate), ("3", terminate), ("3", terminate_all)],
    ids=["one process", "workers", "workers that are told, too"],
)
@pytest.mark.parametrize("attempt", range(2))
def test_each_connection_that_is_established_is_served(
    folder: Path,
    database_url: str,
    workers: str,
    tell: Callable[[Command], None],
    attempt: int,
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "0.5", "BLOG_WORKERS": workers}
    with serving(folder, database_url, **settings) as (command, port):
        visitors = Visitors(port)
        with visitors.visiting():
            time.sleep(0.5)
            tell(command)
            status = command.process.wait(timeout=20)
            wait_until(lambda: visitors.refused >= 8)

    assert (status, visitors.lost) == (0, [])
    assert visitors.answered > 100


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such filter")
@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, HOST), (socket.AF_INET6, "::1")], ids=["IPv4", "IPv6"]
)
def test_new_connection_is_ignored_until_it_is_refused(
    family: socket.AddressFamily, host: str
) -> None:
    with (
        socket.create_server((host, 0), family=family) as listener,
        socket.create_connection(listener.getsockname()[:2]) as early,
        socket.socket(family) as late,
    ):
        early.sendall(b"before")

        ignore_new_connections([listener])
        late.setblocking(False)
        late.connect_ex(listener.getsockname()[:2])
        early.sendall(b" and after")

        accepted, _ = listener.accept()
        assert accepted.recv(100) == b"before and after"
        accepted.close()
        assert select.select([listener], [late], [], 0.2) == ([], [], [])
        listener.close()
        select.select([], [late], [], 5)
        assert late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED


def test_workers_are_replaced_without_a_lost_or_refused_connection(
    folder: Path, database_url: str
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "0.5", "BLOG_WORKERS": "2"}
    with serving(folder, database_url, **settings) as (command, port):
        workers = serving_processes(command)
        visitors = Visitors(port, pause=0.05)  # new workers need time to start, too
        with visitors.visiting():
            time.sleep(0.5)
            command.process.send_signal(signal.SIGHUP)
            eventually(lambda: not serving_processes(command) & workers)
            assert get(port, "/readyz").status == 200

    assert (visitors.lost, visitors.refused) == ([], 0)
    assert visitors.answered > 100


def test_service_that_is_told_to_end_replaces_no_further_worker(
    folder: Path, database_url: str
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "0", "BLOG_WORKERS": "3"}
    with serving(folder, database_url, **settings) as (command, _):
        command.process.send_signal(signal.SIGHUP)
        command.wait_for_line("Received SIGHUP")
        terminate(command)

        assert command.process.wait(timeout=60) == 0
        assert command.log.read_text().count("Started server process") == 3 + 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_requests_that_wait_in_the_accept_queue_are_served(
    folder: Path, database_url: str, workers: str
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "0", "BLOG_WORKERS": workers}
    with serving(folder, database_url, **settings) as (command, port), ExitStack() as stack:
        os.killpg(command.process.pid, signal.SIGSTOP)
        clients = connections(stack, port, 200)
        for client in clients:
            client.request("GET", "/authors")
        terminate(command)
        os.killpg(command.process.pid, signal.SIGCONT)

        assert [client.getresponse().status for client in clients] == [200] * 200
        assert command.process.wait(timeout=20) == 0


def test_worker_that_alone_is_told_to_end_takes_no_connection_with_it(
    folder: Path, database_url: str
) -> None:
    settings = {"BLOG_SHUTDOWN_DELAY": "0.5", "BLOG_WORKERS": "2"}
    with serving(folder, database_url, **settings) as (command, port):
        old = min(serving_processes(command))
        visitors = Visitors(port, pause=0.05)  # a new worker needs time to start, too
        with visitors.visiting():
            time.sleep(0.5)
            os.kill(old, signal.SIGTERM)
            eventually(lambda: len(serving_processes(command) - {old}) == 2)
            eventually(lambda: get(port, "/readyz").status == 200)

    assert (visitors.lost, visitors.refused) == ([], 0)


def serving_processes(command: Command) -> set[int]:
    """Return the ids of the worker processes."""
    children = psutil.Process(command.process.pid).children()
    return {
        each.pid
        for each in children
        if each.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(each.cmdline())
    }
