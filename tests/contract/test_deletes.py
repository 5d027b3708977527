"""Deleting: what goes, what stays, and what happens when others write meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import httpx
import pytest

from tests.conftest import run_sql
from tests.contract.api import create, everything, items, patch, refusal
from tests.contract.factories import JSON, article, author

THREADS = 20


@pytest.fixture(autouse=True)
def _two_authors_with_two_articles_each(client: httpx.Client) -> None:
    for author_id in (1, 2):
        assert create(client, "/authors", author())["id"] == author_id
        for _ in range(2):
            create(client, "/articles", article(author_id=author_id))


def assert_gone(client: httpx.Client, path: str) -> None:
    for response in (client.get(path), patch(client, path, {}), client.delete(path)):
        assert refusal(response) == (404, [])


def test_a_deleted_article_is_gone_and_all_else_stays(client: httpx.Client) -> None:
    before = everything(client)

    response = client.delete("/articles/2")

    assert (response.status_code, response.content) == (204, b"")
    assert_gone(client, "/articles/2")
    articles = [each for each in before["/articles"] if each["id"] != 2]
    assert everything(client) == before | {"/articles": articles}


def test_a_deleted_author_without_articles_is_gone_and_all_else_stays(client: httpx.Client) -> None:
    before = everything(client)
    new = create(client, "/authors", author())["id"]

    response = client.delete(f"/authors/{new}")

    assert (response.status_code, response.content) == (204, b"")
    assert_gone(client, f"/authors/{new}")
    assert everything(client) == before


@pytest.mark.parametrize("query", ["", "?cascade=false"])
def test_an_author_with_articles_is_kept_unless_asked_otherwise(
    client: httpx.Client, query: str
) -> None:
    before = everything(client)

    response = client.delete(f"/authors/1{query}")

    assert refusal(response) == (409, [])
    assert everything(client) == before


@pytest.mark.parametrize("value", ["", "1", "True", "yes", "null"])
def test_a_cascade_that_is_no_boolean_deletes_nothing(client: httpx.Client, value: str) -> None:
    before = everything(client)

    response = client.delete("/authors/1", params={"cascade": value})

    assert refusal(response) == (422, ["/cascade"])
    assert everything(client) == before


def test_cascade_deletes_the_author_with_exactly_the_own_articles(client: httpx.Client) -> None:
    before = everything(client)

    response = client.delete("/authors/1?cascade=true")

    assert (response.status_code, response.content) == (204, b"")
    for path in ("/authors/1", "/articles/1", "/articles/2"):
        assert_gone(client, path)
    assert everything(client) == {
        "/authors": [each for each in before["/authors"] if each["id"] == 2],
        "/articles": [each for each in before["/articles"] if each["author_id"] == 2],
    }


def test_an_author_may_have_many_articles(client: httpx.Client, database_url: str) -> None:
    """More than any page has, mixed with those of another author."""
    many = (
        "INSERT INTO articles (title, content, author_id) "
        "SELECT 'Note ' || n, '…', 1 + n % 2 FROM generate_series(1, 700) AS n"
    )
    asyncio.run(run_sql(database_url, many))
    before = everything(client)
    own, others = (
        [each for each in before["/articles"] if each["author_id"] == author_id]
        for author_id in (1, 2)
    )
    assert (len(own), len(others)) == (352, 352)
    assert items(client, "/articles", author_id=1) == own

    assert refusal(client.delete("/authors/1")) == (409, [])
    assert everything(client) == before
    assert client.delete("/authors/1?cascade=true").status_code == 204

    assert items(client, "/articles", author_id=1) == []
    assert items(client, "/articles") == items(client, "/articles", author_id=2) == others


def test_cascade_that_fails_half_way_deletes_nothing(
    client: httpx.Client, database_url: str
) -> None:
    before = everything(client)
    fail = "RAISE EXCEPTION 'kept' USING ERRCODE = 'serialization_failure'"
    refuse = (
        f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {fail}; END $$;"
    )
    refuse += (
        "CREATE TRIGGER refuse BEFORE DELETE ON authors FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    asyncio.run(run_sql(database_url, refuse))

    try:
        response = client.delete("/authors/1?cascade=true")
    finally:
        asyncio.run(run_sql(database_url, "DROP FUNCTION refuse CASCADE"))

    assert refusal(response) == (503, [])
    assert everything(client) == before


def test_ids_of_what_is_gone_are_not_used_again(client: httpx.Client) -> None:
    for author_id in (1, 2):
        assert client.delete(f"/authors/{author_id}?cascade=true").status_code == 204

    new_author = create(client, "/authors", author())
    new_article = create(client, "/articles", article(author_id=new_author["id"]))

    assert new_author["id"] > 2
    assert new_article["id"] > 4


def together(call: Callable[[], httpx.Response], *, times: int) -> list[httpx.Response]:
    """Make the same call in as many threads, all at once."""
    start = Barrier(times)

    def started() -> httpx.Response:
        start.wait()
        return call()

    with ThreadPoolExecutor(times) as threads:
        return [each.result() for each in [threads.submit(started) for _ in range(times)]]


@pytest.mark.parametrize("path", ["/authors/1?cascade=true", "/articles/1"])
def test_of_many_deletions_at_once_one_succeeds(client: httpx.Client, path: str) -> None:
    answers = together(lambda: client.delete(path), times=THREADS)

    assert sorted(answer.status_code for answer in answers) == [204] + [404] * (THREADS - 1)


def write_until_refused(
    write: Callable[[], httpx.Response], *, begun: Event, over: Event
) -> list[JSON]:
    """Write until the author is gone; return what the service said it had stored.

    `over` ends it too, for a service that goes on storing after the deletion.
    """
    stored = []
    while (response := write()).is_success:
        stored.append(response.json())
        begun.set()
        if over.is_set():
            return stored
    assert refusal(response) == (404, ["/author_id"])
    return stored


@pytest.mark.parametrize("author_id", [1, 2])
def test_articles_created_during_a_cascade_are_gone_with_the_author(
    client: httpx.Client, author_id: int
) -> None:
    others = [each for each in items(client, "/articles") if each["author_id"] != author_id]
    begun, over = Event(), Event()

    def write() -> httpx.Response:
        return client.post("/articles", json=article(author_id=author_id))

    with ThreadPoolExecutor(THREADS) as threads:
        writers = [
            threads.submit(write_until_refused, write, begun=begun, over=over)
            for _ in range(THREADS)
        ]
        try:
            assert begun.wait(timeout=60)
            deletion = client.delete(f"/authors/{author_id}?cascade=true")
        finally:
            over.set()
        stored = [each for writer in writers for each in writer.result()]

    assert deletion.status_code == 204
    assert stored
    assert items(client, "/articles", author_id=author_id) == []
    assert items(client, "/articles") == others
    for each in stored:
        assert client.get(f"/articles/{each['id']}").status_code == 404


def test_articles_moved_during_a_cascade_go_with_the_author_or_stay_where_they_were(
    client: httpx.Client,
) -> None:
    ids = [create(client, "/articles", article(author_id=2))["id"] for _ in range(THREADS)]
    start = Barrier(THREADS + 1)

    def move(article_id: int) -> httpx.Response:
        start.wait()
        return patch(client, f"/articles/{article_id}", {"author_id": 1})

    with ThreadPoolExecutor(THREADS) as threads:
        moves = [threads.submit(move, article_id) for article_id in ids]
        start.wait()
        deletion = client.delete("/authors/1?cascade=true")
        answers = [each.result() for each in moves]

    assert deletion.status_code == 204
    for article_id, answer in zip(ids, answers, strict=True):
        now = client.get(f"/articles/{article_id}")
        if answer.is_success:
            assert now.status_code == 404
        else:
            assert refusal(answer) == (404, ["/author_id"])
            assert now.json()["author_id"] == 2


def test_an_author_is_not_deleted_from_under_a_new_article(client: httpx.Client) -> None:
    for _ in range(THREADS):
        author_id = create(client, "/authors", author())["id"]
        body = article(author_id=author_id)
        with ThreadPoolExecutor(2) as threads:
            creation = threads.submit(client.post, "/articles", json=body)
            deletion = threads.submit(client.delete, f"/authors/{author_id}")
        outcome = (creation.result().status_code, deletion.result().status_code)

        exists = client.get(f"/authors/{author_id}").status_code == 200
        articles = items(client, "/articles", author_id=author_id)
        assert (outcome, exists, len(articles)) in (((201, 409), True, 1), ((404, 204), False, 0))
