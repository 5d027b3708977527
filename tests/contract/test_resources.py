"""What was written is read back exactly; new times, ids, Location; a rejection stores nothing."""

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings

from specfirst.conformance.strategies import TRICKY, reproducible
from tests.conftest import run_sql
from tests.contract.api import create, everything, instant, items, pages, patch, refusal
from tests.contract.factories import JSON, article, author
from tests.contract.strategies import contents, names, summaries, titles
from tests.problems import DOCUMENT

SERVER_OWNED = {"id", "created_at", "updated_at"}
BODIES = {"/authors": author(), "/articles": article(author_id=1)}

both_kinds = pytest.mark.parametrize("path", BODIES)


@pytest.fixture(autouse=True)
def _one_author(client: httpx.Client) -> None:
    create(client, "/authors", author())


def without_server_owned(item: JSON) -> JSON:
    return {name: value for name, value in item.items() if name not in SERVER_OWNED}


def assert_kept(client: httpx.Client, path: str, body: JSON) -> None:
    """Create and patch with the text as it is and escaped; all are read back alike."""
    other = create(client, path, BODIES[path])
    patched = patch(client, f"{path}/{other['id']}", body).json()
    assert without_server_owned(patched) == body
    assert client.get(f"{path}/{other['id']}").json() == patched

    for escaped in (False, True):
        content = json.dumps(body, ensure_ascii=escaped)
        headers = {"Content-Type": "application/json"}
        created = client.post(path, content=content, headers=headers).json()

        assert without_server_owned(created) == body
        assert client.get(f"{path}/{created['id']}").json() == created
        assert client.get(path, params={"limit": 1}).json()["items"] == [created]


@settings(reproducible, max_examples=30)
@given(first_name=names, last_name=names, title=titles, summary=summaries, content=contents)
def test_text_is_read_back_as_it_was_written(
    client: httpx.Client,
    first_name: str,
    last_name: str,
    title: str,
    summary: str | None,
    content: str,
) -> None:
    written = article(author_id=1, title=title, summary=summary, content=content)

    assert_kept(client, "/authors", author(first_name=first_name, last_name=last_name))
    assert_kept(client, "/articles", written)


def test_tricky_text_is_read_back_as_it_was_written(client: httpx.Client) -> None:
    for text in TRICKY:
        assert_kept(client, "/authors", author(first_name=text, last_name=text))
        assert_kept(
            client, "/articles", article(author_id=1, title=text, summary=text, content=text)
        )


@pytest.mark.parametrize("character", ["x", "\U0001f600", "\x01", " "])
def test_the_longest_texts_are_read_back_as_they_were_written(
    client: httpx.Client, character: str
) -> None:
    title, summary, content = (character * length for length in (200, 500, 100_000))

    assert_kept(client, "/authors", author(first_name=character * 100, last_name=character * 100))
    assert_kept(
        client, "/articles", article(author_id=1, title=title, summary=summary, content=content)
    )


def test_an_article_without_a_summary_has_null(client: httpx.Client) -> None:
    body = article(author_id=1)
    del body["summary"]

    created = create(client, "/articles", body)

    assert created["summary"] is None
    assert client.get(f"/articles/{created['id']}").json() == created


@both_kinds
def test_location_leads_to_what_was_created(client: httpx.Client, path: str) -> None:
    create(client, path, BODIES[path])

    response = client.post(path, json=BODIES[path])

    assert response.status_code == 201
    assert set(response.json()) == set(BODIES[path]) | SERVER_OWNED
    assert client.get(response.headers["location"]).json() == response.json()


@both_kinds
def test_the_new_has_one_time_for_both_and_the_next_a_later_one(
    client: httpx.Client, path: str
) -> None:
    first, second = (create(client, path, BODIES[path]) for _ in range(2))

    assert first["created_at"] == first["updated_at"]
    assert instant(second["created_at"]) > instant(first["created_at"])
    assert second["id"] > first["id"]


@both_kinds
def test_times_are_given_in_utc_to_the_microsecond(
    client: httpx.Client, database_url: str, path: str
) -> None:
    new = create(client, path, BODIES[path])["id"]
    times = (
        "created_at = '2026-01-05T01:30:00.000001+05:30', "
        "updated_at = '2026-07-05T09:00:00.999999-03'"
    )
    asyncio.run(run_sql(database_url, f"UPDATE {path[1:]} SET {times} WHERE id = {new}"))

    item = client.get(f"{path}/{new}").json()

    assert item["created_at"] == "2026-01-04T20:00:00.000001Z"
    assert item["updated_at"] == "2026-07-05T12:00:00.999999Z"


@pytest.mark.parametrize("largest", [2**31, 2**53 + 1, 2**63 - 1])
def test_ids_are_exact_up_to_64_bits(client: httpx.Client, database_url: str, largest: int) -> None:
    values = f"({largest}, 'Ada', 'King')", f"({largest}, 'Note H', '…', {largest})"
    for table, columns, row in (
        ("authors", "id, first_name, last_name", values[0]),
        ("articles", "id, title, content, author_id", values[1]),
    ):
        statement = f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {row}"
        asyncio.run(run_sql(database_url, statement))

    read = client.get(f"/articles/{largest}").json()
    moved = [
        patch(client, f"/articles/{largest}", {"author_id": to}).json()["author_id"]
        for to in (1, largest)
    ]

    assert (read["id"], read["author_id"], moved) == (largest, largest, [1, largest])
    assert [each["id"] for each in items(client, "/articles", author_id=largest)] == [largest]
    assert (
        client.get("/authors", params={"limit": 1, "sort": "last_name"}).json()["items"][0]["id"]
        == largest
    )
    assert len(pages(client, "/authors", limit=1)) == 2
    assert client.get(f"/authors/{largest - 1}").status_code == 404
    assert client.delete(f"/authors/{largest}?cascade=true").status_code == 204


def undescribed(value: Any, schema: JSON, pointer: str = "") -> list[str]:
    """Return where a value has members that its schema does not describe."""
    schema = (
        DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "$ref" in schema
        else schema
    )
    if isinstance(value, list):
        return [
            each for item in value for each in undescribed(item, schema["items"], f"{pointer}/*")
        ]
    if not isinstance(value, dict):
        return []
    known = schema["properties"]
    unknown = [f"{pointer}/{name}" for name in value if name not in known]
    return unknown + [
        each
        for name in value
        if name in known
        for each in undescribed(value[name], known[name], f"{pointer}/{name}")
    ]


def test_an_answer_has_the_members_of_the_contract_and_no_others(client: httpx.Client) -> None:
    create(client, "/articles", article(author_id=1))
    schemas = {
        "/authors/1": "Author",
        "/authors": "AuthorPage",
        "/articles/1": "Article",
        "/articles": "ArticlePage",
    }
    schemas |= {
        "/livez": "Health",
        "/readyz": "Health",
        "/authors/9": "Problem",
        "/authors?limit=0": "Problem",
    }
    answers = [(client.get(path), schema) for path, schema in schemas.items()]
    answers += [(client.post(path, json=body), path[1:-1].title()) for path, body in BODIES.items()]
    answers += [(patch(client, f"{path}/1", {}), path[1:-1].title()) for path in BODIES]

    for answer, schema in answers:
        assert undescribed(answer.json(), {"$ref": f"#/components/schemas/{schema}"}) == [], (
            answer.request
        )


WRONG: list[tuple[str, JSON]] = [
    ("/authors", {"first_name": ""}),
    ("/authors", {"last_name": "x" * 101}),
    ("/authors", {"last_name": None}),
    ("/articles", {"title": "x" * 201}),
    ("/articles", {"summary": "x" * 501}),
    ("/articles", {"content": "x" * 100_001}),
    ("/articles", {"content": "a\0b"}),
    ("/articles", {"author_id": "1"}),
    *((path, {name: 7}) for path in BODIES for name in (*sorted(SERVER_OWNED), "unknown")),
]


def test_a_refused_creation_says_where_and_leaves_nothing(client: httpx.Client) -> None:
    before = everything(client)
    for path, wrong in WRONG:
        response = client.post(path, json=BODIES[path] | wrong)

        assert refusal(response) == (422, [f"/{name}" for name in wrong]), (path, wrong)
        assert everything(client) == before


def test_every_fault_is_pointed_at(client: httpx.Client) -> None:
    body = {"title": "", "summary": 5, "author_id": 0, "a/b": 1, "~1": 1}

    created = client.post("/articles", json=body)
    listed = client.get("/articles?limit=0&sort=x&author_id=0")
    unknown = client.get("/articles?limit=1&limit=2&a/b=1&~1=1&sort=x")

    assert places(created) == (
        422,
        ["/author_id", "/a~1b", "/content", "/summary", "/title", "/~01"],
    )
    assert places(listed) == (422, ["/author_id", "/limit", "/sort"])
    assert places(unknown) == (400, ["/a~1b", "/limit", "/~01"])


def places(response: httpx.Response) -> tuple[int, list[str]]:
    status, pointers = refusal(response)
    return status, sorted(pointers)


@pytest.mark.parametrize("unknown", [2, 2**63 - 1])
def test_an_article_of_an_unknown_author_is_refused_and_not_stored(
    client: httpx.Client, unknown: int
) -> None:
    before = everything(client)

    response = client.post("/articles", json=article(author_id=unknown))

    assert refusal(response) == (404, ["/author_id"])
    assert everything(client) == before
    assert items(client, "/articles", author_id=unknown) == []


METHODS = {
    "/authors": "GET, HEAD, OPTIONS, POST",
    "/authors/1": "DELETE, GET, HEAD, OPTIONS, PATCH",
    "/articles": "GET, HEAD, OPTIONS, POST",
    "/articles/1": "DELETE, GET, HEAD, OPTIONS, PATCH",
    "/livez": "GET, HEAD, OPTIONS",
    "/readyz": "GET, HEAD, OPTIONS",
}
READS = [
    *METHODS,
    "/authors/999",
    "/articles?limit=1",
    "/articles?limit=0",
    "/articles?cursor=a",
    "/articles?unknown=1",
    "/nowhere",
]


def test_head_answers_like_get_without_the_body(client: httpx.Client) -> None:
    for _ in range(2):
        create(client, "/articles", article(author_id=1))

    for path in READS:
        get, head = client.get(path), client.head(path)

        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert own_headers(head) == own_headers(get), path
        assert get.headers["content-length"] == str(len(get.content)), path


def own_headers(response: httpx.Response) -> list[tuple[str, Any]]:
    """Return the headers without those of the single request; its id is in a problem's body too."""
    ignored = {"date", "x-request-id", "ratelimit"}
    return sorted(each for each in response.headers.multi_items() if each[0] not in ignored)


def test_options_lists_what_the_path_allows(client: httpx.Client) -> None:
    answers = {path: client.options(path) for path in METHODS}

    assert {path: answer.headers["allow"] for path, answer in answers.items()} == METHODS
    assert {answer.status_code for answer in answers.values()} == {204}


def test_each_answer_has_an_id_of_its_own(client: httpx.Client) -> None:
    answers = [
        client.request(method, path)
        for path in (*READS, "/docs")
        for method in ("GET", "HEAD", "PUT", "OPTIONS")
    ]

    ids = [UUID(answer.headers["x-request-id"]) for answer in answers]
    assert len(set(ids)) == len(answers)
