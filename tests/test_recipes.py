"""The recipe in docs/recipes.md: followed on a copy, it ends with tests and checks that pass."""

import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_readme import applied, comparable, run, without
from tests.test_readme import copy as copy

pytestmark = pytest.mark.slow

RECIPE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^```(\w+)\n(.*?)^```$", RECIPE, re.MULTILINE | re.DOTALL)

GATES = [
    "tests/handlers/test_authors.py",
    "tests/database/services/test_authors.py",
    "tests/database/test_agreement.py::test_contract_models_and_database_agree",
    "tests/contract/test_fidelity.py::test_what_the_document_says_of_an_operation_is_true",
    "tests/contract/test_fidelity.py::test_each_word_of_the_document_has_a_counterpart",
    "tests/contract/test_examples.py::test_the_examples_of_an_operation_are_true",
    "tests/contract/test_resources.py",
    "tests/test_readme.py::test_tour_prints_what_the_readme_shows",
]


def test_recipe_goes_as_it_tells_and_ends_with_green_gates(copy: Path) -> None:
    contract, *code = diffs = [text for language, text in STEPS if language == "diff"]
    [told] = [text for language, text in STEPS if language == "text"]
    [migration] = [text for language, text in STEPS if language == "python"]
    python = sys.executable
    has_it = len(list((copy / "migrations" / "versions").glob("*_emails_of_authors.py")))
    without(copy, *diffs)

    applied(copy, contract)
    generated = run(copy, python, "-m", "specfirst.codegen.generate")
    types = run(copy, python, "-m", "mypy", "app", "generated")
    for diff in code:
        applied(copy, diff)
    written = run(copy, python, "-m", "app", "migration", "emails of authors")
    again = run(copy, python, "-m", "app", "migration", "nothing more")
    tests = run(copy, python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *GATES)

    assert generated.returncode == 0, generated.stderr
    assert all(comparable(line) in comparable(types.stdout) for line in told.splitlines()), (
        types.stdout
    )
    assert written.returncode == 0, written.stderr
    if not has_it:
        [file] = (copy / "migrations" / "versions").glob("*_emails_of_authors.py")
        assert file.read_text("utf-8").endswith(migration)
    assert again.stdout.startswith("nothing to write")
    assert tests.returncode == 0, tests.stdout
    for gate in (["-m", "mypy"], ["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"]):
        done = run(copy, python, *gate)
        assert done.returncode == 0, done.stdout
