"""Releases a contract: copies it over the released one and stamps the changelog.

    python -m specfirst.checks.release [openapi.yaml] [--released released.yaml] [--changelog
        CHANGELOG.md] [--pyproject pyproject.toml]

It changes the released contract and the changelog, or nothing. Committing and tagging is up to you.
"""

import re
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

from specfirst.checks.changes import Project, check, dotted, version


def main() -> int:
    """Release, or print on stderr why not and return 1."""
    project = Project.from_arguments("Make a contract the released one.")
    return check(project) or release(project, today=datetime.now(UTC).date())


def release(project: Project, *, today: date) -> int:
    """Update the baseline and the changelog after a passed `check`; return the exit status."""
    if reasons := list(_reasons(project)):
        print(*reasons, sep="\n", file=sys.stderr)
        return 1
    name = dotted(version(project.contract))
    changelog = project.changelog_file.read_text(encoding="utf-8")
    stamped = re.sub(
        r"(?m)^## Unreleased[ \t]*$", f"## Unreleased\n\n## {name} - {today}", changelog, count=1
    )
    project.changelog_file.write_text(stamped, encoding="utf-8")
    project.released_file.write_bytes(project.contract_file.read_bytes())
    print(
        f"Changed {project.changelog_file} and {project.released_file} for {name}. Review the "
        "changes, then:"
    )
    files = (project.contract_file, project.released_file, project.changelog_file)
    print(f"  git add {shlex.join(map(str, (*files, project.pyproject_file)))}")
    print(f"  git commit -m 'Release {name}'")
    print(f"  git tag -a v{name} -m 'Release {name}'")
    return 0


def _reasons(project: Project) -> Iterator[str]:
    """Yield why this cannot be released."""
    name, changelog_name = dotted(version(project.contract)), project.changelog_file.name
    changelog = project.changelog_file.read_text(encoding="utf-8")
    if project.released and version(project.released) >= version(project.contract):
        yield (
            f"{project.released_file}: {name} is already released; raise /info/version and the "
            "project's version"
        )
    elif re.search(rf"^## \[?v?{re.escape(name)}\b", changelog, re.MULTILINE):
        yield (
            f"{changelog_name}: already has a release {name}; raise /info/version, or remove that "
            "heading"
        )
    if not project.has_entry():
        yield (
            f"{changelog_name}: has nothing under `## Unreleased`; say what is new for users of "
            "the API"
        )


if __name__ == "__main__":
    sys.exit(main())
