"""A pytest plugin that fails a session whose services break the contract or miss parts of it.

Name the contract with `--contract=openapi.yaml`, or `contract` in the configuration (relative to
pytest's root); without it the plugin does nothing. Put a `Recorder` around each application under
test; it writes to the file that the environment variable `CONTRACT_RECORD` names. A response that
breaks the contract fails every session. A session of all tests also fails for what it has never
seen, and if nothing was recorded; tests marked `slow` may be deselected. The workers of
pytest-xdist share one file.
"""

import os
import tempfile
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from specfirst.conformance.coverage import missing, table
from specfirst.conformance.recorder import RECORD, recorded
from specfirst.conformance.validator import Violation
from specfirst.contract.lines import located
from specfirst.contract.reading import read

NOTHING = (
    "NOTHING WAS JUDGED: no service has recorded a response; put a Recorder around the application "
    "under test"
)

_PARTIAL = "contract_coverage_partial"  # the key in a worker's output


class Hooks:
    """What a project may add to the report."""

    @pytest.hookspec(firstresult=True)
    def pytest_contract_places(self, operation: str, pointer: str) -> str | None:
        """Return the places to open for a fault, such as the handler; default: the contract."""
        return None

    @pytest.hookspec
    def pytest_contract_logs(self, request_id: str) -> list[str]:
        """Return the lines of the log of a request that was answered wrongly."""
        return []


class _Session:
    """The hooks, and what they learn of one session."""

    def __init__(self, config: pytest.Config, contract: Path, record: Path) -> None:
        self._hook: Any = config.hook
        self._contract = contract
        self._record = record
        self._partial = ""
        self._violations: list[Violation] = []
        self._missing: list[str] = []
        self._table: list[str] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if any(
            item.get_closest_marker("slow") is None for item in items
        ):  # without them all is seen
            self._partial = "tests were deselected"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over from a worker of pytest-xdist what it has selected."""
        self._partial = self._partial or getattr(node, "workeroutput", {}).get(
            _PARTIAL, "a worker died"
        )

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
            contract = read(self._contract)
            self._missing = missing(contract, seen) if seen or violations else [NOTHING]
            self._table = table(contract, seen)
        if (self._violations or self._missing) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("contract coverage")
        for line in self._table:
            terminalreporter.line(line)
        if self._partial:
            terminalreporter.line(
                f"Not judged whether all of the contract was seen: {self._partial}."
            )
        for violation in self._violations:
            places = self._hook.pytest_contract_places(
                operation=violation.operation, pointer=violation.pointer
            )
            terminalreporter.line(f"NOT IN THE CONTRACT {violation}", red=True)
            terminalreporter.line(
                f"    open {places or located(self._contract, violation.pointer)}", red=True
            )
            for lines in self._hook.pytest_contract_logs(request_id=violation.request_id):
                for line in lines:
                    terminalreporter.line(indent(line, "    log: "))
        for line in self._missing:
            terminalreporter.line(line if line == NOTHING else f"NEVER SEEN {line}", red=True)


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
    return (
        ""
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        else "the run was broken off"
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option, and its default in the configuration."""
    help_ = "the contract that the responses of the services under test are judged by"
    parser.addoption("--contract", help=help_)
    parser.addini("contract", help_, default="")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the hooks of a project."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Give the services of this session a file to write to, shared by xdist's workers."""
    contract = config.getoption("contract") or config.getini("contract")
    if not contract:
        return
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="contract-")
        config.add_cleanup(folder.cleanup)
        os.environ[RECORD] = str(Path(folder.name) / "record.ndjson")
    session = _Session(config, config.rootpath / contract, Path(os.environ[RECORD]))
    config.pluginmanager.register(session, "contract-coverage")
