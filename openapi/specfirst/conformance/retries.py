"""Probes of `Idempotency-Key`, where a contract describes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx

from specfirst.conformance.interactions import ABSENT, Request, places

NAME = "Idempotency-Key"

MALFORMED = ("", '""', '"a', "a,b", '"a" "b"', "a" * 256, f'"{"a" * 256}"', "a" * 600)
"""What is neither a key in quotes nor one without."""


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """An operation that takes a key: how to ask for it."""

    usual: Callable[[], Request]
    send: Callable[[Request], httpx.Response]

    def probe(self) -> Iterator[str]:
        """Yield what the operation answers otherwise to a request that comes again."""
        if not (answer := self._send(None)).is_success:
            yield f"not required, but the answer without it is {answer.status_code}"
        for value in MALFORMED:
            answer = self._send(value)
            if answer.status_code != 422 or places(answer) != {("header", f"/{NAME}")}:
                yield f"{value[:20]} is no key, but the answer is {answer.status_code}"
        key = str(uuid4())
        first = self._send(key)
        for value in (key, f'"{key}"'):
            answer = self._send(value)
            if (answer.status_code, answer.content) != (first.status_code, first.content):
                yield f"{value} comes again, but the answer differs: {answer.status_code}"

    def _send(self, key: str | None) -> httpx.Response:
        value = ABSENT if key is None else key
        return self.send(self.usual().having("headers", (NAME,), value))
