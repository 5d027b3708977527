"""Mutants of requests: the application is given another one than the client has sent.

Each keyword of a schema is broken at both sides. Widened, a value that the keyword refuses is
replaced by one that it takes, so that the service accepts what it should refuse. Narrowed, a value
at the edge is replaced by one beyond, so that it refuses, in its own words, what it should accept.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from specfirst.conformance.mutants.exchange import (
    Mutant,
    Request,
    changes_body,
    changes_request,
    same,
)
from specfirst.conformance.mutants.responses import ABSENT, TEXT_CHANGES, Change, edited
from specfirst.conformance.mutants.schemas import (
    Keywords,
    Property,
    Steps,
    body_pointer,
    example_of,
    json_content,
    keywords,
    objects,
    properties,
    types,
    value_of,
)
from specfirst.contract.model import Contract, Operation, Parameter, RequestBody
from specfirst.contract.schema_validator import RANGES, compiled

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)

Edit = tuple[str, str, Change]
"""What is said of a change, its kind, and the change of a value."""

RequestEdit = tuple[str, str, Callable[[Request], Request]]
"""The same, of a whole request."""


def of_requests(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of what the operations read."""
    for operation in contract.operations:
        for name, kind, change in _changes(operation):
            yield Mutant(
                name=f"{operation.id}: request {name}",
                kind=kind,
                method=operation.method.upper(),
                path=operation.path,
                start=changes_request(change),
            )


def _changes(operation: Operation) -> Iterator[RequestEdit]:
    for parameter in operation.parameters:
        yield from _of_parameter(operation, parameter)
    yield from _of_query(operation)
    if operation.request_body and json_content(operation.request_body):
        yield from _of_content(operation.request_body)
        for said, kind, change in _of_body(operation.request_body):
            yield f"/body{said}", kind, changes_body(change)


# -- parameters


def _of_parameter(operation: Operation, parameter: Parameter) -> Iterator[RequestEdit]:
    schema = keywords(parameter.schema) if parameter.schema else {}
    place = f"/{parameter.location}/{parameter.name}"
    if parameter.location == "query":
        yield f"{place} forgotten", "forget", _without_parameter(parameter.name)
        if "default" in schema:
            yield (
                f"{place} with another default",
                "forget",
                _with_another_default(parameter.name, schema),
            )
        yield f"{place} without case", "accept", _without_case(parameter.name)
        yield f"{place} repeated accepted", "accept", _first_only(parameter.name)
    if parameter.location in ("path", "query"):
        for said, kind, change in (*_of_schema(schema), *_of_spelling(schema)):
            if not said.startswith("type "):  # each is text: see `_of_spelling`
                changed = _decoded_and(schema, change)
                yield (
                    f"{place} {said}",
                    kind,
                    _path_value(operation, parameter.name, changed)
                    if parameter.location == "path"
                    else _query_value(parameter.name, changed),
                )


def _without_parameter(name: str) -> Callable[[Request], Request]:
    return lambda request: request.with_query(
        tuple(each for each in request.query if each[0] != name)
    )


def _with_another_default(name: str, schema: Keywords) -> Callable[[Request], Request]:
    value = _another_value(schema)

    def change(request: Request) -> Request:
        given = any(each == name for each, _ in request.query)
        return request if given else request.with_query((*request.query, (name, _encoded(value))))

    return change


def _without_case(name: str) -> Callable[[Request], Request]:
    return lambda request: request.with_query(
        tuple(
            (name if each.lower() == name.lower() else each, value) for each, value in request.query
        )
    )


def _first_only(name: str) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        query: list[tuple[str, str]] = []
        for each, value in request.query:
            if each != name or name not in dict(query):
                query.append((each, value))
        return request.with_query(tuple(query))

    return change


def _of_query(operation: Operation) -> Iterator[RequestEdit]:
    known = {each.name for each in operation.parameters if each.location == "query"}
    yield (
        "/query unknown parameter accepted",
        "accept",
        lambda request: request.with_query(
            tuple(each for each in request.query if each[0] in known)
        ),
    )


def _query_value(name: str, change: Callable[[str], str]) -> Callable[[Request], Request]:
    return lambda request: request.with_query(
        tuple((each, change(value) if each == name else value) for each, value in request.query)
    )


def _path_value(
    operation: Operation, name: str, change: Callable[[str], str]
) -> Callable[[Request], Request]:
    group = 1 + re.findall(r"\{(.+?)\}", operation.path).index(name)

    def changed(request: Request) -> Request:
        found = operation.pattern.fullmatch(request.path)
        if found is None or (new := change(unquote(found[group]))) == unquote(found[group]):
            return request
        start, end = found.span(group)
        return replace(
            request,
            path=f"{request.path[:start]}{quote(new, safe='')}{request.path[end:]}",
            changed=True,
        )

    return changed


def _decoded_and(schema: Keywords, change: Change) -> Callable[[str], str]:
    """Return a change of the text of a parameter from one of the value that it has."""

    def changed(text: str) -> str:
        value = _decoded(schema, text)
        new = change(value)
        return text if same(new, value) else _encoded(new)

    return changed


def _decoded(schema: Keywords, value: str) -> Any:
    if "integer" in types(schema) and _INTEGER.fullmatch(value) and len(value) < 1000:
        return int(value)
    return {"true": True, "false": False}.get(value, value) if "boolean" in types(schema) else value


def _encoded(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _of_spelling(schema: Keywords) -> Iterator[Edit]:
    if types(schema) & {"integer", "boolean"}:
        yield (
            "spelled loosely accepted",
            "accept",
            lambda value: _loosely(value, schema) if isinstance(value, str) else value,
        )


def _loosely(value: str, schema: Keywords) -> Any:
    text = value.strip().lower()
    if "boolean" in types(schema):
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(
            text, value
        )
    try:
        return int(float(text)) if "e" not in text else value
    except (ValueError, OverflowError):
        return value


# -- how the body is sent


def _of_content(body: RequestBody) -> Iterator[RequestEdit]:
    media_types = [name.lower() for name in body.content if "json" in name]

    def any_media_type(request: Request) -> Request:
        given = (request.header("content-type") or "").partition(";")[0].strip().lower()
        return (
            request if given in media_types else request.with_header("content-type", media_types[0])
        )

    def any_charset(request: Request) -> Request:
        given = request.header("content-type") or ""
        return (
            request.with_header("content-type", given.partition(";")[0])
            if ";" in given
            else request
        )

    def any_coding(request: Request) -> Request:
        return (
            request.with_header("content-encoding", None)
            if request.header("content-encoding")
            else request
        )

    yield "header Content-Type any accepted", "accept", any_media_type
    yield "header Content-Type with any charset accepted", "accept", any_charset
    yield "header Content-Encoding passed over", "accept", any_coding
    for media_type in media_types:
        yield f"header Content-Type {media_type} refused", "refuse", _refusing(media_type.__eq__)
        yield (
            f"header Content-Type {media_type} in capitals refused",
            "refuse",
            _refusing(_in_capitals(media_type)),
        )
    yield (
        "header Content-Type with a charset refused",
        "refuse",
        _refusing(lambda given: "charset" in given.lower()),
    )
    yield "/body absent accepted", "accept", _filled(body)
    yield "/body repeated property accepted", "accept", _reread
    yield "/body byte order mark accepted", "accept", _without_mark
    yield "/body in another encoding accepted", "accept", _decoded_anyhow
    yield "/body NaN accepted", "accept", _without_nan


def _in_capitals(media_type: str) -> Callable[[str], bool]:
    return lambda given: given.lower() == media_type != given


def _refusing(is_meant: Callable[[str], bool]) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        return (
            request.with_header("content-type", "text/plain")
            if is_meant(request.header("content-type") or "")
            else request
        )

    return change


def _filled(body: RequestBody) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        if request.body:
            return request
        return request.with_header("content-type", next(iter(body.content))).with_json(
            example_of(body)
        )

    return change


def _reread(request: Request) -> Request:
    """Of a property that is repeated the last value counts, as in most parsers of JSON."""
    try:
        text = request.body.decode()
        pairs: list[bool] = []

        def members(found: list[tuple[str, Any]]) -> dict[str, Any]:
            pairs.append(len(dict(found)) < len(found))
            return dict(found)

        value = json.loads(text, object_pairs_hook=members, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return request
    return request.with_json(value) if any(pairs) else request


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _without_mark(request: Request) -> Request:
    return (
        replace(request, body=request.body[3:], changed=True)
        if request.body.startswith(b"\xef\xbb\xbf")
        else request
    )


def _decoded_anyhow(request: Request) -> Request:
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return replace(request, body=request.body.decode(errors="replace").encode(), changed=True)
    return request


def _without_nan(request: Request) -> Request:
    body = re.sub(rb"\b(NaN|-?Infinity)\b", b"1", request.body)
    return request if body == request.body else replace(request, body=body, changed=True)


# -- what the body says


def _of_body(body: RequestBody) -> Iterator[Edit]:
    media = json_content(body)
    schema = media.schema if media else None
    if schema is None:
        return
    yield from ((f" {said}", kind, change) for said, kind, change in _of_schema(keywords(schema)))
    for steps, node in objects(schema):
        for said, kind, change in _of_object(node):
            yield f"{body_pointer(steps).removeprefix('/body')} {said}", kind, _at(steps, change)
    for each in properties(schema):
        place = each.pointer.removeprefix("/body")
        for said, kind, change in (*_of_schema(each.keywords), *_of_text(each)):
            yield f"{place} {said}", kind, _at(each.steps, change)
        if isinstance(each.steps[-1], str):
            for said, kind, change in _of_presence(each):
                yield f"{place} {said}", kind, _at(each.steps[:-1], change)


def _at(steps: Steps, change: Change) -> Change:
    return lambda body: edited(body, steps, change)


def _of_object(schema: Keywords) -> Iterator[Edit]:
    if schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False:
        known = schema["properties"].keys()
        yield (
            "unknown property accepted",
            "accept",
            lambda value: (
                {name: each for name, each in value.items() if name in known}
                if isinstance(value, dict)
                else value
            ),
        )


def _of_presence(each: Property) -> Iterator[Edit]:
    name = each.steps[-1]
    example = value_of(each.keywords)
    wrong: Any = None if "null" not in each.types else {}
    if each.is_required:
        yield "absent accepted", "accept", _with_absent(name, example)
    else:
        yield "absent refused", "refuse", _with_absent(name, wrong)
        yield "forgotten", "forget", _with_given(name, ABSENT)
    if "null" in each.types:
        if not each.is_required:
            yield "null as absent", "forget", _with_null(name, ABSENT)
            yield "absent as null", "forget", _with_absent(name, None)
        if "string" in each.types:
            yield "null as empty", "forget", _with_null(name, "")
            yield "empty as null", "forget", _with_empty(name)
        yield "null refused", "refuse", _with_null(name, {})
    elif each.types:
        yield "null accepted", "accept", _with_null(name, example if each.is_required else ABSENT)


def _with_absent(name: Any, new: Any) -> Change:
    return lambda value: (
        value | {name: new} if isinstance(value, dict) and name not in value else value
    )


def _with_given(name: Any, new: Any) -> Change:
    return lambda value: edited(value, (name,), lambda _: new)


def _with_null(name: Any, new: Any) -> Change:
    return lambda value: edited(value, (name,), lambda old: new if old is None else old)


def _with_empty(name: Any) -> Change:
    return lambda value: edited(value, (name,), lambda old: None if old == "" else old)


def _of_text(each: Property) -> Iterator[Edit]:
    if each.is_text:
        for said, change in TEXT_CHANGES.items():
            yield said, "text", _if(str, change)


# -- keywords


def _of_schema(schema: Keywords) -> Iterator[Edit]:
    """Yield the changes of a value for each keyword of its schema, at both sides."""
    for keyword in schema:
        if keyword in _KEYWORDS:
            for said, change in _KEYWORDS[keyword](schema):
                yield f"{keyword} {said}", "accept" if "widened" in said else "refuse", change


def _if(kind: type | tuple[type, ...], change: Change) -> Change:
    """Return a change of values of a type; true and false are no numbers."""
    return lambda value: (
        change(value)
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)
        else value
    )


_NUMBER = (int, float)


def _minimum(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["minimum"]
    yield "widened", _if(_NUMBER, lambda value: max(value, edge))
    yield "narrowed", _if(_NUMBER, lambda value: edge - 1 if value == edge else value)


def _maximum(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["maximum"]
    yield "widened", _if(_NUMBER, lambda value: min(value, edge))
    yield "narrowed", _if(_NUMBER, lambda value: edge + 1 if value == edge else value)


def _exclusive_minimum(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["exclusiveMinimum"]
    yield "widened", _if(_NUMBER, lambda value: edge + 1 if value <= edge else value)
    yield "narrowed", _if(_NUMBER, lambda value: edge if value == edge + 1 else value)


def _exclusive_maximum(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["exclusiveMaximum"]
    yield "widened", _if(_NUMBER, lambda value: edge - 1 if value >= edge else value)
    yield "narrowed", _if(_NUMBER, lambda value: edge if value == edge - 1 else value)


def _multiple_of(schema: Keywords) -> Iterator[tuple[str, Change]]:
    step = schema["multipleOf"]
    yield (
        "widened",
        _if(_NUMBER, lambda value: value if value % step == 0 else value // step * step),
    )
    yield (
        "narrowed",
        _if(_NUMBER, lambda value: value + step / 2 if value % step == 0 and value else value),
    )


def _min_length(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["minLength"]
    if edge:
        yield "widened", _if(str, lambda value: value + "x" * (edge - len(value)))
        yield "narrowed", _if(str, lambda value: value[:-1] if len(value) == edge else value)


def _max_length(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["maxLength"]
    yield "widened", _if(str, lambda value: value[:edge])
    yield "narrowed", _if(str, lambda value: value + "x" if len(value) == edge else value)
    if not schema.get("minLength"):
        yield "narrowed to what is not empty", _if(str, lambda value: value or "x" * (edge + 1))
    yield (
        "in bytes narrowed",
        _if(
            str,
            lambda value: value + "x" * edge if len(_utf_8(value)) > edge >= len(value) else value,
        ),
    )


def _utf_8(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _pattern(schema: Keywords) -> Iterator[tuple[str, Change]]:
    pattern = schema["pattern"]
    fits = compiled({"pattern": pattern}).is_valid
    kept = _if(
        str,
        lambda value: (
            value
            if fits(value)
            else "".join(each for each in value if fits(each)) or value_of(schema)
        ),
    )
    yield "widened", kept
    wrong: str | None = next((each for each in ("\0", "", " ", "~", "x") if not fits(each)), None)
    if wrong is not None:
        yield "of one line narrowed", _if(str, lambda value: wrong if "\n" in value else value)
        yield "of ASCII narrowed", _if(str, lambda value: value if value.isascii() else wrong)


def _enum(schema: Keywords) -> Iterator[tuple[str, Change]]:
    values = schema["enum"]
    yield "widened", lambda value: value if value in values else values[0]
    for each in values:
        yield f"narrowed by {each}", _instead_of(each, "no value of this enum")


def _instead_of(value: Any, other: Any) -> Change:
    return lambda given: other if same(given, value) else given


def _type(schema: Keywords) -> Iterator[tuple[str, Change]]:
    known = types(schema)
    if known & {"integer", "number"}:
        yield (
            "widened to numbers in text",
            _if(
                str,
                lambda value: (
                    int(value) if _INTEGER.fullmatch(value) and len(value) < 20 else value
                ),
            ),
        )
        yield "widened to booleans", _if(bool, int)
        yield (
            "widened to fractions",
            _if(float, lambda value: value if value.is_integer() else int(value)),
        )
        yield (
            "narrowed to integers without a fraction",
            _if(float, lambda value: value + 0.5 if value.is_integer() else value),
        )
    if "string" in known:
        yield "widened to numbers", _if(_NUMBER, str)
    if "array" in known:
        yield (
            "widened to a single item",
            lambda value: value if value is None or isinstance(value, list) else [value],
        )
    if "object" in known:
        yield (
            "widened to anything",
            lambda value: (
                value
                if isinstance(value, dict)
                else value_of(schema)
                if not isinstance(value_of(schema), str)
                else {}
            ),
        )


def _format(schema: Keywords) -> Iterator[tuple[str, Change]]:
    if schema["format"] in RANGES:
        low, high = RANGES[schema["format"]]
        yield "widened", _if(int, lambda value: min(max(value, low), high))
        yield (
            "of 32 bits narrowed",
            _if(int, lambda value: high + 1 if abs(value) > RANGES["int32"][1] else value),
        )
        yield (
            "widened to floats",
            _if(
                int,
                lambda value: (
                    int(float(value)) if abs(value) > 2**53 and abs(value) <= high else value
                ),
            ),
        )
    elif "string" in types(schema):
        fits = compiled({"format": schema["format"]}).is_valid
        yield "widened", _if(str, lambda value: value if fits(value) else value_of(schema))


def _min_items(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["minItems"]
    if edge:
        more = value_of(schema.get("items", {}))
        yield "widened", _if(list, lambda value: value + [more] * (edge - len(value)))
        yield "narrowed", _if(list, lambda value: value[:-1] if len(value) == edge else value)


def _max_items(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["maxItems"]
    yield "widened", _if(list, lambda value: value[:edge])
    yield (
        "narrowed",
        _if(list, lambda value: [*value, value[-1]] if value and len(value) == edge else value),
    )


def _unique_items(schema: Keywords) -> Iterator[tuple[str, Change]]:
    if schema["uniqueItems"]:
        yield (
            "widened",
            _if(
                list,
                lambda value: [
                    each for index, each in enumerate(value) if each not in value[:index]
                ],
            ),
        )


def _min_properties(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["minProperties"]
    yield (
        "narrowed",
        _if(dict, lambda value: dict(list(value.items())[1:]) if len(value) == edge else value),
    )


def _max_properties(schema: Keywords) -> Iterator[tuple[str, Change]]:
    edge = schema["maxProperties"]
    yield "widened", _if(dict, lambda value: dict(list(value.items())[:edge]))


_KEYWORDS: dict[str, Callable[[Keywords], Iterator[tuple[str, Change]]]] = {
    "type": _type,
    "format": _format,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _exclusive_minimum,
    "exclusiveMaximum": _exclusive_maximum,
    "multipleOf": _multiple_of,
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "enum": _enum,
    "minItems": _min_items,
    "maxItems": _max_items,
    "uniqueItems": _unique_items,
    "minProperties": _min_properties,
    "maxProperties": _max_properties,
}


def _another_value(schema: Keywords) -> Any:
    """Return a value other than the default that the schema takes."""
    default = schema["default"]
    if "enum" in schema:
        return next((each for each in schema["enum"] if each != default), default)
    if isinstance(default, bool):
        return not default
    if isinstance(default, int | float):
        return default + 1 if default + 1 <= schema.get("maximum", default + 1) else default - 1
    return f"{default}x"
