"""Signals: the first one ends the process cleanly, and later ones are ignored."""

import signal
from types import FrameType


def exit_once(*, status: int | None = None) -> None:
    """Make SIGINT and SIGTERM exit the process, with this status or 128 + the signal's number.

    Raises `SystemExit` wherever the main thread is. Later signals are ignored: they would interrupt
    the clean-up.
    """

    def end(number: int, _: FrameType | None) -> None:
        ignore()
        raise SystemExit(128 + number if status is None else status)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)


def ignore() -> None:
    """Ignore SIGINT and SIGTERM from now on, because the process is exiting."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
