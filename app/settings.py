"""The settings: one class, read from the environment with the prefix BLOG_."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.database.url import InvalidURL, connect_arguments
from app.proxies import is_prefix, networks

PROJECT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """What an operator can set; see the table in the README."""

    model_config = SettingsConfigDict(env_prefix="BLOG_", env_ignore_empty=True, hide_input_in_errors=True)

    host: str = "127.0.0.1"
    """Address to listen on. The service has no access control yet, so loopback is the default."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""
    workers: int = Field(default=1, ge=1, le=256)
    """Processes that serve; each has a pool of connections of its own."""
    data_dir: Path = PROJECT / ".data"
    """Folder of the embedded PostgreSQL; unused with `database_url`."""
    database_url: SecretStr | None = None
    """`postgresql://…` of an existing server; without it the embedded one is started."""
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
    trusted_proxies: str = ""
    """Addresses and networks of the proxies whose word is taken for the client, the id and the prefix of a request."""
    root_path: str = ""
    """Path under which a proxy offers the service, `/blog` say, whether or not it removes it."""
    max_body_bytes: int = Field(default=2 * 1024 * 1024, ge=1024)
    """Bytes that a request body may have: enough for the largest article in any escaping."""
    log_format: Literal["auto", "console", "json"] = "auto"
    """`auto`: readable in a terminal, JSON otherwise."""

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, url: SecretStr | None) -> SecretStr | None:
        try:
            if url is not None:
                connect_arguments(url.get_secret_value())
        except InvalidURL as error:
            raise PydanticCustomError("database_url", "{reason}", {"reason": str(error)}) from None
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _check_trusted_proxies(cls, proxies: str) -> str:
        try:
            networks(proxies)
        except ValueError:
            raise PydanticCustomError(
                "trusted_proxies",
                "name addresses and networks with commas between them: 10.0.0.7, 192.168.0.0/16, 2001:db8::/32",
            ) from None
        return proxies

    @field_validator("root_path")
    @classmethod
    def _check_root_path(cls, path: str) -> str:
        if path and not is_prefix(path):
            raise PydanticCustomError(
                "root_path", "write a path like /blog or /apis/blog: letters, digits and -._~, no slash at the end"
            )
        return path


class InvalidSettings(ValueError):
    """Settings cannot be used; the message has a line for each, without its value."""


def load_settings() -> Settings:
    """Return the settings of the environment. Raises `InvalidSettings`."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"BLOG_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors(include_input=False)]
        raise InvalidSettings("\n".join(lines)) from None
