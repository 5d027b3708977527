"""Litestar as its documentation writes it: a session as a dependency, and msgspec structs."""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.params import Parameter
from msgspec import Meta, Struct, convert
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.database.models import Article
from tests.benchmarks.contestants.cursors import decode, encode

engine = create_async_engine(os.environ["BLOG_DATABASE_URL"], pool_size=10, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)


# mypy runs without msgspec
class ArticleCreate(Struct, forbid_unknown_fields=True):  # type: ignore[call-arg]
    """What an article is made of."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    content: Annotated[str, Meta(min_length=1, max_length=100_000)]
    author_id: Annotated[int, Meta(ge=1)]
    summary: Annotated[str, Meta(max_length=500)] | None = None


class ArticleOut(Struct):
    """An article, as stored."""

    id: int
    title: str
    summary: str | None
    content: str
    author_id: int
    created_at: datetime
    updated_at: datetime


class ArticlePage(Struct):
    """One page of articles."""

    items: list[ArticleOut]
    next_cursor: str | None


async def provide_session() -> AsyncIterator[AsyncSession]:
    """Open a session for a request."""
    async with sessions() as session:
        yield session


@get("/articles/{article_id:int}")
async def get_article(article_id: int, session: AsyncSession) -> ArticleOut:
    """Get an article."""
    article = await session.get(Article, article_id)
    if article is None:
        raise NotFoundException("Article not found")
    return convert(article, ArticleOut, from_attributes=True)


@get("/articles")
async def list_articles(
    session: AsyncSession,
    limit: Annotated[int, Parameter(ge=1, le=100)] = 20,
    cursor: str | None = None,
    author_id: int | None = None,
) -> ArticlePage:
    """List articles, newest first."""
    statement = (
        select(Article).order_by(Article.created_at.desc(), Article.id.desc()).limit(limit + 1)
    )
    if author_id is not None:
        statement = statement.where(Article.author_id == author_id)
    if cursor is not None:
        statement = statement.where(tuple_(Article.created_at, Article.id) < decode(cursor))
    articles = (await session.scalars(statement)).all()
    items = [convert(article, ArticleOut, from_attributes=True) for article in articles[:limit]]
    return ArticlePage(items, encode(articles[limit - 1]) if len(articles) > limit else None)


@post("/articles")
async def create_article(data: ArticleCreate, session: AsyncSession) -> ArticleOut:
    """Create an article."""
    async with session.begin():
        article = Article(
            title=data.title, summary=data.summary, content=data.content, author_id=data.author_id
        )
        session.add(article)
    return convert(article, ArticleOut, from_attributes=True)


def problem(_: Request, error: HTTPException) -> Response:
    """Answer with a problem (RFC 9457)."""
    status = 422 if isinstance(error, ValidationException) else error.status_code
    content = {"title": error.detail, "status": status}
    return Response(content, status_code=status, media_type="application/problem+json")


app = Litestar(
    [get_article, list_articles, create_article],
    dependencies={"session": provide_session},
    exception_handlers={HTTPException: problem},
)
