"""The rules of our own for the contract: what no linter knows about this API.

Each rule is a function that yields its findings in a document: JSON Pointer, what is wrong, how to mend it. Where a
reference is followed, the pointer is the place of what it names.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from specfirst.checks.places import (
    Operation,
    Place,
    Response,
    children,
    each_body,
    each_header,
    each_operation,
    each_parameter,
    each_property,
    each_response,
    each_schema,
    parameters_of,
    schemas_of,
)
from specfirst.contract.document import Document, escaped, resolve

Finding = tuple[str, str, str]
Rule = Callable[[Document], Iterator[Finding]]

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
VERBS = {"list": "get", "get": "get", "create": "post", "update": "patch", "delete": "delete", "replace": "put"}
BOUNDING_FORMATS = {"date-time", "date", "time", "uuid", "ipv4", "ipv6"}
BOUNDS: dict[str, list[tuple[str, ...]]] = {
    "string": [("maxLength", "enum", "const", "format")],
    "array": [("maxItems",)],
    "integer": [("minimum", "exclusiveMinimum", "enum", "const"), ("maximum", "exclusiveMaximum", "enum", "const")],
}
BOUNDS["number"] = BOUNDS["integer"]
OPAQUE = frozenset({"cursor"})  # the list refuses all that it has not given, with 400 as for any other wrong one
PROBLEM = {"application/problem+json": {"$ref": "#/components/schemas/Problem"}}


def findings(document: Document) -> list[Finding]:
    """Return what the rules find, each once, however many operations share the place."""
    return list(dict.fromkeys(finding for rule in RULES for finding in rule(document)))


def operation_ids(document: Document) -> Iterator[Finding]:
    """An operationId is the name of a Python function: a verb and a noun."""
    for operation in each_operation(document):
        name = str(operation.place.node.get("operationId", ""))
        if not SNAKE_CASE.fullmatch(name) or "_" not in name:  # no keyword of Python has an underscore
            yield (
                operation.place.inside("operationId"),
                f"{name!r} is no name of a function",
                "use a verb and a noun in snake_case, such as list_authors",
            )


def verbs(document: Document) -> Iterator[Finding]:
    """The verb of an operationId fits its method; a verb without a method of its own is a POST."""
    for operation in each_operation(document):
        name = str(operation.place.node.get("operationId", ""))
        method = VERBS.get(name.partition("_")[0], "post")
        if operation.method != method:
            fitting = [f"{verb}_" for verb, of in VERBS.items() if of == operation.method]
            yield (
                operation.place.inside("operationId"),
                f"{name!r} is the name of a {method.upper()}, not of a {operation.method.upper()}",
                f"begin it with {' or '.join(fitting)}" if fitting else "use another method",
            )


def tags(document: Document) -> Iterator[Finding]:
    """An operation has one tag, and the document declares it."""
    declared = [tag.get("name") for tag in document.get("tags", [])]
    for operation in each_operation(document):
        named = operation.place.node.get("tags", [])
        if len(named) != 1:
            yield operation.place.inside("tags"), f"{len(named)} tags", "give it exactly one: a module is made of each"
        elif named[0] not in declared:
            yield operation.place.inside("tags"), f"no tag {named[0]!r} is declared", "declare it in /tags"


def paths(document: Document) -> Iterator[Finding]:
    """A path is in lower case, has no slash at its end, and names a collection by its plural."""
    for path in document.get("paths", {}):
        pointer = f"/paths/{escaped(path)}"
        if path.endswith("/"):
            yield pointer, "the path ends with a slash", "leave it out: /authors"
        for segment, following in pairwise([*path.strip("/").split("/"), ""]):
            if not re.fullmatch(r"[a-z][a-z0-9-]*|\{[a-z][a-z0-9_]*\}", segment):
                yield pointer, f"the segment {segment!r} is odd", "use lower case with hyphens, {snake_case} for ids"
            elif following.startswith("{") and not segment.startswith("{") and not segment.endswith("s"):
                yield pointer, f"{segment!r} is a collection, but no plural", f"use /{segment}s/{following}"


def collections(document: Document) -> Iterator[Finding]:
    """What is listed, or created in, is a collection: its path ends with a plural."""
    for operation in each_operation(document):
        verb = str(operation.place.node.get("operationId", "")).partition("_")[0]
        if verb in ("list", "create") and not operation.path.endswith("s"):
            yield f"/paths/{escaped(operation.path)}", f"{verb}_ here, but the path is no plural", "use a plural"


def names(document: Document) -> Iterator[Finding]:
    """Members and parameters have names in snake_case; a header has those of HTTP."""
    for parameter in each_parameter(document):
        name = str(parameter.node.get("name", ""))
        if parameter.node.get("in") != "header" and not SNAKE_CASE.fullmatch(name):
            yield parameter.inside("name"), f"{name!r} is not in snake_case", "rename it"
    for schema in each_schema(document):
        for name in schema.node.get("properties", {}):
            if not SNAKE_CASE.fullmatch(name):
                yield schema.inside("properties", name), f"{name!r} is not in snake_case", "rename it"


def bounds(document: Document) -> Iterator[Finding]:
    """What a client sends has a largest size: texts, lists and numbers."""
    for schema in _inputs(document):
        types = _types(schema.node)
        if not types and not schema.node.keys() & {"$ref", "allOf", "anyOf", "oneOf", "enum", "const"}:
            yield schema.pointer, "an input of any type has no bounds", "say its type"
        for kind in types:
            for one_of in BOUNDS.get(kind, []):
                if not any(_bounds(schema.node, word) for word in one_of):
                    yield schema.pointer, f"an input of type {kind} without bound", f"add {one_of[0]}"


def closed(document: Document) -> Iterator[Finding]:
    """An object that a client sends has no members but those described."""
    for schema in _inputs(document):
        is_object = "object" in _types(schema.node) or "properties" in schema.node
        words = [schema.node.get(word) for word in ("additionalProperties", "unevaluatedProperties")]
        if is_object and False not in words:
            pointer = schema.inside("additionalProperties")
            yield pointer, "an input that takes any member", "add additionalProperties: false"


def nul(document: Document) -> Iterator[Finding]:
    """Text that a client sends has no U+0000, which PostgreSQL cannot store."""
    for schema in _inputs(document, but=OPAQUE):
        if "string" in _types(schema.node) and _takes_nul(schema.node):
            yield schema.inside("pattern"), r"a text that may have U+0000", r"add pattern: '^[^\u0000]*$'"


def statuses(document: Document) -> Iterator[Finding]:
    """An operation documents the refusals that it can give."""
    for operation in each_operation(document):
        documented = operation.place.node.get("responses", {})
        for status, reason in _expected(document, operation):
            if status not in documented:
                yield operation.place.inside("responses"), f"no {status}, but {reason}", f"document the {status}"


def no_catch_all(document: Document) -> Iterator[Finding]:
    """Each status is documented by its number, so that any other is a defect; so is a 500."""
    for operation in each_operation(document):
        for status in operation.place.node.get("responses", {}):
            pointer = operation.place.inside("responses", status)
            if not status.isdecimal():
                yield pointer, f"{status!r} covers statuses that nobody meant", "document each by its number"
            elif status == "500":
                yield pointer, "a 500 is a defect, not an answer", "remove it"


def headers(document: Document) -> Iterator[Finding]:
    """A response promises the headers that its status asks for."""
    for response in each_response(document):
        promised = {name.lower(): header for name, header in response.place.node.get("headers", {}).items()}
        for name in _expected_headers(response):
            header = resolve(document, promised.get(name.lower(), {}))
            if header.get("required") is not True:
                pointer = response.place.inside("headers", name)
                yield pointer, f"a {response.status} does not promise {name}", "add the header, with required: true"


def problems(document: Document) -> Iterator[Finding]:
    """An error is a problem (RFC 9457)."""
    for response in each_response(document):
        if response.status >= "4":
            content = response.place.node.get("content", {})
            if {name: media.get("schema") for name, media in content.items()} != PROBLEM:
                pointer = response.place.inside("content")
                yield pointer, f"a {response.status} that is no problem", "use application/problem+json with Problem"


def enum_names(document: Document) -> Iterator[Finding]:
    """Names for the values of an enum are as many, and each is another one."""
    for place in each_schema(document):
        given = place.node.get("x-enum-varnames")
        if given is not None and not len(set(given)) == len(given) == len(place.node.get("enum", [])):
            yield place.inside("x-enum-varnames"), "does not name each value of the enum", "give each a name of its own"


def descriptions(document: Document) -> Iterator[Finding]:
    """Whatever is sent, received or asked for is described."""
    for place in [*each_parameter(document), *each_body(document), *each_header(document), *each_property(document)]:
        described = {**resolve(document, place.node), **place.node}
        if not str(described.get("description", "")).strip():
            yield place.pointer, "has no description", "say in a sentence what it is"


def examples(document: Document) -> Iterator[Finding]:
    """Whatever is sent, received or asked for has an example, but what a DELETE has to name."""
    places = [parameter for operation, parameter in _parameters(document) if not _names_what_goes(operation, parameter)]
    places += [*each_header(document), *each_property(document)]
    for holder in [*each_body(document), *(response.place for response in each_response(document))]:
        places += children(holder, "content")
    for place in places:
        shown = {**resolve(document, place.node), **place.node}
        if "example" not in shown and not shown.get("examples"):
            yield place.pointer, "has no example", "add one; the examples tell one small story"


def prefilled(document: Document) -> Iterator[Finding]:
    """What a DELETE has to name has no example, and its other parameters show their default: pages of documentation
    fill examples in, and one click sends them."""
    for operation, parameter in _parameters(document):
        schema = resolve(document, parameter.node.get("schema", {}))
        shown = list(_shown(parameter.node)) + list(_shown(schema))
        if _names_what_goes(operation, parameter) and shown:
            remedy = "remove it; where other operations share the parameter, give DELETE one of its own"
            yield parameter.inside("example"), "an example of what to delete, one click away from deleting it", remedy
        elif operation.method == "delete" and any(value != schema.get("default", value) for value in shown):
            yield parameter.inside("example"), "an example that deletes otherwise than by default", "show the default"


def deprecations(document: Document) -> Iterator[Finding]:
    """What is deprecated says since when, and may say when it ends."""
    for operation in each_operation(document):
        node, since = operation.place.node, _date(operation.place.node.get("x-deprecated-since"))
        end = _date(node.get("x-sunset"))
        if node.get("deprecated") and since is None:
            yield operation.place.inside("x-deprecated-since"), "deprecated, but since when", "add x-deprecated-since"
        if not node.get("deprecated") and {"x-deprecated-since", "x-sunset"} & node.keys():
            yield operation.place.pointer, "has a date of its end, but is not deprecated", "add deprecated: true"
        if "x-sunset" in node and (end is None or (since is not None and end < since)):
            yield operation.place.inside("x-sunset"), "is no date after x-deprecated-since", "write it as 2027-01-31"


RULES: tuple[Rule, ...] = (
    operation_ids, verbs, tags, paths, collections, names, bounds, closed, nul,
    statuses, no_catch_all, headers, problems, enum_names, descriptions, examples, prefilled, deprecations,
)  # fmt: skip


def _parameters(document: Document) -> Iterator[tuple[Operation, Place]]:
    for operation in each_operation(document):
        yield from ((operation, parameter) for parameter in parameters_of(document, operation))


def _names_what_goes(operation: Operation, parameter: Place) -> bool:
    return operation.method == "delete" and parameter.node.get("required") is True


def _shown(node: Document) -> Iterator[Any]:
    """Yield what pages of documentation take from a parameter or a schema."""
    yield from (node[word] for word in ("example", "default") if word in node)
    examples = node.get("examples", [])
    yield from examples if isinstance(examples, list) else (each.get("value") for each in examples.values())


def _expected(document: Document, operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the statuses that an operation has to document, and why."""
    yield "400", "every operation refuses query parameters that are not described"
    if "{" in operation.path:
        yield "404", "what the path names may not exist"
    if "requestBody" in operation.place.node:
        yield from ((status, "there is a body to refuse") for status in ("413", "415", "422"))
    if any(parameter.node.get("in") == "query" for parameter in parameters_of(document, operation)):
        yield "422", "a query parameter can break its description"
    node = operation.place.node
    if any(node["security"] if "security" in node else document.get("security", [])):
        yield from ((status, "it has security") for status in ("401", "403"))


def _expected_headers(response: Response) -> Iterator[str]:
    """Yield the headers that a response has to promise."""
    yield "X-Request-ID"
    by_status = {"201": "Location", "401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
    if response.status in by_status:
        yield by_status[response.status]
    if (response.method, response.status) == ("patch", "415"):
        yield "Accept-Patch"


def _types(schema: Document) -> list[str]:
    named: Any = schema.get("type", [])
    return [named] if isinstance(named, str) else list(named)


def _bounds(schema: Document, word: str) -> bool:
    return schema.get("format") in BOUNDING_FORMATS if word == "format" else word in schema


def _takes_nul(schema: Document) -> bool:
    if schema.keys() & {"enum", "const"} or schema.get("format") in BOUNDING_FORMATS:
        return False
    samples = ["\0", *(f"{example}\0" for example in schema.get("examples", []))]
    return any(re.search(schema.get("pattern", ""), sample) for sample in samples)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _inputs(document: Document, *, but: frozenset[str] = frozenset()) -> Iterator[Place]:
    """Yield each schema of what a client sends, but of the parameters with these names."""
    for place in [*each_parameter(document), *each_body(document)]:
        if place.node.get("name") not in but:
            yield from schemas_of(document, place)
