"""A deprecated operation announces its end in all its responses, problems included."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app import problems
from app.errors import ArticleNotFound
from app.middleware import RequestMiddleware
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoutes, Operation
from tests.problems import problem

HEADERS = ((b"deprecation", b"@1795305600"), (b"sunset", b"Sat, 22 May 2027 00:00:00 GMT"))


async def fail() -> ApiResponse:
    raise ArticleNotFound(7)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service with a deprecated operation and another; both find nothing."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(RequestMiddleware)
    problems.install(app)
    operations = [Operation("GET", "/old", fail, headers=HEADERS), Operation("PUT", "/old", fail)]
    app.router.routes += ContractRoutes(operations, max_body_bytes=1000)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        yield client


@pytest.mark.parametrize(("url", "status"), [("/old", 404), ("/old?unknown=1", 400)])
async def test_problem_of_a_deprecated_operation_announces_its_end(
    client: httpx.AsyncClient, url: str, status: int
) -> None:
    answer = await client.get(url)

    problem(answer, status)
    assert answer.headers.get_list("Deprecation") == ["@1795305600"]
    assert answer.headers.get_list("Sunset") == ["Sat, 22 May 2027 00:00:00 GMT"]


@pytest.mark.parametrize(("method", "status"), [("PUT", 404), ("POST", 405)])
async def test_answer_of_another_operation_announces_nothing(
    client: httpx.AsyncClient, method: str, status: int
) -> None:
    answer = await client.request(method, "/old")

    problem(answer, status)
    assert not {"deprecation", "sunset"} & answer.headers.keys()
