"""A plugin of pytest: at its end a session fails that has seen what the contract does not say, or not all that it says.

The services of the session write down what they answer (see `tests.contract.recorder`). What they may not answer fails
every session; what they were never brought to answer fails a session of all tests.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from document import Document, escaped, operations, read
from tests import service_logs
from tests.contract.files import where
from tests.contract.judge import Operation, Seen, Violation, followed
from tests.contract.recorder import RECORD, ROOT, recorded

_PARTIAL = "contract_coverage_partial"  # the key in a worker's output
_ADD = "add a test that provokes it, or take it out of the contract"


def missing(document: Document, seen: set[Seen]) -> list[str]:
    """Return what the contract documents and nobody has seen, by JSON Pointer, and how to mend it."""
    every = [Operation.of(document, path, method) for path, method, _ in operations(document)]
    return [line for operation in every for line in _missing(document, operation, _of(operation, seen))]


def _of(operation: Operation, seen: set[Seen]) -> list[Seen]:
    return [each for each in seen if each.operation == operation.name]


def _missing(document: Document, operation: Operation, seen: list[Seen]) -> Iterator[str]:
    for status, node in operation.content["responses"].items():
        answers = [each for each in seen if each.status == status]
        pointer, response = followed(document, f"{operation.pointer}/responses/{status}", node)
        if not answers:
            yield f"{operation.name} {operation.pointer}/responses/{status}: {status} was never answered; {_ADD}"
            continue
        for name in response.get("headers", {}).keys() - {name for each in answers for name in each.headers}:
            yield f"{operation.name} {pointer}/headers/{escaped(name)}: {name} was never sent with {status}; {_ADD}"
        for name in response.get("content", {}).keys() - {each.media_type for each in answers}:
            yield f"{operation.name} {pointer}/content/{escaped(name)}: {name} was never sent with {status}; {_ADD}"
    used = {name for each in seen if each.status.startswith("2") for name in each.parameters}
    for name in set(operation.parameters.values()) - used:
        yield f"{operation.name} {operation.pointer}/parameters: {name} was never sent with success; {_ADD}"


def table(document: Document, seen: set[Seen]) -> list[str]:
    """Return a line for each operation: + for a response that was seen, - for one that was not, and what came along."""
    every = [Operation.of(document, path, method) for path, method, _ in operations(document)]
    statuses = sorted({status for operation in every for status in operation.content["responses"]})
    width = max(len(operation.name) for operation in every)
    lines = [f"{'':{width}}  {' '.join(statuses)}  headers; parameters"]
    for operation in every:
        lines.append(f"{operation.name:{width}}  {_row(operation, statuses, _of(operation, seen))}")
    return lines


def _row(operation: Operation, statuses: list[str], seen: list[Seen]) -> str:
    answered = {each.status for each in seen}
    documented = operation.content["responses"]
    marks = [f" {'+' if status in answered else '-' if status in documented else ' '} " for status in statuses]
    headers = sorted({name for each in seen for name in each.headers})
    parameters = sorted({name for each in seen if each.status.startswith("2") for name in each.parameters})
    return f"{' '.join(marks)}  {', '.join(headers)}; {', '.join(parameters)}".rstrip("; ")


class _Session:
    """The hooks, and what they learn of one session."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._partial = ""
        self._violations: list[Violation] = []
        self._missing: list[str] = []
        self._table: list[str] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if any(item.get_closest_marker("slow") is None for item in items):  # without them all is seen
            self._partial = "tests were deselected"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over from a worker of pytest-xdist what it has selected."""
        self._partial = self._partial or getattr(node, "workeroutput", {}).get(_PARTIAL, "a worker died")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._partial = "a module could not be collected"

    @pytest.hookimpl(trylast=True)  # the services have ended
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if (output := getattr(session.config, "workeroutput", None)) is not None:
            output[_PARTIAL] = self._partial
            return
        seen, violations = recorded(self._record)
        self._violations = sorted(violations)
        self._partial = self._partial or _selection(session)
        if not self._partial:
            document = read(ROOT / "openapi" / "openapi.yaml")
            self._missing, self._table = missing(document, seen), table(document, seen)
        if (self._violations or self._missing) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("contract coverage")
        for line in self._table:
            terminalreporter.line(line)
        if self._partial:
            terminalreporter.line(f"Not judged whether all of the contract was seen: {self._partial}.")
        for violation in self._violations:
            terminalreporter.line(f"NOT IN THE CONTRACT {violation}", red=True)
            terminalreporter.line(f"    open {where(violation.operation, violation.pointer)}", red=True)
            for line in service_logs.of_requests([violation.request_id]):
                terminalreporter.line(indent(line, "    log: "))
        for line in self._missing:
            terminalreporter.line(f"NEVER SEEN {line}", red=True)


def _selection(session: pytest.Session) -> str:
    """Return why these are not all tests; empty where they are."""
    config = session.config
    folders = [(config.rootpath / folder).resolve() for folder in config.getini("testpaths")]
    given = [(config.invocation_params.dir / argument).resolve() for argument in config.args]
    if not all(any(folder.is_relative_to(path) for path in given) for folder in folders):
        return "some tests were asked for, not all"
    options = ("keyword", "ignore", "ignore_glob", "lf")
    if any(getattr(config.option, option, None) for option in options):
        return "tests were left out"
    if config.option.collectonly or session.shouldstop or session.shouldfail:
        return "not every test was run"
    return "" if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else "the run was broken off"


def pytest_configure(config: pytest.Config) -> None:
    """Give the services of this session a file to write to; the workers of pytest-xdist share it."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="blog-coverage-")
        config.add_cleanup(folder.cleanup)
        os.environ[RECORD] = str(Path(folder.name) / "record.ndjson")
    config.pluginmanager.register(_Session(Path(os.environ[RECORD])), "contract-coverage")
