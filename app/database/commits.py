"""Knows which tasks commit at the moment, so that nothing cancels them there."""

import asyncio
from collections.abc import Awaitable

_COMMITTING: "set[asyncio.Task[object] | None]" = set()


def is_committing(task: "asyncio.Task[object]") -> bool:
    """Return whether a task waits for the end of a COMMIT.

    To cancel it there would leave nobody who knows whether the change has happened, and may even
    undo it.
    """
    return task in _COMMITTING


async def committed(commit: Awaitable[None]) -> None:
    """Wait for a COMMIT as a task of which `is_committing` is true."""
    task = asyncio.current_task()
    _COMMITTING.add(task)
    try:
        await commit
    finally:
        _COMMITTING.discard(task)
