"""Ends the service without losing a request.

A process that is told to end still gets requests: load balancers need time to notice, connections
wait in the accept queue, and clients reuse idle ones. Each step below is for one of these.
"""

import asyncio
import ctypes
import itertools
import logging
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Protocol, cast

import uvicorn

from app import signals

logger = logging.getLogger(__name__)

ENDING = threading.Event()
"""Set when the service is ending: `/readyz` responds with 503, so that nobody sends more."""
DRAINING = threading.Event()
"""Set when this process is ending: each response has `Connection: close`."""

RETIRE = signal.SIGUSR1
"""Tells a worker to accept no more connections and to end. Without a SIGTERM or SIGINT before, only
this worker ends, and the others go on."""

HANDSHAKE_SECONDS = 0.2
"""How long connections that the kernel is establishing may take to reach the accept queue."""
FIRST_REQUEST_SECONDS = 1.0
"""How long a connection may take to send its first request after the port is closed."""
_PARENT_SECONDS = 2.0  # how much longer than the delay a worker waits for its parent
_ACCEPT_SECONDS = 2.0


class Connection(Protocol):
    """What a protocol has beyond uvicorn's."""

    def drain(self) -> None:
        """Make the response to the newest request the last one of the connection."""


class Server(uvicorn.Server):
    """uvicorn's server, which shuts down in four steps.

    1. `/readyz` responds with 503, and each response has `Connection: close`.
    2. Connections are accepted for another `delay` seconds. SIGINT, and any second signal, ends
       this step.
    3. The port closes once its accept queue is empty.
    4. Requests in progress have `timeout_graceful_shutdown` seconds to finish.
    """

    def __init__(self, config: uvicorn.Config, *, delay: float) -> None:
        super().__init__(config)
        self._delay = delay
        self._is_delay_over = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals, and one that came before and was lost."""
        with super().capture_signals():
            self.should_exit |= signals.was_received()
            yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, or go on to the next step."""
        self._is_delay_over = sig == signal.SIGINT or self.should_exit
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in the order above."""
        ENDING.set()
        await self._drain(self._delay)
        ignore_new_connections(sockets or [])
        await asyncio.sleep(HANDSHAKE_SECONDS)
        await _accept_all(sockets or [])
        await super().shutdown(sockets)  # closes the listeners before it first waits

    async def _drain(self, seconds: float, *, until_idle: bool = False) -> None:
        """Serve for some seconds, or until told to go on, and close connections that are used.

        With `until_idle`, return when there are no connections any more.
        """
        DRAINING.set()
        logger.info("Draining for at most %g s", seconds)
        for connection in list(self.server_state.connections):
            cast(Connection, connection).drain()
        end = time.monotonic() + seconds
        for tick in itertools.count():
            is_idle = until_idle and not self.server_state.connections
            if time.monotonic() >= end or self._is_delay_over or self.force_exit or is_idle:
                return
            await self.on_tick(tick)  # updates the Date header
            await asyncio.sleep(0.1)


class Worker(Server):
    """The server of one of several processes that share a port.

    When the service ends, the parent process says when the port closes, since what one process does
    to the port it does to all. A worker on its own, without that word, just stops accepting.
    """

    _is_retired = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle `RETIRE`, too."""
        signal.signal(RETIRE, self._retire)
        with super().capture_signals():
            yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; Ctrl-C reaches each process of a terminal and the parent decides."""
        super().handle_exit(sig, frame)
        self._is_delay_over = self._is_retired

    def _retire(self, _: int, __: FrameType | None) -> None:
        self._is_retired = self.should_exit = True
        self._is_delay_over = bool(self._captured_signals)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End with the service, or alone."""
        if self._captured_signals:
            ENDING.set()
            await self._drain(self._delay + _PARENT_SECONDS)
            await _accept_all(sockets or [])
        else:
            for server in self.servers:
                server.close()
            await self._drain(self._delay, until_idle=True)
        await uvicorn.Server.shutdown(self, sockets)


def ignore_new_connections(listeners: Iterable[socket.socket]) -> None:
    """Let the kernel drop the first packet of new connections (Linux; elsewhere do nothing).

    The connections that it has accepted remain. Otherwise one could arrive between the last accept
    and the close, which would reset it together with its request. A dropped packet is sent again a
    second later, when the port is closed: "connection refused", after which every request can be
    sent elsewhere.
    """
    if sys.platform != "linux":
        return
    instructions = ctypes.create_string_buffer(b"".join(_NO_SYN), sum(map(len, _NO_SYN)))
    program = struct.pack("HP", len(_NO_SYN), ctypes.addressof(instructions))
    for listener in listeners:
        with suppress(OSError):  # a sandbox may not allow it
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


_SO_ATTACH_FILTER = 26
_NO_SYN = [  # struct sock_filter: classic BPF, from the start of the TCP header
    struct.pack("HBBI", *instruction)
    for instruction in (
        (0x30, 0, 0, 13),  # load the flags
        (0x54, 0, 0, 0x12),  # of these, SYN and ACK
        (0x15, 0, 1, 0x02),  # SYN alone?
        (0x06, 0, 0, 0),  # drop the packet
        (0x06, 0, 0, 0xFFFFFFFF),  # else take all of it
    )
]


async def _accept_all(listeners: Sequence[socket.socket]) -> None:
    """Return when the accept queues are empty; the event loop accepts what is in them."""
    queues = select.poll()
    for listener in listeners:
        queues.register(listener, select.POLLIN)
    end = time.monotonic() + _ACCEPT_SECONDS  # without free file descriptors, none is accepted
    while time.monotonic() < end:
        if not queues.poll(0):
            return
        await asyncio.sleep(0.001)
