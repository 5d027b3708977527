"""How much of the service its clients may hold: connections, requests, bytes, and time.

Everything here is counted for one process. `app.server` asks before it takes something, and says
when it is given back.
"""

import asyncio
import resource
from contextvars import Context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from app.logs import log
from generated.runtime.rejections import RequestRejected

if TYPE_CHECKING:
    from app.settings import Settings

HEALTH_PATHS = frozenset({"/livez", "/readyz"})
"""The paths of requests that are never shed."""

SPARE_CONNECTIONS = 16
"""Connections beyond the limit, which are kept free for requests to `HEALTH_PATHS`."""
SPARE_SECONDS = 1.0
"""How long a spare connection waits for its request."""

STALLED_SECONDS = 1.0
"""How long a client takes nothing until its response gives way to other requests."""

OWN_FILES = 64
"""File descriptors beside those of clients and of the connection pool: logs, listeners, files."""

SMALL_BODY = 64 * 1024
"""Bytes of each request body that do not count, so that small ones are always taken."""


@dataclass(frozen=True)
class Limits:
    """The limits of one process (docs/deployment.md)."""

    connections: int = 1000
    requests: int = 256
    bytes_in_flight: int = 64 * 1024 * 1024
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    write_seconds: float = 30.0

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """Return the limits of the settings, with no more connections than there are files for."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        own = OWN_FILES + SPARE_CONNECTIONS + settings.database_pool_size
        possible = settings.max_connections if files == resource.RLIM_INFINITY else files - own
        return cls(
            connections=max(1, min(settings.max_connections, possible)),
            requests=settings.max_requests,
            # the largest body has to fit
            bytes_in_flight=max(settings.max_bytes_in_flight, settings.max_body_bytes),
            head_seconds=settings.head_timeout,
            body_seconds=settings.body_timeout,
            write_seconds=settings.write_timeout,
        )


class Connection(Protocol):
    """What `Load` asks of a connection."""

    @property
    def is_waiting(self) -> bool:
        """Whether its request has not arrived yet."""

    @property
    def seconds_unread(self) -> float:
        """How long its client has taken nothing of a response."""

    def refuse(self, refusal: RequestRejected) -> None:
        """Answer what it is sending with a refusal, and close it."""

    def abort(self) -> None:
        """Close it at once."""


class Load:
    """What the clients of this process hold at the moment, and what is to give way."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.requests = 0
        """Requests in progress: received completely, and not answered yet."""
        self.unread_bytes = 0
        """Bytes of responses in the memory of this process because their clients do not read."""
        self.upload_bytes = 0
        """Bytes of large request bodies that are being received or worked on."""
        self._connections = 0
        self._spare: dict[Connection, None] = {}  # oldest first
        self._uploads: dict[Connection, int] = {}
        self._unread: dict[Connection, int] = {}
        self._refused = Tally("connections refused", limit=limits.connections)
        self._shed = Tally("requests shed", limit=limits.requests)
        self._dropped = Tally("uploads dropped", limit_bytes=limits.bytes_in_flight)
        self._aborted = Tally("unread responses aborted")

    # --- Connections ---

    def connect(self, connection: Connection) -> bool:
        """Count a new connection; return whether it is a spare one, for the health checks only."""
        self._connections += 1
        if self.has_room:
            return False
        if len(self._spare) >= SPARE_CONNECTIONS:
            self._free_spare()
        self._spare[connection] = None
        return True

    def disconnect(self, connection: Connection) -> None:
        """Give back all that a connection holds, except for its requests in progress."""
        self._connections -= 1
        self._spare.pop(connection, None)
        self.end_upload(connection)
        self.set_unread(connection, 0)

    @property
    def has_room(self) -> bool:
        """Whether there are no more connections than the limit."""
        return self._connections <= self.limits.connections

    def promote(self, connection: Connection) -> None:
        """Make a spare connection an ordinary one, because there is room again."""
        self._spare.pop(connection, None)

    def too_many_connections(self) -> RequestRejected:
        """Count a refused connection, and return the refusal (503)."""
        self._refused.add()
        return overloaded("The service has too many connections. Try again in a moment.")

    def _free_spare(self) -> None:
        """Refuse the spare connection that has waited for its request longest."""
        for connection in self._spare:
            if connection.is_waiting:
                del self._spare[connection]
                connection.refuse(self.too_many_connections())
                return

    # --- Requests ---

    @property
    def is_full(self) -> bool:
        """Whether no further request should be started now."""
        return (
            self.requests >= self.limits.requests or self.unread_bytes > self.limits.bytes_in_flight
        )

    def too_many_requests(self) -> RequestRejected | None:
        """Return the refusal (503) of a request, or None if there is room after all.

        Unread responses make room first, where their clients have read nothing for a second.
        """
        if self.unread_bytes > self.limits.bytes_in_flight:
            self._abort_unread()
        if not self.is_full:
            return None
        self._shed.add()
        return overloaded("The service has too many requests in progress. Try again in a moment.")

    # --- Request bodies ---

    def hold(self, connection: Connection, count: int) -> None:
        """Count bytes of a body; if there are too many, the oldest incomplete one is refused."""
        self._uploads[connection] = self._uploads.get(connection, 0) + count
        self.upload_bytes += count
        while self.upload_bytes > self.limits.bytes_in_flight:
            oldest = next((each for each in self._uploads if each.is_waiting), None)
            if oldest is None:
                return
            self.end_upload(oldest)
            self._dropped.add()
            oldest.refuse(
                overloaded("The service is receiving too many large bodies. Try again in a moment.")
            )

    def end_upload(self, connection: Connection) -> None:
        """Give back the bytes of a body."""
        self.upload_bytes -= self._uploads.pop(connection, 0)

    # --- Responses ---

    def set_unread(self, connection: Connection, count: int) -> None:
        """Say how many bytes of responses a connection holds in the memory of this process."""
        self.unread_bytes += count - self._unread.pop(connection, 0)
        if count:
            self._unread[connection] = count

    def abort(self, connection: Connection) -> None:
        """Close a connection whose client does not read, and count it."""
        self._aborted.add()
        self.set_unread(connection, 0)
        connection.abort()

    def _abort_unread(self) -> None:
        stalled = [each for each in self._unread if each.seconds_unread >= STALLED_SECONDS]
        for connection in sorted(stalled, key=lambda each: -each.seconds_unread):
            if self.unread_bytes <= self.limits.bytes_in_flight:
                return
            self.abort(connection)


class Tally:
    """Counts events of one kind, and logs them at most once a second."""

    def __init__(self, event: str, **fields: object) -> None:
        self._event = event
        self._fields = fields
        self._count = 0
        self._has_logged = False  # within the last second

    def add(self) -> None:
        """Count one."""
        self._count += 1
        if not self._has_logged:
            self._write()

    def _write(self) -> None:
        self._has_logged = self._count > 0
        if self._has_logged:
            # not as a line of the current request
            Context().run(log.write, "warning", self._event, count=self._count, **self._fields)
            self._count = 0
            asyncio.get_running_loop().call_later(1, self._write)


def overloaded(detail: str) -> RequestRejected:
    """Return a refusal (503) that has changed nothing."""
    return RequestRejected(503, detail)
