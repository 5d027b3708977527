"""Requests that can be sent again: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

The response is stored in the transaction of what the request does, so there are both or neither,
whatever is lost on the way. The transaction holds an advisory lock on the key, because a row that
another transaction has inserted is invisible until that commits.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar, cast

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

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
        """Return the response of `work`, or the same bytes again if the key has one stored.

        The key is that of the caller and the operation of the current request. Without a key,
        `work` gets a unit of work for one statement, unless it is to be `in_transaction`; with a
        key it gets a transaction. Only a response with 2xx is stored.

        Raises `IdempotencyKeyReused`, `IdempotencyKeyInUse`, and what `work` raises.
        """
        if key is None:
            database = self._database
            async with database.transaction() if in_transaction else database.statement() as db:
                return await work(db)
        scope = current_request().scope
        use = Use(principal.token_id, scope["operation"].name, unquoted(key))
        digest = request_digest(scope["arguments"])
        try:
            return await self._attempt(work, use, digest)
        except _StoredMeanwhile:
            return await self._attempt(work, use, digest)

    async def _attempt(self, work: Work[Response], use: Use, digest: bytes) -> Response:
        async with self._database.transaction() as db:
            stored, is_locked = await IdempotencyService.find_answer(db, use)
            if stored is not None:
                if stored["request"] != digest:
                    raise IdempotencyKeyReused
                answer = _Answer(stored["status"], stored["headers"], stored["body"])
            elif not is_locked:
                raise IdempotencyKeyInUse
            else:
                answer = _Answer.of(await work(db))
                if answer.is_success and not await IdempotencyService.store_answer(
                    db,
                    use,
                    request=digest,
                    status=answer.status_code,
                    headers=answer.headers,
                    body=answer.body,
                ):
                    raise _StoredMeanwhile
        # it is what the operation has answered, if not an instance of that class
        return cast(Response, answer)


class _StoredMeanwhile(IdempotencyKeyInUse):
    """Another transaction stored an answer after this one had looked for it, and before its lock.

    All is rolled back, and the next attempt finds the answer.
    """


@dataclass(frozen=True, slots=True)
class _Answer(ApiResponse):
    """A response as it is sent and stored. Its paths are those of the contract."""

    status_code: int
    headers: list[list[str]]
    body: bytes

    @classmethod
    def of(cls, response: ApiResponse) -> "_Answer":
        status, headers, body = response.rendered()
        decoded = [[part.decode("latin-1") for part in header] for header in headers]
        return cls(status, decoded, body)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    def rendered(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers
        ]
        return self.status_code, headers, self.body


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
    text = json.dumps(to_jsonable_python(given, bytes_mode="base64"), sort_keys=True)
    return sha256(text.encode()).digest()


def _without_defaults(value: object) -> object:
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
