"""What the units of work cost: processor time of this process for reading one author.

    python -m tests.benchmarks.units

PostgreSQL is another process, and does not count. The units take turns, so that what slows the
machine slows them all.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import uvloop
from sqlalchemy import bindparam, select

from app.database import migrate
from app.database.db import Database
from app.database.embedded import EmbeddedPostgres
from app.database.models import Author
from app.database.statements import Statement

ROUNDS, READS = 15, 400
_GET = Statement(select(*Author.__table__.columns).where(Author.id == bindparam("author_id")))


async def _statement(database: Database) -> None:
    async with database.statement() as db:
        await db.fetch_one(_GET, author_id=1)


async def _transaction(database: Database) -> None:
    async with database.transaction() as db:
        await db.fetch_one(_GET, author_id=1)


async def _session(database: Database) -> None:
    async with database.session() as session:
        await session.get(Author, 1)


async def _microseconds(read: Callable[[Database], Awaitable[None]], database: Database) -> float:
    started = time.process_time()
    for _ in range(READS):
        await read(database)
    return (time.process_time() - started) / READS * 1e6


async def _compare(url: str) -> None:
    units = {"statement()": _statement, "transaction()": _transaction, "session()": _session}
    async with Database(url, pool_size=2, timeout=10, wait=5) as database:
        async with database.session() as session:
            session.add(Author(first_name="Ada", last_name="Lovelace"))
        gc.collect()
        gc.freeze()
        figures: dict[str, list[float]] = {name: [] for name in units}
        for _ in range(ROUNDS + 1):
            for name, read in units.items():
                figures[name].append(await _microseconds(read, database))
    first = median(figures["statement()"][1:])  # the first round warms up
    for name, times in figures.items():
        print(f"{name:<15} {median(times[1:]):6.0f} µs  {median(times[1:]) / first:4.1f}")


def main() -> None:
    """Print the median time of each unit, and its ratio to the first."""
    with tempfile.TemporaryDirectory(prefix="blog-units-") as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its data here
        with EmbeddedPostgres(Path(folder) / "data") as server:
            migrate.upgrade(server.url)
            with asyncio.Runner(
                loop_factory=uvloop.new_event_loop
            ) as runner:  # as the service runs
                runner.run(_compare(server.url))


if __name__ == "__main__":
    main()
