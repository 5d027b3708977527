"""Lines for a file that may take no more, such as a pipe that nobody reads, written so that no caller waits.

A line is written at once where the file takes it. Where it does not, lines queue up for a thread, which waits in place
of the callers. The thread alone would do, but waking it for each line costs more than the line.
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
"""Lines that queue up at most: a few megabytes."""


class LineWriter:
    """Writes whole lines in order; drops and counts those that the file does not take.

    Lines that have queued up are written together, at most PIPE_BUF bytes at a time: the kernel does not mix these with
    what other processes write to the same pipe (pipe(7)). Nothing is locked, so a finalizer or a signal handler may log
    while a line is written.
    """

    def __init__(self, file: int, *, gap: Callable[[int], bytes]) -> None:
        """Write to a file descriptor; `gap` returns the line that tells how many lines are missing."""
        self._file = os.dup(file)  # the thread may still write when the number stands for another file
        self._gap = gap
        self._write_now = _nonblocking_writer(self._file)
        self._dropped = self._failed = 0  # lines that are missing because of the callers, and because of the thread
        self._reported = 0
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        """Begin with an empty queue, also in a process that was forked: its parent has the thread and the lines."""
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._queued = self._done = 0

    def put(self, line: bytes) -> None:
        """Write a line, now or soon, or drop it; never wait."""
        if self._queued == self._done and self._write_now:
            lost = self._dropped + self._failed
            if lost > self._reported:
                line = self._gap(lost - self._reported) + line
            try:
                written = self._write_now(line)
            except BlockingIOError:
                written = 0
            except OSError:  # a full disk, or a reader that is gone
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
        """Wait until the lines so far are written, for at most `timeout` seconds."""
        deadline, last = time.monotonic() + timeout, self._queued
        while self._done < last and time.monotonic() < deadline:
            time.sleep(0.005)

    def _queue(self, line: bytes) -> None:
        self._queued += 1
        self._lines.put(line)
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_queue, args=(self._lines,), name="log", daemon=True)
            self._thread.start()

    def _write_queue(self, lines: SimpleQueue[bytes]) -> None:
        line = lines.get()
        while True:
            batch = [line]
            while (following := _get_nowait(lines)) and sum(map(len, batch)) + len(following) <= select.PIPE_BUF:
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
        """Write everything, however long it takes; tell whether the file has taken it."""
        try:
            while data:
                try:
                    data = data[os.write(self._file, data) :]
                except BlockingIOError:  # the parent process has made the file so
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
    """Return what writes to a file without waiting, and raises `BlockingIOError` instead; None where nothing does.

    O_NONBLOCK would hold for every process that has the file, a shell in the same terminal among them. Linux opens it
    anew, with flags of its own.
    """
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return partial(os.write, file)
    if stat.S_ISSOCK(mode):  # as systemd has it
        return partial(_send, socket.socket(fileno=file))
    try:
        own = os.open(f"/proc/self/fd/{file}", os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    return partial(os.write, own)


def _send(to: socket.socket, data: bytes) -> int:
    return to.send(data, socket.MSG_DONTWAIT)
