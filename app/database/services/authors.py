"""Authors."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Row

from app.database.db import UnitOfWork, violation_means
from app.database.models import Article, Author
from app.database.pages import Page, fetch_page
from app.database.services.times import later
from app.errors import AuthorHasArticles, AuthorNotFound

_COLUMNS = Author.__table__.columns


class AuthorService:
    """What can be done with authors. Rows have the columns of `Author`."""

    @staticmethod
    async def list_authors(db: UnitOfWork, *, limit: int, cursor: str | None, sort: str) -> Page:
        """Return one page of authors. Raises `InvalidCursor`."""
        return await fetch_page(db, Author, limit=limit, cursor=cursor, sort=sort, filters={})

    @staticmethod
    async def create_author(db: UnitOfWork, *, first_name: str, last_name: str) -> Row[Any]:
        """Store a new author."""
        statement = insert(Author).values(first_name=first_name, last_name=last_name)
        row = await db.first(statement.returning(*_COLUMNS))
        assert row is not None  # INSERT … RETURNING of one row returns one row
        return row

    @staticmethod
    async def get_author(db: UnitOfWork, *, author_id: int) -> Row[Any]:
        """Return one author. Raises `AuthorNotFound`."""
        return _found(await db.first(select(*_COLUMNS).where(Author.id == author_id)), author_id=author_id)

    @staticmethod
    async def update_author(db: UnitOfWork, *, author_id: int, changes: Mapping[str, Any]) -> Row[Any]:
        """Change the columns in `changes`; without any nothing moves. Raises `AuthorNotFound`."""
        if not changes:
            return await AuthorService.get_author(db, author_id=author_id)
        statement = update(Author).where(Author.id == author_id)
        statement = statement.values(**changes, updated_at=later(Author.updated_at))
        return _found(await db.first(statement.returning(*_COLUMNS)), author_id=author_id)

    @staticmethod
    async def delete_author(db: UnitOfWork, *, author_id: int, cascade: bool) -> None:
        """Delete an author, with `cascade` the articles too. Raises `AuthorNotFound`, `AuthorHasArticles`."""
        if cascade:
            # The lock keeps new articles of the author out until the author is gone.
            locked = select(Author.id).where(Author.id == author_id).with_for_update()
            _found(await db.first(locked), author_id=author_id)
            await db.run(delete(Article).where(Article.author_id == author_id))
        with violation_means(AuthorHasArticles(author_id), constraint="fk_articles_author_id"):
            deleted = await db.run(delete(Author).where(Author.id == author_id))
        if not deleted:
            raise AuthorNotFound(author_id)


def _found(row: Row[Any] | None, *, author_id: int) -> Row[Any]:
    if row is None:
        raise AuthorNotFound(author_id)
    return row
