# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""All operations of the contract, bound to their handlers."""

from ..runtime.routing import ContractRoutes
from .articles import ArticlesHandlers, articles_operations
from .authors import AuthorsHandlers, authors_operations
from .health import HealthHandlers, health_operations


def build_routes(
    *,
    authors: AuthorsHandlers,
    articles: ArticlesHandlers,
    health: HealthHandlers,
    max_body_bytes: int,
) -> ContractRoutes:
    """Return the routes of the contract, one for each path.

    A body may have at most `max_body_bytes` bytes.
    """
    operations = [
        *authors_operations(authors),
        *articles_operations(articles),
        *health_operations(health),
    ]
    return ContractRoutes(operations, max_body_bytes=max_body_bytes)
