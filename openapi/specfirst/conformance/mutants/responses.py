"""Mutants of responses: their status, headers, properties, texts and lists."""

import html
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from specfirst.conformance.mutants.exchange import (
    Behaviour,
    Forward,
    Mutant,
    Request,
    Response,
    changes_json,
    changes_response,
)
from specfirst.conformance.mutants.schemas import (
    Property,
    Steps,
    body_pointer,
    example_of,
    has,
    json_content,
    keywords,
    objects,
    properties,
    status_of,
    success_of,
)
from specfirst.contract import model

Change = Callable[[Any], Any]

ABSENT = object()
"""Instead of a value: the property goes."""

_TEAPOT, _ACCEPTED, _BUG = 418, 202, 500
_SUCCESSES, _ERRORS = 300, 400

TEXT_CHANGES: dict[str, Change] = {
    "stripped": str.strip,
    "NFC": lambda text: unicodedata.normalize("NFC", text),
    "NFKC": lambda text: unicodedata.normalize("NFKC", text),
    "case folded": str.casefold,
    "cut": lambda text: text[:-1],
    "cut at 80": lambda text: text[:80],
    "escaped for HTML": html.escape,
    "without control characters": lambda text: "".join(
        each for each in text if unicodedata.category(each) != "Cc"
    ),
    "with line feeds": lambda text: text.replace("\r\n", "\n").replace("\r", "\n"),
    "without noncharacters": lambda text: "".join(
        each for each in text if unicodedata.category(each) != "Cn"
    ),
}
"""What a careless service does to text; each leaves plain text of one line as it is, but for the
cuts.
"""

_LIST_CHANGES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "repeated": lambda items: [*items, items[-1]] if items else items,
    "skipped": lambda items: items[1:],
    "reordered": lambda items: items[::-1],
    "cut": lambda items: items[:-1] if len(items) > 1 else items,
}

_TIME_CHANGES: dict[str, Callable[[datetime], str]] = {
    "an hour late": lambda time: _utc(time + timedelta(hours=1)),
    "to the second": lambda time: _utc(time.replace(microsecond=0)),
    "with an offset": lambda time: time.astimezone(timezone(timedelta(hours=2))).isoformat(),
    "without Z": lambda time: time.isoformat(),
}


def of_responses(contract: model.Contract) -> Iterator[Mutant]:
    """Yield the mutants of what the operations answer.

    What operations share, by a reference to a response, is one component: each of its mutants is
    made in one of these operations, in turn, and not in every one. A property of errors that no
    example shows may be in any error: its mutants are made in all of them at once.
    """
    described = list(_described(contract))
    for each in described:
        yield from _of_status(each)
        users = [
            other.operation.id
            for other in described
            if other.response.pointer == each.response.pointer
        ]
        for number, mutant in enumerate([*_of_headers(each), *_of_body(each)]):
            if not each.is_error or number % len(users) == users.index(each.operation.id):
                yield mutant
    yield from _of_errors([each for each in described if each.is_error])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """A documented response of an operation."""

    operation: model.Operation
    response: model.Response
    status: int
    properties: list[Property]
    objects: list[Steps]

    @property
    def is_error(self) -> bool:
        return self.status >= _ERRORS

    def shows(self, steps: Steps) -> bool:
        """Tell whether its example, if it has one, has something at these steps."""
        example = example_of(self.response)
        return example is None or has(example, steps)

    def mutant(self, said: str, kind: str, start: Callable[[], Behaviour]) -> Mutant:
        return Mutant(
            name=f"{self.operation.id}: response {self.status} {said}",
            kind=kind,
            method=self.operation.method.upper(),
            path=self.operation.path,
            start=start,
            statuses=frozenset({self.status}),
            reads_requests=False,
        )

    def changed(self, said: str, kind: str, change: Callable[[Response], Response]) -> Mutant:
        return self.mutant(said, kind, changes_response(change, status=self.status))

    def edited(self, said: str, kind: str, steps: Steps, change: Change) -> Mutant:
        return self.changed(said, kind, _editing(steps, change))


def _described(contract: model.Contract) -> Iterator[_Described]:
    for operation in contract.operations:
        for response in operation.responses.values():
            media = json_content(response)
            if (status := status_of(response)) is not None:
                yield _Described(
                    operation=operation,
                    response=response,
                    status=status,
                    properties=properties(media.schema if media else None),
                    objects=[steps for steps, _ in objects(media.schema if media else None)],
                )


def _of_errors(errors: list[_Described]) -> Iterator[Mutant]:
    shown = {each.steps for error in errors for each in error.properties if error.shows(each.steps)}
    for each in {each.steps: each for error in errors for each in error.properties}.values():
        if each.steps not in shown:
            for said, kind, change in (
                *_of_property(each, is_error=True),
                *([("renamed", "property", _renaming(each))] if each.has_name else ()),
            ):
                steps = each.steps[:-1] if said == "renamed" else each.steps
                yield Mutant(
                    name=f"every operation: error {each.pointer} {said}",
                    kind=kind,
                    method="*",
                    path="",
                    start=_changes_errors(_editing(steps, change)),
                    statuses=frozenset(error.status for error in errors),
                    reads_requests=False,
                )


def _changes_errors(change: Callable[[Response], Response]) -> Callable[[], Behaviour]:
    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        return change(response) if response.status >= _ERRORS else response

    return lambda: behaviour


def _of_status(each: _Described) -> Iterator[Mutant]:
    documented = [
        status
        for other in each.operation.responses.values()
        if (status := status_of(other)) is not None
    ]
    others = [
        status
        for status in documented
        if (status >= _ERRORS) is each.is_error and status != each.status
    ]
    others = others or [status for status in documented if status != each.status]
    undocumented = {_TEAPOT, _BUG} if each.is_error else {_ACCEPTED}
    for status in sorted({*others[:1], *undocumented} - {each.status}):
        said = (
            ""
            if status in documented
            else ", a bug"
            if status == _BUG
            else ", which is not documented"
        )
        yield each.changed(f"as {status}{said}", "status", _with_status(status))
    if each.is_error:
        yield each.mutant("accepted", "accept", _accepting(each))


def _with_status(status: int) -> Callable[[Response], Response]:
    """Answer with another status; a member that repeats the status follows."""

    def changed(response: Response) -> Response:
        def body(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return {
                name: status if each == response.status else each for name, each in value.items()
            }

        return replace(changes_json(body)(response), status=status)

    return changed


def _accepting(each: _Described) -> Callable[[], Behaviour]:
    """Answer what should be refused like the last success, or like the example of one."""

    def start() -> Behaviour:
        last = success_example(each.operation)

        async def behaviour(request: Request, forward: Forward) -> Response:
            nonlocal last
            response = await forward(request)
            if response.status == each.status and last is not None:
                return last
            last = response if response.is_success else last
            return response

        return behaviour

    return start


def success_example(operation: model.Operation) -> Response | None:
    """Return the documented example of the success of an operation, if any."""
    response = success_of(operation)
    if response is None or (status := status_of(response)) is None:
        return None
    headers = tuple(("content-type", media_type) for media_type in list(response.content)[:1])
    example = example_of(response)
    return Response(
        status=status,
        headers=headers,
        body=b"" if example is None else json.dumps(example).encode(),
    )


def _of_headers(each: _Described) -> Iterator[Mutant]:
    for name, header in each.response.headers.items():
        is_number = header.schema is not None and keywords(header.schema).get("type") == "integer"
        yield each.changed(f"header {name} removed", "header", _without(name))
        yield each.changed(
            f"header {name} corrupted", "header", _corrupt(name, "0" if is_number else None)
        )
    if each.response.content:
        other = "application/octet-stream"
        yield each.changed(f"media type as {other}", "header", _with_media_type(other))
        yield each.changed("media type with a parameter", "header", _with_media_type(None))


def _without(name: str) -> Callable[[Response], Response]:
    return lambda response: response.with_header(name, None)


def _corrupt(name: str, value: str | None) -> Callable[[Response], Response]:
    def changed(response: Response) -> Response:
        old = response.header(name)
        return response if old is None else response.with_header(name, value or f"{old[1:]}0")

    return changed


def _with_media_type(value: str | None) -> Callable[[Response], Response]:
    def changed(response: Response) -> Response:
        old = response.header("content-type") or ""
        return response.with_header("content-type", value or f"{old}; profile=x")

    return changed


def _of_body(each: _Described) -> Iterator[Mutant]:
    for steps in each.objects:
        if not each.is_error or each.shows(steps):
            yield each.edited(
                f"{body_pointer(steps)} with a property more", "property", steps, _with_one_more
            )
    cursors = dict(_cursors(each))
    for one in each.properties:
        if each.is_error and not each.shows(one.steps):
            continue
        for said, kind, change in _of_property(
            one, is_error=each.is_error, is_opaque=one.steps[-1] in cursors
        ):
            yield each.edited(f"{one.pointer} {said}", kind, one.steps, change)
        if one.has_name:
            yield each.edited(f"{one.pointer} renamed", "property", one.steps[:-1], _renaming(one))
    for name, parameter in cursors.items():
        yield each.mutant(
            f"/body/{name} frozen", "list", _freezing(name, parameter, status=each.status)
        )


def _cursors(each: _Described) -> Iterator[tuple[str, str]]:
    """Yield the properties that hold the next value of a parameter, and that parameter."""
    for name in sorted(each.operation.cursors):
        if any(one.steps == (f"next_{name}",) for one in each.properties):
            yield f"next_{name}", name


def _of_property(
    each: Property, *, is_error: bool, is_opaque: bool = False
) -> Iterator[tuple[str, str, Change]]:
    yield "removed", "property", lambda _: ABSENT
    yield "null", "property", lambda _: None
    yield "of another type", "property", _retyped
    schema = each.keywords
    if "array" in each.types:
        for said, cut in _LIST_CHANGES.items():
            if not (is_error and said in ("repeated", "reordered")):  # errors are a set
                yield f"items {said}", "list", _of_list(cut)
    elif schema.get("format") == "date-time":
        for said, late in _TIME_CHANGES.items():
            yield said, "text", _of_time(late)
    elif not {"object", "array"} & each.types:
        is_prose = (
            is_error and each.is_text and "pattern" not in schema
        )  # which is for people, and may be reworded
        if not is_prose:
            yield "another", "property", _another(schema)
        if each.is_text and not is_error and not is_opaque:
            for said, text in TEXT_CHANGES.items():
                yield said, "text", _of_text(text)


def _of_list(change: Callable[[list[Any]], list[Any]]) -> Change:
    return lambda value: change(value) if isinstance(value, list) else value


def _of_text(change: Change) -> Change:
    return lambda value: change(value) if isinstance(value, str) else value


def _of_time(change: Callable[[datetime], str]) -> Change:
    return lambda value: change(datetime.fromisoformat(value)) if isinstance(value, str) else value


def _utc(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _with_one_more(value: Any) -> Any:
    return value | {"undocumented": True} if isinstance(value, dict) else value


def _retyped(value: Any) -> Any:
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case str():
            return len(value)
        case list():
            return {}
        case dict():
            return []
        case _:
            return ""


def _another(schema: dict[str, Any]) -> Change:
    """Return a change to another value of the same type, a valid one for an enum."""

    def change(value: Any) -> Any:
        if "enum" in schema and len(schema["enum"]) > 1:
            return next(each for each in schema["enum"] if each != value)
        match value:
            case bool():
                return not value
            case int() | float():
                return value + 1
            case str():
                return _another_text(value)
            case _:
                return value

    return change


def _another_text(value: str) -> str:
    """Change the last letter or digit, so that the form stays."""
    for index in range(len(value) - 1, -1, -1):
        if value[index].isascii() and value[index].isalnum():
            return (
                value[:index]
                + (
                    "b"
                    if value[index] == "a"
                    else "a"
                    if value[index].isalpha()
                    else "1"
                    if value[index] == "0"
                    else "0"
                )
                + value[index + 1 :]
            )
    return f"{value}a"


def _renaming(each: Property) -> Change:
    """Return the change of an object in which the property gets another name."""

    def change(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            f"{key}_" if key == each.steps[-1] else key: member for key, member in value.items()
        }

    return change


def _freezing(name: str, parameter: str, *, status: int) -> Callable[[], Behaviour]:
    """Let the cursor of a page lead to the page that has it."""

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        given = dict(request.query).get(parameter)
        if response.status != status or given is None:
            return response
        return changes_json(lambda body: body | {name: given})(response)

    return lambda: behaviour


def _editing(steps: Steps, change: Change) -> Callable[[Response], Response]:
    return changes_json(lambda body: edited(body, steps, change))


def edited(node: Any, steps: Steps, change: Change) -> Any:
    """Return a value with a change at these steps, if something is there."""
    if not steps:
        return change(node)
    step, rest = steps[0], steps[1:]
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        items = [
            edited(each, rest, change) if index == step else each for index, each in enumerate(node)
        ]
        return [each for each in items if each is not ABSENT]
    if not isinstance(node, dict) or step not in node:
        return node
    new = edited(node[step], rest, change)
    return {
        name: new if name == step else each
        for name, each in node.items()
        if name != step or new is not ABSENT
    }
