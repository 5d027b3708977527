"""Measuring in rounds of all contestants, so that a disturbance of the machine affects all."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.benchmarks.load import Load
from tests.benchmarks.servers import Server

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some values, and the least and the greatest."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """Return the spread of one value or more."""
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))


@dataclass(slots=True)
class Series:
    """What the rounds found of one contestant and one kind of request."""

    loads: list[Load] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Microseconds of the server's processor time for each request, a value for each round."""

    def measure(self, server: Server, send: Callable[[Server], Load]) -> None:
        """Add a round."""
        before = server.cpu_seconds()
        load = send(server)
        self.cpu.append((server.cpu_seconds() - before) / load.requests * 1e6)
        self.loads.append(load)

    def ratios(self, other: "Series") -> Spread:
        """Return the processor time as a multiple of the other's, in each round."""
        return Spread.of(mine / its for mine, its in zip(self.cpu, other.cpu, strict=True))


def rotated(items: list[Item], by: int) -> list[Item]:
    """Return the items in another order for each round, so that no one always follows another."""
    by %= len(items)
    return items[by:] + items[:by]
