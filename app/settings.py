"""The settings: one class, read from the environment with the prefix BLOG_."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PROJECT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """What an operator can set; see the table in the README."""

    model_config = SettingsConfigDict(env_prefix="BLOG_", env_ignore_empty=True)

    host: str = "127.0.0.1"
    """Address to listen on. The service has no access control yet, so loopback is the default."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""
    workers: int = Field(default=1, ge=1, le=256)
    """Processes that serve; each has a pool of connections of its own."""
    data_dir: Path = PROJECT / ".data"
    """Folder of the embedded PostgreSQL; unused with `database_url`."""
    database_url: SecretStr | None = None
    """`postgresql+asyncpg://…` of an existing server; without it the embedded one is started."""
    database_pool_size: int = Field(default=10, ge=1, le=1000)
    """Connections that a process keeps at most."""
    database_timeout: float = Field(default=10.0, gt=0)
    """Seconds that a statement may take."""
    database_wait: float = Field(default=5.0, gt=0)
    """Seconds that a request waits for a connection, a new or a pooled one."""
    database_max_age: float = Field(default=1800.0, gt=0)
    """Seconds after which a connection is replaced, so that a change behind the address of the database is noticed."""
    database_pooler: Literal["none", "transaction"] = "none"
    """`transaction`: the URL leads to PgBouncer in transaction mode."""
    max_body_bytes: int = Field(default=2 * 1024 * 1024, ge=1024)
    """Bytes that a request body may have: enough for the largest article in any escaping."""
    log_format: Literal["auto", "console", "json"] = "auto"
    """`auto`: readable in a terminal, JSON otherwise."""

    @field_validator("database_url")
    @classmethod
    def _check_driver(cls, url: SecretStr | None) -> SecretStr | None:
        try:
            right = url is None or make_url(url.get_secret_value()).drivername == "postgresql+asyncpg"
        except ArgumentError:
            right = False
        if not right:
            raise ValueError("must be a URL that starts with postgresql+asyncpg://")
        return url
