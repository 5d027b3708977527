"""AuthorService, without HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from app.database.db import Database
from app.database.services.articles import ArticleService
from app.database.services.authors import AuthorService
from app.errors import ArticleNotFound, AuthorHasArticles, AuthorNotFound, InvalidCursor
from tests.database.services.rows import new_article, new_author


async def test_create_author_returns_the_stored_row(database: Database) -> None:
    created = await new_author(database, first_name="Ada", last_name="Lovelace")

    async with database.statement() as db:
        stored = await AuthorService.get_author(db, author_id=created["id"])

    assert tuple(stored) == tuple(created)
    assert (stored["first_name"], stored["last_name"]) == ("Ada", "Lovelace")
    assert stored["created_at"] == stored["updated_at"]


async def test_get_author_with_unknown_id_raises(database: Database) -> None:
    async with database.statement() as db:
        with pytest.raises(AuthorNotFound, match="no author 1"):
            await AuthorService.get_author(db, author_id=1)


async def test_update_author_changes_only_what_is_given(database: Database) -> None:
    author = await new_author(database, first_name="Ada", last_name="Lovelace")

    async with database.transaction() as db:
        changed = await AuthorService.update_author(
            db,
            author_id=author["id"],
            changes={"last_name": "King"},
            owner=None,
            versions=None,
        )

    assert (changed["first_name"], changed["last_name"]) == ("Ada", "King")
    assert changed["created_at"] == author["created_at"]
    assert changed["updated_at"] > author["updated_at"]


async def test_update_author_without_changes_moves_nothing(database: Database) -> None:
    author = await new_author(database)

    async with database.transaction() as db:
        same = await AuthorService.update_author(
            db, author_id=author["id"], changes={}, owner=None, versions=None
        )

    assert tuple(same) == tuple(author)


async def test_update_author_with_unknown_id_raises(database: Database) -> None:
    async with database.transaction() as db:
        with pytest.raises(AuthorNotFound):
            await AuthorService.update_author(
                db,
                author_id=1,
                changes={"last_name": "King"},
                owner=None,
                versions=None,
            )


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns"])
async def test_times_do_not_depend_on_the_time_zone_of_the_database(
    database_url: str, database: Database, zone: str
) -> None:
    options = f"{'&' if '?' in database_url else '?'}options=-c%20timezone%3D{zone}"
    async with Database(database_url + options, pool_size=1, timeout=10, wait=5) as elsewhere:
        created = [await new_author(each) for each in (elsewhere, database, elsewhere)]
        async with elsewhere.transaction() as db:
            changed = await AuthorService.update_author(
                db,
                author_id=created[0]["id"],
                changes={"last_name": "King"},
                owner=None,
                versions=None,
            )
        walked, cursor = [], None
        for each in (elsewhere, database, elsewhere):  # each page on a connection of another zone
            async with each.statement() as db:
                page = await AuthorService.list_authors(
                    db, limit=1, cursor=cursor, sort="created_at"
                )
            walked += [row["id"] for row in page.rows]
            cursor = page.next_cursor

    for row in (*created, changed):
        assert datetime.now(UTC) - row["updated_at"] < timedelta(minutes=5)
    assert changed["updated_at"] > created[2]["updated_at"]
    assert (walked, cursor) == ([row["id"] for row in created], None)


async def test_delete_author_with_articles_raises_and_keeps_both(database: Database) -> None:
    author = await new_author(database)
    article = await new_article(database, author_id=author["id"])

    with pytest.raises(AuthorHasArticles):
        async with database.session() as session:
            await AuthorService.delete_author(
                session,
                author_id=author["id"],
                cascade=False,
                owner=None,
                versions=None,
            )

    async with database.statement() as db:
        assert await AuthorService.get_author(db, author_id=author["id"]) == author
    async with database.statement() as db:
        assert await ArticleService.get_article(db, article_id=article["id"]) == article


async def test_delete_author_with_cascade_deletes_only_their_articles(database: Database) -> None:
    author, other = await new_author(database), await new_author(database)
    gone = await new_article(database, author_id=author["id"])
    kept = await new_article(database, author_id=other["id"])

    async with database.session() as session:
        await AuthorService.delete_author(
            session, author_id=author["id"], cascade=True, owner=None, versions=None
        )

    async with database.transaction() as db:
        with pytest.raises(ArticleNotFound):
            await ArticleService.get_article(db, article_id=gone["id"])
        assert await ArticleService.get_article(db, article_id=kept["id"]) == kept
        with pytest.raises(AuthorNotFound):
            await AuthorService.get_author(db, author_id=author["id"])


@pytest.mark.parametrize("cascade", [False, True])
async def test_delete_author_with_unknown_id_raises(database: Database, cascade: bool) -> None:
    async with database.session() as session:
        with pytest.raises(AuthorNotFound):
            await AuthorService.delete_author(
                session, author_id=1, cascade=cascade, owner=None, versions=None
            )


@pytest.mark.parametrize(
    ("cascade", "statements"),
    [
        (False, ["SELECT authors", "DELETE authors"]),
        (True, ["SELECT authors", "DELETE articles", "DELETE authors"]),
    ],
)
async def test_delete_author_loads_no_article(
    database: Database, cascade: bool, statements: list[str]
) -> None:
    author = await new_author(database)
    for _ in range(3 if cascade else 0):
        await new_article(database, author_id=author["id"])
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        words = statement.split()
        seen.append(f"{words[0]} {words[words.index('FROM') + 1]}")

    event.listen(database.pool.engine.sync_engine, "before_cursor_execute", note)
    async with database.session() as session:
        await AuthorService.delete_author(
            session,
            author_id=author["id"],
            cascade=cascade,
            owner=None,
            versions=None,
        )

    assert seen == statements


async def test_list_authors_follows_the_cursor_to_the_end(database: Database) -> None:
    for name in ("Čapek", "Achebe", "Borges"):
        await new_author(database, last_name=name)

    names, cursor = [], None
    for _ in range(2):
        async with database.statement() as db:
            page = await AuthorService.list_authors(db, limit=2, cursor=cursor, sort="last_name")
        names += [row["last_name"] for row in page.rows]
        cursor = page.next_cursor

    assert names == ["Achebe", "Borges", "Čapek"]
    assert cursor is None


async def test_list_authors_with_a_cursor_of_another_order_raises(database: Database) -> None:
    for _ in range(2):
        await new_author(database)
    async with database.statement() as db:
        page = await AuthorService.list_authors(db, limit=1, cursor=None, sort="last_name")

    async with database.statement() as db:
        with pytest.raises(InvalidCursor):
            await AuthorService.list_authors(
                db, limit=1, cursor=page.next_cursor, sort="-last_name"
            )


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    async def create_and_fail() -> None:
        async with database.transaction() as db:
            await AuthorService.create_author(
                db, first_name="Ada", last_name="Lovelace", owner=None
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await create_and_fail()

    async with database.statement() as db:
        page = await AuthorService.list_authors(db, limit=1, cursor=None, sort="created_at")
    assert page.rows == []
