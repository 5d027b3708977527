"""Lint rules that no general linter has: what makes the service safe, and its conventions.

Each rule is a generator function that yields its findings: the JSON Pointer, the problem, and how
to fix it. Where a reference is followed, the pointer is that of its target. `profiles.py` says
which rules a contract has to pass.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from specfirst.contract import json_pointer
from specfirst.contract.model import (
    PROBLEM,
    Contract,
    Header,
    Node,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Schema,
)


class Finding(NamedTuple):
    """A violation of a rule: where it is, what it is, and how to fix it."""

    pointer: str
    problem: str
    fix: str


Rule = Callable[[Contract], Iterator[Finding]]

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_VERBS = {
    "list": "get",
    "get": "get",
    "create": "post",
    "update": "patch",
    "delete": "delete",
    "revoke": "delete",
    "replace": "put",
}
_SAFE = {"get", "head", "options", "trace"}  # methods that do not write (RFC 9110, section 9.2.1)
_CHANGING = ("put", "patch", "delete")  # methods that need a precondition
_CONDITIONS = {("header", "if-match"), ("header", "if-none-match")}
_BOUNDING_FORMATS = {"date-time", "date", "time", "uuid", "ipv4", "ipv6"}
_NUMBER_BOUNDS: list[tuple[str, ...]] = [
    ("minimum", "exclusiveMinimum", "enum", "const"),
    ("maximum", "exclusiveMaximum", "enum", "const"),
]
# For each type, the groups of keywords of which an input needs one each.
_BOUNDS: dict[str, list[tuple[str, ...]]] = {
    "string": [("maxLength", "enum", "const", "format")],
    "array": [("maxItems",)],
    "integer": _NUMBER_BOUNDS,
    "number": _NUMBER_BOUNDS,
}
# Conditions such as `if` and `contains` are left out: they describe no part of a value by
# themselves.
_DESCRIBING = (
    *("properties", "patternProperties", "additionalProperties", "items", "prefixItems"),
    *("allOf", "anyOf", "oneOf", "not"),
)
_NOTHING = {"not": True}  # how the model reads the schema `false`
_IDEMPOTENCY_KEY = "idempotency-key"
# Headers whose value is for one request: an example would be a used key or a stale tag.
_FOR_ONE_REQUEST = {_IDEMPOTENCY_KEY, "if-match", "if-none-match"}


# --- What makes the service safe and its document complete ---


def bounds(contract: Contract) -> Iterator[Finding]:
    """Strings, arrays and numbers that a client sends have a maximum size."""
    for schema in _inputs(contract):
        if not schema.types and not schema.raw.keys() & {
            "allOf",
            "anyOf",
            "oneOf",
            "enum",
            "const",
        }:
            if schema.raw != _NOTHING:
                yield Finding(schema.pointer, "an input of any type has no bounds", "add a type")
        for kind in schema.types:
            for group in _BOUNDS.get(kind, []):
                if not any(_bounds(schema, keyword) for keyword in group):
                    yield Finding(
                        schema.pointer, f"an input of type {kind} without bound", f"add {group[0]}"
                    )


def closed(contract: Contract) -> Iterator[Finding]:
    """Objects that a client sends have no properties except those described."""
    for schema in _inputs(contract):
        is_object = "object" in schema.types or "properties" in schema.raw
        if is_object and False not in (
            schema.raw.get(f"{kind}Properties") for kind in ("additional", "unevaluated")
        ):
            pointer = schema.inner("additionalProperties")
            yield Finding(
                pointer, "an input that accepts any property", "add additionalProperties: false"
            )


def nul(contract: Contract) -> Iterator[Finding]:
    """Text that a client sends has no U+0000, which PostgreSQL cannot store.

    Cursors may have it: the service rejects every value that it did not issue.
    """
    for schema in _inputs(contract, cursors=False):
        if "string" in schema.types and _accepts_nul(schema):
            pointer = schema.inner("pattern")
            yield Finding(
                pointer, r"a text that may contain U+0000", r"add pattern: '^[^\u0000]*$'"
            )


def statuses(contract: Contract) -> Iterator[Finding]:
    """An operation documents the error statuses that it can answer with."""
    for operation in contract.operations:
        for status, reason in _expected_statuses(operation):
            if status not in operation.responses:
                yield Finding(
                    operation.inner("responses"),
                    f"no {status}, but {reason}",
                    f"document the {status}",
                )


def no_catch_all(contract: Contract) -> Iterator[Finding]:
    """Each status is documented by its number, so any other status, and any 500, is a defect."""
    for operation in contract.operations:
        for status in operation.responses:
            pointer = operation.inner("responses", status)
            if not status.isdecimal():
                yield Finding(
                    pointer,
                    f"{status!r} covers statuses that nobody intended",
                    "document each by its number",
                )
            elif status == "500":
                yield Finding(pointer, "a 500 is a defect, not a documented response", "remove it")


# --- Conventions ---


def operation_ids(contract: Contract) -> Iterator[Finding]:
    """An operationId is the name of a Python function: a verb and a noun."""
    for operation in contract.operations:
        name = _operation_id(operation)
        if (
            not _SNAKE_CASE.fullmatch(name) or "_" not in name
        ):  # no keyword of Python has an underscore
            fix = "use a verb and a noun in snake_case, such as list_authors"
            yield Finding(operation.inner("operationId"), f"{name!r} is not a function name", fix)


def verbs(contract: Contract) -> Iterator[Finding]:
    """The verb of an operationId matches its method; other verbs are POST."""
    for operation in contract.operations:
        name = _operation_id(operation)
        method = _VERBS.get(name.partition("_")[0], "post")
        if operation.method != method:
            prefixes = [f"{verb}_" for verb, of in _VERBS.items() if of == operation.method]
            yield Finding(
                operation.inner("operationId"),
                f"{name!r} is the name of a {method.upper()}, not of a {operation.method.upper()}",
                f"start it with {' or '.join(prefixes)}" if prefixes else "use another method",
            )


def tags(contract: Contract) -> Iterator[Finding]:
    """An operation has exactly one tag, and the document declares it."""
    declared = [tag.get("name") for tag in contract.document.get("tags", [])]
    for operation in contract.operations:
        pointer, names = operation.inner("tags"), operation.tags
        if len(names) != 1:
            yield Finding(
                pointer, f"{len(names)} tags", "use exactly one: each tag becomes a module"
            )
        elif names[0] not in declared:
            yield Finding(pointer, f"the tag {names[0]!r} is not declared", "declare it in /tags")


def paths(contract: Contract) -> Iterator[Finding]:
    """A path is in lower case, has no trailing slash, and names collections in the plural."""
    for path in contract.document.get("paths", {}):
        pointer = json_pointer.join("/paths", path)
        if path.endswith("/"):
            yield Finding(pointer, "the path has a trailing slash", "remove it: /authors")
        for segment, following in pairwise([*path.strip("/").split("/"), ""]):
            if not re.fullmatch(r"[a-z][a-z0-9-]*|\{[a-z][a-z0-9_]*\}", segment):
                fix = "use lower case with hyphens, and {snake_case} for ids"
                yield Finding(pointer, f"the segment {segment!r} breaks the naming convention", fix)
            elif (
                following.startswith("{")
                and not segment.startswith("{")
                and not segment.endswith("s")
            ):
                yield Finding(
                    pointer,
                    f"{segment!r} is a collection, but not plural",
                    f"use /{segment}s/{following}",
                )


def collections(contract: Contract) -> Iterator[Finding]:
    """What is listed or created in is a collection: its path ends with a plural."""
    for operation in contract.operations:
        verb = _operation_id(operation).partition("_")[0]
        if verb in ("list", "create") and not operation.path.endswith("s"):
            yield Finding(
                operation.path_item.place,
                f"{verb}_ here, but the path is not plural",
                "use a plural",
            )


def names(contract: Contract) -> Iterator[Finding]:
    """Properties and parameters have names in snake_case; headers follow the convention of HTTP."""
    for parameter in _parameters(contract):
        if parameter.location != "header" and not _SNAKE_CASE.fullmatch(parameter.name):
            yield Finding(
                parameter.inner("name"), f"{parameter.name!r} is not in snake_case", "rename it"
            )
    for schema in _schemas(contract):
        for name in schema.properties:
            if not _SNAKE_CASE.fullmatch(name):
                yield Finding(
                    schema.inner("properties", name), f"{name!r} is not in snake_case", "rename it"
                )


def headers(contract: Contract) -> Iterator[Finding]:
    """A response always has the headers that its status calls for."""
    for operation, response in _responses(contract):
        always = {name.lower() for name, header in response.headers.items() if header.required}
        for name in _expected_headers(operation, response):
            if name.lower() not in always:
                pointer = response.inner("headers", name)
                problem = f"a {response.status} does not always have {name}"
                yield Finding(pointer, problem, "add the header, with required: true")


def problems(contract: Contract) -> Iterator[Finding]:
    """An error is a problem (RFC 9457), and all problems have the same schema."""
    for _, response in _responses(contract):
        schemas = {
            name: media.schema.target.pointer if media.schema else None
            for name, media in response.content.items()
        }
        if response.status >= "4" and schemas != {PROBLEM: contract.problem_schema}:
            fix = f"use {PROBLEM} with the schema of the other problems"
            yield Finding(
                response.inner("content"), f"a {response.status} that is not a problem", fix
            )


def open_writes(contract: Contract) -> Iterator[Finding]:
    """Only who shows credentials can write."""
    for operation in contract.operations:
        if operation.method not in _SAFE and not all(operation.security or ({},)):
            fix = "name a security scheme, and no {} among the alternatives"
            yield Finding(operation.security_pointer, f"{operation.id} writes for anybody", fix)


def preconditions(contract: Contract) -> Iterator[Finding]:
    """What can be changed has an ETag, and only who names it can change or delete it.

    What nobody can change, only delete, needs none: its state is always the one that was seen.
    """
    resources: dict[str, dict[str, Operation]] = {}
    for operation in contract.operations:
        resources.setdefault(operation.path, {})[operation.method] = operation
    for path, methods in resources.items():
        if "{" in path and methods.keys() & {"put", "patch"}:
            yield from _without_etag(methods)
            for operation in (methods[each] for each in _CHANGING if each in methods):
                if operation.if_match is None or not operation.if_match.required:
                    yield Finding(
                        operation.inner("parameters"),
                        f"{operation.id} may overwrite a change that the client has not seen",
                        "add the header parameter If-Match, with required: true",
                    )


def _without_etag(methods: Mapping[str, Operation]) -> Iterator[Finding]:
    """Yield a GET that does not show the ETag, or does not compare it with If-None-Match."""
    reading = methods.get("get")
    if reading is None:
        return
    for status, response in reading.responses.items():
        if status.startswith("2") and not _has_required(response, "ETag"):
            problem = "what can be changed is shown without ETag"
            yield Finding(
                response.inner("headers"), problem, "add the header ETag, with required: true"
            )
    if not reading.is_revalidated:
        yield Finding(
            reading.inner("parameters"),
            f"{reading.id} sends again what the client has already",
            "add the header parameter If-None-Match, and the response 304",
        )


def idempotency(contract: Contract) -> Iterator[Finding]:
    """A POST that creates something takes an Idempotency-Key, unless its response has a secret.

    A response with a key is stored, and what has a secret is not: it says `no-store`.
    """
    for operation in contract.operations:
        created = operation.responses.get("201") if operation.method == "post" else None
        if created is None:
            continue
        key = _idempotency_key(operation)
        if _has_secret(created):
            if key is not None:
                problem = "the response has a secret, but would be stored with this key"
                yield Finding(key.pointer, problem, "remove the parameter")
        elif key is None:
            problem = f"{operation.id} cannot be sent again when its response was lost"
            fix = "add the parameter Idempotency-Key, or Cache-Control: no-store for a secret"
            yield Finding(operation.inner("parameters"), problem, fix)
        elif key.required:
            yield Finding(key.inner("required"), "clients without retries need no key", "remove it")


def enum_names(contract: Contract) -> Iterator[Finding]:
    """The names of an enum's values are as many as the values, and distinct."""
    for schema in _schemas(contract):
        given = schema.raw.get("x-enum-varnames")
        if given is not None and not len(set(given)) == len(given) == len(
            schema.raw.get("enum", [])
        ):
            pointer = schema.inner("x-enum-varnames")
            yield Finding(
                pointer, "does not name each value of the enum", "give each value its own name"
            )


def descriptions(contract: Contract) -> Iterator[Finding]:
    """Each parameter, body, header and property has a description."""
    nodes = [*_parameters(contract), *_bodies(contract), *_headers(contract)]
    described = [(node.pointer, node.description) for node in nodes]
    described += [
        (schema.pointer, str(schema.annotation("description") or ""))
        for schema in _properties(contract)
    ]
    for pointer, description in described:
        if not description.strip():
            yield Finding(pointer, "has no description", "say in one sentence what it is")


def examples(contract: Contract) -> Iterator[Finding]:
    """Parameters, bodies, headers and properties have examples, unless `prefilled` forbids it."""
    nodes: list[Node] = [*_headers(contract)]
    for operation in contract.operations:
        nodes += (
            each
            for each in operation.parameters
            if not _identifies_deleted(operation, each) and not _is_for_one_request(each)
        )
    for holder in [*_bodies(contract), *(response for _, response in _responses(contract))]:
        nodes += holder.content.values()
    for node in nodes:
        if not _has_example(node):
            yield Finding(
                node.pointer, "has no example", "add one; the examples tell one small story"
            )
    for schema in _properties(contract):
        if not _has_example(schema) and not _has_example(schema.target):
            yield Finding(
                schema.pointer, "has no example", "add one; the examples tell one small story"
            )


def prefilled(contract: Contract) -> Iterator[Finding]:
    """The target of a DELETE has no example; its other parameters show their default.

    Documentation pages prefill examples, so one click would send them. `Idempotency-Key`,
    `If-Match` and `If-None-Match` have none either: the value is for one request.
    """
    for operation in contract.operations:
        for parameter in operation.parameters:
            schema = parameter.schema.target.raw if parameter.schema else {}
            values = list(_prefilled_values(parameter))
            if _is_for_one_request(parameter) and values:
                problem = "an example of what is good for one request"
                yield Finding(parameter.inner("example"), problem, "remove it")
            elif _identifies_deleted(operation, parameter) and values:
                problem = "an example of what to delete, one click away from deleting it"
                fix = "remove it; if other operations share the parameter, give DELETE its own"
                yield Finding(parameter.inner("example"), problem, fix)
            elif operation.method == "delete" and any(
                value != schema.get("default", value) for value in values
            ):
                problem = "an example that changes what DELETE does by default"
                yield Finding(parameter.inner("example"), problem, "show the default")


def deprecations(contract: Contract) -> Iterator[Finding]:
    """A deprecated operation says since when, and may say when it ends."""
    for operation in contract.operations:
        raw = operation.raw
        since, end = _date(raw.get("x-deprecated-since")), _date(raw.get("x-sunset"))
        if operation.is_deprecated and since is None:
            pointer = operation.inner("x-deprecated-since")
            yield Finding(pointer, "deprecated, but without a date", "add x-deprecated-since")
        if not operation.is_deprecated and {"x-deprecated-since", "x-sunset"} & raw.keys():
            yield Finding(
                operation.pointer, "has an end date, but is not deprecated", "add deprecated: true"
            )
        if "x-sunset" in raw and (end is None or (since is not None and end < since)):
            pointer = operation.inner("x-sunset")
            yield Finding(
                pointer, "is not a date after x-deprecated-since", "write it as 2027-01-31"
            )


# --- What the rules look at ---


def _parameters(contract: Contract) -> Iterator[Parameter]:
    for operation in contract.operations:
        yield from operation.parameters


def _bodies(contract: Contract) -> Iterator[RequestBody]:
    yield from (
        operation.request_body for operation in contract.operations if operation.request_body
    )


def _responses(contract: Contract) -> Iterator[tuple[Operation, Response]]:
    for operation in contract.operations:
        yield from ((operation, response) for response in operation.responses.values())


def _headers(contract: Contract) -> Iterator[Header]:
    for _, response in _responses(contract):
        yield from response.headers.values()


def _schemas(contract: Contract) -> Iterator[Schema]:
    for operation in contract.operations:
        yield from operation.schemas(_DESCRIBING)


def _properties(contract: Contract) -> Iterator[Schema]:
    for schema in _schemas(contract):
        yield from schema.properties.values()


def _inputs(contract: Contract, *, cursors: bool = True) -> Iterator[Schema]:
    """Yield each schema of what a client sends, with or without cursors.

    The grammar of `If-Match` and `If-None-Match` is that of HTTP, and the server limits their size.
    """
    holders: list[Parameter | RequestBody] = [*_bodies(contract)]
    for operation in contract.operations:
        excluded = () if cursors else operation.cursors
        holders += (
            each
            for each in operation.parameters
            if each.name not in excluded and each.identity not in _CONDITIONS
        )
    for holder in holders:
        for media in (holder, *holder.content.values()):
            if media.schema:
                yield from media.schema.reachable(keywords=_DESCRIBING)


# --- What they ask about it ---


def _operation_id(operation: Operation) -> str:
    return str(operation.raw.get("operationId", ""))


def _identifies_deleted(operation: Operation, parameter: Parameter) -> bool:
    return operation.method == "delete" and parameter.required


def _has_required(response: Response, name: str) -> bool:
    return any(
        header.required for each, header in response.headers.items() if each.lower() == name.lower()
    )


def _is_for_one_request(parameter: Parameter) -> bool:
    return parameter.location == "header" and parameter.name.lower() in _FOR_ONE_REQUEST


def _idempotency_key(operation: Operation) -> Parameter | None:
    keys = (each for each in operation.parameters if each.name.lower() == _IDEMPOTENCY_KEY)
    return next((each for each in keys if each.location == "header"), None)


def _has_secret(response: Response) -> bool:
    """Return whether a response always says that no cache may store it."""
    headers = {name.lower(): header for name, header in response.headers.items()}
    header = headers.get("cache-control")
    raw = header.schema.target.raw if header and header.schema else {}
    allowed: list[object] = raw.get("enum", [raw.get("const")])
    return allowed == ["no-store"]


def _has_example(node: Node) -> bool:
    return "example" in node.raw or bool(node.raw.get("examples"))


def _prefilled_values(parameter: Parameter) -> Iterator[Any]:
    """Yield the values that documentation pages prefill for a parameter."""
    yield from (each.value for each in parameter.examples)
    if parameter.schema:
        target = parameter.schema.target
        yield from (each.value for each in target.examples)
        yield from [target.raw["default"]] if "default" in target.raw else []


def _expected_statuses(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the statuses that an operation has to document, and why."""
    yield "400", "every operation rejects query parameters that are not described"
    if "{" in operation.path:
        yield "404", "what the path identifies may not exist"
    if operation.request_body:
        yield from ((status, "a body can be rejected") for status in ("413", "415", "422"))
    if any(parameter.location == "query" for parameter in operation.parameters):
        yield "422", "a query parameter can be invalid"
    if operation.if_match is not None:
        yield "412", "If-Match can name an ETag that is not current"
        if operation.if_match.required:
            yield "428", "If-Match can be missing"
    if _idempotency_key(operation):
        yield "409", "the Idempotency-Key can be in use"
        yield "422", "the Idempotency-Key can belong to another request"
    if any(operation.security):
        yield "401", "credentials can be invalid"
    if any(scopes for alternative in operation.security for scopes in alternative.values()):
        yield "403", "credentials can lack a scope"


def _expected_headers(operation: Operation, response: Response) -> Iterator[str]:
    """Yield the headers that a response must always have."""
    yield "X-Request-ID"
    by_status = {
        "201": "Location",
        "304": "ETag",
        "401": "WWW-Authenticate",
        "429": "Retry-After",
        "503": "Retry-After",
    }
    if response.status in by_status:
        yield by_status[response.status]
    if (operation.method, response.status) == ("patch", "415"):
        yield "Accept-Patch"


def _bounds(schema: Schema, keyword: str) -> bool:
    return (
        schema.raw.get("format") in _BOUNDING_FORMATS
        if keyword == "format"
        else keyword in schema.raw
    )


def _accepts_nul(schema: Schema) -> bool:
    if schema.raw.keys() & {"enum", "const"} or schema.raw.get("format") in _BOUNDING_FORMATS:
        return False
    samples = ["\0", *(f"{example}\0" for example in schema.raw.get("examples", []))]
    return any(re.search(schema.raw.get("pattern", ""), sample) for sample in samples)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
