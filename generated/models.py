# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The schemas of the contract as Pydantic models. An optional member that is absent is `MISSING`, never None."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from .runtime.values import DateTime, Model, without

AuthorSort: TypeAlias = Literal["created_at", "-created_at", "updated_at", "-updated_at", "last_name", "-last_name"]
"""The order of a list of authors."""


ArticleSort: TypeAlias = Literal["created_at", "-created_at", "updated_at", "-updated_at", "title", "-title"]
"""The order of a list of articles."""


RequestPart: TypeAlias = Literal["body", "query", "path", "header", "cookie"]
"""A part of a request."""


class Author(Model):
    """An author, as stored."""

    id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Given by the server; never used again after a deletion. Read-only."""
    first_name: Annotated[StrictStr, Field(min_length=1, max_length=100), without("\x00")]
    """The given name."""
    last_name: Annotated[StrictStr, Field(min_length=1, max_length=100), without("\x00")]
    """The family name."""
    created_at: DateTime
    """When the author was stored, in UTC. Read-only."""
    updated_at: DateTime
    """When the author was last changed, in UTC; moves forward with every change. Read-only."""


class AuthorCreate(Model):
    """What an author is made of."""

    model_config = ConfigDict(extra="forbid")

    first_name: Annotated[StrictStr, Field(min_length=1, max_length=100), without("\x00")]
    """The given name."""
    last_name: Annotated[StrictStr, Field(min_length=1, max_length=100), without("\x00")]
    """The family name."""


class AuthorUpdate(Model):
    """What may be changed of an author; an absent member is kept."""

    model_config = ConfigDict(extra="forbid")

    first_name: Annotated[StrictStr, Field(min_length=1, max_length=100), without("\x00")] | MISSING = MISSING
    """The given name."""
    last_name: Annotated[StrictStr, Field(min_length=1, max_length=100), without("\x00")] | MISSING = MISSING
    """The family name."""


class AuthorPage(Model):
    """One page of authors."""

    items: Annotated[list[Author], Field(max_length=100)]
    """The authors of this page, in the order asked for."""
    next_cursor: Annotated[StrictStr, Field(min_length=1, max_length=2048)] | None
    """The cursor of the next page; null on the last one."""


class Article(Model):
    """An article, as stored."""

    id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Given by the server; never used again after a deletion. Read-only."""
    title: Annotated[StrictStr, Field(min_length=1, max_length=200), without("\x00")]
    """The headline."""
    summary: Annotated[StrictStr, Field(max_length=500), without("\x00")] | None
    """What the article is about, in short; null where there is none."""
    content: Annotated[StrictStr, Field(min_length=1, max_length=100000), without("\x00")]
    """The text."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Who wrote it."""
    created_at: DateTime
    """When the article was stored, in UTC. Read-only."""
    updated_at: DateTime
    """When the article was last changed, in UTC; moves forward with every change. Read-only."""


class ArticleCreate(Model):
    """What an article is made of."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[StrictStr, Field(min_length=1, max_length=200), without("\x00")]
    """The headline."""
    summary: Annotated[StrictStr, Field(max_length=500), without("\x00")] | MISSING | None = MISSING
    """What the article is about, in short; null or absent where there is nothing to say."""
    content: Annotated[StrictStr, Field(min_length=1, max_length=100000), without("\x00")]
    """The text."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Who wrote it; an author who does not exist gives a 404."""


class ArticleUpdate(Model):
    """What may be changed of an article; an absent member is kept."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[StrictStr, Field(min_length=1, max_length=200), without("\x00")] | MISSING = MISSING
    """The headline."""
    summary: Annotated[StrictStr, Field(max_length=500), without("\x00")] | MISSING | None = MISSING
    """What the article is about, in short; null removes it."""
    content: Annotated[StrictStr, Field(min_length=1, max_length=100000), without("\x00")] | MISSING = MISSING
    """The text."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)] | MISSING = MISSING
    """Who wrote it; an author who does not exist gives a 404."""


class ArticlePage(Model):
    """One page of articles."""

    items: Annotated[list[Article], Field(max_length=100)]
    """The articles of this page, in the order asked for."""
    next_cursor: Annotated[StrictStr, Field(min_length=1, max_length=2048)] | None
    """The cursor of the next page; null on the last one."""


class Health(Model):
    """A sign of health."""

    status: Literal["ok"]
    """Always `ok`; trouble has a status code of its own."""


class Problem(Model):
    """What went wrong (RFC 9457)."""

    type: StrictStr
    """The kind of problem, a path on this service with an explanation; it does not change."""
    title: StrictStr
    """The kind of problem in words."""
    status: Annotated[StrictInt, Field(ge=400, le=599)]
    """The status code of the response."""
    detail: StrictStr
    """What went wrong this time, and what to do."""
    instance: StrictStr
    """The path that was asked for."""
    request_id: UUID
    """The same as in `X-Request-ID`."""
    errors: list[ProblemError] | MISSING = MISSING
    """What is wrong with the request, place by place; absent where no place can be named."""


class ProblemError(Model):
    """One thing that is wrong with a request."""

    in_: Annotated[RequestPart, Field(alias="in")]
    pointer: StrictStr
    """The place in that part, a JSON Pointer (RFC 6901); for a parameter a slash and its name."""
    code: Annotated[StrictStr, Field(pattern="^[a-z]+(_[a-z]+)*$")]
    """What is wrong there, for programs. A code keeps its meaning; new ones may come, so take one that you do not
    know for `invalid`. The pages of the problems explain them: `required`, `unknown`, `repeated`,
    `wrong_type`, `not_in_enum`, `too_short`, `too_long`, `too_small`, `too_large` and others."""
    detail: StrictStr
    """What is wrong there, for people."""
    limits: ProblemLimits | MISSING = MISSING


class ProblemLimits(Model):
    """What the contract says at the place of an error; absent where that is nothing."""

    types: list[StrictStr] | MISSING = MISSING
    """The JSON types that a value may have."""
    values: list[Any] | MISSING = MISSING
    """The values of an enum."""
    min_length: StrictInt | MISSING = MISSING
    """How many code points a text has at least."""
    max_length: StrictInt | MISSING = MISSING
    """How many code points a text has at most."""
    pattern: StrictStr | MISSING = MISSING
    """The regular expression that a text matches."""
    format: StrictStr | MISSING = MISSING
    """The format of a text."""
    minimum: StrictFloat | MISSING = MISSING
    """The least number."""
    maximum: StrictFloat | MISSING = MISSING
    """The greatest number."""
    exclusive_minimum: StrictFloat | MISSING = MISSING
    """A number that every value is greater than."""
    exclusive_maximum: StrictFloat | MISSING = MISSING
    """A number that every value is less than."""
    multiple_of: StrictFloat | MISSING = MISSING
    """A number that every value is a multiple of."""
    min_items: StrictInt | MISSING = MISSING
    """How many items an array has at least."""
    max_items: StrictInt | MISSING = MISSING
    """How many items an array has at most."""
    min_properties: StrictInt | MISSING = MISSING
    """How many properties an object has at least."""
    max_properties: StrictInt | MISSING = MISSING
    """How many properties an object has at most."""
