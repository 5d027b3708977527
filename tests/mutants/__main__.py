"""`make mutate`: breaks the service in one way after the other, and shows which test notices each.

`make mutate args="cursor 'response 200'"` tries the mutants with one of these words in their name,
`args=--inside` only those of the inside. `make mutate MATRIX=1` tries a fixed sample with each
gate, a file of tests, alone. Tables go to build/mutants. The exit status is 1 where a mutant was
not noticed.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from statistics import median

from specfirst.conformance.mutants import Mutant, mutants_of
from specfirst.conformance.mutants.edits import Inapplicable, SourceMutant
from specfirst.conformance.mutants.plugin import Verdict
from specfirst.conformance.mutants.reach import Test, load
from specfirst.conformance.mutants.run import Project, Unsound, first_failures, matrix, sample
from specfirst.conformance.mutants.sandbox import Sandbox
from specfirst.contract.reading import read
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.inside import INSIDE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "mutants"
SAMPLE = 60

# The tests of `make test`, without those that never ask a service that runs on the contract.
GATES = (
    "tests",
    "-m",
    "not slow and not fuzz and not self_test_of",
    *(
        f"--ignore=tests/{each}"
        for each in (
            *(
                "benchmarks",
                "clients",
                "migrations",
                "mutants",
                "specfirst/checks",
                "specfirst/codegen",
            ),
            *("test_check.py", "test_readme.py", "test_recipes.py", "test_reload.py"),
        )
    ),
)


def main() -> int:
    """Try the mutants that the arguments choose; return the exit status."""
    arguments = _arguments()
    derived = mutants_of(read(ROOT / "openapi" / "openapi.yaml")).values()
    outside = [
        each for each in derived if each.name not in EQUIVALENT and _is_meant(each.name, arguments)
    ]
    inside = [each for each in INSIDE if _is_meant(each.name, arguments)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    project = Project(root=ROOT, folder=FOLDER, pytest=("-q", *GATES), jobs=arguments.jobs)
    try:
        if os.environ.get("MATRIX"):
            return _matrix(project, sample(outside, SAMPLE))
        verdicts = [] if arguments.inside else list(map(_shown, _outside(project, outside)))
        verdicts += (
            [] if arguments.outside else list(map(_shown, _inside(inside, jobs=arguments.jobs)))
        )
    except (Inapplicable, Unsound) as error:
        print(error, file=sys.stderr)
        return 1
    (FOLDER / "verdicts.md").write_text(_table(verdicts), "utf-8")
    return report(verdicts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make mutate", description="Break the service and see which test notices."
    )
    parser.add_argument("words", nargs="*", help="only mutants with one of these in their name")
    parser.add_argument("--inside", action="store_true", help="only mutants of the source code")
    parser.add_argument(
        "--outside", action="store_true", help="only mutants that are derived from the contract"
    )
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    return parser.parse_args()


def _is_meant(name: str, arguments: argparse.Namespace) -> bool:
    return not arguments.words or any(word in name for word in arguments.words)


def _outside(project: Project, mutants: Sequence[Mutant]) -> Iterator[Verdict]:
    if mutants:
        yield from project.verdicts(first_failures(mutants, _reach(project)))


def _reach(project: Project) -> list[Test]:
    """Return which answers each test reaches; once for each state of the project."""
    stamp, state = FOLDER / "reach.state", _state()
    if stamp.exists() and stamp.read_text() == state:
        return [each for each in load(FOLDER / "reach.json") if each.answers]
    stamp.unlink(missing_ok=True)
    print("running the tests without a mutant first", flush=True)
    tests = project.reach()
    stamp.write_text(state)
    return tests


def _state() -> str:
    """Return a digest of all files of the project."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(
        listed, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    digest = hashlib.sha256()
    for path in (ROOT / name for name in names if name):
        digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def _inside(mutants: Sequence[SourceMutant], *, jobs: int) -> Iterator[Verdict]:
    sandboxes: SimpleQueue[Sandbox] = SimpleQueue()
    for number in range(jobs):
        sandboxes.put(Sandbox(ROOT, FOLDER / f"copy-{number}", ()))

    def judge(mutant: SourceMutant) -> Verdict:
        sandbox = sandboxes.get()
        try:
            return sandbox.judge(mutant)
        finally:
            sandboxes.put(sandbox)

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(judge, mutants)


def _shown(verdict: Verdict) -> Verdict:
    noticed = (
        f"by {verdict.by}: {verdict.test}"
        if verdict.by
        else "NOT NOTICED"
        if verdict.changed
        else "NEVER REACHED"
    )
    print(f"{verdict.seconds:6.1f} s  {verdict.mutant}\n          {noticed}", flush=True)
    return verdict


def report(verdicts: Sequence[Verdict]) -> int:
    """Show which mutants were not noticed, and what to do; return the exit status."""
    missed = [verdict for verdict in verdicts if not verdict.is_noticed]
    for verdict in missed:
        why = (
            "no test noticed it"
            if verdict.changed
            else "no test has a request or an answer that it changes"
        )
        why = f"{verdict.test} failed though nothing was changed" if verdict.by else why
        print(f"\nnot noticed: {verdict.mutant}: {why}")
        print(
            f"Write the test that is missing; see it fail: make mutate args='\"{verdict.mutant}\"'"
        )
    seconds = median(verdict.seconds for verdict in verdicts) if verdicts else 0
    print(
        f"\n{len(verdicts) - len(missed)} of {len(verdicts)} noticed, each in {seconds:.1f} s "
        "(median)"
    )
    return 1 if missed else 0


def _table(verdicts: Iterable[Verdict]) -> str:
    rows = [
        f"| {each.mutant} | {each.by or '**nobody**'} | {each.test or ''} | {each.seconds:.1f} |"
        for each in verdicts
    ]
    return "\n".join(["| Mutant | Noticed by | Test | Seconds |", "|---|---|---|---|", *rows, ""])


def _matrix(project: Project, mutants: Sequence[Mutant]) -> int:
    """Try each mutant with each gate alone, and show what each gate is worth."""
    tests = _reach(project)
    verdicts = [_shown(each) for each in project.verdicts(matrix(mutants, tests))]
    text = worth(verdicts, tests)
    (FOLDER / "matrix.md").write_text(text, "utf-8")
    print(text)
    return 0


def worth(verdicts: Sequence[Verdict], tests: Sequence[Test]) -> str:
    """Return the table of what each gate notices by itself, and what it alone notices."""
    noticed: dict[str, set[str]] = defaultdict(set)
    by_contract: Counter[str] = Counter()
    for each in verdicts:
        if each.is_noticed:
            noticed[each.mutant].add(each.label)
            by_contract[each.label] += each.by == "contract"
    gates = {each.gate for each in tests}
    seconds = {gate: sum(each.seconds for each in tests if each.gate == gate) for gate in gates}
    rows = []
    for gate in sorted(gates, key=lambda each: seconds[each]):
        met = sum(each.label == gate for each in verdicts)
        own = [name for name, by in noticed.items() if gate in by]
        alone = [name for name in own if noticed[name] == {gate}]
        faster = [
            name for name in own if any(seconds[other] < seconds[gate] for other in noticed[name])
        ]
        first = len(own) - len(faster)
        cells = (f"{seconds[gate]:.1f}", met, len(own), by_contract[gate], first, len(alone))
        rows.append(f"| {gate} | {' | '.join(map(str, cells))} |")
    head = (
        "| Gate | Seconds | Mutants met | Noticed | of these by the contract "
        "| before any faster gate | by no other |"
    )
    missed = sorted({each.mutant for each in verdicts} - noticed.keys())
    return "\n".join(
        [
            head,
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            *(f"Noticed by none: {name}" for name in missed),
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
