"""ArticleService, without HTTP."""

import pytest

from app.database.db import Database
from app.database.services.articles import ArticleService
from app.errors import ArticleNotFound, UnknownAuthor
from tests.database.services.rows import new_article, new_author


async def test_create_article_keeps_its_own_content(database: Database) -> None:
    author = await new_author(database)

    first = await new_article(database, author_id=author["id"], content="first")
    second = await new_article(database, author_id=author["id"], content="second")

    async with database.statement() as db:
        assert (await ArticleService.get_article(db, article_id=first["id"]))["content"] == "first"
    async with database.statement() as db:
        assert (await ArticleService.get_article(db, article_id=second["id"]))[
            "content"
        ] == "second"


async def test_create_article_with_unknown_author_raises_and_stores_nothing(
    database: Database,
) -> None:
    with pytest.raises(UnknownAuthor):
        await new_article(database, author_id=1)

    async with database.statement() as db:
        page = await ArticleService.list_articles(
            db, limit=1, cursor=None, sort="title", author_id=None
        )
    assert page.rows == []


async def test_update_article_moves_it_to_another_author(database: Database) -> None:
    author, other = await new_author(database), await new_author(database)
    article = await new_article(database, author_id=author["id"])

    async with database.transaction() as db:
        moved = await ArticleService.update_article(
            db,
            article_id=article["id"],
            changes={"author_id": other["id"]},
            owner=None,
            versions=None,
        )

    assert moved["author_id"] == other["id"]
    assert moved["content"] == article["content"]


async def test_update_article_with_unknown_author_raises_and_changes_nothing(
    database: Database,
) -> None:
    author = await new_author(database)
    article = await new_article(database, author_id=author["id"])

    with pytest.raises(UnknownAuthor):
        async with database.transaction() as db:
            await ArticleService.update_article(
                db,
                article_id=article["id"],
                changes={"author_id": 99, "title": "other"},
                owner=None,
                versions=None,
            )

    async with database.statement() as db:
        assert await ArticleService.get_article(db, article_id=article["id"]) == article


async def test_update_article_that_is_not_there_raises_before_its_author_is_looked_at(
    database: Database,
) -> None:
    async with database.transaction() as db:
        with pytest.raises(ArticleNotFound):
            await ArticleService.update_article(
                db,
                article_id=1,
                changes={"author_id": 99},
                owner=None,
                versions=None,
            )


async def test_update_article_removes_the_summary(database: Database) -> None:
    author = await new_author(database)
    article = await new_article(database, author_id=author["id"], summary="short")

    async with database.transaction() as db:
        changed = await ArticleService.update_article(
            db,
            article_id=article["id"],
            changes={"summary": None},
            owner=None,
            versions=None,
        )

    assert changed["summary"] is None
    assert changed["title"] == article["title"]


async def test_delete_article_then_it_is_gone(database: Database) -> None:
    author = await new_author(database)
    article = await new_article(database, author_id=author["id"])

    async with database.transaction() as db:
        await ArticleService.delete_article(db, article_id=article["id"], owner=None, versions=None)

    async with database.transaction() as db:
        with pytest.raises(ArticleNotFound):
            await ArticleService.delete_article(
                db, article_id=article["id"], owner=None, versions=None
            )


async def test_list_articles_of_one_author_leaves_out_the_others(database: Database) -> None:
    author, other = await new_author(database), await new_author(database)
    wanted = await new_article(database, author_id=author["id"])
    await new_article(database, author_id=other["id"])

    async with database.statement() as db:
        page = await ArticleService.list_articles(
            db, limit=10, cursor=None, sort="-created_at", author_id=author["id"]
        )

    assert page.rows == [wanted]
    assert page.next_cursor is None
