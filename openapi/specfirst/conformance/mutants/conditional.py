"""Mutants of conditional requests (RFC 9110, section 13): conditions that are not looked at, or
not as the RFC says, and entity tags that do not tell states apart.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from specfirst.conformance.mutants.exchange import (
    Behaviour,
    Forward,
    Mutant,
    Request,
    Response,
    changes_request,
    matches,
    mutant_of,
)
from specfirst.contract.model import Contract, Operation

_CONSTANT = '"constant"'
_TAG = re.compile(r'(?:W/)?("[!#-~\x80-\xff]*")')


def of_conditional(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of operations with `If-Match`, a 304 or an `ETag`."""
    for operation in contract.operations:
        if operation.if_match:
            yield from _of_if_match(operation)
        if operation.is_revalidated:
            yield from _of_if_none_match(operation)
        shows_etag = any(
            name.lower() == "etag"
            for status, response in operation.responses.items()
            if status.startswith("2")
            for name in response.headers
        )
        if shows_etag:
            start = partial(_constant, operation)
            yield mutant_of(operation, "a constant ETag", "etag", start, watches_all=True)
        if shows_etag and operation.if_match:
            said, start = "the ETag of the state before", partial(_of_before, operation)
            yield mutant_of(operation, said, "etag", start, watches_all=True)


def _of_if_match(operation: Operation) -> Iterator[Mutant]:
    changes: dict[str, Callable[[Request], Request]] = {
        "If-Match ignored": lambda request: request.with_header("if-match", "*"),
        "weak tags match": _strong,
        "only the first tag read": _first_only,
        "a malformed If-Match taken for none": _well_formed,
    }
    for said, change in changes.items():
        yield mutant_of(operation, said, "if-match", changes_request(_if_given(change)))
    if operation.if_match and operation.if_match.required:
        missing = changes_request(_any_if_missing)
        yield mutant_of(operation, "If-Match not required", "if-match", missing)


def _of_if_none_match(operation: Operation) -> Iterator[Mutant]:
    ignored = changes_request(lambda request: request.with_header("if-none-match", None))
    yield mutant_of(operation, "If-None-Match ignored", "if-none-match", ignored)
    yield mutant_of(operation, "a 304 with a body", "if-none-match", lambda: _with_body)
    yield mutant_of(operation, "a 304 to any If-None-Match", "if-none-match", lambda: _always)


def _if_given(change: Callable[[Request], Request]) -> Callable[[Request], Request]:
    """Return a change of requests that have an `If-Match`; `*` stays, as it has no tags."""

    def changed(request: Request) -> Request:
        return request if request.header("if-match") in (None, "*") else change(request)

    return changed


def _any_if_missing(request: Request) -> Request:
    return request if request.header("if-match") else request.with_header("if-match", "*")


def _strong(request: Request) -> Request:
    return request.with_header("if-match", _given(request).replace('W/"', '"'))


def _first_only(request: Request) -> Request:
    found = _TAG.search(_given(request))
    return request.with_header("if-match", found[0]) if found else request


def _well_formed(request: Request) -> Request:
    if _TAG.sub("", _given(request)).strip(", \t"):
        return request.with_header("if-match", '"none"')
    return request


def _given(request: Request) -> str:
    return request.header("if-match") or ""


async def _with_body(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if response.status != 304 or request.method == "HEAD":
        return response
    whole = await forward(request.with_header("if-none-match", None))
    kind = whole.header("content-type") or "application/json"
    return replace(response, body=whole.body).with_header("content-type", kind)


async def _always(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    if request.header("if-none-match") is None or not response.is_success:
        return response
    return await forward(request.with_header("if-none-match", "*"))


def _constant(operation: Operation) -> Behaviour:
    """Show one tag for all states, and accept it for any."""

    async def behaviour(request: Request, forward: Forward) -> Response:
        for name in ("if-match", "if-none-match"):
            if _CONSTANT in (request.header(name) or ""):
                request = request.with_header(name, "*")
        response = await forward(request)
        if response.header("etag") is None or not _is_meant(operation, request):
            return response
        return response.with_header("etag", _CONSTANT)

    return behaviour


def _of_before(operation: Operation) -> Behaviour:
    """Show, after a change, the tag that was shown before it."""
    shown: dict[str, str] = {}

    async def behaviour(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        etag = response.header("etag")
        if etag is None:
            return response
        before = shown.get(request.path, etag)
        shown[request.path] = etag
        return response.with_header("etag", before) if _is_meant(operation, request) else response

    return behaviour


def _is_meant(operation: Operation, request: Request) -> bool:
    return request.method == operation.method.upper() and matches(operation.path, request.path)
