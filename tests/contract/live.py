"""How to get something that a path of the contract names."""

from collections.abc import Callable

import httpx

from tests.contract.factories import article, author


def _author(client: httpx.Client) -> int:
    """Create an author, who has an article."""
    author_id: int = client.post("/authors", json=author()).raise_for_status().json()["id"]
    client.post("/articles", json=article(author_id=author_id)).raise_for_status()
    return author_id


def _article(client: httpx.Client) -> int:
    """Create an article of the author with the id 1."""
    article_id: int = (
        client.post("/articles", json=article(author_id=1)).raise_for_status().json()["id"]
    )
    return article_id


def _token(client: httpx.Client) -> int:
    """Create a token."""
    body = {"name": "Some token", "scopes": []}
    token_id: int = client.post("/tokens", json=body).raise_for_status().json()["id"]
    return token_id


LIVE: dict[str, Callable[[httpx.Client], int]] = {
    "author_id": _author,
    "article_id": _article,
    "token_id": _token,
}
"""How to get something that a path names."""
