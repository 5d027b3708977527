"""Schemathesis holds the running service against the contract, over real HTTP on PostgreSQL.

The run with a new seed is also what `make fuzz` repeats for longer: FUZZ_EXAMPLES says how many
requests each operation gets at most in the phase of random ones, FUZZ_SEED repeats a run.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))
FIXED_SEED = 1

# Schemathesis neither sends bodies over the limit nor stops the database; other tests do.
UNREACHED = {413, 503}

Responses = set[tuple[str, str, int]]
"""Method, path template and status."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run of Schemathesis has left."""

    exit_code: int
    output: str
    answers: Responses


@pytest.mark.usefixtures("database_url")
def test_a_run_with_a_fixed_seed_finds_nothing_and_meets_every_answer(
    service: str, tmp_path: Path
) -> None:
    run = fuzz(service, seed=FIXED_SEED, examples=EXAMPLES, folder=tmp_path)

    assert run.exit_code == 0, run.output
    assert reachable_answers(service) - run.answers == set()


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.usefixtures("database_url")
def test_a_run_with_a_new_seed_finds_nothing_and_meets_every_answer(
    service: str, tmp_path: Path
) -> None:
    seed = int(os.environ.get("FUZZ_SEED", random.randrange(2**32)))
    print(f"to repeat this run: FUZZ_SEED={seed} FUZZ_EXAMPLES={EXAMPLES} make fuzz")

    run = fuzz(service, seed=seed, examples=EXAMPLES, folder=tmp_path)

    assert run.exit_code == 0, run.output
    assert reachable_answers(service) - run.answers == set()


def fuzz(base_url: str, *, seed: int, examples: int, folder: Path) -> Run:
    """Run the command line of Schemathesis with all phases and checks."""
    report = folder / "events.ndjson"
    command = [sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIG}", "run"]
    command += [f"{base_url}/openapi.json", f"--seed={seed}", f"--max-examples={examples}"]
    command += ["--checks=all", "--phases=examples,coverage,fuzzing,stateful", "--no-color"]
    command += ["--report=ndjson", f"--report-ndjson-path={report}"]
    process = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Run(
        exit_code=process.returncode,
        output=process.stdout,
        answers=set(answers(report)) if report.exists() else set(),
    )


def answers(report: Path) -> Iterator[tuple[str, str, int]]:
    """What the service has answered in a run."""
    for line in report.read_text().splitlines():
        scenario = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in scenario.get("interactions", {}).items():
            case = scenario["cases"][case_id]["value"]
            if interaction["response"]:
                yield case["method"], case["path"], interaction["response"]["status_code"]


def reachable_answers(base_url: str) -> Responses:
    """What the contract documents, as far as Schemathesis can bring it about."""
    contract = httpx.get(f"{base_url}/openapi.json").json()
    return {
        (method.upper(), path, int(status))
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
        for status in operation["responses"]
        if int(status) not in UNREACHED and (status != "400" or takes_input(operation, contract))
    }


def takes_input(operation: dict[str, Any], contract: dict[str, Any]) -> bool:
    """Whether there is a body or a query to spoil; Schemathesis adds no query to others."""
    shared = contract["components"]["parameters"]
    parameters = [
        shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
        for parameter in operation.get("parameters", [])
    ]
    return "requestBody" in operation or any(each["in"] == "query" for each in parameters)
