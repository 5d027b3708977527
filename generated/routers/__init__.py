# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""All operations of the contract, bound to their handlers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from ..runtime.routing import DEFAULT_MAX_BODY_VALUES, ContractRoutes
from ..security import Principal, SecurityHandlers
from .articles import ArticlesHandlers, articles_operations
from .authors import AuthorsHandlers, authors_operations
from .health import HealthHandlers, health_operations
from .tokens import TokensHandlers, tokens_operations


def build_routes(
    *,
    authors: AuthorsHandlers[Principal],
    articles: ArticlesHandlers[Principal],
    tokens: TokensHandlers[Principal],
    health: HealthHandlers,
    security: SecurityHandlers[Principal],
    max_body_bytes: int,
    max_body_values: int = DEFAULT_MAX_BODY_VALUES,
    before_authentication: Callable[[Request], Awaitable[None]] | None = None,
    after_authentication: Callable[[Request, Principal | None], Awaitable[None]] | None = None,
) -> ContractRoutes:
    """Return the routes of the contract, one for each path.

    A body may have at most `max_body_bytes` bytes and `max_body_values` values. The hooks run for
    each operation without a `security: []` of its own, when its path and method are known, and
    before its body is read: the first one before any credentials are looked at, the second one with
    the caller, or None. They may raise `RequestRejected`, with 429 for example.
    """
    operations = [
        *authors_operations(authors, security),
        *articles_operations(articles, security),
        *tokens_operations(tokens, security),
        *health_operations(health),
    ]
    return ContractRoutes(
        operations,
        max_body_bytes=max_body_bytes,
        max_body_values=max_body_values,
        before_authentication=before_authentication,
        after_authentication=after_authentication,
    )
