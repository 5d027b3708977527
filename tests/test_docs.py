"""The pages beside the contract, under a path prefix too: responses, and a real browser."""

import html
import json
import os
import re
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from app import docs, mock
from app.docs import SOURCE
from app.examples import EXAMPLE_REQUESTS
from app.problems import KINDS, Kind
from app.server import configuration
from app.settings import Settings
from specfirst.contract.reading import load
from tests.problems import problem
from tests.servers import HOST, wait_until
from tests.tokens import ADMIN, ADMIN_TOKEN

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_NETWORK = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
]
expect.set_options(timeout=30_000)  # milliseconds; a busy machine takes its time
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
PREFIX = "/apis/blog"
HTML = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
}  # a browser's
CONTRACTS = ("/openapi.json", "/openapi.yaml")
ASSETS = (
    *(
        f"/docs/assets/{name}"
        for name in ("docs.css", "docs.js", "pages.css", "swagger-ui-bundle.js", "swagger-ui.css")
    ),
    "/favicon.svg",
)
PAGES = ("/", "/docs", "/problems", "/problems/not-found")
EVERYTHING = PAGES + CONTRACTS + ASSETS


@pytest.fixture(scope="module")
def visitor(service: str) -> Iterator[httpx.Client]:
    """A client of the running service with the headers of a browser, for any stored data."""
    with httpx.Client(base_url=service, timeout=30, headers=HTML) as client:
        yield client


@pytest.fixture(scope="module")
def prefixed() -> Iterator[str]:
    """The base URL of the mock, which has the same pages, below a path prefix."""
    server = uvicorn.Server(configuration(below(PREFIX, mock.create_app(Settings()))))
    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            yield f"http://{HOST}:{listener.getsockname()[1]}{PREFIX}"
        finally:
            server.should_exit = True
            thread.join()


def below(prefix: str, app: ASGIApp) -> ASGIApp:
    """Return an application as a server presents it that knows its prefix."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await app(
            {**scope, "root_path": prefix} if scope["type"] == "http" else scope, receive, send
        )

    return application


@asynccontextmanager
async def pages_of(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        yield client


# --- The contract ---


def without_servers(text: str) -> str:
    """Return a contract without the lines of `servers`, which are indented below it."""
    kept, skipping = [], False
    for line in text.splitlines(keepends=True):
        skipping = line.startswith("servers:") or (skipping and line.startswith((" ", "#", "\n")))
        kept += [] if skipping else [line]
    return "".join(kept)


def test_openapi_yaml_is_the_hand_written_document_byte_for_byte_but_for_servers(
    visitor: httpx.Client,
) -> None:
    answer = visitor.get("/openapi.yaml")

    assert answer.headers["Content-Type"] == "application/yaml"
    assert without_servers(answer.text) == without_servers(SOURCE.read_text("utf-8"))


def test_openapi_json_says_the_same(visitor: httpx.Client, tmp_path: Path) -> None:
    as_json, as_yaml = visitor.get("/openapi.json"), visitor.get("/openapi.yaml")

    assert as_json.headers["Content-Type"] == "application/json"
    (tmp_path / "openapi.yaml").write_bytes(as_yaml.content)
    # as the generator reads it: `no` in it is a text
    assert as_json.json() == load(tmp_path / "openapi.yaml")
    assert {**as_json.json(), "servers": None} == {**load(SOURCE), "servers": None}


@pytest.mark.parametrize("path", CONTRACTS)
def test_served_contract_names_the_service_that_serves_it(
    visitor: httpx.Client, prefixed: str, path: str, tmp_path: Path
) -> None:
    for answer, server in ((visitor.get(path), "/"), (httpx.get(f"{prefixed}{path}"), PREFIX)):
        (tmp_path / "served.yaml").write_bytes(answer.content)  # JSON is YAML
        served = load(tmp_path / "served.yaml")

        assert [each["url"] for each in served["servers"]] == [server]
        assert {**served, "servers": None} == {**load(SOURCE), "servers": None}


SERVERS = {
    "indented list": "servers:\n  - url: https://elsewhere\n    description: Elsewhere.\n",
    "list at the margin": (
        "servers:\n- url: https://elsewhere\n  variables:\n    x: {default: '1'}\n-\n  url: /b\n"
    ),
    "comments and blank lines": (
        "servers: # two\n\n  # one\n  - url: https://elsewhere\n\n# another\n  - url: /b\n"
    ),
    "flow": "servers: [{url: https://elsewhere}, {url: /b}]\n",
    "flow in lines": "servers: [\n  {url: https://elsewhere},\n  {url: /b}\n  ]\n",
    "space before the colon": "servers : [{url: https://elsewhere}]\n",
    "no line break at the end": "servers: [{url: https://elsewhere}]",
    "none": "",
}
BEFORE = "openapi: 3.1.0\n# servers: a comment\ninfo:\n  title: |\n    servers:\n      - none\n"
AFTER = "\n# about paths\npaths: {}\n"


@pytest.mark.parametrize("behind", [AFTER, ""], ids=["in the middle", "at the end"])
@pytest.mark.parametrize("servers", SERVERS.values(), ids=SERVERS.keys())
async def test_servers_are_replaced_however_they_are_written(
    servers: str, behind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "openapi.yaml"
    source.write_text(f"{BEFORE}{servers}{behind}")
    monkeypatch.setattr(docs, "SOURCE", source)
    app = FastAPI(openapi_url=None)

    docs.install(app)
    async with pages_of(below("/blog", app)) as client:
        served = (await client.get("/blog/openapi.yaml")).text

    original = load(source)
    source.write_text(served)
    description = "The service that serves this document."
    assert load(source) == {**original, "servers": [{"url": "/blog", "description": description}]}
    assert served.startswith(BEFORE)
    assert behind in served


async def test_prefixes_beyond_those_that_are_kept_are_served_too() -> None:
    app = mock.create_app(Settings())

    for number in range(20):
        async with pages_of(below(f"/v{number}", app)) as client:
            served = await client.get(f"/v{number}/openapi.json")

        assert served.json()["servers"][0]["url"] == f"/v{number}"


# --- Links, redirects, paths ---


def crawl(start: str) -> dict[str, int]:
    """Follow the links of every page reached from one; return the statuses of the addresses."""
    found: dict[str, int] = {}
    waiting = [start]
    with httpx.Client(headers=HTML) as client:
        while waiting:
            address = waiting.pop()
            if address in found or not address.startswith("http://127.0.0.1"):
                continue
            answer = client.get(address)
            found[address] = answer.status_code
            if answer.headers["Content-Type"].startswith("text/html"):
                references = re.findall(r'(?:href|src)="([^"]+)"', answer.text)
                waiting += [
                    urljoin(address, html.unescape(each)).partition("#")[0] for each in references
                ]
    return found


def test_every_link_leads_somewhere_with_and_without_a_prefix(service: str, prefixed: str) -> None:
    for base in (service, prefixed):
        found = crawl(f"{base}/")

        assert {address: status for address, status in found.items() if status != 200} == {}
        assert all(address.startswith(f"{base}/") for address in found)
        expected = {f"{base}{path}" for path in (*EVERYTHING, "/livez", "/readyz")}
        assert found.keys() >= expected | {f"{base}{kind.type}" for kind in KINDS.values()}


@pytest.mark.parametrize(
    ("path", "target"),
    {"/docs/": "/docs", "/problems/": "/problems", "/favicon.ico": "/favicon.svg"}.items(),
)
def test_usual_other_address_leads_to_the_page(
    visitor: httpx.Client, prefixed: str, path: str, target: str
) -> None:
    for method in ("GET", "HEAD"):
        assert visitor.request(method, path).status_code == 308
        assert visitor.request(method, path).headers["Location"] == target
        assert httpx.request(method, f"{prefixed}{path}").headers["Location"] == f"{PREFIX}{target}"
    assert visitor.get(path, follow_redirects=True).status_code == 200


def test_prefix_without_a_slash_leads_to_the_start_page(prefixed: str) -> None:
    answer = httpx.get(prefixed, headers=HTML)

    assert (answer.status_code, answer.headers["Location"]) == (308, f"{PREFIX}/")
    assert httpx.get(prefixed, headers=HTML, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("prefix", ["//evil.example", "/\\evil.example", '/"><script>', "/a\r\nb"])
async def test_prefix_never_leads_to_another_site_nor_breaks_out_of_a_header(prefix: str) -> None:
    async with pages_of(below(prefix, mock.create_app(Settings()))) as client:
        location = (await client.get("/docs/")).headers["Location"]

    assert re.fullmatch(r"/[^/\\\"<>\s][^\\\"<>\s]*/docs", location)


@pytest.mark.parametrize("path", EVERYTHING)
def test_page_is_only_read(visitor: httpx.Client, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = visitor.request(method, path)

        problem(answer, 405)
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


# --- The start page ---

FOR_BROWSERS = [
    HTML["Accept"],
    "text/html",
    "TEXT/HTML;q=0.1",
    "text/*",
    "text/html;level=1",
    "application/json;q=0.5, text/html",
    "text/html, application/json",
]
FOR_PROGRAMS = [
    "application/json",
    "*/*",
    "",
    "application/problem+json",
    "application/json, text/html;q=0.9",
    "text/html;q=0, */*",
    "text/html;q=nonsense",
    "text/html;q=2",
    ",;,=;q",
]


@pytest.mark.parametrize("accept", FOR_BROWSERS)
def test_start_page_is_shown_to_who_wants_html(service: str, accept: str) -> None:
    answer = httpx.get(f"{service}/", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    info = load(SOURCE)["info"]
    assert info["title"] in answer.text
    assert info["summary"] in answer.text


@pytest.mark.parametrize("accept", FOR_PROGRAMS)
def test_start_page_is_a_404_for_programs_that_tells_where_the_contract_is(
    service: str, accept: str
) -> None:
    answer = httpx.get(f"{service}/", headers={"Accept": accept})

    assert "openapi.json" in problem(answer, 404)["detail"]
    assert answer.headers["Vary"] == "Accept"


# --- Conditional requests, compression, headers ---


@pytest.mark.parametrize("path", EVERYTHING)
def test_client_that_has_the_content_is_told_so(visitor: httpx.Client, path: str) -> None:
    for coding in ("gzip", "identity"):
        first = visitor.get(path, headers={"Accept-Encoding": coding})
        etag = first.headers["ETag"]
        assert re.fullmatch(r'"[0-9a-z-]+"', etag)

        for known in (etag, f"W/{etag}", "*", f'"a", W/"b,c",{etag}', f'"a" ,\t{etag}'):
            again = visitor.get(path, headers={"Accept-Encoding": coding, "If-None-Match": known})

            assert (again.status_code, again.content) == (304, b"")
            for name in ("ETag", "Cache-Control", "Vary"):  # RFC 9110, section 15.4.5
                assert again.headers[name] == first.headers[name]
            assert "Content-Type" not in again.headers
        for other in ('"a"', etag.strip('"'), f'"{etag}', '""', f'"a{etag[1:]}', "W/*"):
            answer = visitor.get(path, headers={"Accept-Encoding": coding, "If-None-Match": other})
            assert answer.status_code == 200


@pytest.mark.parametrize("path", EVERYTHING)
def test_content_is_compressed_for_who_wants_it(visitor: httpx.Client, path: str) -> None:
    plain = visitor.get(path, headers={"Accept-Encoding": "identity"})
    compressed = visitor.get(path, headers={"Accept-Encoding": "gzip"})

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.content == plain.content  # httpx has decoded it
    assert compressed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert int(compressed.headers["Content-Length"]) < 0.75 * int(plain.headers["Content-Length"])


@pytest.mark.parametrize(
    ("accepted", "coding"),
    {
        "gzip": "gzip",
        "GZip": "gzip",
        "gzip, deflate, br, zstd": "gzip",
        "*": "gzip",
        "identity;q=0.5, gzip;q=0.5": "gzip",
        "gzip ; q=0.001": "gzip",
        "gzip;q=0": None,
        "gzip;q=0.000": None,
        "*;q=0": None,
        "gzip;q=0, *": None,
        "identity, gzip;q=0.5": None,
        "gzip;q=much": None,
        "gzip;q=-1": None,
        "deflate, br": None,
        "gzipped": None,
        "": None,
    }.items(),
)
def test_coding_is_one_that_the_client_accepts(
    visitor: httpx.Client, accepted: str, coding: str | None
) -> None:
    answer = visitor.get("/openapi.json", headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == coding
    assert answer.json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("path", EVERYTHING)
def test_head_has_the_headers_and_a_range_gets_the_whole(visitor: httpx.Client, path: str) -> None:
    get, head = visitor.get(path), visitor.head(path)
    part = visitor.get(path, headers={"Range": "bytes=0-9", "If-Range": get.headers["ETag"]})

    own = {"date", "x-request-id"}
    for other in (head, part):
        assert other.status_code == 200
        assert {n: v for n, v in other.headers.items() if n not in own} == {
            n: v for n, v in get.headers.items() if n not in own
        }
    assert (head.content, part.content) == (b"", get.content)


def test_etag_of_a_contract_belongs_to_its_prefix(visitor: httpx.Client, prefixed: str) -> None:
    for path in CONTRACTS:
        assert visitor.get(path).headers["ETag"] != httpx.get(f"{prefixed}{path}").headers["ETag"]


@pytest.mark.parametrize("path", EVERYTHING)
def test_browser_is_told_what_it_may_do_with_content(visitor: httpx.Client, path: str) -> None:
    headers = visitor.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    policy = dict(
        each.strip().partition(" ")[::2] for each in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"


def test_icon_is_a_picture_of_our_own(visitor: httpx.Client) -> None:
    answer = visitor.get("/favicon.svg")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"


# --- Problems ---


def example_of(page: str) -> httpx.Response:
    """Return the answer that the page of a problem shows, as if it had just come."""
    text = html.unescape(
        page.partition("<h3>Answer</h3>")[2].partition("</code>")[0].rpartition("<code>")[2]
    )
    head, _, body = text.partition("\n\n")
    status, *fields = head.splitlines()
    headers = [tuple(field.split(": ", 1)) for field in fields]
    content = json.loads(body)
    # that of a real answer comes with the log
    headers.append(("X-Request-ID", content["request_id"]))
    code = int(status.split()[1])
    return httpx.Response(code, headers=headers, content=body)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_type_of_a_problem_resolves_to_its_explanation_with_an_example(
    visitor: httpx.Client, kind: Kind
) -> None:
    answer = visitor.get(kind.type)

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = html.unescape(answer.text)
    assert f"<h1>{kind.title}</h1>" in page
    assert kind.explanation in re.sub("</?code>", "`", page)
    assert '<a href="../problems">' in page
    assert problem(example_of(answer.text), kind.status)["type"] == kind.type


MET_WITHOUT_DATA = [slug for slug in EXAMPLE_REQUESTS if not re.match("author-has|too-many", slug)]


@pytest.mark.parametrize("slug", MET_WITHOUT_DATA)
def test_example_of_a_problem_is_what_the_service_answers(
    anonymous: httpx.Client, slug: str
) -> None:
    example = EXAMPLE_REQUESTS[slug]
    method, target = example.request.split()
    headers = dict(example.headers) | (ADMIN if "Authorization" in example.headers else {})
    is_large = headers.pop("Content-Length", None) is not None
    content = " " * (Settings().max_body_bytes + 1) if is_large else example.body or None

    real = anonymous.request(method, target, headers=headers, content=content)

    shown = example_of(anonymous.get(f"/problems/{slug}").text)
    own = {"date", "content-length", "x-request-id", "ratelimit", "ratelimit-policy", "vary"}
    assert shown.status_code == real.status_code
    assert {n: v for n, v in shown.headers.items() if n not in own} == {
        n: v for n, v in real.headers.items() if n not in own
    }
    assert {**shown.json(), "request_id": None} == {**real.json(), "request_id": None}


def test_list_of_problems_links_to_each(visitor: httpx.Client, service: str) -> None:
    links = re.findall(r'<td><a href="([^"]+)"', visitor.get("/problems").text)

    assert sorted(urljoin("/problems", link) for link in links) == sorted(
        kind.type for kind in KINDS.values()
    )


def test_type_of_a_problem_that_a_client_meets_resolves(visitor: httpx.Client) -> None:
    kind = problem(visitor.get("/nowhere"), 404)["type"]

    assert visitor.get(kind).status_code == 200


def test_type_of_a_problem_has_no_prefix(prefixed: str) -> None:
    assert httpx.get(f"{prefixed}/nowhere").json()["type"] == "/problems/not-found"
    assert (
        "type <code>/problems/not-found</code>" in httpx.get(f"{prefixed}/problems/not-found").text
    )


@pytest.mark.parametrize("slug", ["unknown", "Not-Found", "%3Cscript%3E", "not-found%0A"])
def test_unknown_type_of_a_problem_is_a_404(visitor: httpx.Client, slug: str) -> None:
    problem(visitor.get(f"/problems/{slug}"), 404)


# --- In a browser ---


@contextmanager
def browsing(base_url: str, *, expected: Sequence[str] = (), **options: Any) -> Iterator[Page]:
    """A page of a real Chromium that reaches a service and nothing else.

    What it tries to load from elsewhere, what its scripts throw, and what its console reports as an
    error, of a policy that is broken for example, fails the test unless it is expected.
    """
    troubles: list[str | Error] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith(f"{base_url}/"):
            route.continue_()
        else:
            troubles.append(route.request.url)
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            troubles.append(message.text)

    with (
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        browser.new_page(**options) as page,
    ):
        page.route(re.compile(r"^(?!data:|blob:)"), guard)
        page.on("pageerror", lambda error: troubles.append(error))
        page.on("console", listen)
        yield page
    assert troubles == [*expected]


def chromium(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine; without one skip the test, except in CI."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on the PATH")
    sandbox = os.geteuid() != 0  # root cannot have it
    return playwright.chromium.launch(
        executable_path=program, args=NO_NETWORK, chromium_sandbox=sandbox
    )


def create_an_author(page: Page, base_url: str) -> None:
    """Execute an operation from the documentation, with a token and with what is prefilled."""
    page.goto(f"{base_url}/docs")
    dialog = open_authorization(page)
    dialog.get_by_role("textbox").fill(ADMIN_TOKEN)
    dialog.get_by_role("button", name="Apply credentials").click()
    dialog.get_by_role("button", name="Close").last.click()
    execute(page, "Create an author", status="201")


def open_authorization(page: Page) -> Locator:
    """Open the dialog of the documentation that asks for a token."""
    page.locator(".auth-wrapper .authorize").click()
    dialog = page.locator(".dialog-ux")
    expect(dialog).to_contain_text("bearer_token")
    return dialog


def execute(page: Page, summary: str, *, status: str) -> None:
    """Execute an operation from the documentation, and expect a status."""
    operation = page.locator(".opblock", has_text=summary)
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(
        operation.locator(".live-responses-table .response .response-col_status")
    ).to_contain_text(status)


def test_docs_page_shows_every_operation(service: str) -> None:
    expected = [
        operation["summary"]
        for item in load(SOURCE)["paths"].values()
        for operation in item.values()
    ]

    with browsing(service) as page:
        page.goto(f"{service}/docs")

        summaries = page.locator(".opblock-summary-description")
        expect(summaries).to_have_count(len(expected))
        assert sorted(summaries.all_inner_texts()) == sorted(expected)


def test_operation_is_executed_from_the_docs_page_and_its_time_is_shown(
    client: httpx.Client, service: str
) -> None:
    with browsing(service) as page:
        create_an_author(page, service)
        expect(page.locator(".live-responses-table")).to_contain_text(
            re.compile(r"Request duration\s*\d+ ms")
        )

    [author] = client.get("/authors").json()["items"]
    assert (author["first_name"], author["last_name"]) == ("Ada", "Lovelace")


def test_operation_that_needs_a_token_is_refused_on_the_docs_page_without_one(
    anonymous: httpx.Client, service: str
) -> None:
    refusal = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"

    with browsing(service, expected=[refusal]) as page:
        page.goto(f"{service}/docs")
        execute(page, "Create an author", status="401")

    assert anonymous.get("/authors").json()["items"] == []


def test_operation_is_executed_below_a_prefix(prefixed: str) -> None:
    with browsing(prefixed) as page:
        create_an_author(page, prefixed)
        expect(page.locator(".request-url")).to_contain_text(f"{prefixed}/authors")


def test_policy_lets_no_inline_script_run_and_nothing_come_from_elsewhere(service: str) -> None:
    insert = """() => new Promise((resolve) => {
        const violated = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            violated.push(event.effectiveDirective);
        });
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        const image = new Image();
        image.src = "http://elsewhere.invalid/pixel.png";
        image.onerror = () => setTimeout(() => {
            resolve([violated.sort(), window.ran ?? false]);
        }, 100);
        document.body.append(script, image);
    })"""

    with (
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        browser.new_page() as page,
    ):
        for path in ("/docs", "/problems"):
            page.goto(f"{service}{path}")
            assert page.evaluate(insert) == [["img-src", "script-src-elem"], False]


def test_docs_page_follows_the_color_scheme_while_it_is_open(service: str) -> None:
    with browsing(service, color_scheme="light") as page:
        page.goto(f"{service}/docs")
        page.locator(".opblock").first.wait_for()

        for scheme, is_dark in (("light", False), ("dark", True), ("light", False)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            text = page.locator(".swagger-ui .info .title").evaluate(
                "each => getComputedStyle(each).color"
            )
            assert [brightness(ground) < 128, brightness(text) > 128] == [is_dark, is_dark]


def brightness(color: str) -> float:
    """Return the mean of the parts of a color as browsers write it, 0 to 255."""
    parts = [float(part) for part in re.findall(r"[\d.]+", color)[:3]]
    return sum(parts) / 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read_in_both_color_schemes_wide_and_narrow(
    prefixed: str, scheme: str
) -> None:
    with browsing(prefixed, color_scheme=scheme) as page:
        for path in ("/", "/problems", "/problems/unprocessable-content", "/docs"):
            page.goto(f"{prefixed}{path}")
            if path == "/docs":
                create_an_author(page, prefixed)
                open_authorization(page)

            assert page.evaluate(CONTRAST) == {}
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.locator("h1").count() == 1
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
