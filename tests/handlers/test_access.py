"""Who may do what, over HTTP: credentials, scopes and ownership. The matrix of all operations and
callers is in `tests/contract`.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from app.tokens import Keys, new_token
from tests.conftest import run_sql, running_service
from tests.contract.factories import article, author
from tests.problems import problem
from tests.test_hostile import exchange, request
from tests.tokens import ADMIN, ADMIN_ID, ADMIN_TOKEN, ANY_VERSION, KEY, SCOPES, bearer, insertion

INVALID = 'Bearer error="invalid_token"'
MISSING = 'Bearer realm="Blog API"'

Store = Callable[..., str]


@pytest.fixture
def store(database_url: str) -> Store:
    """Store a token as an operator would, and return it."""

    def store(**columns: Any) -> str:
        token = new_token()
        asyncio.run(run_sql(database_url, insertion(token, **columns)))
        return token

    return store


def authorized(service: str, value: bytes, *more: bytes) -> httpx.Response:
    """Return the answer to a request with this Authorization, byte by byte."""
    return exchange(service, request(b"GET", b"/authors", b"Authorization: " + value, *more))


def comparable(response: httpx.Response) -> tuple[Any, ...]:
    """Return an answer without what is new in each."""
    content = problem(response, 401) | {"request_id": None}
    own = ("date", "x-request-id")
    headers = {name: value for name, value in response.headers.items() if name not in own}
    return content, headers


# Credentials


def test_a_read_needs_no_token_and_a_write_does(anonymous: httpx.Client) -> None:
    refused = anonymous.post("/authors", json=author())

    assert anonymous.get("/authors").json() == {"items": [], "next_cursor": None}
    assert problem(refused, 401)["detail"] == "The request has no valid credentials."
    assert refused.headers["WWW-Authenticate"] == MISSING


def test_a_bad_token_is_refused_where_none_is_needed(anonymous: httpx.Client) -> None:
    refused = anonymous.get("/authors", headers=bearer(new_token()))

    problem(refused, 401)
    assert refused.headers["WWW-Authenticate"] == INVALID


def test_unknown_expired_and_revoked_tokens_get_the_same_answer(
    anonymous: httpx.Client, store: Store
) -> None:
    tokens = [
        new_token(),
        store(expires_at="now() - interval '1 second'"),
        store(expires_at="now()"),
        store(revoked_at="now()"),
        store(revoked_at="now()", expires_at="now() - interval '1 day'"),
        ADMIN_TOKEN[:-1] + ("0" if ADMIN_TOKEN[-1] != "0" else "1"),
        "garbage",
    ]

    answers = [anonymous.get("/authors", headers=bearer(token)) for token in tokens]

    assert [comparable(answer) for answer in answers] == [comparable(answers[0])] * len(tokens)
    assert answers[0].headers["WWW-Authenticate"] == INVALID


def test_health_ignores_credentials(anonymous: httpx.Client) -> None:
    for path in ("/livez", "/readyz"):
        assert anonymous.get(path, headers=bearer("garbage")).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_name_of_the_scheme_has_no_case(service: str, scheme: str) -> None:
    answer = authorized(service, f"{scheme} {ADMIN_TOKEN}".encode())

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        b"Bearer",
        b"Bearer ",
        b"Bearer " + ADMIN_TOKEN.encode() + b" x",
        b"Bearer " + ADMIN_TOKEN.encode() + b",",
        b"Bearer " + ADMIN_TOKEN.lower().encode(),
        b"Bearer \xe9" + ADMIN_TOKEN.encode(),
        b"Bearer " + ADMIN_TOKEN.encode() + b"\xc3\xa9",
        b"Bearer " + b"x" * 60_000,
        b"Bearer blog_pat_" + b"0" * 60_000,
    ],
    ids=["nothing", "space", "two", "comma", "case", "latin-1", "utf-8", "long", "longer"],
)
def test_what_is_no_token_is_refused(service: str, value: bytes) -> None:
    problem(authorized(service, value), 401)


@pytest.mark.parametrize("byte", [b"\0", b"\x1b", b"\x7f"])
def test_a_control_character_in_the_header_is_no_request(service: str, byte: bytes) -> None:
    problem(authorized(service, b"Bearer " + ADMIN_TOKEN.encode() + byte), 400)


def test_a_token_of_a_megabyte_is_too_large_a_head(service: str) -> None:
    problem(authorized(service, b"Bearer " + b"x" * 2**20), 431)


def test_two_authorization_headers_are_refused(service: str) -> None:
    value = f"Bearer {ADMIN_TOKEN}".encode()

    problem(authorized(service, value, b"Authorization: " + value), 401)
    problem(authorized(service, value, b"Authorization: Basic eDp4"), 401)


def test_another_scheme_shows_no_token(service: str) -> None:
    for scheme in (b"Basic ", b"Bearer\t", b"Token ", b""):
        assert authorized(service, scheme + ADMIN_TOKEN.encode()).status_code == 200


def test_a_token_in_the_query_or_in_a_cookie_does_not_count(anonymous: httpx.Client) -> None:
    for name in ("access_token", "token", "bearer_token", "authorization"):
        query = anonymous.post("/authors", json=author(), params={name: ADMIN_TOKEN})
        cookie = anonymous.post(
            "/authors", json=author(), headers={"Cookie": f"{name}={ADMIN_TOKEN}"}
        )
        form = anonymous.post("/authors", data={name: ADMIN_TOKEN})
        for answer in (query, cookie, form):
            problem(answer, 401)
            assert answer.headers["WWW-Authenticate"] == MISSING
    problem(anonymous.get("/authors", params={"access_token": ADMIN_TOKEN}), 400)


def test_401_comes_before_everything_that_a_body_or_a_query_could_be_refused_for(
    anonymous: httpx.Client,
) -> None:
    answers = [
        anonymous.post("/authors", content=b"{", headers={"Content-Type": "application/json"}),
        anonymous.post("/authors", content=b"x", headers={"Content-Type": "text/plain"}),
        anonymous.post("/authors", json={"first_name": 1}),
        anonymous.post("/authors", json=author(), params={"page": 1}),
        anonymous.post("/authors", content=b"x" * 3 * 2**20),
        anonymous.delete("/authors/x"),
        anonymous.delete("/authors/7"),
        anonymous.patch("/articles/7", json={}),
    ]

    assert [answer.status_code for answer in answers] == [401] * len(answers)


def test_paths_and_methods_that_do_not_exist_come_before_401(anonymous: httpx.Client) -> None:
    problem(anonymous.get("/nowhere", headers=bearer("garbage")), 404)
    problem(anonymous.put("/authors", headers=bearer("garbage")), 405)


def test_403_comes_before_the_body_is_looked_at(anonymous: httpx.Client, store: Store) -> None:
    headers = bearer(store(scopes=["authors:write"]))

    for answer in (
        anonymous.post("/articles", content=b"x", headers=headers),
        anonymous.delete("/articles/x", headers=headers),
    ):
        problem(answer, 403)


@pytest.mark.parametrize(
    "sent",
    [
        [],
        ["authors:write"],
        ["authors:write", "tokens:manage"],
    ],
)
def test_scopes_are_compared_whole(sent: list[str], anonymous: httpx.Client, store: Store) -> None:
    headers = bearer(store(scopes=sent))

    refused = anonymous.post("/articles", json=article(author_id=1), headers=headers)

    assert problem(refused, 403)["detail"] == "The credentials lack the scope articles:write."
    assert 'scope="articles:write"' in refused.headers["WWW-Authenticate"]


# Ownership


@pytest.fixture
def two(client: httpx.Client) -> tuple[int, int]:
    """Two authors, with an article each that has the same id."""
    for _ in range(2):
        author_id = client.post("/authors", json=author()).raise_for_status().json()["id"]
        client.post("/articles", json=article(author_id=author_id)).raise_for_status()
    return 1, 2


@pytest.fixture
def bound(service: str, store: Store, two: tuple[int, int]) -> Iterator[httpx.Client]:
    """A client with all scopes that is bound to the first author."""
    headers = bearer(store(author_id=two[0])) | ANY_VERSION
    with httpx.Client(base_url=service, timeout=30, verify=False, headers=headers) as client:
        yield client


def test_a_bound_token_writes_its_author_and_the_articles(bound: httpx.Client) -> None:
    created = bound.post("/articles", json=article(author_id=1))
    assert created.status_code == 201
    for answer in (
        bound.patch(created.headers["Location"], json={"title": "New", "author_id": 1}),
        bound.patch("/articles/1", json={"title": "New"}),
        bound.patch("/articles/1", json={}),
        bound.patch("/authors/1", json={"last_name": "King"}),
        bound.patch("/authors/1", json={}),
    ):
        assert answer.status_code == 200
    for path in ("/articles/1", created.headers["Location"], "/authors/1"):
        assert bound.delete(path).status_code == 204


def test_a_bound_token_writes_nothing_else(bound: httpx.Client, client: httpx.Client) -> None:
    before = [client.get(path).json() for path in ("/authors", "/articles")]

    answers = [
        bound.post("/authors", json=author()),
        bound.patch("/authors/2", json={"last_name": "King"}),
        bound.patch("/authors/2", json={}),
        bound.delete("/authors/2"),
        bound.delete("/authors/2", params={"cascade": True}),
        bound.post("/articles", json=article(author_id=2)),
        bound.patch("/articles/2", json={"title": "New"}),
        bound.patch("/articles/2", json={}),
        bound.patch("/articles/2", json={"author_id": 1}),
        bound.patch("/articles/2", json={"author_id": 2}),
        bound.patch("/articles/1", json={"author_id": 2}),
        bound.delete("/articles/2"),
    ]

    for answer in answers:
        content = problem(answer, 403)
        assert content["type"] == "/problems/not-the-owner"
        assert content["detail"] == "The token is bound to author 1 and writes nothing else."
        assert "WWW-Authenticate" not in answer.headers
    assert [client.get(path).json() for path in ("/authors", "/articles")] == before


def test_what_does_not_exist_is_a_404_for_a_bound_token_too(bound: httpx.Client) -> None:
    for answer in (
        bound.patch("/authors/7", json={"last_name": "King"}),
        bound.patch("/authors/7", json={}),
        bound.delete("/authors/7"),
        bound.post("/articles", json=article(author_id=7)),
        bound.patch("/articles/7", json={"title": "New"}),
        bound.patch("/articles/7", json={}),
        bound.patch("/articles/7", json={"author_id": 2}),
        bound.patch("/articles/1", json={"author_id": 7}),
        bound.patch("/articles/2", json={"author_id": 7}),
        bound.delete("/articles/7"),
    ):
        problem(answer, 404)


def test_ownership_comes_after_validation(bound: httpx.Client) -> None:
    problem(bound.patch("/authors/2", json={"last_name": ""}), 422)
    problem(bound.post("/articles", json={"author_id": 2}), 422)


def test_an_author_with_articles_is_a_403_before_it_is_a_409(bound: httpx.Client) -> None:
    problem(bound.delete("/authors/2"), 403)
    problem(bound.delete("/authors/1"), 409)


def test_an_article_that_was_given_away_is_no_longer_the_authors(
    bound: httpx.Client, client: httpx.Client
) -> None:
    client.patch("/articles/1", json={"author_id": 2}).raise_for_status()

    problem(bound.patch("/articles/1", json={"title": "Mine"}), 403)
    problem(bound.delete("/articles/1"), 403)


def test_a_token_goes_with_its_author(
    bound: httpx.Client, client: httpx.Client, store: Store
) -> None:
    unused = store(id=50, author_id=1)

    client.delete("/authors/1", params={"cascade": True}).raise_for_status()

    problem(client.get("/tokens/50"), 404)
    problem(client.get("/authors", headers=bearer(unused)), 401)
    # A process may know it for five more seconds, but there is nothing left to write.
    for answer in (
        bound.patch("/authors/1", json={"last_name": "King"}),
        bound.post("/articles", json=article(author_id=1)),
    ):
        assert answer.status_code in (401, 404)


# What holds for a while


def test_a_revocation_elsewhere_holds_within_five_seconds(
    anonymous: httpx.Client, store: Store, database_url: str
) -> None:
    headers = bearer(store(id=50))
    assert anonymous.get("/authors", headers=headers).status_code == 200
    asyncio.run(run_sql(database_url, "UPDATE tokens SET revoked_at = now() WHERE id = 50"))
    revoked = time.monotonic()

    while anonymous.get("/authors", headers=headers).status_code == 200:
        assert time.monotonic() < revoked + 5.5
        time.sleep(0.05)

    problem(anonymous.get("/authors", headers=headers), 401)


def test_a_token_that_expires_is_refused_at_once(anonymous: httpx.Client, store: Store) -> None:
    headers = bearer(store(expires_at="now() + interval '1.5 s'"))
    assert anonymous.get("/authors", headers=headers).status_code == 200

    time.sleep(1.6)

    problem(anonymous.get("/authors", headers=headers), 401)


def test_a_token_that_is_revoked_meanwhile_makes_no_other(
    client: httpx.Client, anonymous: httpx.Client, store: Store, database_url: str
) -> None:
    headers = bearer(store(id=50))
    assert anonymous.get("/tokens", headers=headers).status_code == 200  # it is known from now on
    asyncio.run(run_sql(database_url, "UPDATE tokens SET revoked_at = now() WHERE id = 50"))

    refused = anonymous.post("/tokens", json={"name": "Another", "scopes": []}, headers=headers)

    problem(refused, 401)
    assert refused.headers["WWW-Authenticate"] == INVALID
    assert [item["id"] for item in client.get("/tokens").json()["items"]] == [ADMIN_ID]


def test_the_use_of_a_token_is_recorded(
    client: httpx.Client, anonymous: httpx.Client, store: Store
) -> None:
    headers = bearer(store(id=50))

    anonymous.get("/authors", headers=headers).raise_for_status()

    deadline = time.monotonic() + 10
    while client.get("/tokens/50").json()["last_used_at"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_use_of_a_token_is_recorded_once_a_minute(
    client: httpx.Client, anonymous: httpx.Client, store: Store, database_url: str
) -> None:
    recent, older = store(id=50), store(id=51)
    used = "UPDATE tokens SET last_used_at = now() - interval '{} seconds' WHERE id = {}"
    asyncio.run(run_sql(database_url, used.format(50, 50)))
    asyncio.run(run_sql(database_url, used.format(61, 51)))
    before = {id_: client.get(f"/tokens/{id_}").json()["last_used_at"] for id_ in (50, 51)}

    for token in (recent, older):
        anonymous.get("/authors", headers=bearer(token)).raise_for_status()

    deadline = time.monotonic() + 10
    while client.get("/tokens/51").json()["last_used_at"] == before[51]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert client.get("/tokens/50").json()["last_used_at"] == before[50]


# Keys


def test_tokens_of_the_old_key_hold_while_keys_are_exchanged(
    postgres: EmbeddedPostgres, store: Store, tmp_path: Path
) -> None:
    new = os.urandom(32).hex()
    with (
        running_service(
            BLOG_DATABASE_URL=postgres.url,
            BLOG_TOKEN_KEY=f"{new},{KEY}",
            log_file=tmp_path / "log",
        ) as both,
        httpx.Client(base_url=both, headers=ADMIN) as client,
    ):
        body = {"name": "New", "scopes": list(SCOPES)}
        created = client.post("/tokens", json=body).raise_for_status().json()["token"]
    with (
        running_service(BLOG_DATABASE_URL=postgres.url, BLOG_TOKEN_KEY=new) as after,
        httpx.Client(base_url=after) as client,
    ):
        assert client.get("/tokens", headers=bearer(created)).status_code == 200
        problem(client.get("/tokens", headers=ADMIN), 401)
    assert "live tokens are refused" not in (tmp_path / "log").read_text()


def test_a_wrong_key_is_told_at_the_start(
    postgres: EmbeddedPostgres, store: Store, tmp_path: Path
) -> None:
    store(expires_at="now() - interval '1 s'")
    store(revoked_at="now()")
    wrong = os.urandom(32).hex()

    with running_service(
        log_file=tmp_path / "log", BLOG_DATABASE_URL=postgres.url, BLOG_TOKEN_KEY=wrong
    ) as base_url:
        problem(httpx.get(f"{base_url}/authors", headers=ADMIN), 401)

    log = (tmp_path / "log").read_text()
    ids = f"({Keys.parse(KEY).first.id}); it has {Keys.parse(wrong).first.id}"
    assert "1 of 1 live tokens are refused: they were made with a key that is not in " in log
    assert ids in log
    assert wrong not in log
    assert ADMIN_TOKEN not in log


# The log


def test_the_log_tells_what_happened_to_tokens_and_never_has_one(
    postgres: EmbeddedPostgres, store: Store, tmp_path: Path
) -> None:
    revoked = store(id=60, revoked_at="now()")
    with (
        running_service(BLOG_DATABASE_URL=postgres.url, log_file=tmp_path / "log") as base_url,
        httpx.Client(base_url=base_url, headers=ADMIN) as client,
    ):
        body = {"name": "s3cret name", "scopes": ["tokens:manage"]}
        created = client.post("/tokens", json=body).raise_for_status().json()
        own = bearer(created["token"])
        client.delete(f"/tokens/{created['id']}", headers=own).raise_for_status()
        client.get("/authors", headers=bearer(revoked))
        client.get(f"/articles/{created['token']}")
        client.get("/authors", params={created["token"]: created["token"]})
        client.post("/tokens", json=body | {created["token"]: created["token"]})
        client.post("/articles", content=created["token"])

    written = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    events = {line["event"]: line for line in lines if line["event"].startswith("token ")}
    assert (
        events["token created"].items()
        >= {
            "token_id": created["id"],
            "scopes": ["tokens:manage"],
            "author_id": None,
            "expires_at": None,
            "by": ADMIN_ID,
        }.items()
    )
    assert (
        events["token revoked"].items() >= {"token_id": created["id"], "by": created["id"]}.items()
    )
    assert events["token refused"].items() >= {"token_id": 60, "reason": "revoked"}.items()
    assert all(event["request_id"] for event in events.values())
    for secret in (ADMIN_TOKEN, created["token"], revoked, KEY, "s3cret"):
        assert secret not in written
        assert secret.removeprefix("blog_pat_") not in written
    assert "/articles/blog_pat_..." in [line.get("path") for line in lines]
