"""The validator: whether a response is one that the contract documents."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

import httpx

from specfirst.contract.model import (
    PROBLEM,
    Contract,
    Header,
    Operation,
    Response,
    Schema,
    path_pattern,
)
from specfirst.contract.schema_validator import SchemaValidator

PROTOCOL_HEADERS = frozenset(
    (
        "content-type",
        "content-length",
        "vary",
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
    )
)
"""The headers of HTTP and of CORS (the Fetch standard), which no contract documents."""

OF_SERVER = frozenset((400, 408, 431, 503))
"""The statuses with which a server of HTTP refuses a request before any operation sees it: it is
malformed, does not arrive in time or has too large a head, or there are too many connections. The
server ends the connection with them, and no operation has to document them.
"""

# Those of an operation that is deprecated (RFC 9745 and RFC 8594).
_OF_DEPRECATION = {"deprecation", "sunset", "link"}

ANNOUNCED: dict[str, tuple[str, Callable[[str], datetime]]] = {
    "x-deprecated-since": (
        "deprecation",
        lambda value: datetime.fromtimestamp(int(value.removeprefix("@")), UTC),
    ),
    "x-sunset": ("sunset", parsedate_to_datetime),
}
"""The dates of a deprecated operation, and the headers in which its responses announce them (RFC
9745, RFC 8594).
"""

# RFC 8259, section 11; RFC 9457, section 6.1.
_WITHOUT_PARAMETERS = {"application/json", PROBLEM}
_REFERENCE = re.compile(r"<(/(?!/)[^>]*)>")  # in a Link


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its response; the path is decoded, and the names of headers are in lower case.

    The path is that of the contract; `root_path` is the prefix before it that a proxy may have.
    """

    method: str
    path: str
    root_path: str = ""
    query: str = ""
    sent_headers: frozenset[str] = frozenset()
    status: int
    headers: dict[str, str]
    body: bytes = b""

    @classmethod
    def of(cls, answer: httpx.Response) -> Self:
        """Return the exchange of a response that a client has got."""
        url = answer.request.url
        return cls(
            method=answer.request.method,
            path=decoded_path(url.raw_path.partition(b"?")[0].decode()),
            query=url.query.decode(),
            sent_headers=frozenset(name.lower() for name in answer.request.headers),
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.content,
        )

    @property
    def media_type(self) -> str:
        """The media type of the body, in lower case, without parameters; may be empty."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def value(self) -> Any:
        """The value of the body: JSON or text. Raises `ValueError` if it cannot be decoded."""
        parsed = _parsed(self)
        return parsed[0] if parsed else self.body

    def __str__(self) -> str:
        return ascii(
            f"{self.method} {self.root_path}{self.path}{'?' if self.query else ''}{self.query}"[
                :200
            ]
        )[1:-1]


@dataclass(frozen=True, kw_only=True, order=True)
class Seen:
    """What an exchange shows of its operation: documented parameters and headers."""

    operation: str
    status: str
    media_type: str
    headers: tuple[str, ...]
    parameters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class Violation:
    """What is wrong with a response, and the JSON Pointer of what it breaks."""

    operation: str
    status: str
    pointer: str
    wrong: str
    request: str
    request_id: str = ""

    def __str__(self) -> str:
        return f"{self.operation} {self.status} {self.pointer}: {self.wrong} ({self.request})"


class ResponseValidator:
    """Validates responses against a contract.

    `pages` are templates of paths that are not in it, `of_server` names of headers that the server
    of HTTP adds by itself (in lower case).
    """

    def __init__(
        self, contract: Contract, *, pages: Iterable[str] = (), of_server: Collection[str] = ()
    ) -> None:
        self._pages = [path_pattern(page) for page in pages]
        self._automatic = contract.automatic_headers
        self._of_protocol = PROTOCOL_HEADERS.union(of_server)
        self._schemas = SchemaValidator(contract, closed=True)
        self._problem = contract.problem_schema
        paths: dict[str, dict[str, Operation]] = {}
        for operation in contract.operations:
            paths.setdefault(operation.path, {})[operation.method.upper()] = operation
        by_generality = sorted(
            paths, key=lambda path: [part.startswith("{") for part in path.split("/")]
        )
        self._paths = [(path_pattern(path), paths[path]) for path in by_generality]

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation of a request, if the contract has it; HEAD is that of GET."""
        for pattern, methods in self._paths:
            if pattern.fullmatch(path):
                return methods.get(method) or (methods.get("GET") if method == "HEAD" else None)
        return None

    def validate(self, exchange: Exchange) -> tuple[Seen | None, list[Violation]]:
        """Return what a response shows of its operation, if any, and its violations."""
        operation = self.operation(exchange.method, exchange.path)
        wrong = self._wrong(operation, exchange) if operation else self._wrong_beside(exchange)
        name, status = operation.id if operation else "(no operation)", str(exchange.status)
        violations = [
            Violation(
                operation=name,
                status=status,
                pointer=pointer,
                wrong=text,
                request=str(exchange),
                request_id=exchange.headers.get("x-request-id", ""),
            )
            for pointer, text in (
                *wrong,
                *_wrong_prefix(operation.pointer if operation else "/paths", exchange),
            )
        ]
        return self._seen(operation, exchange) if operation else None, violations

    def _wrong_refusal(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a refusal by the server, the same for every operation."""
        yield from self._wrong_problem(exchange)
        if exchange.status == 503 and "retry-after" not in exchange.headers:
            yield "/paths", "Retry-After is missing; send it (RFC 9110, section 10.2.3)"
        yield from self._wrong_values(exchange, self._automatic)
        yield from _wrong_framing(exchange, "/paths")

    def _wrong_beside(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a response where the contract has no operation."""
        known = any(pattern.fullmatch(exchange.path) for pattern, _ in self._paths)
        if exchange.status >= 400:
            yield from self._wrong_problem(exchange)
        elif known and (exchange.method, exchange.status) != ("OPTIONS", 204):
            yield "/paths", "there is no such operation; answer 405, or document it"
        elif not known and not any(page.fullmatch(exchange.path) for page in self._pages):
            yield "/paths", "there is no such path; answer 404, or document it"
        if (
            exchange.status == 405 or (known and exchange.status == 204)
        ) and "allow" not in exchange.headers:
            yield "/paths", "Allow is missing; send it (RFC 9110, section 10.2.1)"
        yield from self._wrong_values(exchange, self._automatic)
        yield from _wrong_framing(exchange, "/paths")

    def _wrong_problem(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the answer to a request that no operation takes."""
        if exchange.status == 500:
            yield "/paths", "the service has failed, which no contract excuses; fix it"
        if (media_type := exchange.media_type) != PROBLEM:
            yield "/paths", f"the body is {media_type or 'of no type'}; send it as {PROBLEM}"
        elif exchange.method != "HEAD":
            yield from self._wrong_content(exchange, "/paths", self._problem)

    def _seen(self, operation: Operation, exchange: Exchange) -> Seen:
        response = operation.responses.get(str(exchange.status))
        parameters = {each.identity: each.name for each in operation.parameters}
        names = {("query", name) for name, _ in parse_qsl(exchange.query, keep_blank_values=True)}
        names |= {("header", name) for name in exchange.sent_headers}
        names |= {each for each in parameters if each[0] == "path"}
        return Seen(
            operation=operation.id,
            status=str(exchange.status),
            media_type=exchange.media_type,
            headers=tuple(
                name
                for name in (response.headers if response else ())
                if name.lower() in exchange.headers
            ),
            parameters=tuple(name for sent, name in parameters.items() if sent in names),
        )

    def _wrong(self, operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str]]:
        response = operation.responses.get(str(exchange.status))
        if exchange.status == 500:
            yield (
                f"{operation.pointer}/responses",
                "the service has failed, which no contract excuses; fix it",
            )
        elif response is None and _is_of_server(exchange):
            yield from self._wrong_refusal(exchange)
        elif response is None:
            yield (
                f"{operation.pointer}/responses",
                "this status is not documented; document it, or answer otherwise",
            )
        else:
            yield from _wrong_framing(exchange, response.pointer)
            yield from _wrong_dates(operation, exchange)
            yield from self._wrong_headers(operation, exchange, response)
            yield from self._wrong_body(exchange, response)

    def _wrong_headers(
        self, operation: Operation, exchange: Exchange, response: Response
    ) -> Iterator[tuple[str, str]]:
        for name, header in response.headers.items():
            if header.required and name.lower() not in exchange.headers:
                yield (
                    f"{header.pointer}/required",
                    f"{name} is required and missing; send it, or document it as optional",
                )
        documented = self._automatic | response.headers
        yield from self._wrong_values(exchange, documented)
        known = self._of_protocol | {name.lower() for name in documented}
        known |= {ANNOUNCED[keyword][0] for keyword in operation.raw.keys() & ANNOUNCED}
        known |= _OF_DEPRECATION if operation.is_deprecated else set()
        for name in sorted(exchange.headers.keys() - known):
            yield (
                f"{response.pointer}/headers",
                f"the header {name} is not documented; document it, or do not send it",
            )

    def _wrong_values(
        self, exchange: Exchange, headers: Mapping[str, Header]
    ) -> Iterator[tuple[str, str]]:
        for name, header in headers.items():
            value = exchange.headers.get(name.lower())
            if value is not None and header.schema:
                yield from self.broken(header.schema.pointer, decoded(value, header.schema), name)

    def _wrong_body(self, exchange: Exchange, response: Response) -> Iterator[tuple[str, str]]:
        media_type = exchange.media_type
        if exchange.body and not response.content:
            yield (
                response.pointer,
                "there is a body where none is documented; send none, or document its content",
            )
        elif response.content and media_type not in response.content:
            [only, *others] = response.content.values()
            yield (
                f"{response.pointer}/content" if others else only.pointer,
                f"the body is {media_type or 'of no type'}; send it as "
                f"{' or '.join(response.content)}, or document it",
            )
        elif response.content and exchange.method != "HEAD":
            media = response.content[media_type]
            yield from self._wrong_content(
                exchange, media.pointer, media.schema.pointer if media.schema else None
            )

    def _wrong_content(
        self, exchange: Exchange, pointer: str, schema: str | None
    ) -> Iterator[tuple[str, str]]:
        parameters = exchange.headers.get("content-type", "").partition(";")[2].strip()
        is_usual = parameters.replace('"', "").lower() in ("", "charset=utf-8")  # means nothing
        if exchange.media_type in _WITHOUT_PARAMETERS and not is_usual:
            yield pointer, f"{exchange.media_type} has no parameter {parameters}; send none"
        try:
            value = _parsed(exchange)
        except ValueError as error:
            yield pointer, f"the body is not what its media type says: {error}; fix the service"
            return
        if schema is not None and value is not None:
            yield from self.broken(schema, value[0], "the body")

    def broken(self, pointer: str, value: object, what: str) -> Iterator[tuple[str, str]]:
        """Yield where a value breaks the schema at a pointer; objects have no other properties."""
        for error in self._schemas.errors(pointer, value):
            at = f" at {error.inside}" if error.inside else ""
            yield (
                error.pointer,
                f"{what}{at} breaks the contract: {error.message}; fix the service, or the "
                "contract",
            )


def _is_of_server(exchange: Exchange) -> bool:
    """Return whether a response is one of the server itself, which ends the connection with it."""
    options = exchange.headers.get("connection", "").lower().split(",")
    return exchange.status in OF_SERVER and "close" in [option.strip() for option in options]


def decoded_path(path: str) -> str:
    """Return a path decoded part by part: an encoded slash stays so, as it separates nothing."""
    return "/".join(unquote(part).replace("/", "%2F") for part in path.split("/"))


def _wrong_prefix(pointer: str, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield URLs that lead out of the root path, and identifiers that have it."""
    if not exchange.root_path:
        return
    headers, problem = exchange.headers, _problem(exchange)
    targets = {"Link": _REFERENCE.findall(headers.get("link", ""))}
    targets |= {name: [headers.get(name.lower(), "")] for name in ("Location", "Content-Location")}
    for name, paths in targets.items():
        for path in paths:
            if (
                path.startswith("/")
                and not path.startswith("//")
                and not _is_below(exchange.root_path, path)
            ):
                yield pointer, f"{name} leads to {path}; send it below {exchange.root_path}"
    if _is_below(exchange.root_path, str(problem.get("type", ""))):
        yield (
            pointer,
            "the type of a problem is below the prefix; send it as the contract has it, it is an "
            "identifier",
        )
    if (instance := problem.get("instance")) and not _is_below(exchange.root_path, str(instance)):
        yield pointer, f"the instance of a problem is {instance}; send the path that was asked for"


def _is_below(root_path: str, path: str) -> bool:
    return path == root_path or path.startswith(f"{root_path}/")


def _problem(exchange: Exchange) -> dict[str, Any]:
    """Return the problem in an answer, an empty one where there is none."""
    try:
        value = json.loads(exchange.body) if exchange.media_type == PROBLEM else {}
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _wrong_framing(exchange: Exchange, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield what HTTP itself forbids, whatever a contract says."""
    if exchange.method == "HEAD" and exchange.body:
        yield (
            pointer,
            "HEAD is answered with a body; send the headers alone (RFC 9110, section 9.3.2)",
        )
    if exchange.status == 204 and "content-length" in exchange.headers:
        yield pointer, "204 has a length; send no Content-Length with it (RFC 9110, section 8.6)"


def _wrong_dates(operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield the dates of a deprecated operation that a response does not announce."""
    for keyword in operation.raw.keys() & ANNOUNCED.keys():
        header, read = ANNOUNCED[keyword]
        value = exchange.headers.get(header, "")
        try:
            is_right = read(value) == datetime.fromisoformat(operation.raw[keyword]).replace(
                tzinfo=UTC
            )
        except (ValueError, OverflowError, OSError):
            is_right = False
        if not is_right:
            yield (
                f"{operation.pointer}/{keyword}",
                f"{header} is {value or 'missing'}; send the date of the contract, or fix it",
            )


def _parsed(exchange: Exchange) -> tuple[Any] | None:
    """Return the value of a body; None if its media type has no schema. Raises `ValueError`."""
    media_type = exchange.media_type
    if media_type.endswith(("/json", "+json")):
        return (json.loads(exchange.body.decode(), parse_constant=_no_number),)
    return (exchange.body.decode(),) if media_type.startswith("text/") else None


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


def decoded(value: str, schema: Schema) -> object:
    """Return the value of a header by its schema (style `simple`), or as text."""
    types = schema.target.types
    if "array" in types:
        items = schema.target.items
        return [
            decoded(each.strip(), items) if items else each.strip() for each in value.split(",")
        ]
    if "integer" in types and re.fullmatch(r"-?\d+", value, re.ASCII):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if "boolean" in types else value
