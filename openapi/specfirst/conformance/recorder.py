"""ASGI middleware that validates and records each response of an application.

In the service it sees every response to every client: test clients, raw sockets, Schemathesis.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from specfirst.conformance.validator import (
    Exchange,
    ResponseValidator,
    Seen,
    Violation,
    decoded_path,
)

RECORD = "CONTRACT_RECORD"
"""The environment variable with the file that all services of a test session write to."""


class Record:
    """A file of one JSON object a line, that several processes append to.

    A line is one write, so lines do not mix, and what is written survives the end of the process,
    whatever the end.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
        self._known: set[object] = set()

    def forget(self) -> None:
        """Write down anew what is written already: the application is another one."""
        self._known.clear()

    def add(self, seen: Seen | None, violations: Iterable[Violation]) -> None:
        """Write down what is new: a fuzzer repeats itself a hundred thousand times."""
        if seen is not None:
            self._add(seen, seen)
        for violation in violations:
            self._add((violation.operation, violation.status, violation.pointer), violation)

    def _add(self, key: object, entry: Seen | Violation) -> None:
        if key not in self._known:
            self._known.add(key)
            os.write(self._file, json.dumps({type(entry).__name__: asdict(entry)}).encode() + b"\n")


def recorded(path: Path) -> tuple[set[Seen], set[Violation]]:
    """Return what the services of a session have written."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    seen = [line["Seen"] for line in lines if "Seen" in line]
    violations = {Violation(**line["Violation"]) for line in lines if "Violation" in line}
    return {
        Seen(**{name: _hashable(value) for name, value in each.items()}) for each in seen
    }, violations


def _hashable(value: str | list[str]) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass
class _Answer:
    """An answer, as far as it has been sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    told: bool = False

    def add(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            for name, value in message["headers"]:
                key, text = name.decode("latin-1").lower(), value.decode("latin-1")
                self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def is_complete(self, message: Message) -> bool:
        """Tell whether the client has the whole response, even before the last message."""
        ended = message["type"] == "http.response.body" and not message.get("more_body", False)
        return ended or (
            self.status > 0 and self.headers.get("content-length") == str(len(self.body))
        )


class Recorder:
    """Pure ASGI middleware, outside of all others: it sees what the client gets."""

    def __init__(self, app: ASGIApp, *, validator: ResponseValidator, record: Record) -> None:
        self._app = app
        self._validator = validator
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; its response is recorded before the last part is sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer()

        async def send_noted(message: Message) -> None:
            answer.add(message)
            if answer.is_complete(message):
                self._note(scope, answer)
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception:
            answer.status = 500  # uvicorn answers so, or cuts off what was begun
            self._note(scope, answer)
            raise

    def _note(self, scope: Scope, answer: _Answer) -> None:
        if answer.told or not answer.status:  # nobody is left to answer: the end of nothing
            return
        answer.told = True
        verdict = self._validator.validate(
            Exchange(
                method=scope["method"],
                path=_path(scope),
                root_path=scope.get("root_path", ""),
                query=scope["query_string"].decode("latin-1"),
                sent_headers=frozenset(
                    name.decode("latin-1").lower() for name, _ in scope["headers"]
                ),
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
            )
        )
        self._record.add(*verdict)


def _path(scope: Scope) -> str:
    """Return the path below the root path."""
    return decoded_path(scope["raw_path"].decode("latin-1")).removeprefix(
        scope.get("root_path", "")
    )
