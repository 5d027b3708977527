"""`make check`: each check runs, its output stays together, and a table shows the results."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAKEFILE = """
first: ; @echo first says; sleep 0.1; echo something
second: ; @echo second says; echo "its reason" >&2; exit 1
third: ; @echo third is $(WHO)
every: ; @"$(PYTHON)" "$(CHECK)" "make -f $(lastword $(MAKEFILE_LIST))" WHO=me $(gates)
"""


def check(
    folder: Path, *gates: str, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run these gates as a target of a Makefile does."""
    (folder / "Makefile").write_text(MAKEFILE)
    variables = [
        f"PYTHON={sys.executable}",
        f"CHECK={ROOT / '.ci' / 'check.py'}",
        f"gates={' '.join(gates)}",
    ]
    command = ["make", "--no-print-directory", *options, "every", *variables]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "options", [(), ("--jobs=2",), ("--keep-going",)], ids=["plain", "jobs", "keep going"]
)
def test_all_gates_run_and_the_table_names_the_one_that_failed(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = check(tmp_path, "first", "second", "third", options=options)

    assert done.returncode != 0
    assert "first says\nsomething\nsecond says\nits reason\n" in done.stdout
    assert "third is me\n" in done.stdout
    table = re.sub(r" +\d+\.\d s", " <time>", done.stdout[done.stdout.index("\n\n") :])
    assert table.strip().splitlines() == [
        "first      passed <time>",
        "second     FAILED <time>",
        "third      passed <time>",
        "make check: second failed",
    ]


def test_gates_that_pass_are_a_success(tmp_path: Path) -> None:
    done = check(tmp_path, "first", "third")

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("make check: all checks passed\n")
    assert done.stderr == ""


def test_makefile_runs_every_gate_that_it_has(tmp_path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    [run] = re.findall(r"check\.py .*\"PYTHON=\$\(PYTHON\)\" (.*)$", makefile, re.MULTILINE)
    gates = re.findall(r"\$\(call failed,(\w+),", makefile)

    assert set(gates) - {"clients", "release"} == set(run.split())
