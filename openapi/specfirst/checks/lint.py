"""`make contract`: four linters read openapi/openapi.yaml, and any finding of theirs fails.

    python -m specfirst.checks.lint [other.yaml]

Redocly (recommended-strict) and Spectral (spectral:oas) run beside openapi-spec-validator and the rules of our own
(rules.py). Each finding is one line: the file and its line, the JSON Pointer, what is wrong, and how to fix it or
which rule says so.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from specfirst.checks import node, rules
from specfirst.contract.document import escaped, read
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.lines import located

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parents[1] / "openapi.yaml"

Findings = list[str]
Linter = Callable[[Path], Findings]


def main() -> int:
    """Lint; 0 when all linters are content, 1 with their findings on stderr otherwise."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CONTRACT
    started = time.monotonic()
    linters: list[Linter] = [own_rules, spec_validator]
    if node.usable(by="contract: Redocly and Spectral"):
        linters += [redocly, spectral]
    try:
        findings = lint(path, linters)
    except UnsupportedContract as refused:
        findings = [str(refused)]
    print(*(_with_line(path, finding) for finding in findings), sep="\n", end="\n" if findings else "", file=sys.stderr)
    if not findings:
        print(f"contract: {len(linters)} linters are content with {path.name} ({time.monotonic() - started:.0f} s)")
    return 1 if findings else 0


def lint(path: Path, linters: list[Linter]) -> Findings:
    """Return what the linters find in a document, all at the same time. Raises `UnsupportedContract`."""
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda linter: linter(path), linters))
    return [finding for each in found for finding in each]


def own_rules(path: Path) -> Findings:
    return [f"{pointer}: {what}; {mend} [our rule]" for pointer, what, mend in rules.findings(read(path))]


def spec_validator(path: Path) -> Findings:
    """Let openapi-spec-validator compare the document with the schema of OpenAPI 3.1."""
    errors = OpenAPIV31SpecValidator(read(path)).iter_errors()
    return [_line([*error.absolute_path], str(error.message), "openapi-spec-validator") for error in errors]


def redocly(path: Path) -> Findings:
    output = _run("redocly", "lint", "--format=json", "--max-problems=1000", f"--config={HERE / 'redocly.yaml'}", path)
    return [
        f"{problem['location'][0]['pointer'].removeprefix('#')}: {problem['message']} [Redocly {problem['ruleId']}]"
        for problem in output["problems"]
    ]


def spectral(path: Path) -> Findings:
    options = ["--format=json", "--quiet", "--fail-severity=hint", f"--ruleset={HERE / 'spectral.yaml'}"]
    output = _run("spectral", "lint", *options, path)
    return [_line(found["path"], found["message"], f"Spectral {found['code']}") for found in output]


def _run(tool: str, *arguments: str | Path) -> Any:
    """Run a Node tool; return the JSON that it prints. Its status only repeats what that says."""
    done = subprocess.run(
        [*node.command(tool), *map(str, arguments)], env=node.environment(), capture_output=True, text=True, check=False
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit(f"{tool} failed (status {done.returncode}):\n{done.stdout}{done.stderr}")


def _line(path: list[Any], message: str, rule: str) -> str:
    pointer = "".join(f"/{escaped(str(part))}" for part in path)
    return f"{pointer}: {_short(message)} [{rule}]"


def _with_line(path: Path, finding: str) -> str:
    """Return a finding behind the line of its pointer."""
    pointer = finding.partition(": ")[0]
    return f"{located(path, pointer)} {finding}" if pointer.startswith("/") else finding


def _short(message: str) -> str:
    """Return the first line of a message: some quote the better part of the document behind it."""
    line = message.strip().partition("\n")[0]
    return line if len(line) <= 300 else f"{line[:300]} …"


if __name__ == "__main__":
    sys.exit(main())
