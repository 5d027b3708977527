"""Signals: the first one ends the process in order, and no later one disturbs its end."""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType

import uvicorn
from uvicorn.supervisors import ChangeReload, Multiprocess


def end_once(*, status: int | None = None) -> None:
    """Let SIGINT and SIGTERM end the process, with this status or else with that of the signal, as shells have it.

    Raises `SystemExit` wherever the main thread is. Ctrl-C pressed again would break off what has to be closed.
    """

    def end(number: int, _: FrameType | None) -> None:
        ignore()
        raise SystemExit(128 + number if status is None else status)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)


def ignore() -> None:
    """Ignore SIGINT and SIGTERM from now on: the process ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


class Config(uvicorn.Config):
    """How uvicorn serves, also in the processes that it starts, which are deaf until they have come so far."""

    def configure_logging(self) -> None:
        """Ignore SIGINT but while the server has a handler of its own; a process that uvicorn has started begins so."""
        super().configure_logging()
        if multiprocessing.parent_process() is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def _deaf() -> Iterator[None]:
    """Let the processes that the block starts be deaf to SIGINT.

    Ctrl-C reaches every process of a terminal. One that is still importing, or whose interpreter ends, would print a
    traceback; that it ends is the business of this process. What reaches this one meanwhile waits until then.
    """
    resource_tracker.ensure_running()  # which unblocks the signal when it is started
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class Workers(Multiprocess):
    """uvicorn's processes that serve: started, watched, and replaced when they die or hang."""

    def init_processes(self) -> None:
        """Start them."""
        with _deaf():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Replace those that are dead."""
        with _deaf():
            super().keep_subprocess_alive()

    def restart_all(self) -> None:
        """Replace all of them, one by one."""
        with _deaf():
            super().restart_all()


class Reloader(ChangeReload):  # type: ignore[misc, valid-type] # uvicorn has it by what is installed
    """uvicorn's process that serves, and is started again when the code changes."""

    def startup(self) -> None:
        """Start it."""
        with _deaf():
            super().startup()

    def restart(self) -> None:
        """Start it again."""
        with _deaf():
            super().restart()
