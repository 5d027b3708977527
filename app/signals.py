"""Signals: the first one ends the process in order, and no later one disturbs its end."""

import signal
from types import FrameType


def exit_once(*, status: int | None = None) -> None:
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
