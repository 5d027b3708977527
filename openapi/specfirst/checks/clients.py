"""Generate clients as consumers do, and compile them with the programs that use them.

`KINDS` is the table of them. The folder of programs (`tests/clients/`) has a folder for each kind, with what its build
needs beside the generated code. Everything is copied to `build/clients/`, so that nothing generated is ever committed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from specfirst.checks import node

ROOT = Path(__file__).resolve().parents[3]
CONTRACT = ROOT / "openapi" / "openapi.yaml"
PROGRAMS = ROOT / "tests" / "clients"
BUILD = ROOT / "build" / "clients"

_BIN = Path(sys.executable).parent  # the Python tools, and ruff, which one of them looks for
_OPENAPI_GENERATOR = str(_BIN / "openapi-generator-cli")

UNAVOIDABLE = {
    r"OpenAPI 3\.1 support is still in beta": "said of every document of 3.1",
    r"Failed to get the schema name: null": "said of every `additionalProperties: false` in 3.1",
    r"Ignoring complex example on request body": "said of every body that has an example; only its own docs lack it",
    r"(type|in) cannot be used as a field/variable name": "keywords of Rust, and names of RFC 9457 and of ours",
    r"Application\S+ cannot be used as a model name": "said of every media type that has a slash",
}
"""What openapi-generator warns of whatever the contract does, by pattern, and why."""


class Failed(Exception):
    """A tool does not take the contract, or its code has errors: what it said."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of client: its generator, and the commands that generate, compile and drive it, in a folder of its own.

    In the commands `{contract}` is the path of the contract; the generated code goes to `client`. `needs` has the
    programs that have to be there, with their lowest version.
    """

    name: str
    generators: Mapping[str, str]
    needs: Mapping[str, tuple[int, int]]
    generate: Sequence[Sequence[str]]
    compile: Sequence[Sequence[str]]
    drive: Sequence[str]

    def missing(self) -> str:
        """Tell why the client cannot be generated here; empty where it can."""
        reasons = [_lacks(program, least) for program, least in self.needs.items()]
        if "node" in self.needs:
            reasons.append(node.missing())
        return next((reason for reason in reasons if reason), "")

    def build(self, folder: Path, contract: Path = CONTRACT) -> Path:
        """Generate and compile the client in a new folder. Raises `Failed`."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(PROGRAMS / self.name, folder)
        (folder / "client").mkdir()
        if "node" in self.needs:
            (folder / "node_modules").symlink_to(node.MODULES)
        for command in self.generate:
            said = _run([word.format(contract=contract) for word in command], folder)
            if warned := list(warnings(said)):
                raise Failed(f"{' '.join(command)} warns:\n" + "\n".join(warned))
        for command in self.compile:
            _run(command, folder)
        return folder

    def driven(self, folder: Path, base_url: str) -> dict[str, object]:
        """Return what the program sees at a service, step by step. Raises `Failed`."""
        seen: dict[str, object] = json.loads(_run([*self.drive, base_url], folder))
        return seen


def _node_version(package: str) -> str:
    """Return the version that tests/package.json pins."""
    pinned = json.loads((ROOT / "tests" / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    return str(pinned[package])


def _go_version(module: str) -> str:
    """Return the version that the go.mod of the program pins."""
    found = re.search(rf"{re.escape(module)} v(\S+)", (PROGRAMS / "go" / "go.mod").read_text(encoding="utf-8"))
    assert found, module
    return found.group(1)


KINDS = (
    Kind(
        name="python",
        generators={"openapi-python-client": version("openapi-python-client")},
        needs={},
        generate=[
            [
                *(str(_BIN / "openapi-python-client"), "generate", "--fail-on-warning"),
                *("--path={contract}", "--output-path=client", "--overwrite"),
            ]
        ],
        compile=[[sys.executable, "-m", "mypy", "--strict", "--config-file=", "client", "drive.py"]],
        drive=[sys.executable, "drive.py"],
    ),
    Kind(
        name="typescript",
        generators={each: _node_version(each) for each in ("openapi-typescript", "openapi-fetch")},
        needs={"node": (18, 0)},
        generate=[[*node.command("openapi-typescript"), "{contract}", "--output=client/blog.d.ts"]],
        compile=[[*node.command("tsc"), "--project", "."]],
        drive=["node", "drive.mjs"],
    ),
    Kind(
        name="hey-api",
        generators={"@hey-api/openapi-ts": _node_version("@hey-api/openapi-ts")},
        needs={"node": (20, 19)},
        generate=[[*node.command("openapi-ts"), "--input={contract}", "--output=client", "--no-log-file"]],
        compile=[[*node.command("tsc"), "--project", "."]],
        drive=["node", "drive.js"],
    ),
    Kind(
        name="java",
        generators={"openapi-generator `java`, `native`": version("openapi-generator-cli")},
        needs={"java": (11, 0), "javac": (11, 0), "mvn": (3, 6)},
        generate=[
            [_OPENAPI_GENERATOR, "validate", "--recommend", "--input-spec={contract}"],
            [
                *(_OPENAPI_GENERATOR, "generate", "--generator-name=java", "--library=native"),
                *("--input-spec={contract}", "--output=client"),
            ],
        ],
        compile=[
            [
                *("mvn", "--batch-mode", "--quiet", "compile"),
                *("dependency:copy-dependencies", "-DoutputDirectory=target/libraries"),
            ]
        ],
        drive=["java", "--class-path=target/classes:target/libraries/*", "Drive"],
    ),
    Kind(
        name="go",
        generators={"oapi-codegen": _go_version("github.com/oapi-codegen/oapi-codegen/v2")},
        needs={"go": (1, 26)},
        generate=[["go", "tool", "oapi-codegen", "-config=oapi-codegen.yaml", "{contract}"]],
        compile=[["go", "vet", "./..."], ["go", "build", "-o", "drive", "."]],
        drive=["./drive"],
    ),
    Kind(
        name="rust",
        generators={"openapi-generator `rust`": version("openapi-generator-cli")},
        needs={"java": (11, 0), "cargo": (1, 85)},
        generate=[
            [_OPENAPI_GENERATOR, "generate", "--generator-name=rust", "--input-spec={contract}", "--output=client"]
        ],
        compile=[["cargo", "build", "--quiet"]],
        drive=["cargo", "run", "--quiet"],
    ),
)


def warnings(said: str) -> Iterator[str]:
    """Yield the warnings among the lines of a generator, but those that no contract can avoid."""
    for line in said.splitlines():
        if re.search(r"\bWARN(ING)?\b", line) and not any(re.search(each, line) for each in UNAVOIDABLE):
            yield line


def _lacks(program: str, least: tuple[int, int]) -> str:
    """Tell that a program is not there, or is too old; empty otherwise."""
    wanted = ".".join(map(str, least))
    if shutil.which(program) is None:
        return f"no {program} {wanted}"
    ask = {"go": "version", "java": "-version"}.get(program, "--version")
    asked = subprocess.run([program, ask], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)\.(\d+)", asked.stdout + asked.stderr)
    if found and (int(found.group(1)), int(found.group(2))) >= least:
        return ""
    return f"no {program} {wanted}, but {found.group() if found else 'an unknown version'}"


def _run(command: Sequence[str], folder: Path) -> str:
    """Run a command in a folder and return what it prints. Raises `Failed` with all that it said."""
    settings = node.environment() | {
        "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": "client",
        "MYPYPATH": "client",
        "CARGO_TARGET_DIR": str(BUILD / "cargo"),  # what others wrote is compiled once
    }
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} failed (status {done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout
