"""Parses PostgreSQL URLs the way libpq does.

libpq's grammar and parameters: https://www.postgresql.org/docs/18/libpq-connect.html, section 32.1.
Where SQLAlchemy's URLs differ, both forms are accepted. What is missing from a URL comes from the
environment (`PGPASSWORD`, `PGSSLMODE`, …), which asyncpg reads itself.

No message quotes a value: in a URL with an unencoded password, parts of it end up where a host, a
port or a parameter is expected.
"""

import getpass
import os
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")  # weakest first
_SSL_FILES = ("sslrootcert", "sslcrl", "sslcert", "sslkey")
_TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_TLS_LIMITS = ("ssl_min_protocol_version", "ssl_max_protocol_version")

_CHOICES: Mapping[str, Sequence[str]] = {
    "gsslib": ("gssapi", "sspi"),
    "sslmode": _SSL_MODES,
    "sslnegotiation": ("postgres", "direct"),
    "target_session_attrs": (
        "any",
        "read-write",
        "read-only",
        "primary",
        "standby",
        "prefer-standby",
    ),
    **dict.fromkeys(_TLS_LIMITS, _TLS_VERSIONS),
}
# asyncpg's own arguments, which SQLAlchemy accepts in a URL.
_SECONDS = ("command_timeout", "timeout")
_SIZES = ("statement_cache_size", "prepared_statement_cache_size", "max_cacheable_statement_size")
_NUMBERS = (*_SECONDS, *_SIZES, "max_cached_statement_lifetime")
# libpq parameters that asyncpg lacks: the values that match its behaviour, and why no others.
_LIMITED: Mapping[str, tuple[Sequence[str], str]] = {
    "channel_binding": (
        ("disable", "prefer"),
        "asyncpg does not bind the login to TLS; use sslmode=verify-full",
    ),
    "gssdelegation": (("0",), "asyncpg does not delegate credentials"),
    "gssencmode": (("disable", "prefer"), "asyncpg does not encrypt with GSSAPI; use sslmode"),
    "load_balance_hosts": (("disable",), "hosts are tried in their order"),
    "min_protocol_version": (("3.0",), "asyncpg speaks version 3.0 of the protocol"),
    "replication": (("false", "off", "no", "0"), "the service needs an ordinary connection"),
    "require_auth": (
        (),
        "asyncpg uses the login method that the server asks for; use sslmode=verify-full",
    ),
    "requirepeer": ((), "asyncpg does not check who runs the server"),
    "requiressl": (("0",), "use sslmode=require"),
    "service": ((), "put the settings of the service file into the URL"),
    "servicefile": ((), "put the settings of the service file into the URL"),
    "sslcertmode": (("allow",), "leave it out, and set sslcert if the server wants a certificate"),
    "sslcrldir": ((), "use sslcrl"),
    "sslkeylogfile": ((), "set SSLKEYLOGFILE"),
    "sslsni": (("1",), "asyncpg always sends the host name"),
    **dict.fromkeys(("scram_client_key", "scram_server_key"), ((), "asyncpg needs the password")),
    **dict.fromkeys(
        ("oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope"),
        ((), "use a password"),
    ),
}
# Accepted without effect: `app.database.connection` sets its own.
_KEEPALIVES = (
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
)
_IGNORED = (*_KEEPALIVES, "authtype", "max_protocol_version", "sslcompression")
_LOGIN = ("user", "password", "passfile", "krbsrvname", "gsslib")
_SECRETS = frozenset(("password", "sslpassword"))
_PLACE = ("host", "hostaddr", "port", "dbname", "connect_timeout")
_SESSION = ("application_name", "fallback_application_name", "client_encoding", "options")
_KNOWN = frozenset(
    (
        *_CHOICES,
        *_NUMBERS,
        *_LIMITED,
        *_IGNORED,
        *_LOGIN,
        *_PLACE,
        *_SESSION,
        *_SECRETS,
        *_SSL_FILES,
    )
)
_SYNONYMS = {"database": "dbname", "ssl": "sslmode"}
_TRUTH = {
    "true": "require",
    "1": "require",
    "false": "disable",
    "0": "disable",
}  # of `ssl`, which JDBC and others know

# login, hosts, database, parameters
_URL = re.compile(r"(?:([^@/?]*)@)?([^@/?#]*)(?:/([^@/?#]*))?(?:\?([^@#]*))?")
_PATH = re.compile(r"(/.*?)(?::(\d+))?", re.DOTALL)
_NAME_OR_ADDRESS = re.compile(
    r"(?:\[(?P<address>[^][]+)\]|(?P<name>[^][:.][^][:]*))(?::(?P<port>.*))?", re.DOTALL
)
_SETTING = re.compile(r"(?:-c|--)([A-Za-z_][\w.-]*)=(.*)", re.DOTALL | re.ASCII)


class InvalidURL(ValueError):
    """A URL cannot be used. The message is one line and never contains the password."""


def connect_arguments(url: str) -> dict[str, Any]:
    """Return the arguments of `asyncpg.connect` for a PostgreSQL URL.

    With a `connect_timeout` they include a `timeout`: seconds for all hosts together, or None for
    no limit. Certificate files are read, to check that they can be used. Raises `InvalidURL`.
    """
    parameters = _parameters(url)
    place = _place(parameters)  # first: part of an unencoded password may be in place of a port
    _check_names(parameters)
    _check_choices(parameters)
    arguments = {
        **place,
        **_login(parameters),
        **_session(parameters),
        **_tls(parameters),
        **_numbers(parameters),
    }
    return arguments | _timeout(parameters, hosts=len(place.get("host", [None])))


def _check_choices(parameters: Mapping[str, str]) -> None:
    for name, values in _CHOICES.items():
        if parameters.get(name, values[0]) not in values:
            raise InvalidURL(f"{name} must be one of {', '.join(values)}")
    for name, (values, reason) in _LIMITED.items():
        if name in parameters and parameters[name] not in values:
            only = f"can only be {' or '.join(values)}" if values else "is not supported"
            raise InvalidURL(f"{name} {only}: {reason}")


def _parameters(url: str) -> dict[str, str]:
    """Return the parts of a URL by their libpq names, without empty ones."""
    scheme, separator, rest = url.partition("://")
    if scheme not in _SCHEMES or not separator:
        raise InvalidURL("must start with postgresql://, postgres:// or postgresql+asyncpg://")
    if re.search(r"[\x00-\x20\x7f]", url):
        raise InvalidURL(
            "contains a space, a line break or a control character; write a space as %20"
        )
    found = _URL.fullmatch(rest)
    if found is None:
        raise InvalidURL(
            "contains a reserved character that must be encoded: in a user name, a password, "
            "a name or a value write @ as %40, / as %2F, ? as %3F and # as %23"
        )
    login, hosts, database, query = (part or "" for part in found.groups())
    user, _, password = login.partition(":")
    parameters = _query(query)
    parts = {
        "user": user,
        "password": password,
        "dbname": database,
        **_authority(hosts, parameters),
    }
    return parameters | {
        name: _decoded(value) for name, value in parts.items() if value and name not in parameters
    }


def _query(query: str) -> dict[str, str]:
    """Return the query parameters: the last value of each name, but every host and port."""
    parameters: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, separator, value = map(_decoded, pair.partition("="))
        if name == "ssl":
            value = _TRUTH.get(value, value)
        name = _SYNONYMS.get(name, name) if separator else ""
        several = name in ("host", "port") and name in parameters
        if value or name not in _KNOWN:
            parameters[name] = f"{parameters[name]},{value}" if several else value
    return parameters


def _authority(hosts: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the hosts, or only a port if the host is missing or is given as a parameter."""
    alone = re.fullmatch(r"([^,]*):([^:,\]]*)", hosts)
    if alone and ("host" in parameters or not alone[1]):
        return {"port": alone[2]}
    return {"host": hosts}


def _check_names(parameters: Mapping[str, str]) -> None:
    """Reject unknown parameters, without naming one after a password: it may be part of it."""
    names = list(parameters)
    for name in filter(lambda name: name not in _KNOWN, names):
        if not _SECRETS.isdisjoint(names[: names.index(name)]):
            raise InvalidURL(
                "an unknown parameter follows the password; in a password write & as %26"
            )
        if not re.fullmatch(r"\w{1,60}", name, re.ASCII):
            raise InvalidURL("parameters must be written as ?name=value&name=value")
        raise InvalidURL(
            f"unknown parameter {name}; server settings go into options, as in "
            f"?options=-c%20{name}%3Dvalue"
        )


def _decoded(text: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise InvalidURL(
            "contains a % that is not followed by two hexadecimal digits; write % itself as %25"
        )
    try:
        decoded = unquote_to_bytes(text).decode()
    except UnicodeError:
        raise InvalidURL("contains percent-encoded bytes that are not UTF-8") from None
    if "\0" in decoded:
        raise InvalidURL("contains %00, which PostgreSQL does not allow")
    return decoded


def _place(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return hosts, ports and database. What is missing, asyncpg reads from the environment."""
    hosts = parameters.get("host", "")
    if address := parameters.get("hostaddr"):
        if hosts:
            raise InvalidURL("hostaddr and host cannot be combined: write the address as the host")
        hosts = address
    found = [_host(each) for each in hosts.split(",")] if hosts else []
    if not found and not os.environ.get("PGHOST"):
        raise InvalidURL("has no host; for a unix socket write ?host=/folder/of/the/socket")
    if "dbname" not in parameters and not os.environ.get("PGDATABASE"):
        raise InvalidURL("has no database name; write it after the host, as in //host/name")
    arguments: dict[str, Any] = {"host": [host for host, _ in found]} if found else {}
    if ports := _ports([port for _, port in found], parameters.get("port", "")):
        arguments["port"] = ports
    return arguments | ({"database": parameters["dbname"]} if "dbname" in parameters else {})


def _host(text: str) -> tuple[str, str]:
    """Return a host and its port or "".

    From `name`, `name:1`, `::1`, `[::1]:1`, `/folder` or `/folder:1`.
    """
    if found := _PATH.fullmatch(text):
        return found[1], found[2] or ""
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    found = _NAME_OR_ADDRESS.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        host = str(IPv6Address(found["address"])) if found["address"] else found["name"]
        host.encode("idna")  # as the resolver does; fails for empty and overlong labels
    except ValueError:
        raise InvalidURL("a host is empty, or is not a name, an address or a path") from None
    return host, found["port"] or ""


def _ports(ports: list[str], others: str) -> list[int]:
    """Return the ports of all hosts; `others` has one port for all, or one each."""
    if not any(ports):
        others = others or os.environ.get("PGPORT", "")
    if others:
        given = others.split(",")
        if any(ports) or len(given) not in (1, len(ports) or 1):
            raise InvalidURL(
                "port must be one for all hosts or one for each, and be given in one place only"
            )
        ports = given if len(given) > 1 else given * (len(ports) or 1)
    if not any(ports):
        return []
    numbers = [
        int(port) if re.fullmatch(r"[0-9]{1,5}", port) else 0 if port else 5432 for port in ports
    ]
    if not all(0 < number < 65536 for number in numbers):
        raise InvalidURL(
            "a port must be a number from 1 to 65535; in a password write / as %2F and @ as %40"
        )
    return numbers


def _login(parameters: Mapping[str, str]) -> dict[str, Any]:
    arguments = {name: parameters[name] for name in _LOGIN if name in parameters}
    if "user" not in arguments and not os.environ.get("PGUSER"):
        try:
            getpass.getuser()
        except (KeyError, OSError, ImportError):  # for example a container whose user has no name
            raise InvalidURL(
                "has no user name, and the user of this process has none either"
            ) from None
    if "passfile" in arguments:
        with _usable("passfile"), Path(arguments["passfile"]).open("rb"):
            pass
    return arguments


def _session(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the session settings and the wanted server role."""
    settings = _options(parameters.get("options", ""))
    name = parameters.get("application_name") or parameters.get("fallback_application_name")
    settings |= {"application_name": name} if name else {}
    encoding = settings.pop("client_encoding", None) or parameters.get("client_encoding", "auto")
    if encoding.lower().replace("-", "") not in ("utf8", "unicode", "auto"):
        raise InvalidURL("client_encoding can only be UTF8")
    arguments: dict[str, Any] = {"server_settings": settings} if settings else {}
    wanted = "target_session_attrs"
    return arguments | ({wanted: parameters[wanted]} if wanted in parameters else {})


def _options(text: str) -> dict[str, str]:
    """Parse the settings in `options`, split as the server does (postinit.c, pg_split_opts)."""
    words = iter(
        [
            re.sub(r"\\(.)", r"\1", word, flags=re.DOTALL)
            for word in re.findall(r"(?:\\.|[^\s\\])+", text)
        ]
    )
    settings = {}
    for word in words:
        found = _SETTING.fullmatch(word + next(words, "") if word == "-c" else word)
        if found is None or found[1] in ("user", "database", "replication", "options"):
            raise InvalidURL("options can only be server settings: -c name=value or --name=value")
        settings[found[1].replace("-", "_")] = found[2]
    return settings


def _tls(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the TLS settings as a DSN: asyncpg reads its files again for each connection."""
    names = ("sslmode", "sslnegotiation", *_TLS_LIMITS, *_SSL_FILES, "sslpassword")
    given = {name: parameters[name] for name in names if name in parameters}
    system = given.get("sslrootcert") == "system"
    if system and given.setdefault("sslmode", "verify-full") != "verify-full":
        raise InvalidURL("sslrootcert=system needs sslmode=verify-full")
    if given.get("sslnegotiation") == "direct" and given.get("sslmode") not in _SSL_MODES[3:]:
        raise InvalidURL("sslnegotiation=direct needs sslmode=require, verify-ca or verify-full")
    if system:
        return _tls_by_system(
            {name: value for name, value in given.items() if name != "sslrootcert"}
        )
    _load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), given)
    return {"dsn": f"postgresql://?{urlencode(given)}"} if given else {}


def _tls_by_system(given: Mapping[str, str]) -> dict[str, Any]:
    """Trust the system's certificate authorities, and check the host name.

    Anybody can get a certificate from one of these.
    """
    context = ssl.create_default_context()
    context.minimum_version = _tls_version(given.get("ssl_min_protocol_version", "TLSv1.2"))
    if "ssl_max_protocol_version" in given:
        context.maximum_version = _tls_version(given["ssl_max_protocol_version"])
    if "sslcrl" in given:
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    context.set_alpn_protocols(["postgresql"])
    _load(context, given)
    return {"ssl": context} | (
        {"direct_tls": True} if given.get("sslnegotiation") == "direct" else {}
    )


def _tls_version(name: str) -> ssl.TLSVersion:
    return ssl.TLSVersion[name.replace(".", "_")]


def _load(context: ssl.SSLContext, files: Mapping[str, str]) -> None:
    """Load certificates and keys. Raises `InvalidURL` if one cannot be used."""
    unused = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name, where in {"sslrootcert": context, "sslcrl": context, "sslcert": unused}.items():
        if name in files:
            with _usable(name):
                where.load_verify_locations(files[name])
    if "sslkey" in files:
        with _usable("sslkey"), Path(files["sslkey"]).open("rb"):
            pass
    if "sslcert" in files:
        with _usable("sslkey or sslpassword"):
            context.load_cert_chain(
                files["sslcert"], _key(files), lambda: files.get("sslpassword", "")
            )


def _key(files: Mapping[str, str]) -> str | None:
    """Return the client key file, or None if the certificate file contains the key."""
    default = os.path.expanduser("~/.postgresql/postgresql.key")
    return (
        files.get("sslkey")
        or os.environ.get("PGSSLKEY")
        or (default if os.path.exists(default) else None)
    )


@contextmanager
def _usable(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        because = (
            "does not fit, or OpenSSL cannot read it"
            if isinstance(error, ssl.SSLError)
            else _words(error)
        )
        raise InvalidURL(f"{name} cannot be used: {because}") from None


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or "not a path"


def _numbers(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return asyncpg's own arguments as numbers; SQLAlchemy would pass them as text."""
    numbers: dict[str, Any] = {
        name: _number(name, parameters[name]) for name in _NUMBERS if name in parameters
    }
    # SQLAlchemy's cache is not used here. A URL that turns it off wants no cache at all.
    if numbers.pop("prepared_statement_cache_size", None) == 0:
        numbers.setdefault("statement_cache_size", 0)
    return numbers


def _number(name: str, value: str) -> int | float:
    if name in _SECONDS:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) or not float(value):
            raise InvalidURL(f"{name} must be a number of seconds greater than 0")
        return float(value)
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise InvalidURL(f"{name} must be a whole number, 0 or more")
    return int(value)


def _timeout(parameters: Mapping[str, str], *, hosts: int) -> dict[str, Any]:
    """Return the time to connect, in seconds; 0 or less means no limit.

    libpq counts per host, asyncpg for all of them.
    """
    value = parameters.get("connect_timeout")
    if value is None:
        return {}
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise InvalidURL("connect_timeout must be a whole number of seconds")
    return {"timeout": float(value) * hosts if int(value) > 0 else None}
