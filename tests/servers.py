"""PostgreSQL and PgBouncer on loopback: TCP, passwords, TLS, standbys.

The embedded PostgreSQL of the other tests has neither TCP nor TLS. Servers are Debian's, unless a
test asks for the programs of the embedded one, which have no TLS. Where a program is missing the
test is skipped; in CI it fails.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import pytest

from app.database.embedded.accounts import Account, programs_folder
from app.database.embedded.processes import Programs
from tests.conftest import fast_folder, run_sql

PATH = os.pathsep.join(
    ("/usr/lib/postgresql/15/bin", "/usr/sbin", os.environ.get("PATH", os.defpath))
)
HOST = "127.0.0.1"
USER = DATABASE = "blog"
PASSWORD = "p@ss/w:rd?#%"  # as people choose them


class PostgreSQL:
    """A server on a free port of 127.0.0.1, with the superuser `blog` and a database `blog`."""

    def __init__(self, folder: Path, programs: Programs, *settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self._programs = programs
        self._settings = settings

    def url(
        self,
        *,
        database: str = DATABASE,
        user: str = USER,
        password: str = PASSWORD,
        host: str = HOST,
        **query: object,
    ) -> str:
        """Return a URL for libpq; keywords are its parameters."""
        parameters = f"?{urlencode(query, quote_via=quote)}" if query else ""
        login = f"{user}:{quote(password, safe='')}"
        return f"postgresql://{login}@{host}:{self.port}/{database}{parameters}"

    def execute(self, statement: str, *, database: str = DATABASE) -> str:
        """Run one statement on a connection of its own; return its status."""
        return asyncio.run(run_sql(self.url(database=database), statement))

    def start(self) -> None:
        """Return when connections are accepted."""
        where = [
            f"--port={self.port}",
            f"--listen_addresses={HOST}",
            f"--unix_socket_directories={self.folder}",
        ]
        arguments = [*where, *(f"--{setting}" for setting in self._settings), "--fsync=off"]
        self._process = self._programs.spawn("postgres", "-D", str(self.folder), *arguments)
        ready = [
            str(self._programs.folder / "pg_isready"),
            "--quiet",
            f"--host={HOST}",
            f"--port={self.port}",
        ]
        wait_until(
            lambda: subprocess.run(ready, check=False).returncode == 0, process=self._process
        )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Return when it has ended: SIGINT disconnects clients, SIGQUIT ends it like a crash."""
        with suppress(psutil.NoSuchProcess):  # stopped before
            self._signal_all(signal.SIGCONT)
            self._process.send_signal(how)
        self._process.wait(timeout=60)

    def kill(self) -> None:
        """End all its processes at once, as the loss of its machine does."""
        self._signal_all(signal.SIGKILL)
        self._process.wait(timeout=60)

    def freeze(self) -> None:
        """Answer nothing any more, as if the machine were gone; `stop` ends it all the same."""
        self._signal_all(signal.SIGSTOP)

    def _signal_all(self, number: signal.Signals) -> None:
        postmaster = psutil.Process(self._process.pid)
        for each in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.send_signal(number)

    def promote(self) -> None:
        """Make a primary of a standby; return when it accepts writes."""
        self._programs.run("pg_ctl", "promote", "--wait", "-D", str(self.folder))

    @contextmanager
    def standby(self, *settings: str) -> Iterator["PostgreSQL"]:
        """A copy that follows this server."""
        folder = self.folder.with_name(f"{self.folder.name}-standby")
        source = f"host={HOST} port={self.port} user={USER} password='{PASSWORD}'"
        copy = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync", f"--dbname={source}"]
        self._programs.run("pg_basebackup", "-D", str(folder), *copy)
        with _running(PostgreSQL(folder, self._programs, *settings)) as standby:
            yield standby


@contextmanager
def working(threads: Sequence[threading.Thread], *, until: threading.Event) -> Iterator[None]:
    """Run threads during the block; the event tells them that it is over."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        until.set()
        for thread in threads:
            thread.join()


@contextmanager
def postgresql(
    *settings: str,
    encoding: str = "UTF8",
    tls: "Certificates | None" = None,
    from_wheel: bool = False,
) -> Iterator[PostgreSQL]:
    """Run a server with settings such as `max_connections=20`; with certificates, TLS only.

    With `from_wheel` it has the programs of the embedded PostgreSQL, which are always there.
    """
    with unprivileged_folder() as (folder, account):
        programs = Programs(
            folder=programs_folder(account) if from_wheel else needed("postgres").parent,
            account=account,
            log=folder / "log",
        )
        data = folder / "data"
        passwords = private_file(folder / "passwords", PASSWORD, account)
        access = [
            "--auth-host=scram-sha-256",
            "--auth-local=trust",
            f"--pwfile={passwords}",
            f"--username={USER}",
        ]
        programs.run(
            "initdb", "-D", str(data), f"--encoding={encoding}", "--locale=C", "--no-sync", *access
        )
        if tls is not None:
            tls.install(data, account)
        server = PostgreSQL(data, programs, *settings)
        with _running(server):
            server.execute(f"CREATE DATABASE {DATABASE}", database="postgres")
            yield server


@contextmanager
def _running(server: PostgreSQL) -> Iterator[PostgreSQL]:
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGQUIT)


class Certificates:
    """An authority and its certificates, for a server `localhost` and for the client `blog`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = self._make("authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        signed = ["-CA", str(self.authority), "-CAkey", str(self.key_of(self.authority))]
        self.server = self._make("localhost", *signed, "-addext", "subjectAltName=DNS:localhost")
        self.client = self._make(USER, *signed)

    def key_of(self, certificate: Path) -> Path:
        """Return the file of the key that belongs to a certificate."""
        return certificate.with_suffix(".key")

    def install(self, data: Path, account: Account) -> None:
        """Make a server insist on TLS; the database `certified` wants client certificates."""
        key = self.key_of(self.server)
        for file in (self.server, key, self.authority):
            private_file(data / file.name, file.read_text(), account)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"ssl = on\nssl_cert_file = '{self.server.name}'\nssl_key_file = '{key.name}'\n"
            )
            settings.write(f"ssl_ca_file = '{self.authority.name}'\n")
        passwords = [
            f"hostssl {database} all all scram-sha-256" for database in ("all", "replication")
        ]
        rules = ["hostssl certified all all cert", *passwords]
        private_file(data / "pg_hba.conf", "\n".join(rules) + "\n", account)

    def _make(self, name: str, *options: str) -> Path:
        certificate = self.folder / f"{name}.crt"
        files = ["-keyout", str(self.key_of(certificate)), "-out", str(certificate)]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
        command = [
            str(needed("openssl")),
            "req",
            "-x509",
            "-days",
            "2",
            "-subj",
            f"/CN={name}",
            *key,
            *files,
        ]
        subprocess.run([*command, *options], check=True, capture_output=True)
        return certificate


class PgBouncer:
    """A PgBouncer on a free port of 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, *, database: str = DATABASE, password: str = PASSWORD) -> str:
        """Return a URL for libpq."""
        return f"postgresql://{USER}:{quote(password, safe='')}@{HOST}:{self.port}/{database}"


@contextmanager
def pgbouncer(server: PostgreSQL, *settings: str, pool_size: int = 2) -> Iterator[PgBouncer]:
    """Run PgBouncer in transaction mode, with settings such as `query_wait_timeout = 1`."""
    program = needed("pgbouncer")
    bouncer = PgBouncer(free_port())
    with unprivileged_folder() as (folder, account):
        users = private_file(folder / "users.txt", f'"{USER}" "{PASSWORD}"\n', account)
        lines = [
            "[databases]",
            f"* = host={HOST} port={server.port}",
            "[pgbouncer]",
            f"listen_addr = {HOST}",
            f"listen_port = {bouncer.port}",
            "unix_socket_dir =",
            "auth_type = scram-sha-256",
            f"auth_file = {users}",
            "pool_mode = transaction",
            f"default_pool_size = {pool_size}",
            "max_client_conn = 500",
            *settings,
        ]
        configuration = private_file(folder / "pgbouncer.ini", "\n".join(lines) + "\n", account)
        programs = Programs(folder=program.parent, account=account, log=folder / "log")
        process = programs.spawn("pgbouncer", str(configuration))
        try:
            wait_until(lambda: accepts(bouncer.port), process=process)
            yield bouncer
        finally:
            process.kill()
            process.wait()


NGINX = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $request_id $request_uuid {{
        "~^(?<a>.{{8}})(?<b>.{{4}})(?<c>.{{4}})(?<d>.{{4}})(?<e>.*)$" "$a-$b-$c-$d-$e";
    }}
    {http}
}}
"""


def nginx(folder: Path, http: str, *, port: int) -> AbstractContextManager[None]:
    """Run nginx on a port; `http` has its servers, and `$request_uuid` is there for them."""
    settings = NGINX.format(folder=folder, http=http)
    return proxy("nginx", "-p", str(folder), "-c", folder=folder, settings=settings, port=port)


@contextmanager
def proxy(name: str, *arguments: str, folder: Path, settings: str, port: int) -> Iterator[None]:
    """Run a proxy that takes the name of its file of settings as the last argument."""
    file = folder / "settings"
    file.write_text(settings)
    process = subprocess.Popen([needed(name), *arguments, file])
    try:
        wait_until(lambda: accepts(port), process=process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def accepts(port: int) -> bool:
    """Tell whether somebody listens on a port of 127.0.0.1."""
    try:
        socket.create_connection((HOST, port)).close()
    except ConnectionRefusedError:
        return False
    return True


def needed(program: str) -> Path:
    """Return where a program is; without it skip the test, or in CI fail it."""
    found = shutil.which(program, path=PATH)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no {program}")
    return Path(found)


@contextmanager
def unprivileged_folder() -> Iterator[tuple[Path, Account]]:
    """A folder of the user who runs the servers: neither of them runs as root."""
    with tempfile.TemporaryDirectory(prefix="blog-server-", dir=fast_folder()) as parent:
        os.chmod(parent, 0o755)
        folder = Path(parent) / "files"
        account = Account.for_cluster(folder)
        account.make_private_folder(folder)
        yield folder, account


def private_file(path: Path, text: str, account: Account) -> Path:
    """Write a file that only this user can read."""
    path.touch(mode=0o600)
    path.write_text(text)
    os.chown(path, account.uid, account.gid)
    return path


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens at the moment."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def wait_until(
    condition: Callable[[], bool], *, process: "subprocess.Popen[bytes] | None" = None
) -> None:
    """Wait for a condition, at most a minute, or until the process it depends on has ended."""
    deadline = time.monotonic() + 60
    while not condition():
        assert process is None or process.poll() is None, "the server has ended"
        assert time.monotonic() < deadline
        time.sleep(0.05)
