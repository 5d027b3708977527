"""`make dev`: regenerates when the contract changes, and restarts the service when files change.

If the service would not start, the reason is printed and the running service stays up.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
from uvicorn.supervisors.basereload import BaseReload

from app.settings import PROJECT
from app.workers import sigint_blocked

Files = dict[Path, str]
"""Files, with digests of their contents."""

_CONTRACT = ("openapi/openapi.yaml", "openapi/specfirst/**/*")
_MIGRATIONS = PROJECT / "migrations" / "versions"
_SERVICE = ("app/**/*.py", "generated/**/*", "migrations/**/*.py", "openapi/openapi.yaml")

_GENERATE = ("-m", "specfirst.codegen.generate")
_START = ("-c", "from app.__main__ import application; application()")
_MIGRATE = ("-m", "app", "migrate")


def serve(config: uvicorn.Config, listener: socket, *, migrates: bool) -> None:
    """Serve until SIGINT or SIGTERM. With `migrates`, run new migrations when they appear."""
    _Reload(config, uvicorn.Server(config).run, [listener], migrates=migrates).run()


class _Reload(BaseReload):
    """Replaces the serving process when files have changed and the service would start with them.

    The socket stays open, so requests wait during a restart.
    """

    def __init__(self, *arguments: Any, migrates: bool) -> None:
        super().__init__(*arguments)
        self.reloader_name = "make dev"
        self._migrates = migrates
        self._contract: Files = {}  # what was last generated from; unknown at first
        self._is_contract_invalid = False
        self._served = self._tried = self._seen = _read(_SERVICE)

    def startup(self) -> None:
        """Start the serving process."""
        with sigint_blocked():
            super().startup()

    def restart(self) -> None:
        """Replace the serving process."""
        with sigint_blocked():
            super().restart()

    def should_restart(self) -> list[Path] | None:
        """Return the changed files if the process should be replaced, or None."""
        self.pause()
        self._generate()
        files = _read(_SERVICE)
        is_settled, self._seen = files == self._seen, files
        if self._is_contract_invalid or files == self._tried or not is_settled:
            return None
        self._tried = files
        changed = _changed(self._served, files)
        if (
            not changed
            or not self._run("the service would not start", *_START)
            or not self._migrate(changed)
        ):
            return None
        self._served = files
        return changed

    def _generate(self) -> None:
        contract = _read(_CONTRACT)
        if contract != self._contract:
            self._contract = contract
            self._is_contract_invalid = not self._run("the contract is invalid", *_GENERATE)

    def _migrate(self, changed: list[Path]) -> bool:
        versions = [path for path in changed if path.parent == _MIGRATIONS]
        for path in versions:
            if path in self._served:
                print(
                    f"{path.name} has changed; if it has run on this database, it does not run "
                    "again",
                    flush=True,
                )
        return not (versions and self._migrates) or self._run(
            "the database cannot be migrated", *_MIGRATE
        )

    def _run(self, failure: str, *arguments: str) -> bool:
        """Run Python with these arguments and print its output; return whether it succeeded."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        if not self.should_exit.is_set():  # Ctrl-C reaches that process, too
            print(done.stdout + done.stderr, end="", flush=True)
            if done.returncode:
                print(f"make dev: {failure}; the running service stays as it is", flush=True)
        return done.returncode == 0


def _changed(old: Files, new: Files) -> list[Path]:
    return sorted({path for path, _ in old.items() ^ new.items()})


def _read(patterns: tuple[str, ...]) -> Files:
    return {
        path: digest for path in _matching(patterns) if (digest := _digest_of(path)) is not None
    }


def _matching(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from (path for path in PROJECT.glob(pattern) if "__pycache__" not in path.parts)


def _digest_of(path: Path) -> str | None:
    """Return the digest of a file, or None for a folder or a file that is being replaced."""
    try:
        state = path.stat()
        return _digest(path, state.st_ino, state.st_mtime_ns, state.st_size)
    except OSError:
        return None


@lru_cache(maxsize=2048)
def _digest(path: Path, *_state: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
