"""What the figures are held to. Nothing fails here: a target that is missed is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.load import KINDS, measured_kinds

_TO_FLOOR = {  # must, aim
    "one": (2.0, 1.4),
    "page": (2.0, 1.35),
    "deep": (2.0, 1.35),
    "filter": (2.0, 1.35),
    "post": (2.2, 1.5),
    "keyed": (2.2, 2.0),
    "patch": (2.2, 2.0),
}
_TO_OTHERS = ("one", "page", "post")
_DEEP = "deep"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, what it must be and what would be better."""

    what: str
    figure: float
    must: float
    aim: float | None = None
    at_most: bool = True
    """Whether less is better."""

    @property
    def verdict(self) -> str:
        """Say `missed`, `met`, or `aim met` where there is one."""
        if not self._within(self.must):
            return "missed"
        return "aim met" if self.aim is not None and self._within(self.aim) else "met"

    def _within(self, limit: float) -> bool:
        return self.figure <= limit if self.at_most else self.figure >= limit


def targets(found: dict[str, Any]) -> Iterator[Target]:
    """Hold the figures of all contestants against what is asked of the service."""
    service = found["service"]
    requests = service["requests"]
    kinds = measured_kinds(found)
    for kind, (must, aim) in ((kind, _TO_FLOOR[kind]) for kind in kinds if kind in _TO_FLOOR):
        yield Target(
            f"CPU to the floor, {KINDS[kind]}", requests[kind]["to_floor"]["median"], must, aim
        )
    for kind in _TO_OTHERS:
        yield from _against_others(found, kind)
    yield Target("CPU, the deep page to the first", requests[_DEEP]["to_first_page"]["median"], 1.2)
    if "known" in kinds:
        known, one = (requests[kind]["cpu_us"]["median"] for kind in ("known", "one"))
        yield Target("CPU, a 304 to the whole article", known / one, 0.9)
    for kind, title in kinds.items():
        yield Target(f"p99 to p50, {title}", requests[kind]["p99_to_p50"]["median"], 4.0)
    if textbook := found.get("fastapi"):
        start = service["start_seconds"]["median"] / textbook["start_seconds"]["median"]
        yield Target("process start to FastAPI's", start, 1.3)
        yield Target("memory to FastAPI's", service["memory_mb"] / textbook["memory_mb"], 1.3)


def _against_others(found: dict[str, Any], kind: str) -> Iterator[Target]:
    if "fastapi" in found:
        yield Target(
            f"FastAPI's CPU to ours, {KINDS[kind]}",
            _times(found, "fastapi", kind),
            3.5,
            6.0,
            at_most=False,
        )
    for name in ("litestar", "connexion"):
        if name in found:
            title = name.capitalize()
            yield Target(
                f"{title}'s CPU to ours, {KINDS[kind]}",
                _times(found, name, kind),
                1.0,
                at_most=False,
            )


def _times(found: dict[str, Any], name: str, kind: str) -> float:
    return float(found[name]["requests"][kind]["to_service"]["median"])
