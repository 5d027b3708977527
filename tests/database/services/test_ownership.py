"""Ownership is checked by the statement that writes, so it holds in a race, too."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.database.db import Database, UnitOfWork
from app.database.services.articles import ArticleService
from app.errors import ArticleNotFound, NotTheOwner
from tests.database.services.rows import new_article, new_author

Write = Callable[[UnitOfWork, int, int], Awaitable[object]]


def change(db: UnitOfWork, article_id: int, owner: int) -> Awaitable[object]:
    return ArticleService.update_article(
        db, article_id=article_id, changes={"title": "Mine"}, owner=owner, versions=None
    )


def move(db: UnitOfWork, article_id: int, owner: int) -> Awaitable[object]:
    return ArticleService.update_article(
        db, article_id=article_id, changes={"author_id": owner}, owner=owner, versions=None
    )


def delete(db: UnitOfWork, article_id: int, owner: int) -> Awaitable[object]:
    return ArticleService.delete_article(db, article_id=article_id, owner=owner, versions=None)


@pytest.mark.parametrize("write", [change, move, delete])
async def test_an_article_that_is_given_away_meanwhile_is_not_written(
    database: Database, write: Write
) -> None:
    owner, other = [(await new_author(database))["id"] for _ in range(2)]
    article = await new_article(database, author_id=owner)

    async def attempt() -> None:
        async with database.transaction() as db:
            await write(db, article["id"], owner)

    async with database.transaction() as db:
        given = await ArticleService.update_article(
            db, article_id=article["id"], changes={"author_id": other}, owner=None, versions=None
        )
        attempted = asyncio.create_task(attempt())
        await asyncio.sleep(0.3)  # it waits for the row
        assert not attempted.done()

    with pytest.raises(NotTheOwner):
        await attempted
    async with database.statement() as db:
        assert await ArticleService.get_article(db, article_id=article["id"]) == given


@pytest.mark.parametrize("write", [change, move, delete])
async def test_an_article_that_is_deleted_meanwhile_is_not_found(
    database: Database, write: Write
) -> None:
    owner = (await new_author(database))["id"]
    article = await new_article(database, author_id=owner)

    async def attempt() -> None:
        async with database.transaction() as db:
            await write(db, article["id"], owner)

    async with database.transaction() as db:
        await ArticleService.delete_article(db, article_id=article["id"], owner=None, versions=None)
        attempted = asyncio.create_task(attempt())
        await asyncio.sleep(0.3)

    with pytest.raises(ArticleNotFound):
        await attempted
