"""Mutants with state: writes that are lost, doubled or misdirected, and stale reads."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from specfirst.conformance.mutants.exchange import (
    Behaviour,
    Forward,
    Mutant,
    Request,
    Response,
    changes_json,
    changes_request,
    matches,
    mutant_of,
)
from specfirst.conformance.mutants.responses import success_example
from specfirst.conformance.mutants.schemas import json_content
from specfirst.contract.model import Contract, Operation
from specfirst.contract.schema_validator import SchemaValidator

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def of_behaviours(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of what operations do to what is stored."""
    for operation in contract.operations:
        method = operation.method.upper()
        if method == "GET":
            said, start = "answered from before the last write", partial(_stale, operation)
            yield mutant_of(operation, said, "stale", start, watches_all=True)
        elif method not in _SAFE:
            yield mutant_of(operation, "swallowed", "swallow", partial(_swallowing, operation))
        if method == "POST":
            yield mutant_of(operation, "done twice", "twice", lambda: _twice)
        if operation.path.endswith("}"):
            another = changes_request(_of_another)
            yield mutant_of(operation, "of another resource", "another", another)


async def _twice(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.is_success:
        await forward(request)
    return response


def _of_another(request: Request) -> Request:
    """Take the next number, or another last letter."""
    parent, _, last = request.path.rpartition("/")
    other = str(int(last) + 1) if re.fullmatch("[0-9]{1,18}", last) else f"{last}x"
    return replace(request, path=f"{parent}/{other}", changed=True)


def _stale(operation: Operation) -> Behaviour:
    """Answer, after a write, once more what was answered before it."""
    answers: dict[tuple[Any, ...], Response] = {}
    outdated: set[tuple[Any, ...]] = set()

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if request.method not in _SAFE and response.is_success:
            outdated.update(answers)
        if request.method != operation.method.upper() or not matches(operation.path, request.path):
            return response
        key = (request.path, request.query)
        old, answers[key] = answers.get(key), response
        if key not in outdated or old is None:
            return response
        outdated.discard(key)
        return old

    return behaviour


def _swallowing(operation: Operation) -> Behaviour:
    """Answer that something was written, without writing it.

    A creation is answered like the last one, with what is sent now; a change or a deletion from
    what is stored.
    """
    last: Response | None = None
    is_right = _judge(operation)

    async def behaviour(request: Request, forward: Forward) -> Response:
        nonlocal last
        if not is_right(request):
            return await forward(request)
        if operation.method == "post":
            if last is None:
                response = await forward(request)
                last = response if response.is_success else None
                return response
            return _merged(last, request)
        read = await forward(
            Request(method="GET", path=request.path, headers=request.headers, changed=True)
        )
        success = success_example(operation)
        if not read.is_success or success is None:
            return await forward(request)
        if success.body:
            return _merged(replace(read, status=success.status), request)
        kept = tuple(each for each in read.headers if not each[0].lower().startswith("content-"))
        return Response(status=success.status, headers=kept)

    return behaviour


def _judge(operation: Operation) -> Callable[[Request], bool]:
    """Return what tells whether a request fits its description, as far as its body goes."""
    body = operation.request_body
    media = json_content(body) if body else None
    if body is None or media is None or media.schema is None:
        return lambda request: not request.query
    media_types = [name.lower() for name in body.content]
    pointer, validator = media.schema.pointer, SchemaValidator(operation.contract)

    def is_right(request: Request) -> bool:
        media_type = (request.header("content-type") or "").partition(";")[0].lower()
        try:
            return (
                not request.query
                and media_type in media_types
                and validator.is_valid(pointer, request.json())
            )
        except (ValueError, RecursionError):
            return False

    return is_right


def _merged(response: Response, request: Request) -> Response:
    sent = request.json()
    return changes_json(
        lambda body: body | {name: each for name, each in sent.items() if name in body}
    )(response)
