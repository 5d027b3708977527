"""The settings, read from the environment and from a file, with the prefix `BLOG_`."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.cors import origins
from app.database.url import InvalidURL, connect_arguments
from app.proxies import is_prefix, networks
from app.tokens import InvalidKey, Keys

PROJECT = Path(__file__).resolve().parents[1]

_PREFIX = "BLOG_"
_FILE = "BLOG_ENV_FILE"
"""The variable that names a file to read instead of the project's `.env`; `/dev/null` for none."""

# Variables that Kubernetes sets if a service in the same namespace is called `blog` or `blog-…`.
_KUBERNETES_NAME = re.compile(
    r"BLOG_SERVICE_.*|BLOG_PORT_.*"
    r"|BLOG_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
_KUBERNETES_ADDRESS = re.compile(r"(tcp|udp|sctp)://.*")


class Settings(BaseSettings):
    """What an operator can set (docs/deployment.md); the environment wins over the file."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    """Address to listen on. The default is loopback: TLS belongs in front of everything else."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 for any free port."""
    workers: int = Field(default=1, ge=1, le=256)
    """Number of worker processes; each has its own connection pool."""
    data_dir: Path = PROJECT / ".data"
    """Folder of the embedded PostgreSQL; not used with `database_url`."""
    database_url: SecretStr | None = None
    """`postgresql://…` of your own server; without it the embedded PostgreSQL is started."""
    database_pool_size: int = Field(default=10, ge=1, le=1000)
    """Maximum number of connections per process."""
    database_timeout: float = Field(default=10.0, gt=0)
    """Time limit for a statement, in seconds."""
    database_lock_timeout: float = Field(default=3.0, gt=0)
    """How long a statement waits for a lock that somebody else holds, in seconds."""
    database_wait: float = Field(default=5.0, gt=0)
    """How long a request waits for a new or pooled connection, in seconds."""
    database_max_age: float = Field(default=1800.0, gt=0)
    """Age in seconds at which a connection is replaced, so that DNS changes are noticed."""
    migration_lock_timeout: float = Field(default=1.5, gt=0)
    """How long a migration waits for a lock before it lets others pass, in seconds.

    The default is longer than PostgreSQL's `deadlock_timeout`, after which a running autovacuum
    makes way.
    """
    migration_wait: float = Field(default=300.0, gt=0)
    """How long a migration tries to get its locks, in seconds."""
    token_key: SecretStr | None = None
    """Key under which tokens are stored, or two separated by a comma: first the new one, then the
    old one.

    Each has at least 32 bytes, in hexadecimal or base64url. Required with `database_url`; without
    both, the data folder has one.
    """
    database_pooler: Literal["none", "transaction"] = "none"
    """`transaction` if the URL points to PgBouncer in transaction mode."""
    trusted_proxies: str = ""
    """Addresses and networks of the proxies that may set a request's client, id and prefix."""
    root_path: str = ""
    """Path prefix under which a proxy serves the API, such as `/blog`, stripped or not."""
    cors_origins: str = ""
    """Origins whose pages may use the API in a browser, or `*` for all; none by default."""
    token_budget: int = Field(default=1200, ge=0, le=10**9)
    """Requests that each token may make in a minute; 0 for no limit."""
    address_budget: int = Field(default=300, ge=0, le=10**9)
    """Requests that each address may make in a minute without a token; 0 for no limit."""
    request_timeout: float = Field(default=30.0, gt=0)
    """Time limit for a request after its body has arrived, in seconds."""
    max_body_bytes: int = Field(default=2 * 1024 * 1024, ge=1024)
    """Limit of a request body in bytes; the default fits the largest article in any escaping."""
    max_body_values: int = Field(default=20_000, ge=1000)
    """Limit of the values in a request body: objects, arrays and what is in them."""
    head_timeout: float = Field(default=10.0, gt=0)
    """Time limit for the head of a request, in seconds."""
    body_timeout: float = Field(default=30.0, gt=0)
    """Time limit for the body of a request after its head, in seconds."""
    write_timeout: float = Field(default=30.0, gt=0)
    """How long a client may take nothing of a response, in seconds."""
    max_connections: int = Field(default=1000, ge=1)
    """Limit of the connections of each process; fewer if it may not open so many files."""
    max_requests: int = Field(default=256, ge=1)
    """Limit of the requests that each process has in progress."""
    max_bytes_in_flight: int = Field(default=64 * 1024 * 1024, ge=1024)
    """Limit of the bytes of large request bodies in each process, and of unread responses."""
    shutdown_delay: float = Field(default=5.0, ge=0, le=3600)
    """How long connections are accepted after SIGTERM, in seconds, while `/readyz` says 503."""
    shutdown_timeout: float = Field(default=10.0, gt=0, le=3600)
    """How long requests in progress may take to finish after that, in seconds."""
    public_max_age: int = Field(default=0, ge=0, le=31_536_000)
    """Seconds for which caches may use what everybody may read without asking again."""
    log_format: Literal["auto", "console", "json"] = "auto"
    """`auto` is readable in a terminal and JSON otherwise."""

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, url: SecretStr | None) -> SecretStr | None:
        try:
            if url is not None:
                connect_arguments(url.get_secret_value())
        except InvalidURL as error:
            raise PydanticCustomError("database_url", "{reason}", {"reason": str(error)}) from None
        return url

    @field_validator("token_key")
    @classmethod
    def _check_token_key(cls, key: SecretStr | None) -> SecretStr | None:
        try:
            if key is not None:
                Keys.parse(key.get_secret_value())
        except InvalidKey as error:
            raise PydanticCustomError("token_key", "{reason}", {"reason": str(error)}) from None
        return key

    @field_validator("trusted_proxies")
    @classmethod
    def _check_trusted_proxies(cls, proxies: str) -> str:
        try:
            networks(proxies)
        except ValueError:
            raise PydanticCustomError(
                "trusted_proxies",
                "write addresses and networks, separated by commas: 10.0.0.7, 192.168.0.0/16, "
                "2001:db8::/32",
            ) from None
        return proxies

    @field_validator("cors_origins")
    @classmethod
    def _check_cors_origins(cls, text: str) -> str:
        try:
            origins(text)
        except ValueError:
            raise PydanticCustomError(
                "cors_origins",
                "write origins as browsers send them, separated by commas: "
                "https://app.example.com, http://localhost:3000; no path, no slash at the end, no "
                "default port; or only * for all",
            ) from None
        return text

    @field_validator("root_path")
    @classmethod
    def _check_root_path(cls, path: str) -> str:
        if path and not is_prefix(path):
            raise PydanticCustomError(
                "root_path",
                "write a path like /blog or /apis/blog: letters, digits and -._~, no slash at the "
                "end",
            )
        return path

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use arguments first, then the environment, then the file."""
        return (
            init_settings,
            _NonemptySource(settings_cls, os.environ),
            _NonemptySource(settings_cls, _file_values()),
        )


class _NonemptySource(EnvSettingsSource):
    """Reads settings that are not empty, and skips variables that Kubernetes has set."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, str | None]) -> None:
        self._values = values
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {
            name.lower(): value
            for name, value in self._values.items()
            if value and not _is_kubernetes(name, value)
        }


class InvalidSettings(ValueError):
    """Settings cannot be used. The message has one line for each, without the value."""


def load_settings() -> Settings:
    """Load the settings from the environment and the file. Raises `InvalidSettings`."""
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidSettings(
            "\n".join(_line(each["loc"], each["msg"]) for each in error.errors())
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"cannot read {_file()}: {error}") from None


def token_keys(settings: Settings) -> Keys:
    """Return the keys of tokens. Raises `InvalidSettings` if there is none."""
    if settings.token_key is None:
        raise InvalidSettings(
            "BLOG_TOKEN_KEY: required with BLOG_DATABASE_URL, and the same for all processes; "
            "`openssl rand -hex 32` makes one"
        )
    return Keys.parse(settings.token_key.get_secret_value())


def unknown_settings() -> Iterator[str]:
    """Yield a warning for each variable with our prefix that is not a setting, probably a typo."""
    known = [_PREFIX + name.upper() for name in Settings.model_fields] + [_FILE]
    for name, value in ({**_file_values(), **os.environ}).items():
        if (
            name.upper().startswith(_PREFIX)
            and name.upper() not in known
            and not _is_kubernetes(name, value or "")
        ):
            nearest = get_close_matches(name.upper(), known, n=1, cutoff=0)[0]
            yield f"{name} is not a setting; the nearest is {nearest}{_origin(name)}"


def _line(place: tuple[int | str, ...], message: str) -> str:
    name = _PREFIX + str(place[0]).upper()
    return f"{name}: {message}{_origin(name)}"


def _origin(name: str) -> str:
    """Return the file that a name comes from in parentheses, or "" for the environment."""
    return "" if name.upper() in map(str.upper, os.environ) else f" ({_file()})"


def _file() -> Path:
    return Path(os.environ.get(_FILE) or PROJECT / ".env")


def _file_values() -> dict[str, str | None]:
    return dotenv_values(_file()) if _file().is_file() else {}


def _is_kubernetes(name: str, value: str) -> bool:
    """Return whether Kubernetes has set this variable, such as `BLOG_PORT=tcp://10.0.0.1:80`."""
    if name.upper().endswith("_PORT") and _KUBERNETES_ADDRESS.fullmatch(value):
        return True
    return _KUBERNETES_NAME.fullmatch(name.upper()) is not None
