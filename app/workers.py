"""uvicorn's worker processes, which leave it to the parent process to act on Ctrl-C."""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

import uvicorn
from uvicorn.supervisors import Multiprocess


class Config(uvicorn.Config):
    """uvicorn's configuration, which also sets up the signals of a worker process."""

    def configure_logging(self) -> None:
        """Configure logging, and ignore SIGINT except while uvicorn's own handler is installed."""
        super().configure_logging()
        if multiprocessing.parent_process() is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Block SIGINT, so that processes started in the block inherit that.

    Ctrl-C reaches every process of a terminal. A worker that is still importing, or is already
    exiting, would print a traceback; it is this process that stops it. A SIGINT for this process is
    delivered after the block.
    """
    resource_tracker.ensure_running()  # starting it later would unblock the signal
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class Workers(Multiprocess):
    """uvicorn's supervisor: starts the workers, and replaces those that die or hang."""

    def init_processes(self) -> None:
        """Start the workers."""
        with sigint_blocked():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Replace dead workers."""
        with sigint_blocked():
            super().keep_subprocess_alive()

    def restart_all(self) -> None:
        """Replace all workers, one by one."""
        with sigint_blocked():
            super().restart_all()
