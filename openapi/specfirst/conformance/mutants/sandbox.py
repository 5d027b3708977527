"""Tries a mutant of source code: a copy of the project, changed in one place, and its tests."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from specfirst.conformance.mutants.edits import SourceMutant
from specfirst.conformance.mutants.plugin import Verdict

LONGEST = 600.0
"""Seconds that the tests of one mutant may take."""


class Sandbox:
    """A folder in which one copy of the project after the other is changed and tested."""

    def __init__(self, root: Path, folder: Path, pytest: Sequence[str]) -> None:
        """`pytest` are the arguments beside the tests."""
        self._root = root
        self._folder = folder
        self._pytest = pytest

    def judge(self, mutant: SourceMutant) -> Verdict:
        """Run a mutant's tests on a new copy until one fails. Raises `Inapplicable`."""
        started = monotonic()
        self._copy()
        file = mutant.file(self._root)
        changed = mutant.applied(file.read_text("utf-8"))
        (self._folder / file.relative_to(self._root)).write_text(changed, "utf-8")
        test, by = self._first_failure(mutant.tests)
        return Verdict(
            mutant=mutant.name, test=test, by=by, changed=True, seconds=monotonic() - started
        )

    def _copy(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(
            listed, cwd=self._root, capture_output=True, text=True, check=True
        ).stdout
        for name in filter(None, names.split("\0")):
            if (self._root / name).is_file():
                copy = self._folder / name
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self._root / name, copy)

    def _first_failure(self, tests: Sequence[str]) -> tuple[str | None, str]:
        """Return the test that fails first, if one does, and whether it was a test or the time."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "pytest",
                "-x",
                "-q",
                "-p",
                "no:cacheprovider",
                *self._pytest,
                *tests,
            ],
            cwd=self._folder,
            env=os.environ
            | {"PYTHONPATH": str(self._folder / "openapi")},  # and not what .venv has
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # with all that it starts it is one group, which can be stopped
        )
        try:
            output, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None, "time"
        if process.returncode == 0:
            return None, ""
        found = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        if found is None and process.returncode not in (1, 2):
            raise RuntimeError(
                f"pytest could not run in the copy of the project:\n{output[-3000:]}"
            )
        return (found[1] if found else "the session"), "test"
