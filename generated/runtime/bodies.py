# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Request bodies: media types, limits and decoding.

A large body is decoded and validated in a thread, so that other requests are served meanwhile.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

from pydantic import TypeAdapter
from starlette.datastructures import Headers
from starlette.requests import Request

from .error_texts import sentence
from .json import has_more_values, parse_json
from .rejections import ErrorDetail, RequestRejected, malformed
from .validation import validated

SMALL = 64 * 1024
"""Bytes of a body up to which it is decoded and validated at once, which takes a millisecond."""

_ABOUT_BODIES = (b"content-type", b"content-encoding")

# One thread: several would only take the interpreter from each other, and from the event loop.
_thread = ThreadPoolExecutor(1, thread_name_prefix="large-bodies")

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


async def run_for(
    raw: bytes,
    function: Callable[_Arguments, _Result],
    *arguments: _Arguments.args,
    **options: _Arguments.kwargs,
) -> _Result:
    """Call a function on a body, in a thread if the body is large."""
    if len(raw) <= SMALL:
        return function(*arguments, **options)
    call = partial(function, *arguments, **options)
    return await asyncio.get_running_loop().run_in_executor(_thread, call)


class Json:
    """Reads a JSON body."""

    def __init__(self, type: Any) -> None:
        self.adapter: TypeAdapter[Any] = TypeAdapter(type)

    async def has_more_values(self, raw: bytes, limit: int) -> bool:
        """Return whether there are more than `limit` values."""
        return await run_for(raw, has_more_values, raw, limit)

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the parsed body, to be validated. Raises `RequestRejected` (400)."""
        return await run_for(raw, parse_json, raw)


class Text:
    """Reads text in UTF-8."""

    def __init__(self, type: Any) -> None:
        self.adapter: TypeAdapter[Any] = TypeAdapter(type)

    async def has_more_values(self, raw: bytes, limit: int) -> bool:
        """Return False: a text is one value."""
        return False

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the text. Raises `RequestRejected` (400)."""
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise malformed(
                f"The body is not UTF-8: invalid byte at offset {error.start}.", "Not UTF-8"
            ) from None


class Binary:
    """Reads any bytes."""

    adapter: TypeAdapter[Any] = TypeAdapter(bytes)

    async def has_more_values(self, raw: bytes, limit: int) -> bool:
        """Return False: bytes are one value."""
        return False

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the bytes."""
        return raw


class Content(Protocol):
    """A reader for a media type."""

    adapter: TypeAdapter[Any]

    async def has_more_values(self, raw: bytes, limit: int) -> bool:
        """Return whether there are more than `limit` values, without decoding any of them."""

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the body, to be validated. Raises `RequestRejected` (400)."""


class ReceivedBody:
    """The bytes of a body, and the reader for its media type."""

    __slots__ = ("_content", "_raw")

    def __init__(self, content: Content, raw: bytes) -> None:
        self._content = content
        self._raw = raw

    async def decode(self, headers: Headers) -> object:
        """Return the body, to be validated. Raises `RequestRejected` (400)."""
        return await self._content.decode(self._raw, headers)

    async def validated(self, value: object, errors: list[ErrorDetail]) -> object:
        """Return the validated body, or append to `errors`."""
        return await run_for(self._raw, validated, self._content.adapter, value, "body", "", errors)


class Body:
    """A request body, with a reader for each media type.

    Parameters of media types count only where two of them differ in nothing else.
    """

    def __init__(self, contents: Mapping[str, Content], *, required: bool = False) -> None:
        self._contents = contents
        self._required = required
        plain = {name: content for name, content in contents.items() if "*" not in name}
        self._as_written = {
            (b"content-type", name.encode()): content for name, content in plain.items()
        }

    async def read(self, request: Request, max_bytes: int, max_values: int) -> ReceivedBody | None:
        """Return the body, or None if an optional one is absent.

        Raises `RequestRejected` for another media type (415), more than `max_bytes` bytes or
        `max_values` values (413), or no body (400).
        """
        content = self._plain_content(request.scope["headers"]) or self._content(request)
        if content is None:
            return None
        announced = request.headers.get("content-length", "")
        fits = not announced.isdecimal() or (len(announced) < 20 and int(announced) <= max_bytes)
        raw = bytearray()
        if fits:
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > max_bytes:
                    break
        if not fits or len(raw) > max_bytes:
            raise RequestRejected(413, f"A body may have at most {max_bytes} bytes.")
        received = bytes(raw)
        if await content.has_more_values(received, max_values):
            raise RequestRejected(413, f"A body may have at most {max_values} values.")
        return ReceivedBody(content, received)

    def _plain_content(self, headers: Iterable[tuple[bytes, bytes]]) -> Content | None:
        """Return the reader if Content-Type is exactly a media type of the contract, as usual."""
        given = [header for header in headers if header[0] in _ABOUT_BODIES]
        return self._as_written.get(given[0]) if len(given) == 1 else None

    def _content(self, request: Request) -> Content | None:
        headers = request.headers
        # Repeated fields are joined as in RFC 9110, section 5.3.
        given = ", ".join(headers.getlist("content-type"))
        media_type, charsets = _media_type(given)
        plain = ", ".join(headers.getlist("content-encoding")).lower() in ("", "identity")
        content = self._for(media_type, given)
        if content and plain and charsets <= _UTF8:
            return content
        if (
            not given
            and headers.get("content-length", "0") == "0"
            and "transfer-encoding" not in headers
        ):
            if self._required:
                raise malformed("The request has no body.", sentence("required"), code="required")
            return None
        is_patch = request.method == "PATCH"  # RFC 5789, section 3.1
        accepted = {"Accept-Patch": ", ".join(self._contents)} if is_patch else {}
        raise RequestRejected(
            415,
            f"Send the body as {' or '.join(self._contents)}, without content coding.",
            headers=accepted,
        )

    def _for(self, media_type: str, given: str) -> Content | None:
        sent = _parameters(given)
        for name, content in self._contents.items():
            essence, has_parameters, parameters = name.partition(";")
            if (
                has_parameters
                and essence == media_type
                and _parameters(f";{parameters}").items() <= sent.items()
            ):
                return content
        kind = media_type.partition("/")[0]
        candidates = (media_type, f"{kind}/*", "*/*") if media_type else ()
        return next((self._contents[each] for each in candidates if each in self._contents), None)


_UTF8 = frozenset({"utf-8", "utf8"})
_PARAMETER = re.compile(
    r"""[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=([^\s;,"]+|"(?:[^"\\]|\\.)*"))?""", re.ASCII
)


def _parameters(given: str) -> dict[str, str]:
    """Return the parameters of a media type, their names in lower case."""
    found = _PARAMETER.findall(given.partition(";")[1] + given.partition(";")[2])
    return {name.lower(): value.strip('"') for name, value in found if name}


def _media_type(given: str) -> tuple[str, frozenset[str]]:
    """Return a media type and its charsets, in lower case (RFC 2045, section 5).

    Other parameters are ignored, and malformed ones make the media type empty. Their syntax is that
    of RFC 9110, section 5.6.6, except that a value may have delimiters without quotes, because many
    clients write boundaries like that.
    """
    end = given.find(";") if ";" in given else len(given)
    media_type, charsets = given[:end].strip(" \t").lower(), []
    while found := _PARAMETER.match(given, end):
        end = found.end()
        if found[1] and found[1].lower() == "charset":
            charsets.append(found[2].strip('"').lower())
    return media_type if not given[end:].strip(" \t") else "", frozenset(charsets)
