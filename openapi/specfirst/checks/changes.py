"""`make changes`: what changed since the last release, and whether version and changelog say so.

    python -m specfirst.checks.changes [--project folder]

openapi/released.yaml is the last released contract; `make release` writes it. Before there is one, nothing has to be
kept. docs/versioning.md says what consumers may rely on.
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
from specfirst.checks.narrowing import Break
from specfirst.contract.document import Document, read
from specfirst.contract.errors import UnsupportedContract

ROOT = Path(__file__).resolve().parents[3]

Version = tuple[int, int, int]

_UNRELEASED = re.compile(r"^## Unreleased[ \t]*$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BREAKING = re.compile(r"^### Breaking\b[^\n]*$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^[-*] +\S", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """The files that have to agree: the contract, the released one, the changelog and the project's own version."""

    folder: Path

    @property
    def contract_file(self) -> Path:
        """The contract."""
        return self.folder / "openapi" / "openapi.yaml"

    @property
    def released_file(self) -> Path:
        """The last released contract, which need not be there."""
        return self.folder / "openapi" / "released.yaml"

    @property
    def changelog_file(self) -> Path:
        """The changelog."""
        return self.folder / "CHANGELOG.md"

    @cached_property
    def contract(self) -> Document:
        """The contract. Raises `UnsupportedContract` when it cannot be read."""
        return _document(self.contract_file)

    @cached_property
    def released(self) -> Document | None:
        """The last released contract, or None. Raises `UnsupportedContract` when it cannot be read."""
        return _document(self.released_file) if self.released_file.exists() else None

    @cached_property
    def breaks(self) -> list[Break]:
        """What breaks clients of the last release."""
        return breaks(self.released, self.contract) if self.released else []

    def tells(self, *, breaking: bool = False) -> bool:
        """Tell whether the changelog has an entry under `## Unreleased`; with `breaking`, one under `### Breaking`."""
        found = _UNRELEASED.search(self.changelog_file.read_text(encoding="utf-8"))
        if found and breaking:
            found = _BREAKING.search(found[1])
        return bool(found and _ENTRY.search(found[1]))

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, each with the place and how to fix it. Raises `UnsupportedContract`."""
        yield from self._of_project()
        if self.released is not None and self.contract != self.released:
            yield from self._of_version(version(self.released), version(self.contract))
            if self.breaks and not self.tells(breaking=True):
                yield "CHANGELOG.md: tell what breaks in a list under `### Breaking` in `## Unreleased`"

    def _of_project(self) -> Iterator[str]:
        given = tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        contracts = self.contract["info"]["version"]
        version(self.contract)
        if given != contracts:
            yield f"pyproject.toml: /project/version is {given}, /info/version in the contract {contracts}; make it so"
        if not _UNRELEASED.search(self.changelog_file.read_text(encoding="utf-8")):
            yield "CHANGELOG.md: has no `## Unreleased`; put the heading above the newest release"

    def _of_version(self, was: Version, now: Version) -> Iterator[str]:
        needed = next_version(was, breaking=bool(self.breaks))
        if now < was:
            yield f"/info/version: went back from {dotted(was)} to {dotted(now)}; say at least {dotted(needed)}"
        elif now < needed:
            reason = "what is listed above breaks clients" if self.breaks else "the contract is not the released one"
            yield f"/info/version: is {dotted(now)}, has to be {dotted(needed)} or later: {reason}; or undo the change"


def _document(file: Path) -> Document:
    try:
        return read(file)
    except UnsupportedContract as refused:
        raise UnsupportedContract(f"{file.name}: {refused}") from None


def version(document: Document) -> Version:
    """Return the version of a contract. Raises `UnsupportedContract` for one that is not MAJOR.MINOR.PATCH."""
    given = str(document.get("info", {}).get("version", ""))
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", given, re.ASCII):
        raise UnsupportedContract(f"/info/version: is {given!r}; write three numbers, such as 1.2.3")
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
    """Say what changed; 0 when version and changelog say so too, 1 with what to mend on stderr otherwise."""
    parser = argparse.ArgumentParser(description="Compare the contract with the last released one.")
    parser.add_argument("--project", type=Path, default=ROOT, help="the folder of the project")
    return check(Project(parser.parse_args().project))


def check(project: Project) -> int:
    """Write what breaks and what is wrong with it; return how the process ends."""
    try:
        faults = list(project.faults())
    except UnsupportedContract as refused:
        print(refused, file=sys.stderr)
        return 1
    stream = sys.stderr if faults else sys.stdout
    for each in project.breaks:
        print(f"openapi.yaml: breaking: {each}", file=stream)
    print(*(faults or [_summary(project)]), sep="\n", file=stream)
    return 1 if faults else 0


def _summary(project: Project) -> str:
    if project.released is None:
        return "no release yet: nothing to keep before openapi/released.yaml is there (make release)"
    was, now = (dotted(version(each)) for each in (project.released, project.contract))
    if project.contract == project.released:
        return f"nothing changed since {was}"
    return f"{now} after {was}: {len(project.breaks) or 'no'} breaking changes, and version and changelog say so"


if __name__ == "__main__":
    sys.exit(main())
