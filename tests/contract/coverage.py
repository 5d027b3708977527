"""A plugin of pytest: at its end a session fails that has seen what the contract does not say, or not all that it says.

The services of the session write down what they answer (see `tests.contract.recorder`). What they may not answer
fails every session; what they were never brought to answer fails a session of all tests.
"""

import os
import tempfile
from pathlib import Path
from textwrap import indent

import pytest

from specfirst.conformance.coverage import missing, table
from specfirst.conformance.judge import Violation
from specfirst.conformance.recorder import RECORD, recorded
from specfirst.contract.document import read
from tests import service_logs
from tests.contract.files import where

ROOT = Path(__file__).resolve().parents[2]


class _Session:
    """The hooks, and what they learn of one session."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._partial = ""
        self._violations: list[Violation] = []
        self._missing: list[str] = []
        self._table: list[str] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if items:
            self._partial = "tests were deselected"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._partial = "a module could not be collected"

    @pytest.hookimpl(trylast=True)  # the services have ended
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        document = read(ROOT / "openapi" / "openapi.yaml")
        seen, violations = recorded(self._record)
        self._violations = sorted(violations)
        self._partial = self._partial or _selection(session)
        if not self._partial:
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
    options = ("keyword", "markexpr", "ignore", "ignore_glob", "lf")
    if any(getattr(config.option, option, None) for option in options):
        return "tests were left out"
    if config.option.collectonly or session.shouldstop or session.shouldfail:
        return "not every test was run"
    return "" if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else "the run was broken off"


def pytest_configure(config: pytest.Config) -> None:
    """Give the services of this session a file to write to."""
    folder = tempfile.TemporaryDirectory(prefix="blog-coverage-")
    config.add_cleanup(folder.cleanup)
    record = Path(folder.name) / "record.ndjson"
    os.environ[RECORD] = str(record)
    config.pluginmanager.register(_Session(record), "contract-coverage")
