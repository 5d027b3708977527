"""A plugin of pytest: at its end a session fails that has seen what the contract does not say, or not all that it says.

The services of the session write down what they answer (see `tests.contract.recorder`). What they may not answer
fails every session; what they were never brought to answer fails a session of all tests.
"""

import os
import tempfile
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from specfirst.conformance.coverage import missing, table
from specfirst.conformance.judge import Violation
from specfirst.conformance.recorder import RECORD, recorded
from specfirst.contract.reading import read
from tests import service_logs

ROOT = Path(__file__).resolve().parents[2]
_PARTIAL = "contract_coverage_partial"  # the key in a worker's output


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
            contract = read(ROOT / "openapi" / "openapi.yaml")
            self._missing, self._table = missing(contract, seen), table(contract, seen)
        if (self._violations or self._missing) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("contract coverage")
        for line in self._table:
            terminalreporter.line(line)
        if self._partial:
            terminalreporter.line(f"Not judged whether all of the contract was seen: {self._partial}.")
        for violation in self._violations:
            from tests.contract.files import where  # imports the application: half a second that is seldom needed

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
