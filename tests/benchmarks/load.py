"""The load: wrk, with 32 connections that are kept alive."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tokens import ADMIN

CONNECTIONS = 32
DEEP = 50_000  # articles before the deep page
KINDS = {
    "one": "GET one article",
    "known": "GET one article, known (304)",
    "page": "GET a page of 20",
    "deep": f"GET a page, {DEEP} articles in",
    "filter": "GET a page of one author's",
    "post": "POST an article",
    "keyed": "POST an article once (with a key)",
    "patch": "PATCH an article, with If-Match",
}
WRITING = ("post", "keyed", "patch")
"""The kinds that store something. Only this service looks at keys, and at `If-None-Match`."""
_PATCHING = ("service", "floor", "before")


def is_sent_to(kind: str, contestant: str) -> bool:
    """Tell whether a contestant is measured with requests of a kind: not all have PATCH."""
    return kind != "patch" or contestant in _PATCHING


_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What was sent, and how long the answers took."""

    requests: int
    seconds: float
    p50: float
    """Milliseconds that half of the answers took at most."""
    p99: float
    """Milliseconds that 99 % of the answers took at most."""
    errors: int


def measured_kinds(contestants: Mapping[str, Any]) -> dict[str, str]:
    """Return the kinds that a run has measured; an older one may lack some."""
    service = contestants["service"]["requests"]
    return {kind: title for kind, title in KINDS.items() if kind in service}


def need_wrk() -> None:
    """Leave with what to do where wrk is missing."""
    if shutil.which("wrk") is None:
        sys.exit(
            "The benchmarks need wrk to make the load. On Debian: apt-get install wrk; on macOS: "
            "brew install wrk"
        )


def send(
    base_url: str, kind: str, *, seconds: float, articles: int, cursor: str = "", seed: int = 1
) -> Load:
    """Send requests of one kind for some seconds. Raises `RuntimeError` unless all get a 2xx."""
    load = [
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds:g}s",
        "--timeout",
        "30s",
        "-s",
        str(_SCRIPT),
        base_url,
    ]
    details = [kind, cursor or "-", str(articles), str(seed), ADMIN["Authorization"]]
    run = subprocess.run(["wrk", *load, "--", *details], capture_output=True, text=True, check=True)
    found = Load(**json.loads(run.stdout.splitlines()[-1]))
    if found.errors or not found.requests:
        raise RuntimeError(
            f"{KINDS[kind]}: {found.errors} errors in {found.requests} requests\n{run.stdout}"
        )
    return found
