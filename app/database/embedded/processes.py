"""Starts, finds and ends the processes of one embedded PostgreSQL.

A process id is not enough to find a server, because ids are reused. So every server has the name of
its cluster, made from the folder's device and inode, on its command line and in the titles of its
children. The inode cannot be reused while one of them runs, because it is their working directory.
"""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.database.embedded.accounts import Account

SHUTDOWN_SECONDS = 60.0
POLL_SECONDS = 0.02
# The user's environment (LC_ALL, PGOPTIONS, LD_LIBRARY_PATH, ...) must not affect the database.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
# Both flush everything to disk. After a crash or under load, one syncfs beats a thousand fsyncs.
SYNC_METHOD = "syncfs" if sys.platform == "linux" else "fsync"
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """PostgreSQL's programs, run as `account`, with their output in the file `log`."""

    folder: Path
    account: Account
    log: Path

    def run(self, name: str, *arguments: str, statement: str = "") -> None:
        """Run a program and wait for it. Raises `CalledProcessError` if it fails."""
        program = self.spawn(name, *arguments, stdin=subprocess.PIPE)
        program.communicate(statement.encode())
        if program.returncode != 0:
            raise exit_error(program)

    def spawn(
        self, name: str, *arguments: str, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a program in its own session, where the terminal's Ctrl-C does not reach it."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.folder / name, *arguments],
                stdin=stdin,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
                preexec_fn=functools.partial(_die_with_parent, os.getpid()) if LIBC else None,
                **self.account.popen_options,
            )


def exit_error(program: subprocess.Popen[bytes]) -> subprocess.CalledProcessError:
    """Return the error to raise for a program that has ended."""
    return subprocess.CalledProcessError(program.returncode, program.args)


def _die_with_parent(parent: int) -> None:
    """Make the kernel interrupt this new process when the thread that started it ends."""
    assert LIBC is not None
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it ended before we asked for the signal
        os._exit(1)


def cluster_name(cluster: Path) -> str:
    """Return the name for a server of `cluster`, for `--cluster_name` as the first option."""
    folder = cluster.stat()
    return f"blog-{folder.st_dev:x}-{folder.st_ino:x}"


def command_lines() -> dict[int, str]:
    """Return the command lines of all visible processes by process id."""
    if sys.platform != "linux":  # macOS has no /proc, slim Linux images have no ps
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,command="], stdout=subprocess.PIPE, check=True
        )
        rows = (line.strip().partition(b" ") for line in listing.stdout.splitlines())
        return {int(pid): os.fsdecode(command) for pid, _, command in rows}
    return dict(_proc_command_lines(int(name) for name in os.listdir("/proc") if name.isdigit()))


def _proc_command_lines(pids: Iterable[int]) -> Iterable[tuple[int, str]]:
    for pid in pids:
        with contextlib.suppress(OSError):  # the process has ended
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
            yield pid, os.fsdecode(arguments.replace(b"\0", b" "))


def shut_down(name: str) -> None:
    """End every server process of the cluster `name` and wait until all are gone.

    A postmaster gets time to shut down cleanly. Children without a postmaster are killed: they have
    nothing left to save, and they keep a new server from starting.
    """
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    while running := _server_processes(name):
        postmasters = [pid for pid, is_postmaster in running.items() if is_postmaster]
        if postmasters and time.monotonic() < deadline:
            _signal(postmasters, signal.SIGINT)  # PostgreSQL's "fast" shutdown
        else:
            _signal(running, signal.SIGKILL)
        time.sleep(POLL_SECONDS)


def _server_processes(name: str) -> dict[int, bool]:
    """Return the process id of each server process, and whether it is a postmaster."""
    found = {}
    for pid, command in command_lines().items():
        executable, option, _ = f"{command} ".partition(f" --cluster_name={name} ")
        if option and executable.endswith("/postgres") and os.path.isfile(executable):
            found[pid] = True
        elif command.startswith(f"postgres: {name}: "):
            found[pid] = False
    return found


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
