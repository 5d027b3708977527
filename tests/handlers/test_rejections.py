"""What every operation rejects in the same way: paths, media types, bodies and queries."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from tests.conftest import EMPTY, run_sql
from tests.contract.factories import article, author
from tests.problems import problem
from tests.tokens import ADMIN

BODIES = [
    ("POST", "/authors", author()),
    ("PATCH", "/authors/1", {"last_name": "King"}),
    ("POST", "/articles", article(author_id=1)),
    ("PATCH", "/articles/1", {"title": "Note G, revised"}),
]
WITH_BODY = pytest.mark.parametrize(
    ("method", "path", "body"), BODIES, ids=[f"{each[0]} {each[1]}" for each in BODIES]
)

RESOURCES = [
    (method, path) for path in ("/authors", "/articles") for method in ("GET", "PATCH", "DELETE")
]
OF_A_RESOURCE = pytest.mark.parametrize(
    ("method", "path"), RESOURCES, ids=[f"{method} {path}" for method, path in RESOURCES]
)

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(service: str, postgres: EmbeddedPostgres) -> Iterator[httpx.Client]:
    """A client of the service, with an author and an article, both with id 1, unchanged here."""
    asyncio.run(run_sql(postgres.url, EMPTY))
    hooks = {"response": [check_instance]}
    with httpx.Client(
        base_url=service, headers=ADMIN, timeout=30, verify=False, event_hooks=hooks
    ) as client:  # no certificates to load
        client.post("/authors", json=author()).raise_for_status()
        client.post("/articles", json=article(author_id=1)).raise_for_status()
        before = stored(client)
        yield client
        assert stored(client) == before


def check_instance(response: httpx.Response) -> None:
    """Each problem is about the path that was asked for, without its query."""
    if response.is_client_error:
        response.read()
        assert (
            response.json()["instance"] == response.request.url.raw_path.decode().partition("?")[0]
        )


def stored(client: httpx.Client) -> list[Any]:
    """Return all that is stored."""
    return [client.get(path).raise_for_status().json() for path in ("/authors", "/articles")]


@OF_A_RESOURCE
@pytest.mark.parametrize(
    "resource_id",
    [
        "0",
        "-1",
        "9223372036854775808",
        "18446744073709551617",
        "01",
        "%2B1",
        "1.0",
        "1e0",
        "one",
        "%201",
        "1%20",
    ],
)
def test_an_id_that_cannot_exist_returns_404(
    client: httpx.Client, method: str, path: str, resource_id: str
) -> None:
    content = b"{}" if method == "PATCH" else None

    response = client.request(
        method, f"{path}/{resource_id}", content=content, headers=JSON if content else {}
    )

    assert problem(response, 404)["type"] == "/problems/not-found"


@OF_A_RESOURCE
@pytest.mark.parametrize("resource_id", [2, 2**31, 2**53 + 1, 2**63 - 1])
def test_an_id_that_may_exist_and_does_not_returns_the_404_of_its_kind(
    client: httpx.Client, method: str, path: str, resource_id: int
) -> None:
    patch = b"{}" if method == "PATCH" else None

    response = client.request(
        method, f"{path}/{resource_id}", content=patch, headers=JSON if patch else {}
    )

    content = problem(response, 404)
    assert content["type"] == f"/problems/{path[1:-1]}-not-found"
    assert str(resource_id) in content["detail"].removesuffix(".").split()


@WITH_BODY
@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/json-patch+json",
        "application/json; charset=iso-8859-1",
    ],
)
def test_another_media_type_returns_415(
    client: httpx.Client, method: str, path: str, body: dict[str, Any], media_type: str
) -> None:
    response = client.request(
        method, path, content=json.dumps(body), headers={"Content-Type": media_type}
    )

    assert problem(response, 415)["type"] == "/problems/unsupported-media-type"


@WITH_BODY
@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_content_coding_returns_415(
    client: httpx.Client, method: str, path: str, body: dict[str, Any], coding: str
) -> None:
    response = client.request(
        method, path, content=json.dumps(body), headers=JSON | {"Content-Encoding": coding}
    )

    assert problem(response, 415)["type"] == "/problems/unsupported-media-type"


@WITH_BODY
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: (
            text.replace("N", "\xff").replace("K", "\xff").replace("L", "\xff").encode("latin-1")
        ),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("{", '{"more": NaN, ').encode(),
        lambda text: text.replace("{", '{"more": -Infinity, ').encode(),
        lambda text: text.replace("{", "{'more': 1, ").encode(),
        lambda text: text.replace("}", ",}").encode(),
        lambda text: text.encode() + b"x",
        lambda text: (text[:-1] + ", " + text[1:]).encode(),
    ],
    ids=[
        "empty",
        "mark",
        "latin-1",
        "utf-16",
        "NaN",
        "-Infinity",
        "quotes",
        "comma",
        "more",
        "repeated",
    ],
)
def test_a_body_that_cannot_be_read_returns_400(
    client: httpx.Client, method: str, path: str, body: dict[str, Any], damage: Any
) -> None:
    response = client.request(method, path, content=damage(json.dumps(body)), headers=JSON)

    assert problem(response, 400)["type"] == "/problems/bad-request"


@WITH_BODY
def test_an_unknown_property_and_a_wrong_one_are_both_named(
    client: httpx.Client, method: str, path: str, body: dict[str, Any]
) -> None:
    wrong = next(iter(body))

    response = client.request(method, path, json=body | {"unknown/~": 1, wrong: None})

    errors = problem(response, 422)["errors"]
    assert sorted((each["in"], each["pointer"], each["code"]) for each in errors) == [
        ("body", f"/{wrong}", "wrong_type"),
        ("body", "/unknown~1~0", "unknown"),
    ]


@pytest.mark.parametrize(("method", "path"), [("POST", "/articles"), ("PATCH", "/articles/1")])
@pytest.mark.parametrize(
    ("author_id", "code"),
    [
        *((each, "too_small") for each in (0, -1, -(2**63) - 1)),
        *((each, "too_large") for each in (2**63, 2**64 + 1, 10**900)),
        *(("1", "wrong_type"), (1.5, "wrong_type"), (True, "wrong_type"), (None, "wrong_type")),
        *(([1], "wrong_type"), ({}, "wrong_type")),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_author_id_that_is_none_returns_422(
    client: httpx.Client, method: str, path: str, author_id: object, code: str
) -> None:
    body = {**article(author_id=1), "author_id": author_id}

    response = client.request(method, path, json=body)

    [error] = problem(response, 422)["errors"]
    assert (error["in"], error["pointer"], error["code"]) == ("body", "/author_id", code)


@pytest.mark.parametrize(
    ("path", "name", "length"),
    [
        *(("/authors/1", name, 100) for name in ("first_name", "last_name")),
        *(("/articles/1", name, length) for name, length in [("title", 200), ("content", 100_000)]),
        ("/articles/1", "summary", 500),
    ],
)
def test_a_change_to_a_text_out_of_bounds_returns_422(
    client: httpx.Client, path: str, name: str, length: int
) -> None:
    wrong = {"x" * (length + 1): "too_long", "a\0": "wrong_pattern"}
    if name != "summary":
        wrong[""] = "too_short"

    for text, code in wrong.items():
        [error] = problem(client.patch(path, json={name: text}), 422)["errors"]
        assert (error["pointer"], error["code"]) == (f"/{name}", code)


@pytest.mark.parametrize("path", ["/authors", "/articles"])
@pytest.mark.parametrize(("cursor", "code"), [("", "too_short"), ("x" * 2049, "too_long")])
def test_a_cursor_out_of_bounds_returns_422(
    client: httpx.Client, path: str, cursor: str, code: str
) -> None:
    response = client.get(path, params={"cursor": cursor})

    [error] = problem(response, 422)["errors"]
    assert (error["in"], error["pointer"], error["code"]) == ("query", "/cursor", code)


@pytest.mark.parametrize("path", ["/authors", "/articles"])
@pytest.mark.parametrize("cursor", ["x", "x" * 2048])
def test_a_cursor_that_is_none_returns_400(client: httpx.Client, path: str, cursor: str) -> None:
    content = problem(client.get(path, params={"cursor": cursor}), 400)

    assert content["type"] == "/problems/invalid-cursor"
    assert [(each["in"], each["pointer"], each["code"]) for each in content["errors"]] == [
        ("query", "/cursor", "invalid_cursor")
    ]


@pytest.mark.parametrize(
    ("path", "query", "pointers"),
    [
        ("/authors", "limit=0&sort=title", ["/limit", "/sort"]),
        (
            "/articles",
            "limit=101&sort=last_name&author_id=0&cursor=",
            ["/author_id", "/cursor", "/limit", "/sort"],
        ),
        ("/articles", "author_id=9223372036854775808", ["/author_id"]),
        ("/articles", "author_id=1.0", ["/author_id"]),
        ("/articles", "author_id=%201", ["/author_id"]),
        ("/articles", "author_id=01", ["/author_id"]),
        ("/articles", "author_id=", ["/author_id"]),
    ],
)
def test_all_parameters_that_are_wrong_are_named(
    client: httpx.Client, path: str, query: str, pointers: list[str]
) -> None:
    errors = problem(client.get(f"{path}?{query}"), 422)["errors"]

    assert sorted(each["pointer"] for each in errors) == pointers
    assert {each["in"] for each in errors} == {"query"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        *BODIES,
        *(("GET", path, None) for path in ("/authors", "/articles", "/livez", "/readyz")),
        *((method, f"{path}/1", None) for method, path in RESOURCES if method != "PATCH"),
    ],
)
def test_all_parameters_that_are_unknown_are_named(
    client: httpx.Client, method: str, path: str, body: object
) -> None:
    response = client.request(method, f"{path}?x=1&y=2&x=3", json=body)

    errors = problem(response, 400)["errors"]
    assert [each["pointer"] for each in errors] == ["/x", "/y", "/x"]


@pytest.mark.parametrize(
    ("method", "path", "query", "code"),
    [
        *(
            ("GET", path, query, "unknown")
            for path in ("/authors", "/articles")
            for query in ("Limit=1", "Sort=-created_at", "CURSOR=x", "x=1&limit=1")
        ),
        *(
            ("GET", path, f"{name}=1&{name}=1", "repeated")
            for path in ("/authors", "/articles")
            for name in ("limit", "sort", "cursor")
        ),
        ("GET", "/articles", "author_id=1&author_id=1", "repeated"),
        ("GET", "/articles", "Author_Id=1", "unknown"),
        *(
            (method, path, "x=1", "unknown")
            for method, path in [
                ("GET", "/authors/1"),
                ("GET", "/articles/1"),
                ("DELETE", "/articles/1"),
            ]
        ),
        *((method, path, "x=1", "unknown") for method, path, _ in BODIES),
        ("DELETE", "/authors/1", "cascade=true&cascade=true", "repeated"),
        ("DELETE", "/authors/1", "Cascade=true", "unknown"),
    ],
)
def test_a_parameter_that_is_unknown_or_repeated_returns_400(
    client: httpx.Client, method: str, path: str, query: str, code: str
) -> None:
    body = next((each for *operation, each in BODIES if operation == [method, path]), None)

    response = (
        client.request(method, f"{path}?{query}", json=body)
        if body
        else client.request(method, f"{path}?{query}")
    )

    content = problem(response, 400)
    assert [each["code"] for each in content["errors"]] == [code]
    assert content["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"
