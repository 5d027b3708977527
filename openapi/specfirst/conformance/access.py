"""The access matrix: every operation of a contract, called by every kind of caller.

What to expect follows from the `security` of the operation and from two things that the contract
cannot say, so the application does: which credentials do not hold, and who owns what a request is
about. An operation that writes and has neither an owner nor `UNBOUND` is a finding, so that none
is forgotten.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import httpx

from specfirst.conformance.assertions import Finding
from specfirst.conformance.interactions import Request, Service
from specfirst.contract.model import Contract, Operation

_SAFE = ("get", "head", "options", "trace")
_PER_REQUEST = ("request_id", "instance")  # properties of a problem that differ between requests
_UNREADABLE = b"{"
_UNKNOWN = {"no-such-parameter": "1"}


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who owns what a request is about, in the application's own terms."""

    id: Any
    """The owner; None if only callers that are bound to nobody may send the request."""
    another: Any
    """Somebody else, who exists and owns none of it."""
    refusal: int = 403
    """The status for others: 403, or 404 where they may not see that it exists."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request that succeeds for a caller who may send it, about new data."""

    request: Request
    owner: Owner | None = None
    """None if anyone with the scopes may send it; an operation that writes needs an owner."""


class Application(Protocol):
    """What a contract does not say about its callers."""

    @property
    def refused(self) -> Collection[str]:
        """The kinds of credentials that do not hold, such as `garbage` or `expired`."""

    def case(self, service: Service, operation: Operation) -> Case:
        """Store what an operation needs, and return a request for it."""

    def credentials(self, scheme: str, *, scopes: Collection[str], owner: Any) -> Mapping[str, str]:
        """Return the headers of a caller with these scopes, bound to an owner or to none (None)."""

    def refused_credentials(self, scheme: str, kind: str) -> Mapping[str, str]:
        """Return the headers of a caller whose credentials do not hold."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A kind of caller."""

    name: str
    scopes: frozenset[str] | None = None
    """Those of its credentials; None if it sends none, or none that hold."""
    refused: str | None = None
    """Why its credentials do not hold."""
    relation: str = "unbound"
    """Whether it is the `owner`, `another` owner, or `unbound`."""


def callers(operation: Operation, refused: Collection[str]) -> list[Caller]:
    """Return the kinds of callers of an operation, those that are let in first."""
    needed, others = _scopes(operation)
    let_in = [
        Caller(name="everything", scopes=needed | others),
        Caller(name="owner", scopes=needed, relation="owner"),
        Caller(name="another owner", scopes=needed, relation="another"),
    ]
    lacking = [
        Caller(name=f"all but {scope}", scopes=(needed | others) - {scope}, relation="owner")
        for scope in sorted(needed)
    ]
    if needed:
        lacking.append(Caller(name="no scope", scopes=frozenset(), relation="owner"))
    unknown = [Caller(name=kind, refused=kind) for kind in refused]
    known = [*let_in, *lacking] if operation.security else []
    return [*known, Caller(name="anonymous"), *unknown]


def check(service: Service, application: Application, operation: Operation) -> Iterator[Finding]:
    """Yield what an operation answers otherwise than its security says."""
    matrix = _Matrix(service, application, operation)
    for caller in callers(operation, application.refused):
        for detail in matrix.ask(caller):
            yield Finding(
                pointer=operation.security_pointer,
                operation=operation.id,
                detail=f"{caller.name}: {detail}",
            )


class _Matrix:
    """The row of one operation."""

    def __init__(self, service: Service, application: Application, operation: Operation) -> None:
        self._service = service
        self._application = application
        self._operation = operation
        self._refusal: Any = None

    def ask(self, caller: Caller) -> Iterator[str]:
        case = self._application.case(self._service, self._operation)
        if case.owner is None and self._operation.method not in _SAFE and self._operation.security:
            yield "an operation that writes, for which nobody is said to be the owner"
            return
        request = self._as(caller, case)
        expected = self._expected(caller, case.owner)
        if expected in (401, 403) and not self._passes(caller):
            yield from self._refused(caller, request, expected)
        elif expected is None:
            answer = self._service.send(request)
            if not answer.is_success:
                yield f"expected a success, not {_shown(answer)}"
        else:
            yield from self._not_theirs(request, expected)

    def _refused(self, caller: Caller, request: Request, expected: int) -> Iterator[str]:
        """Check a refusal that looks at credentials only, whatever the rest of the request is."""
        answer = self._service.send(request)
        if answer.status_code != expected:
            yield f"expected {expected}, not {_shown(answer)}"
            return
        yield from self._challenged(caller, answer, expected)
        spoiled = replace(request, query=request.query | _UNKNOWN)
        if request.media_type:
            spoiled = replace(spoiled, body=_UNREADABLE)
        again = self._service.send(spoiled)
        if again.status_code != expected:
            yield f"expected {expected} before anything else is read, not {_shown(again)}"
        if caller.refused is not None:
            said = _lasting(answer)
            if self._refusal not in (None, said):
                yield f"the reason shows: {said}, and {self._refusal} for other credentials"
            self._refusal = said

    def _challenged(self, caller: Caller, answer: httpx.Response, status: int) -> Iterator[str]:
        """Check `WWW-Authenticate`, which says what would help (RFC 6750, section 3)."""
        challenge = answer.headers.get("www-authenticate", "")
        if not challenge:
            yield f"a {status} without WWW-Authenticate"
        if "Bearer" not in challenge:
            return
        error = "insufficient_scope" if status == 403 else "invalid_token"
        has_error = f'error="{error}"' in challenge
        if caller.name == "anonymous" and "error=" in challenge:
            yield f"an error in the challenge of a caller who sent no credentials: {challenge}"
        elif caller.name != "anonymous" and not has_error:
            yield f"no {error} in the challenge: {challenge}"
        missing = [scope for scope in _needed(self._operation) if scope not in challenge]
        if status == 403 and missing:
            yield f"the challenge does not name {', '.join(missing)}: {challenge}"

    def _not_theirs(self, request: Request, expected: int) -> Iterator[str]:
        """Check that others cannot do it, nor learn from it what does not exist."""
        answer = self._service.send(request)
        if answer.status_code != expected:
            yield f"expected {expected}, not {_shown(answer)}"
        last = _last_ids(self._operation)
        if last:
            answer = self._service.send(replace(request, path=last))
            if answer.status_code != 404:
                yield f"expected 404 for what does not exist, not {_shown(answer)}"

    def _as(self, caller: Caller, case: Case) -> Request:
        headers: dict[str, str] = {}
        for scheme in _schemes(self._operation):
            if caller.refused is not None:
                headers |= self._application.refused_credentials(scheme, caller.refused)
            elif caller.scopes is not None:
                headers |= self._application.credentials(
                    scheme, scopes=caller.scopes, owner=_bound_to(caller, case.owner)
                )
        return replace(case.request, headers=case.request.headers | headers, is_logged_in=False)

    def _expected(self, caller: Caller, owner: Owner | None) -> int | None:
        """Return the status that a caller meets; None for a success."""
        if self._passes(caller):
            return _status_for(caller, owner)
        return 401 if caller.scopes is None else 403

    def _passes(self, caller: Caller) -> bool:
        """Tell whether the credentials of a caller satisfy the operation's security."""
        alternatives = self._operation.security
        if not alternatives:
            return True
        if caller.scopes is None:
            return caller.refused is None and {} in alternatives
        held = caller.scopes
        return any(
            all(held.issuperset(scopes) for scopes in alternative.values())
            for alternative in alternatives
            if alternative
        )


def _status_for(caller: Caller, owner: Owner | None) -> int | None:
    if owner is None or caller.scopes is None or caller.relation == "unbound":
        return None
    if caller.relation == "owner" and owner.id is not None:
        return None
    return owner.refusal


def _bound_to(caller: Caller, owner: Owner | None) -> Any:
    if owner is None or caller.relation == "unbound":
        return None
    return owner.another if caller.relation == "another" or owner.id is None else owner.id


def _schemes(operation: Operation) -> tuple[str, ...]:
    """Return the schemes of the first alternative that needs credentials; where none does, any."""
    alternative = next((each for each in operation.security if each), None)
    return tuple(operation.contract.security_schemes if alternative is None else alternative)


def _needed(operation: Operation) -> frozenset[str]:
    alternative = next((each for each in operation.security if each), {})
    return frozenset(scope for scopes in alternative.values() for scope in scopes)


def _scopes(operation: Operation) -> tuple[frozenset[str], frozenset[str]]:
    """Return the scopes that an operation needs, and all others of the contract."""
    needed = _needed(operation)
    return needed, scopes_of(operation.contract) - needed


def scopes_of(contract: Contract) -> frozenset[str]:
    """Return all scopes that the operations of a contract need."""
    return frozenset(
        scope
        for operation in contract.operations
        for alternative in operation.security
        for scopes in alternative.values()
        for scope in scopes
    )


def _last_ids(operation: Operation) -> dict[str, Any]:
    """Return the largest value of each parameter of the path, where all have one."""
    found = {
        each.name: each.schema.target.raw.get("maximum") if each.schema else None
        for each in operation.parameters
        if each.location == "path"
    }
    return {} if None in found.values() else found


def _lasting(answer: httpx.Response) -> Any:
    """Return what a refusal says, less what differs between any two requests."""
    challenge = answer.headers.get("www-authenticate")
    if "json" not in answer.headers.get("content-type", ""):
        return answer.status_code, challenge, answer.text
    content = {name: each for name, each in answer.json().items() if name not in _PER_REQUEST}
    return answer.status_code, challenge, content


def _shown(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:200]}"
