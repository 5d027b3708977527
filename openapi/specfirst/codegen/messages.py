"""Bodies and responses: media types, statuses and headers."""

from collections.abc import Iterator
from dataclasses import dataclass

from specfirst.codegen.naming import pascal, snake, unique
from specfirst.codegen.parameters import Parameters
from specfirst.codegen.schemas import Types
from specfirst.codegen.walking import Schema
from specfirst.contract.document import Document, operations, resolve
from specfirst.contract.errors import UnsupportedContract

_FORMS = {"application/x-www-form-urlencoded": "Form", "multipart/form-data": "Multipart"}
_BODYLESS = ("101", "204", "205", "304")


@dataclass(frozen=True)
class Body:
    """A request body: what the handler gets, and how each media type is read."""

    hint: str
    contents: list[tuple[str, str]]
    required: bool
    description: str


@dataclass(frozen=True)
class Header:
    """A header that a response may have; a required one has no default."""

    name: str
    field: str
    hint: str
    required: bool
    description: str


@dataclass(frozen=True)
class Response:
    """One documented status and its class; `shared` ones stand under /components/responses.

    `statuses` are the bounds of a range such as 4XX, or of `default`; the handler then says which it is.
    """

    class_name: str
    shared: bool
    status: int | None
    statuses: tuple[int, int] | None
    description: str
    media_types: list[str]
    body: str | None
    headers: list[Header]


class Messages:
    """Reads the bodies and responses of operations."""

    def __init__(self, document: Document, types: Types, parameters: Parameters) -> None:
        self._document = document
        self._types = types
        self._parameters = parameters

    def body(self, operation: Document, pointer: str) -> Body | None:
        """Return the request body of an operation, if any. Raises `UnsupportedContract` for one without media types."""
        if "requestBody" not in operation:
            return None
        raw = resolve(self._document, operation["requestBody"])
        if not raw.get("content"):
            raise UnsupportedContract(
                f"{pointer}/requestBody/content: is empty; say which media types the body may have"
            )
        contents = [
            (_essence(media_type), self._content(media_type, media)) for media_type, media in raw["content"].items()
        ]
        hints = [self._body_type(media_type, media, hint=True) for media_type, media in raw["content"].items()]
        required = bool(raw.get("required", False))
        hint = " | ".join(dict.fromkeys([*hints, *([] if required else ["None"])]))
        return Body(hint or "bytes", contents, required, " ".join(str(raw.get("description", "")).split()))

    def _content(self, media_type: str, media: Document) -> str:
        """Return how a media type is read: the call that makes its reader."""
        type_ = self._body_type(media_type, media)
        if is_json(media_type):
            return f"Json({type_})"
        if _essence(media_type) in _FORMS:
            reader = _FORMS[_essence(media_type)]
            return f"{reader}({type_}, {{{self._fields(media)}}})"
        return f"Text({type_})" if _is_text(media_type) else "Binary()"

    def _fields(self, media: Document) -> str:
        schema = resolve(self._document, media.get("schema") or {})
        encoding = media.get("encoding") or {}
        return ", ".join(
            f"{name!r}: {self._field(member, exploded=encoding.get(name, {}).get('explode', True))}"
            for name, member in schema.get("properties", {}).items()
        )

    def _field(self, schema: Schema, *, exploded: bool = True) -> str:
        kind = self._parameters.kind(schema)
        if kind == "array":
            items = resolve(self._document, schema).get("items") or {}
            return f"many({self._field(items)}{'' if exploded else ', separator=' + repr(',')})"
        if resolve(self._document, schema).get("format") == "binary":
            return "binary"
        return {"integer": "integer", "number": "number", "boolean": "boolean", "object": "json_text"}.get(kind, "text")

    def _body_type(self, media_type: str, media: Document, *, hint: bool = False) -> str:
        """Return the Python type of a body: JSON and forms as their schema says, text as str, all else as bytes."""
        if is_json(media_type) or _essence(media_type) in _FORMS:
            if "schema" not in media:
                return "Any"
            return self._types.hint(media["schema"]) if hint else self._types.written(media["schema"])
        if not _is_text(media_type):
            return "bytes"
        is_string = "schema" in media and self._parameters.kind(media["schema"]) == "string"
        return self._types.written(media["schema"]) if is_string and not hint else "str"

    def responses(self, operation: Document, pointer: str) -> list[Response]:
        """Return the responses of an operation. Raises `UnsupportedContract` when it has none."""
        if not operation.get("responses"):
            raise UnsupportedContract(f"{pointer}/responses: is empty; say what the operation answers")
        name = pascal(operation["operationId"])
        return [self._response(name, str(status), raw) for status, raw in operation["responses"].items()]

    def _response(self, operation: str, status: str, raw: Document) -> Response:
        shared = "$ref" in raw
        name = f"{pascal(raw['$ref'].rsplit('/', 1)[-1])}Response" if shared else f"{operation}{status.title()}"
        raw = resolve(self._document, raw)
        content = {} if status in _BODYLESS else raw.get("content") or {}
        if shared and not self._has_one_status(raw):
            name, shared = f"{operation}{status.title()}", False
        types = [self._body_type(media_type, media, hint=True) for media_type, media in content.items()]
        return Response(
            class_name=name,
            shared=shared,
            status=int(status) if status.isdecimal() else None,
            statuses=_range(status),
            description=str(raw.get("description", "")).strip() or status,
            media_types=list(content),
            body=" | ".join(dict.fromkeys(types)) or None,
            headers=list(self._headers(raw)),
        )

    def _has_one_status(self, shared: Document) -> bool:
        """Tell whether a shared response is used for one status only, so that one class can serve all operations."""
        statuses = {
            str(status)
            for _, _, operation in operations(self._document)
            for status, raw in operation.get("responses", {}).items()
            if resolve(self._document, raw) is shared
        }
        return len(statuses) == 1

    def _headers(self, response: Document) -> Iterator[Header]:
        """Yield the headers that a handler gives; the service itself adds those with `x-automatic`."""
        taken = {"body", "status", "status_code", "media_type", "header_names", "render", "statuses"}
        for name, raw in (response.get("headers") or {}).items():
            raw = resolve(self._document, raw)
            if raw.get("x-automatic") or name.lower() == "content-type":
                continue
            field = unique(snake(name), taken, "_header")
            taken.add(field)
            hint = self._types.hint(raw["schema"]) if "schema" in raw else "str"
            text = " ".join(str(raw.get("description", "")).split())
            yield Header(name, field, hint, bool(raw.get("required", False)), text)


def is_json(media_type: str) -> bool:
    """Tell whether a media type is JSON (RFC 8259) or has its structure (RFC 6839, section 3.1)."""
    essence = _essence(media_type)
    return essence == "application/json" or essence.endswith("+json") or essence == "*/*"


def _essence(media_type: str) -> str:
    """Return a media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _is_text(media_type: str) -> bool:
    essence = _essence(media_type)
    return essence.startswith("text/") or essence.endswith(("xml", "+xml", "yaml"))


def _range(status: str) -> tuple[int, int] | None:
    if status.isdecimal():
        return None
    return (100, 599) if status == "default" else (int(status[0]) * 100, int(status[0]) * 100 + 99)
