"""Mutants of access: callers who are let in, kept out or told too much."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from zlib import crc32

from specfirst.conformance.mutants.exchange import (
    Behaviour,
    Forward,
    Mutant,
    Request,
    Response,
    changes_json,
    matches,
)
from specfirst.contract.model import Contract, Node, Operation

_REMEMBERED = 8  # credentials of callers who were let in, the latest ones

_Credentials = tuple[tuple[str, str], ...]
"""Headers of a request."""


def of_access(contract: Contract) -> Iterator[Mutant]:
    """Yield the mutants of operations that look at credentials in headers."""
    bad = dict(map(_bad_header, contract.security_schemes.values()))
    bad.pop("", None)
    for operation in contract.operations if bad else ():
        if operation.security:
            yield from _of_operation(_Access(operation, bad))


def _of_operation(access: "_Access") -> Iterator[Mutant]:
    operation = access.operation
    yield access.mutant("bad credentials accepted", access.accepts(_are_bad))
    yield access.mutant("a reason in the 401", access.explains)
    if {} in operation.security:
        yield access.mutant("bad credentials ignored", access.ignores)
        yield access.mutant("anonymous refused", access.demands)
    else:
        yield access.mutant("anonymous accepted", access.accepts(_are_missing))
    if any(scopes for each in operation.security for scopes in each.values()):
        yield access.mutant("scopes ignored", access.accepts(_lack_scope))
    if "403" in operation.responses and operation.method != "get":
        yield access.mutant("ownership ignored", access.accepts(_are_of_another))
    if {"403", "404"} <= operation.responses.keys() and "{" in operation.path:
        yield access.mutant("ownership before existence", access.reveals)


def _bad_header(scheme: Node) -> tuple[str, str]:
    """Return a header with bad credentials for a scheme; its name is empty if none has them."""
    if scheme.raw.get("type") != "apiKey":
        return "authorization", f"{scheme.raw.get('scheme', 'Bearer')} -"
    name = str(scheme.raw["name"])
    headers = {"header": (name.lower(), "-"), "cookie": ("cookie", f"{name}=-")}
    return headers.get(scheme.raw["in"], ("", ""))


def _are_bad(credentials: _Credentials, response: Response) -> bool:
    return response.status == 401 and bool(credentials)


def _are_missing(credentials: _Credentials, response: Response) -> bool:
    return response.status == 401 and not credentials


def _lack_scope(_: _Credentials, response: Response) -> bool:
    return response.status == 403 and response.header("www-authenticate") is not None


def _are_of_another(_: _Credentials, response: Response) -> bool:
    return response.status == 403 and response.header("www-authenticate") is None


class _Access:
    """An operation, and headers with bad credentials for it."""

    def __init__(self, operation: Operation, bad: Mapping[str, str]) -> None:
        self.operation = operation
        self._bad = bad

    def mutant(self, said: str, start: Callable[[], Behaviour]) -> Mutant:
        """Return a mutant that also sees the requests to other operations."""
        return Mutant(
            name=f"{self.operation.id}: {said}",
            kind="access",
            method=self.operation.method.upper(),
            path=self.operation.path,
            start=start,
            watches_all=True,
        )

    def accepts(
        self, is_refused: Callable[[_Credentials, Response], bool]
    ) -> Callable[[], Behaviour]:
        """Serve some callers that are refused as one of those who were let in before."""

        def start() -> Behaviour:
            let_in: dict[_Credentials, None] = {}

            async def behaviour(request: Request, forward: Forward) -> Response:
                response = await forward(request)
                credentials = self._of(request)
                if response.is_success and credentials:
                    let_in.pop(credentials, None)
                    let_in[credentials] = None
                elif self._is_meant(request) and is_refused(credentials, response):
                    for each in list(let_in)[: -_REMEMBERED - 1 : -1]:
                        again = await forward(self._with(request, each))
                        if again.status not in (401, 403):
                            return again
                return response

            return behaviour

        return start

    def explains(self) -> Behaviour:
        """Let a 401 depend on the credentials."""

        async def behaviour(request: Request, forward: Forward) -> Response:
            response = await forward(request)
            credentials = self._of(request)
            if not self._is_meant(request) or not _are_bad(credentials, response):
                return response
            return changes_json(lambda body: _explained(body, credentials))(response)

        return behaviour

    def ignores(self) -> Behaviour:
        """Serve callers with bad credentials as if they had sent none."""

        async def behaviour(request: Request, forward: Forward) -> Response:
            response = await forward(request)
            if self._is_meant(request) and _are_bad(self._of(request), response):
                return await forward(self._with(request, ()))
            return response

        return behaviour

    def demands(self) -> Behaviour:
        """Serve nobody without credentials."""

        async def behaviour(request: Request, forward: Forward) -> Response:
            if not self._is_meant(request) or self._of(request):
                return await forward(request)
            return await forward(self._with(request, tuple(self._bad.items())))

        return behaviour

    def reveals(self) -> Behaviour:
        """Refuse callers who may not do it before it is known whether there is such a thing."""
        refused: dict[_Credentials, Response] = {}

        async def behaviour(request: Request, forward: Forward) -> Response:
            response = await forward(request)
            credentials = self._of(request)
            if self._is_meant(request) and _are_of_another(credentials, response):
                refused[credentials] = response
            elif self._is_meant(request) and response.status == 404:
                return refused.get(credentials, response)
            return response

        return behaviour

    def _is_meant(self, request: Request) -> bool:
        method = self.operation.method.upper()
        return request.method == method and matches(self.operation.path, request.path)

    def _of(self, request: Request) -> _Credentials:
        return tuple(each for each in request.headers if each[0].lower() in self._bad)

    def _with(self, request: Request, credentials: _Credentials) -> Request:
        others = tuple(each for each in request.headers if each[0].lower() not in self._bad)
        return replace(request, headers=(*others, *credentials), changed=True)


def _explained(problem: Any, credentials: _Credentials) -> Any:
    reason = f"{problem.get('detail', '')} ({crc32(repr(credentials).encode()):08x})"
    return {**problem, "detail": reason}
