"""Mutants of idempotency keys: effects that happen twice, and responses for somebody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from specfirst.conformance.mutants.exchange import (
    Behaviour,
    Forward,
    Mutant,
    Request,
    Response,
    changes_request,
    matches,
    mutant_of,
)
from specfirst.contract.model import Contract, Operation

KEY = "idempotency-key"

_ABOUT_THE_REQUEST = (401, 403, 409, 429)  # refusals that say nothing about what is sent

_Use = tuple[str, str | None]
"""A key and the credentials that came with it."""


def of_idempotency(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of operations with an `Idempotency-Key`."""
    for operation in contract.operations:
        if any(each.name.lower() == KEY for each in operation.parameters):
            yield from _of_operation(operation)


def _of_operation(operation: Operation) -> Iterator[Mutant]:
    ignored = changes_request(lambda request: request.with_header(KEY, None))
    behaviours: dict[str, Callable[[], Behaviour]] = {
        "key ignored": ignored,
        "done again, and answered from before": _second_effect,
        "stored response of another caller": _of_another_caller,
        "stored response of another operation": lambda: _of_another_operation(operation),
        "another body accepted": _another_body,
        "stored refusal": _stored_refusal,
        "key in use ignored": _in_use,
        "replay with the request id of the first": _same_request_id,
    }
    for said, start in behaviours.items():
        yield mutant_of(operation, said, "repeat", start, watches_all="operation" in said)


@dataclass(slots=True)
class _Seen:
    """The first response to each use of a key."""

    responses: dict[_Use, Response] = field(default_factory=dict)

    @staticmethod
    def use(request: Request) -> _Use | None:
        key = request.header(KEY)
        return None if key is None else (key, request.header("authorization"))


def _second_effect() -> Behaviour:
    """Do the work of a repeated request again, though the response is the stored one."""
    seen = _Seen()

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        use = seen.use(request)
        if use is not None and response.is_success:
            if use in seen.responses:
                await forward(request.with_header(KEY, None))
            seen.responses[use] = response
        return response

    return behaviour


def _of_another_caller() -> Behaviour:
    """Look a response up by its key alone, and respond as to the first caller who used it."""
    first: dict[str, str] = {}

    async def behaviour(request: Request, forward: Forward) -> Response:
        key, credentials = request.header(KEY), request.header("authorization")
        if key is not None and first.get(key, credentials) != credentials:
            return await forward(request.with_header("authorization", first[key]))
        response = await forward(request)
        if key is not None and credentials is not None and response.is_success:
            first[key] = credentials
        return response

    return behaviour


def _of_another_operation(operation: Operation) -> Behaviour:
    """Forget that a key belongs to one operation."""
    elsewhere = _Seen()

    async def behaviour(request: Request, forward: Forward) -> Response:
        use = elsewhere.use(request)
        is_meant = request.method == operation.method.upper() and matches(
            operation.path, request.path
        )
        if is_meant and use in elsewhere.responses:
            return elsewhere.responses[use]
        response = await forward(request)
        if not is_meant and use is not None and response.is_success:
            elsewhere.responses[use] = response
        return response

    return behaviour


def _another_body() -> Behaviour:
    """Answer another request with the stored response."""
    seen = _Seen()

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        use = seen.use(request)
        if use is None:
            return response
        if response.is_success:
            seen.responses.setdefault(use, response)
        return (
            seen.responses[use] if _points_at_key(response) and use in seen.responses else response
        )

    return behaviour


def _stored_refusal() -> Behaviour:
    """Store a response with 4xx, too."""
    seen = _Seen()

    async def behaviour(request: Request, forward: Forward) -> Response:
        use = seen.use(request)
        if use in seen.responses:
            return seen.responses[use]
        response = await forward(request)
        is_refusal = 400 <= response.status < 500 and response.status not in _ABOUT_THE_REQUEST
        if use is not None and is_refusal and not _points_at_key(response):
            seen.responses[use] = response
        return response

    return behaviour


def _in_use() -> Behaviour:
    """Do the work of a request at once whose key is in use."""

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if response.status == 409 and request.header(KEY) is not None:
            return await forward(request.with_header(KEY, None))
        return response

    return behaviour


def _same_request_id() -> Behaviour:
    """Repeat the headers that are about the first request, too."""
    seen = _Seen()

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        use = seen.use(request)
        if use is None or not response.is_success:
            return response
        first = seen.responses.setdefault(use, response)
        return response.with_header("x-request-id", first.header("x-request-id"))

    return behaviour


def _points_at_key(response: Response) -> bool:
    """Return whether a response is the refusal of the key."""
    try:
        body: Any = response.json()
        places = [(each["in"], each["pointer"].lower()) for each in body["errors"]]
    except (ValueError, LookupError, TypeError):
        return False
    return places == [("header", f"/{KEY}")]
