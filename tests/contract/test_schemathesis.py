"""Schemathesis holds the running service against the contract, over real HTTP on PostgreSQL.

It calls all operations as an administrator and as an author, and those that are open to all as
nobody. The run with a new seed is also what `make fuzz` repeats for longer: FUZZ_EXAMPLES says how
many requests each operation gets at most in the phase of random ones, FUZZ_SEED repeats a run.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from specfirst.contract.model import Operation
from tests.contract.api import create
from tests.contract.callers import ADMIN_CALLER, NOBODY, Caller
from tests.contract.factories import author
from tests.problems import CONTRACT
from tests.tokens import SCOPES

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))
FIXED_SEED = 1

# Schemathesis neither sends bodies over the limit nor stops the database, and the service under
# test has no budgets; other tests do.
UNREACHED = {413, 429, 503}

# An author may create and delete no author, so the warnings of these operations are expected:
# missing_auth and missing_test_data.
WARNINGS_OF_AUTHORS = (
    *("validation_mismatch", "missing_deserializer", "unused_openapi_auth", "unsupported_regex"),
    *("method_not_allowed", "unresolvable_reference", "unmatched_filter", "rate_limited"),
)

Responses = Counter[tuple[str, int]]
"""How often each operation has responded with each status."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run of Schemathesis has left."""

    exit_code: int
    output: str
    responses: Responses

    @property
    def refused(self) -> float:
        """The share of the requests that nothing was found for, or that were not allowed."""
        refused = sum(
            count for (_, status), count in self.responses.items() if status in (401, 403, 404)
        )
        return refused / max(self.responses.total(), 1)


@pytest.fixture
def callers(client: httpx.Client) -> dict[str, Caller]:
    """Those who call, by name."""
    author_id = create(client, "/authors", author())["id"]
    body = {"name": "An author", "scopes": list(SCOPES), "author_id": author_id}
    made = create(client, "/tokens", body)
    of_author = Caller(name="author", token=made["token"], token_id=made["id"], author_id=author_id)
    return {each.name: each for each in (ADMIN_CALLER, of_author, NOBODY)}


@pytest.mark.parametrize("caller", ["admin", "author", "anonymous"])
def test_a_run_with_a_fixed_seed_finds_nothing_and_meets_every_response(
    caller: str, callers: dict[str, Caller], service: str, tmp_path: Path
) -> None:
    run = fuzz(service, callers[caller], seed=FIXED_SEED, folder=tmp_path)

    assert run.exit_code == 0, run.output
    assert set(reachable(callers[caller])) - run.responses.keys() == set()
    assert run.refused < 0.8, run.responses


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("caller", ["admin", "author", "anonymous"])
def test_a_run_with_a_new_seed_finds_nothing(
    caller: str, callers: dict[str, Caller], service: str, tmp_path: Path
) -> None:
    seed = int(os.environ.get("FUZZ_SEED", random.randrange(2**32)))
    print(f"to repeat this run: FUZZ_SEED={seed} FUZZ_EXAMPLES={EXAMPLES} make fuzz")

    run = fuzz(service, callers[caller], seed=seed, folder=tmp_path)

    assert run.exit_code == 0, run.output
    assert run.refused < 0.8, run.responses
    if caller == "admin":  # the others meet some responses by chance only
        assert set(reachable(ADMIN_CALLER)) - run.responses.keys() == set()


def fuzz(base_url: str, caller: Caller, *, seed: int, folder: Path) -> Run:
    """Run the command line of Schemathesis with all phases and checks."""
    report = folder / "events.ndjson"
    command = [sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIG}", "run"]
    # The administrator's run tries the values; the others are about who may send them.
    examples = EXAMPLES if caller is ADMIN_CALLER else EXAMPLES // 2
    command += [f"{base_url}/openapi.json", f"--seed={seed}", f"--max-examples={examples}"]
    command += ["--checks=all", "--phases=examples,coverage,fuzzing,stateful", "--no-color"]
    command += ["--report=ndjson", f"--report-ndjson-path={report}"]
    command += [f"--header={name}: {value}" for name, value in caller.headers.items()]
    command += [f"--include-operation-id={each.id}" for each in operations(caller)]
    if caller.author_id is not None:  # an author may not create or delete any
        command.append(f"--warnings={','.join(WARNINGS_OF_AUTHORS)}")
    process = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | caller.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Run(
        exit_code=process.returncode,
        output=process.stdout,
        responses=Counter(responses(report)) if report.exists() else Counter(),
    )


def responses(report: Path) -> Iterator[tuple[str, int]]:
    """Yield what the service has responded with in a run."""
    ids = {(each.method.upper(), each.path): each.id for each in CONTRACT.operations}
    for line in report.read_text().splitlines():
        scenario = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in scenario.get("interactions", {}).items():
            case = scenario["cases"][case_id]["value"]
            if interaction["response"]:
                operation = ids.get((case["method"], case["path"]), "no operation")
                yield operation, interaction["response"]["status_code"]


def operations(caller: Caller) -> list[Operation]:
    """Return the operations for a caller: without a token, those that are open to all."""
    return [
        each
        for each in CONTRACT.operations
        if caller.token is not None or not each.security or {} in each.security
    ]


def reachable(caller: Caller) -> Iterator[tuple[str, int]]:
    """Yield what the contract documents, as far as Schemathesis can bring it about."""
    for operation in operations(caller):
        for status in map(int, operation.responses):
            if status not in UNREACHED and _is_reachable(operation, status, caller):
                yield operation.id, status


def _is_reachable(operation: Operation, status: int, caller: Caller) -> bool:
    is_open = not operation.security or {} in operation.security
    if caller is NOBODY:
        return status == 200
    if caller.author_id is not None:  # what other runs meet as well is left to them
        # A token of another author is a 404.
        return status == 403 and operation.method != "get" and operation.id != "revoke_token"
    takes_query = any(each.location == "query" for each in operation.parameters)
    takes_input = takes_query or operation.request_body is not None
    if status == 409 and operation.method == "post":  # a key in use, and it sends one after another
        return False
    # Bad credentials are never sent where none are needed, nor a query where there is none.
    return {401: not is_open, 403: False, 400: takes_input}.get(status, True)
