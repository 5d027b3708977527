"""Migrations, from code: what `make run` and `make migrate` do.

Alembic is imported where it is used: a process that only serves starts without it, a tenth faster.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

_ALEMBIC_INI = Path(__file__).resolve().parents[2] / "alembic.ini"
_REVISION = re.compile(r'^revision: str = "(\d{14})"$', re.MULTILINE)


def head_revision() -> str:
    """Return the newest migration of this build: a time in UTC, as YYYYMMDDHHMMSS."""
    versions = _ALEMBIC_INI.parent.glob("migrations/versions/*.py")
    return max(found[1] for path in versions for found in _REVISION.finditer(path.read_text("utf-8")))


class MigrationError(Exception):
    """The database cannot be migrated; the message is one line without any part of its password."""


def upgrade(url: str, *, revision: str = "head") -> None:
    """Migrate the database to a revision; safe beside others that do the same. Raises `MigrationError`."""
    from alembic import command

    with _our_error():
        command.upgrade(_config(url), revision)


def downgrade(url: str, *, revision: str) -> None:
    """Migrate the database back to a revision. Raises `MigrationError`."""
    from alembic import command

    with _our_error():
        command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raise an Alembic `CommandError` when the models need a migration that is not there."""
    from alembic import command

    command.check(_config(url))


def create_revision(url: str, *, message: str) -> None:
    """Write a new migration: the difference between the models and the database. Raises `MigrationError`."""
    from alembic import command

    with _our_error():
        command.revision(_config(url), message=message, autogenerate=True)


@contextmanager
def _our_error() -> Iterator[None]:
    from alembic.util.exc import CommandError

    try:
        yield
    except CommandError as error:
        raise MigrationError(str(error)) from error


def _config(url: str) -> "Config":
    from alembic.config import Config

    config = Config(_ALEMBIC_INI, attributes={"url": url})
    config.set_main_option("script_location", str(_ALEMBIC_INI.parent / "migrations").replace("%", "%%"))
    return config
