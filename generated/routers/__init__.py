# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""All operations of the contract, bound to their handlers."""

from ..runtime.routing import ContractRoutes
from .articles import ArticlesHandlers, build_articles_router
from .authors import AuthorsHandlers, build_authors_router
from .health import HealthHandlers, build_health_router


def build_routes(
    *, authors: AuthorsHandlers, articles: ArticlesHandlers, health: HealthHandlers, max_body_bytes: int
) -> ContractRoutes:
    """Return the routes of the contract, one for each path; a body may have `max_body_bytes` bytes."""
    operations = [
        *build_authors_router(authors),
        *build_articles_router(articles),
        *build_health_router(health),
    ]
    return ContractRoutes(operations, max_body_bytes=max_body_bytes)
