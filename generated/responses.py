# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The responses that operations share (/components/responses of the contract)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from . import models
from .runtime.responses import ApiResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleNotFoundResponse(ApiResponse):
    """There is no such article, or the body names an author who does not exist."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorNotFoundResponse(ApiResponse):
    """There is no such author."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPageRequestResponse(ApiResponse):
    """The cursor does not belong here, or a query parameter is repeated or not described."""

    status: ClassVar[int] = 400
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRequestResponse(ApiResponse):
    """A query parameter is repeated or not described."""

    status: ClassVar[int] = 400
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictResponse(ApiResponse):
    """The request conflicts with what is stored."""

    status: ClassVar[int] = 409
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentTooLargeResponse(ApiResponse):
    """The body is larger than the service accepts."""

    status: ClassVar[int] = 413
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUnavailableResponse(ApiResponse):
    """The database cannot be reached, or is not ready. Nothing was changed, unless `detail` says that it may have
    been."""

    status: ClassVar[int] = 503
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "retry_after": "Retry-After",
    }

    body: models.Problem
    retry_after: int
    """After how many seconds to try again (RFC 9110, section 10.2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAuthorResponse(ApiResponse):
    """The body names an author who does not exist."""

    status: ClassVar[int] = 404
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableArticleResponse(ApiResponse):
    """The body can be read, but breaks its description; `errors` says where."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableAuthorResponse(ApiResponse):
    """The body can be read, but breaks its description; `errors` says where."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessableDeletionResponse(ApiResponse):
    """The value of `cascade` is neither true nor false."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprocessablePageRequestResponse(ApiResponse):
    """A parameter breaks its description; `errors` says which."""

    status: ClassVar[int] = 422
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableBodyResponse(ApiResponse):
    """The body cannot be read: it is missing, malformed JSON or UTF-8, or has a repeated member; or a query
    parameter is
    not described."""

    status: ClassVar[int] = 400
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedMediaTypeResponse(ApiResponse):
    """The body has another media type than the one described."""

    status: ClassVar[int] = 415
    media_type: ClassVar[str | None] = "application/problem+json"

    body: models.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedPatchMediaTypeResponse(ApiResponse):
    """The patch has another media type than the two described, which mean the same."""

    status: ClassVar[int] = 415
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[Mapping[str, str]] = {
        "accept_patch": "Accept-Patch",
    }

    body: models.Problem
    accept_patch: str
    """The media types that a patch may have (RFC 5789, section 3.1)."""
