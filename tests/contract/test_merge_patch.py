"""PATCH as in RFC 7396: absent keeps, null only where the contract has it, all or nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, combinations
from typing import Any

import httpx
import pytest

from tests.conftest import run_sql
from tests.contract.api import create, everything, instant, items, patch, refusal
from tests.contract.factories import JSON, article, author

NEW: dict[str, JSON] = {
    "/authors": {"first_name": " Augusta ", "last_name": "King"},
    "/articles": {"title": "Note H", "summary": "Another plan.", "content": "…", "author_id": 2},
}
SERVER_OWNED = [("id", 7), ("created_at", "2026-01-05T09:00:00Z"), ("updated_at", None)]
WRONG: dict[str, list[tuple[str, Any]]] = {
    "/authors": [
        *((name, None) for name in ("first_name", "last_name")),
        ("first_name", ""),
        ("last_name", "x" * 101),
        *SERVER_OWNED,
    ],
    "/articles": [
        *((name, None) for name in ("title", "content", "author_id")),
        ("title", "x" * 201),
        ("summary", "x" * 501),
        ("summary", False),
        ("content", ""),
        ("author_id", "2"),
        ("author_id", 0),
        *SERVER_OWNED,
    ],
}

both_kinds = pytest.mark.parametrize("path", NEW)


def subsets(members: JSON) -> list[JSON]:
    chosen = (combinations(members.items(), size) for size in range(len(members) + 1))
    return [dict(each) for each in chain.from_iterable(chosen)]


@pytest.fixture(autouse=True)
def _two_authors_with_an_article_each(client: httpx.Client) -> None:
    for author_id in (1, 2):
        assert create(client, "/authors", author())["id"] == author_id
        assert create(client, "/articles", article(author_id=author_id))["id"] == author_id


@both_kinds
def test_present_members_are_set_and_absent_ones_are_kept(client: httpx.Client, path: str) -> None:
    body = author() if path == "/authors" else article(author_id=1)
    for changes in subsets(NEW[path]):
        old = create(client, path, body)
        before = everything(client)

        response = patch(client, f"{path}/{old['id']}", changes)

        new = response.json()
        assert response.status_code == 200, changes
        assert new == old | changes | {"updated_at": new["updated_at"]}
        assert (instant(new["updated_at"]) > instant(old["updated_at"])) == bool(changes), changes
        before[path][0] = new
        assert everything(client) == before


def test_null_removes_a_summary_and_an_empty_one_is_kept_apart(client: httpx.Client) -> None:
    removed = patch(client, "/articles/1", {"summary": None}).json()
    kept = patch(client, "/articles/1", {"title": "Without a summary"}).json()
    emptied = patch(client, "/articles/1", {"summary": ""}).json()

    assert [each["summary"] for each in (removed, kept, emptied)] == [None, None, ""]
    assert client.get("/articles/1").json() == emptied


@both_kinds
def test_a_wrong_member_is_pointed_at_and_the_good_ones_are_not_stored_either(
    client: httpx.Client, path: str
) -> None:
    before = everything(client)
    for name, value in WRONG[path]:
        response = patch(client, f"{path}/1", NEW[path] | {name: value})

        assert refusal(response) == (422, [f"/{name}"]), (name, value)
        assert everything(client) == before


@both_kinds
def test_a_patch_that_is_no_object_changes_nothing(client: httpx.Client, path: str) -> None:
    before = everything(client)
    documents: list[object] = [None, [], "title", 1, True]
    for document in documents:
        response = patch(client, f"{path}/1", document)

        assert refusal(response) == (422, [""]), document
        assert everything(client) == before


def test_a_new_author_id_moves_the_article(client: httpx.Client) -> None:
    moved = patch(client, "/articles/1", {"author_id": 2}).json()

    assert items(client, "/articles", author_id=1) == []
    assert moved in items(client, "/articles", author_id=2)
    assert client.delete("/authors/1").status_code == 204
    assert client.delete("/authors/2").status_code == 409


def test_an_article_is_not_moved_to_an_unknown_author(client: httpx.Client) -> None:
    before = everything(client)
    for unknown in (3, 2**63 - 1):
        response = patch(client, "/articles/1", {"title": "Moved", "author_id": unknown})

        assert refusal(response) == (404, ["/author_id"])
        assert everything(client) == before


@both_kinds
def test_a_patch_does_not_make_what_does_not_exist(client: httpx.Client, path: str) -> None:
    before = everything(client)
    for changes in ({}, NEW[path]):
        response = patch(client, f"{path}/3", changes)

        assert refusal(response) == (404, [])
        assert everything(client) == before


def test_patches_at_the_same_time_all_take_effect(client: httpx.Client) -> None:
    with ThreadPoolExecutor(len(NEW["/articles"])) as threads:
        halves = ({name: value} for name, value in NEW["/articles"].items())
        answers = [*threads.map(lambda half: patch(client, "/articles/1", half).json(), halves)]

    after = client.get("/articles/1").json()
    times = {instant(answer["updated_at"]) for answer in answers}
    assert after == after | NEW["/articles"]
    assert len(times) == len(answers), "each change has a time of its own"
    assert instant(after["updated_at"]) == max(times)


@both_kinds
def test_updated_at_moves_forward_though_the_clock_went_back(
    client: httpx.Client, database_url: str, path: str
) -> None:
    ahead = f"UPDATE {path[1:]} SET updated_at = '2999-12-31T23:59:59Z'"
    asyncio.run(run_sql(database_url, ahead))

    first, second = (patch(client, f"{path}/1", NEW[path]).json() for _ in range(2))

    assert instant(first["updated_at"]) > instant("2999-12-31T23:59:59Z")
    assert instant(second["updated_at"]) > instant(first["updated_at"])
