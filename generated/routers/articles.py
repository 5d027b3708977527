# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""What authors write. Each article belongs to one author.

The responses of the operations with this tag, the interface for their handlers, and their routing.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, Literal, TypeAlias

from pydantic import Field, StrictInt, StrictStr

from .. import models
from ..responses import (
    ArticleForbiddenResponse,
    ArticleNotFoundResponse,
    BadPageRequestResponse,
    BadRequestResponse,
    ContentTooLargeResponse,
    IdempotencyKeyInUseResponse,
    NotModifiedResponse,
    PreconditionFailedResponse,
    PreconditionRequiredResponse,
    ServiceUnavailableResponse,
    TooManyRequestsResponse,
    UnauthorizedResponse,
    UnknownAuthorResponse,
    UnprocessableArticleResponse,
    UnprocessablePageRequestResponse,
    UnreadableBodyResponse,
    UnsupportedMediaTypeResponse,
    UnsupportedPatchMediaTypeResponse,
)
from ..runtime.bodies import Body, Json
from ..runtime.conditional import IfMatch
from ..runtime.handlers import Handlers
from ..runtime.parameters import Parameter, from_path, integer
from ..runtime.responses import ApiResponse
from ..runtime.routing import Operation
from ..runtime.security import Scheme
from ..security import Principal, SecurityHandlers


@dataclass(frozen=True, slots=True, kw_only=True)
class ListArticles200(ApiResponse):
    """One page of articles."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
        "link": "Link",
    }

    body: models.ArticlePage
    etag: str
    """Identifies this state of the page (RFC 9110, section 8.8.3). A change to any of its articles gives another
    one."""
    cache_control: str
    """Who may keep the response, and for how long (RFC 9111, section 5.2.2): every cache if the request has no
    token, otherwise only that of the client. `must-revalidate` and `no-cache` ask for a request with
    `If-None-Match` before the response is used again."""
    link: str | None = None
    """The next page of articles, with `rel="next"` (RFC 8288). Absent on the last page."""


ListArticlesResponse: TypeAlias = (
    ListArticles200
    | NotModifiedResponse
    | BadPageRequestResponse
    | UnauthorizedResponse
    | UnprocessablePageRequestResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateArticle201(ApiResponse):
    """The stored article."""

    status: ClassVar[int] = 201
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
        "location": "Location",
    }

    body: models.Article
    etag: str
    """Identifies this state of the article (RFC 9110, section 8.8.3). Every change gives another one. Send it in
    `If-Match` to change the article."""
    cache_control: Literal["private, no-cache"]
    """Lets only the client keep the response, and ask before it uses it again (RFC 9111, section 5.2.2)."""
    location: str
    """The path of the new article."""


CreateArticleResponse: TypeAlias = (
    CreateArticle201
    | UnreadableBodyResponse
    | UnauthorizedResponse
    | ArticleForbiddenResponse
    | UnknownAuthorResponse
    | IdempotencyKeyInUseResponse
    | ContentTooLargeResponse
    | UnsupportedMediaTypeResponse
    | UnprocessableArticleResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetArticle200(ApiResponse):
    """The article."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
    }

    body: models.Article
    etag: str
    """Identifies this state of the article (RFC 9110, section 8.8.3). Every change gives another one. Send it in
    `If-Match` to change the article."""
    cache_control: str
    """Who may keep the response, and for how long (RFC 9111, section 5.2.2): every cache if the request has no
    token, otherwise only that of the client. `must-revalidate` and `no-cache` ask for a request with
    `If-None-Match` before the response is used again."""


GetArticleResponse: TypeAlias = (
    GetArticle200
    | NotModifiedResponse
    | BadRequestResponse
    | UnauthorizedResponse
    | ArticleNotFoundResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateArticle200(ApiResponse):
    """The stored article."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
    }

    body: models.Article
    etag: str
    """Identifies this state of the article (RFC 9110, section 8.8.3). Every change gives another one. Send it in
    `If-Match` to change the article."""
    cache_control: Literal["private, no-cache"]
    """Lets only the client keep the response, and ask before it uses it again (RFC 9111, section 5.2.2)."""


UpdateArticleResponse: TypeAlias = (
    UpdateArticle200
    | UnreadableBodyResponse
    | UnauthorizedResponse
    | ArticleForbiddenResponse
    | ArticleNotFoundResponse
    | PreconditionFailedResponse
    | ContentTooLargeResponse
    | UnsupportedPatchMediaTypeResponse
    | UnprocessableArticleResponse
    | PreconditionRequiredResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteArticle204(ApiResponse):
    """The article was deleted."""

    status: ClassVar[int] = 204


DeleteArticleResponse: TypeAlias = (
    DeleteArticle204
    | BadRequestResponse
    | UnauthorizedResponse
    | ArticleForbiddenResponse
    | ArticleNotFoundResponse
    | PreconditionFailedResponse
    | PreconditionRequiredResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


class ArticlesHandlers(Handlers, Generic[Principal]):
    """The operations with the tag `articles`; the application implements every one."""

    @abstractmethod
    async def list_articles(
        self,
        *,
        principal: Principal | None,
        limit: int,
        cursor: str | None,
        sort: models.ArticleSort,
        author_id: int | None,
    ) -> ListArticlesResponse:
        """List articles (`GET /articles`).

        Returns one page of articles. The newest come first unless you set `sort`. Set `author_id`
        to list the articles of one author; for an unknown author the page is empty.

        `limit`: The maximum number of items on a page. There may be fewer on a page with `next_cursor`: a page ends
        with the item whose text brings it to 1 MiB.
        `cursor`: The `next_cursor` of the previous page. Use it with the same `sort` and filters; `limit` may
        differ. Other values are rejected.
        `sort`: The sort order. A leading `-` means descending. Text is ordered by code point. Ties are broken by
        `id`, in the same direction.
        `author_id`: Only articles of this author.

        Security: bearer_token, or no credentials.
        """

    @abstractmethod
    async def create_article(
        self, *, principal: Principal, idempotency_key: str | None, body: models.ArticleCreate
    ) -> CreateArticleResponse:
        """Create an article (`POST /articles`).

        Creates an article of an existing author.

        `idempotency_key`: Makes it safe to send the request again when its response was lost. Choose a new key,
        such as a UUID, for what you want to happen once, and repeat it unchanged with each retry: within 24 hours
        the first success is answered again, byte by byte, and nothing is created twice. A key is yours and of this
        operation, and means nothing elsewhere. A key has 1 to 255 characters of printable ASCII. Send it as a
        string in quotes (RFC 9651, section 3.3.3), as the IETF draft wants it, or without quotes if it has no
        comma, quote or backslash: `"a1"` and `a1` are the same key.
        `body`: The new article.

        Security: bearer_token (articles:write).
        """

    @abstractmethod
    async def get_article(
        self, *, principal: Principal | None, article_id: int
    ) -> GetArticleResponse:
        """Get an article (`GET /articles/{article_id}`).

        Returns one article.

        `article_id`: The `id` of an article. An id that cannot exist gives 404.

        Security: bearer_token, or no credentials.
        """

    @abstractmethod
    async def update_article(
        self,
        *,
        principal: Principal,
        article_id: int,
        if_match: IfMatch,
        body: models.ArticleUpdate,
    ) -> UpdateArticleResponse:
        """Update an article (`PATCH /articles/{article_id}`).

        Updates the properties you send (JSON Merge Patch, RFC 7396). Omitted properties keep their
        value. `"summary": null` clears the summary; no other property can be null. An empty object
        changes nothing, not even `updated_at`.

        `article_id`: The `id` of an article. An id that cannot exist gives 404.
        `if_match`: The `ETag` of what you have seen, several of them, or `*` for any (RFC 9110, section 13.1.1).
        Without it the response is 428, and 412 if it does not name the current `ETag`. Weak tags never match.
        `body`: The properties to update. Both media types mean a JSON Merge Patch (RFC 7396).

        Security: bearer_token (articles:write).
        """

    @abstractmethod
    async def delete_article(
        self, *, principal: Principal, article_id: int, if_match: IfMatch
    ) -> DeleteArticleResponse:
        """Delete an article (`DELETE /articles/{article_id}`).

        Deletes an article. Its author is kept.

        `article_id`: The `id` of an article. An id that cannot exist gives 404.
        `if_match`: The `ETag` of what you have seen, several of them, or `*` for any (RFC 9110, section 13.1.1).
        Without it the response is 428, and 412 if it does not name the current `ETag`. Weak tags never match.

        Security: bearer_token (articles:write).
        """


def articles_operations(
    handlers: ArticlesHandlers[Principal], security: SecurityHandlers[Principal]
) -> list[Operation]:
    """Bind the operations with the tag `articles` to their handlers."""
    bearer_token = Scheme(
        "bearer", "header", "Authorization", security.bearer_token, realm="Blog API"
    )
    return [
        Operation(
            "GET",
            "/articles",
            handlers.list_articles,
            parameters=(
                Parameter(
                    "limit",
                    location="query",
                    type=Annotated[StrictInt, Field(ge=1, le=100)],
                    decode=integer,
                    default=20,
                ),
                Parameter(
                    "cursor",
                    location="query",
                    type=Annotated[StrictStr, Field(min_length=1, max_length=2048)],
                ),
                Parameter(
                    "sort",
                    location="query",
                    type=models.ArticleSort,
                    default="-created_at",
                ),
                Parameter(
                    "author_id",
                    location="query",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=integer,
                ),
            ),
            security=[{}, {bearer_token: []}],
            not_modified=NotModifiedResponse,
            responses=ListArticlesResponse,
        ),
        Operation(
            "POST",
            "/articles",
            handlers.create_article,
            parameters=(
                Parameter(
                    "Idempotency-Key",
                    location="header",
                    type=Annotated[
                        StrictStr,
                        Field(
                            min_length=1,
                            max_length=512,
                            pattern='^("([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[-!#-+.-\\[\\]-~]([-!#-+.-\\[\\]-~ ]{0,253}[-!#-+.-\\[\\]-~])?)$',
                        ),
                    ],
                    argument="idempotency_key",
                ),
            ),
            body=Body(
                {
                    "application/json": Json(models.ArticleCreate),
                },
                required=True,
            ),
            security=[{bearer_token: ["articles:write"]}],
            responses=CreateArticleResponse,
        ),
        Operation(
            "GET",
            "/articles/{article_id}",
            handlers.get_article,
            parameters=(
                Parameter(
                    "article_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            security=[{}, {bearer_token: []}],
            not_modified=NotModifiedResponse,
            responses=GetArticleResponse,
        ),
        Operation(
            "PATCH",
            "/articles/{article_id}",
            handlers.update_article,
            parameters=(
                Parameter(
                    "article_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            body=Body(
                {
                    "application/json": Json(models.ArticleUpdate),
                    "application/merge-patch+json": Json(models.ArticleUpdate),
                },
                required=True,
            ),
            security=[{bearer_token: ["articles:write"]}],
            if_match="required",
            responses=UpdateArticleResponse,
        ),
        Operation(
            "DELETE",
            "/articles/{article_id}",
            handlers.delete_article,
            parameters=(
                Parameter(
                    "article_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            security=[{bearer_token: ["articles:write"]}],
            if_match="required",
            responses=DeleteArticleResponse,
        ),
    ]
