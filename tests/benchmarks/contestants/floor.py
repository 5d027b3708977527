"""The floor: a bare ASGI application, asyncpg and orjson. It validates nothing; what Python can do at best."""

import os
from typing import Any
from urllib.parse import parse_qsl

import asyncpg
import orjson

from tests.benchmarks.contestants.cursors import decode, encode

COLUMNS = "id, title, summary, content, author_id, created_at, updated_at"
GET = f"SELECT {COLUMNS} FROM articles WHERE id = $1"
PAGE = f"SELECT {COLUMNS} FROM articles ORDER BY created_at DESC, id DESC LIMIT $1"
NEXT = f"SELECT {COLUMNS} FROM articles WHERE (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $1"
POST = f"INSERT INTO articles (title, summary, content, author_id) VALUES ($1, $2, $3, $4) RETURNING {COLUMNS}"

pool: Any  # from the start of the lifespan to its end


class Row(asyncpg.Record):  # type: ignore[misc] # it has no types
    """A record whose columns are attributes too."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Serve the lifespan or one request."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["method"] == "POST":
        await create_article(receive, send)
    elif scope["path"] == "/articles":
        await list_articles(scope, send)
    else:
        await get_article(scope, send)


async def live(receive: Any, send: Any) -> None:
    """Keep the pool from the first message to the last."""
    global pool
    await receive()
    url = os.environ["BLOG_DATABASE_URL"].replace("+asyncpg", "")
    # No connection carries anything from one request to the next, so none needs a reset.
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10, record_class=Row, reset=leave)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pool.close()
    await send({"type": "lifespan.shutdown.complete"})


async def leave(_: Any) -> None:
    """Leave a connection as it is."""


async def get_article(scope: Any, send: Any) -> None:
    """`GET /articles/{article_id}`."""
    row = await pool.fetchrow(GET, int(scope["path"].removeprefix("/articles/")))
    if row is None:
        await answer(send, 404, {"title": "Not found", "status": 404}, b"application/problem+json")
    else:
        await answer(send, 200, dict(row))


async def list_articles(scope: Any, send: Any) -> None:
    """`GET /articles`."""
    query = dict(parse_qsl(scope["query_string"].decode()))
    limit = int(query.get("limit", 20))
    if "cursor" in query:
        rows = await pool.fetch(NEXT, limit + 1, *decode(query["cursor"]))
    else:
        rows = await pool.fetch(PAGE, limit + 1)
    next_cursor = encode(rows[limit - 1]) if len(rows) > limit else None
    await answer(send, 200, {"items": [dict(row) for row in rows[:limit]], "next_cursor": next_cursor})


async def create_article(receive: Any, send: Any) -> None:
    """`POST /articles`."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    article = orjson.loads(body)
    values = article["title"], article.get("summary"), article["content"], article["author_id"]
    await answer(send, 201, dict(await pool.fetchrow(POST, *values)))


async def answer(send: Any, status: int, content: Any, media_type: bytes = b"application/json") -> None:
    """Send JSON."""
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
