"""Mutants of whole paths: undocumented methods, `HEAD`, `OPTIONS` and trailing slashes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from specfirst.conformance.mutants.exchange import (
    Mutant,
    Request,
    Response,
    changes_request,
    changes_response,
)
from specfirst.contract.model import Contract

_NOT_ALLOWED = 405


def of_paths(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of each path of the document."""
    for path in dict.fromkeys(each.path for each in contract.operations):
        for said, change in _REFUSALS.items():
            yield Mutant(
                name=f"{path}: response 405 {said}",
                kind="path",
                method="*",
                path=path,
                start=changes_response(change, status=_NOT_ALLOWED),
                statuses=frozenset({_NOT_ALLOWED}),
                reads_requests=False,
            )
        has_get = any((each.method, each.path) == ("get", path) for each in contract.operations)
        if has_get:
            yield _request(
                path,
                "HEAD refused",
                "HEAD",
                path,
                lambda request: replace(request, method="TRACE", changed=True),
            )
        yield _request(
            path,
            "OPTIONS refused",
            "OPTIONS",
            path,
            lambda request: replace(request, method="TRACE", changed=True),
        )
        yield _request(path, "trailing slash accepted", "*", f"{path}/", _without_slash)


def _request(
    path: str, said: str, method: str, template: str, change: Callable[[Request], Request]
) -> Mutant:
    return Mutant(
        name=f"{path}: {said}",
        kind="path",
        method=method,
        path=template,
        start=changes_request(change),
    )


def _without_slash(request: Request) -> Request:
    return replace(request, path=request.path.removesuffix("/"), changed=True)


def _with_allow(change: Callable[[list[str]], list[str]]) -> Callable[[Response], Response]:
    def changed(response: Response) -> Response:
        methods = [each.strip() for each in (response.header("allow") or "").split(",")]
        return response.with_header("allow", ", ".join(change(methods)))

    return changed


_REFUSALS: dict[str, Callable[[Response], Response]] = {
    "header Allow removed": lambda response: response.with_header("allow", None),
    "header Allow with a method less": _with_allow(lambda methods: methods[:-1]),
    "header Allow with a method more": _with_allow(lambda methods: [*methods, "TRACE"]),
    "as 404": lambda response: replace(response, status=404),
    "as 500": lambda response: replace(response, status=500),
}
