"""The cluster: the data directory of the embedded PostgreSQL."""

import secrets
import shutil
from pathlib import Path

from app.database.embedded import accounts
from app.database.embedded.processes import SYNC_METHOD, Programs

DATABASE = USER = "blog"


def find_or_create(data_dir: Path, programs: Programs) -> Path:
    """Return the folder of the cluster of `data_dir`, created with an empty database if needed.

    Raises `FileNotFoundError` if an existing cluster is gone, `PermissionError` if it is not
    accessible.
    """
    _discard_unfinished(data_dir)
    link = data_dir / "postgres"
    if not link.exists():
        _create(link, programs)
    cluster = link.resolve()
    if not programs.account.can_enter(cluster):
        raise PermissionError(
            f"user {programs.account.uid} runs PostgreSQL and cannot enter {cluster}: "
            "a parent folder was closed or moved; undo that or set BLOG_DATA_DIR"
        )
    return cluster


def _create(link: Path, programs: Programs) -> None:
    """Create the cluster under another name and rename it, so that it is never incomplete."""
    if link.is_symlink():
        raise FileNotFoundError(
            f"{link} points to {link.readlink()}, which is gone: restore it, "
            f"or remove {link} to start with an empty database"
        )
    new = link.with_name(f"postgres.new-{secrets.token_hex(8)}")
    if not programs.account.can_enter(new.parent):
        # A random name: a data folder that was deleted and created again must start empty.
        new.symlink_to(accounts.shared_folder("clusters") / secrets.token_hex(8))
    programs.account.make_private_folder(new.resolve())
    _initialise(new.resolve(), programs)
    new.rename(link)


def _discard_unfinished(data_dir: Path) -> None:
    for left in data_dir.glob("postgres.new-*"):
        shutil.rmtree(left.resolve(), ignore_errors=True)
        if not left.exists():  # otherwise its initdb is still ending; the next start removes it
            left.unlink(missing_ok=True)


def _initialise(folder: Path, programs: Programs) -> None:
    """Run initdb: UTF-8 text that sorts by code point, connections only by the unix socket."""
    text = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = [f"--username={USER}", "--auth-local=trust", "--auth-host=reject"]
    others = [f"--sync-method={SYNC_METHOD}", "--no-instructions"]
    programs.run("initdb", "-D", str(folder), *text, *access, *others)
    single_user = ["--single", "-D", str(folder), "-c", "exit_on_error=on", "postgres"]
    programs.run("postgres", *single_user, statement=f"CREATE DATABASE {DATABASE}")
