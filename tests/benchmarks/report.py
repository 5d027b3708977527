"""The figures: gathered, printed as tables, written as JSON."""

import json
import platform
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any

import psutil

from tests.benchmarks.load import CONNECTIONS, KINDS
from tests.benchmarks.measuring import Series, Spread
from tests.benchmarks.servers import ROOT, Contestant
from tests.benchmarks.targets import Target, targets

Measured = dict[tuple[str, str], Series]

_LIBRARIES = "asyncpg connexion fastapi litestar orjson pydantic sqlalchemy starlette uvicorn uvloop".split()


def summary(
    contestants: list[Contestant], measured: Measured, starts: dict[str, Spread], memory: dict[str, int]
) -> dict[str, Any]:
    """Return what is to be said of each contestant; seconds, megabytes (10^6), microseconds of CPU per request."""
    return {
        each.name: {
            "title": each.title,
            "start_seconds": asdict(starts[each.name]),
            "memory_mb": memory[each.name] / 1e6,
            "requests": {kind: _figures(measured, kind, each.name) for kind in KINDS},
        }
        for each in contestants
    }


def _figures(measured: Measured, kind: str, name: str) -> dict[str, Any]:
    series = measured[kind, name]
    return {
        "cpu_us": asdict(Spread.of(series.cpu)),
        "to_floor": asdict(series.ratios(measured[kind, "floor"])),
        "to_service": asdict(series.ratios(measured[kind, "service"])),
        "to_first_page": asdict(series.ratios(measured["page", name])),
        "requests_per_second": median(each.requests / each.seconds for each in series.loads),
        "p50_ms": median(each.p50 for each in series.loads),
        "p99_ms": median(each.p99 for each in series.loads),
    }


def publish(found: dict[str, Any], *, rounds: int, seconds: float) -> None:
    """Print the figures and write them to build/bench.json."""
    held = list(targets(found))
    for kind, title in KINDS.items():
        print(f"\n{title}\n{_HEAD}")
        for each in found.values():
            print(_line(each["title"], each["requests"][kind]))
    print("\nProcess".ljust(41) + "first answer after s   memory MB")
    for each in found.values():
        print(f"  {each['title']:38}{each['start_seconds']['median']:20.2f} {each['memory_mb']:11.0f}")
    print("\nTargets (medians)".ljust(60) + "figure     must      aim")
    for target in held:
        print(_target(target))
    settings = {"rounds": rounds, "seconds": seconds, "connections": CONNECTIONS}
    write("bench", {"machine": machine(), "settings": settings, "contestants": found, "targets": held})


_HEAD = f"  {'':36}{'to the floor':>20}{'CPU µs':>9}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'p99/p50':>9}"


def _line(title: str, of: dict[str, Any]) -> str:
    ratio = of["to_floor"]
    spread = f"{ratio['median']:.2f} ({ratio['least']:.2f}–{ratio['most']:.2f})"
    times = f"{of['p50_ms']:9.1f}{of['p99_ms']:9.1f}{of['p99_ms'] / of['p50_ms']:9.1f}"
    return f"  {title:36}{spread:>20}{of['cpu_us']['median']:9.0f}{of['requests_per_second']:8.0f}{times}"


def _target(target: Target) -> str:
    sign = "≤" if target.at_most else "≥"
    aim = f"{sign} {target.aim:.1f}" if target.aim is not None else ""
    return f"  {target.what:56}{target.figure:7.2f}{f'{sign} {target.must:.1f}':>9}{aim:>9}   {target.verdict}"


def write(name: str, content: dict[str, Any]) -> None:
    """Write figures to a file in build/, which is not committed."""
    path = ROOT / "build" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2, default=_plain) + "\n")
    print(f"\nWritten to {path.relative_to(ROOT)}")


def _plain(target: Target) -> dict[str, Any]:
    return asdict(target) | {"verdict": target.verdict}


def machine() -> dict[str, Any]:
    """Name what was measured on: the processor, and versions; nothing that tells whose machine it is."""
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "node": _output("node", "--version").removeprefix("v"),
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
    }


def _processor() -> str:
    for line in _output("lscpu").splitlines():
        name, _, value = line.partition(":")
        if name == "Model name":
            return value.strip()
    return platform.processor()


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
