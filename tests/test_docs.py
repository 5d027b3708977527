"""The pages beside the contract: the contract itself, its documentation in a real browser, the problems."""

import html
import os
import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, Route, expect, sync_playwright

from app.docs import SOURCE
from app.problems import KINDS, Kind
from document import read
from tests.problems import problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_NETWORK = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
]


def test_openapi_yaml_is_the_hand_written_document_byte_for_byte(client: httpx.Client) -> None:
    answer = client.get("/openapi.yaml")

    assert answer.headers["Content-Type"].startswith("application/yaml")
    assert answer.content == SOURCE.read_bytes()


def test_openapi_json_says_the_same(client: httpx.Client) -> None:
    answer = client.get("/openapi.json")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == read(SOURCE)  # as the generator reads it: `no` in it is a text


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_type_of_a_problem_resolves_to_its_explanation(client: httpx.Client, kind: Kind) -> None:
    answer = client.get(kind.type)

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = html.unescape(answer.text)
    assert f"<h1>{kind.title}</h1>" in page
    assert kind.explanation in page
    assert str(kind.status) in page


def test_list_of_problems_links_to_each(client: httpx.Client) -> None:
    links = re.findall(r'href="([^"]+)"', client.get("/problems").text)

    assert sorted(links) == sorted(kind.type for kind in KINDS.values())


def test_type_of_a_problem_that_a_client_meets_resolves(client: httpx.Client) -> None:
    kind = problem(client.get("/nowhere"), 404)["type"]

    assert client.get(kind).status_code == 200


@pytest.mark.parametrize("slug", ["unknown", "Not-Found", "%3Cscript%3E"])
def test_unknown_type_of_a_problem_is_a_404(client: httpx.Client, slug: str) -> None:
    problem(client.get(f"/problems/{slug}"), 404)


def test_docs_page_refers_to_this_service_alone(client: httpx.Client) -> None:
    references = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", client.get("/docs").text)

    assert len(references) >= 4  # script, style, icon, contract
    for reference in references:
        assert not re.match(r"//|\w+:", reference)
        assert client.get(f"/{reference.removeprefix('/')}").status_code == 200


@pytest.fixture
def page(client: httpx.Client, service: str) -> Iterator[Page]:
    """A page of a real Chromium that reaches the service and nothing else: a test that tries to, fails."""
    elsewhere: list[str] = []
    troubles: list[Error] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith(f"{service}/"):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        with chromium(playwright) as browser, browser.new_page(base_url=service) as page:
            page.route(re.compile(r"^(?!data:|blob:)"), guard)
            page.on("pageerror", lambda error: troubles.append(error))
            yield page
    assert elsewhere == []
    assert troubles == []


def chromium(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine; without one skip the test, except in CI."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on the PATH")
    sandbox = os.geteuid() != 0  # root cannot have it
    return playwright.chromium.launch(executable_path=program, args=NO_NETWORK, chromium_sandbox=sandbox)


def test_docs_page_shows_every_operation(page: Page) -> None:
    page.goto("/docs")

    summaries = page.locator(".opblock-summary-description")
    expected = [operation["summary"] for item in read(SOURCE)["paths"].values() for operation in item.values()]
    expect(summaries).to_have_count(len(expected))
    assert sorted(summaries.all_inner_texts()) == sorted(expected)


def test_operation_is_executed_from_the_docs_page(page: Page, client: httpx.Client) -> None:
    page.goto("/docs")
    operation = page.locator(".opblock", has_text="Create an author")

    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()

    expect(operation.locator(".live-responses-table .response .response-col_status")).to_contain_text("201")
    [author] = client.get("/authors").json()["items"]
    assert (author["first_name"], author["last_name"]) == ("Ada", "Lovelace")
