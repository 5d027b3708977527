"""Tokens for operators, who have the database and need no token: `python -m app token`, and what
the first start of the embedded database makes.
"""

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import SecretStr

from app import audit
from app.database.db import Database, UnitOfWork
from app.database.migrate import head_revision
from app.database.services.tokens import TokenService
from app.database.statements import Row
from app.settings import Settings, token_keys
from app.tokens import new_key, new_token
from generated import models

SCOPES: tuple[str, ...] = get_args(models.TokenScope)
ADMIN = "admin"
"""The name of a token without another name, which has all scopes."""

_LONGEST_NAME = 100  # characters, as in the contract
_LARGEST_ID = 2**63 - 1
_LONGEST_LIFE = 10 * 365 * 86_400  # seconds, as in the contract
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}

_T = TypeVar("_T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `python -m app token`."""
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="create a token and print it, this once")
    create.add_argument("--name", type=_name, default=ADMIN, help="what it is for")
    create.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        help="what it may do; give it several times for several scopes (default: all)",
    )
    create.add_argument("--author", type=_id, help="the id of the author to bind it to")
    create.add_argument(
        "--expires-in", type=_lifetime, help="its lifetime, such as 12h or 90d (default: no end)"
    )
    listing = actions.add_parser("list", help="list the tokens, without the tokens themselves")
    listing.add_argument("--all", action="store_true", help="also those that were revoked")
    revoke = actions.add_parser("revoke", help="revoke a token for ever")
    revoke.add_argument("id", type=_id, help="its id, which `list` shows")


def run(settings: Settings, url: str, arguments: argparse.Namespace) -> None:
    """Run a subcommand on the database at this URL. Raises `BlogError`, `InvalidSettings`."""
    if arguments.action == "create":
        print(
            create(
                settings,
                url,
                name=arguments.name,
                scopes=arguments.scope or SCOPES,
                author_id=arguments.author,
                lifetime=arguments.expires_in,
            )
        )
    elif arguments.action == "list":
        rows = _execute(settings, url, TokenService.list_all_tokens)
        shown = [row for row in rows if arguments.all or row["revoked_at"] is None]
        print("\n".join(_table(shown, with_revoked=arguments.all)))
    else:
        revoke(settings, url, token_id=arguments.id)


def create(
    settings: Settings,
    url: str,
    *,
    name: str,
    scopes: tuple[str, ...] | list[str],
    author_id: int | None = None,
    lifetime: timedelta | None = None,
) -> str:
    """Create a token and return it. Raises `UnknownAuthor`, `Unavailable`, `InvalidSettings`."""
    return _created(
        settings, url, name=name, scopes=scopes, author_id=author_id, lifetime=lifetime
    )[0]


def revoke(settings: Settings, url: str, *, token_id: int) -> None:
    """Revoke a token. Raises `TokenNotFound`, `Unavailable`."""
    _execute(settings, url, lambda db: TokenService.revoke_token(db, token_id=token_id, owner=None))
    audit.token_revoked(token_id, by=None)


@contextmanager
def temporary(settings: Settings, url: str, *, name: str, scopes: tuple[str, ...]) -> Iterator[str]:
    """Yield a token that is revoked after the block, and expires in an hour if that fails."""
    token, row = _created(settings, url, name=name, scopes=scopes, lifetime=timedelta(hours=1))
    try:
        yield token
    finally:
        revoke(settings, url, token_id=row["id"])


def first_token(settings: Settings, url: str) -> str | None:
    """Return a new token with all scopes if the database has never had a token, or None."""
    if _execute(settings, url, TokenService.has_tokens):
        return None
    return create(settings, url, name=ADMIN, scopes=SCOPES)


def shown_once(token: str, data_dir: Path) -> str:
    """Return the line that shows a first token to a terminal; else where it was written to, for
    this user only: what is printed there may stay in a log.
    """
    if sys.stdout.isatty():
        return f"Token  {token} (shown only now; `make token` makes another)"
    return f"Token  in {_private_file(data_dir / 'admin.token', token)}"


def with_key(settings: Settings) -> Settings:
    """Return the settings with a key for tokens: that of the data folder, made if there is none.

    Raises `OSError`.
    """
    if settings.token_key is not None:
        return settings
    file = settings.data_dir.absolute() / "token.key"
    if not file.exists():
        _private_file(file, new_key())
    key = SecretStr(file.read_text("ascii").strip())
    return settings.model_copy(update={"token_key": key})


def _private_file(file: Path, text: str) -> Path:
    """Write a file that only this user can read, all of it or nothing."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"{text}\n")
    new.rename(file)
    return file


def _created(
    settings: Settings,
    url: str,
    *,
    name: str,
    scopes: tuple[str, ...] | list[str],
    author_id: int | None = None,
    lifetime: timedelta | None = None,
) -> tuple[str, Row]:
    key, token = token_keys(settings).first, new_token()
    row = _execute(
        settings,
        url,
        lambda db: TokenService.create_token(
            db,
            name=name,
            scopes=dict.fromkeys(scopes),
            author_id=author_id,
            lifetime=lifetime,
            digest=key.digest(token),
            key_id=key.id,
            grantor_id=None,
        ),
    )
    audit.token_created(row, by=None)
    return token, row


def _execute(settings: Settings, url: str, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
    """Return what a service returns, in a transaction of its own."""

    async def execute() -> _T:
        async with (
            Database(
                url,
                pool_size=1,
                timeout=settings.database_timeout,
                wait=settings.database_wait,
                lock_timeout=settings.database_lock_timeout,
                behind_pooler=settings.database_pooler == "transaction",
                needed_revision=head_revision(),
            ) as database,
            database.transaction() as db,
        ):
            return await work(db)

    return asyncio.run(execute())


def _table(rows: list[Row], *, with_revoked: bool) -> Iterator[str]:
    """Yield the lines of a table of tokens."""
    names = ["id", "name", "scopes", "author", "created", "expires", "last used"]
    lines = [names + (["revoked"] if with_revoked else [])]
    for row in rows:
        name = row["name"] if row["name"].isprintable() else ascii(row["name"])
        times = [row["created_at"], row["expires_at"], row["last_used_at"]]
        times += [row["revoked_at"]] if with_revoked else []
        owner = "" if row["author_id"] is None else str(row["author_id"])
        lines.append([str(row["id"]), name, " ".join(row["scopes"]), owner, *map(_time, times)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(map(str.ljust, line, widths)).rstrip()


def _time(value: datetime | None) -> str:
    return "" if value is None else f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _name(text: str) -> str:
    if not 1 <= len(text) <= _LONGEST_NAME or "\0" in text:
        raise argparse.ArgumentTypeError(f"write 1 to {_LONGEST_NAME} characters")
    return text


def _id(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= _LARGEST_ID:
        raise argparse.ArgumentTypeError(f"{text!r} is not an id")
    return int(text)


def _lifetime(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,9})([smhd]?)", text)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 1 <= seconds <= _LONGEST_LIFE:
        raise argparse.ArgumentTypeError("write seconds, or 30m, 12h, 90d; at most ten years")
    return timedelta(seconds=seconds)
