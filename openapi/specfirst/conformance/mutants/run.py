"""Tries mutants of a contract on the tests of a project: a plan, its workers and the verdicts."""

import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from specfirst.conformance.mutants import CONTROL
from specfirst.conformance.mutants.exchange import Mutant
from specfirst.conformance.mutants.plugin import Trial, Verdict
from specfirst.conformance.mutants.reach import Test, in_order, load

PLUGIN = ("-p", "specfirst.conformance.mutants.plugin", "-p", "no:cacheprovider")


class Unsound(Exception):
    """Tests fail without a mutant, so their catches mean nothing; the text is pytest's."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project whose tests are tried, and a folder for what is noted."""

    root: Path
    folder: Path
    pytest: tuple[str, ...]
    """The arguments of pytest: what to collect, and how."""
    jobs: int = 2

    def reach(self) -> list[Test]:
        """Run all tests without a mutant; return what each reaches. Raises `Unsound`."""
        file = self.folder / "reach.json"
        process = self._start("reach", f"--mutants-reach={file}")
        output, _ = process.communicate()
        if process.returncode != 0:
            raise Unsound(output.decode(errors="replace")[-4000:])
        return [each for each in load(file) if each.answers]

    def verdicts(self, trials: Sequence[Trial]) -> Iterator[Verdict]:
        """Try mutants, `jobs` at a time; yield each verdict at once."""
        shares = [trials[number :: self.jobs] for number in range(self.jobs)]
        files = [self._plan(number, share) for number, share in enumerate(shares) if share]
        processes = [
            self._start(f"trials-{number}", f"--mutants={file}")
            for number, file in enumerate(files)
        ]
        read = [0] * len(files)
        try:
            while True:
                ended = all(process.poll() is not None for process in processes)
                for number, file in enumerate(files):
                    lines = (
                        file.with_suffix(".verdicts").read_text("utf-8").splitlines(keepends=True)
                    )
                    whole = [line for line in lines if line.endswith("\n")]
                    yield from (Verdict(**json.loads(line)) for line in whole[read[number] :])
                    read[number] = len(whole)
                if ended:
                    break
                time.sleep(0.2)
        finally:
            for process in processes:  # which have nothing to do any more, or this was interrupted
                process.terminate()
        if sum(read) < len(trials):
            raise Unsound(
                f"{len(trials) - sum(read)} mutants were not tried; see {self.folder}/trials-*.log"
            )

    def _plan(self, number: int, trials: Sequence[Trial]) -> Path:
        file = self.folder / f"plan-{number}.json"
        file.write_text(json.dumps([asdict(each) for each in trials]), "utf-8")
        file.with_suffix(".verdicts").write_text("")
        return file

    def _start(self, name: str, option: str) -> "subprocess.Popen[bytes]":
        control = self.folder / f"{name}.control"
        for each in self.folder.glob(f"{name}.*"):
            each.unlink()
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *self.pytest, *PLUGIN, option],
            cwd=self.root,
            env=os.environ | {CONTROL: str(control)},
            stdout=subprocess.PIPE if name == "reach" else (self.folder / f"{name}.log").open("wb"),
            stderr=subprocess.STDOUT,
        )


def first_failures(mutants: Iterable[Mutant], tests: Sequence[Test]) -> list[Trial]:
    """Return a plan: each mutant with all tests that can meet it, the fastest gate first."""
    slowest = _slowest(tests)
    return [
        _trial(mutant, in_order(each for each in tests if each.meets(mutant)), slowest)
        for mutant in mutants
    ]


def matrix(mutants: Iterable[Mutant], tests: Sequence[Test]) -> list[Trial]:
    """Return a plan that tries each mutant with each gate alone."""
    slowest = _slowest(tests)
    plan = []
    for mutant in mutants:
        gates: dict[str, list[Test]] = defaultdict(list)
        for test in tests:
            if test.meets(mutant):
                gates[test.gate].append(test)
        plan += [_trial(mutant, gate, slowest, label=name) for name, gate in gates.items()]
    return plan


def _slowest(tests: Iterable[Test]) -> dict[str, float]:
    """Return the time limit of a test of each gate, fixtures included."""
    slowest: dict[str, float] = defaultdict(float)
    for test in tests:
        slowest[test.gate] = max(slowest[test.gate], test.seconds)
    return slowest


def _trial(
    mutant: Mutant, tests: list[Test], slowest: dict[str, float], *, label: str = ""
) -> Trial:
    return Trial(
        mutant=mutant.name,
        tests=tuple(each.id for each in tests),
        seconds=tuple(slowest[each.gate] for each in tests),
        label=label,
    )


def sample(mutants: Sequence[Mutant], size: int) -> list[Mutant]:
    """Return a fixed sample, in which each kind has its share and no kind is missing."""
    kinds: dict[str, list[Mutant]] = defaultdict(list)
    for each in mutants:
        kinds[each.kind].append(each)
    shares = Counter({kind: 1 for kind in kinds})
    while sum(shares.values()) < min(size, len(mutants)):
        open_kinds = [kind for kind in kinds if shares[kind] < len(kinds[kind])]
        shares[max(open_kinds, key=lambda kind: len(kinds[kind]) ** 0.5 / shares[kind])] += 1
    return [each for kind, share in shares.items() for each in _spread(kinds[kind], share)]


def _spread(mutants: list[Mutant], share: int) -> list[Mutant]:
    return [mutants[number * len(mutants) // share] for number in range(share)]
