# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The schemas of the contract as Pydantic models.

An absent optional property is `MISSING`, never None.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import MISSING, ConfigDict, Field, StrictInt, StrictStr

from .runtime.formats import text_format
from .runtime.values import Anything, DateTime, Model, Number, Unique, Uuid, excludes

AuthorSort: TypeAlias = Literal[
    "created_at", "-created_at", "updated_at", "-updated_at", "last_name", "-last_name"
]
"""The sort order of a list of authors."""


ArticleSort: TypeAlias = Literal[
    "created_at", "-created_at", "updated_at", "-updated_at", "title", "-title"
]
"""The sort order of a list of articles."""


TokenScope: TypeAlias = Literal["authors:write", "articles:write", "tokens:manage"]
"""What a token may do: `authors:write` creates, updates and deletes authors, `articles:write`
articles, and `tokens:manage` creates, lists and revokes tokens."""


TokenSort: TypeAlias = Literal["created_at", "-created_at", "name", "-name"]
"""The sort order of a list of tokens."""


RequestPart: TypeAlias = Literal["body", "query", "path", "header", "cookie"]
"""A part of a request."""


class Author(Model):
    """An author."""

    id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Assigned by the server. Ids of deleted items are never reused. Read-only."""
    first_name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """The given name."""
    last_name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """The family name."""
    created_at: DateTime
    """When the author was created, in UTC. Read-only."""
    updated_at: DateTime
    """When the author was last updated, in UTC. Every update moves it forward. Read-only."""


class AuthorCreate(Model):
    """A new author."""

    model_config = ConfigDict(extra="forbid")

    first_name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """The given name."""
    last_name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """The family name."""


class AuthorUpdate(Model):
    """Changes to an author. Omitted properties keep their value."""

    model_config = ConfigDict(extra="forbid")

    first_name: (
        Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")] | MISSING
    ) = MISSING
    """The given name."""
    last_name: (
        Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")] | MISSING
    ) = MISSING
    """The family name."""


class AuthorPage(Model):
    """One page of authors."""

    items: Annotated[list[Author], Field(max_length=100)]
    """The authors of this page, in the requested order."""
    next_cursor: Annotated[StrictStr, Field(min_length=1, max_length=2048)] | None
    """The cursor of the next page; null on the last page."""


class Article(Model):
    """An article."""

    id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Assigned by the server. Ids of deleted items are never reused. Read-only."""
    title: Annotated[StrictStr, Field(min_length=1, max_length=200), excludes("\x00")]
    """The headline."""
    summary: Annotated[StrictStr, Field(max_length=500), excludes("\x00")] | None
    """A short summary; null if there is none."""
    content: Annotated[StrictStr, Field(min_length=1, max_length=100000), excludes("\x00")]
    """The text."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """The `id` of the author."""
    created_at: DateTime
    """When the article was created, in UTC. Read-only."""
    updated_at: DateTime
    """When the article was last updated, in UTC. Every update moves it forward. Read-only."""


class ArticleCreate(Model):
    """A new article."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[StrictStr, Field(min_length=1, max_length=200), excludes("\x00")]
    """The headline."""
    summary: Annotated[StrictStr, Field(max_length=500), excludes("\x00")] | MISSING | None = (
        MISSING
    )
    """A short summary. Omit it, or send null, for none."""
    content: Annotated[StrictStr, Field(min_length=1, max_length=100000), excludes("\x00")]
    """The text."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """The `id` of the author. An unknown author gives 404."""


class ArticleUpdate(Model):
    """Changes to an article. Omitted properties keep their value; `null` clears a nullable one."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[StrictStr, Field(min_length=1, max_length=200), excludes("\x00")] | MISSING = (
        MISSING
    )
    """The headline."""
    summary: Annotated[StrictStr, Field(max_length=500), excludes("\x00")] | MISSING | None = (
        MISSING
    )
    """A short summary; null clears it."""
    content: (
        Annotated[StrictStr, Field(min_length=1, max_length=100000), excludes("\x00")] | MISSING
    ) = MISSING
    """The text."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)] | MISSING = MISSING
    """The `id` of the author. An unknown author gives 404."""


class ArticlePage(Model):
    """One page of articles."""

    items: Annotated[list[Article], Field(max_length=100)]
    """The articles of this page, in the requested order."""
    next_cursor: Annotated[StrictStr, Field(min_length=1, max_length=2048)] | None
    """The cursor of the next page; null on the last page."""


class Token(Model):
    """What is known about a token, without the token itself."""

    id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Assigned by the server. Ids of deleted items are never reused. Read-only."""
    name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """What the token is for."""
    scopes: Annotated[list[TokenScope], Field(max_length=3), Unique]
    """What the token may do, beside reading."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)] | None
    """The `id` of the author that the token is bound to; null if it is not bound."""
    created_at: DateTime
    """When the token was created, in UTC. Read-only."""
    expires_at: DateTime | None
    """When the token expires, in UTC; null if it never does. Read-only."""
    last_used_at: DateTime | None
    """When the token was last used, in UTC, to about a minute; null if it never was. Read-only."""


class NewToken(Model):
    """A new token, with what is known about it."""

    id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)]
    """Assigned by the server. Ids of deleted items are never reused. Read-only."""
    name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """What the token is for."""
    scopes: Annotated[list[TokenScope], Field(max_length=3), Unique]
    """What the token may do, beside reading."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)] | None
    """The `id` of the author that the token is bound to; null if it is not bound."""
    created_at: DateTime
    """When the token was created, in UTC. Read-only."""
    expires_at: DateTime | None
    """When the token expires, in UTC; null if it never does. Read-only."""
    last_used_at: DateTime | None
    """When the token was last used, in UTC, to about a minute; null if it never was. Read-only."""
    token: Annotated[
        StrictStr, Field(min_length=52, max_length=52, pattern="^blog_pat_[0-9A-Za-z]{43}$")
    ]
    """The token itself. It is shown this once, and the service does not keep it. Read-only."""


class TokenCreate(Model):
    """A new token. What you omit is taken from your own token."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[StrictStr, Field(min_length=1, max_length=100), excludes("\x00")]
    """What the token is for."""
    scopes: Annotated[list[TokenScope], Field(max_length=3), Unique]
    """What the token may do, beside reading."""
    author_id: Annotated[StrictInt, Field(ge=1, le=9223372036854775807)] | MISSING | None = MISSING
    """The `id` of the author to bind the token to. Omit it, or send null, for that of your own
    token, or none. An unknown author gives 404."""
    expires_in: Annotated[StrictInt, Field(ge=1, le=315360000)] | MISSING = MISSING
    """The lifetime in seconds, at most ten years. Omit it for a token that expires together
    with yours, or never."""


class TokenPage(Model):
    """One page of tokens."""

    items: Annotated[list[Token], Field(max_length=100)]
    """The tokens of this page, in the requested order."""
    next_cursor: Annotated[StrictStr, Field(min_length=1, max_length=2048)] | None
    """The cursor of the next page; null on the last page."""


class Health(Model):
    """The state of the service."""

    status: Literal["ok"]
    """Always `ok`. Failures have their own status code."""


class Problem(Model):
    """What went wrong (RFC 9457)."""

    type: Annotated[StrictStr, text_format("uri-reference")]
    """Identifies the kind of problem. A path on this service that explains it; it never
    changes."""
    title: StrictStr
    """A short name for the kind of problem."""
    status: Annotated[StrictInt, Field(ge=400, le=599)]
    """The status code of the response."""
    detail: StrictStr
    """What went wrong this time, and how to fix it."""
    instance: Annotated[StrictStr, text_format("uri-reference")]
    """The requested path."""
    request_id: Uuid
    """The same id as in `X-Request-ID`."""
    errors: Annotated[list[ProblemError], Field(max_length=100)] | MISSING = MISSING
    """Each mistake in the request and where it is. Absent if there is no place to point at."""


class ProblemError(Model):
    """One mistake in a request."""

    in_: Annotated[RequestPart, Field(alias="in")]
    pointer: Annotated[StrictStr, text_format("json-pointer")]
    """Where in that part, as a JSON Pointer (RFC 6901). For a parameter, a slash and its name."""
    code: Annotated[StrictStr, Field(pattern="^[a-z]+(_[a-z]+)*$")]
    """The kind of mistake, for programs: `required`, `unknown`, `repeated`, `wrong_type`,
    `not_in_enum`, `too_short`, `too_long`, `too_small`, `too_large` and others, all
    explained on the pages of the problems. The meaning of a code never changes. New codes
    may be added: treat an unknown code as `invalid`."""
    detail: StrictStr
    """The mistake, for people."""
    limits: ProblemLimits | MISSING = MISSING


class ProblemLimits(Model):
    """The constraints that the contract has at that place. Absent if there are none."""

    types: Annotated[list[StrictStr], Field(max_length=7)] | MISSING = MISSING
    """The allowed JSON types."""
    values: Annotated[list[Anything], Field(max_length=100)] | MISSING = MISSING
    """The allowed values."""
    min_length: Annotated[StrictInt, Field(ge=0, le=2147483647)] | MISSING = MISSING
    """The minimum length of a text, in code points."""
    max_length: Annotated[StrictInt, Field(ge=0, le=2147483647)] | MISSING = MISSING
    """The maximum length of a text, in code points."""
    pattern: StrictStr | MISSING = MISSING
    """The regular expression that a text must match."""
    format: StrictStr | MISSING = MISSING
    """The required format of a text."""
    minimum: Number | MISSING = MISSING
    """The smallest allowed number."""
    maximum: Number | MISSING = MISSING
    """The largest allowed number."""
    exclusive_minimum: Number | MISSING = MISSING
    """The value must be greater than this number."""
    exclusive_maximum: Number | MISSING = MISSING
    """The value must be less than this number."""
    multiple_of: Number | MISSING = MISSING
    """The value must be a multiple of this number."""
    min_items: Annotated[StrictInt, Field(ge=0, le=2147483647)] | MISSING = MISSING
    """The minimum number of items in an array."""
    max_items: Annotated[StrictInt, Field(ge=0, le=2147483647)] | MISSING = MISSING
    """The maximum number of items in an array."""
    min_properties: Annotated[StrictInt, Field(ge=0, le=2147483647)] | MISSING = MISSING
    """The minimum number of properties of an object."""
    max_properties: Annotated[StrictInt, Field(ge=0, le=2147483647)] | MISSING = MISSING
    """The maximum number of properties of an object."""
