"""Tokens as callers: how often the database is asked, and what a process remembers."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any, cast

import pytest

from app import security as module
from app.database.db import Database, UnitOfWork, UnitOfWorkContext
from app.database.services.tokens import TokenService
from app.errors import Unavailable
from app.security import Principal, TokenSecurity
from app.tokens import new_token
from tests.conftest import run_sql
from tests.tokens import ADMIN_ID, ADMIN_TOKEN, KEYS, SCOPES, insertion


class Counting:
    """A database that counts its units of work."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statements = 0

    def statement(self) -> UnitOfWorkContext[UnitOfWork]:
        self.statements += 1
        return self.database.statement()


class Clock:
    """A clock that a test sets."""

    now = 1000.0


@pytest.fixture
def clock() -> Clock:
    """The clock of the process."""
    return Clock()


@pytest.fixture
def counting(database: Database) -> Counting:
    """The database, counted; no use of the admin's token is to be recorded."""
    return Counting(database)


@pytest.fixture
async def security(
    counting: Counting, clock: Clock, database_url: str
) -> AsyncIterator[TokenSecurity]:
    """The callers of tokens in the database; the admin's token was used just now."""
    await run_sql(database_url, "UPDATE tokens SET last_used_at = now()")
    async with TokenSecurity(cast(Database, counting), KEYS, clock=lambda: clock.now) as security:
        yield security


async def store(url: str, **columns: Any) -> str:
    token = new_token()
    await run_sql(url, insertion(token, **columns) + "; UPDATE tokens SET last_used_at = now()")
    return token


def refusals(captured: StringIO) -> list[tuple[str, int | None]]:
    lines = [json.loads(line) for line in captured.getvalue().splitlines()]
    return [
        (line["reason"], line["token_id"]) for line in lines if line["event"] == "token refused"
    ]


async def test_a_token_is_looked_up_once_in_five_seconds(
    security: TokenSecurity, counting: Counting, clock: Clock
) -> None:
    callers = [await security.bearer_token(ADMIN_TOKEN) for _ in range(3)]
    assert callers == [Principal(ADMIN_ID, frozenset(SCOPES), None)] * 3
    assert counting.statements == 1

    clock.now += 4.9
    await security.bearer_token(ADMIN_TOKEN)
    assert counting.statements == 1

    clock.now += 0.2
    await security.bearer_token(ADMIN_TOKEN)
    assert counting.statements == 2


async def test_what_is_no_token_is_never_looked_up(
    security: TokenSecurity, counting: Counting, captured: StringIO
) -> None:
    for text in ("x", "blog_pat_", ADMIN_TOKEN[:-1] + "!", ADMIN_TOKEN.swapcase()):
        assert await security.bearer_token(text) is None

    assert counting.statements == 0
    assert refusals(captured) == [("malformed", None)] * 4


async def test_every_other_refusal_takes_one_query_and_says_why_in_the_log_only(
    security: TokenSecurity, counting: Counting, database_url: str, captured: StringIO
) -> None:
    tokens = [
        new_token(),
        await store(database_url, id=50, expires_at="now()"),
        await store(database_url, id=51, revoked_at="now()"),
        await store(database_url, id=52, revoked_at="now()", expires_at="now()"),
    ]

    assert [await security.bearer_token(token) for token in tokens] == [None] * 4
    assert counting.statements == 4
    assert refusals(captured) == [
        ("unknown", None),
        ("expired", 50),
        ("revoked", 51),
        ("revoked", 52),
    ]
    assert "blog_pat_" not in captured.getvalue()


async def test_a_token_is_not_remembered_beyond_its_end(
    security: TokenSecurity, database_url: str, clock: Clock
) -> None:
    token = await store(database_url, id=50, expires_at="now() + interval '4 seconds'")
    assert await security.bearer_token(token) is not None
    await run_sql(database_url, "UPDATE tokens SET revoked_at = now() WHERE id = 50")
    assert await security.bearer_token(token) is not None

    clock.now += 4

    assert await security.bearer_token(token) is None


async def test_a_token_that_is_forgotten_is_looked_up_again(
    security: TokenSecurity, counting: Counting, database_url: str
) -> None:
    other = await store(database_url, id=50)
    for token in (ADMIN_TOKEN, other):
        await security.bearer_token(token)

    security.forget(50)

    for token in (ADMIN_TOKEN, other):
        await security.bearer_token(token)
    assert counting.statements == 3


async def test_the_oldest_is_forgotten_for_the_newest(
    security: TokenSecurity,
    counting: Counting,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CACHE_SIZE", 2)
    first, second, third = [await store(database_url) for _ in range(3)]
    for token in (first, second, third):
        await security.bearer_token(token)
    assert counting.statements == 3

    for token in (second, third):
        await security.bearer_token(token)
    assert counting.statements == 3

    await security.bearer_token(first)
    assert counting.statements == 4
    assert len(security._known) == 2


async def test_unknown_tokens_take_no_memory(security: TokenSecurity) -> None:
    for _ in range(10):
        await security.bearer_token(new_token())

    assert not security._known


async def test_uses_at_the_same_time_are_recorded_once(
    security: TokenSecurity, counting: Counting, database: Database, database_url: str
) -> None:
    await run_sql(database_url, "UPDATE tokens SET last_used_at = NULL")

    await asyncio.gather(*(security.bearer_token(ADMIN_TOKEN) for _ in range(4)))
    await security.__aexit__()

    assert counting.statements == 4 + 1
    used = "SELECT FROM tokens WHERE last_used_at > now() - interval '1 minute'"
    assert await run_sql(database_url, used) == "SELECT 1"


@pytest.mark.parametrize(("seconds", "is_recorded"), [(58, False), (61, True)])
async def test_processes_together_record_a_use_once_a_minute(
    database: Database, database_url: str, seconds: int, is_recorded: bool
) -> None:
    earlier = f"UPDATE tokens SET last_used_at = now() - interval '{seconds} seconds'"
    await run_sql(database_url, earlier)

    async with database.statement() as db:
        await TokenService.touch_token(db, token_id=ADMIN_ID)

    recent = "SELECT FROM tokens WHERE last_used_at > now() - interval '50 seconds'"
    assert await run_sql(database_url, recent) == f"SELECT {int(is_recorded)}"


async def test_a_use_that_cannot_be_recorded_refuses_nobody(
    security: TokenSecurity,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    captured: StringIO,
) -> None:
    await run_sql(database_url, "UPDATE tokens SET last_used_at = NULL")
    failures = iter([Unavailable(), ZeroDivisionError()])

    async def fail(*_: object, **__: object) -> None:
        raise next(failures)

    monkeypatch.setattr(TokenService, "touch_token", fail)

    for _ in range(2):
        assert await security.bearer_token(ADMIN_TOKEN) is not None
        await security.__aexit__()
        security.forget(ADMIN_ID)

    [line] = [json.loads(line) for line in captured.getvalue().splitlines()]
    assert line["event"] == f"cannot record the use of token {ADMIN_ID}"


async def test_a_token_cannot_be_checked_without_the_database() -> None:
    nowhere = "postgresql+asyncpg://127.0.0.1:9/nothing"
    async with Database(nowhere, pool_size=1, timeout=1, wait=0.1) as database:
        with pytest.raises(Unavailable):
            await TokenSecurity(database, KEYS).bearer_token(ADMIN_TOKEN)
