"""The settings: one class, read from the environment and from a file, with the prefix BLOG_."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from app.database.url import InvalidURL, connect_arguments
from app.proxies import is_prefix, networks

PROJECT = Path(__file__).resolve().parents[1]

_PREFIX = "BLOG_"
_FILE = "BLOG_ENV_FILE"
"""Names the file that is read in place of `.env` in the project's folder; /dev/null for none."""

# What Kubernetes sets in the containers of a namespace that has a service `blog`, or one called `blog-…`.
_KUBERNETES_NAME = re.compile(
    r"BLOG_SERVICE_.*|BLOG_PORT_.*|BLOG_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
_KUBERNETES_ADDRESS = re.compile(r"(tcp|udp|sctp)://.*")


class Settings(BaseSettings):
    """What an operator can set; see the table in the README. The environment wins over the file."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, hide_input_in_errors=True)

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is given in the code, then the environment, then the file."""
        return init_settings, _NonemptySource(settings_cls, os.environ), _NonemptySource(settings_cls, _file_values())


class _NonemptySource(EnvSettingsSource):
    """Settings by their names, without what Kubernetes means by such names."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, str | None]) -> None:
        self._values = values
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {
            name.lower(): value for name, value in self._values.items() if value and not _is_kubernetes(name, value)
        }


class InvalidSettings(ValueError):
    """Settings cannot be used; the message has a line for each, without its value."""


def load_settings() -> Settings:
    """Return the settings of the environment and the file. Raises `InvalidSettings`."""
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidSettings("\n".join(_line(each["loc"], each["msg"]) for each in error.errors())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"{_file()}: cannot be read: {error}") from None


def unknown_settings() -> Iterator[str]:
    """Yield a line for each name in the environment or the file that looks like a setting and is none."""
    known = [_PREFIX + name.upper() for name in Settings.model_fields] + [_FILE]
    for name, value in ({**_file_values(), **os.environ}).items():
        if name.upper().startswith(_PREFIX) and name.upper() not in known and not _is_kubernetes(name, value or ""):
            nearest = get_close_matches(name.upper(), known, n=1, cutoff=0)[0]
            yield f"{name} is not a setting; the nearest is {nearest}{_origin(name)}"


def _line(place: tuple[int | str, ...], message: str) -> str:
    name = _PREFIX + str(place[0]).upper()
    return f"{name}: {message}{_origin(name)}"


def _origin(name: str) -> str:
    """Return where a name comes from, where that is not the environment."""
    return "" if name.upper() in map(str.upper, os.environ) else f" ({_file()})"


def _file() -> Path:
    return Path(os.environ.get(_FILE) or PROJECT / ".env")


def _file_values() -> dict[str, str | None]:
    return dotenv_values(_file()) if _file().is_file() else {}


def _is_kubernetes(name: str, value: str) -> bool:
    """Tell whether Kubernetes has set this: `BLOG_PORT=tcp://10.0.0.1:80` is no port to listen on."""
    if name.upper().endswith("_PORT") and _KUBERNETES_ADDRESS.fullmatch(value):
        return True
    return _KUBERNETES_NAME.fullmatch(name.upper()) is not None
