"""`Idempotency-Key`, over HTTP: requests that come again, and what makes them another request."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import run_sql
from tests.contract.api import create, items
from tests.contract.factories import JSON, article, author
from tests.problems import problem
from tests.tokens import ADMIN_ID, bearer, insertion, token

Post = Callable[..., httpx.Response]

CREATIONS = [("/authors", author(last_name="Byron")), ("/articles", article(author_id=1))]
"""What is created, where there is an author with the id 1."""


@pytest.fixture
def author_id(client: httpx.Client) -> int:
    """An author to write articles."""
    return int(create(client, "/authors", author())["id"])


@pytest.fixture
def another() -> str:
    """A token that the service does not remember from another test."""
    return token(str(uuid4()))


@pytest.fixture
def post(client: httpx.Client) -> Post:
    """Send a request that can be sent again, by default with a key of the test."""
    key = str(uuid4())

    def send(path: str, body: JSON, *, key: str = key, **headers: str) -> httpx.Response:
        return client.post(path, json=body, headers={"Idempotency-Key": key, **headers})

    return send


def handlers_own(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Return what a replay repeats: all but the headers that are about the request itself."""
    of_the_request = {"date", "x-request-id", "ratelimit"}
    headers = {name: value for name, value in response.headers.items()}
    assert of_the_request <= headers.keys()
    kept = {name: value for name, value in headers.items() if name not in of_the_request}
    return response.status_code, kept, response.content


def sql(url: str, statement: str) -> str:
    return asyncio.run(run_sql(url, statement))


@pytest.mark.parametrize(("path", "body"), CREATIONS)
def test_a_request_that_comes_again_gets_the_same_response(
    client: httpx.Client, post: Post, author_id: int, path: str, body: JSON
) -> None:
    before = len(items(client, path))
    responses = [post(path, body) for _ in range(3)]

    assert responses[0].status_code == 201
    assert [handlers_own(each) for each in responses] == [handlers_own(responses[0])] * 3
    assert len({each.headers["X-Request-ID"] for each in responses}) == 3
    assert len(items(client, path)) == before + 1
    assert client.get(responses[0].headers["Location"]).json() == responses[0].json()


def test_a_replay_has_the_budget_of_its_own_request(post: Post) -> None:
    first, again = (post("/authors", author()) for _ in range(2))

    assert again.headers["RateLimit"] != first.headers["RateLimit"]


def test_without_a_key_each_request_creates_something(client: httpx.Client) -> None:
    ids = {client.post("/authors", json=author()).json()["id"] for _ in range(2)}

    assert len(ids) == 2


def test_a_key_is_the_same_with_quotes_and_without(client: httpx.Client, post: Post) -> None:
    first = post("/authors", author(), key=r'"a\"b\\c"')
    escaped = post("/authors", author(), key='"abc"')
    bare = post("/authors", author(), key="abc")

    assert first.json()["id"] != escaped.json()["id"]
    assert handlers_own(bare) == handlers_own(escaped)


@pytest.mark.parametrize("key", ["k", "k" * 255, f'"{"k" * 255}"', f'"{chr(92) * 510}"', "a b"])
def test_a_key_has_up_to_255_characters(client: httpx.Client, post: Post, key: str) -> None:
    first, again = (post("/authors", author(), key=key) for _ in range(2))

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


@pytest.mark.parametrize(("path", "body"), CREATIONS)
def test_another_body_with_the_same_key_returns_422_that_points_at_the_header(
    client: httpx.Client, post: Post, author_id: int, path: str, body: JSON
) -> None:
    first = post(path, body)
    name = next(iter(body))

    response = post(path, body | {name: "Another"})

    refused = problem(response, 422)
    assert refused["type"] == "/problems/idempotency-key-reused"
    assert refused["errors"] == [
        {
            "in": "header",
            "pointer": "/Idempotency-Key",
            "code": "idempotency_key_reused",
            "detail": "Belongs to another request",
        }
    ]
    assert [each[name] for each in items(client, path)].count("Another") == 0
    assert handlers_own(post(path, body)) == handlers_own(first)


@pytest.mark.parametrize(
    "content",
    [
        '{"title":"T","content":"C","author_id":1}',
        ' {\n"author_id" : 1, "content": "\\u0043", "title": "T" }\n',
        '{"title":"T","content":"C","author_id":1.0}',
    ],
)
def test_the_same_request_in_other_words_is_the_same_request(
    client: httpx.Client, post: Post, author_id: int, content: str
) -> None:
    body = {"title": "T", "content": "C", "author_id": author_id}
    key = str(uuid4())
    first = post("/articles", body, key=key)

    again = client.post(
        "/articles",
        content=content,
        headers={"Idempotency-Key": key, "Content-Type": "application/json;charset=UTF-8"},
    )

    assert handlers_own(again) == handlers_own(first)
    assert len(items(client, "/articles")) == 1


def test_a_response_is_repeated_whatever_has_happened_since(
    client: httpx.Client, post: Post, author_id: int
) -> None:
    first = post("/articles", article(author_id=author_id))
    client.delete(f"/authors/{author_id}?cascade=true").raise_for_status()

    again = post("/articles", article(author_id=author_id))

    assert handlers_own(again) == handlers_own(first)
    assert items(client, "/articles") == []


def test_a_replay_has_the_entity_tag_of_the_state_that_it_shows(
    client: httpx.Client, post: Post
) -> None:
    first = post("/authors", author())
    changed = client.patch(first.headers["Location"], json={"last_name": "King"})

    again = post("/authors", author())

    assert again.headers["ETag"] == first.headers["ETag"] != changed.headers["ETag"]
    stale = client.patch(
        first.headers["Location"], json={}, headers={"If-Match": again.headers["ETag"]}
    )
    assert stale.status_code == 412


@pytest.mark.parametrize(("path", "body"), CREATIONS)
def test_a_key_means_nothing_to_other_callers(
    client: httpx.Client,
    post: Post,
    database_url: str,
    another: str,
    author_id: int,
    path: str,
    body: JSON,
) -> None:
    sql(database_url, insertion(another))
    first = post(path, body)

    same = post(path, body, **bearer(another))
    changed = post(path, body | {next(iter(body)): "Another"}, **bearer(another))

    assert same.status_code == 201
    assert same.json()["id"] != first.json()["id"]
    assert changed.status_code == 422
    assert handlers_own(post(path, body, **bearer(another))) == handlers_own(same)
    assert handlers_own(post(path, body)) == handlers_own(first)


@pytest.mark.parametrize("order", [CREATIONS, CREATIONS[::-1]])
def test_a_key_means_nothing_in_other_operations(
    post: Post, author_id: int, order: list[tuple[str, JSON]]
) -> None:
    created = [post(path, body) for path, body in order]

    for response, (_, body) in zip(created, order, strict=True):
        assert response.status_code == 201
        assert body.items() <= response.json().items()


def test_an_expired_key_is_as_good_as_new(
    client: httpx.Client, post: Post, database_url: str
) -> None:
    first = post("/authors", author())
    sql(database_url, "UPDATE idempotency_keys SET expires_at = now()")

    second = post("/authors", author(first_name="Augusta"))
    again = post("/authors", author(first_name="Augusta"))

    assert second.json()["id"] != first.json()["id"]
    assert handlers_own(again) == handlers_own(second)
    assert len(items(client, "/authors")) == 2


def test_a_key_is_kept_for_24_hours(client: httpx.Client, post: Post, database_url: str) -> None:
    post("/authors", author())

    kept = (
        "SELECT FROM idempotency_keys WHERE expires_at - now() "
        "BETWEEN interval '23 hours 59 minutes' AND interval '24 hours'"
    )
    assert sql(database_url, kept) == "SELECT 1"


def test_a_request_that_fails_leaves_its_key_free(
    client: httpx.Client, post: Post, database_url: str
) -> None:
    failed = post("/articles", article(author_id=1))
    create(client, "/authors", author())

    repeated = post("/articles", article(author_id=1))

    assert failed.status_code == 404
    assert repeated.status_code == 201
    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 1"


def test_a_request_that_is_refused_leaves_its_key_free(client: httpx.Client, post: Post) -> None:
    refused = post("/authors", {"first_name": "Ada"})

    corrected = post("/authors", author())

    assert refused.status_code == 422
    assert corrected.status_code == 201


def test_a_request_that_is_forbidden_is_not_stored(
    client: httpx.Client, post: Post, database_url: str, another: str
) -> None:
    create(client, "/authors", author())
    sql(database_url, insertion(another, author_id=1))

    answers = [post("/authors", author(), **bearer(another)) for _ in range(2)]

    assert [each.json()["type"] for each in answers] == ["/problems/not-the-owner"] * 2
    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 0"


def test_keys_go_with_the_token(
    client: httpx.Client, post: Post, database_url: str, another: str
) -> None:
    sql(database_url, insertion(another))
    post("/authors", author(), **bearer(another))
    post("/authors", author())

    sql(database_url, f"DELETE FROM tokens WHERE id <> {ADMIN_ID}")

    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 1"


def test_a_token_that_is_gone_cannot_store_a_response(
    client: httpx.Client, post: Post, database_url: str, another: str
) -> None:
    sql(database_url, insertion(another))
    client.get(
        "/authors", headers=bearer(another)
    ).raise_for_status()  # the process remembers the token
    sql(database_url, f"DELETE FROM tokens WHERE id <> {ADMIN_ID}")

    response = post("/authors", author(), **bearer(another))

    assert problem(response, 401)["type"] == "/problems/unauthorized"
    assert items(client, "/authors") == []


def test_the_largest_article_is_repeated(client: httpx.Client, post: Post, author_id: int) -> None:
    largest = article(author_id=author_id, title="𝔊" * 200, content="\x01𝔊" * 50_000)

    first, again = (post("/articles", largest) for _ in range(2))

    assert first.status_code == 201
    assert first.json()["content"] == largest["content"]
    assert handlers_own(again) == handlers_own(first)


def test_a_new_token_is_never_repeated(client: httpx.Client, post: Post, database_url: str) -> None:
    body: dict[str, Any] = {"name": "Some token", "scopes": []}

    secrets = {post("/tokens", body).json()["token"] for _ in range(2)}

    assert len(secrets) == 2
    assert sql(database_url, "SELECT FROM idempotency_keys") == "SELECT 0"
