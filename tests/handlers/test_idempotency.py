"""`Idempotency-Key`, over HTTP: requests that come again, and what makes them another request."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import run_sql
from tests.contract.api import create, items
from tests.contract.factories import JSON, article, author
from tests.problems import problem
from tests.tokens import ADMIN_ID, bearer, insertion, token

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture
def author_id(client: httpx.Client) -> int:
    """An author to write articles."""
    return int(create(client, "/authors", author())["id"])


@pytest.fixture
def another() -> str:
    """A token that the service does not remember from another test."""
    return token(str(uuid4()))


def post(
    client: httpx.Client, path: str, body: JSON, key: str = KEY, **headers: str
) -> httpx.Response:
    """Send a request that can be sent again."""
    return client.post(path, json=body, headers={"Idempotency-Key": key, **headers})


def handlers_own(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Return what a replay repeats: all but the headers that are about the request itself."""
    of_the_request = {"date", "x-request-id", "ratelimit"}
    headers = {name: value for name, value in response.headers.items()}
    assert of_the_request <= headers.keys()
    kept = {name: value for name, value in headers.items() if name not in of_the_request}
    return response.status_code, kept, response.content


def sql(url: str, statement: str) -> str:
    return asyncio.run(run_sql(url, statement))


def test_a_request_that_comes_again_gets_the_same_response(client: httpx.Client) -> None:
    first = post(client, "/authors", author())

    again = post(client, "/authors", author())

    assert first.status_code == 201
    assert handlers_own(again) == handlers_own(first)
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert len(items(client, "/authors")) == 1


def test_an_article_with_the_same_key_is_created_once(client: httpx.Client, author_id: int) -> None:
    responses = [post(client, "/articles", article(author_id=author_id)) for _ in range(3)]

    assert [handlers_own(each) for each in responses] == [handlers_own(responses[0])] * 3
    assert items(client, "/articles") == [responses[0].json()]


def test_a_replay_uses_up_a_request_of_the_budget(client: httpx.Client) -> None:
    first, again = (post(client, "/authors", author()) for _ in range(2))

    [left, less] = [
        int(each.headers["RateLimit"].partition("r=")[2].partition(";")[0])
        for each in (first, again)
    ]
    assert less < left


def test_without_a_key_each_request_creates_something(client: httpx.Client) -> None:
    ids = {client.post("/authors", json=author()).json()["id"] for _ in range(2)}

    assert len(ids) == 2


def test_a_key_is_the_same_with_quotes_and_without(client: httpx.Client) -> None:
    first = post(client, "/authors", author(), key=r'"a\"b\\c"')
    escaped = post(client, "/authors", author(), key='"abc"')
    bare = post(client, "/authors", author(), key="abc")

    assert first.json()["id"] != escaped.json()["id"]
    assert handlers_own(bare) == handlers_own(escaped)


@pytest.mark.parametrize("key", ["k", "k" * 255, f'"{"k" * 255}"', f'"{chr(92) * 510}"', "a b"])
def test_a_key_has_up_to_255_characters(client: httpx.Client, key: str) -> None:
    first, again = (post(client, "/authors", author(), key=key) for _ in range(2))

    assert first.status_code == 201
    assert handlers_own(again) == handlers_own(first)


@pytest.mark.parametrize(
    "key",
    ["", '""', "k" * 256, f'"{"k" * 256}"', "a,b", '"a', 'a"', '"a"b', r'"a\b"', "\\", "é", "a\tb"],
)
def test_what_is_no_key_returns_422_that_points_at_the_header(
    client: httpx.Client, key: str
) -> None:
    sent = {b"Idempotency-Key": key.encode("latin-1")}

    response = client.post("/authors", json=author(), headers=sent)

    [error] = problem(response, 422)["errors"]
    assert (error["in"], error["pointer"]) == ("header", "/Idempotency-Key")
    assert items(client, "/authors") == []


def test_two_keys_return_422(client: httpx.Client) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]

    response = client.post("/authors", json=author(), headers=headers)

    [error] = problem(response, 422)["errors"]
    assert (error["in"], error["pointer"]) == ("header", "/Idempotency-Key")


def test_another_body_with_the_same_key_returns_422_that_points_at_the_header(
    client: httpx.Client,
) -> None:
    post(client, "/authors", author())

    response = post(client, "/authors", author(first_name="Augusta"))

    refused = problem(response, 422)
    assert refused["type"] == "/problems/idempotency-key-reused"
    [error] = refused["errors"]
    assert error == {
        "in": "header",
        "pointer": "/Idempotency-Key",
        "code": "idempotency_key_reused",
        "detail": "Belongs to another request",
    }
    assert len(items(client, "/authors")) == 1


@pytest.mark.parametrize(
    "content",
    [
        '{"title":"T","content":"C","author_id":1}',
        ' {\n"author_id" : 1, "content": "\\u0043", "title": "T" }\n',
        '{"title":"T","content":"C","author_id":1.0}',
    ],
)
def test_the_same_request_in_other_words_is_the_same_request(
    client: httpx.Client, author_id: int, content: str
) -> None:
    first = post(client, "/articles", {"title": "T", "content": "C", "author_id": author_id})

    again = client.post(
        "/articles",
        content=content,
        headers={"Idempotency-Key": KEY, "Content-Type": "application/json;charset=UTF-8"},
    )

    assert handlers_own(again) == handlers_own(first)
    assert len(items(client, "/articles")) == 1


def test_a_response_is_repeated_whatever_has_happened_since(
    client: httpx.Client, author_id: int
) -> None:
    first = post(client, "/articles", article(author_id=author_id))
    client.delete(f"/authors/{author_id}?cascade=true").raise_for_status()

    again = post(client, "/articles", article(author_id=author_id))

    assert handlers_own(again) == handlers_own(first)
    assert items(client, "/articles") == []


def test_a_key_means_nothing_to_other_callers(
    client: httpx.Client, database_url: str, another: str
) -> None:
    sql(database_url, insertion(another))
    first = post(client, "/authors", author())

    same = post(client, "/authors", author(), **bearer(another))
    changed = post(client, "/authors", author(first_name="Augusta"), **bearer(another))

    assert same.status_code == 201
    assert same.json()["id"] != first.json()["id"]
    assert changed.status_code == 422
    assert handlers_own(post(client, "/authors", author(), **bearer(another))) == handlers_own(same)
    assert handlers_own(post(client, "/authors", author())) == handlers_own(first)


def test_a_key_means_nothing_in_other_operations(client: httpx.Client) -> None:
    writer = post(client, "/authors", author())

    written = post(client, "/articles", article(author_id=writer.json()["id"]))

    assert written.status_code == 201
    assert written.json()["title"] == "Note G"


def test_an_expired_key_is_as_good_as_new(client: httpx.Client, database_url: str) -> None:
    first = post(client, "/authors", author())
    sql(database_url, "UPDATE idempotency_keys SET expires_at = now()")

    second = post(client, "/authors", author(first_name="Augusta"))
    again = post(client, "/authors", author(first_name="Augusta"))

    assert second.json()["id"] != first.json()["id"]
    assert handlers_own(again) == handlers_own(second)
    assert len(items(client, "/authors")) == 2


def test_a_key_is_kept_for_24_hours(client: httpx.Client, database_url: str) -> None:
    post(client, "/authors", author())

    kept = (
        "SELECT FROM idempotency_keys WHERE expires_at - now() "
        "BETWEEN interval '23 hours 59 minutes' AND interval '24 hours'"
    )
    assert sql(database_url, kept) == "SELECT 1"


def test_a_request_that_fails_leaves_its_key_free(client: httpx.Client, database_url: str) -> None:
    failed = post(client, "/articles", article(author_id=1))
    create(client, "/authors", author())

    repeated = post(client, "/articles", article(author_id=1))

    assert failed.status_code == 404
    assert repeated.status_code == 201
    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 1"


def test_a_request_that_is_refused_leaves_its_key_free(client: httpx.Client) -> None:
    refused = post(client, "/authors", {"first_name": "Ada"})

    corrected = post(client, "/authors", author())

    assert refused.status_code == 422
    assert corrected.status_code == 201


def test_a_request_that_is_forbidden_is_not_stored(
    client: httpx.Client, database_url: str, another: str
) -> None:
    create(client, "/authors", author())
    sql(database_url, insertion(another, author_id=1))

    answers = [post(client, "/authors", author(), **bearer(another)) for _ in range(2)]

    assert [each.json()["type"] for each in answers] == ["/problems/not-the-owner"] * 2
    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 0"


def test_keys_go_with_the_token(client: httpx.Client, database_url: str, another: str) -> None:
    sql(database_url, insertion(another))
    post(client, "/authors", author(), **bearer(another))
    post(client, "/authors", author())

    sql(database_url, f"DELETE FROM tokens WHERE id <> {ADMIN_ID}")

    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 1"


def test_a_token_that_is_gone_cannot_store_a_response(
    client: httpx.Client, database_url: str, another: str
) -> None:
    sql(database_url, insertion(another))
    client.get(
        "/authors", headers=bearer(another)
    ).raise_for_status()  # the process remembers the token
    sql(database_url, f"DELETE FROM tokens WHERE id <> {ADMIN_ID}")

    response = post(client, "/authors", author(), **bearer(another))

    assert problem(response, 401)["type"] == "/problems/unauthorized"
    assert items(client, "/authors") == []


def test_the_largest_article_is_repeated(client: httpx.Client, author_id: int) -> None:
    largest = article(author_id=author_id, title="𝔊" * 200, content="\x01𝔊" * 50_000)

    first, again = (post(client, "/articles", largest) for _ in range(2))

    assert first.status_code == 201
    assert first.json()["content"] == largest["content"]
    assert handlers_own(again) == handlers_own(first)


def test_a_new_token_is_never_repeated(client: httpx.Client, database_url: str) -> None:
    body: dict[str, Any] = {"name": "Some token", "scopes": []}

    secrets = {post(client, "/tokens", body).json()["token"] for _ in range(2)}

    assert len(secrets) == 2
    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 0"
