"""Requests that can be sent again: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

The response is stored in the transaction of what the request does, so there are both or neither,
whatever is lost on the way. The transaction holds an advisory lock on the key, because a row that
another transaction has inserted is invisible until that commits.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

import orjson
from fastapi import FastAPI
from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from starlette.requests import Request

from app.database.db import Database, UnitOfWork
from app.database.services.idempotency import IdempotencyService, Use
from app.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from app.security import Principal
from generated.runtime.requests import current_request
from generated.runtime.responses import ApiResponse

Response = TypeVar("Response", bound=ApiResponse)
Work = Callable[[UnitOfWork], Awaitable[Response]]

_NOT_OF_THE_REQUEST = ("principal", "idempotency_key")  # arguments that its digest leaves out
_ESCAPED = re.compile(r"\\(.)")


class Idempotency:
    """Does the work of a request once, however often the request comes with the same key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def once(
        self,
        work: Work[Response],
        *,
        key: str | None,
        principal: Principal,
        in_transaction: bool = False,
    ) -> Response:
        """Return the response of `work`, or raise `AnsweredBefore`.

        The key is that of the caller and of the operation of the current request. Without a key,
        `work` gets a unit of work for one statement, unless it is to be `in_transaction`; with a
        key it gets a transaction. Only a response with 2xx is stored.

        Also raises `IdempotencyKeyReused`, `IdempotencyKeyInUse`, and what `work` raises.
        """
        database = self._database
        if key is None:
            within = database.transaction if in_transaction else database.statement
            return await database.retrying(work, within=within)
        scope = current_request().scope
        use = Use(principal.token_id, scope["operation"].name, unquoted(key))
        attempt = partial(_attempt, work=work, use=use, digest=request_digest(scope["arguments"]))
        try:
            return await database.retrying(attempt)
        except _StoredMeanwhile:
            return await database.retrying(attempt)


class AnsweredBefore(Exception):
    """The request has come before; its response is sent again.

    This is an exception so that nothing which a handler does around `once` is done again, sending
    a notification for example.
    """

    def __init__(self, response: "_StoredResponse") -> None:
        super().__init__("the request has been answered before")
        self.response = response


def install(app: FastAPI) -> None:
    """Send the stored response of a request that comes again."""
    app.add_exception_handler(AnsweredBefore, _repeat)


async def _repeat(_: Request, error: Any) -> Any:
    return error.response


async def _attempt(db: UnitOfWork, *, work: Work[Response], use: Use, digest: bytes) -> Response:
    """Do the work and store its response, unless there is one."""
    stored, is_locked = await IdempotencyService.find_answer(db, use)
    if stored is not None:
        if stored["request"] != digest:
            raise IdempotencyKeyReused
        raise AnsweredBefore(
            _StoredResponse(stored["status"], _split(stored["headers"]), stored["body"])
        )
    if not is_locked:
        raise IdempotencyKeyInUse
    response = await work(db)
    if not response.is_success:
        return response
    status, headers, body = response.rendered()
    is_stored = await IdempotencyService.store_answer(
        db, use, request=digest, status=status, headers=_joined(headers), body=body
    )
    if not is_stored:
        raise _StoredMeanwhile
    return response


class _StoredMeanwhile(IdempotencyKeyInUse):
    """Another transaction stored a response after this one had looked for it, before its lock.

    All is rolled back, and the next attempt finds the response.
    """


@dataclass(frozen=True, slots=True)
class _StoredResponse(ApiResponse):
    """A response as it was sent. Its paths are those of the contract, below any root path."""

    status_code: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def rendered(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        return self.status_code, self.headers, self.body


def _joined(headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return headers as HTTP/1.1 sends them; their names and values have no line breaks."""
    return b"\r\n".join(b"%b: %b" % header for header in headers)


def _split(headers: bytes) -> list[tuple[bytes, bytes]]:
    fields = (line.partition(b": ") for line in headers.split(b"\r\n") if line)
    return [(name, value) for name, _, value in fields]


def unquoted(key: str) -> str:
    """Return a key without the quotes and escapes of a string (RFC 9651, section 3.3.3).

    So the key is the same with quotes and without.
    """
    return _ESCAPED.sub(r"\1", key[1:-1]) if key.startswith('"') else key


def request_digest(arguments: Mapping[str, object]) -> bytes:
    """Return a digest of the validated arguments of an operation.

    White space and the order of members make no difference, and neither do defaults, which a later
    version of the service may add.
    """
    given = {
        name: _without_defaults(value)
        for name, value in arguments.items()
        if name not in _NOT_OF_THE_REQUEST and value is not None
    }
    value = to_jsonable_python(given, bytes_mode="base64")
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer of more than 64 bits, say
        text = json.dumps(value, sort_keys=True).encode()
    return sha256(text).digest()


def _without_defaults(value: object) -> object:
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
