"""The mutants of the inside fit the code, each in a function that has the names it speaks of."""

from dataclasses import replace
from pathlib import Path

import pytest

from specfirst.conformance.mutants import mutants_of
from specfirst.conformance.mutants.edits import (
    Inapplicable,
    SourceMutant,
    begins,
    constant,
    keyword,
    without_call,
)
from specfirst.conformance.mutants.plugin import UNSOUND, Verdict
from specfirst.contract.reading import read
from tests.mutants.__main__ import report
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.inside import INSIDE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mutant", INSIDE, ids=lambda mutant: mutant.name)
def test_every_mutant_still_applies(mutant: SourceMutant) -> None:
    changed = mutant.applied(mutant.file(ROOT).read_text("utf-8"))

    compile(changed, mutant.target, "exec")
    assert [test for test in mutant.tests if not (ROOT / test).exists()] == []


def test_what_is_called_equivalent_is_derived_from_the_contract() -> None:
    assert EQUIVALENT.keys() - mutants_of(read(ROOT / "openapi" / "openapi.yaml")).keys() == set()


def test_mutants_are_named_once_and_say_what_they_break() -> None:
    assert (
        len({mutant.name for mutant in INSIDE})
        == len({mutant.breaks for mutant in INSIDE})
        == len(INSIDE)
        > 50
    )
    assert all(mutant.breaks.endswith(".") and " " not in mutant.name for mutant in INSIDE)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"target": "app.seed:gone"}, "has no gone"),
        ({"target": "app.seed:SeedReport.gone"}, "has no gone"),
        ({"edit": without_call("gone")}, "calls no gone"),
        ({"edit": keyword("gone", None)}, "passes no gone"),
        ({"edit": constant("gone", "x")}, "has no 'gone'"),
        ({"target": "app.seed:SeedReport", "edit": begins("pass")}, "is no function"),
    ],
)
def test_a_mutant_whose_name_is_gone_says_so(change: dict[str, object], fault: str) -> None:
    mutant = replace(
        SourceMutant(
            name="one", breaks="It.", target="app.seed:seed", edit=begins("pass"), tests=()
        ),
        **change,  # type: ignore[arg-type] # the fields of one case
    )

    with pytest.raises(Inapplicable, match=f"one: {mutant.target} {fault}"):
        mutant.applied(mutant.file(ROOT).read_text("utf-8"))


def test_a_mutant_that_nobody_notices_fails_the_run_and_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    noticed = Verdict(mutant="one", test="tests/a.py::test_b", by="test", changed=True, seconds=1)
    missed = replace(noticed, mutant="other", test=None, by="")
    unmet = replace(missed, mutant="third", changed=False)
    flaky = replace(noticed, mutant="fourth", changed=False, by=UNSOUND)

    assert report([noticed]) == 0
    assert report([noticed, missed, unmet, flaky]) == 1

    output = capsys.readouterr().out
    assert "not noticed: other: no test noticed it" in output
    assert "not noticed: third: no test has a request or an answer that it changes" in output
    assert "not noticed: fourth: tests/a.py::test_b failed though nothing was changed" in output
