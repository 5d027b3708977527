# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The people who write articles.

The responses of the operations with this tag, the interface for their handlers, and their routing.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, Literal, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr

from .. import models
from ..responses import (
    AuthorForbiddenResponse,
    AuthorNotFoundResponse,
    BadPageRequestResponse,
    BadRequestResponse,
    ConflictResponse,
    ContentTooLargeResponse,
    IdempotencyKeyInUseResponse,
    NotModifiedResponse,
    PreconditionFailedResponse,
    PreconditionRequiredResponse,
    ServiceUnavailableResponse,
    TooManyRequestsResponse,
    UnauthorizedResponse,
    UnprocessableAuthorResponse,
    UnprocessableDeletionResponse,
    UnprocessablePageRequestResponse,
    UnreadableBodyResponse,
    UnsupportedMediaTypeResponse,
    UnsupportedPatchMediaTypeResponse,
)
from ..runtime.bodies import Body, Json
from ..runtime.conditional import IfMatch
from ..runtime.handlers import Handlers
from ..runtime.parameters import Parameter, boolean, from_path, integer
from ..runtime.responses import ApiResponse
from ..runtime.routing import Operation
from ..runtime.security import Scheme
from ..security import Principal, SecurityHandlers


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAuthors200(ApiResponse):
    """One page of authors."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
        "link": "Link",
    }

    body: models.AuthorPage
    etag: str
    """Identifies this state of the page (RFC 9110, section 8.8.3). A change to any of its authors gives another
    one."""
    cache_control: str
    """Who may keep the response, and for how long (RFC 9111, section 5.2.2): every cache if the request has no
    token, otherwise only that of the client. `must-revalidate` and `no-cache` ask for a request with
    `If-None-Match` before the response is used again."""
    link: str | None = None
    """The next page of authors, with `rel="next"` (RFC 8288). Absent on the last page."""


ListAuthorsResponse: TypeAlias = (
    ListAuthors200
    | NotModifiedResponse
    | BadPageRequestResponse
    | UnauthorizedResponse
    | UnprocessablePageRequestResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAuthor201(ApiResponse):
    """The stored author."""

    status: ClassVar[int] = 201
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
        "location": "Location",
    }

    body: models.Author
    etag: str
    """Identifies this state of the author (RFC 9110, section 8.8.3). Every change gives another one. Send it in
    `If-Match` to change the author."""
    cache_control: Literal["private, no-cache"]
    """Lets only the client keep the response, and ask before it uses it again (RFC 9111, section 5.2.2)."""
    location: str
    """The path of the new author."""


CreateAuthorResponse: TypeAlias = (
    CreateAuthor201
    | UnreadableBodyResponse
    | UnauthorizedResponse
    | AuthorForbiddenResponse
    | IdempotencyKeyInUseResponse
    | ContentTooLargeResponse
    | UnsupportedMediaTypeResponse
    | UnprocessableAuthorResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAuthor200(ApiResponse):
    """The author."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
    }

    body: models.Author
    etag: str
    """Identifies this state of the author (RFC 9110, section 8.8.3). Every change gives another one. Send it in
    `If-Match` to change the author."""
    cache_control: str
    """Who may keep the response, and for how long (RFC 9111, section 5.2.2): every cache if the request has no
    token, otherwise only that of the client. `must-revalidate` and `no-cache` ask for a request with
    `If-None-Match` before the response is used again."""


GetAuthorResponse: TypeAlias = (
    GetAuthor200
    | NotModifiedResponse
    | BadRequestResponse
    | UnauthorizedResponse
    | AuthorNotFoundResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAuthor200(ApiResponse):
    """The stored author."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
    }

    body: models.Author
    etag: str
    """Identifies this state of the author (RFC 9110, section 8.8.3). Every change gives another one. Send it in
    `If-Match` to change the author."""
    cache_control: Literal["private, no-cache"]
    """Lets only the client keep the response, and ask before it uses it again (RFC 9111, section 5.2.2)."""


UpdateAuthorResponse: TypeAlias = (
    UpdateAuthor200
    | UnreadableBodyResponse
    | UnauthorizedResponse
    | AuthorForbiddenResponse
    | AuthorNotFoundResponse
    | PreconditionFailedResponse
    | ContentTooLargeResponse
    | UnsupportedPatchMediaTypeResponse
    | UnprocessableAuthorResponse
    | PreconditionRequiredResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAuthor204(ApiResponse):
    """The author was deleted."""

    status: ClassVar[int] = 204


DeleteAuthorResponse: TypeAlias = (
    DeleteAuthor204
    | BadRequestResponse
    | UnauthorizedResponse
    | AuthorForbiddenResponse
    | AuthorNotFoundResponse
    | ConflictResponse
    | PreconditionFailedResponse
    | UnprocessableDeletionResponse
    | PreconditionRequiredResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


class AuthorsHandlers(Handlers, Generic[Principal]):
    """The operations with the tag `authors`; the application implements every one."""

    @abstractmethod
    async def list_authors(
        self,
        *,
        principal: Principal | None,
        limit: int,
        cursor: str | None,
        sort: models.AuthorSort,
    ) -> ListAuthorsResponse:
        """List authors (`GET /authors`).

        Returns one page of authors. The newest come first unless you set `sort`.

        `limit`: The maximum number of items on a page. There may be fewer on a page with `next_cursor`: a page ends
        with the item whose text brings it to 1 MiB.
        `cursor`: The `next_cursor` of the previous page. Use it with the same `sort` and filters; `limit` may
        differ. Other values are rejected.
        `sort`: The sort order. A leading `-` means descending. Text is ordered by code point. Ties are broken by
        `id`, in the same direction.

        Security: bearer_token, or no credentials.
        """

    @abstractmethod
    async def create_author(
        self, *, principal: Principal, idempotency_key: str | None, body: models.AuthorCreate
    ) -> CreateAuthorResponse:
        """Create an author (`POST /authors`).

        Creates an author. Names do not have to be unique.

        `idempotency_key`: Makes it safe to send the request again when its response was lost. Choose a new key,
        such as a UUID, for what you want to happen once, and repeat it unchanged with each retry: within 24 hours
        the first success is answered again, byte by byte, and nothing is created twice. A key is yours and of this
        operation, and means nothing elsewhere. A key has 1 to 255 characters of printable ASCII. Send it as a
        string in quotes (RFC 9651, section 3.3.3), as the IETF draft wants it, or without quotes if it has no
        comma, quote or backslash: `"a1"` and `a1` are the same key.
        `body`: The new author.

        Security: bearer_token (authors:write).
        """

    @abstractmethod
    async def get_author(self, *, principal: Principal | None, author_id: int) -> GetAuthorResponse:
        """Get an author (`GET /authors/{author_id}`).

        Returns one author.

        `author_id`: The `id` of an author. An id that cannot exist gives 404.

        Security: bearer_token, or no credentials.
        """

    @abstractmethod
    async def update_author(
        self, *, principal: Principal, author_id: int, if_match: IfMatch, body: models.AuthorUpdate
    ) -> UpdateAuthorResponse:
        """Update an author (`PATCH /authors/{author_id}`).

        Updates the properties you send (JSON Merge Patch, RFC 7396). Omitted properties keep their
        value. An empty object changes nothing, not even `updated_at`.

        `author_id`: The `id` of an author. An id that cannot exist gives 404.
        `if_match`: The `ETag` of what you have seen, several of them, or `*` for any (RFC 9110, section 13.1.1).
        Without it the response is 428, and 412 if it does not name the current `ETag`. Weak tags never match.
        `body`: The properties to update. Both media types mean a JSON Merge Patch (RFC 7396).

        Security: bearer_token (authors:write).
        """

    @abstractmethod
    async def delete_author(
        self, *, principal: Principal, author_id: int, cascade: bool, if_match: IfMatch
    ) -> DeleteAuthorResponse:
        """Delete an author (`DELETE /authors/{author_id}`).

        Deletes an author. If the author has articles, the response is 409 and nothing is deleted,
        unless you set `cascade=true`. Then the author and the articles are deleted in one
        transaction.

        `author_id`: The `id` of an author. An id that cannot exist gives 404.
        `cascade`: Also delete the author's articles.
        `if_match`: The `ETag` of what you have seen, several of them, or `*` for any (RFC 9110, section 13.1.1).
        Without it the response is 428, and 412 if it does not name the current `ETag`. Weak tags never match.

        Security: bearer_token (authors:write).
        """


def authors_operations(
    handlers: AuthorsHandlers[Principal], security: SecurityHandlers[Principal]
) -> list[Operation]:
    """Bind the operations with the tag `authors` to their handlers."""
    bearer_token = Scheme(
        "bearer", "header", "Authorization", security.bearer_token, realm="Blog API"
    )
    return [
        Operation(
            "GET",
            "/authors",
            handlers.list_authors,
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
                    type=models.AuthorSort,
                    default="-created_at",
                ),
            ),
            security=[{}, {bearer_token: []}],
            not_modified=NotModifiedResponse,
            responses=ListAuthorsResponse,
        ),
        Operation(
            "POST",
            "/authors",
            handlers.create_author,
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
                    "application/json": Json(models.AuthorCreate),
                },
                required=True,
            ),
            security=[{bearer_token: ["authors:write"]}],
            responses=CreateAuthorResponse,
        ),
        Operation(
            "GET",
            "/authors/{author_id}",
            handlers.get_author,
            parameters=(
                Parameter(
                    "author_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            security=[{}, {bearer_token: []}],
            not_modified=NotModifiedResponse,
            responses=GetAuthorResponse,
        ),
        Operation(
            "PATCH",
            "/authors/{author_id}",
            handlers.update_author,
            parameters=(
                Parameter(
                    "author_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            body=Body(
                {
                    "application/json": Json(models.AuthorUpdate),
                    "application/merge-patch+json": Json(models.AuthorUpdate),
                },
                required=True,
            ),
            security=[{bearer_token: ["authors:write"]}],
            if_match="required",
            responses=UpdateAuthorResponse,
        ),
        Operation(
            "DELETE",
            "/authors/{author_id}",
            handlers.delete_author,
            parameters=(
                Parameter(
                    "author_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
                Parameter(
                    "cascade",
                    location="query",
                    type=StrictBool,
                    decode=boolean,
                    default=False,
                ),
            ),
            security=[{bearer_token: ["authors:write"]}],
            if_match="required",
            responses=DeleteAuthorResponse,
        ),
    ]
