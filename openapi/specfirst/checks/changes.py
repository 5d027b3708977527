"""Compares a contract with its last release: version and changelog have to reflect the changes.

    python -m specfirst.checks.changes [openapi.yaml] [--released released.yaml] [--changelog
        CHANGELOG.md] [--pyproject pyproject.toml]

`specfirst.checks.release` writes the released contract. Before the first release, anything may
change.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from specfirst.checks.breaking import breaks
from specfirst.checks.schema_compatibility import Break
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract
from specfirst.contract.reading import read

Version = tuple[int, int, int]

_UNRELEASED = re.compile(r"^## Unreleased[ \t]*$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BREAKING = re.compile(r"^### Breaking\b[^\n]*$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^[-*] +\S", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Project:
    """The files that have to agree."""

    contract_file: Path
    released_file: Path
    """The last released contract; there is none before the first release."""
    changelog_file: Path
    pyproject_file: Path
    """The file with the version of the project, which is that of the contract."""

    @classmethod
    def from_arguments(cls, description: str) -> "Project":
        """Return the project that the command line names; by default the current folder's."""
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument(
            "contract", type=Path, nargs="?", default="openapi.yaml", help="the contract"
        )
        parser.add_argument(
            "--released", type=Path, default="released.yaml", help="the last released contract"
        )
        parser.add_argument("--changelog", type=Path, default="CHANGELOG.md", help="the changelog")
        parser.add_argument(
            "--pyproject", type=Path, default="pyproject.toml", help="the project's version"
        )
        given = parser.parse_args()
        return cls(
            contract_file=given.contract,
            released_file=given.released,
            changelog_file=given.changelog,
            pyproject_file=given.pyproject,
        )

    @cached_property
    def contract(self) -> Contract:
        """The contract. Raises `UnsupportedContract` if it cannot be read."""
        return _read(self.contract_file)

    @cached_property
    def released(self) -> Contract | None:
        """The last released contract, or None. Raises `UnsupportedContract`."""
        return _read(self.released_file) if self.released_file.exists() else None

    @cached_property
    def breaks(self) -> list[Break]:
        """What breaks clients of the last release."""
        return breaks(self.released, self.contract) if self.released else []

    def has_entry(self, *, breaking: bool = False) -> bool:
        """Return whether `## Unreleased` has an entry; with `breaking`, under `### Breaking`."""
        found = _UNRELEASED.search(self.changelog_file.read_text(encoding="utf-8"))
        if found and breaking:
            found = _BREAKING.search(found[1])
        return bool(found and _ENTRY.search(found[1]))

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, where, and how to fix it. Raises `UnsupportedContract`."""
        yield from self._of_project()
        if self.released is not None and self.contract.document != self.released.document:
            yield from self._of_version(version(self.released), version(self.contract))
            if self.breaks and not self.has_entry(breaking=True):
                yield (
                    f"{self.changelog_file.name}: list what breaks under "
                    "`### Breaking` in `## Unreleased`"
                )

    def _of_project(self) -> Iterator[str]:
        contracts = dotted(version(self.contract))
        given = tomllib.loads(self.pyproject_file.read_text(encoding="utf-8"))["project"]["version"]
        if given != contracts:
            versions = f"/project/version is {given}, but /info/version in the contract {contracts}"
            yield f"{self.pyproject_file.name}: {versions}; make them the same"
        if not _UNRELEASED.search(self.changelog_file.read_text(encoding="utf-8")):
            yield (
                f"{self.changelog_file.name}: has no `## Unreleased`; add the heading above the "
                "newest release"
            )

    def _of_version(self, was: Version, now: Version) -> Iterator[str]:
        needed = next_version(was, breaking=bool(self.breaks))
        if now < was:
            yield (
                f"/info/version: went back from {dotted(was)} to {dotted(now)}; set at least "
                f"{dotted(needed)}"
            )
        elif now < needed:
            reason = (
                "the changes above break clients"
                if self.breaks
                else "the contract has changed since the release"
            )
            yield (
                f"/info/version: is {dotted(now)}, has to be {dotted(needed)} or later: {reason}; "
                "or undo the change"
            )


def _read(file: Path) -> Contract:
    try:
        return read(file)
    except UnsupportedContract as error:
        raise UnsupportedContract(f"{file.name}: {error}") from None


def version(contract: Contract) -> Version:
    """Return the version of a contract. Raises `UnsupportedContract` for anything but X.Y.Z."""
    given = str(contract.document.get("info", {}).get("version", ""))
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", given, re.ASCII):
        raise UnsupportedContract(
            f"/info/version: is {given!r}; write three numbers, such as 1.2.3"
        )
    major, minor, patch = map(int, given.split("."))
    return major, minor, patch


def next_version(was: Version, *, breaking: bool) -> Version:
    """Return the lowest version that a change may have (docs/versioning.md)."""
    major, minor, patch = was
    if not breaking:
        return major, minor, patch + 1
    return (major + 1, 0, 0) if major else (0, minor + 1, 0)


def dotted(version: Version) -> str:
    """Return a version as it is written."""
    return ".".join(map(str, version))


def main() -> int:
    """Print what changed; return 0 if version and changelog reflect it, otherwise 1."""
    return check(Project.from_arguments("Compare a contract with the last released one."))


def check(project: Project) -> int:
    """Print the breaking changes and what to fix; return the exit status."""
    try:
        faults = list(project.faults())
    except UnsupportedContract as error:
        print(error, file=sys.stderr)
        return 1
    stream = sys.stderr if faults else sys.stdout
    for each in project.breaks:
        print(f"{project.contract_file.name}: breaking: {each}", file=stream)
    print(*(faults or [_summary(project)]), sep="\n", file=stream)
    return 1 if faults else 0


def _summary(project: Project) -> str:
    if project.released is None:
        return f"no release yet, so nothing can break: there is no {project.released_file}"
    was, now = (dotted(version(each)) for each in (project.released, project.contract))
    if project.contract.document == project.released.document:
        return f"nothing changed since {was}"
    return (
        f"{now} after {was}: {len(project.breaks) or 'no'} breaking changes, which version and "
        "changelog reflect"
    )


if __name__ == "__main__":
    sys.exit(main())
