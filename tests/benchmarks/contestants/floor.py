"""The floor: a bare ASGI application, asyncpg and orjson, that sends the service's bytes.

It validates nothing: this is what Python can do at best.
"""

import base64
import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import asyncpg
import orjson

COLUMNS = "id, title, summary, content, author_id, created_at, updated_at"
GET = f"SELECT {COLUMNS} FROM articles WHERE id = $1"
NEWEST = "ORDER BY created_at DESC, id DESC LIMIT $1"
PAGE = f"SELECT {COLUMNS} FROM articles {NEWEST}"
NEXT = f"SELECT {COLUMNS} FROM articles WHERE (created_at, id) < ($2, $3) {NEWEST}"
OF_AUTHOR = f"SELECT {COLUMNS} FROM articles WHERE author_id = $2 {NEWEST}"
POST = (
    "INSERT INTO articles (title, summary, content, author_id) VALUES ($1, $2, $3, $4) "
    f"RETURNING {COLUMNS}"
)

PATCH = (
    "UPDATE articles SET title = $2, updated_at = "
    "greatest(clock_timestamp(), updated_at + interval '1 microsecond') "
    f"WHERE id = $1 AND updated_at = coalesce($3, updated_at) RETURNING {COLUMNS}"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIELDS = hashlib.blake2b(COLUMNS.replace(",", "").encode(), digest_size=4).hexdigest()
READ = [(b"cache-control", b"public, max-age=0, must-revalidate"), (b"vary", b"Authorization")]
WRITTEN = [(b"cache-control", b"private, no-cache")]

pool: Any  # from the start of the lifespan to its end


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Serve the lifespan or one request."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["method"] == "POST":
        await create_article(receive, send)
    elif scope["method"] == "PATCH":
        await update_article(scope, receive, send)
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
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10, reset=leave)
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
        await answer(send, 200, dict(row), headers=[(b"etag", tag(row)), *READ])


async def list_articles(scope: Any, send: Any) -> None:
    """`GET /articles`, by author or from a cursor on."""
    query = dict(parse_qsl(scope["query_string"].decode()))
    limit, author = int(query.get("limit", 20)), query.get("author_id")
    if author is not None:
        rows = await pool.fetch(OF_AUTHOR, limit + 1, int(author))
    elif "cursor" in query:
        rows = await pool.fetch(NEXT, limit + 1, *decode(query["cursor"]))
    else:
        rows = await pool.fetch(PAGE, limit + 1)
    next_cursor, headers = None, [*READ]
    if len(rows) > limit:
        next_cursor = encode(rows[limit - 1], author)
        where = "" if author is None else f"author_id={author}&"
        link = f'</articles?limit={limit}&sort=-created_at&{where}cursor={next_cursor}>; rel="next"'
        headers.append((b"link", link.encode()))
    shown = rows[:limit]
    state = [next_cursor, [row["id"] for row in shown], [row["updated_at"] for row in shown]]
    digest = hashlib.blake2b(orjson.dumps(state), digest_size=12).hexdigest()
    headers.append((b"etag", f'"{digest}-{FIELDS}"'.encode()))
    await answer(
        send,
        200,
        {"items": [dict(row) for row in shown], "next_cursor": next_cursor},
        headers=headers,
    )


def encode(row: Any, author: str | None) -> str:
    """Return the cursor behind a row as the service makes it, with a digest of list and filters."""
    place = orjson.dumps([row["created_at"], row["id"]])
    binding = b"['articles', '-created_at']" + (
        b"{'filter_author_id': %s}" % author.encode() if author else b""
    )
    digest = hashlib.blake2b(binding + place, digest_size=8).digest()
    return base64.urlsafe_b64encode(digest + place).rstrip(b"=").decode()


def decode(cursor: str) -> tuple[datetime, int]:
    """Return `created_at` and `id` of the row; whether the digest fits is not looked at."""
    created_at, row_id = orjson.loads(
        base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[8:]
    )
    return datetime.fromisoformat(created_at), row_id


async def create_article(receive: Any, send: Any) -> None:
    """`POST /articles`."""
    article = orjson.loads(await read(receive))
    values = article["title"], article.get("summary"), article["content"], article["author_id"]
    row = await pool.fetchrow(POST, *values)
    location = (b"location", b"/articles/%d" % row["id"])
    await answer(send, 201, dict(row), headers=[location, (b"etag", tag(row)), *WRITTEN])


async def update_article(scope: Any, receive: Any, send: Any) -> None:
    """`PATCH /articles/{article_id}`, of the title only."""
    changes = orjson.loads(await read(receive))
    condition = dict(scope["headers"])[b"if-match"]
    version = None
    if condition != b"*":
        version = EPOCH + int(condition.split(b"-")[1], 16) * MICROSECOND
    row_id = int(scope["path"].removeprefix("/articles/"))
    row = await pool.fetchrow(PATCH, row_id, changes["title"], version)
    if row is None:
        await answer(send, 412, {"title": "Stale", "status": 412}, b"application/problem+json")
    else:
        await answer(send, 200, dict(row), headers=[(b"etag", tag(row)), *WRITTEN])


async def read(receive: Any) -> bytes:
    """Return the body of a request."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    return body


def tag(row: Any) -> bytes:
    """Return the entity tag of a row as the service makes it."""
    return b'"%x-%x-%s"' % (row["id"], (row["updated_at"] - EPOCH) // MICROSECOND, FIELDS.encode())


async def answer(
    send: Any,
    status: int,
    content: Any,
    media_type: bytes = b"application/json",
    *,
    headers: Any = (),
) -> None:
    """Send JSON."""
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    headers = [*headers, (b"content-type", media_type), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
