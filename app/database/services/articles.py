"""Articles."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.database.db import UnitOfWork, violation_means
from app.database.models import Article, Author, next_updated_at
from app.database.pagination import Page, fetch_page
from app.database.services.ownership import check_owner
from app.database.statements import Row, Statement, parameters
from app.errors import ArticleNotFound, BlogError, NotTheOwner, UnknownAuthor

_COLUMNS = Article.__table__.columns
_BY_ID = Article.id == bindparam("article_id")
_OWN = Article.author_id == bindparam("owner")

_CREATE = Statement(
    insert(Article)
    .values(parameters("title", "summary", "content", "author_id"))
    .returning(*_COLUMNS)
)
_GET = Statement(select(*_COLUMNS).where(_BY_ID))
_DELETE = Statement(delete(Article).where(_BY_ID))
_DELETE_OWN = Statement(delete(Article).where(_BY_ID, _OWN))
_HAS_AUTHOR = Statement(select(Author.id).where(Author.id == bindparam("author_id")))
_LOCK_AUTHOR = Statement(
    select(Author.id)
    .where(Author.id == bindparam("author_id"))
    .with_for_update(read=True, key_share=True)
)


@cache
def _update(names: frozenset[str], *, is_bound: bool) -> Statement:
    values = parameters(*sorted(names)) | {"updated_at": next_updated_at(Article.updated_at)}
    rows = (_BY_ID, _OWN) if is_bound else (_BY_ID,)
    return Statement(update(Article).where(*rows).values(values).returning(*_COLUMNS))


class ArticleService:
    """The operations on articles. Rows have the columns of `Article`.

    `owner` is the author that the token of the caller is bound to, if it is. Then only articles of
    that author may be written; the statements themselves see to that, because an article can be
    given to another author at any time.
    """

    @staticmethod
    async def list_articles(
        db: UnitOfWork, *, limit: int, cursor: str | None, sort: str, author_id: int | None
    ) -> Page:
        """Return one page of articles, or of one author's articles. Raises `InvalidCursor`."""
        filters = {"author_id": author_id}
        return await fetch_page(db, Article, limit=limit, cursor=cursor, sort=sort, filters=filters)

    @staticmethod
    async def create_article(
        db: UnitOfWork,
        *,
        title: str,
        summary: str | None,
        content: str,
        author_id: int,
        owner: int | None,
    ) -> Row:
        """Create an article. Raises `UnknownAuthor`, `NotTheOwner`."""
        if owner not in (None, author_id):
            if await db.fetch_one(_HAS_AUTHOR, author_id=author_id) is None:
                raise UnknownAuthor(author_id)
            check_owner(owner, author_id)
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
    async def update_article(
        db: UnitOfWork, *, article_id: int, changes: Mapping[str, Any], owner: int | None
    ) -> Row:
        """Update the columns in `changes`, if any.

        Raises `ArticleNotFound`, `UnknownAuthor`, `NotTheOwner`.
        """
        if not changes:
            row = await ArticleService.get_article(db, article_id=article_id)
            check_owner(owner, row["author_id"])
            return row
        if "author_id" in changes:
            await _lock_author(db, author_id=changes["author_id"], article_id=article_id)
            if owner not in (None, changes["author_id"]):
                raise await _refusal(db, article_id=article_id, owner=owner)
        statement = _update(frozenset(changes), is_bound=owner is not None)
        updated = await db.fetch_one(statement, article_id=article_id, owner=owner, **changes)
        if updated is None:
            raise await _refusal(db, article_id=article_id, owner=owner)
        return updated

    @staticmethod
    async def delete_article(db: UnitOfWork, *, article_id: int, owner: int | None) -> None:
        """Delete one article. Raises `ArticleNotFound`, `NotTheOwner`.

        With an `owner`, a second statement finds out which of the two.
        """
        statement = _DELETE if owner is None else _DELETE_OWN
        if not await db.execute(statement, article_id=article_id, owner=owner):
            raise await _refusal(db, article_id=article_id, owner=owner)


async def _lock_author(db: UnitOfWork, *, author_id: int, article_id: int) -> None:
    """Lock the new author against deletion, before the article is locked.

    Deleting an author with its articles takes the locks in the same order, so the two cannot
    deadlock.
    """
    if await db.fetch_one(_LOCK_AUTHOR, author_id=author_id) is None:
        await ArticleService.get_article(db, article_id=article_id)
        raise UnknownAuthor(author_id)


async def _refusal(db: UnitOfWork, *, article_id: int, owner: int | None) -> BlogError:
    """Return why a statement has found no article to write: there is none, or it has another
    author.
    """
    if owner is None or await db.fetch_one(_GET, article_id=article_id) is None:
        return ArticleNotFound(article_id)
    return NotTheOwner(owner)


def _found(row: Row | None, *, article_id: int) -> Row:
    if row is None:
        raise ArticleNotFound(article_id)
    return row
