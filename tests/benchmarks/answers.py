"""What every contestant has to return before it is timed: the same JSON, 404 and 422.

422 where it validates.
"""

import difflib
import json
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

import httpx

from tests.benchmarks.servers import Server
from tests.tokens import ADMIN

SAMPLE = {"title": "A title", "summary": "A summary", "content": "words " * 160, "author_id": 7}
BAD = {"title": "", "author_id": "seven"}
OWNED = ("id", "created_at", "updated_at")  # the server gives them: another value to each article

Question = Callable[[httpx.Client, str], Any]  # asks a contestant with this name


class DifferentAnswers(Exception):
    """Two contestants do not do the same, so their figures would not compare."""


def cursor_at(server: Server, *, depth: int) -> str:
    """Walk the list, newest first; return the cursor of the page behind `depth` articles."""
    cursor = None
    with httpx.Client(base_url=server.base_url, timeout=30) as client:
        for _ in range(depth // 100):
            query = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
            cursor = client.get("/articles", params=query).raise_for_status().json()["next_cursor"]
    return str(cursor)


def compare(servers: list[Server], cursors: dict[str, str], *, articles: int) -> None:
    """Ask all the same. Raises `DifferentAnswers` if a response differs from the first one's."""
    same(servers, "GET an article", lambda client, _: _content(client.get(f"/articles/{articles}")))
    same(servers, "GET a page", lambda client, _: _content(client.get("/articles?limit=20")))
    same(servers, "GET the deep page", lambda client, name: _content(_page(client, cursors[name])))
    same(
        servers,
        "GET a page of an author's",
        lambda client, _: _content(client.get("/articles?limit=2&author_id=7")),
    )
    same(servers, "GET no article", lambda client, _: _refusal(client.get(f"/articles/{2**40}")))
    same(
        servers,
        "POST an article",
        lambda client, _: _posted(client.post("/articles", json=SAMPLE, headers=ADMIN)),
    )
    _same_bytes(servers, cursors, articles=articles)
    validating = [server for server in servers if server.contestant.validates]
    same(
        validating,
        "POST a bad article",
        lambda client, _: client.post("/articles", json=BAD, headers=ADMIN).status_code,
    )


def _same_bytes(servers: list[Server], cursors: dict[str, str], *, articles: int) -> None:
    """Compare the bytes of the service and its floor: a ratio needs the same responses."""
    pair = [server for server in servers if server.contestant.name in ("service", "floor")]
    questions: dict[str, Question] = {
        "GET an article, bytes": lambda client, _: _sent(client.get(f"/articles/{articles}")),
        "GET a page, bytes": lambda client, _: _sent(client.get("/articles?limit=20")),
        "GET the deep page, bytes": lambda client, name: _sent(_page(client, cursors[name])),
        "GET a page of an author's, bytes": lambda client, _: _sent(
            client.get("/articles?limit=2&author_id=7")
        ),
        "PATCH an article": lambda client, _: _patched(client),
        "PATCH an article that has changed": lambda client, _: _patched(client, tag='"1-0-0"'),
    }
    for what, question in questions.items():
        same(pair, what, question)


def _patched(client: httpx.Client, *, tag: str | None = None) -> Any:
    """Change an article that is as it was read, or as a tag says."""
    read = client.get("/articles/1")
    headers = ADMIN | {"If-Match": tag or read.headers["ETag"]}
    response = client.patch("/articles/1", json={"title": "Title 1"}, headers=headers)
    body = response.json()
    return response.status_code, body["title"] if response.is_success else body["status"]


def _sent(response: httpx.Response) -> Any:
    """Return what an answer is made of, but for the id that the service gives to each request."""
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in ("date", "x-request-id")
    }
    return headers, response.text


def same(servers: list[Server], what: str, question: Question) -> None:
    first, *others = [_answer(server, question) for server in servers]
    for server, answer in zip(servers[1:], others, strict=True):
        if answer != first:
            raise DifferentAnswers(
                f"{what}: {server.contestant.title} differs\n{_difference(first, answer)}"
            )


def _answer(server: Server, question: Question) -> Any:
    with httpx.Client(base_url=server.base_url, timeout=30) as client:
        return question(client, server.contestant.name)


def _page(client: httpx.Client, cursor: str) -> httpx.Response:
    return client.get("/articles", params={"limit": 20, "cursor": cursor})


def _content(response: httpx.Response) -> Any:
    """Return a response without what the contract leaves open: formats of times, and cursors."""
    body = response.json()
    if "items" in body:
        body |= {
            "items": [_timed(each) for each in body["items"]],
            "next_cursor": type(body["next_cursor"]),
        }
    else:
        body = _timed(body)
    return response.status_code, _media_type(response), body


def _timed(article: Any) -> Any:
    return article | {
        name: datetime.fromisoformat(article[name]) for name in ("created_at", "updated_at")
    }


def _posted(response: httpx.Response) -> Any:
    status, media_type, body = _content(response)
    return status, media_type, body | {name: type(body[name]) for name in OWNED}


def _refusal(response: httpx.Response) -> Any:
    return response.status_code, _media_type(response), response.json()["status"]


def _media_type(response: httpx.Response) -> str:
    return response.headers["content-type"].partition(";")[0]


def _difference(right: Any, wrong: Any) -> str:
    """Show the first lines that differ, cut where they are long."""
    before, after = (
        json.dumps(each, indent=1, sort_keys=True, default=str).splitlines()
        for each in (right, wrong)
    )
    changed = difflib.unified_diff(before, after, "expected", "answered", n=0, lineterm="")
    return "\n".join(line[:200] for line in islice(changed, 12))
