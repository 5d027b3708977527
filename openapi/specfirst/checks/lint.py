"""Lints a contract with four linters at the same time; every finding of theirs is a failure.

    python -m specfirst.checks.lint [openapi.yaml] [--config lint.toml]
        [--node-modules node_modules]

Redocly (recommended-strict) and Spectral (spectral:oas and the OWASP ruleset) run beside
openapi-spec-validator and the rules of `rules.py`, of which the configuration chooses (see
`profiles.py`; the profile `essential` without one). Each finding is one line: the file with its
line, the JSON Pointer, the problem, and how to fix it or which rule it breaks.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from specfirst.checks import profiles
from specfirst.checks.node import NodeTools, environment
from specfirst.checks.profiles import InvalidProfile, Profile
from specfirst.contract import json_pointer, reading
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.lines import located

HERE = Path(__file__).resolve().parent

Findings = list[str]
Linter = Callable[[Path], Findings]


def main() -> int:
    """Lint; return 0 if all linters pass, otherwise print their findings on stderr and return 1."""
    parser = argparse.ArgumentParser(description="Lint an OpenAPI document.")
    parser.add_argument(
        "contract", type=Path, nargs="?", default="openapi.yaml", help="the OpenAPI document"
    )
    parser.add_argument("--config", type=Path, help="the TOML file that chooses the rules")
    parser.add_argument(
        "--node-modules", type=Path, default="node_modules", help="where Redocly and Spectral are"
    )
    arguments = parser.parse_args()
    path, started = arguments.contract, time.monotonic()
    try:
        profile = profiles.read(arguments.config) if arguments.config else Profile()
        linters = _linters(profile, NodeTools(arguments.node_modules))
        findings = lint(path, linters)
    except InvalidProfile as error:
        findings = [f"{arguments.config}: {error}"]
    except UnsupportedContract as error:
        findings = [str(error)]
    if findings:
        print(*(_with_line(path, finding) for finding in findings), sep="\n", file=sys.stderr)
        return 1
    print(
        f"contract: {path.name} passes {len(linters)} linters ({time.monotonic() - started:.0f} s)"
    )
    return 0


def _linters(profile: Profile, tools: NodeTools) -> list[Linter]:
    linters: list[Linter] = [partial(own_rules, profile), spec_validator]
    if tools.usable(by="contract: Redocly and Spectral"):
        linters += [partial(redocly, tools), partial(spectral, profile, tools)]
    return linters


def lint(path: Path, linters: list[Linter]) -> Findings:
    """Return the findings of all linters, run in parallel. Raises `UnsupportedContract`."""
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda linter: linter(path), linters))
    return [finding for each in found for finding in each]


def own_rules(profile: Profile, path: Path) -> Findings:
    """Check the rules of a profile. Raises `UnsupportedContract`."""
    return [
        f"{finding.pointer}: {finding.problem}; {finding.fix} [{rule.__name__}]"
        for rule, finding in profile.findings(reading.read(path))
    ]


def spec_validator(path: Path) -> Findings:
    """Let openapi-spec-validator compare the document with the schema of OpenAPI 3.1."""
    errors = OpenAPIV31SpecValidator(reading.load(path)).iter_errors()
    return [
        _line([*error.absolute_path], str(error.message), "openapi-spec-validator")
        for error in errors
    ]


def redocly(tools: NodeTools, path: Path) -> Findings:
    """Run Redocly with the rules of `redocly.yaml`."""
    options = ["--format=json", "--max-problems=1000", f"--config={HERE / 'redocly.yaml'}"]
    output = _run(tools, "redocly", "lint", *options, path)
    return [
        f"{problem['location'][0]['pointer'].removeprefix('#')}: {problem['message']} [Redocly "
        f"{problem['ruleId']}]"
        for problem in output["problems"]
    ]


def spectral(profile: Profile, tools: NodeTools, path: Path) -> Findings:
    """Run Spectral with the rules of `spectral.yaml`, except those that the profile switches off.

    A rule that is switched off although it finds nothing is a finding too, and so is one that does
    not exist.
    """
    options = [
        "--format=json",
        "--quiet",
        "--fail-severity=hint",
        f"--ruleset={HERE / 'spectral.yaml'}",
    ]
    output = _run(tools, "spectral", "lint", *options, path)
    unneeded = profile.spectral_off - {found["code"] for found in output}
    return [
        *(
            _line(found["path"], found["message"], f"Spectral {found['code']}")
            for found in output
            if found["code"] not in profile.spectral_off
        ),
        *(
            f"off.{name}: this rule finds nothing here; remove the line"
            for name in sorted(unneeded)
        ),
    ]


def _run(tools: NodeTools, tool: str, *arguments: str | Path) -> Any:
    """Run a Node tool; return the JSON that it prints. Its exit status says nothing more."""
    command = [*tools.command(tool), *map(str, arguments)]
    # Spectral looks for rulesets beside its configuration file and in NODE_PATH.
    settings = environment() | {"NODE_PATH": str(tools.modules.resolve())}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit(f"{tool} failed (status {done.returncode}):\n{done.stdout}{done.stderr}")


def _line(tokens: list[str | int], message: str, rule: str) -> str:
    return f"{json_pointer.build(tokens)}: {_short(message)} [{rule}]"


def _with_line(path: Path, finding: str) -> str:
    """Return a finding behind the file and line of its pointer."""
    pointer = finding.partition(": ")[0]
    return f"{located(path, pointer)} {finding}" if pointer.startswith("/") else finding


def _short(message: str) -> str:
    """Return the first line of a message, because some quote most of the document after it."""
    line = message.strip().partition("\n")[0]
    return line if len(line) <= 300 else f"{line[:300]} …"


if __name__ == "__main__":
    sys.exit(main())
