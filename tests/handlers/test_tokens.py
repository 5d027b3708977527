"""The operations with the tag `tokens`, over HTTP."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.tokens import is_well_formed, new_token
from tests.conftest import run_sql
from tests.contract.factories import author
from tests.problems import problem
from tests.tokens import ADMIN_ID, SCOPES, bearer, insertion

BODY: dict[str, Any] = {"name": "Analytical Engine", "scopes": ["articles:write"]}

Store = Callable[..., str]


@pytest.fixture
def store(database_url: str) -> Store:
    """Store a token as an operator would, and return it."""

    def store(**columns: Any) -> str:
        token = new_token()
        asyncio.run(run_sql(database_url, insertion(token, **columns)))
        return token

    return store


def create(client: httpx.Client, **members: Any) -> dict[str, Any]:
    """Create a token."""
    response = client.post("/tokens", json=BODY | members)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


def create_author(client: httpx.Client) -> int:
    author_id: int = client.post("/authors", json=author()).raise_for_status().json()["id"]
    return author_id


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# create_token


def test_create_token_returns_it_once_and_keeps_it_from_caches(client: httpx.Client) -> None:
    response = client.post("/tokens", json=BODY)

    created = response.json()
    token = created.pop("token")
    assert response.status_code == 201
    assert is_well_formed(token)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Location"] == f"/tokens/{created['id']}"
    shown = client.get(response.headers["Location"])
    assert shown.json() == created
    assert BODY.items() <= created.items()
    assert (created["author_id"], created["expires_at"], created["last_used_at"]) == (None,) * 3
    assert token not in shown.text + client.get("/tokens").text


def test_a_new_token_opens_what_its_scopes_name_and_nothing_else(
    client: httpx.Client, anonymous: httpx.Client
) -> None:
    headers = bearer(create(client, scopes=["authors:write"])["token"])

    written = anonymous.post("/authors", json=author(), headers=headers)
    refused = anonymous.post("/tokens", json=BODY, headers=headers)

    assert written.status_code == 201
    assert problem(refused, 403)["detail"] == "The credentials lack the scope tokens:manage."
    challenge = 'Bearer error="insufficient_scope", scope="tokens:manage"'
    assert refused.headers["WWW-Authenticate"] == challenge


def test_a_token_without_scopes_reads(client: httpx.Client, anonymous: httpx.Client) -> None:
    headers = bearer(create(client, scopes=[])["token"])

    assert anonymous.get("/authors", headers=headers).status_code == 200
    problem(anonymous.post("/authors", json=author(), headers=headers), 403)


def test_a_new_token_expires_after_its_lifetime(client: httpx.Client) -> None:
    created = create(client, expires_in=7200)

    lifetime = instant(created["expires_at"]) - instant(created["created_at"])
    assert lifetime == timedelta(hours=2)


def test_what_is_omitted_is_taken_from_the_token_of_the_caller(
    client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    author_id = create_author(client)
    end = datetime(2099, 1, 1, tzinfo=UTC)
    headers = bearer(store(author_id=author_id, expires_at=f"'{end.isoformat()}'"))

    response = anonymous.post("/tokens", json=BODY, headers=headers)

    created = response.json()
    assert (created["author_id"], instant(created["expires_at"])) == (author_id, end)


@pytest.mark.parametrize("author_id", [1, None])
def test_a_bound_token_makes_tokens_of_its_author(
    author_id: int | None, client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    headers = bearer(store(author_id=create_author(client)))

    response = anonymous.post("/tokens", json=BODY | {"author_id": author_id}, headers=headers)

    assert (response.status_code, response.json()["author_id"]) == (201, 1)


@pytest.mark.parametrize(
    ("columns", "body", "detail"),
    [
        (
            {"scopes": ["tokens:manage"]},
            {"scopes": ["tokens:manage", "articles:write", "authors:write"]},
            "Your token lacks the scope articles:write, authors:write.",
        ),
        ({"author_id": 1}, {"author_id": 2}, "Your token is bound to author 1."),
        (
            {"expires_at": "now() + interval '60.5 seconds'"},
            {"expires_in": 61},
            "Your token expires in 60 seconds.",
        ),
    ],
    ids=["scope", "author", "lifetime"],
)
def test_a_token_grants_nothing_that_it_lacks(
    columns: dict[str, Any],
    body: dict[str, Any],
    detail: str,
    client: httpx.Client,
    anonymous: httpx.Client,
    store: Store,
) -> None:
    create_author(client)
    create_author(client)
    token = store(**columns)

    response = anonymous.post("/tokens", json=BODY | {"scopes": []} | body, headers=bearer(token))

    content = problem(response, 403)
    assert (content["type"], content["detail"]) == ("/problems/grant-forbidden", detail)
    assert "WWW-Authenticate" not in response.headers
    assert len(client.get("/tokens").json()["items"]) == 2


def test_a_token_grants_all_that_it_has(
    client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    create_author(client)
    token = store(author_id=1, expires_at="now() + interval '1 hour'")
    body = {"scopes": list(SCOPES), "author_id": 1, "expires_in": 3590}

    response = anonymous.post("/tokens", json=BODY | body, headers=bearer(token))

    assert response.status_code == 201


def test_create_token_of_an_author_who_does_not_exist_returns_404(client: httpx.Client) -> None:
    content = problem(client.post("/tokens", json=BODY | {"author_id": 7}), 404)

    assert (content["type"], content["detail"]) == (
        "/problems/unknown-author",
        "There is no author 7.",
    )
    assert [error["pointer"] for error in content["errors"]] == ["/author_id"]


def test_an_unknown_author_comes_before_what_a_token_cannot_grant(
    anonymous: httpx.Client, store: Store
) -> None:
    headers = bearer(store(scopes=["tokens:manage"]))

    problem(anonymous.post("/tokens", json=BODY | {"author_id": 7}, headers=headers), 404)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "\0"),
        ("scopes", ["articles:write", "articles:write"]),
        ("scopes", ["articles:writ"]),
        ("scopes", ["articles:write "]),
        ("scopes", ["ARTICLES:WRITE"]),
        ("scopes", "articles:write"),
        ("scopes", None),
        ("author_id", 0),
        ("author_id", "1"),
        ("expires_in", 0),
        ("expires_in", 315360001),
        ("expires_in", None),
        ("expires_in", 1.5),
        ("created_at", "2026-01-05T09:00:00Z"),
        ("token", "x"),
    ],
)
def test_create_token_with_a_wrong_member_returns_422_at_it(
    client: httpx.Client, member: str, value: object
) -> None:
    response = client.post("/tokens", json=BODY | {member: value})

    [error] = problem(response, 422)["errors"]
    assert error["pointer"].startswith(f"/{member}")


# get_token, list_tokens


def test_a_bound_token_sees_the_tokens_of_its_author_only(
    client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    first, second = create_author(client), create_author(client)
    own = [create(client, author_id=first)["id"] for _ in range(3)]
    others = [create(client, author_id=second)["id"], create(client)["id"], ADMIN_ID]
    headers = bearer(store(id=50, author_id=first))

    listed = anonymous.get("/tokens", headers=headers, params={"sort": "created_at"}).json()

    assert [item["id"] for item in listed["items"]] == [*own, 50]
    for token_id in own:
        assert anonymous.get(f"/tokens/{token_id}", headers=headers).status_code == 200
    for token_id in others:
        problem(anonymous.get(f"/tokens/{token_id}", headers=headers), 404)


@pytest.mark.parametrize("sort", ["name", "-name", "created_at", "-created_at"])
def test_pages_of_tokens_have_each_once_in_order(client: httpx.Client, sort: str) -> None:
    for name in ("b", "a", "c", "B", "a"):
        create(client, name=name)
    items: list[dict[str, Any]] = []
    path = f"/tokens?limit=2&sort={sort}"

    while path:
        response = client.get(path)
        assert response.status_code == 200
        items += response.json()["items"]
        path = response.links.get("next", {}).get("url", "")

    key = sort.removeprefix("-")
    assert len({item["id"] for item in items}) == len(items) == 6
    assert items == sorted(
        items, key=lambda item: (item[key], item["id"]), reverse=sort.startswith("-")
    )


def test_a_cursor_of_all_tokens_is_none_of_an_authors_tokens(
    client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    headers = bearer(store(author_id=create_author(client)))
    cursor = client.get("/tokens", params={"limit": 1}).json()["next_cursor"]

    refused = anonymous.get("/tokens", params={"cursor": cursor}, headers=headers)

    assert problem(refused, 400)["type"] == "/problems/invalid-cursor"


def test_an_expired_token_is_still_listed(client: httpx.Client, store: Store) -> None:
    store(id=50, expires_at="now() - interval '1 day'")

    assert client.get("/tokens/50").status_code == 200
    assert 50 in [item["id"] for item in client.get("/tokens").json()["items"]]


# revoke_token


def test_a_revoked_token_is_refused_at_once_and_is_not_there_any_more(
    client: httpx.Client, anonymous: httpx.Client
) -> None:
    created = create(client)
    headers = bearer(created["token"])
    assert anonymous.get("/authors", headers=headers).status_code == 200

    revoked = client.delete(f"/tokens/{created['id']}")

    assert (revoked.status_code, revoked.content) == (204, b"")
    problem(anonymous.get("/authors", headers=headers), 401)
    problem(client.get(f"/tokens/{created['id']}"), 404)
    problem(client.delete(f"/tokens/{created['id']}"), 404)
    assert created["id"] not in [item["id"] for item in client.get("/tokens").json()["items"]]


def test_a_token_revokes_itself(client: httpx.Client, anonymous: httpx.Client) -> None:
    created = create(client, scopes=["tokens:manage"])
    headers = bearer(created["token"])

    assert anonymous.delete(f"/tokens/{created['id']}", headers=headers).status_code == 204
    problem(anonymous.get("/tokens", headers=headers), 401)


def test_a_bound_token_cannot_revoke_those_of_others(
    client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    first, second = create_author(client), create_author(client)
    headers = bearer(store(id=50, author_id=first))
    own, other = create(client, author_id=first)["id"], create(client, author_id=second)["id"]

    assert anonymous.delete(f"/tokens/{own}", headers=headers).status_code == 204
    for token_id in (other, ADMIN_ID):
        problem(anonymous.delete(f"/tokens/{token_id}", headers=headers), 404)
        assert client.get(f"/tokens/{token_id}").status_code == 200


@pytest.mark.parametrize("token_id", ["0", "x", "01", "9223372036854775808", "7"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_token_that_does_not_exist_returns_404(
    client: httpx.Client, method: str, token_id: str
) -> None:
    problem(client.request(method, f"/tokens/{token_id}"), 404)
