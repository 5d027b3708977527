"""FastAPI as its tutorial writes it: an ORM session as a dependency, and a response_model."""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.database.models import Article
from tests.benchmarks.contestants.cursors import decode, encode

engine = create_async_engine(os.environ["BLOG_DATABASE_URL"], pool_size=10, max_overflow=0)
Session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class ArticleCreate(BaseModel):
    """What an article is made of."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    summary: str | None = Field(default=None, max_length=500)
    content: str = Field(min_length=1, max_length=100_000)
    author_id: int = Field(ge=1)


class ArticleOut(BaseModel):
    """An article, as stored."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    summary: str | None
    content: str
    author_id: int
    created_at: datetime
    updated_at: datetime


class ArticlePage(BaseModel):
    """One page of articles."""

    items: list[ArticleOut]
    next_cursor: str | None


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session for a request."""
    async with Session() as session:
        yield session


SessionOfRequest = Annotated[AsyncSession, Depends(get_session)]


@app.exception_handler(HTTPException)
async def problem(_: Request, error: HTTPException) -> JSONResponse:
    """Answer with a problem (RFC 9457)."""
    content = {"title": error.detail, "status": error.status_code}
    return JSONResponse(content, error.status_code, media_type="application/problem+json")


@app.get("/articles/{article_id}", response_model=ArticleOut)
async def get_article(article_id: int, session: SessionOfRequest) -> Any:
    """Get an article."""
    article = await session.get(Article, article_id)
    if article is None:
        raise HTTPException(404, "Article not found")
    return article


@app.get("/articles", response_model=ArticlePage)
async def list_articles(
    session: SessionOfRequest,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: str | None = None,
    author_id: int | None = None,
) -> Any:
    """List articles, newest first."""
    statement = (
        select(Article).order_by(Article.created_at.desc(), Article.id.desc()).limit(limit + 1)
    )
    if author_id is not None:
        statement = statement.where(Article.author_id == author_id)
    if cursor is not None:
        statement = statement.where(tuple_(Article.created_at, Article.id) < decode(cursor))
    articles = (await session.scalars(statement)).all()
    next_cursor = encode(articles[limit - 1]) if len(articles) > limit else None
    return {"items": articles[:limit], "next_cursor": next_cursor}


@app.post("/articles", response_model=ArticleOut, status_code=201)
async def create_article(body: ArticleCreate, session: SessionOfRequest) -> Any:
    """Create an article."""
    article = Article(**body.model_dump())
    session.add(article)
    await session.commit()
    await session.refresh(article)
    return article
