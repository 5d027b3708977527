"""The network to the database is cut under load: bounded answers, and a quick return."""

import time
from typing import Any

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from tests.reliability.harness import (
    RECOVERY_SECONDS,
    REPEATS,
    check,
    hammering,
    serving,
    settle,
)
from tests.reliability.network import Network
from tests.reliability.test_kills import server as server
from tests.tokens import ADMIN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 * REPEATS)]


def test_network_is_cut_and_back(server: EmbeddedPostgres, record_property: Any) -> None:
    recoveries = []
    with (
        Network(server.url) as network,
        serving(network.url) as service,
        hammering(service.base_url, record_property=record_property) as writers,
        httpx.Client(base_url=service.base_url, headers=ADMIN, timeout=60) as client,
    ):
        for _ in range(2 * REPEATS):
            with network.cut():
                writers.ledger.faults += 1
                time.sleep(4)
                assert client.get("/livez").status_code == 200
            started = time.monotonic()
            while client.get("/authors").status_code != 200:
                assert time.monotonic() - started < 60
            recoveries.append(time.monotonic() - started)
            writers.wait_for_success(20)

    check(settle(writers, server.url), statuses={409, 503}, slowest=7)
    assert max(recoveries) < RECOVERY_SECONDS
