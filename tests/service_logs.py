"""A plugin of pytest: a failing test shows what the services logged about its requests.

PYTEST_DONT_REWRITE: it has no assertions, and is imported before pytest could rewrite them.
"""

import json
import os
import re
import tempfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

_FOLDER = "SERVICE_LOGS"  # the environment variable with the folder of a session's logs
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHOWN = 6  # log lines with their stacks, shown at most
_FILES: list[Path] = []
_BEFORE = pytest.StashKey[dict[Path, int]]()


def log_file(path: Path | None = None) -> Path:
    """Return the file for the log of a new service, `path` where a test has chosen one."""
    path = path or Path(os.environ[_FOLDER]) / f"{os.getpid()}-{len(_FILES)}.log"
    _FILES.append(path)
    return path


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for the logs of this session; the workers of pytest-xdist share it."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="blog-logs-")
        config.add_cleanup(folder.cleanup)
        os.environ[_FOLDER] = folder.name


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Know the logs of a worker of pytest-xdist, too."""
    _FILES.extend(map(Path, getattr(node, "workeroutput", {}).get(_FOLDER, ())))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Name the logs of this worker to the session."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[_FOLDER] = [str(path) for path in _FILES]


def of_requests(ids: Iterable[str]) -> list[str]:
    """Return what was logged about requests, with the stacks of errors."""
    wanted = set(ids)
    return (
        [_readable(line) for line in _logged({}) if line.get("request_id") in wanted]
        if wanted
        else []
    )


def _of_test(text: str, before: dict[Path, int]) -> list[str]:
    """Return the log of the requests that a failure names, else its errors, else its end."""
    if named := of_requests(_ID.findall(text)):
        return named
    lines = list(_logged(before))
    failed = [line for line in lines if line["level"] != "info" or line.get("status", 0) >= 500]
    return [_readable(line) for line in failed or lines[-5:]]


def _logged(before: dict[Path, int]) -> Iterator[dict[str, Any]]:
    """Yield the lines of all services; `before` has the size in bytes that a file had."""
    for path in filter(Path.is_file, _FILES):  # a test may have chosen /dev/full, which has no end
        with path.open("rb") as file:
            file.seek(before.get(path, 0))
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    yield {"level": "error", "event": line.decode(errors="replace").rstrip()}


def _readable(line: dict[str, Any]) -> str:
    fields = {
        name: value
        for name, value in line.items()
        if name not in ("timestamp", "level", "event", "stack")
    }
    told = " ".join(
        [line["level"], line["event"], *(f"{name}={value}" for name, value in fields.items())]
    )
    frames = re.split(r"^(?=  File )", line.get("stack", ""), flags=re.MULTILINE)
    return "\n".join(
        [told, "".join(frame for frame in frames if "/site-packages/" not in frame)]
    ).rstrip()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note how far the logs are."""
    item.stash[_BEFORE] = {path: path.stat().st_size for path in _FILES if path.exists()}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failure what was logged."""
    report = yield
    if report.failed and (lines := _of_test(report.longreprtext, item.stash.get(_BEFORE, {}))):
        report.sections.append(("log of the service", "\n".join(lines[:_SHOWN])))
    return report
