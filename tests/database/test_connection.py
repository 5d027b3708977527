"""Connections: several hosts, of which some do not answer, and TLS as libpq means it."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import asyncpg
import psutil
import pytest

from app.database.connection import connect
from app.database.failures import explanation
from app.database.url import connect_arguments
from tests.servers import (
    HOST,
    PASSWORD,
    USER,
    Certificates,
    PostgreSQL,
    free_port,
    postgresql,
    wait_until,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def tls(certificates: Certificates) -> Iterator[PostgreSQL]:
    """A server that lets nobody in without TLS."""
    with postgresql(tls=certificates) as server:
        server.execute("CREATE DATABASE certified")
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[PostgreSQL]:
    """A server without TLS."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def both(plain: PostgreSQL) -> Iterator[tuple[PostgreSQL, PostgreSQL]]:
    """A primary and its standby."""
    with plain.standby() as standby:
        yield plain, standby


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where connections are accepted and nothing is said."""
    with socket.create_server((HOST, 0)) as listener:
        yield listener.getsockname()[1]


async def encryption(url: str) -> bool | str:
    """Return whether a connection is encrypted, or why there is none."""
    arguments = connect_arguments(url)
    try:
        connection = await connect(**arguments)
    except (OSError, asyncpg.PostgresError) as error:
        # TLS says goodbye in the background, for which the loop has to go on.
        await asyncio.to_thread(wait_until, lambda: not connected(arguments["port"]))
        return explanation(error) or ""
    try:
        return bool(
            await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        )
    finally:
        await connection.close()


def connected(ports: list[int]) -> bool:
    """Tell whether this process has a connection to one of these ports."""
    return any(
        not {*each.raddr[1:]}.isdisjoint(ports) for each in psutil.Process().net_connections("tcp")
    )


UNENCRYPTED = (
    'no pg_hba.conf entry for host "127.0.0.1", user "blog", database "blog", no encryption'
)
UNTRUSTED = "the server's certificate is not trusted: self-signed certificate in certificate chain"
OTHER_NAME = (
    "the server's certificate is not trusted: "
    "IP address mismatch, certificate is not valid for '127.0.0.1'."
)


@pytest.mark.parametrize(
    ("parameters", "outcome"),
    [
        ({}, True),
        ({"sslmode": "disable"}, UNENCRYPTED),
        ({"sslmode": "allow"}, True),
        ({"sslmode": "prefer"}, True),
        ({"sslmode": "require"}, True),
        ({"ssl": "true"}, True),
        ({"sslmode": "prefer", "sslrootcert": "server"}, True),
        ({"sslmode": "require", "sslrootcert": "authority"}, True),
        (
            {"sslmode": "require", "sslrootcert": "client"},
            UNTRUSTED,
        ),  # as verify-ca: libpq, section 32.19.1
        ({"sslmode": "verify-ca", "sslrootcert": "authority"}, True),
        ({"sslmode": "verify-ca", "sslrootcert": "client"}, UNTRUSTED),
        ({"sslmode": "verify-full", "sslrootcert": "authority"}, OTHER_NAME),
        ({"sslmode": "verify-full", "sslrootcert": "authority", "host": "localhost"}, True),
        ({"sslmode": "verify-full", "sslrootcert": "client", "host": "localhost"}, UNTRUSTED),
        ({"sslrootcert": "system", "host": "localhost"}, UNTRUSTED),
        ({"sslmode": "require", "ssl_min_protocol_version": "TLSv1.3"}, True),
    ],
    ids=str,
)
async def test_sslmode_means_what_it_means_to_libpq(
    tls: PostgreSQL, certificates: Certificates, parameters: dict[str, str], outcome: bool | str
) -> None:
    here = {name: str(getattr(certificates, value, value)) for name, value in parameters.items()}

    assert await encryption(tls.url(**here)) == outcome


async def test_system_authorities_may_be_those_of_the_environment(
    tls: PostgreSQL, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))

    assert await encryption(tls.url(sslrootcert="system", host="localhost")) is True
    assert await encryption(tls.url(sslrootcert="system")) == OTHER_NAME


async def test_client_certificate_logs_in_without_a_password(
    tls: PostgreSQL, certificates: Certificates
) -> None:
    files = f"sslcert={certificates.client}&sslkey={certificates.key_of(certificates.client)}"

    assert (
        await encryption(
            tls.url(database="certified", password="", sslmode="require") + f"&{files}"
        )
        is True
    )
    refused = await encryption(tls.url(database="certified", sslmode="require"))
    assert refused == "connection requires a valid client certificate"


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [("disable", False), ("allow", False), ("prefer", False), ("require", "rejected SSL upgrade")],
)
async def test_server_without_tls_is_used_where_it_is_not_required(
    plain: PostgreSQL, mode: str, outcome: bool | str
) -> None:
    found = await encryption(plain.url(sslmode=mode))

    assert found == outcome or (
        isinstance(outcome, str) and isinstance(found, str) and found.endswith(outcome)
    )


async def test_options_and_names_reach_the_session(plain: PostgreSQL) -> None:
    url = plain.url(
        application_name="the blog", options=r"-c work_mem=5MB --DateStyle=ISO,\ DMY -cgeqo=off"
    )

    connection = await connect(**connect_arguments(url))

    names = ("application_name", "work_mem", "datestyle", "geqo", "client_encoding")
    assert [await connection.fetchval("SELECT current_setting($1)", name) for name in names] == [
        *("the blog", "5MB", "ISO, DMY", "off", "UTF8")
    ]
    await connection.close()


def among(*ports: int, **others: Any) -> dict[str, Any]:
    """Return how to connect to several ports of this machine."""
    hosts = ",".join(f"{HOST}:{port}" for port in ports)
    parameters = {**connect_arguments(f"postgresql://{USER}@{hosts}/blog"), **others}
    return {"password": PASSWORD} | parameters


async def test_host_that_says_nothing_leaves_time_for_the_next(
    plain: PostgreSQL, silent: int
) -> None:
    connection = await connect(**among(silent, free_port(), silent, plain.port, timeout=4))

    assert connection.get_server_pid() > 0
    await connection.close()


async def test_hosts_that_all_say_nothing_share_the_timeout(silent: int) -> None:
    async with asyncio.timeout(10) as limit:
        with pytest.raises(TimeoutError):
            await connect(**among(*[silent] * 20, timeout=1))

    assert not limit.expired()


async def test_login_that_is_refused_is_tried_at_no_other_host(
    plain: PostgreSQL, silent: int
) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(**among(plain.port, silent, timeout=4, password="wrong"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("any", "standby"),
        ("read-write", "primary"),
        ("primary", "primary"),
        ("read-only", "standby"),
        ("standby", "standby"),
        ("prefer-standby", "standby"),
    ],
)
async def test_host_is_what_target_session_attrs_asks_for(
    both: tuple[PostgreSQL, PostgreSQL], wanted: str, found: str
) -> None:
    primary, standby = both

    connection = await connect(**among(standby.port, primary.port, target_session_attrs=wanted))

    role = "standby" if await connection.fetchval("SELECT pg_is_in_recovery()") else "primary"
    await connection.close()
    assert role == found


async def test_prefer_standby_is_content_with_a_primary(plain: PostgreSQL) -> None:
    connection = await connect(
        **among(free_port(), plain.port, target_session_attrs="prefer-standby")
    )

    assert await connection.fetchval("SELECT pg_is_in_recovery()") is False
    await connection.close()
