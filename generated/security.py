# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The security schemes of the contract, as the interface that the application implements."""

from abc import abstractmethod
from typing import Generic, TypeVar

from .runtime.handlers import Handlers
from .runtime.security import HasScopes

Principal = TypeVar("Principal", bound=HasScopes)
"""The application's type for a caller, whose scopes are compared with those of the contract."""


class SecurityHandlers(Handlers, Generic[Principal]):
    """Turns credentials into the caller: one method for each scheme that is used.

    Each gets the credentials of a request, which are never empty and have no characters but those
    of printable ASCII. It returns the caller, or None if they are not valid (401). Whether the
    caller has the scopes that an operation needs, is checked by generated code (403).
    """

    @abstractmethod
    async def bearer_token(self, credentials: str) -> Principal | None:
        """Return the caller with these credentials (`bearer_token`, header `Authorization`).

        `credentials`: the token, which follows `Bearer`.

        A token from `POST /tokens`, `python -m app token create` or `make token`, with the scope that an operation
        names: `authors:write`, `articles:write` or `tokens:manage`.
        """
