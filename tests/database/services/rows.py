"""Rows for tests: each with what it needs, unless the test says otherwise."""

from app.database.db import Database
from app.database.services.articles import ArticleService
from app.database.services.authors import AuthorService
from app.database.statements import Row


async def new_author(
    database: Database, *, first_name: str = "Karel", last_name: str = "Čapek"
) -> Row:
    """Store an author."""
    async with database.statement() as db:
        return await AuthorService.create_author(
            db, first_name=first_name, last_name=last_name, owner=None
        )


async def new_article(
    database: Database,
    *,
    author_id: int,
    title: str = "R.U.R.",
    summary: str | None = None,
    content: str = "A play about artificial workers.",
) -> Row:
    """Store an article."""
    async with database.statement() as db:
        return await ArticleService.create_article(
            db, title=title, summary=summary, content=content, author_id=author_id, owner=None
        )
