"""`make bench`: this service beside others, in the same run. See docs/performance.md."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import answers, database, load, report
from tests.benchmarks.measuring import Series, rotated
from tests.benchmarks.servers import (
    CONTESTANTS,
    Contestant,
    Server,
    before,
    build_go,
    install_fastify,
    running,
)

SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
ONLY = os.environ.get("BENCH_ONLY", "")
BEFORE = os.environ.get("BENCH_BEFORE", "")
"""The folder of another checkout of the project, to measure beside this one."""
STARTS = min(ROUNDS, 5)


def main() -> None:
    """Measure, print the table, write what it says as JSON and draw it."""
    load.need_wrk()
    load_before = os.getloadavg()[0]
    contestants = chosen(ONLY)
    with ExitStack() as stack:
        url = stack.enter_context(database.embedded_postgres())
        print(f"Storing {database.ARTICLES} articles", flush=True)
        database.fill(url)
        starts = time_starts(contestants, url)
        servers = [stack.enter_context(running(each, database_url=url)) for each in contestants]
        cursors = {
            each.contestant.name: answers.cursor_at(each, depth=load.DEEP) for each in servers
        }
        answers.compare(servers, cursors, articles=database.ARTICLES)
        database.forget_posted(url)
        print("All answer the same", flush=True)
        measured = measure(servers, url, cursors)
        memory = {server.contestant.name: server.memory_bytes() for server in servers}
    settings = {
        "rounds": ROUNDS,
        "seconds": SECONDS,
        "connections": load.CONNECTIONS,
        "load before": load_before,
    }
    found = report.summary(contestants, measured, starts, memory)
    report.publish("bench", {"settings": settings, "contestants": found})


def chosen(only: str) -> list[Contestant]:
    """Return the contestants in `only`, or all, and always the service and the floor."""
    known = {each.name for each in CONTESTANTS}
    names = {*only.split(","), "service", "floor"} if only else known
    if unknown := names - known:
        sys.exit(
            f"BENCH_ONLY: there is no {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        )
    if "fastify" in names and not install_fastify():
        print("There is no Node here: without Fastify")
        names.remove("fastify")
    if "go" in names and not build_go():
        print("There is no Go here: without ogen")
        names.remove("go")
    other = [before(Path(BEFORE))] if BEFORE else []
    return [*(each for each in CONTESTANTS if each.name in names), *other]


def time_starts(contestants: list[Contestant], url: str) -> dict[str, list[float]]:
    """Return the seconds from spawning a process to its first response.

    The first round only warms the disk's cache.
    """
    seconds: dict[str, list[float]] = {each.name: [] for each in contestants}
    for number in range(STARTS + 1):
        for contestant in rotated(contestants, number):
            with running(contestant, database_url=url) as server:
                if number:
                    seconds[contestant.name].append(server.start_seconds)
    return seconds


def measure(servers: list[Server], url: str, cursors: dict[str, str]) -> report.Measured:
    """Send every kind of request to every server in each round."""
    measured = {
        (kind, server.contestant.name): Series()
        for kind in load.KINDS
        for server in servers
        if load.is_sent_to(kind, server.contestant.name)
    }
    for number in range(ROUNDS + 1):
        print("Warming up" if not number else f"Round {number} of {ROUNDS}", flush=True)
        for kind in load.KINDS:
            for server in rotated(servers, number):
                if (kind, server.contestant.name) not in measured:
                    continue
                series = measured[kind, server.contestant.name] if number else Series()
                _measure(series, server, kind, number, cursor=cursors[server.contestant.name])
                if kind in load.WRITING:
                    database.forget_posted(url)
    return measured


def _measure(series: Series, server: Server, kind: str, number: int, *, cursor: str) -> None:
    seconds = SECONDS if number else 1
    series.measure(
        server,
        lambda server: load.send(
            server.base_url,
            kind,
            seconds=seconds,
            articles=database.ARTICLES,
            cursor=cursor,
            seed=number,
        ),
    )


if __name__ == "__main__":
    main()
