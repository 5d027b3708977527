"""A pytest plugin that tries mutants on the tests of a session; off without its options.

`--mutants-reach=FILE` runs the tests as ever, and writes down what each reached and how long it
took. `--mutants=FILE` runs them for each mutant of a plan, in a process of its own that is forked
when everything is imported, collected and started. So a mutant costs the tests that can meet it, up
to the first that fails, and nothing else.
"""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from specfirst.conformance.mutants import CONTROL
from specfirst.conformance.mutants.application import changed_file, reach_file
from specfirst.conformance.mutants.reach import SETUP, Test, answers, save

LONGEST = 20.0
"""Seconds that a test may take beyond four times what it took without a mutant; then it hangs, and
so has failed.
"""

JUDGE = "the contract"
"""The name of the gate that holds each answer against the contract."""


UNSOUND = "nothing"
"""A test has failed though the mutant has changed no exchange: that says something about the test
only.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mutant, and the tests to try it with, in this order."""

    mutant: str
    tests: tuple[str, ...]
    seconds: tuple[float, ...]
    """How long each of them takes without the mutant."""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a trial."""

    mutant: str
    test: str | None
    """The first test that failed; None where none did."""
    by: str
    """What made it fail: `test`, `contract` or `time`; empty where none did, `UNSOUND` where it was
    no mutant.
    """
    changed: bool
    """Whether the mutant has changed any exchange."""
    seconds: float
    label: str = ""

    @property
    def is_noticed(self) -> bool:
        """Whether a test has failed because of the mutant."""
        return self.by not in ("", UNSOUND)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("mutants")
    group.addoption(
        "--mutants-reach",
        type=Path,
        metavar="FILE",
        help="write down which answers each test reaches",
    )
    group.addoption(
        "--mutants",
        type=Path,
        metavar="FILE",
        help="try the mutants of a plan; verdicts go beside it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start what an option asks for."""
    if file := config.getoption("--mutants-reach"):
        config.pluginmanager.register(_Reach(file), "mutants-reach")
    if file := config.getoption("--mutants"):
        _shrink_nothing()
        config.pluginmanager.register(_Trials(file), "mutants-trials")


def _shrink_nothing() -> None:
    """Let Hypothesis stop at the first failure; shrinking its example would take minutes."""
    with suppress(ImportError):
        from hypothesis import Phase, settings

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile(
            "mutants", phases=phases, deadline=None, database=None, print_blob=False
        )
        settings.load_profile("mutants")


class _Reach:
    """Says which test runs, and keeps what the services answer to it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._control = Path(os.environ[CONTROL])
        self._seconds: dict[str, float] = {}
        self._sharing: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        started = time.monotonic()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = time.monotonic() - started

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if {"class", "module", "package"} & {*_scopes(item).values()}:
            self._sharing.add(item.nodeid)
        _name(self._control, f"?{item.nodeid}{SETUP}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        _name(self._control, f"?{item.nodeid}")

    def pytest_sessionfinish(self) -> None:
        found = answers(reach_file(self._control), sharing=self._sharing)
        save(
            (
                Test(id=each, seconds=seconds, answers=found.get(each, frozenset()))
                for each, seconds in self._seconds.items()
            ),
            self._file,
        )


class _Trials:
    """Runs the trials of a plan instead of the tests of the session."""

    def __init__(self, file: Path) -> None:
        self._trials = [Trial(**each) for each in json.loads(file.read_text("utf-8"))]
        self._verdicts = file.with_suffix(".verdicts")
        self._control = Path(os.environ[CONTROL])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Set up what the session shares; then try one mutant after the other."""
        items = {item.nodeid: item for item in session.items}
        wanted = [items[test] for trial in self._trials for test in trial.tests if test in items]
        _name(self._control, "")
        _set_up(list(dict.fromkeys(wanted)))
        with self._verdicts.open("a", encoding="utf-8") as file:
            for trial in self._trials:
                verdict = self._try(trial, [items[test] for test in trial.tests if test in items])
                print(json.dumps(asdict(verdict)), file=file, flush=True)
        _name(self._control, "")
        return True

    def _try(self, trial: Trial, items: Sequence[pytest.Item]) -> Verdict:
        changed_file(self._control).unlink(missing_ok=True)
        _name(self._control, trial.mutant)
        started = time.monotonic()
        test, by = _in_a_fork(items, dict(zip(trial.tests, trial.seconds, strict=True)))
        changed = changed_file(self._control).exists()
        return Verdict(
            mutant=trial.mutant,
            test=test,
            by=by if changed or not by else UNSOUND,
            changed=changed,
            seconds=time.monotonic() - started,
            label=trial.label,
        )


def _name(control: Path, name: str) -> None:
    """Name a mutant to all services, at once and as a whole."""
    new = control.with_suffix(".new")
    new.write_text(name, "utf-8")
    new.replace(control)


def _set_up(items: list[pytest.Item]) -> None:
    """Run tests until each session fixture exists, so that forks share it."""
    made: set[str] = set()
    for item in items:
        needed = {name for name, scope in _scopes(item).items() if scope == "session"}
        if needed - made:
            made |= needed
            others = [each for each in items if each.path != item.path]
            runtestprotocol(item, log=False, nextitem=(others or items)[0])


def _scopes(item: pytest.Item) -> dict[str, str]:
    """Return the fixtures that a test needs, with their scopes; pytest has no public way to ask."""
    information: Any = getattr(item, "_fixtureinfo", None)
    return (
        {name: found[-1].scope for name, found in information.name2fixturedefs.items()}
        if information
        else {}
    )


def _in_a_fork(items: Sequence[pytest.Item], seconds: dict[str, float]) -> tuple[str | None, str]:
    """Run tests in a fork until one fails; return it, and what made it fail."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        with suppress(BaseException):
            _child(items, writer)
        os._exit(0)
    os.close(writer)
    try:
        return _watch(reader, seconds)
    finally:
        os.close(reader)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _child(items: Sequence[pytest.Item], writer: int) -> None:
    os.setpgid(0, 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno() if sys.stdout else 1)
    state: Any = items[0].session._setupstate
    started, *folders = state.stack
    state.stack[started][0].clear()  # what the parent has started is not ours to stop
    for folder in folders:  # of the last test that the parent has run, which ours need not be in
        del state.stack[folder]
    judged = _Judged()
    for index, item in enumerate(items):
        _tell(writer, "runs", item.nodeid)
        reports = runtestprotocol(
            item, log=False, nextitem=items[index + 1] if index + 1 < len(items) else None
        )
        if any(report.failed for report in reports):
            _tell(writer, "test", item.nodeid)
            break
        if judged.violations():
            _tell(writer, "contract", item.nodeid)
            break
    else:
        _tell(writer, "", "")
    with suppress(BaseException):
        state.teardown_exact(None)


class _Judged:
    """What the services of this session have written of answers that are not in the contract."""

    def __init__(self) -> None:
        self._file = Path(os.environ.get("CONTRACT_RECORD", os.devnull))
        self._size = self._length()

    def _length(self) -> int:
        return self._file.stat().st_size if self._file.exists() else 0

    def violations(self) -> bool:
        """Tell whether there is a new one."""
        if (length := self._length()) == self._size:
            return False
        with self._file.open("rb") as file:
            file.seek(self._size)
            new = file.read()
        self._size = length
        return b'{"Violation"' in new


def _tell(writer: int, event: str, test: str) -> None:
    os.write(writer, json.dumps([event, test]).encode() + b"\n")


def _watch(reader: int, seconds: dict[str, float]) -> tuple[str | None, str]:
    """Follow a fork; a test that takes too long has failed."""
    running, deadline, rest = "", time.monotonic() + LONGEST, b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            return running or None, "time"
        piece = os.read(reader, 65536)
        if not piece:
            return running or None, "test"  # the fork has died in it
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            event, test = json.loads(line)
            if event != "runs":
                return test or None, event
            running, deadline = test, time.monotonic() + LONGEST + 4 * seconds.get(test, 0)
