# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""All operations of the contract as one route."""

from ..runtime.routing import ContractRoute
from .articles import ArticlesHandlers, build_articles_router
from .authors import AuthorsHandlers, build_authors_router
from .health import HealthHandlers, build_health_router


def build_route(
    *, authors: AuthorsHandlers, articles: ArticlesHandlers, health: HealthHandlers, max_body_bytes: int
) -> ContractRoute:
    """Return the route that serves the whole contract; a body may have `max_body_bytes` bytes."""
    operations = [
        *build_authors_router(authors),
        *build_articles_router(articles),
        *build_health_router(health),
    ]
    return ContractRoute(operations, max_body_bytes=max_body_bytes)
