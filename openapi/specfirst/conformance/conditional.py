"""Probes of conditional requests (RFC 9110, section 13), where a contract describes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import httpx

from specfirst.conformance.interactions import ABSENT, Request, Service, places
from specfirst.contract.model import Operation

OTHER = '"another"'
"""An entity tag that is none of the service."""

MALFORMED = ('"', "another", f"w/{OTHER}", f"*, {OTHER}", f"{OTHER} {OTHER}")
"""What is neither a list of entity tags nor `*`."""

_UNMET = (400, 412, 428)


@dataclass(frozen=True, kw_only=True)
class Conditional:
    """An operation with conditions: how to ask for it."""

    service: Service
    operation: Operation
    usual: Callable[[], Request]
    """Returns a valid request for something that exists; for a deletion, for something new."""
    send: Callable[[Request], httpx.Response]

    def if_match(self) -> Iterator[str]:
        """Yield what the operation answers otherwise to `If-Match` (section 13.1.1)."""
        parameter = self.operation.if_match
        missing = self._send(self.usual(), None)
        if parameter is not None and parameter.required and missing.status_code != 428:
            yield f"required, but the answer without it is {missing.status_code}"
        if parameter is not None and not parameter.required and missing.status_code in _UNMET:
            yield f"not required, but the answer without it is {missing.status_code}"
        for value in MALFORMED:
            answer = self._send(self.usual(), value)
            if answer.status_code != 400 or places(answer) != {("header", "/If-Match")}:
                yield f"{value} is malformed, but the answer is {answer.status_code}"
        yield from self._compared()

    def _compared(self) -> Iterator[str]:
        for value in ("", OTHER, "W/CURRENT", f"W/CURRENT, {OTHER}"):
            request = self.usual()
            before = self._etag(request)
            answer = self._send(request, value.replace("CURRENT", before or OTHER))
            if answer.status_code != 412:
                yield f"{value or 'an empty list'} never matches, but the answer is {_told(answer)}"
            if before != self._etag(request):
                yield f"{value or 'an empty list'} never matches, but it has changed something"
        for value in ("*", "CURRENT", f"{OTHER}, CURRENT"):
            request = self.usual()
            current = self._etag(request)
            if "CURRENT" in value and current is None:
                continue  # nothing shows it
            answer = self._send(request, value.replace("CURRENT", current or ""))
            if answer.status_code in _UNMET:  # whatever else is in its way
                yield f"{value} matches, but the answer is {_told(answer)}"

    def if_none_match(self) -> Iterator[str]:
        """Yield what a GET answers otherwise to `If-None-Match` (section 13.1.2)."""
        request = self.usual()
        current = self._etag(request)
        if current is None:
            yield "the answer has no ETag to compare it with"
            return
        for value in ("*", current, f"W/{current}", f"{OTHER}, {current}"):
            answer = self.send(request.having("headers", ("If-None-Match",), value))
            if answer.status_code != 304 or answer.headers.get("etag") != current:
                yield f"{value} names what is current, but the answer is {_told(answer)}"
        for value in ("", OTHER, *MALFORMED):
            answer = self.send(request.having("headers", ("If-None-Match",), value))
            if not answer.is_success:
                yield f"{value} does not name what is current, but the answer is {_told(answer)}"

    def _send(self, request: Request, if_match: str | None) -> httpx.Response:
        value = ABSENT if if_match is None else if_match
        return self.send(request.having("headers", ("If-Match",), value))

    def _etag(self, request: Request) -> str | None:
        """Return the ETag that the GET of the same path shows."""
        operations = self.service.operations.values()
        reading = [
            each for each in operations if (each.method, each.path) == ("get", self.operation.path)
        ]
        if not reading:
            return None
        names = {each.name for each in reading[0].parameters if each.location == "path"}
        path = {name: value for name, value in request.path.items() if name in names}
        request = self.service.request(reading[0])
        etag: str | None = self.service.send(replace(request, path=path)).headers.get("etag")
        return etag


def _told(answer: httpx.Response) -> str:
    return f"{answer.status_code}, ETag {answer.headers.get('etag')}"
