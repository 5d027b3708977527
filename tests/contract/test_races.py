"""Concurrent writes: each waits for a lock of the test, so that they always meet the same way."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import httpx
import pytest

from tests.contract.api import create, everything, items, patch, refusal
from tests.contract.factories import JSON, article, author

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'"
)


@pytest.fixture(autouse=True)
def _two_authors_the_first_with_an_article(client: httpx.Client) -> None:
    for _ in range(2):
        create(client, "/authors", author())
    create(client, "/articles", article(author_id=1))


def meanwhile(
    url: str, statement: str, *requests: Callable[[], httpx.Response]
) -> list[httpx.Response]:
    """Run a statement, commit it when all requests wait for it, and return their responses."""
    with ThreadPoolExecutor(len(requests)) as threads:
        return asyncio.run(_meanwhile(url.replace("+asyncpg", ""), statement, threads, requests))


async def _meanwhile(
    url: str,
    statement: str,
    threads: ThreadPoolExecutor,
    requests: tuple[Callable[[], httpx.Response], ...],
) -> list[httpx.Response]:
    holder, watcher = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        async with holder.transaction():
            await holder.execute(statement)
            running = [threads.submit(request) for request in requests]
            while await watcher.fetchval(WAITING) < len(requests) and not any(
                each.done() for each in running
            ):
                await watcher.execute("SELECT pg_sleep(0.01)")
        return [await asyncio.wrap_future(each) for each in running]
    finally:
        await holder.close()
        await watcher.close()


def test_of_two_patches_at_once_none_is_lost(client: httpx.Client, database_url: str) -> None:
    members = {"title": "Note H", "content": "Otherwise."}

    answers = meanwhile(
        database_url,
        "SELECT FROM articles WHERE id = 1 FOR UPDATE",
        *(
            lambda name=name: patch(client, "/articles/1", {name: members[name]})
            for name in members
        ),
    )

    stored = client.get("/articles/1").json()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert members.items() <= stored.items()
    assert stored["updated_at"] == max(answer.json()["updated_at"] for answer in answers)


def test_an_article_is_not_moved_to_an_author_who_is_going(
    client: httpx.Client, database_url: str
) -> None:
    going = "DELETE FROM authors WHERE id = 2"

    [moved, created] = meanwhile(
        database_url,
        going,
        lambda: patch(client, "/articles/1", {"author_id": 2, "title": "Note H"}),
        lambda: client.post("/articles", json=article(author_id=2)),
    )

    assert refusal(moved) == refusal(created) == (404, ["/author_id"])
    assert [each["title"] for each in items(client, "/articles")] == ["Note G"]


def test_cascade_takes_an_article_that_is_just_being_stored(
    client: httpx.Client, database_url: str
) -> None:
    stored = "INSERT INTO articles (title, content, author_id) VALUES ('Note H', '…', 1)"

    [deleted] = meanwhile(database_url, stored, lambda: client.delete("/authors/1?cascade=true"))

    assert deleted.status_code == 204
    assert everything(client)["/articles"] == []


def test_without_cascade_an_article_that_is_just_being_stored_keeps_its_author(
    client: httpx.Client, database_url: str
) -> None:
    stored = "INSERT INTO articles (title, content, author_id) VALUES ('Note H', '…', 2)"

    [kept] = meanwhile(database_url, stored, lambda: client.delete("/authors/2"))

    assert refusal(kept) == (409, [])
    assert len(items(client, "/articles", author_id=2)) == 1


@pytest.mark.parametrize(
    ("path", "changes"),
    [("/articles/1", {"title": "Note H"}), ("/authors/2", {"last_name": "King"})],
)
def test_what_is_deleted_while_it_is_changed_or_deleted_is_not_found(
    client: httpx.Client, database_url: str, path: str, changes: JSON
) -> None:
    _, table, identifier = path.split("/")
    deletion = f"DELETE FROM {table} WHERE id = {identifier}"

    answers = meanwhile(
        database_url, deletion, lambda: patch(client, path, changes), lambda: client.delete(path)
    )

    assert [refusal(answer) for answer in answers] == [(404, [])] * 2
