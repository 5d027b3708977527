"""The contestants as processes with one worker each, and their figures from the system."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from specfirst.contract import reading
from tests.tokens import KEY

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 60.0  # seconds

_SERVICE = [sys.executable, "-m", "app", "serve"]
_UVICORN = [
    sys.executable,
    "-m",
    "uvicorn",
    "--loop=uvloop",
    "--http=httptools",
    "--no-access-log",
    "--log-level=warning",
]
_BARE = ("--no-server-header", "--no-proxy-headers")
_CONTESTANTS = "tests.benchmarks.contestants"
_FASTIFY = Path(__file__).with_name("contestants") / "fastify"
_GO = Path(__file__).with_name("contestants") / "go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A contestant and its command, which gets the port as an argument and in `BLOG_PORT`."""

    name: str
    title: str
    command: list[str]
    validates: bool = True
    takes_port: bool = True
    folder: Path = ROOT


def before(folder: Path) -> Contestant:
    """Return the service of another checkout, such as that of the commit before."""
    return Contestant(
        name="before", title="the service before", command=_SERVICE, takes_port=False, folder=folder
    )


def _python(name: str, title: str, *options: str, validates: bool = True) -> Contestant:
    command = [*_UVICORN, *options, f"{_CONTESTANTS}.{name}:app", "--port"]
    return Contestant(
        name=name.removeprefix("textbook_"), title=title, command=command, validates=validates
    )


CONTESTANTS = [
    Contestant(name="service", title="this service", command=_SERVICE, takes_port=False),
    _python("floor", "floor: bare ASGI, asyncpg, orjson", *_BARE, validates=False),
    _python("textbook_fastapi", "FastAPI, SQLAlchemy ORM"),
    _python("textbook_litestar", "Litestar, SQLAlchemy ORM"),
    _python("textbook_connexion", "Connexion, SQLAlchemy ORM"),
    Contestant(
        name="fastify", title="Fastify, pg (Node)", command=["node", str(_FASTIFY / "server.js")]
    ),
    Contestant(name="go", title="ogen, pgx (Go)", command=[str(_GO / "build" / "server")]),
]


@dataclass(frozen=True, slots=True)
class Server:
    """A contestant that runs."""

    contestant: Contestant
    base_url: str
    process: psutil.Process = field(repr=False)
    start_seconds: float
    """From the spawn of the process to its first answer."""

    def cpu_seconds(self) -> float:
        """Return what the process and its children have used, in all threads, user and system."""
        times = [each.cpu_times() for each in self._family()]
        return sum(each.user + each.system for each in times)

    def memory_bytes(self) -> int:
        """Return the memory that is resident, of the process and its children."""
        return sum(int(each.memory_info().rss) for each in self._family())

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def install_fastify() -> bool:
    """Install what Fastify needs, unless it is there; tell whether there is a Node to run it."""
    if shutil.which("npm") is None:
        return False
    installed, lock = (
        _FASTIFY / "node_modules" / ".package-lock.json",
        _FASTIFY / "package-lock.json",
    )
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(
            ["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=_FASTIFY, check=True
        )
    return True


_FRACTIONS = "2006-01-02T15:04:05.999999Z07:00"  # by itself ogen cuts times to seconds


_OURS = ("IfMatch", "IfNoneMatch", "IdempotencyKey")
_OUR_MEMBERS = ("security", "ETag", "Cache-Control")


def _for_ogen(node: Any) -> Any:
    """Return a part of the contract with fractions in times, open to all, and without conditions
    and keys: only this service has them.
    """
    if isinstance(node, list):
        return [_for_ogen(each) for each in node if not _is_ours(each)]
    if not isinstance(node, dict):
        return node
    changed = {name: _for_ogen(each) for name, each in node.items() if name not in _OUR_MEMBERS}
    is_time = node.get("format") == "date-time"
    return changed | ({"x-ogen-time-format": _FRACTIONS} if is_time else {})


def _is_ours(node: Any) -> bool:
    return isinstance(node, dict) and str(node.get("$ref")).rpartition("/")[2] in _OURS


def build_go() -> bool:
    """Generate ogen's server from the contract and build it; return whether there is a Go."""
    if shutil.which("go") is None:
        return False
    build = _GO / "build"
    build.mkdir(exist_ok=True)
    contract = _for_ogen(reading.load(ROOT / "openapi" / "openapi.yaml"))
    (build / "openapi.yaml").write_text(json.dumps(contract))
    options = [
        "--loglevel",
        "error",
        "--config",
        "ogen.yml",
        "--target",
        "build/api",
        "--package",
        "api",
        "--clean",
    ]
    generate = ["go", "tool", "ogen", *options, "build/openapi.yaml"]
    for command in (generate, ["go", "build", "-o", "build/server", "."]):
        subprocess.run(command, cwd=_GO, check=True)
    return True


@contextmanager
def running(contestant: Contestant, *, database_url: str) -> Iterator[Server]:
    """Start a contestant on a free port and wait for its first answer; stop it in the end."""
    port = _free_port()
    # An operator's environment: no settings of other services, and compiled code may be kept.
    unwanted = ("BLOG_", "PYTHONDONTWRITEBYTECODE")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(unwanted)
    }
    environment |= {
        "BLOG_DATABASE_URL": database_url,
        "BLOG_PORT": str(port),
        "BLOG_LOG_FORMAT": "json",
    }
    environment |= {
        "BLOG_ENV_FILE": os.devnull,
        "BLOG_TOKEN_KEY": KEY,
        "BLOG_TOKEN_BUDGET": "1000000000",  # counted as in production, and never used up
        "BLOG_ADDRESS_BUDGET": "1000000000",
    }
    command = contestant.command + ([str(port)] if contestant.takes_port else [])
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=contestant.folder, env=environment, stdout=log, stderr=log
        )
        try:
            base_url = f"http://127.0.0.1:{port}"
            if not _answers(process, base_url):
                log.seek(0)
                raise RuntimeError(f"{contestant.title} does not start:\n{log.read().decode()}")
            yield Server(
                contestant, base_url, psutil.Process(process.pid), time.perf_counter() - started
            )
        finally:
            process.terminate()
            process.wait(timeout=20)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _answers(process: "subprocess.Popen[bytes]", base_url: str) -> bool:
    """Wait until the process answers, the first article or that it went wrong."""
    deadline = time.monotonic() + LONGEST_START
    with httpx.Client(base_url=base_url, timeout=LONGEST_START, trust_env=False) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                return client.get("/articles/1").is_success
            except httpx.TransportError:
                time.sleep(0.005)
    return False
