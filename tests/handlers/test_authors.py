"""The operations with the tag `authors`, over HTTP."""

import json

import httpx
import pytest

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
JSON = {"Content-Type": "application/json"}
PATCH = {"Content-Type": "application/merge-patch+json"}


def create(client: httpx.Client, **members: str) -> dict[str, object]:
    """Create an author."""
    response = client.post("/authors", json=ADA | members)
    assert response.status_code == 201
    author: dict[str, object] = response.json()
    return author


def test_create_author_returns_201_and_where_it_is(client: httpx.Client) -> None:
    response = client.post("/authors", json=ADA)

    assert response.status_code == 201
    assert response.headers["Location"] == f"/authors/{response.json()['id']}"
    assert client.get(response.headers["Location"]).json() == response.json()
    assert ADA.items() <= response.json().items()


@pytest.mark.parametrize("body", [[], "Ada", 1, None, True])
def test_create_author_with_no_object_returns_422_in_words_of_the_contract(
    client: httpx.Client, body: object
) -> None:
    response = client.post("/authors", content=json.dumps(body), headers=JSON)

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "in": "body",
            "pointer": "",
            "code": "wrong_type",
            "detail": "Must be an object",
            "limits": {"types": ["object"]},
        }
    ]


def test_create_author_with_a_repeated_property_returns_400_that_points_at_it(
    client: httpx.Client,
) -> None:
    body = '{"first_name": "Ada", "last_name": "Lovelace", "first_name": "Augusta"}'

    response = client.post("/authors", content=body, headers=JSON)

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"in": "body", "pointer": "/first_name", "code": "repeated", "detail": "Repeated property"}
    ]


@pytest.mark.parametrize("member", ["first_name", "last_name"])
@pytest.mark.parametrize("bad", ["", "x" * 101, "a\0b", None, 5])
def test_create_author_with_a_bad_name_returns_422(
    client: httpx.Client, member: str, bad: object
) -> None:
    response = client.post("/authors", json=ADA | {member: bad})

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"/{member}"]


@pytest.mark.parametrize("member", ["id", "created_at", "updated_at", "nickname"])
def test_create_author_with_a_member_that_is_not_theirs_returns_422(
    client: httpx.Client, member: str
) -> None:
    response = client.post("/authors", json=ADA | {member: 1})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{member}"


def test_get_author_with_unknown_id_returns_404(client: httpx.Client) -> None:
    response = client.get("/authors/1")

    assert response.status_code == 404
    assert response.json()["type"] == "/problems/author-not-found"


def test_list_authors_returns_newest_first_twenty_at_most(client: httpx.Client) -> None:
    authors = [create(client, last_name=str(number)) for number in range(21)]

    page = client.get("/authors").json()

    assert page["items"] == authors[:0:-1]
    assert page["next_cursor"] is not None


def test_list_authors_orders_equal_names_by_id_in_the_same_direction(client: httpx.Client) -> None:
    for _ in range(3):
        create(client)

    names = [
        client.get("/authors", params={"sort": sort}).json()["items"]
        for sort in ("last_name", "-last_name")
    ]

    assert [[item["id"] for item in items] for items in names] == [[1, 2, 3], [3, 2, 1]]


def test_list_authors_by_their_last_change_begins_with_the_one_just_changed(
    client: httpx.Client,
) -> None:
    for _ in range(3):
        create(client)
    client.patch("/authors/2", json={"last_name": "King"}, headers=PATCH).raise_for_status()

    changed = client.get("/authors", params={"sort": "-updated_at"}).json()["items"]
    newest = client.get("/authors").json()["items"]

    assert [item["id"] for item in changed] == [2, 3, 1]
    assert [item["id"] for item in newest] == [3, 2, 1]


def test_list_authors_links_to_the_next_page_of_the_same_list(client: httpx.Client) -> None:
    for _ in range(2):
        create(client)

    page = client.get("/authors", params={"sort": "-last_name", "limit": 1})

    target = f"/authors?limit=1&sort=-last_name&cursor={page.json()['next_cursor']}"
    assert page.headers["Link"] == f'<{target}>; rel="next"'


@pytest.mark.parametrize(
    ("limit", "code", "detail", "limits"),
    [
        ("0", "too_small", "Must be at least 1", {"minimum": 1}),
        ("-1", "too_small", "Must be at least 1", {"minimum": 1}),
        ("101", "too_large", "Must be at most 100", {"maximum": 100}),
        ("9" * 50, "too_large", "Must be at most 100", {"maximum": 100}),
        ("1.0", "wrong_type", "Must be an integer", {"types": ["integer"]}),
        ("", "wrong_type", "Must be an integer", {"types": ["integer"]}),
        ("x", "wrong_type", "Must be an integer", {"types": ["integer"]}),
    ],
)
def test_list_authors_with_a_limit_out_of_range_returns_422(
    client: httpx.Client, limit: str, code: str, detail: str, limits: dict[str, object]
) -> None:
    response = client.get("/authors", params={"limit": limit})

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"in": "query", "pointer": "/limit", "code": code, "detail": detail, "limits": limits}
    ]


@pytest.mark.parametrize("limit", [1, 100])
def test_list_authors_with_a_limit_at_its_bounds_returns_200(
    client: httpx.Client, limit: int
) -> None:
    assert client.get("/authors", params={"limit": limit}).status_code == 200


def test_list_authors_in_an_unknown_order_returns_422(client: httpx.Client) -> None:
    response = client.get("/authors", params={"sort": "title"})

    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert (error["in"], error["pointer"], error["code"]) == ("query", "/sort", "not_in_enum")
    assert error["limits"]["values"] == [
        *("created_at", "-created_at", "updated_at", "-updated_at", "last_name", "-last_name"),
    ]


def test_update_author_changes_no_other_author(client: httpx.Client) -> None:
    before, author, after = (create(client) for _ in range(3))

    client.patch(
        f"/authors/{author['id']}", json={"last_name": "King"}, headers=PATCH
    ).raise_for_status()

    others = [client.get(f"/authors/{other['id']}").json() for other in (before, after)]
    assert others == [before, after]


def test_update_author_changes_the_name(client: httpx.Client) -> None:
    author = create(client)

    response = client.patch(f"/authors/{author['id']}", json={"last_name": "King"}, headers=PATCH)

    assert response.status_code == 200
    changed = response.json()
    assert changed == author | {"last_name": "King", "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > author["updated_at"]


def test_update_author_as_plain_json_is_a_merge_patch_too(client: httpx.Client) -> None:
    author = create(client)

    response = client.patch(f"/authors/{author['id']}", json={"last_name": "King"})

    assert response.status_code == 200
    assert response.json()["first_name"] == author["first_name"]
    assert response.json()["last_name"] == "King"


def test_update_author_as_a_json_patch_returns_415_and_what_is_accepted(
    client: httpx.Client,
) -> None:
    author = create(client)

    response = client.patch(
        f"/authors/{author['id']}",
        json=[{"op": "replace", "path": "/last_name", "value": "King"}],
        headers={"Content-Type": "application/json-patch+json"},
    )

    assert response.status_code == 415
    assert response.headers["Accept-Patch"] == "application/json, application/merge-patch+json"


def test_update_author_with_unknown_id_returns_404(client: httpx.Client) -> None:
    assert client.patch("/authors/1", json={"last_name": "King"}, headers=PATCH).status_code == 404


def test_delete_author_returns_204_and_the_author_is_gone(client: httpx.Client) -> None:
    author = create(client)

    response = client.delete(f"/authors/{author['id']}")

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Length" not in response.headers  # RFC 9110, section 8.6
    assert client.get(f"/authors/{author['id']}").status_code == 404
    assert client.delete(f"/authors/{author['id']}").status_code == 404


def test_delete_author_with_articles_returns_409_and_with_cascade_204(client: httpx.Client) -> None:
    author = create(client)
    article = client.post(
        "/articles", json={"title": "Note G", "content": "x", "author_id": author["id"]}
    ).json()

    refused = client.delete(f"/authors/{author['id']}")
    deleted = client.delete(f"/authors/{author['id']}", params={"cascade": "true"})

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/author-has-articles"
    assert deleted.status_code == 204
    assert client.get(f"/articles/{article['id']}").status_code == 404


@pytest.mark.parametrize("cascade", ["", "1", "True", "yes"])
def test_delete_author_with_a_cascade_that_is_no_boolean_returns_422(
    client: httpx.Client, cascade: str
) -> None:
    author = create(client)

    response = client.delete(f"/authors/{author['id']}", params={"cascade": cascade})

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "in": "query",
            "pointer": "/cascade",
            "code": "wrong_type",
            "detail": "Must be a boolean",
            "limits": {"types": ["boolean"]},
        }
    ]
    assert client.get(f"/authors/{author['id']}").status_code == 200
