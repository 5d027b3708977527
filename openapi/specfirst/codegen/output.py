"""The output folder: recognizing generated files, and replacing them.

Only files that an earlier run wrote are replaced. The first line of a module marks it as generated.
JSON has no comments, so openapi.json counts as generated if a generated module is beside it. Any
other file is somebody's work.
"""

import fcntl
import filecmp
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DATA = "openapi.json"
PACKAGES = ("routers", "runtime")
MARK = "# Generated from {source} by `make generate`. Do not edit: change the contract instead.\n"
_MARKED = re.compile(rb"# Generated from [^\n]* by `make generate`\. Do not edit: [^\n]*\n")


class NotOurs(Exception):
    """The folder is not to be replaced: the file that is in the way, and why."""


def check_replaceable(out: Path, *, spec: Path) -> None:
    """Check that the folder `out` is absent, empty or has only generated files.

    Raises `NotOurs`.
    """
    if out.is_symlink():
        raise NotOurs(f"{_shown(out)}: is a symbolic link; give the folder itself")
    if out.exists() and not out.is_dir():
        raise NotOurs(f"{_shown(out)}: is no folder; give another name")
    if _is_marked(out.resolve().parent / "__init__.py"):
        raise NotOurs(f"{_shown(out)}: is inside a generated package; give a folder of its own")
    if spec.is_relative_to(out.resolve()):
        raise NotOurs(f"{_shown(spec)}: is in the folder that would be replaced; give another one")
    if foreign := next(_foreign(out), None):
        raise NotOurs(
            f"{_shown(foreign)}: was not written by make generate; move it, or give another folder"
        )


def _shown(path: Path) -> str:
    """Return a path in one line, with control characters escaped."""
    return str(path) if str(path).isprintable() else ascii(str(path))


def _foreign(folder: Path) -> Iterator[Path]:
    """Yield files and folders that were not generated, except `__pycache__`."""
    for inside in (folder, *(folder / name for name in PACKAGES)):
        if inside.is_dir() and not inside.is_symlink():
            for entry in sorted(os.scandir(inside), key=lambda entry: entry.name):
                if not (
                    _is_ours_as_folder(entry, top=inside == folder)
                    or _is_ours_as_file(entry, folder)
                ):
                    yield Path(entry.path)


def _is_ours_as_folder(entry: os.DirEntry[str], *, top: bool) -> bool:
    return entry.is_dir(follow_symlinks=False) and (
        entry.name == "__pycache__" or (top and entry.name in PACKAGES)
    )


def _is_ours_as_file(entry: os.DirEntry[str], folder: Path) -> bool:
    if not entry.is_file(follow_symlinks=False):
        return False
    path = Path(entry.path)
    return _is_marked(path) or (path == folder / DATA and any(map(_is_marked, folder.glob("*.py"))))


def _is_marked(path: Path) -> bool:
    """Return whether a file is a generated module, even if it was edited since."""
    if path.suffix != ".py" or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return _MARKED.fullmatch(file.readline(1000).replace(b"\r\n", b"\n")) is not None


def different(new: Path, old: Path) -> Iterator[str]:
    """Yield the relative paths of files that differ between the folders."""
    files = {
        path.relative_to(base)
        for base in (new, old)
        for name in ("*.py", DATA)
        for path in base.rglob(name)
    }
    for file in files:
        same = (
            (new / file).exists()
            and (old / file).exists()
            and filecmp.cmp(new / file, old / file, shallow=False)
        )
        if not same:
            yield str(file)


def replace(new: Path, out: Path, *, spec: Path) -> None:
    """Replace the folder `out` by a copy of `new`, completely or not at all.

    Raises `NotOurs` and `OSError`.

    If several runs overlap, the last one wins.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".generating-") as folder:
        staged, retired = Path(folder) / "new", Path(folder) / "old"
        shutil.copytree(new, staged)
        with _locked(out.parent):
            check_replaceable(out, spec=spec)  # a file may have been added since
            if not out.exists():
                staged.rename(out)
                return
            out.rename(retired)
            try:
                staged.rename(out)
            except BaseException:
                retired.rename(out)
                raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Make other runs wait, if the file system can lock folders. No lock file is left behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
