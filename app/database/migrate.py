"""Runs migrations from code, for `make run` and `make migrate`.

Alembic is imported inside the functions: a process that only serves starts a tenth faster without
it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

_ALEMBIC_INI = Path(__file__).resolve().parents[2] / "alembic.ini"
_REVISION = re.compile(r'^revision: str = "(\d{14})"$', re.MULTILINE)


def head_revision() -> str:
    """Return the newest migration of this build: a UTC timestamp, YYYYMMDDHHMMSS."""
    versions = _ALEMBIC_INI.parent.glob("migrations/versions/*.py")
    return max(
        found[1] for path in versions for found in _REVISION.finditer(path.read_text("utf-8"))
    )


class MigrationError(Exception):
    """The database cannot be migrated. The message is one line and never contains the password."""


def upgrade(url: str, *, revision: str = "head") -> None:
    """Migrate the database to a revision. Safe to run concurrently. Raises `MigrationError`."""
    from alembic import command

    with migration_errors():
        command.upgrade(configuration(url), revision)


def downgrade(url: str, *, revision: str) -> None:
    """Downgrade the database to a revision. Raises `MigrationError`."""
    from alembic import command

    with migration_errors():
        command.downgrade(configuration(url), revision)


def check(url: str) -> None:
    """Raise Alembic's `CommandError` if the models need a migration that does not exist."""
    from alembic import command

    command.check(configuration(url))


def new_revision() -> str:
    """Return the revision id for a new migration: the time, so that revisions have an order."""
    return f"{datetime.now(UTC):%Y%m%d%H%M%S}"


@contextmanager
def migration_errors() -> Iterator[None]:
    """Raise `MigrationError` in place of Alembic's `CommandError`."""
    from alembic.util.exc import CommandError

    try:
        yield
    except CommandError as error:
        raise MigrationError(str(error)) from error


def configuration(url: str) -> "Config":
    """Return Alembic's configuration for this database."""
    from alembic.config import Config

    config = Config(_ALEMBIC_INI, attributes={"url": url})
    config.set_main_option(
        "script_location", str(_ALEMBIC_INI.parent / "migrations").replace("%", "%%")
    )
    return config
