"""`make release`: the contract becomes the released one, and the changelog gets its version and date.

    python -m specfirst.checks.release [--project folder]

It changes openapi/released.yaml and CHANGELOG.md, or nothing at all; to commit and to tag is left to you.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from specfirst.checks.changes import ROOT, Project, check, dotted, version


def main() -> int:
    """Release, or refuse with the reasons on stderr and 1."""
    parser = argparse.ArgumentParser(description="Make the contract the released one.")
    parser.add_argument("--project", type=Path, default=ROOT, help="the folder of the project")
    project = Project(parser.parse_args().project)
    return check(project) or release(project, today=datetime.now(UTC).date())


def release(project: Project, *, today: date) -> int:
    """Move the baseline and stamp the changelog of a project whose gate has passed; return how the process ends."""
    if reasons := list(_reasons(project)):
        print(*reasons, sep="\n", file=sys.stderr)
        return 1
    name = dotted(version(project.contract))
    changelog = project.changelog_file.read_text(encoding="utf-8")
    stamped = re.sub(r"(?m)^## Unreleased[ \t]*$", f"## Unreleased\n\n## {name} - {today}", changelog, count=1)
    project.changelog_file.write_text(stamped, encoding="utf-8")
    project.released_file.write_bytes(project.contract_file.read_bytes())
    print(f"{name} is stamped. Look at the changes, and then:")
    print(f"  git add CHANGELOG.md openapi/released.yaml tests/migrations && git commit -m 'Release {name}'")
    print(f"  git tag -a v{name} -m 'Release {name}'")
    return 0


def _reasons(project: Project) -> Iterator[str]:
    """Yield why this is not released."""
    name = dotted(version(project.contract))
    changelog = project.changelog_file.read_text(encoding="utf-8")
    if project.released and version(project.released) >= version(project.contract):
        yield f"openapi/released.yaml: {name} is released already; raise /info/version, and pyproject.toml with it"
    elif re.search(rf"^## \[?v?{re.escape(name)}\b", changelog, re.MULTILINE):
        yield f"CHANGELOG.md: has a release {name} already; raise /info/version, or remove that heading"
    if not project.tells():
        yield "CHANGELOG.md: has nothing under `## Unreleased`; say what is new for those who use the API"


if __name__ == "__main__":
    sys.exit(main())
