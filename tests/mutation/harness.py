"""Breaks the service in one way after the other, each in a copy of the project, and tells which gate catches it.

`make mutate` tries all of mutants.txt; `make mutate args="title cursor"` tries those with one of these words in their
name, `make mutate args=--rest` those of which the table in docs/contract.md does not say yet which gate catches them.
Each verdict goes into that table at once, so what was measured before it was stopped is kept. The exit status is 1 when
one was not caught.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from statistics import median
from time import monotonic

from tests.mutation.mutants import MUTANTS, Inapplicable, Mutant

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "contract.md"
BEGIN, END = "<!-- The table of make mutate -->", "<!-- ends here -->"

# The gates that watch what the service does, what catches most in little time first. Drift and types are none of them:
# they would see changes of generated code that do no harm, too.
GATES: dict[str, tuple[str, ...]] = {
    "handlers": ("tests/handlers",),
    "routing": ("tests/test_routing.py",),
    "connections": ("tests/database/test_db.py",),
    "failures": ("tests/database/test_failures.py",),
    "statements": ("tests/database/test_statements.py",),
    "deprecation": ("tests/test_deprecation.py",),
    "refusals": ("tests/contract/test_refusals.py",),
    "patches": ("tests/contract/test_merge_patch.py",),
    "resources": ("tests/contract/test_resources.py",),
    "races": ("tests/contract/test_races.py",),
    "deletes": ("tests/contract/test_deletes.py",),
    "hostile": ("tests/test_hostile.py",),
    "protocol": (
        "tests/test_server.py",
        "tests/test_framing.py::test_framing_is_read_in_the_one_way_that_is_safe",
    ),
    "fidelity": (
        "tests/contract/test_fidelity.py::test_what_the_document_says_of_an_operation_is_true",
        "tests/contract/test_fidelity.py::test_each_word_of_the_document_has_a_counterpart",
    ),
    "examples": ("tests/contract/test_examples.py::test_the_examples_of_an_operation_are_true",),
    "services": ("tests/database/services",),
    "cursors": ("tests/contract/test_cursors.py",),
    "paging": ("tests/contract/test_paging.py",),
    "pages": ("tests/database/test_pagination.py",),
    "agreement": ("tests/database/test_agreement.py::test_contract_models_and_database_agree",),
    "docs": ("tests/test_docs.py",),
    "logs": ("tests/test_logs.py", "tests/test_writer.py"),
    "migrations": ("tests/migrations",),
    "mock": ("tests/test_mock.py",),
    "outage": ("tests/test_outage.py",),
    "state machine": ("tests/contract/test_state_machine.py",),
    "schemathesis": ("tests/contract/test_schemathesis.py",),
}
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis")  # its plugin loads slowly
UNTRIED = "not tried yet"
LONGEST = 900  # seconds; a mutant that hangs for longer is not caught: nobody would learn what is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a mutant: the first gate and test that failed, or neither."""

    mutant: Mutant
    gate: str | None
    test: str | None
    seconds: float


class Unsound(Exception):
    """A gate fails without a mutant too, so what it catches says nothing; the text says which test."""

    def __init__(self, test: str) -> None:
        super().__init__(
            f"{test} fails though nothing is broken. Mend that first; until then no verdict is worth much."
        )


class Workshop:
    """A folder in which one copy of the project after the other is broken and judged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def judge(self, mutant: Mutant, gates: Sequence[str]) -> Verdict:
        """Break a new copy, and run the gates on it until one fails."""
        started = monotonic()
        self._copy()
        self._break(mutant)
        test = self._first_failure([path for gate in gates for path in GATES[gate]])
        gate = next((each for each in gates if test and test.startswith(_files(each))), test and "coverage")
        return Verdict(mutant=mutant, gate=gate, test=test, seconds=monotonic() - started)

    def check(self, gates: Iterable[str]) -> None:
        """Run the gates on a copy that is not broken. Raises `Unsound` where one fails."""
        self._copy()
        if test := self._first_failure([path for gate in gates for path in GATES[gate]]):
            raise Unsound(test)

    def stop(self) -> None:
        """End what runs here now, and nothing else: in peace, if it lets itself be asked."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)  # pytest then takes down what it has started
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def _copy(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in _project_files():
            copy = self._folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy)

    def _break(self, mutant: Mutant) -> None:
        file = self._folder / mutant.file
        file.write_text(mutant.applied(file.read_text("utf-8")), "utf-8")
        if mutant.file.startswith("openapi/specfirst/codegen/"):
            self._run("-m", "specfirst.codegen.generate")

    def _first_failure(self, paths: Sequence[str]) -> str | None:
        """Return the test that fails first, or None."""
        status, output = self._run(*PYTEST, *paths)
        if status == 0:
            return None
        if status not in (1, 2) and "ERROR collecting" not in output:  # a module that cannot be imported tells, too
            raise RuntimeError(f"pytest could not run in the copy of the project:\n{output[-3000:]}")
        found = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        return found[1] if found else "an answer is not in the contract, as the judge of the whole session found"

    def _run(self, *arguments: str) -> tuple[int, str]:
        """Run Python in the copy; return its exit status, 0 where it had to be stopped, and its output."""
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self._folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
            | {"PYTHONPATH": str(self._folder / "openapi")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # with all that it starts it is one group, which can be stopped
        )
        try:
            output, _ = self._process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            self.stop()
            self._process.communicate()
            return 0, ""
        return self._process.returncode, output


def judge_all(mutants: Sequence[Mutant], *, gates: Sequence[str], jobs: int = 2) -> Iterator[Verdict]:
    """Judge mutants, `jobs` at a time, and tell each verdict at once.

    Raises `Inapplicable` before the first, and `Unsound` before the first of a gate that fails without a mutant, too.
    """
    for mutant in mutants:
        mutant.applied((ROOT / mutant.file).read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="blog-mutants-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its programs
        workshops = [Workshop(Path(folder) / str(number)) for number in range(jobs + 1)]
        free: SimpleQueue[Workshop] = SimpleQueue()
        for workshop in workshops[1:]:
            free.put(workshop)

        def judge(mutant: Mutant) -> Verdict:
            workshop = free.get()
            try:
                return workshop.judge(mutant, gates)
            finally:
                free.put(workshop)

        with ThreadPoolExecutor(jobs) as threads:
            try:
                verdicts = as_completed([threads.submit(judge, each) for each in mutants])
                yield from _trusted((each.result() for each in verdicts), workshops[0], gates)
            finally:  # nothing is left running, also where nobody waits for the rest
                threads.shutdown(wait=False, cancel_futures=True)
                for workshop in workshops:
                    workshop.stop()


def _trusted(verdicts: Iterable[Verdict], workshop: Workshop, gates: Sequence[str]) -> Iterator[Verdict]:
    """Pass the verdicts on, each gate being tried without a mutant before its first."""
    sound: set[str | None] = {None}
    for verdict in verdicts:
        if verdict.gate not in sound:
            workshop.check([verdict.gate] if verdict.gate in GATES else gates)
            sound.add(verdict.gate)
        yield verdict


def _files(gate: str) -> tuple[str, ...]:
    return tuple(path.partition("::")[0] for path in GATES[gate])


def _project_files() -> Iterable[str]:
    """Return what belongs to the project; what is not committed yet, too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return (name for name in listed if (ROOT / name).is_file())


def main() -> int:
    """Judge what the command line names; 0 when every mutant was caught."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _exit)
    mutants = [each for each in MUTANTS if any(word in each.name for word in arguments.words or [""])]
    if arguments.rest:
        known = _rows(TABLE.read_text("utf-8"))
        mutants = [each for each in mutants if UNTRIED in known.get(each.breaks, UNTRIED)]
    verdicts = []
    try:
        for verdict in judge_all(mutants, gates=arguments.gate or list(GATES), jobs=arguments.jobs):
            verdicts.append(_told(verdict))
            if not arguments.gate:  # of all gates, the first
                TABLE.write_text(with_table(TABLE.read_text("utf-8"), [verdict]), "utf-8")
    except (Inapplicable, Unsound) as error:
        print(error, file=sys.stderr)
        return 1
    return report(verdicts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate", description="Break the service and see which gate catches it.")
    parser.add_argument("words", nargs="*", help="only mutants with one of these in their name")
    parser.add_argument("--rest", action="store_true", help="only mutants that the table does not tell of yet")
    parser.add_argument("--gate", action="append", choices=GATES, help="only this gate; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    return parser.parse_args()


def _exit(*_: object) -> None:
    raise SystemExit(1)


def _told(verdict: Verdict) -> Verdict:
    print(f"{verdict.seconds:5.0f} s  {verdict.mutant.name:<36} {verdict.test or 'NOT CAUGHT'}", flush=True)
    return verdict


def report(verdicts: Sequence[Verdict]) -> int:
    """Tell which mutants were not caught, and how to mend that; return the exit status."""
    missed = [verdict.mutant for verdict in verdicts if verdict.gate is None]
    for mutant in missed:
        print(f"\nnot caught: {mutant.name}: {mutant.breaks} ({mutant.file})")
        print("Write the test that is missing; see it fail on the mutant: make mutate", f'args="{mutant.name}"')
    seconds = median(verdict.seconds for verdict in verdicts) if verdicts else 0
    print(f"\n{len(verdicts) - len(missed)} of {len(verdicts)} caught, each in {seconds:.0f} s (median)")
    return 1 if missed else 0


def with_table(text: str, verdicts: Iterable[Verdict], *, mutants: Iterable[Mutant] = MUTANTS) -> str:
    """Return the text with the verdicts in its table, which has a row for each mutant; rows of others go."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"the document lacks the lines {BEGIN} and {END}, between which the table stands")
    rows = _rows(text) | {verdict.mutant.breaks: _row(verdict) for verdict in verdicts}
    table = [rows.get(mutant.breaks, f"| {mutant.breaks} | {UNTRIED} |  |") for mutant in mutants]
    head = "| What is broken | The first gate that fails | Its test |\n|---|---|---|"
    return "\n".join([before + BEGIN, "", head, *table, "", END]) + after


def _rows(text: str) -> dict[str, str]:
    """Return the rows of the table, by what is broken."""
    lines = text.partition(BEGIN)[2].partition(END)[0].splitlines()
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines}


def _row(verdict: Verdict) -> str:
    test = re.sub(r"\[.*\W.*\]$", "", (verdict.test or "").rpartition("::")[2])  # without parameters that are no names
    return f"| {verdict.mutant.breaks} | {verdict.gate or '**none**'} | {f'`{test}`' if test else ''} |"


if __name__ == "__main__":
    sys.exit(main())
