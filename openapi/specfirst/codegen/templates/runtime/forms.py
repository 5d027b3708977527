"""Forms: decodes text fields as the contract says."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from starlette.datastructures import Headers

from .parameters import Decoder, form_pairs, text
from .rejections import ErrorDetail, RequestRejected, malformed, pointer_of

FieldDecoder = Callable[[list[Any]], object]


class Form:
    """Reads a form. `fields` has the decoder of each field, and `others` is that of further ones,
    which may be repeated.
    """

    def __init__(
        self,
        type: Any,
        fields: Mapping[str, Decoder | FieldDecoder],
        *,
        others: Decoder | FieldDecoder = text,
    ) -> None:
        self.adapter: TypeAdapter[Any] = TypeAdapter(type)
        self._fields = fields
        self._others = others

    async def has_more_values(self, raw: bytes, limit: int) -> bool:
        """Return False: the number of fields has a limit of its own."""
        return False

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the fields as an object. Raises `RequestRejected` (400)."""
        return self._object(form_pairs(raw, "form", "body"))

    def _object(self, pairs: Iterable[tuple[str, Any]]) -> dict[str, object]:
        values: dict[str, list[Any]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        return {name: self._field(name, given) for name, given in values.items()}

    def _field(self, name: str, given: list[Any]) -> object:
        decode: Any = self._decoder(name)
        if getattr(decode, "takes_many", False):
            return decode(given)
        if len(given) > 1 and name not in self._fields:
            return [decode(each) for each in given]
        if len(given) > 1:
            wrong = ErrorDetail("body", pointer_of(name), "repeated", "Repeated field")
            raise RequestRejected(400, "The form has a repeated field.", errors=[wrong])
        return decode(given[0])

    def _decoder(self, name: str) -> Decoder | FieldDecoder:
        return self._fields.get(name, self._others)


class Multipart(Form):
    """Reads a form in parts (RFC 7578). Needs the package python-multipart.

    A file name says nothing about the kind of a part (section 4.2): every part is bytes, and those
    that are not declared as binary are text in UTF-8.
    """

    async def decode(self, raw: bytes, headers: Headers) -> object:
        """Return the fields as an object, binary ones as bytes. Raises `RequestRejected` (400)."""
        from starlette.formparsers import MultiPartException, MultiPartParser

        async def stream() -> AsyncIterator[bytes]:
            yield raw

        as_bytes = Headers({"content-type": _in_latin_1(headers.get("content-type", ""))})
        parser = MultiPartParser(as_bytes, stream(), max_part_size=len(raw))  # type: ignore[arg-type]
        try:
            form = await parser.parse()
        except (MultiPartException, KeyError, ValueError):  # whose messages are about Python
            raise malformed(
                "The body is not a multipart form as in RFC 7578.", "Not a multipart form"
            ) from None
        try:
            pairs = [
                (
                    _utf_8(name.encode("latin-1"), ""),
                    each.encode("latin-1") if isinstance(each, str) else await each.read(),
                )
                for name, each in form.multi_items()
            ]
        finally:
            await form.close()
        return self._object(pairs)

    def _field(self, name: str, given: list[Any]) -> object:
        decode = self._decoder(name)
        if decode is not binary and not getattr(decode, "is_binary", False):
            given = [_utf_8(value, pointer_of(name)) for value in given]
        return super()._field(name, given)


def _in_latin_1(content_type: str) -> str:
    """Return the media type with another charset, in which each byte is a character."""
    parts = [part for part in content_type.split(";") if "charset" not in part.lower()]
    return f"{';'.join(parts)}; charset=latin-1"


def _utf_8(value: bytes, pointer: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        wrong = ErrorDetail("body", pointer, "malformed", "Not UTF-8")
        raise RequestRejected(400, "The form has text that is not UTF-8.", errors=[wrong]) from None


def binary(value: bytes | str) -> object:
    """Decode a field with bytes."""
    return value.encode() if isinstance(value, str) else value


def many(decode: Decoder, *, separator: str | None = None) -> FieldDecoder:
    """Decode a field as an array: a repeated field, or one text with a separator."""

    def decode_all(values: list[Any]) -> object:
        items = (
            values
            if separator is None
            else [item for value in values for item in value.split(separator)]
        )
        return [decode(item) for item in items]

    decode_all.takes_many = True  # type: ignore[attr-defined]
    decode_all.is_binary = decode is binary  # type: ignore[attr-defined]
    return decode_all
