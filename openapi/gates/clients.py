"""`make clients`: generate clients as consumers do, with the defaults of their tools, and check their types.

    PYTHONPATH=openapi/codegen python openapi/gates/clients.py

Python (openapi-python-client) and TypeScript (openapi-typescript, openapi-fetch), each with the program that uses it in
tests/clients/, go to build/clients/.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import node

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "openapi" / "openapi.yaml"
DRIVERS = ROOT / "tests" / "clients"
BUILD = ROOT / "build" / "clients"


class Failed(Exception):
    """A tool does not take the contract, or its code has errors: what it said."""


def main() -> int:
    """Generate and check; 0 when both clients are sound, 1 with what the tools say on stderr otherwise."""
    clients = [python]
    if node.usable(by="clients: TypeScript"):
        clients.append(typescript)
    with ThreadPoolExecutor() as pool:
        made = [(client.__name__, pool.submit(client, BUILD / client.__name__)) for client in clients]
    for name, outcome in made:
        if isinstance(failed := outcome.exception(), Failed):
            print(f"{name}: {failed}", file=sys.stderr)
        else:
            print(f"{name}: {outcome.result().relative_to(ROOT)} has no errors of type")
    return 1 if any(outcome.exception() for _, outcome in made) else 0


def python(folder: Path) -> Path:
    """Generate the Python client into a new folder, and check it and drive.py. Raises `Failed`."""
    _emptied(folder)
    programs = Path(sys.executable).parent  # the generator looks for ruff
    _run(
        [str(programs / "openapi-python-client"), "generate", f"--path={CONTRACT}", "--fail-on-warning"],
        f"--output-path={folder}",
        "--overwrite",
        PATH=f"{programs}{os.pathsep}{os.environ.get('PATH', '')}",
    )
    strict = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={folder / '.mypy_cache'}"]
    _run(strict, str(folder / "blog_api_client"), str(DRIVERS / "drive.py"), MYPYPATH=str(folder))
    return folder


def typescript(folder: Path) -> Path:
    """Generate the types for TypeScript into a new folder, and compile them with drive.mts. Raises `Failed`."""
    _emptied(folder)
    for name in ("drive.mts", "tsconfig.json"):
        shutil.copy(DRIVERS / name, folder)
    (folder / "node_modules").symlink_to(node.MODULES)
    _run(node.command("openapi-typescript"), str(CONTRACT), f"--output={folder / 'blog.d.ts'}")
    _run(node.command("tsc"), "--project", str(folder))
    return folder


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _run(command: Sequence[str], *arguments: str, **environment: str) -> None:
    settings = node.environment() | environment
    done = subprocess.run([*command, *arguments], env=settings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} failed (status {done.returncode}):\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
