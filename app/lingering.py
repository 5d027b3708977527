"""Answers that come before the end of the body reach the client, also when the connection ends with them.

Closing a connection on which bytes are unread resets it, and the reset destroys an answer that is still on its way
(RFC 9112, section 9.6). A client that sends all of a body that is too large would see no 413.
"""

from contextlib import suppress

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IDLE_SECONDS = 2.0
LONGEST_SECONDS = 30.0


class LingeringClose:
    """Pure ASGI middleware: sends the answer at once, then reads what is left of the body before the server closes.

    It has nothing to do on connections that are kept: there the server itself reads on to the next request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _closes_behind_body(scope):
            await self._app(scope, receive, send)
            return
        unread = True

        async def receive_noting() -> Message:
            nonlocal unread
            message = await receive()
            unread = message.get("more_body", False)
            return message

        async def send_open(message: Message) -> None:
            more = {"more_body": True} if message["type"] == "http.response.body" else {}
            await send({**message, **more})

        await self._app(scope, receive_noting, send_open)
        with anyio.move_on_after(LONGEST_SECONDS), suppress(TimeoutError):
            while unread:
                with anyio.fail_after(IDLE_SECONDS):
                    await receive_noting()
        await send({"type": "http.response.body", "body": b""})


def _closes_behind_body(scope: Scope) -> bool:
    closes = scope["http_version"] == "1.0" or any(
        name == b"connection" and b"close" in value.lower() for name, value in scope["headers"]
    )
    return closes and any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
