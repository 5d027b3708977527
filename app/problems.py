"""Problems: every error that reaches the application becomes application/problem+json (RFC 9457), only here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from fastapi import FastAPI
from pydantic import MISSING
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app import errors
from generated import models, responses
from generated.runtime.refusals import ErrorAt, Refusal
from generated.runtime.responses import ApiResponse

RETRY_AFTER = 1  # seconds; the embedded database is back sooner, a failed-over one within a few tries


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. Its `type` is a page of this service (see `app.docs`) that shows the explanation."""

    slug: str
    status: int
    title: str
    explanation: str

    @property
    def type(self) -> str:
        """The URI reference of the kind, the same for ever."""
        return f"/problems/{self.slug}"


BAD_REQUEST = Kind(
    "bad-request",
    400,
    "Bad request",
    "The service cannot read the request: the body is not JSON in UTF-8 or has a member twice, or the query has a "
    "parameter that the contract does not know, or has one twice, or the request is not well-formed HTTP/1.1. Mend "
    "the request; sending it again will not help.",
)
INVALID_CURSOR = Kind(
    "invalid-cursor",
    400,
    "Invalid cursor",
    "A cursor belongs to one list, one order and its filters. Send the next_cursor of the page before, unchanged, with "
    "the same sort and filters, or start again without a cursor.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "Not found",
    "There is nothing at this path. Paths have no trailing slash, and ids are whole numbers from 1.",
)
AUTHOR_NOT_FOUND = Kind(
    "author-not-found",
    404,
    "Author not found",
    "There is no author with this id: there never was, or the author has been deleted.",
)
ARTICLE_NOT_FOUND = Kind(
    "article-not-found",
    404,
    "Article not found",
    "There is no article with this id: there never was, or the article has been deleted.",
)
UNKNOWN_AUTHOR = Kind(
    "unknown-author",
    404,
    "Unknown author",
    "The body names an author who does not exist. Create the author first, or name another one.",
)
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    "Method not allowed",
    "The path exists, but not with this method. The Allow header lists the methods that it has.",
)
AUTHOR_HAS_ARTICLES = Kind(
    "author-has-articles",
    409,
    "Author has articles",
    "An author who has articles is not deleted. Delete the articles first, or ask with cascade=true to delete both.",
)
CONTENT_TOO_LARGE = Kind(
    "content-too-large",
    413,
    "Content too large",
    "The body is larger than this service accepts. The largest article that the contract allows always fits.",
)
UNSUPPORTED_MEDIA_TYPE = Kind(
    "unsupported-media-type",
    415,
    "Unsupported media type",
    "The body has to have the media type that the contract names, in UTF-8 and without content coding: "
    "application/json, or application/merge-patch+json for PATCH.",
)
UNPROCESSABLE_CONTENT = Kind(
    "unprocessable-content",
    422,
    "Unprocessable content",
    "The service can read the request, but a value breaks the contract. Each entry of errors names the part of the "
    "request, the place in it as a JSON Pointer, and what is wrong there.",
)
REQUEST_HEADER_FIELDS_TOO_LARGE = Kind(
    "request-header-fields-too-large",
    431,
    "Request header fields too large",
    "The request line and the header fields are larger together than this service accepts. Send fewer or shorter ones.",
)
INTERNAL_ERROR = Kind(
    "internal-error",
    500,
    "Internal error",
    "The service has failed; the fault is not in the request. Please report the request_id.",
)
NOT_IMPLEMENTED = Kind(
    "not-implemented",
    501,
    "Not implemented",
    "The operation stands in the contract, but nobody has written it yet.",
)
SERVICE_UNAVAILABLE = Kind(
    "service-unavailable",
    503,
    "Service unavailable",
    "The database does not answer, or is busy, or is not migrated yet. Try again after the seconds in Retry-After. "
    "Look first whether a change that was answered so has happened: the database's own answer may have been lost.",
)

KINDS = {kind.slug: kind for kind in list(globals().values()) if isinstance(kind, Kind)}

_BY_STATUS = {
    kind.status: kind
    for kind in (
        BAD_REQUEST,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        CONTENT_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        UNPROCESSABLE_CONTENT,
        REQUEST_HEADER_FIELDS_TOO_LARGE,
        NOT_IMPLEMENTED,
    )
}

_BY_ERROR: dict[type[errors.BlogError], Kind] = {
    errors.AuthorNotFound: AUTHOR_NOT_FOUND,
    errors.ArticleNotFound: ARTICLE_NOT_FOUND,
    errors.UnknownAuthor: UNKNOWN_AUTHOR,
    errors.AuthorHasArticles: AUTHOR_HAS_ARTICLES,
    errors.InvalidCursor: INVALID_CURSOR,
    errors.Unavailable: SERVICE_UNAVAILABLE,
    errors.SchemaOutdated: SERVICE_UNAVAILABLE,
}

_PLACES: dict[type[errors.BlogError], ErrorAt] = {
    errors.UnknownAuthor: ErrorAt("body", "/author_id", "No such author"),
    errors.InvalidCursor: ErrorAt("query", "/cursor", "Not a cursor of this list"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _UndocumentedResponse(ApiResponse):
    """What no operation answers: 405 and 431 belong to none, 500 and 501 to no contract."""

    statuses: ClassVar[tuple[int, int] | None] = (405, 501)
    media_type: ClassVar[str | None] = "application/problem+json"
    header_names: ClassVar[dict[str, str]] = {"allow": "Allow"}

    status_code: int
    body: models.Problem
    allow: str | None = None


def install(app: FastAPI) -> None:
    """Let the application answer refusals of the generated code, domain errors and Starlette's errors with problems."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(errors.BlogError, _failed)
    app.add_exception_handler(HTTPException, _not_routed)


def internal_error(request: Request) -> ApiResponse:
    """Return the answer to a request in which the service itself failed; it tells nothing of the inside."""
    return _answer(request, INTERNAL_ERROR, "The service has failed. Please report the request_id.")


def refused(request: Request, refusal: Refusal) -> ApiResponse:
    """Return the answer to a request that the generated code, or the server in front of it, refuses."""
    kind = _BY_STATUS[refusal.status]
    return _answer(request, kind, refusal.detail, places=refusal.errors, headers=refusal.headers)


async def _refused(request: Request, error: Any) -> Any:
    return refused(request, error)


async def _failed(request: Request, error: Any) -> Any:
    place = _PLACES.get(type(error))
    return _answer(request, _BY_ERROR[type(error)], str(error), places=[place] if place else [])


async def _not_routed(request: Request, error: Any) -> Any:
    if error.status_code == 405:
        allow = error.headers["Allow"]
        return _answer(request, METHOD_NOT_ALLOWED, f"This path allows {allow}.", headers=error.headers)
    return _answer(request, NOT_FOUND, "There is nothing at this path.")


def _answer(
    request: Request,
    kind: Kind,
    detail: str,
    *,
    places: Iterable[ErrorAt] = (),
    headers: dict[str, str] | None = None,
) -> ApiResponse:
    body = models.Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=_printable(detail),
        instance=quote(request.scope["path"], errors="replace"),
        request_id=request.state.request_id,
        errors=[_place(each) for each in places] or MISSING,
    )
    match kind.status:
        case 400:
            return responses.BadRequestResponse(body=body)
        case 404:
            return responses.NotFoundResponse(body=body)
        case 409:
            return responses.ConflictResponse(body=body)
        case 413:
            return responses.ContentTooLargeResponse(body=body)
        case 415 if request.method == "PATCH":
            return responses.UnsupportedPatchMediaTypeResponse(body=body, accept_patch="application/merge-patch+json")
        case 415:
            return responses.UnsupportedMediaTypeResponse(body=body)
        case 422:
            return responses.UnprocessableContentResponse(body=body)
        case 503:
            return responses.ServiceUnavailableResponse(body=body, retry_after=RETRY_AFTER)
        case other:
            return _UndocumentedResponse(status_code=other, body=body, allow=(headers or {}).get("Allow"))


def _place(error: ErrorAt) -> models.ProblemError:
    pointer = _printable(error.pointer).removesuffix("~")  # half of an escape, where it was cut
    return models.ProblemError(in_=error.location, pointer=pointer, detail=_printable(error.detail))


def _printable(text: str) -> str:
    """Return text that may quote the request, as it can stand in JSON: lone surrogates escaped, not overlong."""
    return text.encode("utf-8", "backslashreplace").decode()[:500]
