"""Articles."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Row

from app.database.db import UnitOfWork, violation_means
from app.database.models import Article, Author
from app.database.pages import Page, fetch_page
from app.database.services.times import later
from app.errors import ArticleNotFound, UnknownAuthor

_COLUMNS = Article.__table__.columns


class ArticleService:
    """What can be done with articles. Rows have the columns of `Article`."""

    @staticmethod
    async def list_articles(
        db: UnitOfWork, *, limit: int, cursor: str | None, sort: str, author_id: int | None
    ) -> Page:
        """Return one page of articles, with `author_id` only those of one author. Raises `InvalidCursor`."""
        filters = {"author_id": author_id}
        return await fetch_page(db, Article, limit=limit, cursor=cursor, sort=sort, filters=filters)

    @staticmethod
    async def create_article(
        db: UnitOfWork, *, title: str, summary: str | None, content: str, author_id: int
    ) -> Row[Any]:
        """Store a new article. Raises `UnknownAuthor`."""
        statement = insert(Article).values(title=title, summary=summary, content=content, author_id=author_id)
        with violation_means(UnknownAuthor(author_id), constraint="fk_articles_author_id"):
            row = await db.first(statement.returning(*_COLUMNS))
        assert row is not None  # INSERT … RETURNING of one row returns one row
        return row

    @staticmethod
    async def get_article(db: UnitOfWork, *, article_id: int) -> Row[Any]:
        """Return one article. Raises `ArticleNotFound`."""
        statement = select(*_COLUMNS).where(Article.id == article_id)
        return _found(await db.first(statement), article_id=article_id)

    @staticmethod
    async def update_article(db: UnitOfWork, *, article_id: int, changes: Mapping[str, Any]) -> Row[Any]:
        """Change the columns in `changes`; without any nothing moves.

        Raises `ArticleNotFound`, `UnknownAuthor`.
        """
        if not changes:
            return await ArticleService.get_article(db, article_id=article_id)
        if "author_id" in changes:
            await _lock_author(db, author_id=changes["author_id"], article_id=article_id)
        statement = update(Article).where(Article.id == article_id)
        statement = statement.values(**changes, updated_at=later(Article.updated_at))
        return _found(await db.first(statement.returning(*_COLUMNS)), article_id=article_id)

    @staticmethod
    async def delete_article(db: UnitOfWork, *, article_id: int) -> None:
        """Delete one article. Raises `ArticleNotFound`."""
        if not await db.run(delete(Article).where(Article.id == article_id)):
            raise ArticleNotFound(article_id)


async def _lock_author(db: UnitOfWork, *, author_id: int, article_id: int) -> None:
    """Keep the new author from going, before the article is locked.

    Deleting an author with the articles locks in this order too, so the two cannot wait for each other.
    """
    statement = select(Author.id).where(Author.id == author_id)
    if await db.first(statement.with_for_update(read=True, key_share=True)) is None:
        await ArticleService.get_article(db, article_id=article_id)
        raise UnknownAuthor(author_id)


def _found(row: Row[Any] | None, *, article_id: int) -> Row[Any]:
    if row is None:
        raise ArticleNotFound(article_id)
    return row
