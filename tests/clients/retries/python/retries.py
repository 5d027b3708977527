"""Creates an article once on a bad network: `python retries.py BASE_URL` prints how it went."""

import json
import os
import sys
import time
from uuid import uuid4

import httpx
from blog_api_client import AuthenticatedClient
from blog_api_client.api.articles import create_article, list_articles
from blog_api_client.api.authors import create_author
from blog_api_client.models import Article, ArticleCreate, ArticlePage, Author, AuthorCreate


def create_once(client: AuthenticatedClient, body: ArticleCreate) -> Article:
    key = str(uuid4())  # the same for each attempt
    for pause in (0.1, 0.5, 2, 8):
        try:
            response = create_article.sync_detailed(client=client, body=body, idempotency_key=key)
        except httpx.TransportError:  # nobody knows whether it has happened
            time.sleep(pause)
            continue
        if isinstance(response.parsed, Article):
            return response.parsed
        if response.status_code not in (409, 429, 503):
            raise ValueError(response.parsed)
        time.sleep(float(response.headers.get("Retry-After", pause)))
    raise TimeoutError("the article may exist: try again with the same key")


def main(base_url: str) -> None:
    """Create an author with a good connection, and an article through what follows."""
    with AuthenticatedClient(base_url, os.environ["API_TOKEN"]) as client:
        author = create_author.sync(
            client=client, body=AuthorCreate(first_name="Ada", last_name="Lovelace")
        )
        assert isinstance(author, Author)
        created = create_once(
            client, ArticleCreate(title="Note G", content="Step by step.", author_id=author.id)
        )
        page = list_articles.sync(client=client, author_id=author.id)
        assert isinstance(page, ArticlePage)
        stored = [article.title for article in page.items]
        print(json.dumps({"created": created.title, "stored": stored}))


if __name__ == "__main__":
    main(sys.argv[1])
