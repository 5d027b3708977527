"""Whatever prevents a migration is reported in one line, by every command that needs it."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from tests.conftest import ROOT, without_settings
from tests.servers import HOST, PASSWORD, Certificates, PostgreSQL, free_port, pgbouncer, postgresql

pytestmark = pytest.mark.slow

MIGRATE = (sys.executable, "-m", "app", "migrate")
MIGRATION = (sys.executable, "-m", "app", "migration", "nothing")
ALEMBIC = (sys.executable, "-m", "alembic", "upgrade", "head")
COMMANDS = [
    MIGRATE,
    MIGRATION,
    ALEMBIC,
    (sys.executable, "-m", "app", "serve"),
    (sys.executable, "-m", "app", "mock"),
    (sys.executable, "-m", "app", "seed"),
]


def run(command: tuple[str, ...], url: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the URL of a database."""
    environment = {
        name: value for name, value in without_settings().items() if not name.startswith("PG")
    }
    environment |= {"BLOG_DATABASE_URL": url, "BLOG_PORT": "0"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def line(command: tuple[str, ...], url: str) -> str:
    """Return the line with which a command fails; check that it is one, and has no password."""
    done = run(command, url)
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert [
        secret for secret in (PASSWORD, quote(PASSWORD, safe=""), "geheim") if secret in output
    ] == []
    if command == ALEMBIC:  # its errors go to stdout, with this mark
        [only] = done.stdout.removeprefix("FAILED: ").splitlines()
    else:
        assert done.stdout == ""
        [only] = done.stderr.splitlines()
    return only


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """A server that lets nobody in without TLS."""
    with postgresql(tls=Certificates(tmp_path_factory.mktemp("certificates"))) as server:
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[PostgreSQL]:
    """A server without TLS, with databases that cannot be used."""
    with postgresql() as server:
        for statement in (
            "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE "
            "'C'",
            "CREATE DATABASE readonly",
            "ALTER DATABASE readonly SET default_transaction_read_only = on",
            f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'",
        ):
            server.execute(statement)
        yield server


@contextmanager
def silent() -> Iterator[int]:
    """A port where connections are accepted and nothing is said."""
    with socket.create_server((HOST, 0)) as listener:
        yield int(listener.getsockname()[1])


@contextmanager
def older(server: PostgreSQL) -> Iterator[int]:
    """A port behind which a server says that it is of version 14."""
    with socket.create_server((HOST, 0)) as listener:
        threading.Thread(target=_relay, args=(listener, server.port), daemon=True).start()
        yield int(listener.getsockname()[1])


def _relay(listener: socket.socket, port: int) -> None:
    client, _ = listener.accept()
    with client, socket.create_connection((HOST, port)) as server:
        threading.Thread(target=_pump, args=(client, server), daemon=True).start()
        _pump(server, client)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data.replace(b"server_version\x0015", b"server_version\x0014"))
        target.shutdown(socket.SHUT_WR)


def at(port: int) -> str:
    return f"postgresql://blog:geheim@{HOST}:{port}/blog?sslmode=disable&connect_timeout=1"


def test_server_that_does_not_answer_is_reported() -> None:
    nobody = free_port()

    assert line(MIGRATE, at(nobody)) == (
        f"cannot connect to the database at {HOST}: [Errno 111] Connect call failed ('{HOST}', "
        f"{nobody})"
    )
    with silent() as port:
        assert (
            line(MIGRATE, at(port))
            == f"cannot connect to the database at {HOST}: no answer in time"
        )
    unknown = line(MIGRATE, "postgresql://blog:geheim@nowhere.invalid/blog")
    assert unknown.startswith("cannot connect to the database at nowhere.invalid: [Errno ")


@pytest.mark.parametrize("command", [MIGRATE, ALEMBIC], ids=["migrate", "alembic"])
def test_login_that_is_refused_is_reported(plain: PostgreSQL, command: tuple[str, ...]) -> None:
    refused = line(command, plain.url(password="geheim"))

    assert refused == (
        f'cannot connect to the database at {HOST}: password authentication failed for user "blog"'
    )


def test_database_that_does_not_exist_is_reported(plain: PostgreSQL) -> None:
    missing = line(MIGRATE, plain.url(database="missing"))

    assert missing == f'cannot connect to the database at {HOST}: database "missing" does not exist'


def test_tls_that_fails_is_reported(
    tls: PostgreSQL, plain: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = Certificates(tmp_path_factory.mktemp("stranger")).authority

    without = line(MIGRATE, tls.url(sslmode="disable"))
    untrusted = line(
        MIGRATE, tls.url(sslmode="verify-full", sslrootcert=stranger, host="localhost")
    )
    impossible = line(MIGRATE, plain.url(sslmode="require"))

    assert without.endswith(
        'no pg_hba.conf entry for host "127.0.0.1", user "blog", database "blog", no encryption'
    )
    assert untrusted == (
        "cannot connect to the database at localhost: "
        "the server's certificate is not trusted: self-signed certificate in certificate chain"
    )
    assert impossible.endswith("rejected SSL upgrade")


@pytest.mark.parametrize(
    ("different", "reason"),
    [
        (
            {"database": "latin"},
            "the database is encoded in LATIN1: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE "
            "template0",
        ),
        ({"database": "readonly"}, "the database is read-only (default_transaction_read_only)"),
        ({"user": "guest"}, "permission denied for schema public"),
        ({"options": "-c nonsense=1"}, 'unrecognized configuration parameter "nonsense"'),
        (
            {"target_session_attrs": "standby"},
            "no host has the role that target_session_attrs asks for",
        ),
    ],
    ids=["encoding", "read-only", "rights", "options", "session"],
)
def test_database_that_cannot_be_used_is_reported(
    plain: PostgreSQL, different: dict[str, str], reason: str
) -> None:
    assert line(MIGRATE, plain.url(**different)).endswith(f": {reason}")


def test_standby_is_reported(plain: PostgreSQL) -> None:
    with plain.standby() as standby:
        refused = line(MIGRATE, standby.url())

    assert refused == (
        "cannot migrate the database: the server is a standby; "
        "with several hosts in the URL, target_session_attrs=read-write finds the primary"
    )


def test_version_that_is_too_old_is_reported(plain: PostgreSQL) -> None:
    with older(plain) as port:
        refused = line(
            MIGRATE, plain.url(sslmode="disable").replace(f":{plain.port}/", f":{port}/")
        )

    assert refused.startswith("cannot migrate the database: PostgreSQL 14.")
    assert refused.endswith(" is too old: 15 or later is needed")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command[2:4]))
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:ge/heim@h/db",
        "postgresql://u:geheim%ZZ@h/db",
        "postgresql://h/db?sslrootcert=/geheim",
    ],
)
def test_every_command_refuses_a_url_that_cannot_be_used(
    command: tuple[str, ...], url: str
) -> None:
    refused = line(command, url)

    assert refused.startswith("BLOG_DATABASE_URL: ")
    assert "heim" not in refused


def test_traceback_of_settings_shows_no_password() -> None:
    done = run(
        (sys.executable, "-c", "from app.main import create_app; create_app()"),
        "postgresql://u:ge/heim@h/db",
    )

    assert "Traceback" in done.stderr
    assert "heim" not in done.stderr


def test_fault_in_a_migration_keeps_its_stack(plain: PostgreSQL, tmp_path: Path) -> None:
    plain.execute("CREATE DATABASE occupied")
    plain.execute("CREATE TABLE authors ()", database="occupied")

    done = run(MIGRATE, plain.url(database="occupied"))

    assert done.returncode == 1
    assert "migrations/versions/" in done.stderr  # a place in the stack, however it is logged
    assert "DuplicateTableError" in done.stderr


def test_revision_that_is_unknown_is_reported(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(
        migrate.MigrationError, match="Can't locate revision identified by '99991231235959'"
    ):
        migrate.upgrade(postgres.url, revision="99991231235959")


@pytest.mark.parametrize("way", ["tls", "pooler"])
def test_database_is_migrated(tls: PostgreSQL, plain: PostgreSQL, way: str) -> None:
    if way == "tls":
        done = [run(MIGRATE, tls.url(sslmode="require", connect_timeout=5))]
    else:
        with pgbouncer(plain) as pooler:
            done = [run(MIGRATE, pooler.url()) for _ in range(3)]

    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * len(done)
