"""Pages of other origins may use the API if a setting lists their origin: by the headers of each
response, and as a real browser understands them.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, sync_playwright

from app import mock
from app.cors import origins
from app.main import assemble
from app.settings import InvalidSettings, Settings, load_settings
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoutes, Operation
from specfirst.conformance.validator import PROTOCOL_HEADERS, Exchange, ResponseValidator
from tests.conftest import running_service
from tests.problems import CONTRACT, problem
from tests.servers import HOST
from tests.test_docs import chromium
from tests.tokens import ADMIN

ORIGIN = "https://app.example.com"
OTHER = "https://elsewhere.example"
ALLOWED = f"{ORIGIN}, http://localhost:3000"
CORS = tuple(sorted(name for name in PROTOCOL_HEADERS if name.startswith("access-control-")))


def preflight(method: str, *headers: str, origin: str = ORIGIN) -> dict[str, str]:
    """Return the headers of the request that a browser sends before one with a method and headers
    that need leave.
    """
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return asked | ({"Access-Control-Request-Headers": ",".join(headers)} if headers else {})


async def ask(app: FastAPI, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(method, path, headers=headers)


@cache
def mock_for(cors_origins: str) -> FastAPI:
    """Return the mock, which has the middleware of the service."""
    return mock.create_app(Settings(cors_origins=cors_origins))


def cors_headers(answer: httpx.Response) -> set[str]:
    return {name for name in answer.headers if name.startswith("access-control-")}


def names_in(value: str) -> set[str]:
    return {name.strip().lower() for name in value.split(",")}


# --- The setting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        (ORIGIN, {ORIGIN}),
        (f" {ORIGIN} ,http://localhost:3000,", {ORIGIN, "http://localhost:3000"}),
        ("http://[2001:db8::1]:8080", {"http://[2001:db8::1]:8080"}),
        ("http://app.example:443,https://app.example:80", {"http://app.example:443", "https://app.example:80"}),
        ("capacitor://localhost,chrome-extension://abcdef", {"capacitor://localhost", "chrome-extension://abcdef"}),
        ("*", {"*"}),
    ],
)  # fmt: skip
def test_setting_lists_origins(text: str, expected: set[str]) -> None:
    assert origins(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "app.example.com", "https://app.example.com/", "https://app.example.com/path", "HTTPS://app.example.com",
        "https://app.example.com:443", "http://localhost:80", "https://*.example.com", "https://me@app.example.com",
        "https://a.example https://b.example", "null", "*,https://app.example.com", "https://bücher.example",
        "http://a:0",
    ],
)  # fmt: skip
def test_what_no_browser_sends_as_an_origin_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("BLOG_CORS_ORIGINS", text)

    with pytest.raises(InvalidSettings, match=r"^BLOG_CORS_ORIGINS: write origins as browsers"):
        load_settings()


async def test_without_the_setting_no_response_has_a_header_of_cors() -> None:
    app = mock_for("")

    for method, path in (("GET", "/authors"), ("OPTIONS", "/authors"), ("GET", "/nowhere")):
        answer = await ask(app, method, path, preflight("GET"))

        assert cors_headers(answer) == set()
        assert "origin" not in names_in(answer.headers.get("Vary", ""))


# --- Responses ------------------------------------------------------------------------------------

ANSWERS = {
    "success": ("GET", "/authors/1", 200),
    "page": ("GET", "/docs", 200),
    "contract": ("GET", "/openapi.json", 200),
    "unknown path": ("GET", "/nowhere", 404),
    "other method": ("PUT", "/authors", 405),
    "bad request": ("GET", "/authors?colour=red", 400),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_page_of_an_allowed_origin_may_read_every_response(name: str) -> None:
    method, path, status = ANSWERS[name]

    answer = await ask(mock_for(ALLOWED), method, path, {"Origin": ORIGIN})

    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "origin" in names_in(answer.headers["Vary"])
    assert "Access-Control-Allow-Credentials" not in answer.headers
    exposed = names_in(answer.headers["Access-Control-Expose-Headers"])
    assert {"x-request-id", "location", "link", "retry-after", "allow"} <= exposed


async def test_every_header_in_the_contract_can_be_read_and_sent() -> None:
    answers = [
        await ask(mock_for(ALLOWED), method, "/authors", preflight("POST"))
        for method in ("GET", "OPTIONS")
    ]

    exposed = names_in(answers[0].headers["Access-Control-Expose-Headers"])
    allowed = names_in(answers[1].headers["Access-Control-Allow-Headers"])
    operations = CONTRACT.operations
    assert exposed >= {
        name.lower()
        for operation in operations
        for response in operation.responses.values()
        for name in response.headers
    }
    assert allowed >= {"authorization", "content-type"} | {
        each.name.lower()
        for operation in operations
        for each in operation.parameters
        if each.location == "header"
    }


async def test_failure_of_the_service_can_be_read() -> None:
    async def fail() -> ApiResponse:
        raise RuntimeError("a bug")

    app = assemble(
        ContractRoutes([Operation("GET", "/fails", fail)], max_body_bytes=1000),
        cors_origins=ALLOWED,
    )

    answer = await ask(app, "GET", "/fails", {"Origin": ORIGIN})

    problem(answer, 500)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{ORIGIN}.evil.example", f"{ORIGIN}:8443", "HTTPS://APP.EXAMPLE.COM"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
async def test_page_of_another_origin_may_read_nothing(method: str, origin: str) -> None:
    answer = await ask(mock_for(ALLOWED), method, "/authors/1", preflight("GET", origin=origin))

    assert cors_headers(answer) == set()
    assert "origin" in names_in(answer.headers["Vary"])
    assert answer.is_success  # the browser keeps it from the page; who is no browser, may ask


async def test_answer_to_a_request_without_an_origin_says_that_another_would_differ() -> None:
    answer = await ask(mock_for(ALLOWED), "GET", "/authors/1", {})

    assert cors_headers(answer) == set()
    assert "origin" in names_in(answer.headers["Vary"])


async def test_request_with_two_origins_has_none() -> None:
    transport = httpx.ASGITransport(mock_for(ALLOWED))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        answer = await client.get("/authors/1", headers=[("Origin", ORIGIN), ("Origin", OTHER)])

    assert cors_headers(answer) == set()


async def test_what_a_response_varies_by_already_is_kept() -> None:
    answer = await ask(mock_for(ALLOWED), "GET", "/docs", {"Origin": ORIGIN})

    assert answer.headers.get_list("Vary") == ["Accept-Encoding, Origin"]


@pytest.mark.parametrize("headers", [{}, {"Origin": OTHER}])
async def test_all_origins_get_the_same_response(headers: dict[str, str]) -> None:
    answer = await ask(mock_for("*"), "GET", "/authors/1", headers)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "origin" not in names_in(answer.headers.get("Vary", ""))


# --- Preflights -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("cors_origins", "allowed"), [(ALLOWED, ORIGIN), ("*", "*")])
async def test_preflight_is_answered_as_options_are(cors_origins: str, allowed: str) -> None:
    app = mock_for(cors_origins)
    plain = await ask(app, "OPTIONS", "/authors/1", {})

    answer = await ask(
        app, "OPTIONS", "/authors/1", preflight("PATCH", "authorization", "content-type")
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Allow"] == plain.headers["Allow"]
    assert answer.headers["Access-Control-Allow-Origin"] == allowed
    assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]
    assert {"authorization", "content-type"} <= names_in(
        answer.headers["Access-Control-Allow-Headers"]
    )
    assert int(answer.headers["Access-Control-Max-Age"]) > 0


async def test_preflight_allows_the_methods_of_the_path() -> None:
    for path in ("/authors", "/authors/1", "/articles", "/livez"):
        answer = await ask(mock_for(ALLOWED), "OPTIONS", path, preflight("DELETE"))

        operations = [each for each in CONTRACT.operations if each.pattern.fullmatch(path)]
        documented = {operation.method.upper() for operation in operations}
        assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == (
            documented | {"OPTIONS"} | ({"HEAD"} if "GET" in documented else set())
        )


async def test_preflight_of_an_unknown_path_is_a_404() -> None:
    answer = await ask(mock_for(ALLOWED), "OPTIONS", "/nowhere", preflight("GET"))

    problem(answer, 404)
    assert "Access-Control-Allow-Methods" not in answer.headers


async def test_responses_with_the_headers_are_as_the_contract_wants_them() -> None:
    validator = ResponseValidator(CONTRACT, pages=["/docs", "/openapi.json"])

    for method, path, _ in ANSWERS.values():
        for headers in ({"Origin": ORIGIN}, preflight("GET")):
            answer = await ask(mock_for(ALLOWED), method, path, headers)

            _, violations = validator.validate(Exchange.of(answer))
            assert list(map(str, violations)) == []


# --- In a browser ---------------------------------------------------------------------------------


class _EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer every request with an empty page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of another server, which has an empty page."""
    with ThreadingHTTPServer((HOST, 0), _EmptyPage) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def shared(postgres: Any, port: int) -> Iterator[str]:
    """The base URL of a service that allows the origin of the other server."""
    with running_service(
        BLOG_DATABASE_URL=postgres.url, BLOG_CORS_ORIGINS=f"http://{HOST}:{port}"
    ) as base_url:
        yield base_url


@contextmanager
def page_at(address: str) -> Iterator[Page]:
    """Open a page in a real Chromium, with nothing between the two: who intercepts requests, as
    `browsing` does, answers preflights himself.
    """
    with (
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        browser.new_page() as page,
    ):
        page.goto(address)
        yield page


FETCH = """async ([address, options]) => {
    try {
        const answer = await fetch(address, options);
        const headers = Object.fromEntries(answer.headers);
        return {status: answer.status, headers, text: await answer.text()};
    } catch (error) {
        return {error: error.name};
    }
}"""


def fetch(page: Page, address: str, **options: Any) -> dict[str, Any]:
    """Let a page ask for an address; return the response as it sees it, or the error."""
    found: dict[str, Any] = page.evaluate(FETCH, [address, options])
    return found


def test_browser_lets_a_page_of_an_allowed_origin_use_the_api(
    shared: str, port: int, database_url: str
) -> None:
    as_json = {"Content-Type": "application/json"}
    written = json.dumps({"first_name": "Ada", "last_name": "Lovelace"})

    with page_at(f"http://{HOST}:{port}/") as page:

        def ask(method: str, path: str, **options: Any) -> dict[str, Any]:
            return fetch(page, f"{shared}{path}", method=method, **options)

        created = ask("POST", "/authors", headers=ADMIN | as_json, body=written)
        location = created["headers"]["location"]
        changed = ask("PATCH", location, headers=ADMIN | as_json, body='{"first_name": "A."}')
        ask("POST", "/authors", headers=ADMIN | as_json, body=written)
        listed = ask("GET", "/authors?limit=1")
        deleted = ask("DELETE", location, headers=ADMIN)
        missing = ask("GET", location)
        refused = ask("POST", "/authors", headers=as_json, body=written)
        contract = ask("GET", "/openapi.json")

    answers = (created, changed, listed, deleted, missing, refused, contract)
    statuses = [answer["status"] for answer in answers]
    assert statuses == [201, 200, 200, 204, 404, 401, 200]
    assert all("x-request-id" in answer["headers"] for answer in answers)
    assert created["headers"].keys() >= {"location", "ratelimit", "ratelimit-policy"}
    assert "link" in listed["headers"]
    assert refused["headers"]["www-authenticate"].startswith("Bearer")
    assert json.loads(missing["text"])["type"] == "/problems/author-not-found"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_browser_keeps_responses_from_a_page_of_another_origin(
    shared: str, port: int, method: str
) -> None:
    with page_at(f"http://localhost:{port}/") as page:
        assert fetch(page, f"{shared}/authors/1", method=method) == {"error": "TypeError"}


def test_browser_keeps_responses_from_every_other_page_without_the_setting(
    service: str, port: int
) -> None:
    with page_at(f"http://{HOST}:{port}/") as page:
        assert fetch(page, f"{service}/authors/1") == {"error": "TypeError"}
