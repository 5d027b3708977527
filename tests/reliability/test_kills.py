"""Kills under load: no acknowledged change is lost, and none happens twice."""

import socket
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from app.database.embedded import EmbeddedPostgres
from tests.reliability.harness import (
    RECOVERY_SECONDS,
    REPEATS,
    Service,
    accepts_connections,
    check,
    hammering,
    kill_all,
    own_postgres,
    serving,
    settle,
)
from tests.servers import HOST, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 * REPEATS)]

# A request that comes again with its key while the first one is at work gets a 409.
BROKEN_CONNECTIONS: tuple[int | str, ...] = (409, "ReadError", "RemoteProtocolError", "WriteError")


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of the test's own, which is started again when it is killed."""
    with own_postgres("kills") as server:
        yield server


def kill_and_await(server: EmbeddedPostgres) -> None:
    """Kill all processes of a PostgreSQL, and wait until it accepts connections again."""
    killed = server.pid
    kill_all(psutil.Process(killed))
    wait_until(lambda: server.pid != killed and accepts_connections(server.url))


def kill_worker(service: Service) -> None:
    """Kill a worker, and wait until there are two again that serve."""
    killed = service.workers()[0]
    killed.kill()
    wait_for_two_workers(service, killed)


def wait_for_two_workers(service: Service, killed: psutil.Process | None = None) -> None:
    """Wait until two workers, of which none is the one that was killed, have served a client."""
    served: set[psutil.Process] = set()

    def both_have_served() -> bool:
        with socket.create_connection((HOST, service.port)):
            workers = {each for each in service.workers() if each != killed}
            served.update(each for each in workers if service.has_connections(each))
        return len(workers & served) == 2

    wait_until(both_have_served)


def test_database_is_killed_and_restarted(server: EmbeddedPostgres, record_property: Any) -> None:
    recoveries = []
    with (
        serving(server.url) as service,
        hammering(service.base_url, record_property=record_property) as writers,
    ):
        for _ in range(5 * REPEATS):
            kill_and_await(server)
            writers.ledger.faults += 1
            recoveries.append(writers.wait_for_success())
            writers.wait_for_success(20)

    check(settle(writers, server.url), statuses={503}, slowest=5)
    assert max(recoveries) < RECOVERY_SECONDS


def test_worker_is_killed_and_replaced(server: EmbeddedPostgres, record_property: Any) -> None:
    with (
        serving(server.url, BLOG_WORKERS="2") as service,
        hammering(service.base_url, record_property=record_property) as writers,
    ):
        wait_for_two_workers(service)
        for _ in range(2 * REPEATS):
            kill_worker(service)
            writers.ledger.faults += 1
            writers.wait_for_success(20)

    check(settle(writers, server.url), statuses=BROKEN_CONNECTIONS, slowest=5)


def test_whole_service_is_killed_and_started_again(
    server: EmbeddedPostgres, record_property: Any
) -> None:
    with (
        serving(server.url) as service,
        hammering(service.base_url, record_property=record_property) as writers,
    ):
        for _ in range(2 * REPEATS):
            service.kill()
            writers.ledger.faults += 1
            service.start()
            writers.wait_for_success(20)

    check(settle(writers, server.url), statuses={"ConnectError", *BROKEN_CONNECTIONS}, slowest=5)
