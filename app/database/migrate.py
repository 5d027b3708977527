"""Migrations, from code: what `make run` and `make migrate` do."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_ALEMBIC_INI = Path(__file__).resolve().parents[2] / "alembic.ini"


def head_revision() -> str:
    """Return the newest migration of this build: a time in UTC, as YYYYMMDDHHMMSS."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def upgrade(url: str, *, revision: str = "head") -> None:
    """Migrate the database to a revision; safe beside others that do the same."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, *, revision: str) -> None:
    """Migrate the database back to a revision."""
    command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raise an Alembic `CommandError` when the models need a migration that is not there."""
    command.check(_config(url))


def create_revision(url: str, *, message: str) -> None:
    """Write a new migration: the difference between the models and the database."""
    command.revision(_config(url), message=message, autogenerate=True)


def _config(url: str | None = None) -> Config:
    config = Config(_ALEMBIC_INI, attributes={"url": url})
    config.set_main_option("script_location", str(_ALEMBIC_INI.parent / "migrations").replace("%", "%%"))
    return config
