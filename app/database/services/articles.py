"""Articles."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.database.db import UnitOfWork, violation_means
from app.database.models import Article, Author, next_updated_at
from app.database.pagination import Page, fetch_page
from app.database.statements import Row, Statement, parameters
from app.errors import ArticleNotFound, UnknownAuthor

_COLUMNS = Article.__table__.columns
_BY_ID = Article.id == bindparam("article_id")

_CREATE = Statement(
    insert(Article)
    .values(parameters("title", "summary", "content", "author_id"))
    .returning(*_COLUMNS)
)
_GET = Statement(select(*_COLUMNS).where(_BY_ID))
_DELETE = Statement(delete(Article).where(_BY_ID))
_LOCK_AUTHOR = Statement(
    select(Author.id)
    .where(Author.id == bindparam("author_id"))
    .with_for_update(read=True, key_share=True)
)


@cache
def _update(names: frozenset[str]) -> Statement:
    values = parameters(*sorted(names)) | {"updated_at": next_updated_at(Article.updated_at)}
    return Statement(update(Article).where(_BY_ID).values(values).returning(*_COLUMNS))


class ArticleService:
    """The operations on articles. Rows have the columns of `Article`."""

    @staticmethod
    async def list_articles(
        db: UnitOfWork, *, limit: int, cursor: str | None, sort: str, author_id: int | None
    ) -> Page:
        """Return one page of articles, or of one author's articles. Raises `InvalidCursor`."""
        filters = {"author_id": author_id}
        return await fetch_page(db, Article, limit=limit, cursor=cursor, sort=sort, filters=filters)

    @staticmethod
    async def create_article(
        db: UnitOfWork, *, title: str, summary: str | None, content: str, author_id: int
    ) -> Row:
        """Create an article. Raises `UnknownAuthor`."""
        with violation_means(UnknownAuthor, author_id, constraint="fk_articles_author_id"):
            row = await db.fetch_one(
                _CREATE, title=title, summary=summary, content=content, author_id=author_id
            )
        assert row is not None  # INSERT … RETURNING of one row returns one row
        return row

    @staticmethod
    async def get_article(db: UnitOfWork, *, article_id: int) -> Row:
        """Return one article. Raises `ArticleNotFound`."""
        return _found(await db.fetch_one(_GET, article_id=article_id), article_id=article_id)

    @staticmethod
    async def update_article(db: UnitOfWork, *, article_id: int, changes: Mapping[str, Any]) -> Row:
        """Update the columns in `changes`, if any. Raises `ArticleNotFound`, `UnknownAuthor`."""
        if not changes:
            return await ArticleService.get_article(db, article_id=article_id)
        if "author_id" in changes:
            await _lock_author(db, author_id=changes["author_id"], article_id=article_id)
        row = await db.fetch_one(_update(frozenset(changes)), article_id=article_id, **changes)
        return _found(row, article_id=article_id)

    @staticmethod
    async def delete_article(db: UnitOfWork, *, article_id: int) -> None:
        """Delete one article. Raises `ArticleNotFound`."""
        if not await db.execute(_DELETE, article_id=article_id):
            raise ArticleNotFound(article_id)


async def _lock_author(db: UnitOfWork, *, author_id: int, article_id: int) -> None:
    """Lock the new author against deletion, before the article is locked.

    Deleting an author with its articles takes the locks in the same order, so the two cannot
    deadlock.
    """
    if await db.fetch_one(_LOCK_AUTHOR, author_id=author_id) is None:
        await ArticleService.get_article(db, article_id=article_id)
        raise UnknownAuthor(author_id)


def _found(row: Row | None, *, article_id: int) -> Row:
    if row is None:
        raise ArticleNotFound(article_id)
    return row
