"""uvicorn's worker processes, which leave it to the parent process to act on Ctrl-C."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess, multiprocess

from app import shutdown


class Config(uvicorn.Config):
    """uvicorn's configuration, which also sets up the signals of a worker process."""

    def __init__(self, *arguments: Any, shutdown_delay: float, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.shutdown_delay = shutdown_delay

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


class _Process(multiprocess.Process):
    """A worker process."""

    config: Config

    @property
    def server(self) -> uvicorn.Server:
        """The server of this process."""
        if self._server is None:
            self._server = shutdown.Worker(self.config, delay=self.config.shutdown_delay)
        return self._server

    def begin_shutdown(self) -> None:
        """Tell the worker that the service ends."""
        self._send(signal.SIGTERM)

    def terminate(self) -> None:
        """Tell the worker to accept no more connections, and to end."""
        self._send(shutdown.RETIRE)
        self.parent_conn.close()
        self.child_conn.close()

    def _send(self, number: signal.Signals) -> None:
        if self.process.exitcode is None:
            assert self.process.pid is not None
            os.kill(self.process.pid, number)


multiprocess.Process = _Process  # type: ignore[misc]  # uvicorn starts this class by its name


class Workers(Multiprocess):
    """uvicorn's supervisor: starts the workers, and replaces those that die or hang."""

    config: Config
    processes: list[_Process]  # type: ignore[assignment]
    _delay = 0.0

    def init_processes(self) -> None:
        """Start the workers."""
        with sigint_blocked():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Replace dead workers."""
        with sigint_blocked():
            super().keep_subprocess_alive()

    def restart_all(self) -> None:
        """Replace the workers one by one, until one fails to start or the service is to end."""
        workers = self.processes
        for index, worker in enumerate(workers):
            if {signal.SIGINT, signal.SIGTERM} & set(self.signal_queue):
                break
            self.processes = [worker]
            with sigint_blocked():
                super().restart_all()
            workers[index] = self.processes[0]
            if workers[index] is worker:
                break
        self.processes = workers

    def handle_term(self) -> None:
        """End, after the time that load balancers need to notice."""
        self._delay = self.config.shutdown_delay
        super().handle_term()

    def terminate_all(self) -> None:
        """End the service: see `app.shutdown.Server`. A second signal ends the delay."""
        for process in self.processes:
            process.begin_shutdown()
        end = time.monotonic() + self._delay
        while time.monotonic() < end and not self.signal_queue:
            time.sleep(0.1)
        shutdown.ignore_new_connections(self.sockets)
        time.sleep(shutdown.HANDSHAKE_SECONDS)
        for listener in self.sockets:
            listener.close()
        super().terminate_all()
