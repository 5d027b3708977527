"""Every operation that needs the database gives 503 while it cannot be reached."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import running_service
from tests.contract.factories import article, author
from tests.problems import problem
from tests.tokens import ADMIN

OPERATIONS = [
    ("GET", "/authors", None),
    ("POST", "/authors", author()),
    ("GET", "/authors/1", None),
    ("PATCH", "/authors/1", {"last_name": "King"}),
    ("DELETE", "/authors/1", None),
    ("GET", "/articles", None),
    ("POST", "/articles", article(author_id=1)),
    ("GET", "/articles/1", None),
    ("PATCH", "/articles/1", {"title": "Note G, revised"}),
    ("DELETE", "/articles/1", None),
    ("GET", "/readyz", None),
]


@pytest.fixture(scope="session")
def service_without_database() -> Iterator[httpx.Client]:
    """A client of a service whose database cannot be reached."""
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:9/nothing"
    with running_service(BLOG_DATABASE_URL=nowhere, BLOG_DATABASE_WAIT="0.1") as base_url:
        with httpx.Client(
            base_url=base_url, headers=ADMIN, timeout=30, verify=False
        ) as client:  # no certificates to load
            yield client


@pytest.mark.parametrize(
    ("method", "path", "body"),
    OPERATIONS,
    ids=[f"{method} {path}" for method, path, _ in OPERATIONS],
)
def test_an_operation_without_its_database_returns_503_and_when_to_try_again(
    service_without_database: httpx.Client, method: str, path: str, body: object
) -> None:
    headers = {"Content-Type": "application/json"} if body else {}

    response = service_without_database.request(
        method, path, content=json.dumps(body) if body else None, headers=headers
    )

    content = problem(response, 503)
    assert content["type"] == "/problems/service-unavailable"
    assert content["instance"] == path
    assert response.headers["Retry-After"] == "1"
    assert "errors" not in content


def test_liveness_does_not_need_the_database(service_without_database: httpx.Client) -> None:
    assert service_without_database.get("/livez").json() == {"status": "ok"}
