"""The application as a FastAPI: routes beside the contract work, and tools find routes."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from threading import Event
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException
from fastapi.testclient import TestClient
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from prometheus_fastapi_instrumentator import Instrumentator
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Match, Mount, NoMatchFound
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.database.db import Database
from app.docs import DATA
from app.handlers.articles import ArticlesHandlers
from app.handlers.authors import AuthorsHandlers
from app.handlers.health import HealthHandlers
from app.handlers.tokens import TokensHandlers
from app.main import assemble
from app.security import Principal, TokenSecurity
from generated import models
from generated.routers import articles as api
from generated.routers import build_routes
from generated.runtime.application import ContractFastAPI
from generated.runtime.parameters import Parameter
from generated.runtime.requests import current_request
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoute, ContractRoutes, Operation
from tests.conftest import ROOT
from tests.problems import DOCUMENT, problem
from tests.tokens import ADMIN, KEYS

_TYPES = (
    APIRouter,
    ArticlesHandlers,
    Database,
    FastAPI,
    FastAPIInstrumentor,
    Instrumentator,
    JSONResponse,
    Request,
)
_MORE = (Response, TestClient)
_NAMES = {each.__name__: each for each in (*_TYPES, *_MORE)}
_TYPING = {
    "Annotated": Annotated,
    "Awaitable": Awaitable,
    "Callable": Callable,
    "Header": Header,
    "Depends": Depends,
}
_ASGI = {"ASGIApp": ASGIApp, "Message": Message, "Receive": Receive, "Scope": Scope, "Send": Send}


def examples() -> dict[str, Any]:
    """Return what the examples of the README and of docs/fastapi.md define, anew."""
    section = (
        (ROOT / "README.md")
        .read_text("utf-8")
        .partition("## The FastAPI you know\n")[2]
        .partition("\n## ")[0]
    )
    page = (ROOT / "docs" / "fastapi.md").read_text("utf-8")
    own = {
        "api": api,
        "models": models,
        "current_request": current_request,
        "Principal": Principal,
    }
    defined: dict[str, Any] = {"__name__": __name__, **_NAMES, **_TYPING, **_ASGI, **own}
    for block in re.findall(r"^```python\n(.*?)^```$", section + page, re.MULTILINE | re.DOTALL):
        exec(block, defined)
    return defined


@pytest.fixture
def readme() -> dict[str, Any]:
    """What the examples of the README and of docs/fastapi.md define."""
    return examples()


def blog(url: str, articles: Callable[[Database], ArticlesHandlers] = ArticlesHandlers) -> FastAPI:
    """Return the blog on a database, with the process's log left alone."""
    database = Database(url, pool_size=2, timeout=10, wait=5)
    security = TokenSecurity(database, KEYS)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with database, security:
            yield

    return assemble(
        build_routes(
            authors=AuthorsHandlers(database),
            articles=articles(database),
            tokens=TokensHandlers(database, keys=KEYS, security=security),
            health=HealthHandlers(database, ending=Event()),
            security=security,
            max_body_bytes=10_000,
        ),
        lifespan=lifespan,
    )


@pytest.fixture
def unreached() -> FastAPI:
    """The blog on a database that nobody opens."""
    return blog("postgresql+asyncpg://nowhere/nothing")


def operation(endpoint: Callable[..., Awaitable[Any]], path: str, method: str = "GET") -> Operation:
    parameters = [
        Parameter(name, location="path", type=str) for name in re.findall(r"{(\w+)}", path)
    ]
    return Operation(method, path, endpoint, parameters=parameters)


def with_operation(
    endpoint: Callable[..., Awaitable[Any]], path: str = "/things"
) -> ContractFastAPI:
    """Return an application with one operation and nothing else."""
    app = ContractFastAPI()
    app.router.routes += ContractRoutes([operation(endpoint, path)], max_body_bytes=0)
    return app


async def get(
    app: ASGIApp, path: str, *, method: str = "GET", raises: bool = True
) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=raises)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(method, path, headers={"X-Reader": "Grace"})


# The README's examples


async def test_middleware_surrounds_the_contract_and_what_stands_beside_it(
    readme: dict[str, Any], unreached: FastAPI
) -> None:
    app = readme["extended"](unreached)

    answers = [
        await get(app, path)
        for path in ("/livez", "/articles/x", "/reports/mine", "/docs", "/nowhere")
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 404]
    assert {answer.headers["X-Served-By"] for answer in answers} == {"blog"}


async def test_router_with_dependencies_serves_beside_the_contract(
    readme: dict[str, Any], unreached: FastAPI
) -> None:
    app = readme["extended"](unreached)

    answer = await get(app, "/reports/mine")

    assert (answer.status_code, answer.json()) == (200, {"reader": "Grace"})
    assert answer.headers["X-Request-ID"]


async def test_exception_handler_answers_errors_of_operations_and_of_routes(
    readme: dict[str, Any],
) -> None:
    async def fail() -> ApiResponse:
        raise readme["OutOfPaper"]

    app = readme["extended"](with_operation(fail))
    app.get("/beside", response_model=None)(fail)

    answers = [await get(app, path) for path in ("/things", "/beside")]

    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (507, {"detail": "Out of paper."})
    ] * 2


def test_handler_gets_what_it_needs_from_its_constructor_and_finds_the_request(
    readme: dict[str, Any], database_url: str
) -> None:
    told: list[str] = []

    async def notify(text: str) -> None:
        told.append(text)

    app = blog(database_url, lambda database: readme["NotifyingArticles"](database, notify))
    with TestClient(app, headers=ADMIN | {"User-Agent": "quill"}) as client:
        client.post(
            "/authors", json={"first_name": "Ada", "last_name": "Lovelace"}
        ).raise_for_status()
        for _ in range(2):
            client.post(
                "/articles",
                json={"title": "t", "content": "c", "author_id": 1},
                headers={"Idempotency-Key": "once"},
            ).raise_for_status()

    assert told == ["/articles/1 is new, written with quill"]


def test_test_client_runs_the_lifespan_and_dependencies_are_overridden(
    readme: dict[str, Any], database_url: str
) -> None:
    app = readme["extended"](blog(database_url))

    assert readme["reads_as_ada"](app) == {"reader": "Ada"}


# Other ways to extend it


async def test_base_http_middleware_surrounds_the_contract_and_sees_its_route(
    unreached: FastAPI,
) -> None:
    seen = []

    async def look(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        seen.append((request.scope["route"].path, request.path_params, response.status_code))
        return response

    unreached.add_middleware(BaseHTTPMiddleware, dispatch=look)

    await get(unreached, "/articles/x")

    assert seen == [("/articles/{article_id}", {"article_id": "x"}, 404)]


@pytest.mark.parametrize("path", ["/things", "/beside"])
async def test_handler_for_every_exception_is_asked_and_the_error_goes_on_to_the_log(
    path: str,
) -> None:
    async def fail() -> ApiResponse:
        raise ZeroDivisionError

    async def sorry(_: Request, error: Exception) -> Response:
        return PlainTextResponse(type(error).__name__, 500)

    app = with_operation(fail)
    app.get("/beside", response_model=None)(fail)
    app.add_exception_handler(Exception, sorry)

    answer = await get(app, path, raises=False)

    assert (answer.status_code, answer.text) == (500, "ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        await get(app, path)


@pytest.mark.parametrize(
    ("error", "type_", "detail"),
    [
        (HTTPException(403, "Not yours."), "/problems/forbidden", "Not yours."),
        (HTTPException(404, "No such report."), "/problems/not-found", "No such report."),
        (HTTPException(404), "/problems/not-found", "There is nothing at this path."),
        (HTTPException(405), "/problems/method-not-allowed", "This path allows other methods."),
    ],
)
async def test_http_exception_of_a_route_is_a_problem_with_its_status(
    unreached: FastAPI, error: HTTPException, type_: str, detail: str
) -> None:
    @unreached.get("/beside")
    async def refuse() -> None:
        raise error

    answer = problem(await get(unreached, "/beside"), error.status_code)

    assert (answer["type"], answer["detail"]) == (type_, detail)


async def test_http_exception_with_a_status_without_a_kind_is_a_problem_all_the_same(
    unreached: FastAPI,
) -> None:
    @unreached.get("/beside")
    async def refuse() -> None:
        raise HTTPException(418, "Short and stout.", headers={"X-Pot": "tea"})

    answer = await get(unreached, "/beside")

    assert (answer.status_code, answer.headers["X-Pot"]) == (418, "tea")
    told = {name: answer.json()[name] for name in ("type", "title", "detail")}
    assert told == {"type": "about:blank", "title": "I'm a teapot", "detail": "Short and stout."}


async def test_error_that_nothing_handles_is_the_problem_of_the_service_beside_the_contract_too(
    unreached: FastAPI,
) -> None:
    @unreached.get("/beside")
    async def fail() -> None:
        raise ZeroDivisionError

    problem(await get(unreached, "/beside"), 500)


async def test_path_of_the_contract_is_the_contracts_whatever_is_added(unreached: FastAPI) -> None:
    @unreached.put("/articles/{article_id}")
    @unreached.get("/livez")
    async def usurp() -> str:
        raise AssertionError

    assert (await get(unreached, "/livez")).json() == {"status": "ok"}
    assert (await get(unreached, "/articles/1", method="PUT")).status_code == 405


async def test_mounted_application_has_the_parameters_of_its_mount_and_its_own() -> None:
    async def show(*, thing: str) -> ApiResponse:
        request = current_request()
        response: Any = JSONResponse([request.path_params, thing])
        return response  # type: ignore[no-any-return]

    outer = FastAPI(routes=[Mount("/{tenant}", with_operation(show, "/things/{thing}"))])

    answer = await get(outer, "/acme/things/%C3%A9")

    assert answer.json() == [{"tenant": "acme", "thing": "é"}, "%C3%A9"]


# What tools look for


def contract_routes(app: FastAPI) -> dict[str, ContractRoute]:
    return {route.path: route for route in app.routes if isinstance(route, ContractRoute)}


def test_every_path_of_the_contract_is_one_route(unreached: FastAPI) -> None:
    routes = contract_routes(unreached)

    assert list(routes) == list(DOCUMENT["paths"])
    for path, route in routes.items():
        operations = DOCUMENT["paths"][path]
        derived = {"OPTIONS", "HEAD"} if "get" in operations else {"OPTIONS"}
        assert route.methods == {method.upper() for method in operations} | derived
        assert route.path_format == path
        assert route.name == next(iter(operations.values()))["operationId"]


@pytest.mark.parametrize(
    ("method", "path", "route", "match"),
    [
        ("GET", "/articles/7", "/articles/{article_id}", Match.FULL),
        ("HEAD", "/articles/7", "/articles/{article_id}", Match.FULL),
        ("OPTIONS", "/articles/7", "/articles/{article_id}", Match.FULL),
        ("PUT", "/articles/7", "/articles/{article_id}", Match.PARTIAL),
        ("GET", "/%61rticles/%37", "/articles/{article_id}", Match.FULL),
        ("GET", "/articles/a%2Fb", "/articles/{article_id}", Match.FULL),
        ("POST", "/articles", "/articles", Match.FULL),
        ("GET", "/articles%2F7", None, Match.NONE),
        ("GET", "/nowhere", None, Match.NONE),
    ],
)
def test_one_route_at_most_matches(
    unreached: FastAPI, method: str, path: str, route: str | None, match: Match
) -> None:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "headers": [],
    }

    matches = {each.path: each.matches(scope)[0] for each in contract_routes(unreached).values()}

    assert {path: each for path, each in matches.items() if each is not Match.NONE} == (
        {route: match} if route else {}
    )


def test_of_two_paths_that_fit_the_one_matches_that_is_served() -> None:
    async def found() -> ApiResponse:
        raise AssertionError

    operations = [operation(found, "/files/{name}", "DELETE"), operation(found, "/files/mine")]
    some, mine = ContractRoutes(operations, max_body_bytes=0)
    scope = {
        "type": "http",
        "method": "DELETE",
        "path": "/files/mine",
        "raw_path": b"/files/mine",
        "headers": [],
    }

    assert (some.matches(scope)[0], mine.matches(scope)[0]) == (Match.NONE, Match.PARTIAL)


async def test_scope_tells_the_route_the_handler_and_the_decoded_parameters(
    unreached: FastAPI,
) -> None:
    scopes = []

    def looking(app: ASGIApp) -> ASGIApp:
        async def look(scope: Scope, receive: Receive, send: Send) -> None:
            scopes.append(scope)
            await app(scope, receive, send)

        return look

    unreached.add_middleware(looking)

    for method in ("GET", "HEAD", "DELETE", "OPTIONS", "PUT"):
        await get(unreached, "/articles/%20x", method=method)

    told = [(scope["route"].path, scope["path_params"]) for scope in scopes]
    assert told == [("/articles/{article_id}", {"article_id": " x"})] * 5
    names = [scope["endpoint"].__name__ for scope in scopes]
    assert names == ["get_article", "get_article", "delete_article", "get_article", "get_article"]
    assert {scope["endpoint"].__module__ for scope in scopes} == {"app.handlers.articles"}
    assert scopes[0]["endpoint"].__qualname__ == "ArticlesHandlers.get_article"


@pytest.mark.parametrize(
    ("name", "values", "path"),
    [
        ("get_article", {"article_id": 7}, "/articles/7"),
        ("delete_article", {"article_id": 7}, "/articles/7"),
        ("list_articles", {}, "/articles"),
        ("get_article", {"article_id": "a/b é%"}, "/articles/a%2Fb%20%C3%A9%25"),
    ],
)
async def test_path_of_an_operation_is_found_by_its_name(
    unreached: FastAPI, name: str, values: dict[str, Any], path: str
) -> None:
    found = unreached.url_path_for(name, **values)

    assert found == path


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("get_article", {}),
        ("get_article", {"article_id": ""}),
        ("list_articles", {"article_id": 1}),
        ("unknown", {}),
    ],
)
def test_path_of_nothing_is_not_found(
    unreached: FastAPI, name: str, values: dict[str, Any]
) -> None:
    with pytest.raises(NoMatchFound):
        unreached.url_path_for(name, **values)


def test_openapi_is_the_contract_and_is_read_once(unreached: FastAPI) -> None:
    unreached.get("/beside")(lambda: None)

    assert unreached.openapi() == json.loads(DATA.read_bytes())
    assert unreached.openapi() is unreached.openapi()


async def test_application_that_serves_the_document_by_itself_serves_the_contract() -> None:
    answer = await get(ContractFastAPI(), "/openapi.json")

    assert answer.json() == json.loads(DATA.read_bytes())


# The request that is being served


async def test_current_request_is_that_of_the_operation_in_its_tasks_too() -> None:
    async def path() -> str:
        return current_request().url.path

    async def show() -> ApiResponse:
        response: Any = JSONResponse(
            [await path(), *await asyncio.gather(path(), asyncio.create_task(path()))]
        )
        return response  # type: ignore[no-any-return]

    answers = await asyncio.gather(
        *(get(with_operation(show, path), path) for path in ("/a", "/b"))
    )

    assert [answer.json() for answer in answers] == [["/a"] * 3, ["/b"] * 3]


@pytest.mark.parametrize("path", ["/things", "/fails", "/beside"])
async def test_current_request_is_none_before_and_behind_an_operation(path: str) -> None:
    async def show() -> ApiResponse:
        current_request()
        response: Any = PlainTextResponse()
        return response  # type: ignore[no-any-return]

    async def beside() -> str:
        with pytest.raises(LookupError, match="for operations of the contract"):
            current_request()
        return "none"

    async def fail() -> ApiResponse:
        raise ZeroDivisionError

    app = with_operation(show)
    app.router.routes += ContractRoutes([operation(fail, "/fails")], max_body_bytes=0)
    app.get("/beside")(beside)
    await beside()

    await get(app, path, raises=False)

    await beside()
