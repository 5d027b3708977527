"""uvicorn's HTTP protocol, deaf to offers of HTTP/2 in the clear, and with one write for each response.

Some clients, Java's HttpClient among them, offer `Upgrade: h2c` with their first request. A server may ignore the offer
(RFC 9110, section 7.8), but httptools 0.9 then takes the request as ended behind its headers, and its body is lost.
"""

import asyncio
import re
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER = re.compile(rb"\r\nupgrade:[ \t]*h2c[ \t]*(?=\r\n)", re.IGNORECASE)


class HttpProtocol(HttpToolsProtocol):
    """Takes the offer out of the head of a request, before it is parsed."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn uses it
        """Begin to serve a connection."""
        super().connection_made(cast(asyncio.Transport, _JoiningTransport(transport, self.loop)))

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        if self._in_head and b"h2c" in data:
            head, end, body = data.partition(b"\r\n\r\n")
            data = _OFFER.sub(b"", head + b"\r\n")[:-2] + end + body
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The body comes next."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The head of another request comes next."""
        self._in_head = True
        super().on_message_complete()


class _JoiningTransport:
    """Writes at once what is written in one step of the event loop.

    uvicorn writes the head of a response and its body one by one, and each would be a system call and a packet: a
    seventh of the time of a small response.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._transport.is_closing():
            self._transport.writelines(waiting)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
