"""Opens connections, with failover between hosts, and checks whether a server can be used."""

import asyncio
import os
import socket as tcp
from typing import Any

import asyncpg

OLDEST_VERSION = 15
ENCODING = "UTF8"

# Arguments of asyncpg and SQLAlchemy. Behind a pooler each transaction may have another connection.
WITHOUT_PREPARED_STATEMENTS = {"statement_cache_size": 0, "prepared_statement_cache_size": 0}

# Errors after which libpq tries the next host. A rejected login ends the search.
_NEXT_HOST = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TargetServerAttributeNotMatched,
)


# After two seconds of silence a question each second; the end after three without an answer.
_SILENCE = {
    "TCP_KEEPIDLE": 2,
    "TCP_KEEPINTVL": 1,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 3000,  # milliseconds
}
_FIRST_ATTEMPT = 1.0
_LONGEST_ATTEMPT = 2.0  # seconds


async def connect(**arguments: Any) -> Any:
    """Open a connection like `asyncpg.connect`, but in several short attempts.

    If the network is cut, an attempt gets no answer even when the network is back, and a request
    that waits for it would time out. Raises what `asyncpg.connect` raises.
    """
    connection = await _connect_in_attempts(arguments)
    _end_when_silent(connection)
    return connection


async def _connect_in_attempts(arguments: dict[str, Any]) -> Any:
    timeout = arguments.get("timeout", 60.0)
    if timeout is None:
        return await _connect_once(arguments)
    clock = asyncio.get_running_loop().time
    end, attempt = clock() + timeout, min(_FIRST_ATTEMPT, timeout)
    while True:
        try:
            return await _connect_once({**arguments, "timeout": attempt})
        except TimeoutError:
            attempt = min(_LONGEST_ATTEMPT, end - clock())
            if attempt <= 0:
                raise


def _end_when_silent(connection: Any) -> None:
    """Let the kernel end a connection whose other side no longer acknowledges anything.

    Linux only. A statement may take longer than that: the other side's kernel still acknowledges.
    """
    socket = connection._transport.get_extra_info("socket")
    if hasattr(tcp, "TCP_USER_TIMEOUT") and socket.family in (tcp.AF_INET, tcp.AF_INET6):
        socket.setsockopt(tcp.SOL_SOCKET, tcp.SO_KEEPALIVE, 1)
        for option, value in _SILENCE.items():
            socket.setsockopt(tcp.IPPROTO_TCP, getattr(tcp, option), value)


async def _connect_once(arguments: dict[str, Any]) -> Any:
    """Open a connection, but give each host a share of the timeout.

    asyncpg has one timeout for all hosts. A host that drops packets, for example because its
    machine is down, would use all of it each time, and the others would never be tried. Raises what
    `asyncpg.connect` raises for the last host.
    """
    hosts = arguments.get("host", [])
    if len(hosts) < 2:
        return await asyncpg.connect(**arguments)
    wanted = arguments.get("target_session_attrs") or os.environ.get("PGTARGETSESSIONATTRS")
    if wanted != "prefer-standby":
        return await _connect_in_turn(arguments)
    timeout = arguments.get("timeout", 60.0)
    halves = {**arguments, "timeout": timeout and timeout / 2}
    try:
        return await _connect_in_turn({**halves, "target_session_attrs": "standby"})
    except _NEXT_HOST:
        return await _connect_in_turn({**halves, "target_session_attrs": "any"})


async def _connect_in_turn(arguments: dict[str, Any]) -> Any:
    places = [{"host": [host]} for host in arguments["host"]]
    for place, port in zip(places, arguments.get("port", []), strict=False):
        place["port"] = [port]
    clock = asyncio.get_running_loop().time
    timeout = arguments.get("timeout", 60.0)
    end = clock() + (timeout or 0)
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        share = None if timeout is None else (end - clock()) / left
        try:
            return await asyncpg.connect(**{**arguments, **place, "timeout": share})
        except _NEXT_HOST as error:
            failure = error
    raise failure


def server_limits(*, statement: float, lock: float, idle: float) -> dict[str, str]:
    """Return the server's settings for time limits, given in seconds.

    `statement` and `lock` are the limits for a statement and for its waiting for a lock. `idle` is
    how long a transaction may wait for its next statement: one whose client is gone, with the
    network cut in between, would otherwise keep its locks for hours.
    """
    seconds = {
        "statement_timeout": statement,
        "lock_timeout": lock,
        "idle_in_transaction_session_timeout": idle,
    }
    # in milliseconds; 0 would be no limit
    return {name: str(max(1, round(1000 * each))) for name, each in seconds.items()}


def unsupported_reason(connection: Any) -> str | None:
    """Return why the service cannot use the server of a connection, or None if it can."""
    version = connection.get_server_version()
    encoding = getattr(connection.get_settings(), "server_encoding", ENCODING)
    if version.major < OLDEST_VERSION:
        return (
            f"PostgreSQL {version.major}.{version.minor} is too old: "
            f"{OLDEST_VERSION} or later is needed"
        )
    if encoding != ENCODING:
        return (
            f"the database is encoded in {encoding}: "
            f"CREATE DATABASE … ENCODING '{ENCODING}' TEMPLATE template0"
        )
    return None


def read_only_reason(connection: Any) -> str | None:
    """Return why the server of an open asyncpg connection accepts no writes, or None if it does."""
    settings = connection.get_settings()  # a pooler may not pass on all of them
    if getattr(settings, "in_hot_standby", "off") == "on":
        return (
            "the server is a standby; with several hosts in the URL, "
            "target_session_attrs=read-write finds the primary"
        )
    if getattr(settings, "default_transaction_read_only", "off") == "on":
        return "the database is read-only (default_transaction_read_only)"
    return None
