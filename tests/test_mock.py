"""The mock: every response is in the contract, and every rejection is the service's."""

import json
import os
import re
import subprocess
import sys
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field
from starlette.requests import Request

from app import docs, mock
from app.main import assemble
from app.settings import Settings
from generated.runtime.handlers import Handlers
from generated.runtime.parameters import Parameter, integer
from generated.runtime.paths import percent_decoded
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoutes, Operation
from specfirst.conformance.validator import Exchange, ResponseValidator
from specfirst.contract.model import Contract, Response
from tests.conftest import ROOT, running_service
from tests.packages import package
from tests.problems import CONTRACT, problem
from tests.tokens import ADMIN, ANY_VERSION

JSON = dict[str, Any]

OPERATIONS = CONTRACT.by_id
VALIDATOR = ResponseValidator(CONTRACT, of_server=("connection", "date"))
RESPONSES = [
    (name, status) for name, operation in OPERATIONS.items() for status in operation.responses
]


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client of the mock, which runs as a process of its own, without any database, and takes all
    credentials.
    """
    headers = {"Authorization": "Bearer anything"} | ANY_VERSION
    with (
        running_service(command="mock") as base_url,
        httpx.Client(base_url=base_url, headers=headers) as client,
    ):
        yield client


def send(client: httpx.Client, name: str, **headers: str) -> httpx.Response:
    """Send the documented example of a request: parameters and body. DELETE shows no id."""
    operation = OPERATIONS[name]
    path, query = operation.path, {}
    for parameter in operation.parameters:
        shown = [example.value for example in parameter.examples]
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", str(next(iter(shown), 1)))
        elif parameter.location == "query" and shown:
            query[parameter.name] = json.dumps(shown[0]).strip('"')
    bodies = operation.request_body.content if operation.request_body else {}
    for media_type, body in bodies.items():
        headers |= {"Content-Type": media_type}
        content = json.dumps(body.examples[0].value)
        return client.request(
            operation.method, path, params=query, content=content, headers=headers
        )
    return client.request(operation.method, path, params=query, headers=headers)


def assert_documented(answer: httpx.Response, name: str) -> None:
    """The status, the media type, the body and the headers are as the operation has them."""
    seen, violations = VALIDATOR.validate(Exchange.of(answer))

    assert seen is not None
    assert (seen.operation, violations) == (name, [])


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_example_of_a_request_is_answered_with_the_example_of_success(
    client: httpx.Client, name: str
) -> None:
    answer = send(client, name)

    assert answer.is_success, answer.text
    assert_documented(answer, name)
    for media_type in OPERATIONS[name].responses[str(answer.status_code)].content.values():
        assert answer.json() == media_type.examples[0].value


@pytest.mark.parametrize(("name", "status"), RESPONSES)
def test_every_documented_answer_can_be_had(client: httpx.Client, name: str, status: str) -> None:
    answer = send(client, name, Prefer=f"respond-async, code={status}; foo")

    assert answer.status_code == int(status)
    assert_documented(answer, name)
    if answer.is_error:
        assert problem(answer, int(status))["instance"] == answer.request.url.path


def test_the_answer_preferred_by_one_request_is_not_that_of_the_next(client: httpx.Client) -> None:
    preferred = client.delete("/authors/1", headers={"Prefer": 'code="409"'})
    next_one = client.delete("/authors/1")

    assert (preferred.status_code, next_one.status_code) == (409, 204)


@pytest.mark.parametrize(
    ("path", "resource"), [("/articles/7", "article"), ("/authors/7", "author")]
)
def test_a_resource_is_the_one_of_the_path(client: httpx.Client, path: str, resource: str) -> None:
    example = send(client, f"get_{resource}").json()

    answer = client.get(path)

    assert answer.json() == example | {"id": 7}  # the author of the article stays


@pytest.mark.parametrize("path", ["/articles/7", "/articles/%37"])
def test_a_problem_is_about_what_was_asked_for(client: httpx.Client, path: str) -> None:
    example = send(client, "get_article", Prefer="code=404").json()["detail"]

    answer = problem(client.get(path, headers={"Prefer": "code=404"}), 404)

    assert (answer["detail"], answer["instance"]) == ("There is no article 7.", path)
    assert "999" not in example


CONTRACT_OF_SHELVES: JSON = {
    "paths": {
        "/shelves/{shelf}/books/{book_id}": {
            "get": {
                "operationId": "get_book",
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "examples": {
                                    "first": {"$ref": "#/components/examples/Book"},
                                    "second": {"value": 0},
                                }
                            }
                        },
                        "headers": {},
                    },
                },
            }
        }
    },
    "components": {
        "examples": {
            "Book": {
                "value": {
                    "id": 12,
                    "shelf": "sea",
                    "self": "/shelves/sea/books/12",
                    "next": "http://host/shelves/sea/books/123",
                    "title": "12 by the sea",
                    "pages": [{"book_id": 12, "id": 12, "number": 1.0, "shelf": "sea"}],
                }
            }
        }
    },
}


async def test_values_are_replaced_in_members_of_their_names_and_in_paths_only() -> None:
    answer = await mocked_book("/shelves/black%20sea/books/7")

    assert answer.json() == {
        "id": 7,
        "shelf": "black sea",
        "self": "/shelves/black%20sea/books/7",
        "next": "http://host/shelves/sea/books/123",
        "title": "12 by the sea",
        "pages": [{"book_id": 7, "id": 12, "number": 1.0, "shelf": "black sea"}],
    }


async def test_an_example_that_would_no_longer_fit_the_contract_stays_as_it_is() -> None:
    answer = await mocked_book("/shelves/sea/books/1000")

    assert answer.json()["id"] == 12


async def mocked_book(path: str) -> httpx.Response:
    """Ask a mock of another contract, in which ids of books are less than 1000."""
    operation = mock._implemented(Books, Contract(CONTRACT_OF_SHELVES)).get_book
    parameters = [
        Parameter("shelf", location="path", type=str, decode=percent_decoded),
        Parameter("book_id", location="path", type=int, decode=integer),
    ]
    book = Operation(
        "GET",
        "/shelves/{shelf}/books/{book_id}",
        operation,
        parameters=parameters,
        responses=GetBook200,
    )
    routes = ContractRoutes([book], max_body_bytes=0)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(assemble(routes)), base_url="http://mock"
    ) as client:
        return await client.get(path)


class Book(BaseModel):
    """A book, with members of all sorts."""

    id: Annotated[int, Field(lt=1000)]
    shelf: str
    self: str
    next: str
    title: str
    pages: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetBook200(ApiResponse):
    """The book."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    body: Book


class Books(Handlers):
    """An interface as the generator writes it."""

    @abstractmethod
    async def get_book(self) -> GetBook200:
        """Return a book."""


async def test_of_several_media_types_the_one_that_is_accepted_is_shown() -> None:
    content = {"text/plain": {"example": "Ada"}, "text/html": {"example": "<b>Ada</b>"}}
    response = Response.at(Contract({"response": {"content": content}}), "/response")
    answer = mock._answer("get_name", GetName200, response)

    shown = {}
    for accepted in ("text/html", "text/plain", "*/*", "image/png"):
        each = answer.to(asking_for(accepted))
        shown[accepted] = (each.media_type, getattr(each, "body"))  # noqa: B009

    assert shown == {
        "text/html": ("text/html", "<b>Ada</b>"),
        "text/plain": ("text/plain", "Ada"),
        "*/*": ("text/plain", "Ada"),
        "image/png": ("text/plain", "Ada"),
    }


def asking_for(media_type: str) -> Request:
    [route] = ContractRoutes([Operation("GET", "/name", Books.get_book)], max_body_bytes=0)
    headers = [(b"accept", media_type.encode())]
    return Request(
        {"type": "http", "route": route, "path_params": {}, "path": "/name", "headers": headers}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GetName200(ApiResponse):
    """A name in one of two media types."""

    status: ClassVar[int] = 200
    body: str
    media_type: Literal["text/plain", "text/html"] = "text/plain"  # type: ignore[misc]


def test_no_answer_is_logged_as_badly_written(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        running_service(command="mock", log_file=log) as base_url,
        httpx.Client(base_url=base_url) as client,
    ):
        for name, status in RESPONSES:
            send(client, name, Prefer=f"code={status}")

    assert log.read_text("utf-8").count('"request"') >= len(RESPONSES)
    assert "Pydantic" not in log.read_text("utf-8")


def test_an_answer_that_is_not_documented_is_not_given(client: httpx.Client) -> None:
    for prefer in ("code=418", "code=500", "code=40", "code=4040", "encode=404", "code", ""):
        answer = client.get("/authors/1", headers={"Prefer": prefer})

        assert answer.status_code == 200, prefer


def test_location_and_next_page_fit_the_body_that_they_come_with(client: httpx.Client) -> None:
    for kind in ("author", "article"):
        created = send(client, f"create_{kind}")
        listed = send(client, f"list_{kind}s")

        assert client.get(created.headers["Location"]).json() == created.json()
        assert listed.json()["next_cursor"] is None
        assert "Link" not in listed.headers


REQUESTS: list[tuple[str, str, JSON]] = [
    ("POST", "/authors", {"json": {"first_name": "", "born": 1815}}),
    ("POST", "/authors", {"content": "{", "headers": {"Content-Type": "application/json"}}),
    ("POST", "/authors", {"content": "Ada", "headers": {"Content-Type": "text/plain"}}),
    ("POST", "/authors", {"json": {"first_name": "x" * 3_000_000}}),
    (
        "PATCH",
        "/authors/1",
        {"content": "{}", "headers": {"Content-Type": "application/json-patch+json"}},
    ),
    ("GET", "/authors", {"params": {"limit": 101}}),
    ("GET", "/authors", {"params": {"unknown": 1}}),
    ("GET", "/authors/0", {}),
    ("GET", "/nowhere", {}),
    ("PUT", "/authors", {}),
]


@pytest.mark.parametrize(("method", "path", "request_parts"), REQUESTS)
def test_a_bad_request_is_refused_as_by_the_service(
    client: httpx.Client, service: str, method: str, path: str, request_parts: JSON
) -> None:
    refused = client.request(method, path, **request_parts)
    with httpx.Client(headers=ADMIN) as admin:
        expected = admin.request(method, f"{service}{path}", **request_parts)

    assert problem(refused, expected.status_code) == expected.json() | {
        "request_id": refused.json()["request_id"]
    }
    assert without_own(refused) == without_own(expected)


def without_own(answer: httpx.Response) -> JSON:
    own = {"date", "x-request-id", "connection", "ratelimit", "ratelimit-policy"}
    return {name: value for name, value in answer.headers.items() if name not in own}


SCHEMES: JSON = {
    "Bearer": {"type": "http", "scheme": "bearer"},
    "Password": {"type": "http", "scheme": "basic"},
    "InHeader": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "InQuery": {"type": "apiKey", "in": "query", "name": "key"},
    "InCookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "OAuth": {"type": "oauth2", "flows": {}},
    "OpenID": {"type": "openIdConnect", "openIdConnectUrl": "https://example.com/openid"},
}

REQUIREMENTS: dict[str, tuple[list[JSON], JSON]] = {
    "bearer": ([{"Bearer": []}], {"headers": {"Authorization": "Bearer any"}}),
    "password": ([{"Password": []}], {"headers": {"Authorization": "Basic any"}}),
    "header": ([{"InHeader": []}], {"headers": {"X-Key": "any"}}),
    "query": ([{"InQuery": ["role"]}], {"params": {"key": "any"}}),
    "cookie": ([{"InCookie": []}], {"headers": {"Cookie": "session=any"}}),
    "oauth": ([{"OAuth": ["read", "write"]}], {"headers": {"Authorization": "Bearer any"}}),
    "openid": ([{"OpenID": ["admin"]}], {"headers": {"Authorization": "Bearer any"}}),
    "both": (
        [{"Bearer": ["read"], "InQuery": ["call"]}],
        {"headers": {"Authorization": "Bearer any"}, "params": {"key": "any"}},
    ),
}
"""Operations: their security, and the credentials to send."""


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The mock of a contract with all kinds of schemes."""
    paths = {
        f"/{name}": {
            "get": {
                "operationId": f"get_{name}",
                "security": security,
                "responses": {"204": {"description": "Done."}},
            }
        }
        for name, (security, _) in REQUIREMENTS.items()
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Doors", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": SCHEMES},
    }
    folder = tmp_path_factory.mktemp("doors")
    with package("doors", document, folder) as routers:
        with pytest.MonkeyPatch.context() as patch:  # not for the other tests of this module
            patch.setattr(mock, "build_routes", routers.build_routes)
            patch.setattr(docs, "DATA", folder / "doors" / "openapi.json")
            app = mock.create_app(Settings())
        yield app


@pytest.mark.parametrize("name", REQUIREMENTS)
async def test_any_credentials_are_accepted_and_none_are_refused(
    secured: FastAPI, name: str
) -> None:
    _, credentials = REQUIREMENTS[name]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(secured), base_url="http://mock"
    ) as client:
        accepted = await client.get(f"/{name}", **credentials)
        refused = await client.get(f"/{name}")

    assert accepted.status_code == 204
    assert problem(refused, 401)["type"] == "/problems/unauthorized"
    assert refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("examples", [{"example": {"status": "well"}}, {}])
def test_an_example_that_does_not_fit_is_named_and_the_mock_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, examples: JSON
) -> None:
    contract = json.loads(docs.DATA.read_text("utf-8"))
    content = contract["paths"]["/livez"]["get"]["responses"]["200"]["content"]
    content["application/json"] = {"schema": content["application/json"]["schema"], **examples}
    (tmp_path / "openapi.json").write_text(json.dumps(contract), "utf-8")
    monkeypatch.setattr(docs, "DATA", tmp_path / "openapi.json")

    with pytest.raises(mock.NoExample, match="get_liveness, response 200: fix"):
        mock.create_app(Settings())


def test_the_documentation_is_served_and_each_answer_has_an_id(client: httpx.Client) -> None:
    author = client.get("/authors/1")
    pages = [client.get(path) for path in ("/docs", "/openapi.json", "/problems")]

    assert author.json()["last_name"] == "Lovelace"
    assert re.fullmatch(r"[0-9a-f-]{36}", author.headers["X-Request-ID"])
    assert [page.status_code for page in pages] == [200, 200, 200]


def test_a_port_in_use_is_told_in_one_line(client: httpx.Client) -> None:
    environment = os.environ | {"BLOG_PORT": str(client.base_url.port)}

    second = subprocess.run(
        [sys.executable, "-m", "app", "mock"], cwd=ROOT, env=environment, capture_output=True
    )

    assert second.returncode == 1
    assert b"set BLOG_HOST or BLOG_PORT" in second.stderr
