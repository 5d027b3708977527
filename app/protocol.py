"""uvicorn's HTTP protocol, deaf to offers of HTTP/2 in the clear.

Some clients, Java's HttpClient among them, offer `Upgrade: h2c` with their first request. A server may ignore the offer
(RFC 9110, section 7.8), but httptools 0.9 then takes the request as ended behind its headers, and its body is lost.
"""

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER = re.compile(rb"\r\nupgrade:[ \t]*h2c[ \t]*(?=\r\n)", re.IGNORECASE)


class HttpProtocol(HttpToolsProtocol):
    """Takes the offer out of the head of a request, before it is parsed."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._in_head = True

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
