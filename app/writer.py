"""Writes lines without ever blocking the caller, even to a pipe that nobody reads.

A line is written immediately if the file accepts it. If not, lines are queued for a thread, which
waits instead of the caller. A thread alone would be enough, but waking it for every line costs more
than writing the line.
"""

import os
import select
import socket
import stat
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue

LIMIT = 10_000
"""How many lines are queued at most: a few megabytes."""


class LineWriter:
    """Writes whole lines in order, and drops and counts lines that the file does not accept.

    Queued lines are written together, at most PIPE_BUF bytes at a time: the kernel does not
    interleave these with what other processes write to the same pipe (pipe(7)). There are no locks,
    so a finalizer or a signal handler may log while a line is being written.
    """

    def __init__(self, file: int, *, gap: Callable[[int], bytes]) -> None:
        """Write to a file descriptor; `gap` returns the line that reports dropped lines."""
        # the thread may still write when the descriptor is reused for another file
        self._file = os.dup(file)
        self._gap = gap
        self._write_now = _nonblocking_writer(self._file)
        self._dropped = self._failed = (
            0  # lost lines, counted separately in the callers and in the thread
        )
        self._reported = 0
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        """Start with an empty queue, in a forked process too: its parent keeps the lines."""
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._queued = self._done = 0

    def put(self, line: bytes) -> None:
        """Write a line, queue it, or drop it. Never blocks."""
        if self._queued == self._done and self._write_now:
            lost = self._dropped + self._failed
            if lost > self._reported:
                line = self._gap(lost - self._reported) + line
            try:
                written = self._write_now(line)
            except BlockingIOError:
                written = 0
            except OSError:  # the disk is full, or the reader is gone
                self._dropped += 1
                return
            self._reported = lost
            if written < len(line):
                self._queue(line[written:])
        elif self._queued - self._done < LIMIT:
            self._queue(line)
        else:
            self._dropped += 1

    def flush(self, timeout: float) -> None:
        """Wait until all lines so far are written, for at most `timeout` seconds."""
        deadline, last = time.monotonic() + timeout, self._queued
        while self._done < last and time.monotonic() < deadline:
            time.sleep(0.005)

    def _queue(self, line: bytes) -> None:
        self._queued += 1
        self._lines.put(line)
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._write_queue, args=(self._lines,), name="log", daemon=True
            )
            self._thread.start()

    def _write_queue(self, lines: SimpleQueue[bytes]) -> None:
        line = lines.get()
        while True:
            batch = [line]
            while (following := _get_nowait(lines)) and sum(map(len, batch)) + len(
                following
            ) <= select.PIPE_BUF:
                batch.append(following)
            if not self._write(b"".join(batch)):
                self._failed += len(batch)
            elif not following and lines.empty():
                self._report_gap()
            self._done += len(batch)
            line = following or lines.get()

    def _report_gap(self) -> None:
        lost = self._dropped + self._failed
        if lost > self._reported and self._write(self._gap(lost - self._reported)):
            self._reported = lost

    def _write(self, data: bytes) -> bool:
        """Write all of the data, however long it takes; return whether that succeeded."""
        try:
            while data:
                try:
                    data = data[os.write(self._file, data) :]
                except BlockingIOError:  # the parent process has set O_NONBLOCK
                    select.select([], [self._file], [])
        except OSError:
            return False
        return True


def _get_nowait(lines: SimpleQueue[bytes]) -> bytes | None:
    try:
        return lines.get_nowait()
    except Empty:
        return None


def _nonblocking_writer(file: int) -> Callable[[bytes], int] | None:
    """Return a function that writes or raises `BlockingIOError`, or None if there is none.

    Setting O_NONBLOCK would affect every process that has the file open, such as a shell in the
    same terminal. On Linux the file can be opened again, with its own flags.
    """
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return partial(os.write, file)
    if stat.S_ISSOCK(mode):  # for example under systemd
        return partial(_send, socket.socket(fileno=file))
    try:
        own = os.open(
            f"/proc/self/fd/{file}", os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY
        )
    except OSError:
        return None
    return partial(os.write, own)


def _send(to: socket.socket, data: bytes) -> int:
    return to.send(data, socket.MSG_DONTWAIT)
