"""The Node tools of a `node_modules` folder: whether they are installed, and how to run them."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

# No telemetry and no update checks: the checks need no network.
_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@dataclass(frozen=True)
class NodeTools:
    """The tools that npm has installed in a folder."""

    modules: Path
    """The `node_modules` folder; beside it is the `package.json` that pins the tools."""

    def missing(self) -> str:
        """Return why the tools cannot be run; empty if they can."""
        if shutil.which("node") is None:
            return "no Node"
        if not (self.modules / ".package-lock.json").exists():  # npm writes it last
            return f"the Node tools are not installed in {self.modules}"
        return ""

    def usable(self, *, by: str) -> bool:
        """Return whether the tools can be run, and print why not. With CI=true, exits instead."""
        reason = self.missing()
        if reason and os.environ.get("CI") == "true":
            sys.exit(
                f"{by} cannot run: {reason}. With CI=true nothing is skipped: install Node 18 or "
                "later with npm"
            )
        if reason:
            print(f"{by} skipped: {reason}")
        return not reason

    def command(self, tool: str) -> list[str]:
        """Return the command that starts a tool of `node_modules/.bin`, whatever PATH is."""
        return ["node", str((self.modules / ".bin" / tool).resolve())]

    def pinned(self, package: str) -> str:
        """Return the version of a package that `package.json` pins."""
        pinned = json.loads((self.modules.parent / "package.json").read_text(encoding="utf-8"))[
            "devDependencies"
        ]
        return str(pinned[package])


def environment() -> dict[str, str]:
    """Return the environment variables that the tools run with."""
    return os.environ | _QUIET
