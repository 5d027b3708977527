"""The API as a client sees it: requests that the tests share, and what to expect of a list."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import httpx

from tests.contract.factories import JSON
from tests.problems import DOCUMENT, problem

AUTHOR_SORTS: list[str] = DOCUMENT["components"]["schemas"]["AuthorSort"]["enum"]
ARTICLE_SORTS: list[str] = DOCUMENT["components"]["schemas"]["ArticleSort"]["enum"]

_MOST_PAGES = 1000  # more than any test has rows

# RFC 3339 in UTC, to the microsecond that the database keeps.
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def create(client: httpx.Client, path: str, body: JSON) -> JSON:
    """Return what was created."""
    response = client.post(path, json=body)
    assert response.status_code == 201, response.text
    created: JSON = response.json()
    return created


def patch(client: httpx.Client, path: str, changes: object) -> httpx.Response:
    """Send a merge patch (RFC 7396)."""
    return client.patch(
        path,
        content=json.dumps(changes),  # unlike `json=`, also sends a lone null
        headers={"Content-Type": "application/merge-patch+json"},
    )


def refusal(response: httpx.Response) -> tuple[int, list[str]]:
    """Return the status of a problem and the places that it points at, in query or body."""
    content = problem(response, response.status_code)
    assert content["instance"] == response.request.url.raw_path.decode().partition("?")[0]
    errors = content.get("errors", [])
    assert {error["in"] for error in errors} <= {
        "query" if response.request.method in ("GET", "DELETE") else "body"
    }
    return response.status_code, [error["pointer"] for error in errors]


def pages(client: httpx.Client, path: str, **query: Any) -> list[list[JSON]]:
    """Return the items of all pages, following `next_cursor`."""
    walked: list[list[JSON]] = []
    cursor: JSON = {}
    while cursor != {"cursor": None}:
        assert len(walked) < _MOST_PAGES, "the walk does not end"
        response = client.get(path, params=query | cursor)
        assert response.status_code == 200, response.text
        page = response.json()
        walked.append(page["items"])
        assert cursor != {"cursor": page["next_cursor"]}, "the cursor does not move"
        cursor = {"cursor": page["next_cursor"]}
    return walked


def items(client: httpx.Client, path: str, **query: Any) -> list[JSON]:
    """Return the whole list."""
    return [item for page in pages(client, path, limit=100, **query) for item in page]


def everything(client: httpx.Client) -> dict[str, list[JSON]]:
    """Return all that is stored, to compare before and after."""
    return {path: items(client, path) for path in ("/authors", "/articles")}


def in_order(unordered: Iterable[JSON], sort: str) -> list[JSON]:
    """Return the items in the contract's order: times by instant, text by code point, then `id`."""
    name = sort.removeprefix("-")

    def key(item: JSON) -> tuple[Any, int]:
        return (instant(item[name]) if name.endswith("_at") else item[name]), item["id"]

    return sorted(unordered, key=key, reverse=sort.startswith("-"))


def instant(text: str) -> datetime:
    """Parse a time of the service, which has to be in UTC with a `Z`."""
    assert _UTC.fullmatch(text), text
    return datetime.fromisoformat(text)
