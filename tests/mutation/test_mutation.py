"""The harness: three mutants are caught by the fast gates, and one that breaks nothing is told as not caught."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutation.harness import BEGIN, END, GATES, ROOT, Unsound, Verdict, judge_all, report, with_table
from tests.mutation.mutants import MUTANTS, Inapplicable, Mutant, parse

pytestmark = pytest.mark.slow

BY_NAME = {mutant.name: mutant for mutant in MUTANTS}

# One in the handwritten code, one in the generated code, one in the generator.
CAUGHT = ["cursor-dead", "title-201", "generated-without-defaults"]

HARMLESS = Mutant(
    name="harmless",
    breaks="Nothing is broken.",
    file="app/handlers/health.py",
    behind="",
    old='"""Health."""',
    new='"""The health of the service."""',
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_still_applies(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text("utf-8")

    assert mutant.applied(text) != text


def test_mutants_are_named_once_and_say_what_they_break() -> None:
    assert len(BY_NAME) == len({mutant.breaks for mutant in MUTANTS}) == len(MUTANTS) > 200
    assert all(mutant.breaks.endswith(".") and " " not in mutant.name for mutant in MUTANTS)


def test_every_gate_has_tests() -> None:
    assert [path for paths in GATES.values() for path in paths if not (ROOT / path.partition("::")[0]).exists()] == []


def test_fast_gates_catch_three_mutants_and_a_harmless_one_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    mutants = [*(BY_NAME[name] for name in CAUGHT), HARMLESS]

    verdicts = sorted(judge_all(mutants, gates=["handlers"]), key=lambda verdict: mutants.index(verdict.mutant))

    assert [verdict.gate for verdict in verdicts] == ["handlers", "handlers", "handlers", None]
    assert report(verdicts[:3]) == 0
    assert report(verdicts) == 1
    assert "not caught: harmless: Nothing is broken. (app/handlers/health.py)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"old": "no such text"}, "has 'no such text' 0 times, not once"),
        ({"old": "async def"}, "has 'async def' 2 times, not once"),
        ({"behind": "async def"}, "has 'async def' 2 times, not once"),
        ({"behind": "get_readiness(self)"}, 'has no \'"""Health."""\' behind \'get_readiness\\(self\\)\''),
    ],
)
def test_a_mutant_that_does_not_apply_is_named_before_anything_runs(change: dict[str, str], fault: str) -> None:
    mutant = replace(HARMLESS, **change)

    with pytest.raises(Inapplicable, match=f"harmless: app/handlers/health.py {fault}. Mend it in"):
        next(judge_all([mutant], gates=[]))


def test_what_a_gate_catches_that_fails_without_a_mutant_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_red.py").write_text("def test_red():\n    assert False\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    monkeypatch.setattr("tests.mutation.harness.ROOT", tmp_path)
    monkeypatch.setitem(GATES, "handlers", ("test_red.py",))
    mutant = replace(HARMLESS, file="test_red.py", old="False", new="0")

    with pytest.raises(Unsound, match=r"test_red\.py::test_red fails though nothing is broken"):
        list(judge_all([mutant], gates=["handlers"]))


def test_a_mutant_is_read_as_it_is_written() -> None:
    [mutant] = parse("# a comment\n\nname: What: is broken.\nin a/file.py\n~ behind\n- two\n-   lines\n+ one line\n")

    assert mutant == Mutant(
        name="name", breaks="What: is broken.", file="a/file.py", behind="behind", old="two\n  lines", new="one line"
    )


def test_a_verdict_takes_its_place_in_the_table_and_the_others_are_kept() -> None:
    other, gone = replace(HARMLESS, breaks="Another thing."), replace(HARMLESS, breaks="No mutant any more.")
    mutants = [other, HARMLESS, replace(HARMLESS, breaks="Nobody tried.")]
    caught = Verdict(mutant=HARMLESS, gate="handlers", test="tests/a.py::test_it_is_well[{a}-1]", seconds=1)
    missed = Verdict(mutant=other, gate=None, test=None, seconds=1)
    document = with_table(
        f"before {BEGIN}{END} after", [caught, replace(caught, mutant=gone)], mutants=[gone, *mutants]
    )

    table = with_table(document, [missed], mutants=mutants)

    rows = [
        "| Another thing. | **none** |  |",
        "| Nothing is broken. | handlers | `test_it_is_well` |",
        "| Nobody tried. | not tried yet |  |",
    ]
    assert table.partition("|---|---|---|\n")[2] == "\n".join([*rows, "", f"{END} after"])
    assert table.startswith(f"before {BEGIN}\n\n| What is broken |")


def test_a_document_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the lines"):
        with_table("no marks", [])
