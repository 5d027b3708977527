"""Generates clients as consumers do, and compiles them with programs that use them.

`kinds` returns the table of them. The folder of programs has a folder for each kind, with what its
build needs beside the generated code. It is copied to a build folder, so that nothing generated is
ever committed.
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

from specfirst.checks.node import NodeTools, environment

_BIN = Path(sys.executable).parent  # the Python tools, and ruff, which one of them looks for
_OPENAPI_GENERATOR = str(_BIN / "openapi-generator-cli")

UNAVOIDABLE = {
    r"OpenAPI 3\.1 support is still in beta": "for every document of 3.1",
    r"Failed to get the schema name: null": "for every `additionalProperties: false` in 3.1",
    r"Ignoring complex example on request body": (
        "for every body that has an example; only its own docs lack it"
    ),
    r"cannot be used as a enum variant name": (
        "for every value with a colon, in Rust, also if it has a name"
    ),
    r"(type|in) cannot be used as a field/variable name": (
        "keywords of Rust, but names of RFC 9457 and of this API"
    ),
    r"Application\S+ cannot be used as a model name": "for every media type that has a slash",
}
"""The warnings of openapi-generator that no contract can avoid, by pattern, and when they come."""


class Failed(Exception):
    """A tool rejects the contract, or the generated code has errors; with the tool's output."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of client: its generator, and the commands that generate, compile and run it.

    In the commands `{contract}` is the path of the contract; the generated code goes to `client`.
    `needs` lists the programs that have to be installed, with their lowest version.
    """

    name: str
    program: Path
    """The folder of the program that uses the client."""
    tools: NodeTools
    generators: Mapping[str, str]
    needs: Mapping[str, tuple[int, int]]
    generate: Sequence[Sequence[str]]
    compile: Sequence[Sequence[str]]
    drive: Sequence[str]

    def missing(self) -> str:
        """Return why the client cannot be generated here; empty if it can."""
        reasons = [_lacks(program, least) for program, least in self.needs.items()]
        if "node" in self.needs:
            reasons.append(self.tools.missing())
        return next((reason for reason in reasons if reason), "")

    def build(self, folder: Path, contract: Path) -> Path:
        """Generate and compile the client in a new folder, and return it. Raises `Failed`."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.program, folder)
        (folder / "client").mkdir()
        if "node" in self.needs:
            (folder / "node_modules").symlink_to(self.tools.modules.absolute())
        for command in self.generate:
            output = _run([argument.format(contract=contract) for argument in command], folder)
            if warned := list(warnings(output)):
                raise Failed(f"{' '.join(command)} warns:\n" + "\n".join(warned))
        for command in self.compile:
            _run(command, folder)
        return folder

    def driven(self, folder: Path, base_url: str, token: str) -> dict[str, object]:
        """Return what the program receives from a service, step by step. Raises `Failed`.

        The program finds the token in the environment, as `API_TOKEN`: every user of a machine can
        read the arguments of a process.
        """
        seen: dict[str, object] = json.loads(_run([*self.drive, base_url], folder, API_TOKEN=token))
        return seen


def _go_version(program: Path, module: str) -> str:
    """Return the version that the go.mod of a program pins."""
    found = re.search(
        rf"{re.escape(module)} v(\S+)", (program / "go.mod").read_text(encoding="utf-8")
    )
    assert found, module
    return found.group(1)


def kinds(programs: Path, tools: NodeTools) -> tuple[Kind, ...]:
    """Return the kinds of clients, each in a folder of its own name."""
    return (
        Kind(
            name="python",
            program=programs / "python",
            tools=tools,
            generators={"openapi-python-client": version("openapi-python-client")},
            needs={},
            generate=[
                [
                    *(str(_BIN / "openapi-python-client"), "generate", "--fail-on-warning"),
                    *("--path={contract}", "--output-path=client", "--overwrite"),
                ]
            ],
            compile=[
                [sys.executable, "-m", "mypy", "--strict", "--config-file=", "client", "drive.py"]
            ],
            drive=[sys.executable, "drive.py"],
        ),
        Kind(
            name="typescript",
            program=programs / "typescript",
            tools=tools,
            generators={
                each: tools.pinned(each) for each in ("openapi-typescript", "openapi-fetch")
            },
            needs={"node": (18, 0)},
            generate=[
                [*tools.command("openapi-typescript"), "{contract}", "--output=client/api.d.ts"]
            ],
            compile=[[*tools.command("tsc"), "--project", "."]],
            drive=["node", "drive.mjs"],
        ),
        Kind(
            name="hey-api",
            program=programs / "hey-api",
            tools=tools,
            generators={"@hey-api/openapi-ts": tools.pinned("@hey-api/openapi-ts")},
            needs={"node": (20, 19)},
            generate=[
                [
                    *tools.command("openapi-ts"),
                    "--input={contract}",
                    "--output=client",
                    "--no-log-file",
                ]
            ],
            compile=[[*tools.command("tsc"), "--project", "."]],
            drive=["node", "drive.js"],
        ),
        Kind(
            name="java",
            program=programs / "java",
            tools=tools,
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
            program=programs / "go",
            tools=tools,
            generators={
                "oapi-codegen": _go_version(
                    programs / "go", "github.com/oapi-codegen/oapi-codegen/v2"
                )
            },
            needs={"go": (1, 26)},
            generate=[["go", "tool", "oapi-codegen", "-config=oapi-codegen.yaml", "{contract}"]],
            compile=[["go", "vet", "./..."], ["go", "build", "-o", "drive", "."]],
            drive=["./drive"],
        ),
        Kind(
            name="rust",
            program=programs / "rust",
            tools=tools,
            generators={"openapi-generator `rust`": version("openapi-generator-cli")},
            needs={"java": (11, 0), "cargo": (1, 85)},
            generate=[
                [
                    _OPENAPI_GENERATOR,
                    "generate",
                    "--generator-name=rust",
                    "--input-spec={contract}",
                    "--output=client",
                ]
            ],
            compile=[["cargo", "build", "--quiet"]],
            drive=["cargo", "run", "--quiet"],
        ),
    )


def warnings(output: str) -> Iterator[str]:
    """Yield the warnings in the output of a generator, except those that no contract can avoid."""
    for line in output.splitlines():
        if re.search(r"\bWARN(ING)?\b", line) and not any(
            re.search(each, line) for each in UNAVOIDABLE
        ):
            yield line


def _lacks(program: str, least: tuple[int, int]) -> str:
    """Return that a program is missing or too old; empty otherwise."""
    wanted = ".".join(map(str, least))
    if shutil.which(program) is None:
        return f"no {program} {wanted}"
    option = {"go": "version", "java": "-version"}.get(program, "--version")
    asked = subprocess.run([program, option], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)\.(\d+)", asked.stdout + asked.stderr)
    if found and (int(found.group(1)), int(found.group(2))) >= least:
        return ""
    return f"no {program} {wanted}, but {found.group() if found else 'an unknown version'}"


def _run(command: Sequence[str], folder: Path, **variables: str) -> str:
    """Run a command in a folder; return what it prints. Raises `Failed` with the output."""
    settings = environment() | variables
    settings |= {
        "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": "client",
        "MYPYPATH": "client",
        # Dependencies are compiled once.
        "CARGO_TARGET_DIR": str(folder.absolute().parent / "cargo"),
    }
    done = subprocess.run(
        command, cwd=folder, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failed(
            f"{' '.join(command)} failed (status {done.returncode}):\n{done.stdout}{done.stderr}"
        )
    return done.stdout
