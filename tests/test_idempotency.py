"""`app.idempotency`, without HTTP: what the units of work and the stored rows do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ClassVar

import asyncpg
import pytest
from pydantic import BaseModel
from starlette.requests import Request

from app.database.db import Database, UnitOfWork
from app.database.services.authors import AuthorService
from app.database.services.idempotency import IdempotencyService, Use
from app.errors import AuthorNotFound, IdempotencyKeyInUse, IdempotencyKeyReused
from app.idempotency import AnsweredBefore, Idempotency, request_digest, unquoted
from app.security import Principal
from generated import models
from generated.routers import authors as api
from generated.runtime.requests import served
from generated.runtime.responses import ApiResponse
from generated.runtime.rows import from_row
from tests.conftest import run_sql
from tests.tokens import ADMIN_ID

CALLER = Principal(ADMIN_ID, frozenset(), None)
OPERATION = "create_author"
MOST_REMOVED = 10


@dataclass(frozen=True, slots=True)
class NoContent(ApiResponse):
    """A response without headers and body."""

    statuses: ClassVar[tuple[int, int] | None] = (200, 599)

    status_code: int


@contextmanager
def serving(body: object = None, *, operation: str = OPERATION) -> Iterator[None]:
    """Set the current request."""
    scope = {
        "type": "http",
        "operation": SimpleNamespace(name=operation),
        "arguments": {"body": body, "principal": CALLER, "idempotency_key": "k"},
    }
    token = served.set(Request(scope))
    try:
        yield
    finally:
        served.reset(token)


async def create(db: UnitOfWork) -> api.CreateAuthor201:
    """Create an author."""
    row = await AuthorService.create_author(db, first_name="Ada", last_name="Lovelace", owner=None)
    return api.CreateAuthor201(
        body=from_row(models.Author, row),
        location=f"/authors/{row['id']}",
        etag='"1"',
        cache_control="private, no-cache",
    )


async def count(url: str, table: str) -> int:
    return int((await run_sql(url, f"SELECT FROM {table}")).removeprefix("SELECT "))


async def store_expired(url: str, number: int) -> None:
    """Store keys of which the first one has expired first."""
    await run_sql(
        url,
        "INSERT INTO idempotency_keys "
        f"SELECT {ADMIN_ID}, '{OPERATION}', 'old' || n, '', 201, '', '', "
        f"now() - interval '1 day' + n * interval '1 second' FROM generate_series(1, {number}) n",
    )


def once(database: Database, key: str | None = "k", **options: Any) -> Any:
    return Idempotency(database).once(create, key=key, principal=CALLER, **options)


async def test_an_answer_that_another_transaction_stores_meanwhile_is_repeated(
    database: Database, database_url: str
) -> None:
    """The lock of the first attempt is newer than what it has seen; so its work is undone."""
    attempts = 0

    async def overtaken(db: UnitOfWork) -> api.CreateAuthor201:
        nonlocal attempts
        attempts += 1
        answer = await create(db)
        async with database.transaction() as other:  # has released the lock, say
            await IdempotencyService.store_answer(
                other,
                Use(ADMIN_ID, OPERATION, "k"),
                request=request_digest({}),
                status=201,
                headers=b"location: /authors/7",
                body=b"{}",
            )
        return answer

    with serving(), pytest.raises(AnsweredBefore) as repeated:
        await Idempotency(database).once(overtaken, key="k", principal=CALLER)

    expected = (201, [(b"location", b"/authors/7")], b"{}")
    assert repeated.value.response.rendered() == expected
    assert attempts == 1
    assert await count(database_url, "authors") == 0


async def test_an_answer_that_is_never_seen_is_a_key_in_use(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the reason, the client may try again, and nothing is done twice."""

    async def blind(_: UnitOfWork, __: Use) -> tuple[None, bool]:
        return None, True

    monkeypatch.setattr(IdempotencyService, "find_answer", blind)

    with serving():
        await once(database)
        with pytest.raises(IdempotencyKeyInUse):
            await once(database)

    assert await count(database_url, "authors") == 1


async def test_only_success_is_stored(database: Database, database_url: str) -> None:
    async def refuse(_: UnitOfWork) -> NoContent:
        return NoContent(404)

    with serving():
        answer = await Idempotency(database).once(refuse, key="k", principal=CALLER)

    assert answer.rendered() == (404, [], b"")
    assert await count(database_url, "idempotency_keys") == 0


async def test_a_response_without_headers_and_body_is_stored(database: Database) -> None:
    async def delete(_: UnitOfWork) -> NoContent:
        return NoContent(204)

    with serving():
        await Idempotency(database).once(delete, key="k", principal=CALLER)
        with pytest.raises(AnsweredBefore) as repeated:
            await Idempotency(database).once(delete, key="k", principal=CALLER)

    assert repeated.value.response.rendered() == (204, [], b"")


async def test_work_that_raises_stores_nothing(database: Database, database_url: str) -> None:
    async def fail(db: UnitOfWork) -> api.CreateAuthor201:
        await create(db)
        raise AuthorNotFound(1)

    with serving(), pytest.raises(AuthorNotFound):
        await Idempotency(database).once(fail, key="k", principal=CALLER)

    assert await count(database_url, "authors") == 0
    assert await count(database_url, "idempotency_keys") == 0


async def test_work_that_is_cancelled_stores_nothing(database: Database, database_url: str) -> None:
    begun = asyncio.Event()

    async def hang(db: UnitOfWork) -> api.CreateAuthor201:
        await create(db)
        begun.set()
        await asyncio.sleep(60)
        raise AssertionError

    with serving():
        task = asyncio.create_task(Idempotency(database).once(hang, key="k", principal=CALLER))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        answer = await once(database)

    assert answer.status == 201
    assert await count(database_url, "authors") == 1


@pytest.mark.parametrize("key", [None, "k"])
async def test_work_of_several_statements_gets_a_transaction(
    database: Database, database_url: str, key: str | None
) -> None:
    async def create_two(db: UnitOfWork) -> api.CreateAuthor201:
        await create(db)
        return await create(db)

    with serving():
        await Idempotency(database).once(create_two, key=key, principal=CALLER, in_transaction=True)

    assert await count(database_url, "authors") == 2


async def test_without_a_key_work_is_one_statement(database: Database) -> None:
    async def create_two(db: UnitOfWork) -> api.CreateAuthor201:
        await create(db)
        return await create(db)

    with pytest.raises(RuntimeError, match="second statement"):
        await Idempotency(database).once(create_two, key=None, principal=CALLER)


async def test_a_new_key_removes_those_that_expired_first(
    database: Database, database_url: str
) -> None:
    await store_expired(database_url, MOST_REMOVED + 5)

    with serving():
        await once(database, "first")
        left = "SELECT FROM idempotency_keys WHERE key IN ('old11', 'old15', 'first')"
        assert await run_sql(database_url, left) == "SELECT 3"
        assert await count(database_url, "idempotency_keys") == 5 + 1
        await once(database, "second")

    assert await count(database_url, "idempotency_keys") == 2


async def test_an_expired_key_that_is_used_again_is_replaced_and_not_removed(
    database: Database, database_url: str
) -> None:
    await store_expired(database_url, 3)

    with serving():
        first = await once(database, "old1")
        with pytest.raises(AnsweredBefore) as repeated:
            await once(database, "old1")

    assert repeated.value.response.rendered() == first.rendered()
    assert await count(database_url, "authors") == 1
    assert await count(database_url, "idempotency_keys") == 1


async def test_expired_keys_that_others_remove_are_not_waited_for(
    database: Database, database_url: str
) -> None:
    await store_expired(database_url, 3)
    holder = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM idempotency_keys WHERE key = 'old2' FOR UPDATE")
            with serving():
                await asyncio.wait_for(once(database, "new"), timeout=10)
    finally:
        await holder.close()

    left = "SELECT FROM idempotency_keys WHERE key IN ('old2', 'new')"
    assert await run_sql(database_url, left) == "SELECT 2"
    assert await count(database_url, "idempotency_keys") == 2


async def test_callers_who_use_expired_keys_of_each_other_do_not_deadlock(
    database: Database, database_url: str
) -> None:
    with serving():
        for _ in range(20):
            await run_sql(database_url, "DELETE FROM idempotency_keys")
            await store_expired(database_url, 4)
            answers = await asyncio.gather(*(once(database, f"old{n}") for n in range(1, 5)))
            assert {answer.status for answer in answers} == {201}

    assert await count(database_url, "authors") == 80


async def test_another_request_is_refused(database: Database) -> None:
    with serving({"a": 1}):
        await once(database)

    with serving({"a": 2}), pytest.raises(IdempotencyKeyReused):
        await once(database)


async def test_the_index_finds_expired_keys(database_url: str) -> None:
    """The most rows have not expired; each new key looks for those that have."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await connection.execute(
            f"INSERT INTO idempotency_keys SELECT {ADMIN_ID}, 'x', n::text, '', 201, '', '', "
            "now() + n * interval '1 second' FROM generate_series(1, 5000) n; "
            "ANALYZE idempotency_keys"
        )
        plan = await connection.fetch(
            "EXPLAIN SELECT FROM idempotency_keys WHERE expires_at <= now() "
            "ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED"
        )
    finally:
        await connection.close()

    assert "ix_idempotency_keys_expires_at" in "\n".join(row[0] for row in plan)


@pytest.mark.parametrize(
    ("sent", "key"),
    [("a1", "a1"), ('"a1"', "a1"), (r'"\"\\"', '"\\'), ('"a b"', "a b"), (r'"\\\\"', r"\\")],
)
def test_quotes_and_escapes_are_no_part_of_a_key(sent: str, key: str) -> None:
    assert unquoted(sent) == key


class Body(BaseModel):
    """A body with a default and further members."""

    model_config = {"extra": "allow"}

    at: datetime
    added: int = 0


def test_the_digest_is_of_what_the_client_says() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    given = {"body": Body.model_validate({"at": at, "b": {"x": 1, "y": 2}, "a": 1})}
    reordered = {"body": Body.model_validate({"a": 1, "b": {"y": 2, "x": 1}, "at": at})}
    explicit = {"body": Body.model_validate({"at": at, "b": {"x": 1, "y": 2}, "a": 1, "added": 0})}

    digest = request_digest(given)

    assert digest == request_digest(reordered)
    assert digest == request_digest(given | {"principal": CALLER, "idempotency_key": "k"})
    assert digest == request_digest(given | {"new_parameter": None})
    assert digest != request_digest(explicit)
    assert digest != request_digest(given | {"article_id": 1})
    assert request_digest({"article_id": 1}) != request_digest({"article_id": 2})
    assert request_digest({"number": 2**70}) != request_digest({"number": 2**70 + 1})
    assert request_digest({"body": b"\xff"}) != request_digest({"body": b"\xfe"})


def test_locks_are_signed_integers_of_64_bits() -> None:
    locks = {Use(1, OPERATION, str(number)).lock for number in range(1000)}

    assert len(locks) == 1000
    assert min(locks) < 0 < max(locks)
    assert all(-(2**63) <= lock < 2**63 for lock in locks)
