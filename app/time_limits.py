"""The time limit of requests: one timer for all of them."""

import asyncio
from collections.abc import Callable


class TimeLimit:
    """Calls back for each task that is still at work after a number of seconds.

    All tasks have the same limit, so the first to begin is the first to expire, and a single timer
    is enough.
    """

    __slots__ = ("_running", "_timer", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._running: dict[asyncio.Task[object], tuple[float, Callable[[], None]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def start(self, task: "asyncio.Task[object]", expire: Callable[[], None]) -> None:
        """Call `expire` after the limit, unless `stop` is called first."""
        loop = task.get_loop()
        self._running[task] = loop.time() + self.seconds, expire
        if self._timer is None:
            self._timer = loop.call_later(self.seconds, self._check, loop)

    def stop(self, task: "asyncio.Task[object]") -> None:
        """Do not call back any more for a task."""
        self._running.pop(task, None)

    def _check(self, loop: asyncio.AbstractEventLoop) -> None:
        """Call back for all that have expired, and wait for the next to expire."""
        self._timer = None
        for task, (end, expire) in list(self._running.items()):
            if end > loop.time():
                self._timer = loop.call_at(end, self._check, loop)
                return
            del self._running[task]
            expire()
