"""Connexion as its documentation writes it: a specification, its functions, ORM sessions."""

import os
from typing import Any

from connexion import AsyncApp
from connexion.exceptions import BadRequestProblem
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.options import SwaggerUIOptions
from connexion.problem import problem
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from app.database.models import Article
from tests.benchmarks.contestants.cursors import decode, encode

engine = create_async_engine(os.environ["BLOG_DATABASE_URL"], pool_size=10, max_overflow=0)
Session = async_sessionmaker(engine, expire_on_commit=False)

ARTICLE_CREATE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "content", "author_id"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "summary": {"type": "string", "nullable": True, "maxLength": 500},
        "content": {"type": "string", "minLength": 1, "maxLength": 100_000},
        "author_id": {"type": "integer", "minimum": 1},
    },
}
LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
}
CURSOR = {"name": "cursor", "in": "query", "schema": {"type": "string"}}
AUTHOR_ID = {"name": "author_id", "in": "query", "schema": {"type": "integer", "minimum": 1}}
ARTICLE_ID = {"name": "article_id", "in": "path", "required": True, "schema": {"type": "integer"}}


def operation(name: str, status: str, parameters: list[Any], **others: Any) -> dict[str, Any]:
    """Write an operation of the specification."""
    responses = {
        status: {
            "description": "Done.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    }
    return {
        "operationId": f"{__name__}.{name}",
        "parameters": parameters,
        "responses": responses,
    } | others


BODY = {"required": True, "content": {"application/json": {"schema": ARTICLE_CREATE}}}
SPECIFICATION = {
    "openapi": "3.0.3",
    "info": {"title": "Articles", "version": "1"},
    "paths": {
        "/articles": {
            "get": operation("list_articles", "200", [LIMIT, CURSOR, AUTHOR_ID]),
            "post": operation("create_article", "201", [], requestBody=BODY),
        },
        "/articles/{article_id}": {"get": operation("get_article", "200", [ARTICLE_ID])},
    },
}


async def get_article(article_id: int) -> Any:
    """Get an article."""
    async with Session() as session:
        article = await session.get(Article, article_id)
    if article is None:
        return problem(404, "Article not found", "There is no article with this id.")
    return as_json(article)


async def list_articles(
    limit: int = 20, cursor: str | None = None, author_id: int | None = None
) -> Any:
    """List articles, newest first."""
    statement = (
        select(Article).order_by(Article.created_at.desc(), Article.id.desc()).limit(limit + 1)
    )
    if author_id is not None:
        statement = statement.where(Article.author_id == author_id)
    if cursor is not None:
        statement = statement.where(tuple_(Article.created_at, Article.id) < decode(cursor))
    async with Session() as session:
        articles = (await session.scalars(statement)).all()
    next_cursor = encode(articles[limit - 1]) if len(articles) > limit else None
    return {"items": [as_json(article) for article in articles[:limit]], "next_cursor": next_cursor}


async def create_article(body: dict[str, Any]) -> Any:
    """Create an article."""
    article = Article(**body)
    async with Session() as session:
        session.add(article)
        await session.commit()
    return as_json(article), 201


def as_json(article: Article) -> dict[str, Any]:
    """Return what is answered of an article."""
    return {
        "id": article.id,
        "title": article.title,
        "summary": article.summary,
        "content": article.content,
        "author_id": article.author_id,
        "created_at": article.created_at.isoformat(),
        "updated_at": article.updated_at.isoformat(),
    }


def unprocessable(_: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """Answer 422 to a body that breaks the schema."""
    return problem(422, "Unprocessable content", str(error))


app = AsyncApp(__name__, swagger_ui_options=SwaggerUIOptions(swagger_ui=False))
app.add_api(SPECIFICATION)
app.add_error_handler(BadRequestProblem, unprocessable)
