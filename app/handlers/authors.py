"""Authors."""

from app.database.db import Database
from app.database.services.authors import AuthorService
from app.database.statements import Row
from app.handlers.links import next_page
from generated import models
from generated.routers import authors as api


class AuthorsHandlers(api.AuthorsHandlers):
    """The operations with the tag `authors`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_authors(self, *, limit: int, cursor: str | None, sort: models.AuthorSort) -> api.ListAuthors200:
        async with self._database.statement() as db:
            page = await AuthorService.list_authors(db, limit=limit, cursor=cursor, sort=sort)
        items = [dict(row) for row in page.rows]  # all of them in one call of the validator
        body = models.AuthorPage.model_validate({"items": items, "next_cursor": page.next_cursor})
        return api.ListAuthors200(body=body, link=next_page("/authors", page.next_cursor, limit=limit, sort=sort))

    async def create_author(self, *, body: models.AuthorCreate) -> api.CreateAuthor201:
        async with self._database.statement() as db:
            row = await AuthorService.create_author(db, first_name=body.first_name, last_name=body.last_name)
        return api.CreateAuthor201(body=_author(row), location=f"/authors/{row['id']}")

    async def get_author(self, *, author_id: int) -> api.GetAuthor200:
        async with self._database.statement() as db:
            row = await AuthorService.get_author(db, author_id=author_id)
        return api.GetAuthor200(body=_author(row))

    async def update_author(self, *, author_id: int, body: models.AuthorUpdate) -> api.UpdateAuthor200:
        changes = body.model_dump(exclude_unset=True)
        async with self._database.transaction() as db:
            row = await AuthorService.update_author(db, author_id=author_id, changes=changes)
        return api.UpdateAuthor200(body=_author(row))

    async def delete_author(self, *, author_id: int, cascade: bool) -> api.DeleteAuthor204:
        async with self._database.session() as session:
            await AuthorService.delete_author(session, author_id=author_id, cascade=cascade)
        return api.DeleteAuthor204()


def _author(row: Row) -> models.Author:
    return models.Author(
        id=row["id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
