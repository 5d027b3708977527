# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""What a client shows to be allowed to write.

The responses of the operations with this tag, the interface for their handlers, and their routing.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, Literal, TypeAlias

from pydantic import Field, StrictInt, StrictStr

from .. import models
from ..responses import (
    BadPageRequestResponse,
    BadRequestResponse,
    ContentTooLargeResponse,
    ServiceUnavailableResponse,
    TokenForbiddenResponse,
    TokenNotFoundResponse,
    TooManyRequestsResponse,
    UnauthorizedResponse,
    UnknownAuthorResponse,
    UnprocessablePageRequestResponse,
    UnprocessableTokenResponse,
    UnreadableBodyResponse,
    UnsupportedMediaTypeResponse,
)
from ..runtime.bodies import Body, Json
from ..runtime.handlers import Handlers
from ..runtime.parameters import Parameter, from_path, integer
from ..runtime.responses import ApiResponse
from ..runtime.routing import Operation
from ..runtime.security import Scheme
from ..security import Principal, SecurityHandlers


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTokens200(ApiResponse):
    """One page of tokens."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "cache_control": "Cache-Control",
        "link": "Link",
    }

    body: models.TokenPage
    cache_control: Literal["private, no-cache"]
    """Lets only the client keep the response, and ask before it uses it again (RFC 9111, section 5.2.2)."""
    link: str | None = None
    """The next page of tokens, with `rel="next"` (RFC 8288). Absent on the last page."""


ListTokensResponse: TypeAlias = (
    ListTokens200
    | BadPageRequestResponse
    | UnauthorizedResponse
    | TokenForbiddenResponse
    | UnprocessablePageRequestResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateToken201(ApiResponse):
    """The new token. Keep it secret, and keep it where you find it again."""

    status: ClassVar[int] = 201
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "location": "Location",
        "cache_control": "Cache-Control",
    }

    body: models.NewToken
    location: str
    """The path of the new token."""
    cache_control: Literal["no-store"]
    """Keeps the response out of every cache (RFC 9111, section 5.2.2.5)."""


CreateTokenResponse: TypeAlias = (
    CreateToken201
    | UnreadableBodyResponse
    | UnauthorizedResponse
    | TokenForbiddenResponse
    | UnknownAuthorResponse
    | ContentTooLargeResponse
    | UnsupportedMediaTypeResponse
    | UnprocessableTokenResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetToken200(ApiResponse):
    """What is known about the token."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "cache_control": "Cache-Control",
    }

    body: models.Token
    cache_control: Literal["private, no-cache"]
    """Lets only the client keep the response, and ask before it uses it again (RFC 9111, section 5.2.2)."""


GetTokenResponse: TypeAlias = (
    GetToken200
    | BadRequestResponse
    | UnauthorizedResponse
    | TokenForbiddenResponse
    | TokenNotFoundResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeToken204(ApiResponse):
    """The token was revoked."""

    status: ClassVar[int] = 204


RevokeTokenResponse: TypeAlias = (
    RevokeToken204
    | BadRequestResponse
    | UnauthorizedResponse
    | TokenForbiddenResponse
    | TokenNotFoundResponse
    | TooManyRequestsResponse
    | ServiceUnavailableResponse
)


class TokensHandlers(Handlers, Generic[Principal]):
    """The operations with the tag `tokens`; the application implements every one."""

    @abstractmethod
    async def list_tokens(
        self, *, principal: Principal, limit: int, cursor: str | None, sort: models.TokenSort
    ) -> ListTokensResponse:
        """List tokens (`GET /tokens`).

        Returns one page of tokens, with what is known about them and without the tokens themselves.
        The newest come first unless you set `sort`. Revoked tokens are not listed. A token that is
        bound to an author lists only the tokens of that author.

        `limit`: The maximum number of items on a page. There may be fewer on a page with `next_cursor`: a page ends
        with the item whose text brings it to 1 MiB.
        `cursor`: The `next_cursor` of the previous page. Use it with the same `sort`; `limit` may differ. Other
        values are rejected.
        `sort`: The sort order. A leading `-` means descending. Ties are broken by `id`, in the same direction.

        Security: bearer_token (tokens:manage).
        """

    @abstractmethod
    async def create_token(
        self, *, principal: Principal, body: models.TokenCreate
    ) -> CreateTokenResponse:
        """Create a token (`POST /tokens`).

        Creates a token and returns it. This is the only response that ever shows it. A token can
        neither grant scopes that it lacks nor outlive itself, and one that is bound to an author
        creates only tokens of that author: all else gives 403.

        `body`: The new token.

        Security: bearer_token (tokens:manage).
        """

    @abstractmethod
    async def get_token(self, *, principal: Principal, token_id: int) -> GetTokenResponse:
        """Get a token (`GET /tokens/{token_id}`).

        Returns what is known about one token. A revoked token gives 404, and so does a token of
        somebody else if yours is bound to an author.

        `token_id`: The `id` of a token. An id that cannot exist gives 404.

        Security: bearer_token (tokens:manage).
        """

    @abstractmethod
    async def revoke_token(self, *, principal: Principal, token_id: int) -> RevokeTokenResponse:
        """Revoke a token (`DELETE /tokens/{token_id}`).

        Revokes a token for ever. Within five seconds every process of the service refuses it. A
        token may revoke itself.

        `token_id`: The `id` of a token. An id that cannot exist gives 404.

        Security: bearer_token (tokens:manage).
        """


def tokens_operations(
    handlers: TokensHandlers[Principal], security: SecurityHandlers[Principal]
) -> list[Operation]:
    """Bind the operations with the tag `tokens` to their handlers."""
    bearer_token = Scheme(
        "bearer", "header", "Authorization", security.bearer_token, realm="Blog API"
    )
    return [
        Operation(
            "GET",
            "/tokens",
            handlers.list_tokens,
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
                    type=models.TokenSort,
                    default="-created_at",
                ),
            ),
            security=[{bearer_token: ["tokens:manage"]}],
            responses=ListTokensResponse,
        ),
        Operation(
            "POST",
            "/tokens",
            handlers.create_token,
            body=Body(
                {
                    "application/json": Json(models.TokenCreate),
                },
                required=True,
            ),
            security=[{bearer_token: ["tokens:manage"]}],
            responses=CreateTokenResponse,
        ),
        Operation(
            "GET",
            "/tokens/{token_id}",
            handlers.get_token,
            parameters=(
                Parameter(
                    "token_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            security=[{bearer_token: ["tokens:manage"]}],
            responses=GetTokenResponse,
        ),
        Operation(
            "DELETE",
            "/tokens/{token_id}",
            handlers.revoke_token,
            parameters=(
                Parameter(
                    "token_id",
                    location="path",
                    type=Annotated[StrictInt, Field(ge=1, le=9223372036854775807)],
                    decode=from_path(integer),
                    required=True,
                ),
            ),
            security=[{bearer_token: ["tokens:manage"]}],
            responses=RevokeTokenResponse,
        ),
    ]
