# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Authentication: security schemes and requirements of operations."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from .rejections import RequestRejected


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme: where a request has credentials, and the method that checks them."""

    kind: str
    location: str
    parameter: str
    check: Callable[..., Awaitable[object]]

    def credentials(self, request: Request) -> str | None:
        """Return the credentials of a request, or None.

        In an Authorization header they follow the scheme.
        """
        values: Mapping[str, str] = {
            "header": request.headers,
            "query": request.query_params,
            "cookie": request.cookies,
        }[self.location]
        value = values.get(self.parameter)
        if value is None or self.kind == "apiKey":
            return value
        scheme, _, credentials = value.partition(" ")
        return credentials.strip() if scheme.lower() == self.kind else None

    @property
    def challenge(self) -> str:
        """The challenge for WWW-Authenticate (RFC 9110, section 11.6.1)."""
        return "ApiKey" if self.kind == "apiKey" else self.kind.title()


Requirement = Mapping[Scheme, Sequence[str]]


async def authenticate(request: Request, alternatives: Sequence[Requirement]) -> object:
    """Return the caller of the first alternative whose schemes all accept the request.

    The caller is None if that alternative has no schemes. Raises `RequestRejected` (401) if no
    alternative accepts the request.
    """
    for requirement in alternatives:
        callers = [
            await _checked(scheme, scopes, request) for scheme, scopes in requirement.items()
        ]
        if all(caller is not None for caller in callers):
            return callers[0] if callers else None
    challenges = dict.fromkeys(
        scheme.challenge for requirement in alternatives for scheme in requirement
    )
    raise RequestRejected(
        401,
        "The request shows no valid credentials.",
        headers={"WWW-Authenticate": ", ".join(challenges)},
    )


async def _checked(scheme: Scheme, scopes: Sequence[str], request: Request) -> object:
    credentials = scheme.credentials(request)
    return (
        None if credentials is None else await scheme.check(credentials=credentials, scopes=scopes)
    )
