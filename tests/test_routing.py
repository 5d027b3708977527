"""The paths and methods that there are: the contract's and its pages', and no others."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from app.main import create_app
from app.security import Principal
from app.settings import Settings
from generated.routers import build_routes
from generated.runtime.routing import ContractRoute
from generated.security import SecurityHandlers
from tests.problems import DOCUMENT, problem
from tests.tokens import ADMIN, SCOPES

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PAGES = {
    "/",
    "/docs",
    "/docs/",
    "/docs/assets/docs.css",
    "/docs/assets/docs.js",
    "/docs/assets/pages.css",
    "/docs/assets/swagger-ui-bundle.js",
    "/docs/assets/swagger-ui.css",
    "/favicon.ico",
    "/favicon.svg",
    "/openapi.json",
    "/openapi.yaml",
    "/problems",
    "/problems/",
    "/problems/{slug}",
}
PATHS: dict[str, dict[str, dict[str, Any]]] = {
    path: {method.upper(): operation for method, operation in item.items() if method in METHODS}
    for path, item in DOCUMENT["paths"].items()
}
CONCRETE = {path: re.sub(r"{\w+}", "1", path) for path in PATHS}
OPERATIONS = [(method, path) for path, methods in PATHS.items() for method in methods]


@pytest.fixture(scope="module")
def client(service: str) -> Iterator[httpx.Client]:
    """A client of the running service; nothing here minds what is stored, so nothing is emptied."""
    with httpx.Client(base_url=service, headers=ADMIN, timeout=30) as client:
        yield client


def allowed(path: str) -> str:
    derived = {"HEAD"} if "GET" in PATHS[path] else set()
    return ", ".join(sorted({*PATHS[path], *derived, "OPTIONS"}))


class Reached(Exception):
    """The handler with this name was called."""


class Handlers:
    """Implements whatever is asked for."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def operation(**_: object) -> None:
            raise Reached(name)

        return operation


class Everybody(SecurityHandlers[Principal]):
    """Takes everybody for somebody who may do everything."""

    async def bearer_token(self, credentials: str) -> Principal:
        return Principal(token_id=1, scopes=frozenset(SCOPES), author_id=None)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_operation_of_the_contract_reaches_its_handler(method: str, path: str) -> None:
    operation = PATHS[path][method]
    bodies = operation.get("requestBody", {"content": {"none": {}}})["content"]
    handlers: Any = Handlers()
    routes = build_routes(
        authors=handlers,
        articles=handlers,
        tokens=handlers,
        health=handlers,
        security=Everybody(),
        max_body_bytes=1000,
    )

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=[*routes]))
    ) as client:
        for media_type, body in bodies.items():
            with pytest.raises(Reached, match=f"^{operation['operationId']}$"):
                await client.request(
                    method,
                    f"http://service{CONCRETE[path]}",
                    content=json.dumps(body.get("example")),
                    headers={"Content-Type": media_type} | ADMIN,
                )


def test_application_has_no_route_beside_the_contract_and_its_pages() -> None:
    # opened by nobody
    app = create_app(Settings(database_url=SecretStr("postgresql+asyncpg://nowhere/nothing")))

    contract = [route for route in app.routes if isinstance(route, ContractRoute)]
    others = [route for route in app.routes if isinstance(route, Route)]

    assert len(contract) + len(others) == len(app.routes)
    assert sorted(route.path for route in contract) == sorted(PATHS)
    assert {route.path for route in others} == PAGES


@pytest.mark.parametrize("path", PATHS)
def test_method_that_a_path_does_not_have_is_a_405_with_all_that_it_has(
    client: httpx.Client, path: str
) -> None:
    absent = {method.upper() for method in METHODS} - {*PATHS[path], "HEAD", "OPTIONS"}

    for method in absent:
        answer = client.request(method, CONCRETE[path])

        problem(answer, 405)
        assert answer.headers["Allow"] == allowed(path)


@pytest.mark.parametrize("path", sorted(PAGES))
def test_page_cannot_be_written(client: httpx.Client, path: str) -> None:
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        answer = client.request(method, path)

        problem(answer, 405)
        assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", PATHS)
def test_options_answers_with_all_methods_of_the_path(client: httpx.Client, path: str) -> None:
    answer = client.options(CONCRETE[path])

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Allow"] == allowed(path)
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "path", [*CONCRETE.values(), "/articles?limit=5", "/docs", "/openapi.json", "/nowhere"]
)
def test_head_answers_as_get_does_without_the_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)

    own = ("date", "x-request-id", "ratelimit")  # each request has its own
    assert head.content == b""
    assert head.status_code == get.status_code
    assert [(name, value) for name, value in head.headers.items() if name not in own] == [
        (name, value) for name, value in get.headers.items() if name not in own
    ]


@pytest.mark.parametrize("path", ["/authors/0", "/authors/ada", "/articles/1.0", "/articles/-1"])
def test_id_that_cannot_exist_is_one_of_the_path_all_the_same(
    client: httpx.Client, path: str
) -> None:
    put = client.put(path)

    problem(put, 405)
    assert (
        put.headers["Allow"]
        == client.options(path).headers["Allow"]
        == "DELETE, GET, HEAD, OPTIONS, PATCH"
    )
    assert client.head(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/nowhere", "/author", "/authors/1/articles", "/redoc", "/docs/oauth2-redirect"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_unknown_path_is_a_404_whatever_the_method(
    client: httpx.Client, method: str, path: str
) -> None:
    kind = problem(client.request(method, path), 404)

    assert (kind["type"], kind["instance"]) == ("/problems/not-found", path)


@pytest.mark.parametrize(
    "path", [*CONCRETE.values(), "/openapi.json", "/openapi.yaml", "/problems/not-found"]
)
def test_trailing_slash_is_another_path_and_redirects_nowhere(
    client: httpx.Client, path: str
) -> None:
    for method in ("GET", "POST"):
        problem(client.request(method, f"{path}/", follow_redirects=False), 404)
