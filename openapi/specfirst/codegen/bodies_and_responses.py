"""Bodies and responses: media types, statuses and headers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from specfirst.codegen.naming import pascal, snake, unique
from specfirst.codegen.parameters import json_type
from specfirst.codegen.schemas import Types
from specfirst.contract import json_pointer, model
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import JSON, Contract, MediaType, Operation, Schema

_FORMS = {"application/x-www-form-urlencoded": "Form", "multipart/form-data": "Multipart"}
_FIELDS = {"etag": "etag"}  # the fields of headers that are not written as words
_BODYLESS = ("101", "204", "205", "304")


@dataclass(frozen=True)
class BodyCode:
    """The code for a request body: the type that the handler gets, a reader for each media type."""

    hint: str
    contents: list[tuple[str, str]]
    required: bool
    description: str


@dataclass(frozen=True)
class HeaderCode:
    """The code for a response header; a required one has no default."""

    name: str
    field: str
    hint: str
    required: bool
    description: str


@dataclass(frozen=True)
class ResponseCode:
    """The code for a response: the class of one status; `shared` ones are in `responses.py`.

    `statuses` is the range of `4XX` or `default`; the handler then chooses the status.
    """

    class_name: str
    shared: bool
    status: int | None
    statuses: tuple[int, int] | None
    description: str
    media_types: list[str]
    body: str | None
    headers: list[HeaderCode]


class BodiesAndResponses:
    """Makes the code for request bodies and responses."""

    def __init__(self, contract: Contract, types: Types) -> None:
        self._types = types
        uses = [
            response
            for operation in contract.operations
            for response in operation.responses.values()
        ]
        self._uses = {(response.pointer, response.status) for response in uses}

    def body(self, operation: Operation) -> BodyCode | None:
        """Return the code for an operation's request body, if any.

        Raises `UnsupportedContract` for a body without media types.
        """
        body = operation.request_body
        if body is None:
            return None
        if not body.content:
            raise UnsupportedContract(
                f"{operation.pointer}/requestBody/content: is empty; "
                "say which media types the body may have"
            )
        essences = Counter(_essence(media.key) for media in body.content.values())
        contents = [
            (_named(media.key, essences), self._content(media)) for media in body.content.values()
        ]
        hints = [self._body_type(media, hint=True) for media in body.content.values()]
        hint = " | ".join(dict.fromkeys([*hints, *([] if body.required else ["None"])]))
        return BodyCode(hint, contents, body.required, " ".join(body.description.split()))

    def _content(self, media: MediaType) -> str:
        """Return the expression that makes the reader of a media type."""
        type_, essence = self._body_type(media), _essence(media.key)
        if _is_bytes(media):
            return "Binary()"
        if is_json(essence):
            return f"Json({type_})"
        if essence in _FORMS:
            return f"{_FORMS[essence]}({type_}, {_fields(media)})"
        return f"Text({type_})" if _is_text(essence) else "Binary()"

    def _body_type(self, media: MediaType, *, hint: bool = False) -> str:
        """Return the type of a body: the schema's for JSON and forms, str for text, else bytes."""
        schema, essence = media.schema, _essence(media.key)
        if _is_bytes(media):
            return "bytes"
        if is_json(essence) or essence in _FORMS:
            if schema is None:
                return "Any" if hint else "Anything"
            return self._types.hint(schema.raw) if hint else self._types.written(schema.raw)
        if not _is_text(essence):
            return "bytes"
        is_string = schema is not None and json_type(schema) == "string"
        return self._types.written(schema.raw) if schema and is_string and not hint else "str"

    def responses(self, operation: Operation) -> list[ResponseCode]:
        """Return the responses of an operation. Raises `UnsupportedContract` when it has none."""
        if not operation.responses:
            raise UnsupportedContract(
                f"{operation.pointer}/responses: is empty; say what the operation answers"
            )
        return [
            self._response(pascal(operation.id), response)
            for response in operation.responses.values()
        ]

    def _response(self, operation: str, response: model.Response) -> ResponseCode:
        status = response.status
        # Operations share the class of a shared response, unless they use it with different
        # statuses.
        shared = (
            response.is_shared
            and len({used for pointer, used in self._uses if pointer == response.pointer}) == 1
        )
        name = (
            f"{pascal(json_pointer.parse(response.places[1])[-1])}Response"
            if shared
            else operation + status.title()
        )
        content = {} if status in _BODYLESS else response.content
        types = [self._body_type(media, hint=True) for media in content.values()]
        return ResponseCode(
            class_name=name,
            shared=shared,
            status=int(status) if status.isdecimal() else None,
            statuses=_range(status),
            description=response.description or status,
            media_types=list(content),
            body=" | ".join(dict.fromkeys(types)) or None,
            headers=list(self._headers(response)),
        )

    def _headers(self, response: model.Response) -> Iterator[HeaderCode]:
        """Yield the headers that a handler sets; the service adds those with `x-automatic`."""
        taken = {
            "body",
            "status",
            "status_code",
            "media_type",
            "header_names",
            "render",
            "statuses",
        }
        for name, header in response.headers.items():
            if header.raw.get("x-automatic") or name.lower() == "content-type":
                continue
            field = unique(_FIELDS.get(name.lower()) or snake(name), taken, "_header")
            taken.add(field)
            hint = self._types.hint(header.schema.raw) if header.schema else "str"
            yield HeaderCode(
                name, field, hint, header.required, " ".join(header.description.split())
            )


def _is_bytes(media: MediaType) -> bool:
    """Return whether a body of any media type is its bytes: without a schema, or a binary one."""
    is_binary = media.schema is None or media.schema.target.raw.get("format") == "binary"
    return _essence(media.key) == "*/*" and is_binary


def _fields(media: MediaType) -> str:
    """Return the decoders of the fields of a form, and that of further fields."""
    encoding = media.raw.get("encoding") or {}
    fields = ", ".join(
        f"{name!r}: {_encoded_field(schema, encoding.get(name, {}))}"
        for name, schema in (_properties(media.schema) if media.schema else {}).items()
    )
    others = media.schema and next(media.schema.target.subschemas(("additionalProperties",)), None)
    return f"{{{fields}}}" + (f", others={_field(others)}" if others else "")


def _properties(schema: Schema) -> dict[str, Schema]:
    """Return the properties of a schema and of its options; the first of a name counts."""
    found = dict(schema.target.properties)
    for option in schema.target.subschemas(("allOf", "anyOf", "oneOf")):
        found = {**_properties(option), **found}
    return found


def _encoded_field(schema: Schema, encoding: JSON) -> str:
    if is_json(str(encoding.get("contentType", ""))):
        return "json_text"
    return _field(schema, exploded=encoding.get("explode", True))


def _field(schema: Schema, *, exploded: bool = True) -> str:
    kind, schema = json_type(schema), schema.target
    if kind == "array":
        items = _field(schema.items) if schema.items else "text"
        return f"many({items}{'' if exploded else ', separator=' + repr(',')})"
    if schema.raw.get("format") == "binary":
        return "binary"
    return {
        "integer": "integer",
        "number": "number",
        "boolean": "boolean",
        "object": "json_text",
    }.get(kind, "text")


def is_json(media_type: str) -> bool:
    """Return whether a media type is JSON (RFC 8259) or a `+json` type (RFC 6839, section 3.1)."""
    essence = _essence(media_type)
    return essence == "application/json" or essence.endswith("+json") or essence == "*/*"


def _essence(media_type: str) -> str:
    """Return a media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _named(media_type: str, essences: Counter[str]) -> str:
    """Return a media type without parameters, unless only they tell it from another one."""
    essence = _essence(media_type)
    if essences[essence] == 1:
        return essence
    parameters = [part.strip() for part in media_type.split(";")[1:]]
    return "; ".join([essence, *parameters])


def _is_text(media_type: str) -> bool:
    essence = _essence(media_type)
    return essence.startswith("text/") or essence.endswith(("xml", "+xml", "yaml"))


def _range(status: str) -> tuple[int, int] | None:
    if status.isdecimal():
        return None
    return (100, 599) if status == "default" else (int(status[0]) * 100, int(status[0]) * 100 + 99)
