"""The cluster, that is the files, of the embedded PostgreSQL: how it is found and made."""

import secrets
import shutil
from pathlib import Path

from app.database.embedded import accounts
from app.database.embedded.processes import SYNC_METHOD, Programs

DATABASE = USER = "blog"


def find_or_create(data_dir: Path, programs: Programs) -> Path:
    """The folder of the cluster of `data_dir`, made with an empty database if there is none.

    Raises FileNotFoundError if there was one that is gone, PermissionError if it is out of reach.
    """
    _discard_unfinished(data_dir)
    link = data_dir / "postgres"
    if not link.exists():
        _create(link, programs)
    cluster = link.resolve()
    if not programs.account.can_enter(cluster):
        raise PermissionError(
            f"user {programs.account.uid} runs PostgreSQL and cannot enter {cluster}: a folder "
            "above it was closed or moved; undo that or set BLOG_DATA_DIR"
        )
    return cluster


def _create(link: Path, programs: Programs) -> None:
    """Make the cluster under another name, so that it appears complete or not at all."""
    if link.is_symlink():
        raise FileNotFoundError(
            f"{link} points to {link.readlink()}, which is gone: bring it back, "
            f"or remove {link} to begin with an empty database"
        )
    new = link.with_name(f"postgres.new-{secrets.token_hex(8)}")
    if not programs.account.can_enter(new.parent):
        # A random name: a data folder that was deleted and made anew must begin empty.
        new.symlink_to(accounts.shared_folder("clusters") / secrets.token_hex(8))
    programs.account.make_private_folder(new.resolve())
    _initialise(new.resolve(), programs)
    new.rename(link)


def _discard_unfinished(data_dir: Path) -> None:
    for left in data_dir.glob("postgres.new-*"):
        shutil.rmtree(left.resolve(), ignore_errors=True)
        if not left.exists():  # else its initdb is still dying, and the next start has a turn
            left.unlink(missing_ok=True)


def _initialise(folder: Path, programs: Programs) -> None:
    """Text is UTF-8 and sorts by code point; the unix socket alone lets anybody in."""
    text = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = [f"--username={USER}", "--auth-local=trust", "--auth-host=reject"]
    others = [f"--sync-method={SYNC_METHOD}", "--no-instructions"]
    programs.run("initdb", "-D", str(folder), *text, *access, *others)
    single_user = ["--single", "-D", str(folder), "-c", "exit_on_error=on", "postgres"]
    programs.run("postgres", *single_user, statement=f"CREATE DATABASE {DATABASE}")
