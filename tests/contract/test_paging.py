"""Lists: their order, their pages, and what a walk sees while others write."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, cycle
from threading import Event
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.conftest import run_sql
from tests.contract.api import ARTICLE_SORTS, AUTHOR_SORTS, create, in_order, items, pages, refusal
from tests.contract.factories import JSON, article, author

# Orders by code point, by UTF-16 unit, by locale and without case all differ on these.
TEXTS = ["b", "B", "a", "é", "e\u0301", "\uffff", "\U0001f600", " a", "a", "b", "_", "\x01", "a"]
PAGE_SIZES = [1, 2, 3, 7, 100]

LISTS: list[tuple[str, JSON]] = [
    *(("/authors", {"sort": sort}) for sort in AUTHOR_SORTS),
    *(("/articles", {"sort": sort}) for sort in ARTICLE_SORTS),
    *(("/articles", {"sort": sort, "author_id": 1}) for sort in ARTICLE_SORTS),
]
every_list = pytest.mark.parametrize(("path", "query"), LISTS)


@pytest.fixture
def shelf(database_url: str) -> None:
    """Authors and articles, many with the same text or time, times in another order than ids.

    Rows get the same time by SQL only; the first author has three of four articles.
    """
    authors = ", ".join(f"('Ada', '{text}', {times(row)})" for row, text in enumerate(TEXTS))
    articles = ", ".join(
        f"('{text}', '…', {2 if row % 4 == 1 else 1}, {times(row)})"
        for row, text in enumerate(TEXTS + TEXTS)
    )
    for statement in (
        f"INSERT INTO authors (first_name, last_name, created_at, updated_at) VALUES {authors}",
        "INSERT INTO articles (title, content, author_id, created_at, updated_at) VALUES "
        f"{articles}",
    ):
        asyncio.run(run_sql(database_url, statement))


def times(row: int) -> str:
    """Return SQL for the two times of a row: three of the one, descending ones of the other."""
    start = "timestamptz '2026-01-05T09:00:00Z'"
    created, updated = row * 5 % 3, row * 5 % 3 + 100 - row // 6
    return f"{start} + interval '{created} us', {start} + interval '{updated} us'"


def of_query(listed: list[JSON], query: JSON) -> list[JSON]:
    """Filter and sort as the query asks for."""
    wanted = [each for each in listed if each.get("author_id") == query.get("author_id")]
    return in_order(wanted if "author_id" in query else listed, query["sort"])


@every_list
@pytest.mark.usefixtures("shelf")
def test_pages_of_any_size_have_every_item_once_and_in_order(
    client: httpx.Client, path: str, query: JSON
) -> None:
    whole = of_query(items(client, path), query)

    for limit in PAGE_SIZES:
        expected = [whole[start : start + limit] for start in range(0, len(whole), limit)]
        assert pages(client, path, limit=limit, **query) == expected


@pytest.mark.usefixtures("shelf")
def test_the_page_size_may_change_between_pages(client: httpx.Client) -> None:
    for path, query in LISTS:
        whole = of_query(items(client, path), query)
        seen: list[JSON] = []
        cursor: JSON = {}
        for limit in (2, 1, 3, 100):
            page = client.get(path, params={**query, **cursor, "limit": limit}).json()

            assert page["items"] == whole[len(seen) : len(seen) + limit]
            seen += page["items"]
            cursor = {"cursor": page["next_cursor"]}
        assert (seen, cursor) == (whole, {"cursor": None})


LINKED: list[tuple[str, JSON]] = [
    ("/articles", {}),
    ("/articles", {"author_id": 1, "limit": 7}),
    ("/articles", {"sort": "title", "limit": 3}),
    ("/articles", {"sort": "-updated_at", "author_id": 1, "limit": 2}),
    ("/authors", {"limit": 4}),
    ("/authors", {"sort": "last_name", "limit": 3}),
]


@pytest.mark.parametrize(("path", "query"), LINKED)
@pytest.mark.usefixtures("shelf")
def test_the_link_header_leads_through_the_same_pages(
    client: httpx.Client, path: str, query: JSON
) -> None:
    expected = pages(client, path, **query)

    walked = [response.json()["items"] for response in linked(client, path, query)]

    assert walked == expected
    assert len(walked) > 1


def linked(client: httpx.Client, path: str, query: JSON) -> Iterator[httpx.Response]:
    """Walk a list by its `Link` headers alone (RFC 8288)."""
    response = client.get(path, params=query)
    while cursor := response.json()["next_cursor"]:
        yield response
        found = re.fullmatch(r'<([^<>]+)>; rel="next"', response.headers["link"])
        assert found is not None
        target = dict(parse_qsl(urlsplit(found[1]).query))
        assert target == target | {name: str(value) for name, value in query.items()}
        assert target["cursor"] == cursor
        response = client.get(found[1])
        assert response.json()["next_cursor"] != cursor, "the link does not move"
    assert "link" not in response.headers
    yield response


@pytest.mark.usefixtures("shelf")
def test_lists_are_newest_first_and_have_20_items_unless_told_otherwise(
    client: httpx.Client,
) -> None:
    newest = items(client, "/articles", sort="-created_at")

    page = client.get("/articles").json()

    assert page["items"] == newest[:20]
    assert page["next_cursor"] is not None
    assert items(client, "/authors") == items(client, "/authors", sort="-created_at")


@pytest.mark.parametrize("path", ["/authors", "/articles"])
def test_a_limit_out_of_range_is_refused_and_not_clamped(client: httpx.Client, path: str) -> None:
    for limit in ("0", "-1", "101", "1000000", "9" * 30):
        assert refusal(client.get(path, params={"limit": limit})) == (422, ["/limit"]), limit


@pytest.mark.parametrize("path", ["/authors", "/articles"])
def test_the_largest_page_has_100_items_and_no_more(
    client: httpx.Client, database_url: str, path: str
) -> None:
    for statement in (
        "INSERT INTO authors (first_name, last_name) SELECT 'Ada', n FROM generate_series(1, 101) "
        "n",
        "INSERT INTO articles (title, content, author_id) SELECT n, '…', 1 FROM generate_series(1, "
        "101) n",
    ):
        asyncio.run(run_sql(database_url, statement))

    for limit in (51, 99, 100):
        walked = [
            [item["id"] for item in page]
            for page in pages(client, path, sort="created_at", limit=limit)
        ]

        assert walked == [[*range(1, limit + 1)], [*range(limit + 1, 102)]]


@pytest.mark.parametrize("path", ["/authors", "/articles"])
def test_an_order_that_is_not_in_the_contract_is_refused(client: httpx.Client, path: str) -> None:
    members = [
        "id",
        "first_name",
        "summary",
        "content",
        "author_id",
        "-id",
        "--created_at",
        "created_at,id",
        "CREATED_AT",
    ]
    members += [
        " created_at",
        "created_at ",
        "+created_at",
        "",
        {"/authors": "title", "/articles": "last_name"}[path],
    ]

    for sort in members:
        assert refusal(client.get(path, params={"sort": sort})) == (422, ["/sort"]), sort


def test_a_full_last_page_says_that_it_is_the_last(client: httpx.Client) -> None:
    for _ in range(4):
        create(client, "/authors", author())

    assert [len(page) for page in pages(client, "/authors", limit=4)] == [4]
    assert [len(page) for page in pages(client, "/authors", limit=2)] == [2, 2]


@pytest.mark.usefixtures("shelf")
def test_an_unknown_author_has_an_empty_list(client: httpx.Client) -> None:
    for unknown in (len(TEXTS) + 1, 2**63 - 1):
        response = client.get("/articles", params={"author_id": unknown})

        assert response.status_code == 200
        assert response.json() == {"items": [], "next_cursor": None}
        assert "link" not in response.headers


@pytest.mark.parametrize("character", ["\U0001f600", "\uffff", "\x01", '"', "\\", "\x7f"])
def test_the_longest_titles_and_names_have_cursors_too(
    client: httpx.Client, character: str
) -> None:
    for _ in range(2):
        create(client, "/authors", author(last_name=character * 100))
        create(client, "/articles", article(author_id=1, title=character * 200))

    for path, sort in (("/authors", "last_name"), ("/articles", "-title")):
        assert [len(page) for page in pages(client, path, sort=sort, limit=1)] == [1, 1]


@every_list
@pytest.mark.parametrize("limit", [1, 3])
@pytest.mark.usefixtures("shelf")
def test_a_walk_sees_what_stays_exactly_once_while_others_come_and_go(
    client: httpx.Client, path: str, query: JSON, limit: int
) -> None:
    whole = of_query(items(client, path), query)
    staying, passing = whole[::2], whole[1::2]

    walk = walk_while_writing(client, path, query | {"limit": limit}, passing)
    seen = [item for page in walk for item in page]

    ids = [item["id"] for item in seen]
    assert len(ids) == len(set(ids)), "an item was seen twice"
    assert [item for item in seen if item in staying] == staying
    assert passing == [], "nothing has gone"


def walk_while_writing(
    client: httpx.Client, path: str, query: JSON, passing: list[JSON]
) -> Iterator[list[JSON]]:
    """Walk a list; after each page delete what is `passing` on it and far ahead, and create.

    So the row that a cursor was made of is often gone when the cursor is used.
    """
    new = {"/authors": lambda text: author(last_name=text), "/articles": by_first_author}[path]
    bodies = map(new, ["a", "\U0001f600", "\x01"])
    cursor: JSON = {}
    while cursor != {"cursor": None}:
        page = client.get(path, params=query | cursor).json()
        yield page["items"]
        assert cursor != {"cursor": page["next_cursor"]}, "the cursor does not move"
        cursor = {"cursor": page["next_cursor"]}
        for item in [each for each in passing if each in page["items"]] or passing[-1:]:
            passing.remove(item)
            delete(client, path, item["id"])
        if body := next(bodies, None):
            create(client, path, body)


def by_first_author(title: str) -> JSON:
    return article(author_id=1, title=title)


def delete(client: httpx.Client, path: str, identifier: int) -> None:
    query = {"cascade": "true"} if path == "/authors" else {}
    assert client.delete(f"{path}/{identifier}", params=query).status_code == 204


@pytest.mark.usefixtures("shelf")
def test_a_walk_sees_what_stays_exactly_once_while_threads_write(client: httpx.Client) -> None:
    staying = items(client, "/articles")
    done = Event()

    with ThreadPoolExecutor(3) as threads:
        writers = [threads.submit(keep_writing, client, done) for _ in range(3)]
        try:
            # Pages larger than what the writers add, so that no walk runs after them for ever.
            walks = [
                (sort, [*chain(*pages(client, "/articles", sort=sort, limit=7))])
                for sort in ARTICLE_SORTS * 3
            ]
        finally:
            done.set()

    for writer in writers:
        writer.result()  # raises what went wrong there
    for sort, seen in walks:
        ids = [item["id"] for item in seen]
        assert len(ids) == len(set(ids)), "an item was seen twice"
        assert [item for item in seen if item in staying] == in_order(staying, sort)


def keep_writing(client: httpx.Client, done: Event) -> None:
    """Create and delete one article after the other."""
    for text in cycle(TEXTS):
        delete(client, "/articles", create(client, "/articles", by_first_author(text))["id"])
        if done.is_set():
            return
