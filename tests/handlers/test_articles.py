"""The operations with the tag `articles`, over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture
def author_id(client: httpx.Client) -> int:
    """An author to write articles, the second: so the ids of articles are others."""
    authors = [
        client.post("/authors", json={"first_name": "Ada", "last_name": "Lovelace"}).json()
        for _ in range(2)
    ]
    return int(authors[1]["id"])


def create(client: httpx.Client, **members: object) -> dict[str, Any]:
    """Create an article."""
    response = client.post(
        "/articles", json={"title": "Note G", "content": "Step by step."} | members
    )
    assert response.status_code == 201
    article: dict[str, Any] = response.json()
    return article


def test_create_article_returns_201_and_where_it_is(client: httpx.Client, author_id: int) -> None:
    article = {
        "title": "Note G",
        "summary": "A plan.",
        "content": "Step by step.",
        "author_id": author_id,
    }

    response = client.post("/articles", json=article)

    assert response.status_code == 201
    assert response.headers["Location"] == f"/articles/{response.json()['id']}"
    assert client.get(response.headers["Location"]).json() == response.json()
    assert article.items() <= response.json().items()


def test_create_article_without_summary_has_none(client: httpx.Client, author_id: int) -> None:
    assert create(client, author_id=author_id)["summary"] is None


def test_create_article_with_unknown_author_returns_404_that_points_at_it(
    client: httpx.Client,
) -> None:
    response = client.post("/articles", json={"title": "Note G", "content": "x", "author_id": 99})

    assert response.status_code == 404
    problem = response.json()
    assert problem["type"] == "/problems/unknown-author"
    assert problem["errors"] == [
        {"in": "body", "pointer": "/author_id", "code": "not_found", "detail": "No such author"}
    ]
    assert client.get("/articles").json()["items"] == []


@pytest.mark.parametrize(
    ("member", "value", "code", "detail", "limits"),
    [
        ("title", "", "too_short", "Must have at least 1 character", {"min_length": 1}),
        ("title", "a\0", "wrong_pattern", "Must not contain U+0000", {"pattern": "^[^\\u0000]*$"}),
        ("title", "\ud800", "malformed", "Must be Unicode without lone surrogates", None),
        ("summary", 1, "wrong_type", "Must be a string or null", {"types": ["string", "null"]}),
        ("summary", "x" * 501, "too_long", "Must have at most 500 characters", {"max_length": 500}),
        ("author_id", "1", "wrong_type", "Must be an integer", {"types": ["integer"]}),
        ("author_id", 0, "too_small", "Must be at least 1", {"minimum": 1}),
        ("author_id", 2**63, "too_large", f"Must be at most {2**63 - 1}", {"maximum": 2**63 - 1}),
        ("~0/", 1, "unknown", "Unknown property", None),
    ],
)
def test_create_article_with_something_wrong_says_what_the_contract_says(
    client: httpx.Client, member: str, value: object, code: str, detail: str, limits: object
) -> None:
    article = {"title": "Note G", "content": "Step by step.", "author_id": 1, member: value}

    response = client.post(
        "/articles", content=json.dumps(article), headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 422
    pointer = f"/{member.replace('~', '~0').replace('/', '~1')}"
    told = {"in": "body", "pointer": pointer, "code": code, "detail": detail}
    assert response.json()["errors"] == [told | ({"limits": limits} if limits else {})]


@pytest.mark.parametrize(
    ("member", "longest"),
    [("title", 200), ("summary", 500), ("content", 100_000)],
    ids=["title", "summary", "content"],
)
def test_create_article_takes_the_longest_text_and_not_one_more(
    client: httpx.Client, author_id: int, member: str, longest: int
) -> None:
    longest_text = "😀" * longest

    stored = create(client, **{"author_id": author_id, member: longest_text})
    refused = client.post(
        "/articles",
        json={"title": "t", "content": "c", "author_id": author_id, member: longest_text + "x"},
    )

    assert client.get(f"/articles/{stored['id']}").json()[member] == longest_text
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == f"/{member}"


@pytest.mark.parametrize("bad", ["1", True, 1.5, 0, -1, 2**63, None, [1]])
def test_create_article_with_an_author_id_that_is_none_returns_422(
    client: httpx.Client, bad: object
) -> None:
    response = client.post("/articles", json={"title": "t", "content": "c", "author_id": bad})

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == ["/author_id"]


def test_create_article_with_an_integral_float_as_author_id_returns_201(
    client: httpx.Client, author_id: int
) -> None:
    body = b'{"title": "t", "content": "c", "author_id": %d.0}' % author_id

    response = client.post("/articles", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 201
    assert response.json()["author_id"] == author_id


def test_get_article_with_unknown_id_returns_404(client: httpx.Client) -> None:
    response = client.get("/articles/1")

    assert response.status_code == 404
    assert response.json()["type"] == "/problems/article-not-found"


def test_list_articles_of_one_author_has_only_theirs(client: httpx.Client, author_id: int) -> None:
    other = client.post("/authors", json={"first_name": "Mary", "last_name": "Somerville"}).json()[
        "id"
    ]
    mine = create(client, author_id=author_id)
    create(client, author_id=other)

    page = client.get("/articles", params={"author_id": author_id}).json()

    assert page == {"items": [mine], "next_cursor": None}


def test_list_articles_links_to_the_next_page_of_the_same_list(
    client: httpx.Client, author_id: int
) -> None:
    for _ in range(2):
        create(client, author_id=author_id)
    create(client, author_id=author_id - 1)

    first = client.get("/articles", params={"sort": "title", "limit": 1, "author_id": author_id})
    cursor = first.json()["next_cursor"]
    last = client.get(
        "/articles", params={"sort": "title", "limit": 1, "author_id": author_id, "cursor": cursor}
    )

    target = f"/articles?limit=1&sort=title&author_id={author_id}&cursor={cursor}"
    assert first.headers["Link"] == f'<{target}>; rel="next"'
    assert (last.json()["next_cursor"], last.headers.get("Link")) == (None, None)
    assert [item["id"] for item in first.json()["items"] + last.json()["items"]] == [1, 2]


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f600", "\x01"])
def test_list_articles_ends_a_page_of_long_articles_before_its_limit(
    letter: str, client: httpx.Client, author_id: int
) -> None:
    content = letter * 100_000
    created = [create(client, author_id=author_id, content=content)["id"] for _ in range(13)]
    parameters: dict[str, str | int] = {"author_id": author_id, "limit": 100}
    fitting = -(-(1024 * 1024) // len(content.encode()))

    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["next_cursor"]:
        pages.append(client.get("/articles", params=parameters).json())
        parameters["cursor"] = pages[-1]["next_cursor"]

    found = [article for page in pages for article in page["items"]]
    assert [article["id"] for article in found] == created[::-1]
    assert {article["content"] for article in found} == {content}
    assert {len(page["items"]) for page in pages[:-1]} == {fitting}


def test_list_articles_of_an_unknown_author_is_empty(client: httpx.Client) -> None:
    response = client.get("/articles", params={"author_id": 99})

    assert (response.status_code, response.json()) == (200, {"items": [], "next_cursor": None})


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_of_one_article_changes_no_other_article(
    client: httpx.Client, author_id: int, method: str
) -> None:
    before, article, after = (create(client, author_id=author_id) for _ in range(3))
    changes = {"title": "Note H"} if method == "PATCH" else None

    client.request(method, f"/articles/{article['id']}", json=changes).raise_for_status()

    others = [client.get(f"/articles/{other['id']}").json() for other in (before, after)]
    assert others == [before, after]


def test_update_article_with_null_summary_removes_it_and_keeps_the_rest(
    client: httpx.Client, author_id: int
) -> None:
    article = create(client, author_id=author_id, summary="A plan.")

    response = client.patch(f"/articles/{article['id']}", json={"summary": None}, headers=PATCH)

    changed = response.json()
    assert changed == article | {"summary": None, "updated_at": changed["updated_at"]}


@pytest.mark.parametrize("member", ["title", "content", "author_id"])
def test_update_article_with_null_where_there_may_be_none_returns_422(
    client: httpx.Client, author_id: int, member: str
) -> None:
    article = create(client, author_id=author_id)

    response = client.patch(f"/articles/{article['id']}", json={member: None}, headers=PATCH)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{member}"
    assert client.get(f"/articles/{article['id']}").json() == article


def test_update_article_with_nothing_changes_nothing(client: httpx.Client, author_id: int) -> None:
    article = create(client, author_id=author_id)

    response = client.patch(f"/articles/{article['id']}", json={}, headers=PATCH)

    assert (response.status_code, response.json()) == (200, article)


def test_delete_article_returns_204_and_the_author_stays(
    client: httpx.Client, author_id: int
) -> None:
    article = create(client, author_id=author_id)

    response = client.delete(f"/articles/{article['id']}")

    assert (response.status_code, response.content) == (204, b"")
    assert client.get(f"/articles/{article['id']}").status_code == 404
    assert client.get(f"/authors/{author_id}").status_code == 200


@pytest.mark.parametrize(
    "spelling",
    [str.upper, str.title, "{}; charset=utf-8".format, '{} ;charset="UTF-8"'.format],
    ids=["capitals", "title", "charset", "quoted charset"],
)
def test_a_media_type_may_be_spelled_otherwise(
    client: httpx.Client, spelling: Callable[[str], str]
) -> None:
    json_type, patch_type = "application/json", "application/merge-patch+json"
    requests = [
        ("POST", "/authors", json_type, b'{"first_name":"Ada","last_name":"Lovelace"}', 201),
        ("POST", "/articles", json_type, b'{"title":"G","content":"x","author_id":1}', 201),
        *(
            ("PATCH", f"/{path}/1", media_type, b"{}", 200)
            for path in ("authors", "articles")
            for media_type in (json_type, patch_type)
        ),
    ]

    for method, path, media_type, content, status in requests:
        headers = {"Content-Type": spelling(media_type)}
        response = client.request(method, path, content=content, headers=headers)
        assert response.status_code == status, (method, path, headers)
