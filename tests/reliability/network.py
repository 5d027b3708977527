"""A network between the service and its database that can be cut."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self
from urllib.parse import unquote

from tests.servers import HOST


class Network:
    """A TCP relay to the embedded PostgreSQL.

    While it is cut, it takes connections and bytes, and nothing comes of them. What was sent into
    the cut is lost for good: a connection that was used meanwhile stays silent for ever.
    """

    def __init__(self, database_url: str) -> None:
        self._socket = f"{unquote(database_url.partition('host=')[2])}/.s.PGSQL.5432"
        self._is_cut = False
        self._tasks: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, HOST, 0))
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"postgresql://blog@{HOST}:{port}/blog?sslmode=disable"
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Cut the network during the block."""
        self._is_cut = True
        try:
            yield
        finally:
            self._is_cut = False

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._socket)
        lost = asyncio.Event()
        self._writers += [writer, far_writer]
        self._tasks += [
            asyncio.create_task(self._relay(reader, far_writer, lost)),
            asyncio.create_task(self._relay(far_reader, writer, lost)),
        ]

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if self._is_cut:
                    lost.set()
                if not lost.is_set():
                    writer.write(data)
        if not lost.is_set():  # otherwise nobody hears of the end, either
            writer.close()
