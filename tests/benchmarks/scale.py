"""`make bench-scale`: whether a request costs the same with 1 000 and 1 000 000 articles."""

import os
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from tests.benchmarks import database, load, report
from tests.benchmarks.measuring import Series, Spread, rotated
from tests.benchmarks.servers import CONTESTANTS, Server, running

SIZES = [
    int(size) for size in os.environ.get("BENCH_SIZES", "1000,10000,100000,1000000").split(",")
]
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
KINDS = ("one", "page", "post")
FLAT = 0.10  # of the CPU on the smallest table


def main() -> None:
    """Run a service on each size, measure them in turns, and compare them with the smallest."""
    load.need_wrk()
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        url = stack.enter_context(database.embedded_postgres())
        urls = {size: database.create(url, f"articles_{size}") for size in SIZES}
        for size in SIZES:
            print(f"Storing {size} articles", flush=True)
            database.fill(urls[size], articles=size)
        services = {
            size: stack.enter_context(running(CONTESTANTS[0], database_url=urls[size]))
            for size in SIZES
        }
        measured = {(kind, size): Series() for kind in KINDS for size in SIZES}
        for number in range(ROUNDS + 1):
            print("Warming up" if not number else f"Round {number} of {ROUNDS}", flush=True)
            for kind in KINDS:
                for size in rotated(SIZES, number):
                    series = measured[kind, size] if number else Series()
                    _measure(series, services[size], kind, size, number)
                    if kind == "post":
                        database.forget_posted(urls[size], articles=size)
    found = {
        kind: {
            str(size): _figures(measured[kind, size], measured[kind, SIZES[0]]) for size in SIZES
        }
        for kind in KINDS
    }
    settings = {
        "rounds": ROUNDS,
        "seconds": SECONDS,
        "connections": load.CONNECTIONS,
        "load before": before,
    }
    report.publish("scale", {"settings": settings, "flat": FLAT, "requests": found})


def _measure(series: Series, server: Server, kind: str, size: int, number: int) -> None:
    seconds = SECONDS if number else 1
    series.measure(
        server, lambda to: load.send(to.base_url, kind, seconds=seconds, articles=size, seed=number)
    )


def _figures(series: Series, smallest: Series) -> dict[str, Any]:
    return {"cpu_us": asdict(Spread.of(series.cpu)), "to_smallest": asdict(series.ratios(smallest))}


if __name__ == "__main__":
    main()
