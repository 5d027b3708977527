"""What all generated routers share: from the bytes of a request to typed arguments, and back.

The generator knows parameters, bodies and responses when it runs, so nothing is inspected here while requests are
served: validators are built once, on import, and a request goes through `Operation.__call__` in a straight line.
"""

import inspect
import json
import math
import re
from abc import ABC
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import parse_qsl

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, to_json
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

Location = Literal["body", "query", "path", "header", "cookie"]

# --- Refusals -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ErrorAt:
    """One thing that is wrong with a request, and where: a JSON Pointer (RFC 6901) into one of its parts."""

    location: Location
    pointer: str
    detail: str


class Refusal(Exception):
    """A request that the contract does not allow. The application decides what the answer looks like."""

    def __init__(
        self, status: int, detail: str, *, errors: Iterable[ErrorAt] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


# --- Models and their scalars ---------------------------------------------------------------------------------------


class Model(BaseModel):
    """Base of all generated models: Python names in code, the contract's names on the wire."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)


# RFC 3339, section 5.6. Pydantic alone also takes numbers and numeric strings for times.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _date_time(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise PydanticCustomError("date_time", "Input should be a date and time as in RFC 3339")


DateTime = Annotated[AwareDatetime, BeforeValidator(_date_time)]
"""`format: date-time`; in code an aware `datetime`."""

# --- Responses ------------------------------------------------------------------------------------------------------


class ApiResponse:
    """What an operation answers: one subclass for each documented status, its headers as fields."""

    __slots__ = ()

    status: ClassVar[int]
    media_type: ClassVar[str | None] = None
    header_names: ClassVar[Mapping[str, str]] = {}

    def render(self) -> Response:
        """Return the response as the bytes that leave the service."""
        response = Response(status_code=self.status, headers=self._headers())
        if self.media_type is not None:
            response.body = to_json(getattr(self, "body"), by_alias=True)  # noqa: B009 - only subclasses have one
            response.headers["content-type"] = self.media_type
            response.headers["content-length"] = str(len(response.body))
        return response

    def _headers(self) -> dict[str, str]:
        values = ((name, getattr(self, field)) for field, name in self.header_names.items())
        return {name: str(value) for name, value in values if value is not None}


# --- Handlers -------------------------------------------------------------------------------------------------------


class IncompleteHandlers(TypeError):
    """A handler class does not implement every operation; the text has the signatures that are left to write."""


class Handlers(ABC):  # noqa: B024 - the operations of its subclasses are abstract
    """Base of the generated interfaces: an application with an operation left out does not start."""

    def __new__(cls, *_: object, **__: object) -> Self:
        """Raises `IncompleteHandlers`."""
        if missing := sorted(cls.__abstractmethods__):
            sources = [inspect.getsource(getattr(cls, name)).replace("    @abstractmethod\n", "") for name in missing]
            place = f"{cls.__module__}.{cls.__qualname__}"
            raise IncompleteHandlers(f"{place} lacks {', '.join(missing)}. Write:\n\n" + "\n".join(sources))
        return super().__new__(cls)


# --- Parameters -----------------------------------------------------------------------------------------------------

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,30})", re.ASCII)


def text(value: str) -> object:
    """Leave a parameter as it is."""
    return value


def integer(value: str) -> object:
    """Decode a parameter as an integer; what is none stays text, so that validation says what is wrong with it."""
    return int(value) if _INTEGER.fullmatch(value) else value


def boolean(value: str) -> object:
    """Decode a parameter as a boolean: `true` or `false`."""
    return {"true": True, "false": False}.get(value, value)


class Parameter:
    """A path or query parameter: how to find it, decode it and check it."""

    def __init__(
        self,
        name: str,
        *,
        location: Location,
        type: Any,
        argument: str | None = None,
        decode: Callable[[str], object] = text,
        required: bool = False,
        default: object = None,
    ) -> None:
        self.name = name
        self.location: Location = location
        self.argument = argument or name
        self.decode = decode
        self.required = required
        self.default = default
        self._adapter: TypeAdapter[Any] = TypeAdapter(type)

    def read(self, values: Mapping[str, str], errors: list[ErrorAt]) -> object:
        """Return the checked value, or add to `errors` what is wrong with it."""
        value = values.get(self.name)
        if value is not None:
            return _validated(self._adapter, self.decode(value), self.location, f"/{_escaped(self.name)}", errors)
        if self.required:
            errors.append(ErrorAt(self.location, f"/{_escaped(self.name)}", "Parameter required"))
        return self.default


def _query_values(query: bytes, known: Mapping[str, Parameter]) -> dict[str, str]:
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise Refusal(400, "The query is not percent-encoded UTF-8, or has too many parameters.") from None
    errors = [
        ErrorAt("query", f"/{_escaped(name)}", "Unknown parameter" if name not in known else "Repeated parameter")
        for position, (name, _) in enumerate(pairs)
        if name not in known or any(name == earlier for earlier, _ in pairs[:position])
    ]
    if errors:
        raise Refusal(400, "The query has parameters that are unknown or repeated.", errors=errors[:100])
    return dict(pairs)


# --- Bodies ---------------------------------------------------------------------------------------------------------


class JsonBody:
    """A JSON body: its media type and its model."""

    def __init__(self, type: Any, *, media_type: str = "application/json") -> None:
        self.media_type = media_type
        self._adapter: TypeAdapter[Any] = TypeAdapter(type)

    async def read(self, request: Request, limit: int) -> bytes:
        """Return the bytes of the body; refuse another media type (415) or more than `limit` bytes (413)."""
        self._check_media_type(request.headers)
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
        return bytes(raw)

    def validate(self, value: object, errors: list[ErrorAt]) -> object:
        """Return the model, or add to `errors` what is wrong with the parsed JSON."""
        return _validated(self._adapter, value, "body", "", errors)

    def _check_media_type(self, headers: Headers) -> None:
        given = ", ".join(headers.getlist("content-type"))  # as RFC 9110, section 5.3 reads repeated fields
        media_type, *parameters = (part.strip().lower() for part in given.split(";"))
        utf8 = {*parameters} <= {"", "charset=utf-8", 'charset="utf-8"'}
        plain = ", ".join(headers.getlist("content-encoding")).lower() in ("", "identity")
        if media_type == self.media_type and utf8 and plain:
            return
        if not given and headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
            raise Refusal(400, "The request has no body.", errors=[ErrorAt("body", "", "Body required")])
        raise Refusal(415, f"Send the body as {self.media_type}, without content coding.")


def parse_json(raw: bytes) -> object:
    """Parse JSON (RFC 8259) strictly: UTF-8 only, no repeated member, no NaN; an integral number is an `int`.

    JSON Schema knows one kind of number, so `1.0` is an integer there. Raises `Refusal` (400).
    """
    try:
        return _DECODER.decode(raw.decode())
    except RecursionError:
        raise Refusal(400, "The body is nested too deeply.") from None
    except UnicodeDecodeError as error:
        raise Refusal(400, f"The body is not UTF-8: invalid byte at offset {error.start}.") from None
    except json.JSONDecodeError as error:
        raise Refusal(400, f"The body is not JSON: {error}.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(repeated, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Refusal(
            400,
            "The body has an object with a repeated member.",
            errors=[ErrorAt("body", "", f"Repeated: {repeated!a}")],
        )
    return members


def _integer(literal: str) -> int | float:
    return int(literal) if len(literal) < 1000 else math.inf  # no contract has integers that long


def _number(literal: str) -> int | float:
    number = float(literal)
    return int(number) if number.is_integer() else number


def _constant(literal: str) -> object:
    raise Refusal(400, f"The body is not JSON: {literal} is no JSON value.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)

# --- Validation -----------------------------------------------------------------------------------------------------


def _validated(
    adapter: TypeAdapter[Any], value: object, location: Location, root: str, errors: list[ErrorAt]
) -> object:
    try:
        return adapter.validate_python(value, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        errors.extend(ErrorAt(location, root + _pointer(each["loc"]), each["msg"]) for each in details[:100])
        return None


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{_escaped(str(part))}" for part in path)


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


# --- Operations and their routing -----------------------------------------------------------------------------------


class Operation:
    """One operation of the contract, bound to the handler that implements it."""

    def __init__(
        self,
        method: str,
        path: str,
        handler: Callable[..., Awaitable[ApiResponse]],
        *,
        parameters: Iterable[Parameter] = (),
        body: JsonBody | None = None,
    ) -> None:
        self.method = method
        self.path = path
        self._handler = handler
        self._body = body
        self._path = [parameter for parameter in parameters if parameter.location == "path"]
        self._query = {parameter.name: parameter for parameter in parameters if parameter.location == "query"}

    async def __call__(self, request: Request, *, max_body_bytes: int) -> ApiResponse:
        """Check the request against the contract, in the order that the contract promises, and call the handler.

        Raises `Refusal` with 415, 413, 400, 404 (a path parameter that cannot exist) or 422, in this order.
        """
        raw = await self._body.read(request, max_body_bytes) if self._body else b""
        query = _query_values(request.scope["query_string"], self._query)
        arguments: dict[str, object] = {}
        if self._body:
            arguments["body"] = parse_json(raw)
        self._read_path(request.path_params, arguments)
        errors: list[ErrorAt] = []
        for parameter in self._query.values():
            arguments[parameter.argument] = parameter.read(query, errors)
        if self._body:
            arguments["body"] = self._body.validate(arguments["body"], errors)
        if errors:
            places = "1 place" if len(errors) == 1 else f"{len(errors)} places"
            raise Refusal(422, f"The request does not fit its description in {places}.", errors=errors)
        return await self._handler(**arguments)

    def _read_path(self, values: Mapping[str, str], arguments: dict[str, object]) -> None:
        errors: list[ErrorAt] = []
        for parameter in self._path:
            arguments[parameter.argument] = parameter.read(values, errors)
        if errors:
            raise Refusal(404, "There is nothing at this path.", errors=errors)


class ContractRoute(BaseRoute):
    """All operations of the contract as one route of a Starlette or FastAPI application.

    One place knows every path, so `Allow` is complete, HEAD follows GET (RFC 9110, section 9.3.2), OPTIONS answers for
    the whole path, and a static path wins over a templated one whatever their tags.
    """

    def __init__(self, operations: Iterable[Operation], *, max_body_bytes: int) -> None:
        self._max_body_bytes = max_body_bytes
        self._static: dict[str, dict[str, Operation]] = {}
        self._templates: dict[str, tuple[re.Pattern[str], dict[str, Operation]]] = {}
        for operation in operations:
            self._methods(operation.path)[operation.method] = operation
        for _, methods in [*self._templates.values(), *((None, methods) for methods in self._static.values())]:
            if "GET" in methods:
                methods.setdefault("HEAD", methods["GET"])

    def _methods(self, path: str) -> dict[str, Operation]:
        if "{" not in path:
            return self._static.setdefault(path, {})
        pattern = re.sub(r"\\{(.+?)\\}", lambda name: f"(?P<{name[1]}>[^/]+)", re.escape(path))
        return self._templates.setdefault(path, (re.compile(pattern), {}))[1]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every path of the contract, whatever the method."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if methods := self._static.get(path):
            return Match.FULL, {"path_params": {}, "endpoint": methods}
        for pattern, methods in self._templates.values():
            if found := pattern.fullmatch(path):
                return Match.FULL, {"path_params": found.groupdict(), "endpoint": methods}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the operation of this method, or say which methods there are."""
        methods: dict[str, Operation] = scope["endpoint"]
        operation = methods.get(scope["method"])
        if operation is None:
            response = self._without_operation(scope["method"], allow=", ".join(sorted({*methods, "OPTIONS"})))
        else:
            answer = await operation(Request(scope, receive), max_body_bytes=self._max_body_bytes)
            response = answer.render()
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    def _without_operation(self, method: str, *, allow: str) -> Response:
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow})
        raise Refusal(405, f"This path allows {allow}.", headers={"Allow": allow})
