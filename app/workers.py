"""The processes that uvicorn starts: Ctrl-C reaches all of them, and only the one that started them acts on it."""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

import uvicorn
from uvicorn.supervisors import Multiprocess


class Config(uvicorn.Config):
    """How uvicorn serves, also in the processes that it starts, which are deaf until they have come so far."""

    def configure_logging(self) -> None:
        """Ignore SIGINT but while the server has a handler of its own; a process that uvicorn has started begins so."""
        super().configure_logging()
        if multiprocessing.parent_process() is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def sigint_blocked() -> Iterator[None]:
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
        with sigint_blocked():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Replace those that are dead."""
        with sigint_blocked():
            super().keep_subprocess_alive()

    def restart_all(self) -> None:
        """Replace all of them, one by one."""
        with sigint_blocked():
            super().restart_all()
