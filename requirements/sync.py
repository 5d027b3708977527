"""Sync .venv or .venv-bench with a lock file: `python3 requirements/sync.py run|dev|bench`.

With `node` it syncs tests/node_modules.

A .pth file adds the folder `openapi`, so that `specfirst` can be imported without being installed.

Only needs the standard library. Installs in place when a lock file has changed, because a service
may be running from .venv. Recreates .venv if it is incomplete, or was made for another Python or
folder.

Node tools are only installed if Node is available. Without them, or without access to a registry,
the gates that need them are skipped and say so. With CI=true that is a failure.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets this far
    sys.exit(f"Python 3.11 or later is needed, not {sys.version.split()[0]}: make PYTHON=python3.x")

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / (".venv-bench" if sys.argv[1:] == ["bench"] else ".venv")
PYTHON = VENV / "bin" / "python"
TOOLKIT = HERE.parent / "openapi"  # the folder of the package `specfirst`
STAMP = VENV / "installed.json"  # exists only while an installation is complete
NODE_LOCK = HERE.parent / "tests" / "package-lock.json"
# likewise; `npm ci` removes the folder first
NODE_STAMP = NODE_LOCK.parent / "node_modules" / ".installed"


def main() -> None:
    """Install what the argument names; `dev` includes `run`."""
    if sys.argv[1:] not in (["run"], ["dev"], ["bench"], ["node"]):
        sys.exit("usage: sync.py run|dev|bench|node")
    try:
        if sys.argv[1] == "node":
            sync_node(lock=take_lock())
        else:
            sync(sys.argv[1], lock=take_lock())
    except subprocess.CalledProcessError as error:
        sys.exit(f"\nThe installation failed (status {error.returncode}); the reason is above.")
    except KeyboardInterrupt:
        sys.exit("\nThe installation was interrupted; the next one starts over.")


def take_lock() -> int:
    """Wait for other installations to finish. The lock is held while the descriptor is open."""
    lock = os.open(HERE, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another installation", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def sync(name: str, *, lock: int) -> None:
    """Install the lock file `name`, unless it or `dev`, which includes it, is there already."""
    stamp = read_stamp()
    if any(stamp.get(known) == digest(known) for known in (name, "dev")):
        link_toolkit()
        return
    print(f"Installing requirements/{name}.txt into {VENV.name}", end=" ... ", flush=True)
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    install(name, lock=lock, afresh=not stamp)
    link_toolkit()
    STAMP.write_text(json.dumps(identity() | {name: digest(name)}))
    print(f"{time.monotonic() - started:.0f} s", flush=True)


def read_stamp() -> dict[str, str]:
    """Return what is installed; nothing if .venv is broken, was moved, or is for another Python."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if PYTHON.exists() and identity().items() <= stamp.items() else {}


def identity() -> dict[str, str]:
    """Return the Python version and the folder that a .venv depends on."""
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}", "folder": str(VENV)}


def digest(name: str) -> str:
    """Return the fingerprint of a lock file."""
    return fingerprint(HERE / f"{name}.txt")


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def install(name: str, *, lock: int, afresh: bool) -> None:
    """Run the pip of this Python if it has one: installing pip into .venv takes five seconds."""
    has_pip = importlib.util.find_spec("pip") is not None
    venv = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if afresh:
        run([*venv, *(["--without-pip"] if has_pip else [])], lock=lock)
    quiet = ["-qq", "--no-input", "--disable-pip-version-check"]
    locked = ["--require-hashes", "-r", str(HERE / f"{name}.txt")]
    run([*(pip if has_pip else [str(PYTHON), "-m", "pip"]), "install", *quiet, *locked], lock=lock)


def link_toolkit() -> None:
    """Let the environment import `specfirst`, by a path configuration file.

    See https://docs.python.org/3/library/site.html.
    """
    site_packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    path, line = Path(site_packages) / "specfirst.pth", f"{TOOLKIT}\n"
    if not path.exists() or path.read_text(encoding="utf-8") != line:
        path.write_text(line, encoding="utf-8")


def sync_node(*, lock: int) -> None:
    """Install the Node tools, unless they are already installed or npm is missing."""
    here, npm = fingerprint(NODE_LOCK), shutil.which("npm")
    if npm is None or (NODE_STAMP.exists() and NODE_STAMP.read_text() == here):
        return
    print("Installing tests/package-lock.json into tests/node_modules", flush=True)
    try:
        run([npm, "ci", "--loglevel=error", "--no-progress"], lock=lock, folder=NODE_LOCK.parent)
    except subprocess.CalledProcessError as error:
        print(f"npm failed (status {error.returncode}); the reason is above.", file=sys.stderr)
    else:
        NODE_STAMP.write_text(here)


def run(command: list[str], *, lock: int, folder: Path | None = None) -> None:
    """Run a command that keeps the lock even if this process ends first."""
    subprocess.run(command, check=True, pass_fds=[lock], cwd=folder)


if __name__ == "__main__":
    main()
