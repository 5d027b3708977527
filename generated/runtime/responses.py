# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Responses of operations."""

import re
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote

import orjson
from pydantic_core import to_json, to_jsonable_python
from starlette.types import Receive, Scope, Send

from .values import Model

# Where a header refers to a path of this service; `//` begins a host (RFC 3986, section 4.2).
_REFERENCES = {
    b"location": re.compile(rb"^(?=/(?!/))"),
    b"content-location": re.compile(rb"^(?=/(?!/))"),
    b"link": re.compile(rb"(?:^|(?<=, )|(?<=,))<(?=/(?!/))"),
}
# asyncpg returns 'infinity' as `datetime.max`, without an offset.
_INFINITE_TIMES = orjson.OPT_NAIVE_UTC
_WITHOUT_LENGTH = (204, 304)  # RFC 9110, section 8.6


class ApiResponse:
    """A response of an operation: one subclass for each documented status; headers are fields.

    An instance is an ASGI application, as Starlette's responses are. If the contract has a range,
    the status is a field `status_code`; if it has several media types, there is a field
    `media_type`. Paths in `Location` and `Link` are those of the contract; they are sent below the
    root path of the application. Responses to a GET that takes credentials get a `Vary`.
    """

    __slots__ = ()

    status: ClassVar[int] = 0
    statuses: ClassVar[tuple[int, int] | None] = None
    media_type: ClassVar[str | None] = None
    header_names: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def documents(cls, status: int) -> bool:
        """Return whether this class documents a status."""
        least, most = cls.statuses or (cls.status, cls.status or 999)
        return least <= status <= most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response.

        Raises `ValueError` for a status out of range, or a header that is not latin-1.
        """
        status, headers, body = self.rendered()
        if root_path := scope.get("root_path"):
            prefix = quote(root_path, safe="/%!$&'()*+,;=:@").encode()
            headers = [_below(prefix, *header) for header in headers]
        if (vary := getattr(scope.get("operation"), "vary", None)) is not None:
            headers.append((b"vary", vary))
        if status not in _WITHOUT_LENGTH:
            headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
        )

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success (RFC 9110, section 15.3)."""
        return 200 <= self._status() <= 299

    def rendered(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Return the status, the headers and the body, with the paths of the contract.

        Raises as `__call__` does. `Content-Length` is not yet among the headers.
        """
        status, headers, body = self._status(), self._headers(), b""
        if self.media_type is not None:
            # Only subclasses have a body.
            body = _encoded(getattr(self, "body"), self.media_type)  # noqa: B009
            headers.append((b"content-type", self.media_type.encode("latin-1")))
        return status, headers, body

    def _status(self) -> int:
        if self.statuses is None:
            return self.status
        status: int = getattr(self, "status_code")  # noqa: B009 - only subclasses have one
        if not self.documents(status):
            raise ValueError(f"{type(self).__name__}: the contract has no status {status} here")
        return status

    def _headers(self) -> list[tuple[bytes, bytes]]:
        headers = []
        for field, name in self.header_names.items():
            value = getattr(self, field)
            if value is None:
                continue
            # Set-Cookie is the one field that is no list of values (RFC 9110, section 5.3).
            is_several = isinstance(value, list) and name.lower() == "set-cookie"
            for each in value if is_several else (value,):
                headers.append((name.lower().encode(), _text(each).encode("latin-1")))
        return headers


def _below(prefix: bytes, name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a header with a prefix before the paths of this service."""
    pattern = _REFERENCES.get(name)
    return name, pattern.sub(lambda found: found[0] + prefix, value) if pattern else value


def _encoded(body: object, media_type: str) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str) and "json" not in media_type:
        return body.encode()
    try:
        return orjson.dumps(body, default=_known, option=orjson.OPT_UTC_Z | _INFINITE_TIMES)
    except TypeError:  # an integer of more than 64 bits, say
        return to_json(body, by_alias=True)


def _known(value: object) -> object:
    """Convert a value that orjson does not know."""
    if not isinstance(value, Model):
        return to_jsonable_python(value, by_alias=True)
    if not value.__plain__:
        return value.model_dump(by_alias=True)
    if not value.__arrays__:
        return value.__dict__
    return value.__dict__ | {name: _items(getattr(value, name)) for name in value.__arrays__}


def _items(items: list[object]) -> list[object]:
    """Return plain models of one class as dicts, all at once: orjson would call back for each."""
    kinds = {*map(type, items)}
    kind = kinds.pop() if len(kinds) == 1 else object
    if issubclass(kind, Model) and kind.__plain__ and not kind.__arrays__:
        return [each.__dict__ for each in items]
    return items


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, Model):
        value = value.model_dump(by_alias=True)
    if isinstance(value, dict):  # the style `simple`, not exploded (OpenAPI 3.1, Style Examples)
        return ",".join(f"{name},{_text(each)}" for name, each in value.items())
    return to_json(value).decode().strip('"')
