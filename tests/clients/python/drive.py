"""Drives the generated Python client: `python drive.py BASE_URL` prints its results as JSON.

Like the other programs, it takes a token from the environment variable `API_TOKEN`.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator

from blog_api_client import AuthenticatedClient
from blog_api_client.api.articles import create_article, get_article, list_articles, update_article
from blog_api_client.api.authors import create_author, delete_author, get_author
from blog_api_client.models import (
    Article,
    ArticleCreate,
    ArticlePage,
    ArticleSort,
    ArticleUpdate,
    Author,
    AuthorCreate,
    Problem,
)
from blog_api_client.types import UNSET


def drive(client: AuthenticatedClient, stranger: AuthenticatedClient) -> dict[str, object]:
    """Create, read, page to the end, patch, meet errors and delete."""
    author = create_author.sync(
        client=client, body=AuthorCreate(first_name="Ada", last_name="Lovelace")
    )
    assert isinstance(author, Author)
    created = [create(client, title, author.id) for title in ("Note G", "Note A", "Note B")]
    article = created[-1].id
    return {
        "create": [article.title for article in created],
        "read": read(client, article),
        "page": list(titles(client, author.id)),
        "patch absent": patch(client, article, ArticleUpdate(title="Note B, revised")),
        "patch value": patch(client, article, ArticleUpdate(summary="In short.")),
        "patch null": patch(client, article, ArticleUpdate(summary=None)),
        "error 401": unauthorized(stranger),
        "error 422": refused(client, author.id),
        "error 404": told(get_article.sync(999, client=client)),
        "error 409": told(delete_author.sync(author.id, client=client, if_match="*")),
        "delete": delete(client, author.id),
    }


def create(client: AuthenticatedClient, title: str, author_id: int) -> Article:
    body = ArticleCreate(
        title=title, content="Step by step.", author_id=author_id, summary="A note."
    )
    article = create_article.sync(client=client, body=body)
    assert isinstance(article, Article)
    return article


def read(client: AuthenticatedClient, article_id: int) -> list[object]:
    article = get_article.sync(article_id, client=client)
    assert isinstance(article, Article)
    return [article.title, article.created_at.utcoffset() is not None]


def titles(client: AuthenticatedClient, author_id: int) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page = list_articles.sync(
            client=client,
            author_id=author_id,
            sort=ArticleSort.TITLE,
            limit=2,
            cursor=cursor or UNSET,
        )
        assert isinstance(page, ArticlePage)
        yield from (article.title for article in page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def patch(client: AuthenticatedClient, article_id: int, body: ArticleUpdate) -> list[object]:
    article = revise(client, article_id, lambda _: body)
    return [article.title, article.summary]


def revise(
    client: AuthenticatedClient, article_id: int, change: Callable[[Article], ArticleUpdate]
) -> Article:
    while True:
        read = get_article.sync_detailed(article_id, client=client)
        if not isinstance(read.parsed, Article):
            raise ValueError(read.parsed)
        changed = update_article.sync_detailed(
            article_id, client=client, body=change(read.parsed), if_match=read.headers["ETag"]
        )
        if isinstance(changed.parsed, Article):
            return changed.parsed
        if changed.status_code != 412:  # else somebody was faster: read it again
            raise ValueError(changed.parsed)


def refused(client: AuthenticatedClient, author_id: int) -> list[object]:
    problem = create_article.sync(
        client=client, body=ArticleCreate(title="", content="…", author_id=author_id)
    )
    assert isinstance(problem, Problem)
    assert problem.errors
    return [*told(problem), problem.errors[0].pointer]


def unauthorized(client: AuthenticatedClient) -> list[object]:
    body = AuthorCreate(first_name="Ada", last_name="Lovelace")
    return told(create_author.sync(client=client, body=body))


def delete(client: AuthenticatedClient, author_id: int) -> list[object]:
    delete_author.sync(author_id, client=client, if_match="*", cascade=True)
    return told(get_author.sync(author_id, client=client))


def told(answer: object) -> list[object]:
    assert isinstance(answer, Problem)
    return [answer.type_, answer.status]


if __name__ == "__main__":
    url, token = sys.argv[1], os.environ["API_TOKEN"]
    with AuthenticatedClient(url, token) as client, AuthenticatedClient(url, "wrong") as stranger:
        print(json.dumps(drive(client, stranger)))
