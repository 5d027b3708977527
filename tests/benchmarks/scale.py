"""`make bench-scale`: whether a request costs the service the same on 1 000 articles and on 1 000 000."""

import os
from contextlib import ExitStack
from dataclasses import asdict

from tests.benchmarks import database, load, report
from tests.benchmarks.measuring import Series, Spread, rotated
from tests.benchmarks.servers import CONTESTANTS, Server, running

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,10000,100000,1000000").split(",")]
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
KINDS = ("one", "page", "post")
FLAT = 0.10  # of the CPU on the smallest table


def main() -> None:
    """Run a service on each size, measure them in turns, and print how they compare with the smallest."""
    load.need_wrk()
    with ExitStack() as stack:
        url = stack.enter_context(database.embedded_postgres())
        urls = {size: database.create(url, f"articles_{size}") for size in SIZES}
        for size in SIZES:
            print(f"Storing {size} articles", flush=True)
            database.fill(urls[size], articles=size)
        services = {size: stack.enter_context(running(CONTESTANTS[0], database_url=urls[size])) for size in SIZES}
        measured = {(kind, size): Series() for kind in KINDS for size in SIZES}
        for number in range(ROUNDS + 1):
            print("Warming up" if not number else f"Round {number} of {ROUNDS}", flush=True)
            for kind in KINDS:
                for size in rotated(SIZES, number):
                    series = measured[kind, size] if number else Series()
                    _measure(series, services[size], kind, size, number)
                    if kind == "post":
                        database.forget_posted(urls[size], articles=size)
    _publish(measured)


def _measure(series: Series, server: Server, kind: str, size: int, number: int) -> None:
    seconds = SECONDS if number else 1
    series.measure(server, lambda to: load.send(to.base_url, kind, seconds=seconds, articles=size, seed=number))


def _publish(measured: dict[tuple[str, int], Series]) -> None:
    found = []
    for kind in KINDS:
        print(f"\n{load.KINDS[kind]}\n{'articles':>12}{'CPU µs':>10}{f'to {SIZES[0]} articles':>26}")
        for size in SIZES:
            cpu = Spread.of(measured[kind, size].cpu)
            ratio = measured[kind, size].ratios(measured[kind, SIZES[0]])
            flat = abs(ratio.median - 1) <= FLAT
            spread = f"{ratio.median:.2f} ({ratio.least:.2f}–{ratio.most:.2f})"
            print(f"{size:12}{cpu.median:10.0f}{spread:>26}   {'flat' if flat else 'not flat'}")
            found.append({"kind": kind, "articles": size, "cpu_us": asdict(cpu), "to_smallest": asdict(ratio)})
    report.write("bench-scale", {"machine": report.machine(), "sizes": found})


if __name__ == "__main__":
    main()
