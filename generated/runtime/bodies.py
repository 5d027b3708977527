# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Request bodies: media types, sizes and what reads them."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from pydantic import TypeAdapter
from starlette.datastructures import Headers
from starlette.requests import Request

from .json import parse_json
from .refusals import ErrorAt, Refusal

_ABOUT_BODIES = (b"content-type", b"content-encoding")


class Json:
    """Reads a JSON body."""

    def __init__(self, type: Any) -> None:
        self.adapter: TypeAdapter[Any] = TypeAdapter(type)

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the parsed body, to be validated. Raises `Refusal` (400)."""
        return parse_json(raw)


class Text:
    """Reads a text in UTF-8."""

    def __init__(self, type: Any) -> None:
        self.adapter: TypeAdapter[Any] = TypeAdapter(type)

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the text. Raises `Refusal` (400)."""
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise Refusal(400, f"The body is not UTF-8: invalid byte at offset {error.start}.") from None


class Binary:
    """Reads any bytes."""

    adapter: TypeAdapter[Any] = TypeAdapter(bytes)

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the bytes."""
        return raw


class Content(Protocol):
    """What reads a media type."""

    adapter: TypeAdapter[Any]

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the body, to be validated. Raises `Refusal` (400)."""


class Body:
    """A request body: what reads each of its media types."""

    def __init__(self, contents: Mapping[str, Content], *, required: bool = False) -> None:
        self._contents = contents
        self._required = required
        self._as_written = {name.encode(): content for name, content in contents.items() if "*" not in name}

    async def read(self, request: Request, limit: int) -> tuple[Content, bytes] | None:
        """Return what reads the body, and its bytes; None where an optional one is absent.

        Raises `Refusal` for another media type (415), for more than `limit` bytes (413), or without a body (400).
        """
        content = self._plain_content(request.scope["headers"]) or self._content(request)
        if content is None:
            return None
        announced = request.headers.get("content-length", "")
        fits = not announced.isdecimal() or (len(announced) < 20 and int(announced) <= limit)
        raw = bytearray()
        if fits:
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > limit:
                    break
        if not fits or len(raw) > limit:
            raise Refusal(413, f"A body may have at most {limit} bytes.")
        return content, bytes(raw)

    def _plain_content(self, headers: Iterable[tuple[bytes, bytes]]) -> Content | None:
        """Return what reads a body whose media type is written exactly as in the contract, as most are."""
        given = [value for name, value in headers if name in _ABOUT_BODIES]
        return self._as_written.get(given[0]) if len(given) == 1 else None

    def _content(self, request: Request) -> Content | None:
        headers = request.headers
        given = ", ".join(headers.getlist("content-type"))  # as RFC 9110, section 5.3 reads repeated fields
        media_type, *parameters = (part.strip().lower() for part in given.split(";"))
        utf8 = all(each in ("charset=utf-8", 'charset="utf-8"') for each in parameters if each.startswith("charset"))
        plain = ", ".join(headers.getlist("content-encoding")).lower() in ("", "identity")
        content = self._for(media_type)
        if content and utf8 and plain and (media_type.startswith("multipart/") or _only_charset(parameters)):
            return content
        if not given and headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
            if self._required:
                raise Refusal(400, "The request has no body.", errors=[ErrorAt("body", "", "Body required")])
            return None
        accepted = {"Accept-Patch": ", ".join(self._contents)} if request.method == "PATCH" else {}  # RFC 5789, 3.1
        raise Refusal(415, f"Send the body as {' or '.join(self._contents)}, without content coding.", headers=accepted)

    def _for(self, media_type: str) -> Content | None:
        kind = media_type.partition("/")[0]
        candidates = (media_type, f"{kind}/*", "*/*") if media_type else ()
        return next((self._contents[each] for each in candidates if each in self._contents), None)


def _only_charset(parameters: Iterable[str]) -> bool:
    return all(not each or each.startswith("charset=") for each in parameters)
