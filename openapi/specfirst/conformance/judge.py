"""The judge: whether an answer of the service is one that the contract documents."""

import copy
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Self
from urllib.parse import parse_qsl, quote

import jsonschema_rs

from specfirst.codegen.walking import each_schema
from specfirst.contract.document import Document, escaped, operations, resolve

# What HTTP itself needs to tell of a body; all else that an answer says, the contract says before (and RFC 9745 and
# RFC 8594, of an operation that is deprecated).
_OF_HTTP = {"content-type", "content-length"}
_OF_DEPRECATION = {"deprecation", "sunset", "link"}
_COMBINING = ("allOf", "anyOf", "oneOf")
_PROBLEM = "application/problem+json"
_REFERENCE = re.compile(r"<(/(?!/)[^>]*)>")  # in a Link


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its answer; the path is decoded, and the names of headers are in lower case.

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

    def __str__(self) -> str:
        return ascii(f"{self.method} {self.root_path}{self.path}{'?' if self.query else ''}{self.query}"[:200])[1:-1]


@dataclass(frozen=True, kw_only=True, order=True)
class Seen:
    """What an answer shows of its operation: names of parameters and headers that the contract has."""

    operation: str
    status: str
    media_type: str
    headers: tuple[str, ...]
    parameters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class Violation:
    """What is wrong with an answer; the JSON Pointer says where the contract tells otherwise."""

    operation: str
    status: str
    pointer: str
    wrong: str
    request: str
    request_id: str = ""

    def __str__(self) -> str:
        return f"{self.operation} {self.status} {self.pointer}: {self.wrong} ({self.request})"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation of the contract, and where it stands."""

    name: str
    pointer: str
    content: Document
    parameters: dict[tuple[str, str], str]  # by place and name, as HTTP compares it: the name in the contract

    @classmethod
    def of(cls, document: Document, path: str, method: str) -> Self:
        """Return the operation of a path and method that the contract has."""
        item = resolve(document, document["paths"][path])
        content = item[method]
        given = [resolve(document, each) for each in (*item.get("parameters", []), *content.get("parameters", []))]
        return cls(
            name=content.get("operationId", f"{method.upper()} {path}"),
            pointer=f"/paths/{escaped(path)}/{method}",
            content=content,
            parameters={_as_sent(each["in"], each["name"]): each["name"] for each in given},
        )


def _as_sent(place: str, name: str) -> tuple[str, str]:
    return place, name.lower() if place == "header" else name


def followed(document: Document, pointer: str, node: Document) -> tuple[str, Document]:
    """Return a node of the document with its pointer, or those of what it refers to."""
    while isinstance(node.get("$ref"), str):
        pointer = node["$ref"].removeprefix("#")
        node = resolve(document, {"$ref": node["$ref"]})
    return pointer, node


class Judge:
    """Holds answers against a contract; `pages` are paths of the service that stand beside it, as templates."""

    def __init__(self, document: Document, *, pages: Iterable[str] = ()) -> None:
        self._document = document
        self._pages = [_pattern(page) for page in pages]
        self._strict = _strict(document)
        self._validator = cache(self._compiled)
        paths: dict[str, dict[str, Operation]] = {}
        for path, method, _ in operations(document):
            paths.setdefault(path, {})[method.upper()] = Operation.of(document, path, method)
        by_generality = sorted(paths, key=lambda path: [part.startswith("{") for part in path.split("/")])
        self._paths = [(_pattern(path), paths[path]) for path in by_generality]

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request asks for, if it is one of the contract; HEAD asks like GET."""
        for pattern, methods in self._paths:
            if pattern.fullmatch(path):
                return methods.get(method) or (methods.get("GET") if method == "HEAD" else None)
        return None

    def judge(self, exchange: Exchange) -> tuple[Seen | None, list[Violation]]:
        """Return what an answer shows of its operation, nothing where none was asked for, and what is wrong with it."""
        operation = self.operation(exchange.method, exchange.path)
        wrong = self._wrong(operation, exchange) if operation else self._wrong_beside(exchange)
        name, status = operation.name if operation else "(no operation)", str(exchange.status)
        violations = [
            Violation(
                operation=name,
                status=status,
                pointer=pointer,
                wrong=text,
                request=str(exchange),
                request_id=exchange.headers.get("x-request-id", ""),
            )
            for pointer, text in (*wrong, *_wrong_prefix(operation.pointer if operation else "/paths", exchange))
        ]
        return self._seen(operation, exchange) if operation else None, violations

    def _wrong_beside(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with an answer where the contract has no operation, by HTTP and by its conventions."""
        known = any(pattern.fullmatch(exchange.path) for pattern, _ in self._paths)
        if exchange.status >= 400:
            yield from self._wrong_problem(exchange)
        elif known and (exchange.method, exchange.status) != ("OPTIONS", 204):
            yield "/paths", "there is no such operation; answer 405, or document it"
        elif not known and not any(page.fullmatch(exchange.path) for page in self._pages):
            yield "/paths", "there is no such path; answer 404, or document it"
        if (exchange.status == 405 or (known and exchange.status == 204)) and "allow" not in exchange.headers:
            yield "/paths", "Allow is missing; send it (RFC 9110, section 10.2.1)"
        yield from _wrong_framing(exchange, "/paths")

    def _wrong_problem(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the answer to a request that no operation takes."""
        if exchange.status == 500:
            yield "/paths", "the service has failed, which no contract excuses; mend it"
        if (media_type := _media_type(exchange)) != _PROBLEM:
            yield "/paths", f"the body is {media_type or 'of no type'}; send it as {_PROBLEM}"
        elif exchange.method != "HEAD":
            described = "Problem" in self._document.get("components", {}).get("schemas", {})
            yield from self._wrong_content(exchange, "/paths", "/components/schemas/Problem" if described else None)

    def _seen(self, operation: Operation, exchange: Exchange) -> Seen:
        _, response = self._response(operation, exchange)
        names = {("query", name) for name, _ in parse_qsl(exchange.query, keep_blank_values=True)}
        names |= {("header", name) for name in exchange.sent_headers}
        names |= {each for each in operation.parameters if each[0] == "path"}
        return Seen(
            operation=operation.name,
            status=str(exchange.status),
            media_type=_media_type(exchange),
            headers=tuple(name for name in response.get("headers", {}) if name.lower() in exchange.headers),
            parameters=tuple(name for sent, name in operation.parameters.items() if sent in names),
        )

    def _response(self, operation: Operation, exchange: Exchange) -> tuple[str, Document]:
        """Return the documented response and where it stands; an empty one where there is none."""
        pointer = f"{operation.pointer}/responses/{exchange.status}"
        return followed(self._document, pointer, operation.content["responses"].get(str(exchange.status), {}))

    def _wrong(self, operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str]]:
        pointer, response = self._response(operation, exchange)
        if exchange.status == 500:
            yield f"{operation.pointer}/responses", "the service has failed, which no contract excuses; mend it"
        elif not response:
            yield f"{operation.pointer}/responses", "this status is not documented; document it, or answer otherwise"
        else:
            yield from _wrong_framing(exchange, pointer)
            yield from self._wrong_headers(operation, exchange, pointer, response.get("headers", {}))
            yield from self._wrong_body(exchange, pointer, response.get("content", {}))

    def _wrong_headers(
        self, operation: Operation, exchange: Exchange, pointer: str, headers: Document
    ) -> Iterator[tuple[str, str]]:
        for name, node in headers.items():
            place, header = followed(self._document, f"{pointer}/headers/{escaped(name)}", node)
            value = exchange.headers.get(name.lower())
            if value is None and header.get("required"):
                yield place, f"{name} is required and missing; send it, or document it as optional"
            elif value is not None:
                yield from self._broken(f"{place}/schema", _decoded(value, self._schema(header)), name)
        allowed = _OF_HTTP | (_OF_DEPRECATION if operation.content.get("deprecated") else set())
        for name in exchange.headers.keys() - {name.lower() for name in headers} - allowed:
            yield f"{pointer}/headers", f"the header {name} is not documented; document it, or do not send it"

    def _wrong_body(self, exchange: Exchange, pointer: str, content: Document) -> Iterator[tuple[str, str]]:
        media_type = _media_type(exchange)
        if exchange.body and not content:
            yield pointer, "there is a body where none is documented; send none, or document its content"
        elif content and media_type not in content:
            yield (
                f"{pointer}/content",
                f"the body is {media_type or 'of no type'}; send it as {' or '.join(content)}, or document it",
            )
        elif content and exchange.method != "HEAD":
            place = f"{pointer}/content/{escaped(media_type)}"
            schema = f"{place}/schema" if "schema" in content[media_type] else None
            yield from self._wrong_content(exchange, place, schema)

    def _wrong_content(self, exchange: Exchange, pointer: str, schema: str | None) -> Iterator[tuple[str, str]]:
        try:
            value = _parsed(exchange)
        except ValueError as error:
            yield pointer, f"the body is not what its media type says: {error}; mend the service"
            return
        if schema is not None and value is not None:
            yield from self._broken(schema, value[0], "the body")

    def _broken(self, pointer: str, value: object, what: str) -> Iterator[tuple[str, str]]:
        """Yield where a value breaks the schema at a pointer."""
        for error in self._validator(pointer).iter_errors(value):
            place = "/".join(["", *(escaped(str(part)) for part in error.schema_path)])
            inside = "/".join(["", *(escaped(str(part)) for part in error.instance_path)])
            at = f" at {inside}" if inside else ""
            yield (
                place.removesuffix("/unevaluatedProperties"),
                f"{what}{at} breaks the contract: {error.message[:200]}; mend the service, or the contract",
            )

    def _schema(self, header: Document) -> Document:
        return resolve(self._document, header.get("schema", {}))

    def _compiled(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        reference = {"$ref": f"#{quote(pointer, safe='/~')}"}
        return jsonschema_rs.Draft202012Validator(self._strict | reference, validate_formats=True)


def _wrong_prefix(pointer: str, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield what leads out of the prefix below which the service is offered, and identifiers that have one."""
    if not exchange.root_path:
        return
    headers, problem = exchange.headers, _problem(exchange)
    targets = {"Link": _REFERENCE.findall(headers.get("link", ""))}
    targets |= {name: [headers.get(name.lower(), "")] for name in ("Location", "Content-Location")}
    for name, paths in targets.items():
        for path in paths:
            if path.startswith("/") and not path.startswith("//") and not _is_below(exchange.root_path, path):
                yield pointer, f"{name} leads to {path}; send it below {exchange.root_path}"
    if _is_below(exchange.root_path, str(problem.get("type", ""))):
        yield pointer, "the type of a problem is below the prefix; send it as the contract has it, it is an identifier"
    if (instance := problem.get("instance")) and not _is_below(exchange.root_path, str(instance)):
        yield pointer, f"the instance of a problem is {instance}; send the path that was asked for"


def _is_below(root_path: str, path: str) -> bool:
    return path == root_path or path.startswith(f"{root_path}/")


def _problem(exchange: Exchange) -> Document:
    """Return the problem in an answer, an empty one where there is none."""
    try:
        value = json.loads(exchange.body) if _media_type(exchange) == _PROBLEM else {}
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _wrong_framing(exchange: Exchange, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield what HTTP itself forbids, whatever a contract says."""
    if exchange.method == "HEAD" and exchange.body:
        yield pointer, "HEAD is answered with a body; send the headers alone (RFC 9110, section 9.3.2)"
    if exchange.status == 204 and "content-length" in exchange.headers:
        yield pointer, "204 has a length; send no Content-Length with it (RFC 9110, section 8.6)"


def _strict(document: Document) -> Document:
    """Return a copy in which an object has the members that are described and no others.

    JSON Schema leaves objects open, for clients that shall bear more in later versions; a service that sends today
    what its contract does not describe today has not said all.
    """
    strict: Document = copy.deepcopy(document)
    strict.setdefault("components", {})
    combined: set[int] = set()  # parts that are closed where they are combined, not one by one

    def find(schema: Document) -> None:
        combined.update(id(resolve(strict, part)) for word in _COMBINING for part in schema.get(word, []))

    def close(schema: Document) -> None:
        if id(schema) not in combined and schema.keys() & {"properties", *_COMBINING}:
            schema.setdefault("unevaluatedProperties", False)

    each_schema(strict, find)
    each_schema(strict, close)
    return strict


def _pattern(path: str) -> re.Pattern[str]:
    """Return what the paths of a template look like (OpenAPI 3.1, section 4.8.8.2)."""
    return re.compile("".join("[^/]+" if part[:1] == "{" else re.escape(part) for part in re.split(r"(\{.+?\})", path)))


def _media_type(exchange: Exchange) -> str:
    return exchange.headers.get("content-type", "").partition(";")[0].strip().lower()


def _parsed(exchange: Exchange) -> tuple[Any] | None:
    """Return the value of a body, or None of a media type that has no schema. Raises `ValueError`."""
    media_type = _media_type(exchange)
    if media_type.endswith(("/json", "+json")):
        return (json.loads(exchange.body.decode(), parse_constant=_no_number),)
    return (exchange.body.decode(),) if media_type.startswith("text/") else None


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


def _decoded(value: str, schema: Document) -> object:
    """Return the value of a header as its schema has it, or as text where it has another form (style `simple`)."""
    types = schema.get("type", "string")
    if "array" in types:
        items = schema.get("items", {})
        return [_decoded(each.strip(), items) for each in value.split(",")]
    if "integer" in types and re.fullmatch(r"-?\d+", value, re.ASCII):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if "boolean" in types else value
