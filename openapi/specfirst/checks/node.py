"""The Node tools of tests/package.json: whether they are there, and how they are run."""

import os
import shutil
import sys
from pathlib import Path

MODULES = Path(__file__).resolve().parents[3] / "tests" / "node_modules"

# No word to their makers and no look for a newer version: the gates need no network.
_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def missing() -> str:
    """Tell why the Node tools cannot be run; empty where they can."""
    if shutil.which("node") is None:
        return "no Node"
    if not (MODULES / ".installed").exists():
        return "the Node tools are not installed; run requirements/sync.py node"
    return ""


def usable(*, by: str) -> bool:
    """Tell whether the Node tools can be run; where not, say so. With CI=true that ends the gate."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        sys.exit(f"{by} cannot run: {reason}. With CI=true nothing is skipped: install Node 18 or later with npm")
    if reason:
        print(f"{by} skipped: {reason}")
    return not reason


def command(tool: str) -> list[str]:
    """Return how a tool is started, by its name in node_modules/.bin, whatever PATH says."""
    return ["node", str((MODULES / ".bin" / tool).resolve())]


def environment() -> dict[str, str]:
    """Return the environment that the tools run in."""
    return os.environ | _QUIET
