"""Bodies of requests, valid unless told otherwise."""

from typing import Any

JSON = dict[str, Any]


def author(*, first_name: str = "Ada", last_name: str = "Lovelace") -> JSON:
    """Return a body for POST /authors."""
    return {"first_name": first_name, "last_name": last_name}


def article(
    *,
    author_id: int,
    title: str = "Note G",
    summary: str | None = "A plan for computing the Bernoulli numbers.",
    content: str = "The engine can be told how to compute these numbers, step by step.",
) -> JSON:
    """Return a body for POST /articles, with all members."""
    return {"title": title, "summary": summary, "content": content, "author_id": author_id}
