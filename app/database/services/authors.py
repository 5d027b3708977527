"""Authors."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.database.db import UnitOfWork, violation_means
from app.database.models import Article, Author, next_updated_at
from app.database.pagination import Page, fetch_page
from app.database.services.ownership import check_owner
from app.database.services.versions import Versions, check_version, has_version
from app.database.statements import Row, Statement, parameters
from app.errors import AuthorHasArticles, AuthorNotFound, NotTheOwner, VersionMismatch

_COLUMNS = Author.__table__.columns
_BY_ID = Author.id == bindparam("author_id")

_CREATE = Statement(
    insert(Author).values(parameters("first_name", "last_name")).returning(*_COLUMNS)
)
_GET = Statement(select(*_COLUMNS).where(_BY_ID))


@cache
def _update(names: frozenset[str], *, is_conditional: bool) -> Statement:
    values = parameters(*sorted(names)) | {"updated_at": next_updated_at(Author.updated_at)}
    rows = (_BY_ID, has_version(Author.updated_at)) if is_conditional else (_BY_ID,)
    return Statement(update(Author).where(*rows).values(values).returning(*_COLUMNS))


class AuthorService:
    """The operations on authors. Rows have the columns of `Author`.

    `owner` is the author that the token of the caller is bound to, if it is. Nothing else may be
    written then. With `versions` an author is written only in one of these versions.
    """

    @staticmethod
    async def list_authors(db: UnitOfWork, *, limit: int, cursor: str | None, sort: str) -> Page:
        """Return one page of authors. Raises `InvalidCursor`."""
        return await fetch_page(db, Author, limit=limit, cursor=cursor, sort=sort, filters={})

    @staticmethod
    async def create_author(
        db: UnitOfWork, *, first_name: str, last_name: str, owner: int | None
    ) -> Row:
        """Create an author. Raises `NotTheOwner`."""
        if owner is not None:
            raise NotTheOwner(owner)
        row = await db.fetch_one(_CREATE, first_name=first_name, last_name=last_name)
        assert row is not None  # INSERT … RETURNING of one row returns one row
        return row

    @staticmethod
    async def get_author(db: UnitOfWork, *, author_id: int) -> Row:
        """Return one author. Raises `AuthorNotFound`."""
        return _found(await db.fetch_one(_GET, author_id=author_id), author_id=author_id)

    @staticmethod
    async def update_author(
        db: UnitOfWork,
        *,
        author_id: int,
        changes: Mapping[str, Any],
        owner: int | None,
        versions: Versions,
    ) -> Row:
        """Update the columns in `changes`, if any.

        Raises `AuthorNotFound`, `NotTheOwner`, `VersionMismatch`.
        """
        if not changes or owner not in (None, author_id):
            author = await AuthorService.get_author(db, author_id=author_id)
            check_owner(owner, author_id)
            check_version(versions, author["updated_at"])
            return author
        statement = _update(frozenset(changes), is_conditional=versions is not None)
        row = await db.fetch_one(statement, author_id=author_id, versions=versions, **changes)
        if row is None:
            await AuthorService.get_author(db, author_id=author_id)
            raise VersionMismatch
        return row

    @staticmethod
    async def delete_author(
        session: AsyncSession,
        *,
        author_id: int,
        cascade: bool,
        owner: int | None,
        versions: Versions,
    ) -> None:
        """Delete an author with its tokens, and with `cascade` its articles.

        Raises `AuthorNotFound`, `NotTheOwner`, `VersionMismatch`, `AuthorHasArticles`.
        """
        # the lock keeps new articles out, and the version as it is until the author is deleted
        author = await session.get(Author, author_id, with_for_update=True)
        if author is None:
            raise AuthorNotFound(author_id)
        check_owner(owner, author_id)
        check_version(versions, author.updated_at)
        if cascade:
            await session.execute(delete(Article).where(Article.author == author))
        await session.delete(author)
        with violation_means(AuthorHasArticles, author_id, constraint="fk_articles_author_id"):
            await session.flush()


def _found(row: Row | None, *, author_id: int) -> Row:
    if row is None:
        raise AuthorNotFound(author_id)
    return row
