"""Signals: the first one ends the process cleanly, and later ones are ignored."""

import signal
import threading
from types import FrameType

_received = threading.Event()


def was_received() -> bool:
    """Return whether a signal has ended the process, or should have.

    `SystemExit` is lost where it is raised in a callback of C code or in a finalizer.
    """
    return _received.is_set()


def exit_once(*, status: int | None = None) -> None:
    """Make SIGINT and SIGTERM exit the process, with this status or 128 + the signal's number.

    Raises `SystemExit` wherever the main thread is. Later signals are ignored: they would interrupt
    the clean-up.
    """

    def end(number: int, _: FrameType | None) -> None:
        ignore()
        _received.set()
        raise SystemExit(128 + number if status is None else status)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)


def ignore() -> None:
    """Ignore SIGINT and SIGTERM from now on, because the process is exiting."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
