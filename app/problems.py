"""Turns every error into a problem, `application/problem+json` (RFC 9457). This happens only here.

`TABLE` has one row per kind of problem. The application does not start if an error has no row.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import quote

import orjson
from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler
from pydantic import MISSING
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Scope

from app import errors
from app.caching import NO_STORE
from generated import models
from generated.runtime.error_texts import CODES as RUNTIME_CODES
from generated.runtime.rejections import ErrorDetail, RequestRejected
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import Operation

logger = logging.getLogger(__name__)

_NOT_ALLOWED_IN_URI = re.compile(rb"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~/%-]")

RETRY_AFTER = (
    1  # seconds; enough for a restart of the embedded database, and a few retries cover a failover
)

CODES: Mapping[str, str] = {
    **RUNTIME_CODES,
    "not_found": "The value refers to something that does not exist.",
    "invalid_cursor": "The value is not a cursor of this list with this sort and these filters.",
    "idempotency_key_reused": "The key belongs to another request: its body or parameters differ.",
}
"""The codes of entries in `errors`, with their meanings. The meaning of a code never changes."""

_MOST_ERRORS = 100  # `maxItems` of `errors` in the contract
_STATUSES_WITH_ERRORS = (400, 404, 422)  # statuses of refusals with entries in `errors`


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. Its `type` is the path of a page that explains it (see `app.docs`)."""

    slug: str
    status: int
    title: str
    explanation: str
    errors: tuple[type[Exception], ...] = (RequestRejected,)
    """The domain errors it is for, with subclasses; `RequestRejected`: all others of its status."""
    error_detail: ErrorDetail | None = None
    """The entry in `errors` of a domain error."""
    retry_after: int | None = None
    """Seconds."""
    challenge: str | None = None
    """The `WWW-Authenticate` for the domain errors (RFC 9110, section 11.6.1)."""

    @property
    def type(self) -> str:
        """The URI reference of the kind, which never changes.

        Without a slug it is `about:blank` (RFC 9457, section 4.2.1).
        """
        return f"/problems/{self.slug}" if self.slug else "about:blank"

    @property
    def codes(self) -> Mapping[str, str]:
        """The codes that its entries in `errors` may have, with their meanings."""
        if self.error_detail is not None:
            return {self.error_detail.code: CODES[self.error_detail.code]}
        return (
            RUNTIME_CODES
            if RequestRejected in self.errors and self.status in _STATUSES_WITH_ERRORS
            else {}
        )


TABLE: tuple[Kind, ...] = (
    Kind(
        "bad-request",
        400,
        "Bad request",
        "The service cannot read the request: the body is not JSON in UTF-8 or has a repeated "
        "member, the query has an unknown or repeated parameter, If-Match is neither a list of "
        "entity tags nor *, or the request is not well-formed HTTP/1.1. Fix the request; sending "
        "it again will not help.",
    ),
    Kind(
        "invalid-cursor",
        400,
        "Invalid cursor",
        "A cursor is only valid for one list with one sort order and the same filters. Send the "
        "next_cursor of the previous page unchanged, with the same sort and filters, or start "
        "again without a cursor.",
        errors=(errors.InvalidCursor,),
        error_detail=ErrorDetail("query", "/cursor", "invalid_cursor", "Not a cursor of this list"),
    ),
    Kind(
        "unauthorized",
        401,
        "Unauthorized",
        "The request has no token where it needs one, or a token that is not valid: it has a "
        "typing error, has expired, was revoked, or was made elsewhere. Send a valid one as "
        "`Authorization: Bearer blog_pat_…`.",
        errors=(RequestRejected, errors.TokenRevoked),
        challenge='Bearer error="invalid_token"',
    ),
    Kind(
        "forbidden",
        403,
        "Forbidden",
        "The token is valid but lacks a scope that the operation needs, which WWW-Authenticate "
        "names. Use a token that has it.",
    ),
    Kind(
        "not-the-owner",
        403,
        "Not the owner",
        "The token is bound to an author. It can write that author and the articles of that "
        "author, and nothing else.",
        errors=(errors.NotTheOwner,),
    ),
    Kind(
        "grant-forbidden",
        403,
        "Grant forbidden",
        "A token cannot grant more than it has: no scope that it lacks, no longer life than its "
        "own, and if it is bound to an author, no other author.",
        errors=(errors.GrantForbidden,),
    ),
    Kind(
        "not-found",
        404,
        "Not found",
        "There is nothing at this path. Paths have no trailing slash, and ids are whole numbers "
        "from 1.",
    ),
    Kind(
        "author-not-found",
        404,
        "Author not found",
        "There is no author with this id: the author never existed or has been deleted.",
        errors=(errors.AuthorNotFound,),
    ),
    Kind(
        "article-not-found",
        404,
        "Article not found",
        "There is no article with this id: the article never existed or has been deleted.",
        errors=(errors.ArticleNotFound,),
    ),
    Kind(
        "token-not-found",
        404,
        "Token not found",
        "There is no token with this id: it never existed, was revoked, or went with its author. "
        "Or it is not one that yours may see, because yours is bound to an author.",
        errors=(errors.TokenNotFound,),
    ),
    Kind(
        "unknown-author",
        404,
        "Unknown author",
        "The author_id in the body does not exist. Create the author first, or use another id.",
        errors=(errors.UnknownAuthor,),
        error_detail=ErrorDetail("body", "/author_id", "not_found", "No such author"),
    ),
    Kind(
        "method-not-allowed",
        405,
        "Method not allowed",
        "The path exists, but does not support this method. The Allow header lists the supported "
        "methods.",
    ),
    Kind(
        "request-timeout",
        408,
        "Request timeout",
        "The request did not arrive in time, and the connection is closed. Nothing of it has been "
        "done. Send it again on a new connection.",
    ),
    Kind(
        "author-has-articles",
        409,
        "Author has articles",
        "An author with articles cannot be deleted. Delete the articles first, or use "
        "cascade=true to delete both.",
        errors=(errors.AuthorHasArticles,),
    ),
    Kind(
        "precondition-failed",
        412,
        "Precondition failed",
        "If-Match has no current ETag: somebody has changed or replaced what you have seen, and "
        "nothing was changed now. Get it again, decide again, and send the new ETag. An ETag that "
        "begins with W/ never matches: a proxy that compresses responses makes such ones.",
        errors=(errors.VersionMismatch,),
    ),
    Kind(
        "idempotency-key-in-use",
        409,
        "Idempotency key in use",
        "A request with the same Idempotency-Key has not been answered yet. Try again with the "
        "same key after the number of seconds in Retry-After: the response will be that of the "
        "other request, if it succeeds.",
        errors=(errors.IdempotencyKeyInUse,),
        retry_after=RETRY_AFTER,
    ),
    Kind(
        "content-too-large",
        413,
        "Content too large",
        "The body has more bytes or more values than the service accepts. The largest article that "
        "the contract allows always fits.",
    ),
    Kind(
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "The body must have the media type in the contract, in UTF-8 and without a content "
        "coding: application/json, or for PATCH also application/merge-patch+json, which means "
        "the same there.",
    ),
    Kind(
        "unprocessable-content",
        422,
        "Unprocessable content",
        "The request can be read, but a value violates the contract. Each entry in errors has the "
        "part of the request, the location as a JSON Pointer, a code for programs, a description, "
        "and the limits in the contract.",
        errors=(RequestRejected, errors.DataRejected),
    ),
    Kind(
        "precondition-required",
        428,
        "Precondition required",
        "The operation changes something and needs If-Match, so that nobody overwrites a change "
        "that they have not seen. Send the ETag of the response in which you have seen it, or * to "
        "change it whatever its state is.",
    ),
    Kind(
        "idempotency-key-reused",
        422,
        "Idempotency key reused",
        "The Idempotency-Key belongs to another request, whose response is kept for 24 hours. "
        "Repeat that request unchanged, or choose a new key for this one.",
        errors=(errors.IdempotencyKeyReused,),
        error_detail=ErrorDetail(
            "header", "/Idempotency-Key", "idempotency_key_reused", "Belongs to another request"
        ),
    ),
    Kind(
        "too-many-requests",
        429,
        "Too many requests",
        "The client has sent too many requests. Try again after the number of seconds in "
        "Retry-After.",
    ),
    Kind(
        "request-header-fields-too-large",
        431,
        "Request header fields too large",
        "The request line and the header fields together are larger than the service accepts. "
        "Send fewer or shorter header fields.",
    ),
    Kind(
        "internal-error",
        500,
        "Internal error",
        "The service has failed; this is not a fault of the request. Please report the request_id.",
    ),
    Kind(
        "not-implemented",
        501,
        "Not implemented",
        "The operation is in the contract but is not implemented yet.",
    ),
    Kind(
        "overloaded",
        503,
        "Overloaded",
        "The service has more requests or connections than it can serve at the moment. Nothing of "
        "the request has been done. Try again after the number of seconds in Retry-After.",
        retry_after=RETRY_AFTER,
    ),
    Kind(
        "service-unavailable",
        503,
        "Service unavailable",
        "The database does not answer, is busy or is not migrated yet, the request has taken too "
        "long, or the service is shutting down. Try again after the number of seconds in "
        "Retry-After. Before you repeat a change, check whether it has happened: the response of "
        "the database may have been lost.",
        errors=(errors.Unavailable,),
        retry_after=RETRY_AFTER,
    ),
)

_EVERYWHERE = (400, 404, 405, 408, 431, 500, 503)  # statuses that can occur outside the operations

KINDS = {kind.slug: kind for kind in TABLE}


class IncompleteProblems(TypeError):
    """An error has no row in `TABLE`. The message has the missing rows."""


def check(operations: Iterable[Operation]) -> None:
    """Raise `IncompleteProblems` if a domain error or status has no row, or a code no meaning."""
    missing = {**_missing_statuses(operations), **dict(_missing_errors())}
    if missing:
        rows = "".join(f"    {row}\n" for row in missing.values())
        raise IncompleteProblems(
            f"app.problems has no row for {', '.join(missing)}. Write into TABLE:\n\n{rows}"
        )
    codes = dict.fromkeys(
        kind.error_detail.code
        for kind in TABLE
        if kind.error_detail and kind.error_detail.code not in CODES
    )
    if codes:
        rows = "".join(f'    "{code}": "<what it means>",\n' for code in codes)
        raise IncompleteProblems(
            f"app.problems does not say what {', '.join(codes)} means. Write into CODES:\n\n{rows}"
        )


def _missing_statuses(operations: Iterable[Operation]) -> dict[str, str]:
    met: dict[int, str] = {
        status: "everywhere" for status in _EVERYWHERE if _kind(RequestRejected, status) is None
    }
    for operation in operations:
        refused = {
            status for status in operation.refusals if _kind(RequestRejected, status) is None
        }
        documented = {status for status in operation.statuses if status >= 400} - {
            kind.status for kind in TABLE
        }
        for status in sorted(refused | documented):
            met.setdefault(status, f"{operation.method} {operation.path}")
    return {
        f"status {status} ({where})": _row(_phrase(status), str(status))
        for status, where in met.items()
    }


def _missing_errors() -> Iterator[tuple[str, str]]:
    for error in errors.subclasses(errors.BlogError):
        if kind_of(error) is None:
            title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", error.__name__).capitalize()
            yield error.__name__, _row(title, "<status>", f", errors=(errors.{error.__name__},)")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.capitalize()
    except ValueError:
        return f"Status {status}"


def _row(title: str, status: str, rest: str = "") -> str:
    """Return the source of a new row, with placeholders."""
    slug = title.lower().replace(" ", "-")
    return f'Kind("{slug}", {status}, "{title}", "<what it means, and what to do>"{rest}),'


@dataclass(frozen=True, slots=True, kw_only=True)
class _ProblemResponse(ApiResponse):
    """A problem with any status and headers. The generated responses lack 405, 431, 500 and 501."""

    statuses: ClassVar[tuple[int, int] | None] = (400, 599)
    media_type: ClassVar[str | None] = "application/problem+json"

    status_code: int
    body: models.Problem
    headers: Mapping[str, str]

    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()
        ]


def install(app: FastAPI) -> None:
    """Add the handlers for rejections, domain errors and Starlette's errors."""
    app.add_exception_handler(RequestRejected, _handle_refusal)
    app.add_exception_handler(errors.BlogError, _handle_domain_error)
    app.add_exception_handler(HTTPException, _handle_http_exception)


def internal_error(request: Request) -> ApiResponse:
    """Return the 500 for an uncaught error. It reveals nothing about the error."""
    return _answer_status(request, 500, "The service has failed. Please report the request_id.")


def overloaded(
    scope: Scope, detail: str, request_id: str
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return the status, the headers and the body of the 503 for a request too many.

    Put together by hand, in a third of the time: it is for services that have none.
    """
    kind = KINDS["overloaded"]
    body = orjson.dumps(
        {
            "type": kind.type,
            "title": kind.title,
            "status": kind.status,
            "detail": detail,
            "instance": instance(scope),
            "request_id": request_id,
        }
    )
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", NO_STORE.encode()),
        (b"retry-after", b"%d" % RETRY_AFTER),
        (b"x-request-id", request_id.encode()),
    ]
    return kind.status, headers, body


def stopping(request: Request) -> ApiResponse:
    """Return the 503 for a request that is cancelled because the service is shutting down."""
    return _answer(
        request,
        KINDS["service-unavailable"],
        "The service is shutting down. Try again in a moment.",
    )


def timed_out(request: Request, seconds: float) -> ApiResponse:
    """Return the 503 for a request that takes longer than it may."""
    advice = (
        "Try again in a moment."
        if request.method in ("GET", "HEAD")
        else "The change may have happened all the same: check before you try again."
    )
    return _answer(
        request,
        KINDS["service-unavailable"],
        f"The request has taken longer than {seconds:g} seconds. {advice}",
    )


def example(request: Request, kind: Kind) -> ApiResponse:
    """Return an example problem, whose `detail` is the first sentence of the explanation."""
    reason = re.split(r"[:;.] ", kind.explanation, maxsplit=1)[0].rstrip(".")
    return _answer(
        request, kind, f"{reason}.", error_details=[kind.error_detail] if kind.error_detail else []
    )


def instance(scope: Scope) -> str:
    """Return the path of a request as it was sent, as a URI reference.

    An encoded slash stays encoded.

    It is empty if the server could not parse the request.
    """
    if not scope["path"]:
        return ""
    raw: bytes = scope.get("raw_path") or quote(scope["path"], errors="replace").encode()
    return _NOT_ALLOWED_IN_URI.sub(lambda found: b"%%%02X" % ord(found[0]), raw).decode()


def refused(request: Request, refusal: RequestRejected) -> ApiResponse:
    """Return the problem for a request that the generated code or the server rejects."""
    return _answer_status(
        request,
        refusal.status,
        refusal.detail,
        error_details=refusal.errors,
        headers=refusal.headers,
    )


async def _handle_refusal(request: Request, error: Any) -> Any:
    return refused(request, error)


async def _handle_domain_error(request: Request, error: Any) -> Any:
    kind = kind_of(type(error))
    if kind is None:
        raise error
    operation: Operation | None = request.scope.get("operation")
    if operation is not None and not operation.documents(kind.status):
        where, name = f"{operation.method} {operation.path}", type(error).__name__
        logger.error("%s does not document %d, which answers %s", where, kind.status, name)
        if kind.status < 500:
            # a bug; but every operation may respond that the service is unavailable
            raise error
    if kind.status >= 500 and error.__cause__ is None:
        # an error with a cause is logged where the cause is caught
        logger.warning("%s: %s", type(error).__name__, error)
    return _answer(
        request, kind, str(error), error_details=[kind.error_detail] if kind.error_detail else []
    )


async def _handle_http_exception(request: Request, error: Any) -> Any:
    """Handle an `HTTPException` from the router or from a route outside the contract.

    The router's has only a status.
    """
    status, headers = error.status_code, error.headers or {}
    if status < 400:
        return await http_exception_handler(request, error)
    allow = headers.get("Allow", "other methods")
    details = {404: "There is nothing at this path.", 405: f"This path allows {allow}."}
    detail = details.get(status) if error.detail == HTTPException(status).detail else None
    kind = _kind(RequestRejected, status) or Kind("", status, _phrase(status), "")
    return _answer(request, kind, detail or str(error.detail), headers=headers)


def _kind(error: type[Exception], status: int | None = None) -> Kind | None:
    return next(
        (kind for kind in TABLE if error in kind.errors and status in (None, kind.status)), None
    )


def kind_of(error: type[Exception]) -> Kind | None:
    """Return the row of a domain error or of its nearest parent class, or None."""
    return next(filter(None, map(_kind, error.__mro__)), None)


def _answer_status(request: Request, status: int, detail: str, **parts: Any) -> ApiResponse:
    kind = _kind(RequestRejected, status)
    if kind is None:
        raise LookupError(f"app.problems has no row for status {status}")
    return _answer(request, kind, detail, **parts)


def _answer(
    request: Request,
    kind: Kind,
    detail: str,
    *,
    error_details: Iterable[ErrorDetail] = (),
    headers: Mapping[str, str] | None = None,
) -> ApiResponse:
    body = models.Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=_printable(detail),
        instance=instance(request.scope),
        request_id=request.state.request_id,
        errors=[_problem_error(each) for each in islice(error_details, _MOST_ERRORS)] or MISSING,
    )
    own = {"Retry-After": kind.retry_after, "WWW-Authenticate": kind.challenge}
    always = {name: str(value) for name, value in own.items() if value is not None}
    always["Cache-Control"] = NO_STORE
    return _ProblemResponse(
        status_code=kind.status, body=body, headers={**always, **(headers or {})}
    )


def _problem_error(error: ErrorDetail) -> models.ProblemError:
    # Not validated: the numbers are the contract's, and as floats some int64 would lose digits.
    limits = models.ProblemLimits.model_construct(**error.limits) if error.limits else MISSING
    return models.ProblemError(
        in_=error.location,
        pointer=error.pointer,
        code=error.code,
        detail=_printable(error.detail),
        limits=limits,
    )


def _printable(text: str) -> str:
    """Return text that is safe in JSON: no lone surrogates, and at most 500 characters."""
    return text.encode("utf-8", "backslashreplace").decode()[:500]
