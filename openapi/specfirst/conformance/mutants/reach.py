"""Which tests reach which responses: a mutant is tried only with tests that can meet it."""

import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from specfirst.conformance.mutants.exchange import Mutant, matches

Answer = tuple[str, str, int]
"""Method, path and status; the path is the template where there is one."""

SETUP = " (setup)"
"""Behind the name of a test whose fixtures are set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A test as it ran without a mutant."""

    id: str
    seconds: float
    answers: frozenset[Answer]

    @property
    def gate(self) -> str:
        """The file that it stands in."""
        return _file(self.id)

    def meets(self, mutant: Mutant) -> bool:
        """Tell whether it was given an answer that the mutant would have changed."""
        return any(
            mutant.is_meant(method, path) and (not mutant.statuses or status in mutant.statuses)
            for method, path, status in self.answers
        )


def in_order(tests: Iterable[Test]) -> list[Test]:
    """Return tests gate by gate, the fastest gate first."""
    gates: dict[str, list[Test]] = defaultdict(list)
    for test in tests:
        gates[test.gate].append(test)
    return [test for gate in sorted(gates.values(), key=_seconds) for test in gate]


def _seconds(tests: list[Test]) -> float:
    return sum(test.seconds for test in tests)


class Log:
    """The file that services write what they answer to, while tests without a mutant run."""

    def __init__(self, file: Path, templates: Iterable[str]) -> None:
        self._file = os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
        self._templates = list(templates)
        self._known: set[tuple[str, Answer]] = set()

    def add(self, test: str, method: str, path: str, status: int) -> None:
        """Note an answer once for each test."""
        template = next((each for each in self._templates if matches(each, path)), path)
        entry = (test, (method, template, status))
        if entry not in self._known:
            self._known.add(entry)
            os.write(self._file, json.dumps(entry).encode() + b"\n")


def answers(file: Path, *, sharing: Collection[str] = ()) -> dict[str, frozenset[Answer]]:
    """Return what each test was answered.

    Tests that are `sharing` fixtures with others of their file are given what the fixtures of any
    of them were.
    """
    found: dict[str, set[Answer]] = defaultdict(set)
    shared: dict[str, set[Answer]] = defaultdict(set)
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        name, (method, path, status) = json.loads(line)
        test = name.removesuffix(SETUP)
        found[test].add((method, path, status))
        if test != name:
            shared[_file(test)].add((method, path, status))
    for test in sharing:
        found[test] |= shared[_file(test)]
    return {test: frozenset(each) for test, each in found.items()}


def _file(test: str) -> str:
    return test.partition("::")[0]


def save(tests: Iterable[Test], file: Path) -> None:
    """Write down tests for the processes that try mutants."""
    file.write_text(
        json.dumps([[each.id, each.seconds, sorted(each.answers)] for each in tests]), "utf-8"
    )


def load(file: Path) -> list[Test]:
    """Read what `save` has written."""
    return [
        Test(
            id=name,
            seconds=seconds,
            answers=frozenset((method, path, status) for method, path, status in given),
        )
        for name, seconds, given in json.loads(file.read_text("utf-8"))
    ]
