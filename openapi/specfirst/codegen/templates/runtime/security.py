"""Authentication and authorization: what the contract's security requirements mean for a request.

An operation has alternatives, each a set of schemes with the scopes that their callers need. Their
order says nothing. If one of them holds, the request is served. Otherwise it is refused: with 403
if credentials were valid and only scopes are missing, else with 401. `{}` among the alternatives
lets in requests that have no credentials for any scheme of the operation; wrong ones are refused
there too.
"""

import base64
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request, cookie_parser
from starlette.types import Scope

from .rejections import RequestRejected


class HasScopes(Protocol):
    """A caller with scopes: what it may do."""

    @property
    def scopes(self) -> Collection[str]:
        """The names of its scopes, as the contract has them."""


class Scheme:
    """A security scheme: where a request has credentials, and the method that checks them."""

    def __init__(
        self,
        kind: str,
        location: str,
        parameter: str,
        check: Callable[[str], Awaitable[Any]],
        *,
        realm: str = "",
    ) -> None:
        """Describe a scheme of the contract.

        `kind` is `apiKey`, or an HTTP authentication scheme in lower case. `realm` is for the
        challenges of `bearer` and `basic` (RFC 9110, section 11.5).
        """
        self.kind = kind
        self.location = location
        self.parameter = parameter
        self.check = check
        self._realm = {"realm": realm} if realm else {}
        self._sent = _SENT[location](parameter)

    def credentials(self, scope: Scope) -> str | None:
        """Return the credentials of a request, None if it has none, and "" for what cannot be any.

        That is what is sent twice, is empty, or has characters other than printable ASCII. In an
        `Authorization` header the credentials follow the name of the scheme; those of another
        scheme are none.
        """
        values = self._sent(scope)
        if not values:
            return None
        if len(values) > 1:
            return ""
        [value] = values
        if self.kind != "apiKey":
            name, _, value = value.partition(" ")
            if name.lower() != self.kind:
                return None
            value = value.strip(" ")
        return value if value.isascii() and value.isprintable() else ""

    def challenge(self, **error: str) -> str:
        """Return the challenge for WWW-Authenticate (RFC 9110, section 11.6.1).

        One for `Bearer` tells the error, or else the realm, because it must have a parameter (RFC
        6750, section 3).
        """
        if self.kind == "apiKey":
            return "ApiKey"
        parameters = error if error and self.kind == "bearer" else self._realm
        shown = ", ".join(f"{name}={_quoted(value)}" for name, value in parameters.items())
        return f"{self.kind.title()} {shown}".rstrip()


def _in_header(name: str) -> Callable[[Scope], list[str]]:
    wanted = name.lower().encode("latin-1")

    def values(scope: Scope) -> list[str]:
        return [value.decode("latin-1") for field, value in scope["headers"] if field == wanted]

    return values


def _in_query(name: str) -> Callable[[Scope], list[str]]:
    def values(scope: Scope) -> list[str]:
        given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        return [value for key, value in given if key == name]

    return values


def _in_cookie(name: str) -> Callable[[Scope], list[str]]:
    headers = _in_header("Cookie")

    def values(scope: Scope) -> list[str]:
        cookies = [cookie_parser(each) for header in headers(scope) for each in header.split(";")]
        return [cookie[name] for cookie in cookies if name in cookie]

    return values


_SENT = {"header": _in_header, "query": _in_query, "cookie": _in_cookie}
"""Functions that return all values of a header, query parameter or cookie, by location."""


def _quoted(text: str) -> str:
    """Return a text as a quoted string (RFC 9110, section 5.6.4), in ASCII."""
    characters = (each if " " <= each <= "~" else "?" for each in text)
    return '"' + "".join(f"\\{each}" if each in '"\\' else each for each in characters) + '"'


def basic_credentials(credentials: str) -> tuple[str, str] | None:
    """Return user and password of HTTP Basic's credentials, or None (RFC 7617, section 2).

    What is not base64, or not UTF-8 with a colon in it, gives None.
    """
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("utf-8")
    except ValueError:
        return None
    user, colon, password = decoded.partition(":")
    return (user, password) if colon else None


Requirement = Mapping[Scheme, Collection[str]]
"""Schemes that must all accept a request, with the scopes that their callers need."""

BeforeAuthentication = Callable[[Request], Awaitable[None]]
AfterAuthentication = Callable[[Request, Any], Awaitable[None]]


class Access:
    """Who may call an operation, and what the application does around it."""

    def __init__(
        self,
        requirements: Sequence[Requirement] = (),
        before: BeforeAuthentication | None = None,
        after: AfterAuthentication | None = None,
    ) -> None:
        self.requirements = tuple(requirement for requirement in requirements if requirement)
        self.schemes = tuple(dict.fromkeys(scheme for each in self.requirements for scheme in each))
        self.needs_scopes = any(any(each.values()) for each in self.requirements)
        self.has_hooks = bool(before or after)
        self.vary = _varying(self.schemes)
        self._is_optional = len(self.requirements) < len(requirements)
        self._before = before
        self._after = after

    async def __call__(self, request: Request) -> dict[str, object]:
        """Return the argument `principal` of the handler, if it has one.

        Raises `RequestRejected` with 401 or 403, and whatever the application raises.
        """
        if self._before:
            await self._before(request)
        principal = await self._authenticated(request) if self.schemes else None
        if self._after:
            await self._after(request, principal)
        return {"principal": principal} if self.schemes else {}

    async def _authenticated(self, request: Request) -> object:
        """Return the caller, a tuple of callers if several schemes must hold, or None."""
        sent: dict[Scheme, str] = {}
        for scheme in self.schemes:
            if (credentials := scheme.credentials(request.scope)) is not None:
                sent[scheme] = credentials
        if not sent and self._is_optional:
            return None
        callers: dict[Scheme, Any] = {}
        for requirement in self.requirements:
            if await _hold(requirement, sent, callers) and not _lacking(requirement, callers):
                found = tuple(callers[scheme] for scheme in requirement)
                return found if len(found) > 1 else found[0]
        for scheme in sent:  # for the challenges
            await _check(scheme, sent, callers)
        raise self._forbidden(callers) or self._unauthorized(sent, callers)

    def _forbidden(self, callers: Mapping[Scheme, Any]) -> RequestRejected | None:
        """Return the refusal of callers who only lack scopes, with those that they need."""
        alternatives: list[str] = []
        challenges: list[str] = []
        for requirement in self.requirements:
            if any(callers.get(scheme) is None for scheme in requirement):
                continue
            lacking = _lacking(requirement, callers)
            alternatives.append(" and ".join(dict.fromkeys(chain(*lacking.values()))))
            challenges += (
                scheme.challenge(error="insufficient_scope", scope=" ".join(requirement[scheme]))
                for scheme in lacking
            )
        if not alternatives:
            return None
        scopes = ", or ".join(dict.fromkeys(alternatives))
        return _refusal(403, f"The credentials lack the scope {scopes}.", challenges)

    def _unauthorized(
        self, sent: Mapping[Scheme, str], callers: Mapping[Scheme, Any]
    ) -> RequestRejected:
        """Return the refusal for missing or bad credentials (RFC 9110, section 11.6.1).

        It has a challenge for each scheme that still needs credentials.
        """
        challenges = [
            scheme.challenge(error="invalid_token") if scheme in sent else scheme.challenge()
            for scheme in self.schemes
            if callers.get(scheme) is None
        ]
        return _refusal(401, "The request has no valid credentials.", challenges)


def _varying(schemes: Iterable[Scheme]) -> bytes | None:
    """Return the headers that responses depend on, for `Vary` (RFC 9110, section 12.5.5)."""
    names = [
        each.parameter if each.location == "header" else "Cookie"
        for each in schemes
        if each.location != "query"
    ]
    return ", ".join(dict.fromkeys(names)).encode("latin-1") or None


def _refusal(status: int, detail: str, challenges: Iterable[str]) -> RequestRejected:
    shown = ", ".join(dict.fromkeys(challenges))
    return RequestRejected(status, detail, headers={"WWW-Authenticate": shown})


async def _hold(
    requirement: Requirement, sent: Mapping[Scheme, str], callers: dict[Scheme, Any]
) -> bool:
    """Tell whether the credentials for all schemes were sent and are valid; add their callers."""
    for scheme in requirement:
        if scheme not in sent:
            return False
    for scheme in requirement:
        await _check(scheme, sent, callers)
    return all(callers[scheme] is not None for scheme in requirement)


async def _check(scheme: Scheme, sent: Mapping[Scheme, str], callers: dict[Scheme, Any]) -> None:
    """Ask the application, once, for the caller with these credentials."""
    if scheme not in callers:
        callers[scheme] = await scheme.check(sent[scheme]) if sent[scheme] else None


def _lacking(
    requirement: Requirement, callers: Mapping[Scheme, HasScopes]
) -> dict[Scheme, list[str]]:
    """Return the scopes that callers lack, by scheme."""
    lacking: dict[Scheme, list[str]] = {}
    for scheme, scopes in requirement.items():
        if scopes:
            held = {*callers[scheme].scopes}
            if missing := [scope for scope in scopes if scope not in held]:
                lacking[scheme] = missing
    return lacking
