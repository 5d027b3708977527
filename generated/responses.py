# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The responses that operations share (/components/responses of the contract)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from . import models
from .runtime.responses import ApiResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleForbiddenResponse(ApiResponse):
    """The token lacks the scope `articles:write`, or is bound to another author."""

    status: ClassVar[int] = 403
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "www_authenticate": "WWW-Authenticate",
    }

    body: models.Problem
    www_authenticate: str | None = None
    """The scope that the token lacks (RFC 6750, section 3). Absent if the token has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleNotFoundResponse(ApiResponse):
    """The article does not exist, or the `author_id` in the body is unknown."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorForbiddenResponse(ApiResponse):
    """The token lacks the scope `authors:write`, or is bound to another author."""

    status: ClassVar[int] = 403
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "www_authenticate": "WWW-Authenticate",
    }

    body: models.Problem
    www_authenticate: str | None = None
    """The scope that the token lacks (RFC 6750, section 3). Absent if the token has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorNotFoundResponse(ApiResponse):
    """The author does not exist."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPageRequestResponse(ApiResponse):
    """The cursor is invalid for this list, or a query parameter is unknown or repeated."""

    status: ClassVar[int] = 400
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRequestResponse(ApiResponse):
    """A query parameter is unknown or repeated, or `If-Match`, where the operation has it, is
    neither a list of entity tags nor `*`."""

    status: ClassVar[int] = 400
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictResponse(ApiResponse):
    """The request conflicts with stored data."""

    status: ClassVar[int] = 409
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentTooLargeResponse(ApiResponse):
    """The body has more bytes or more values than the service accepts."""

    status: ClassVar[int] = 413
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKeyInUseResponse(ApiResponse):
    """A request with the same `Idempotency-Key` has not been answered yet. Try again with the same
    key to get its response."""

    status: ClassVar[int] = 409
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "retry_after": "Retry-After",
    }

    body: models.Problem
    retry_after: int
    """How many seconds to wait before you try again (RFC 9110, section 10.2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModifiedResponse(ApiResponse):
    """The client has the current state already, as `If-None-Match` says."""

    status: ClassVar[int] = 304
    header_names: ClassVar[Mapping[str, str]] = {
        "etag": "ETag",
        "cache_control": "Cache-Control",
    }

    etag: str
    """The current one (RFC 9110, section 8.8.3), which is among those in `If-None-Match`."""
    cache_control: str
    """Who may keep the response, and for how long (RFC 9111, section 5.2.2): every cache if the request has no
    token, otherwise only that of the client. `must-revalidate` and `no-cache` ask for a request with
    `If-None-Match` before the response is used again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreconditionFailedResponse(ApiResponse):
    """None of the entity tags in `If-Match` is the current `ETag`: somebody else has made a change
    since you have seen it. Nothing was changed."""

    status: ClassVar[int] = 412
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PreconditionRequiredResponse(ApiResponse):
    """The request has no `If-Match` (RFC 6585, section 3)."""

    status: ClassVar[int] = 428
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUnavailableResponse(ApiResponse):
    """The database is unreachable or not ready, or the service has too much to do. Nothing was
    changed, unless `detail` says that it may have been."""

    status: ClassVar[int] = 503
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "retry_after": "Retry-After",
    }

    body: models.Problem
    retry_after: int
    """How many seconds to wait before you try again (RFC 9110, section 10.2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenForbiddenResponse(ApiResponse):
    """The token lacks the scope `tokens:manage`, or cannot grant what it does not have."""

    status: ClassVar[int] = 403
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "www_authenticate": "WWW-Authenticate",
    }

    body: models.Problem
    www_authenticate: str | None = None
    """The scope that the token lacks (RFC 6750, section 3). Absent if the token has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenNotFoundResponse(ApiResponse):
    """The token does not exist, was revoked, or is not yours to see."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyRequestsResponse(ApiResponse):
    """Too many requests have come with this token, or from this address."""

    status: ClassVar[int] = 429
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "retry_after": "Retry-After",
    }

    body: models.Problem
    retry_after: int
    """After how many seconds all requests of the budget are back (RFC 9110, section 10.2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnauthorizedResponse(ApiResponse):
    """The request has no token where it needs one, or a token that is not valid."""

    status: ClassVar[int] = 401
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "www_authenticate": "WWW-Authenticate",
    }

    body: models.Problem
    www_authenticate: str
    """How to authenticate (RFC 9110, section 11.6.1), and whether a token was sent: then it has
    `error="invalid_token"` (RFC 6750, section 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAuthorResponse(ApiResponse):
    """The `author_id` in the body is unknown."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableArticleResponse(ApiResponse):
    """The body is well-formed JSON but does not match its schema; `errors` says where."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableAuthorResponse(ApiResponse):
    """The body is well-formed JSON but does not match its schema; `errors` says where."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableDeletionResponse(ApiResponse):
    """The value of `cascade` is not a boolean."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessablePageRequestResponse(ApiResponse):
    """A parameter is invalid; `errors` says which."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableTokenResponse(ApiResponse):
    """The body is well-formed JSON but does not match its schema; `errors` says where."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableBodyResponse(ApiResponse):
    """The body is missing, is not valid JSON in UTF-8, or has a duplicate member; a query parameter
    is unknown; or `If-Match`, where the operation has it, is neither a list of entity tags nor
    `*`."""

    status: ClassVar[int] = 400
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedMediaTypeResponse(ApiResponse):
    """The body does not have the documented media type."""

    status: ClassVar[int] = 415
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedPatchMediaTypeResponse(ApiResponse):
    """The patch does not have one of the documented media types."""

    status: ClassVar[int] = 415
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "accept_patch": "Accept-Patch",
    }

    body: models.Problem
    accept_patch: str
    """The media types accepted for a patch (RFC 5789, section 3.1)."""
