"""Mutants of responses: their status, headers, properties, texts and lists."""

import html
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from specfirst.conformance.mutants.contract import Contract, Operation, Property, ResponseDescription
from specfirst.conformance.mutants.exchange import (
    Behaviour,
    Forward,
    Mutant,
    Request,
    Response,
    changes_json,
    changes_response,
)

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
    "without control characters": lambda text: "".join(each for each in text if unicodedata.category(each) != "Cc"),
    "with line feeds": lambda text: text.replace("\r\n", "\n").replace("\r", "\n"),
    "without noncharacters": lambda text: "".join(each for each in text if unicodedata.category(each) != "Cn"),
}
"""What a careless service does to text; each leaves plain text of one line as it is, but for the cuts."""

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


def of_responses(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of what the operations answer.

    What operations share, by a reference to a response, is one component: each of its mutants is made in one of these
    operations, in turn, and not in every one. A property of errors that no example shows may be in any error: its
    mutants are made in all of them at once.
    """
    for operation in contract.operations:
        for response in operation.responses:
            yield from _of_status(operation, response)
            users = contract.users(response)
            for number, mutant in enumerate([*_of_headers(operation, response), *_of_body(operation, response)]):
                if response.status < _ERRORS or number % len(users) == users.index(operation.id):
                    yield mutant
    yield from _of_errors(contract)


def _of_errors(contract: Contract) -> Iterator[Mutant]:
    errors = [each for operation in contract.operations for each in operation.responses if each.status >= _ERRORS]
    shown = {each.pointer for response in errors for each in response.shown}
    for each in {each.pointer: each for response in errors for each in response.properties}.values():
        if each.pointer not in shown:
            for said, kind, change in (*_of_property(each, is_error=True), ("renamed", "property", _renaming(each))):
                steps = each.steps[:-1] if said == "renamed" else each.steps
                yield Mutant(
                    name=f"every operation: error {each.pointer} {said}",
                    kind=kind,
                    method="*",
                    path="",
                    start=_changes_errors(_editing(steps, change)),
                    statuses=frozenset(response.status for response in errors),
                )


def _changes_errors(change: Callable[[Response], Response]) -> Callable[[], Behaviour]:
    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        return change(response) if response.status >= _ERRORS else response

    return lambda: behaviour


def _of_status(operation: Operation, response: ResponseDescription) -> Iterator[Mutant]:
    documented = [each.status for each in operation.responses]
    is_error = response.status >= _ERRORS
    others = [each for each in documented if (each >= _ERRORS) is is_error and each != response.status]
    others = others or [each for each in documented if each != response.status]
    wrong = {*others[:1], _TEAPOT if is_error else _ACCEPTED, *([_BUG] if is_error else [])} - {response.status}
    for status in sorted(wrong):
        said = "" if status in documented else ", which is not documented"
        if status == _BUG:
            said = ", a bug"
        yield _mutant(operation, response, f"as {status}{said}", "status", _with_status(status))
    if is_error and response.status < _BUG:
        yield Mutant(
            name=f"{operation.id}: response {response.status} accepted",
            kind="accept",
            method=operation.method,
            path=operation.path,
            start=lambda: _accepting(operation, response.status),
            statuses=frozenset({response.status}),
        )


def _with_status(status: int) -> Callable[[Response], Response]:
    """Answer with another status; a member that repeats the status follows."""

    def changed(response: Response) -> Response:
        def body(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return {name: status if each == response.status else each for name, each in value.items()}

        return replace(changes_json(body)(response), status=status)

    return changed


def _accepting(operation: Operation, status: int) -> Behaviour:
    """Answer what should be refused like the last success, or like the example of one."""
    last = operation.success()

    async def behaviour(request: Request, forward: Forward) -> Response:
        nonlocal last
        response = await forward(request)
        if response.status == status and last is not None:
            return last
        last = response if response.is_success else last
        return response

    return behaviour


def _of_headers(operation: Operation, response: ResponseDescription) -> Iterator[Mutant]:
    for name, schema in response.headers.items():
        yield _mutant(operation, response, f"header {name} removed", "header", _without(name))
        wrong = _corrupt(name, "0" if schema.get("type") == "integer" else None)
        yield _mutant(operation, response, f"header {name} corrupted", "header", wrong)
    if response.media_types:
        for name, value in (("application/octet-stream", "application/octet-stream"), ("a parameter", None)):
            said = f"media type as {name}" if value else "media type with a parameter"
            yield _mutant(operation, response, said, "header", _with_media_type(value))


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


def _of_body(operation: Operation, response: ResponseDescription) -> Iterator[Mutant]:
    for pointer, steps in response.shown_objects:
        yield _edit(operation, response, f"{pointer} with a property more", "property", steps, _with_one_more)
    is_error = response.status >= _ERRORS
    for each in response.shown if is_error else response.properties:
        for said, kind, change in _of_property(each, is_error=is_error):
            yield _edit(operation, response, f"{each.pointer} {said}", kind, each.steps, change)
        if isinstance(each.steps[-1], str):
            yield _edit(operation, response, f"{each.pointer} renamed", "property", each.steps[:-1], _renaming(each))
    for name, parameter in operation.cursors(response):
        yield _frozen(operation, response, name, parameter)


def _of_property(each: Property, *, is_error: bool) -> Iterator[tuple[str, str, Change]]:
    yield "removed", "property", lambda _: ABSENT
    yield "null", "property", lambda _: None
    yield "of another type", "property", _retyped
    schema = each.schema
    if "array" in each.types:
        for said, cut in _LIST_CHANGES.items():
            if not (is_error and said in ("repeated", "reordered")):  # errors are a set
                yield f"items {said}", "list", _of_list(cut)
    elif schema.get("format") == "date-time":
        for said, late in _TIME_CHANGES.items():
            yield said, "text", _of_time(late)
    elif not {"object", "array"} & each.types:
        yield "another", "property", _another(schema)
        if each.is_text and not is_error:
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
    """Return a change to another value of the same type, one that the schema takes where it says which it takes."""

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
        return {f"{key}_" if key == each.steps[-1] else key: member for key, member in value.items()}

    return change


def _frozen(operation: Operation, response: ResponseDescription, name: str, parameter: str) -> Mutant:
    """A list whose cursor leads to the page that has it."""

    async def behaviour(request: Request, forward: Forward) -> Response:
        answer = await forward(request)
        given = dict(request.query).get(parameter)
        if answer.status != response.status or given is None:
            return answer
        return changes_json(lambda body: body | {name: given})(answer)

    return Mutant(
        name=f"{operation.id}: response {response.status} /body/{name} frozen",
        kind="list",
        method=operation.method,
        path=operation.path,
        start=lambda: behaviour,
        statuses=frozenset({response.status}),
    )


def _edit(
    operation: Operation,
    response: ResponseDescription,
    said: str,
    kind: str,
    steps: tuple[str | int, ...],
    change: Change,
) -> Mutant:
    return _mutant(operation, response, said, kind, _editing(steps, change))


def _editing(steps: tuple[str | int, ...], change: Change) -> Callable[[Response], Response]:
    return changes_json(lambda body: edited(body, steps, change))


def edited(node: Any, steps: tuple[str | int, ...], change: Change) -> Any:
    """Return a value with a change of what stands at these steps; as it is where nothing stands there."""
    if not steps:
        return change(node)
    step, rest = steps[0], steps[1:]
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return [edited(each, rest, change) if index == step else each for index, each in enumerate(node)]
    if not isinstance(node, dict) or step not in node:
        return node
    new = edited(node[step], rest, change)
    return {name: new if name == step else each for name, each in node.items() if name != step or new is not ABSENT}


def _mutant(
    operation: Operation,
    response: ResponseDescription,
    said: str,
    kind: str,
    change: Callable[[Response], Response],
) -> Mutant:
    return Mutant(
        name=f"{operation.id}: response {response.status} {said}",
        kind=kind,
        method=operation.method,
        path=operation.path,
        start=changes_response(change, status=response.status),
        statuses=frozenset({response.status}),
    )
