"""The README: its commands and worked example work, and the table of settings is complete."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.conftest import ROOT, running_service, without_settings
from tests.tokens import ADMIN

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")

# What differs from run to run, and what it is called when outputs are compared.
CHANGING = {
    r"\d{4}-\d\d-\d\dT[\d:.]+Z": "<time>",
    r"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT": "<date>",
    r"(?<=\.py):\d+:": ":<line>:",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "<uuid>",
    r"\"[0-9a-f]+-[0-9a-f]+-[0-9a-f]{8}\"": "<etag>",
    r"(?<=;)([rqt])=\d+": r"\1=<number>",  # of the budget, which tests do not use up
}


def blocks(language: str) -> list[str]:
    """Return the fenced blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def tour() -> Iterator[tuple[str, str]]:
    """Yield each command of the tour with what it prints."""
    for block in blocks("console"):
        for step in block.split("$ ")[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def comparable(output: str) -> str:
    for pattern, name in CHANGING.items():
        output = re.sub(pattern, name, output)
    return output.replace("\r", "").rstrip("\n")


def test_tour_prints_what_the_readme_shows(
    client: httpx.Client, service: str, database_url: str
) -> None:
    (make_token, _), *steps = tour()
    assert len(steps) == 9
    environment = without_settings() | {"BLOG_DATABASE_URL": database_url}
    here = make_token.replace("make -s token", f"{sys.executable} -m app token create")
    environment["TOKEN"] = output_of(f"{here} && printf %s $TOKEN", environment)

    for command, expected in steps:
        output = output_of(command.replace("http://127.0.0.1:8000", service), environment)
        assert comparable(output) == comparable(expected), command


def output_of(command: str, environment: dict[str, str]) -> str:
    """Return what a command prints in the project's folder."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_settings_table_has_every_setting_with_its_default() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `BLOG_(\w+)` \| `?(.*?)`? \|", page, re.MULTILINE))

    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    defaults |= {"DATABASE_URL": "", "TOKEN_KEY": "", "DATA_DIR": ".data"}
    assert {name: value.removesuffix(".0") for name, value in rows.items()} == {
        name: str(value).removesuffix(".0") for name, value in defaults.items()
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project to change."""
    return copied(tmp_path / "copy of the project")


def copied(folder: Path) -> Path:
    """Copy the project into a new folder, and return it."""
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build")
    shutil.copytree(ROOT, folder, ignore=unwanted)
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the copy, without settings of the environment."""
    return subprocess.run(
        command,
        cwd=folder,
        env=without_settings(folder),
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def apply(folder: Path, diff: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Apply a diff to the copy, or take it back with `--reverse`; it may be nobody's repository."""
    command = ["git", "apply", *options, "-"]
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    return subprocess.run(
        command, cwd=folder, env=outside, input=diff, text=True, capture_output=True, check=False
    )


def applied(folder: Path, diff: str) -> None:
    """Apply a diff to the copy."""
    done = apply(folder, diff)
    assert done.returncode == 0, (
        f"the diff of the README does not fit the code any more: {done.stderr}"
    )


def without(folder: Path, *diffs: str) -> None:
    """Revert the diffs that the project already has: somebody has followed the README."""
    for diff in reversed(diffs):
        if apply(folder, diff, "--reverse", "--check").returncode == 0:
            assert apply(folder, diff, "--reverse").returncode == 0


def test_worked_example_goes_as_the_readme_tells(copy: Path, database_url: str) -> None:
    contract, code = blocks("diff")
    from_mypy, from_start = blocks("text")
    python = sys.executable

    without(copy, contract, code)
    applied(copy, contract)
    assert run(copy, python, "-m", "specfirst.codegen.generate").returncode == 0

    types = run(copy, python, "-m", "mypy", "app", "generated")
    assert comparable(from_mypy) in comparable(types.stdout)
    start = run(
        copy,
        "env",
        f"BLOG_DATABASE_URL={database_url}",
        "BLOG_PORT=0",
        python,
        "-m",
        "app",
        "serve",
    )
    assert start.returncode == 1
    assert from_start in start.stderr

    applied(copy, code)
    types = run(copy, python, "-m", "mypy", "app", "generated")
    assert types.returncode == 0, types.stdout
    assert run(copy, python, "-m", "specfirst.codegen.generate", "--check").returncode == 0
    with running_service(folder=copy, BLOG_DATABASE_URL=database_url) as base_url:
        ada = {"first_name": "Ada", "last_name": "Lovelace"}
        author = httpx.post(f"{base_url}/authors", json=ada, headers=ADMIN).json()
        article = {"title": "Note G", "content": "Step by step.", "author_id": author["id"]}
        httpx.post(f"{base_url}/articles", json=article, headers=ADMIN).raise_for_status()
        answer = httpx.get(f"{base_url}/authors/{author['id']}/statistics")
    assert (answer.status_code, answer.json()) == (200, {"articles": 1})
