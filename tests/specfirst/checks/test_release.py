"""A release copies the contract and dates the changelog, or changes nothing."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from specfirst.checks.changes import Project, check
from specfirst.checks.release import release
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 22)
CHANGELOG = "# Changelog\n\nWhat changes.\n\n## Unreleased\n\n### Added\n- The contract.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with our contract, version 0.1.0, that has not been released."""
    made = project_in(tmp_path)
    contract = (ROOT / "openapi" / "openapi.yaml").read_bytes()
    first = re.sub(rb"(?m)^  version: .*$", b"  version: 0.1.0 # first", contract, count=1)
    made.contract_file.write_bytes(first)
    made.pyproject_file.write_text('[project]\nversion = "0.1.0"\n')
    made.changelog_file.write_text(CHANGELOG)
    return made


def project_in(folder: Path) -> Project:
    """Return the project whose files are in a folder, as it is read anew."""
    return Project(
        contract_file=folder / "openapi.yaml",
        released_file=folder / "released.yaml",
        changelog_file=folder / "CHANGELOG.md",
        pyproject_file=folder / "pyproject.toml",
    )


def files(project: Project) -> dict[str, bytes]:
    """Return the contents of the files of a project."""
    return {
        str(file): file.read_bytes()
        for file in project.contract_file.parent.rglob("*")
        if file.is_file()
    }


def raised(project: Project, version: str) -> Project:
    """Return the project with another version."""
    for file in (project.contract_file, project.pyproject_file):
        file.write_text(file.read_text().replace("0.1.0", version, 1))
    return project_in(project.contract_file.parent)


def test_first_release_moves_the_baseline_and_stamps_the_changelog(project: Project) -> None:
    assert release(project, today=DAY) == 0

    assert project.released_file.read_bytes() == project.contract_file.read_bytes()
    stamped = CHANGELOG.replace("## Unreleased\n", "## Unreleased\n\n## 0.1.0 - 2026-11-22\n")
    assert project.changelog_file.read_text() == stamped
    assert check(project_in(project.contract_file.parent)) == 0, (
        "the released contract is the present one"
    )


def test_a_release_prints_the_next_steps(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    release(project, today=DAY)

    assert "git commit -m 'Release 0.1.0'" in (output := capsys.readouterr().out)
    assert "git tag -a v0.1.0" in output
    names = ("contract_file", "released_file", "changelog_file", "pyproject_file")
    assert f"git add {' '.join(str(getattr(project, name)) for name in names)}\n" in output


def test_second_release_of_a_version_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    release(project, today=DAY)
    before = files(project)

    assert release(project_in(project.contract_file.parent), today=DAY) == 1

    refusal = capsys.readouterr().err
    assert "released.yaml: 0.1.0 is already released; raise /info/version" in refusal
    assert "CHANGELOG.md: has nothing under `## Unreleased`" in refusal
    assert files(project) == before


def test_next_release_stands_above_the_last_one(project: Project) -> None:
    release(project, today=DAY)
    later = raised(project, "0.1.1")
    entry = "## Unreleased\n\n### Fixed\n- A typo.\n"
    later.changelog_file.write_text(
        later.changelog_file.read_text().replace("## Unreleased\n", entry)
    )

    assert release(later, today=date(2026, 12, 1)) == 0

    headings = [
        line for line in later.changelog_file.read_text().splitlines() if line.startswith("## ")
    ]
    assert headings == ["## Unreleased", "## 0.1.1 - 2026-12-01", "## 0.1.0 - 2026-11-22"]
    assert b"version: 0.1.1" in later.released_file.read_bytes()


def test_release_without_entries_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.changelog_file.write_text(
        "# Changelog\n\n## Unreleased\n\n### Added\n\n## 0.0.1 - 2026-01-01\n- Old.\n"
    )

    assert release(project, today=DAY) == 1
    assert "CHANGELOG.md: has nothing under `## Unreleased`" in capsys.readouterr().err
    assert not project.released_file.exists()


def test_version_that_the_changelog_has_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.changelog_file.write_text(f"{CHANGELOG}\n## 0.1.0 - 2026-01-01\n- Old.\n")

    assert release(project, today=DAY) == 1
    assert "CHANGELOG.md: already has a release 0.1.0" in capsys.readouterr().err
    assert not project.released_file.exists()


def test_the_command_releases_today(project: Project) -> None:
    before = datetime.now(UTC).date()

    ended = run_release(project)

    assert (ended.returncode, ended.stderr) == (0, "")
    days = {before, datetime.now(UTC).date()}
    assert any(f"## 0.1.0 - {day}\n" in project.changelog_file.read_text() for day in days)


def test_the_command_refuses_what_the_check_refuses(project: Project) -> None:
    project.pyproject_file.write_text('[project]\nversion = "0.3.0"\n')
    before = files(project)

    ended = run_release(project)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "pyproject.toml: /project/version is 0.3.0" in ended.stderr
    assert files(project) == before


def run_release(project: Project) -> subprocess.CompletedProcess[str]:
    # By default its files are in the current folder.
    command = [sys.executable, "-B", "-m", "specfirst.checks.release"]
    return subprocess.run(command, cwd=project.contract_file.parent, capture_output=True, text=True)
