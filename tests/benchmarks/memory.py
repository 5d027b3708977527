"""`make bench-memory`: whether the memory of the service is flat over 200 000 requests."""

import os
from itertools import cycle

from tests.benchmarks import database, load, report
from tests.benchmarks.servers import CONTESTANTS, Server, running

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "200000"))
WARM = REQUESTS // 10
FLAT = 0.05  # of the memory after the first tenth: what is warm by then shall be all there is
ARTICLES = 10_000


def main() -> None:
    """Send requests of each kind in turns and look at the memory after each."""
    load.need_wrk()
    before = os.getloadavg()[0]
    with database.embedded_postgres() as url:
        database.fill(url, articles=ARTICLES)
        with running(CONTESTANTS[0], database_url=url) as service:
            found = _samples(service)
    warm = next(memory for sent, memory in found if sent >= WARM)
    settings = {
        "requests": REQUESTS,
        "articles": ARTICLES,
        "connections": load.CONNECTIONS,
        "load before": before,
    }
    result = {
        "settings": settings,
        "flat": FLAT,
        "warm": WARM,
        "growth": found[-1][1] / warm - 1,
        "samples": found,
    }
    report.publish("memory", result)


def _samples(service: Server) -> list[tuple[int, float]]:
    """Return how many requests were answered, and the megabytes (10^6) that were resident then."""
    found, sent = [(0, service.memory_bytes() / 1e6)], 0
    for kind in cycle(("one", "page", "post")):
        sent += load.send(service.base_url, kind, seconds=5, articles=ARTICLES, seed=sent).requests
        found.append((sent, service.memory_bytes() / 1e6))
        if sent >= REQUESTS:
            return found
    raise AssertionError("cycle never ends")


if __name__ == "__main__":
    main()
