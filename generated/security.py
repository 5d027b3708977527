# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The security schemes of the contract, as the interface that the application implements."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from .runtime.handlers import Handlers

Principal = TypeVar("Principal")
"""The application's type for a caller."""


class SecurityHandlers(Handlers, Generic[Principal]):
    """Checks credentials: one method per scheme that is used.

    Each returns the caller, or None for invalid credentials (the response is 401). If the caller
    lacks a scope, raise `RequestRejected` with 403.
    """

    @abstractmethod
    async def bearer_token(self, *, credentials: str, scopes: Sequence[str]) -> Principal | None:
        """Check the credentials of `bearer_token` (bearer, header `Authorization`).

        A token from `POST /tokens`, `python -m app token create` or `make token`, with the scope that an operation
        names: `authors:write`, `articles:write` or `tokens:manage`.
        """
