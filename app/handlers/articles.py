"""Articles."""

from pydantic import MISSING

from app.caching import PRIVATE, REVALIDATED, Caching
from app.database.db import Database, UnitOfWork
from app.database.services.articles import ArticleService
from app.etags import ETags
from app.handlers.links import next_page
from app.idempotency import Idempotency
from app.security import Principal
from generated import models
from generated.routers import articles as api
from generated.runtime.conditional import IfMatch
from generated.runtime.rows import from_row, from_rows

_ETAGS = ETags(models.Article)


class ArticlesHandlers(api.ArticlesHandlers[Principal]):
    """The operations with the tag `articles`."""

    def __init__(self, database: Database, *, caching: Caching = REVALIDATED) -> None:
        self._database = database
        self._caching = caching
        self._idempotency = Idempotency(database)

    async def list_articles(
        self,
        *,
        limit: int,
        cursor: str | None,
        sort: models.ArticleSort,
        author_id: int | None,
        principal: Principal | None,
    ) -> api.ListArticles200:
        async with self._database.statement() as db:
            page = await ArticleService.list_articles(
                db, limit=limit, cursor=cursor, sort=sort, author_id=author_id
            )
        body = models.ArticlePage(
            items=from_rows(models.Article, page.rows), next_cursor=page.next_cursor
        )
        link = next_page("/articles", page.next_cursor, limit=limit, sort=sort, author_id=author_id)
        return api.ListArticles200(
            body=body,
            link=link,
            etag=_ETAGS.of_page(page),
            cache_control=self._caching.of(principal),
        )

    async def create_article(
        self, *, body: models.ArticleCreate, idempotency_key: str | None, principal: Principal
    ) -> api.CreateArticle201:
        async def create(db: UnitOfWork) -> api.CreateArticle201:
            row = await ArticleService.create_article(
                db,
                title=body.title,
                summary=None if body.summary is MISSING else body.summary,
                content=body.content,
                author_id=body.author_id,
                owner=principal.author_id,
            )
            return api.CreateArticle201(
                body=from_row(models.Article, row),
                location=f"/articles/{row['id']}",
                etag=_ETAGS.of(row),
                cache_control=PRIVATE,
            )

        return await self._idempotency.once(create, key=idempotency_key, principal=principal)

    async def get_article(
        self, *, article_id: int, principal: Principal | None
    ) -> api.GetArticle200:
        async with self._database.statement() as db:
            row = await ArticleService.get_article(db, article_id=article_id)
        return api.GetArticle200(
            body=from_row(models.Article, row),
            etag=_ETAGS.of(row),
            cache_control=self._caching.of(principal),
        )

    async def update_article(
        self,
        *,
        article_id: int,
        if_match: IfMatch,
        body: models.ArticleUpdate,
        principal: Principal,
    ) -> api.UpdateArticle200:
        changes = body.model_dump(exclude_unset=True)
        versions = _ETAGS.versions(if_match, article_id)
        row = await self._database.retrying(
            lambda db: ArticleService.update_article(
                db,
                article_id=article_id,
                changes=changes,
                owner=principal.author_id,
                versions=versions,
            )
        )
        return api.UpdateArticle200(
            body=from_row(models.Article, row), etag=_ETAGS.of(row), cache_control=PRIVATE
        )

    async def delete_article(
        self, *, article_id: int, if_match: IfMatch, principal: Principal
    ) -> api.DeleteArticle204:
        versions = _ETAGS.versions(if_match, article_id)
        await self._database.retrying(
            lambda db: ArticleService.delete_article(
                db, article_id=article_id, owner=principal.author_id, versions=versions
            )
        )
        return api.DeleteArticle204()
