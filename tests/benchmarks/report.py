"""The figures: gathered, printed as tables, written as JSON, and published in docs/."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any

import psutil

from tests.benchmarks import chart
from tests.benchmarks.load import KINDS, measured_kinds
from tests.benchmarks.measuring import Series, Spread
from tests.benchmarks.servers import ROOT, Contestant
from tests.benchmarks.targets import Target, targets

Measured = dict[tuple[str, str], Series]

DOCUMENTS = {
    "bench": ROOT / "docs" / "performance.md",
    "scale": ROOT / "docs" / "performance-tables.md",
    "memory": ROOT / "docs" / "performance-tables.md",
}
"""The pages with the tables, by the name of the measurement."""
FIGURES = ROOT / "docs" / "performance.json"
CHART = ROOT / "docs" / "performance.svg"

_LIBRARIES = (
    "asyncpg connexion fastapi litestar orjson pydantic sqlalchemy starlette uvicorn uvloop".split()
)


def summary(
    contestants: list[Contestant],
    measured: Measured,
    starts: dict[str, list[float]],
    memory: dict[str, int],
) -> dict[str, Any]:
    """Return the figures of each contestant: seconds, megabytes (10^6), µs of CPU per request."""
    return {
        each.name: {
            "title": each.title,
            "start_seconds": asdict(Spread.of(starts[each.name])),
            "memory_mb": memory[each.name] / 1e6,
            "requests": {
                kind: _figures(measured, kind, each.name)
                for kind in KINDS
                if (kind, each.name) in measured
            },
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
        "p99_to_p50": asdict(Spread.of(each.p99 / each.p50 for each in series.loads)),
    }


def publish(name: str, content: dict[str, Any]) -> None:
    """Print the figures and write them to build/; with BENCH_PUBLISH set also to docs/."""
    content = {"machine": machine()} | content
    print("\n" + TABLES[name](content))
    path = ROOT / "build" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")
    print(f"\nWritten to {path.relative_to(ROOT)}")
    if os.environ.get("BENCH_PUBLISH"):
        _publish_in_docs(name, content)


def _publish_in_docs(name: str, content: dict[str, Any]) -> None:
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    FIGURES.write_text(json.dumps(known | {name: content}, indent=2) + "\n")
    document = DOCUMENTS[name]
    document.write_text(with_table(document.read_text(), name, content))
    if name == "bench":
        CHART.write_text(chart.draw(content))


def with_table(document: str, name: str, content: dict[str, Any]) -> str:
    """Return the document with the table of these figures in its place."""
    table = f"<!-- {name} -->\n```text\n{TABLES[name](content)}\n```\n<!-- end -->"
    return re.sub(rf"<!-- {name} -->.*?<!-- end -->", lambda _: table, document, flags=re.DOTALL)


def _bench(content: dict[str, Any]) -> str:
    return "\n".join(
        [*_machine(content), *_requests(content), *_processes(content), *_targets(content)]
    )


def _machine(content: dict[str, Any]) -> Iterator[str]:
    machine = content["machine"]
    yield (
        f"{machine['cores']} cores of {machine['processor']}, {machine['system']}, "
        f"Python {machine['python']}"
    )
    versions = [f"{name} {number}" for name, number in machine["versions"].items()]
    half = len(versions) // 2
    yield ", ".join(versions[:half]) + ","
    yield ", ".join(versions[half:])
    yield ", ".join(f"{name} {value:g}" for name, value in content["settings"].items())


def _requests(content: dict[str, Any]) -> Iterator[str]:
    for kind, title in measured_kinds(content["contestants"]).items():
        yield (
            f"\n{title:36}{'to the floor':>22}{'CPU µs':>8}{'req/s':>8}"
            f"{'p50 ms':>8}{'p99 ms':>8}{'p99/p50':>9}"
        )
        for each in content["contestants"].values():
            if kind not in each["requests"]:
                continue
            of = each["requests"][kind]
            times = f"{of['p50_ms']:8.1f}{of['p99_ms']:8.1f}{of['p99_to_p50']['median']:9.1f}"
            work = f"{of['cpu_us']['median']:8.0f}{of['requests_per_second']:8.0f}"
            yield f"  {each['title']:34}{spread(of['to_floor']):>22}{work}{times}"


def _processes(content: dict[str, Any]) -> Iterator[str]:
    yield f"\n{'process':36}{'first answer after s':>22}{'memory MB':>16}"
    for each in content["contestants"].values():
        yield f"  {each['title']:34}{spread(each['start_seconds']):>22}{each['memory_mb']:16.0f}"


def _targets(content: dict[str, Any]) -> Iterator[str]:
    yield f"\n{'targets, medians':51}{'figure':>7}{'must':>8}{'aim':>8}"
    for target in targets(content["contestants"]):
        yield _target(target)


def _target(target: Target) -> str:
    sign = "≤" if target.at_most else "≥"
    aim = f"{sign} {target.aim:g}" if target.aim is not None else ""
    must = f"{sign} {target.must:.1f}"
    return f"  {target.what:49}{target.figure:7.2f}{must:>8}{aim:>8}  {target.verdict}"


def _scale(content: dict[str, Any]) -> str:
    lines = list(_machine(content))
    for kind, sizes in content["requests"].items():
        lines.append(f"\n{KINDS[kind]:20}{'CPU µs':>10}{'to the smallest':>24}")
        for size, of in sizes.items():
            verdict = (
                "flat" if abs(of["to_smallest"]["median"] - 1) <= content["flat"] else "not flat"
            )
            cpu = of["cpu_us"]["median"]
            lines.append(
                f"  {size:>9} articles {cpu:10.0f}{spread(of['to_smallest']):>24}  {verdict}"
            )
    return "\n".join(lines)


def _memory(content: dict[str, Any]) -> str:
    lines = [
        *_machine(content),
        "",
        *(f"{sent:8} requests{size:8.1f} MB" for sent, size in content["samples"]),
    ]
    verdict = "flat" if content["growth"] <= content["flat"] else "not flat"
    return "\n".join(
        [*lines, f"\ngrown by {content['growth']:.1%} since {content['warm']} requests: {verdict}"]
    )


def spread(of: dict[str, float]) -> str:
    """Write a median with the least and the most."""
    return f"{of['median']:.2f} ({of['least']:.2f}–{of['most']:.2f})"


TABLES = {"bench": _bench, "scale": _scale, "memory": _memory}


def machine() -> dict[str, Any]:
    """Return the processor and the versions, but nothing that identifies the machine."""
    node = {"node": _output("node", "--version").removeprefix("v")}
    versions = {name: version(name) for name in _LIBRARIES if _installed(name)}
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions | {name: number for name, number in node.items() if number},
    }


def _processor() -> str:
    found = re.search(r"^Model name: +(.+)$", _output("lscpu"), re.MULTILINE)
    return found[1] if found else platform.processor()


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _installed(library: str) -> bool:
    try:
        return bool(version(library))
    except PackageNotFoundError:
        return False
