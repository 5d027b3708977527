"""Authors."""

from app.caching import PRIVATE, REVALIDATED, Caching
from app.database.db import Database, UnitOfWork
from app.database.services.authors import AuthorService
from app.etags import ETags
from app.handlers.links import next_page
from app.idempotency import Idempotency
from app.security import Principal
from generated import models
from generated.routers import authors as api
from generated.runtime.conditional import IfMatch
from generated.runtime.rows import from_row, from_rows

_ETAGS = ETags(models.Author)


class AuthorsHandlers(api.AuthorsHandlers[Principal]):
    """The operations with the tag `authors`."""

    def __init__(self, database: Database, *, caching: Caching = REVALIDATED) -> None:
        self._database = database
        self._caching = caching
        self._idempotency = Idempotency(database)

    async def list_authors(
        self,
        *,
        limit: int,
        cursor: str | None,
        sort: models.AuthorSort,
        principal: Principal | None,
    ) -> api.ListAuthors200:
        async with self._database.statement() as db:
            page = await AuthorService.list_authors(db, limit=limit, cursor=cursor, sort=sort)
        body = models.AuthorPage(
            items=from_rows(models.Author, page.rows), next_cursor=page.next_cursor
        )
        return api.ListAuthors200(
            body=body,
            link=next_page("/authors", page.next_cursor, limit=limit, sort=sort),
            etag=_ETAGS.of_page(page),
            cache_control=self._caching.of(principal),
        )

    async def create_author(
        self, *, body: models.AuthorCreate, idempotency_key: str | None, principal: Principal
    ) -> api.CreateAuthor201:
        async def create(db: UnitOfWork) -> api.CreateAuthor201:
            row = await AuthorService.create_author(
                db,
                first_name=body.first_name,
                last_name=body.last_name,
                owner=principal.author_id,
            )
            return api.CreateAuthor201(
                body=from_row(models.Author, row),
                location=f"/authors/{row['id']}",
                etag=_ETAGS.of(row),
                cache_control=PRIVATE,
            )

        return await self._idempotency.once(create, key=idempotency_key, principal=principal)

    async def get_author(self, *, author_id: int, principal: Principal | None) -> api.GetAuthor200:
        async with self._database.statement() as db:
            row = await AuthorService.get_author(db, author_id=author_id)
        return api.GetAuthor200(
            body=from_row(models.Author, row),
            etag=_ETAGS.of(row),
            cache_control=self._caching.of(principal),
        )

    async def update_author(
        self,
        *,
        author_id: int,
        if_match: IfMatch,
        body: models.AuthorUpdate,
        principal: Principal,
    ) -> api.UpdateAuthor200:
        changes = body.model_dump(exclude_unset=True)
        versions = _ETAGS.versions(if_match, author_id)
        row = await self._database.retrying(
            lambda db: AuthorService.update_author(
                db,
                author_id=author_id,
                changes=changes,
                owner=principal.author_id,
                versions=versions,
            )
        )
        return api.UpdateAuthor200(
            body=from_row(models.Author, row), etag=_ETAGS.of(row), cache_control=PRIVATE
        )

    async def delete_author(
        self, *, author_id: int, cascade: bool, if_match: IfMatch, principal: Principal
    ) -> api.DeleteAuthor204:
        versions = _ETAGS.versions(if_match, author_id)
        await self._database.retrying(
            lambda session: AuthorService.delete_author(
                session,
                author_id=author_id,
                cascade=cascade,
                owner=principal.author_id,
                versions=versions,
            ),
            within=self._database.session,
        )
        return api.DeleteAuthor204()
