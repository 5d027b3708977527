"""The service below a path prefix, behind proxies that remove the prefix and others."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from app import mock
from app.settings import Settings
from specfirst.conformance.recorder import Record, Recorder, recorded
from specfirst.conformance.validator import ResponseValidator
from specfirst.contract.reading import read
from tests.conftest import ROOT, running_service
from tests.contract.factories import author
from tests.problems import problem
from tests.servers import free_port, nginx, proxy, wait_until
from tests.tokens import ADMIN

PREFIX = "/apis/blog"

# As docs/proxies.md shows them.
HAPROXY = """
global
    expose-experimental-directives
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend public
    bind 127.0.0.1:{port}
    unique-id-format %[uuid()]
    http-request set-header X-Request-ID %[unique-id]
    http-request set-header X-Forwarded-For %[src]
    {told}
    {removed}
    default_backend service
backend service
    server one {server}
"""
HAPROXY_TELLS = "http-request set-header X-Forwarded-Prefix {prefix}"
HAPROXY_IS_SILENT = "http-request del-header X-Forwarded-Prefix"
HAPROXY_REMOVES = "http-request replace-path {prefix}(/.*)? \\1"

NGINX = """
    server {{
        listen 127.0.0.1:{port};
        location {prefix}/ {{
            proxy_pass http://{server}{removed};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Request-ID $request_uuid;
            proxy_set_header X-Forwarded-Prefix {told};
        }}
    }}
"""


class Offered(NamedTuple):
    """The service behind a proxy."""

    base_url: str
    log: Path


@contextmanager
def offering(name: str, folder: Path, *, server: str, removes: bool, tells: bool) -> Iterator[str]:
    """Run a proxy in front of a server; yield where it offers the service."""
    port = free_port()
    values = {"port": port, "server": server, "prefix": PREFIX}
    if name == "nginx":
        http = NGINX.format(
            removed="/" if removes else "", told=PREFIX if tells else '""', **values
        )
        running = nginx(folder, http, port=port)
    else:
        told = (HAPROXY_TELLS if tells else HAPROXY_IS_SILENT).format(**values)
        settings = HAPROXY.format(
            removed=HAPROXY_REMOVES.format(**values) if removes else "", told=told, **values
        )
        running = proxy("haproxy", "-db", "-f", folder=folder, settings=settings, port=port)
    with running:
        yield f"http://127.0.0.1:{port}{PREFIX}"


@pytest.fixture(scope="module", params=["setting", "header"])
def behind(
    request: pytest.FixtureRequest, postgres: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, bool]]:
    """A service that trusts local proxies; its address, its log, and whether they send a prefix."""
    tells = request.param == "header"
    log = tmp_path_factory.mktemp("prefix") / "log"
    with running_service(
        log_file=log,
        BLOG_DATABASE_URL=postgres.url,
        BLOG_TRUSTED_PROXIES="127.0.0.1",
        BLOG_ROOT_PATH="" if tells else PREFIX,
    ) as url:
        yield urlsplit(url).netloc, log, tells


@pytest.fixture(scope="module", params=["removes", "keeps"])
def removes(request: pytest.FixtureRequest) -> bool:
    """Whether the proxy removes the prefix from the path."""
    return bool(request.param == "removes")


@pytest.fixture(scope="module", params=["haproxy", "nginx"])
def offered(
    request: pytest.FixtureRequest,
    behind: tuple[str, Path, bool],
    removes: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Offered]:
    """The service behind a proxy with a prefix."""
    server, log, tells = behind
    folder = tmp_path_factory.mktemp("proxy")
    with offering(request.param, folder, server=server, removes=removes, tells=tells) as base_url:
        yield Offered(base_url, log)


@pytest.fixture
def client(offered: Offered, database_url: str) -> Iterator[httpx.Client]:
    """A client of the service below the prefix; the database has no rows."""
    with httpx.Client(
        base_url=offered.base_url, headers=ADMIN, timeout=30, trust_env=False
    ) as client:
        yield client


def test_location_and_link_lead_where_the_client_came_from(
    offered: Offered, client: httpx.Client
) -> None:
    origin = offered.base_url.removesuffix(PREFIX)

    created = [client.post("/authors", json=author()) for _ in range(2)]
    page = client.get("/authors", params={"limit": 1})

    location = created[0].headers["Location"]
    assert location == f"{PREFIX}/authors/1"
    assert httpx.get(origin + location, trust_env=False).json() == created[0].json()
    found = re.fullmatch(r'<(.+)>; rel="next"', page.headers["Link"])
    assert found is not None
    following = httpx.get(origin + found[1], trust_env=False)
    assert [each["id"] for each in following.json()["items"]] == [1]


def test_location_of_a_request_that_comes_again_is_the_same(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "once"}

    first, again = (client.post("/authors", json=author(), headers=headers) for _ in range(2))

    assert first.headers["Location"] == f"{PREFIX}/authors/1"
    assert again.headers["Location"] == first.headers["Location"]


def test_problem_has_the_type_of_the_contract_and_the_path_that_was_asked_for(
    client: httpx.Client,
) -> None:
    missing = problem(client.get("/authors/7"), 404)
    nowhere = problem(client.get("/nowhere"), 404)

    assert (missing["type"], missing["instance"]) == (
        "/problems/author-not-found",
        f"{PREFIX}/authors/7",
    )
    assert (nowhere["type"], nowhere["instance"]) == ("/problems/not-found", f"{PREFIX}/nowhere")


def test_methods_are_those_of_the_path_below_the_prefix(client: httpx.Client) -> None:
    options = client.options("/authors")
    refused = client.put("/authors")
    head = client.head("/authors")

    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert problem(refused, 405)["instance"] == f"{PREFIX}/authors"
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert (head.status_code, head.content) == (200, b"")


def test_pages_are_below_the_prefix(client: httpx.Client) -> None:
    assert client.get("/docs").headers["Content-Type"].startswith("text/html")
    assert client.get("/openapi.json").json()["openapi"] == "3.1.0"
    assert client.get("/problems/not-found").status_code == 200


def test_line_of_the_log_has_the_client_and_the_id_of_the_proxy(
    offered: Offered, client: httpx.Client
) -> None:
    answer = client.get("/authors")

    request_id = answer.headers["X-Request-ID"]
    wait_until(lambda: f'"request_id":"{request_id}"' in offered.log.read_text())
    [line] = [line for line in offered.log.read_text().splitlines() if request_id in line]
    assert f'"path":"{PREFIX}/authors"' in line
    assert '"client":"127.0.0.1"' in line


def test_service_answers_beside_the_prefix_too(behind: tuple[str, Path, bool]) -> None:
    server, _, _ = behind

    assert httpx.get(f"http://{server}/livez", trust_env=False).json() == {"status": "ok"}


# --- The validator --------------------------------------------------------------------------------


async def recorded_below_prefix(folder: Path) -> tuple[set[str], list[str]]:
    """Return the mock's operations seen below the prefix, and faults in their responses."""
    app = mock.create_app(Settings())
    recorder = Recorder(
        app,
        validator=ResponseValidator(read(ROOT / "openapi" / "openapi.yaml")),
        record=Record(folder / "record"),
    )
    transport = httpx.ASGITransport(recorder, root_path=PREFIX)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://service{PREFIX}") as client:
        await client.post("/authors", json=author(), headers=ADMIN)
        await client.get("/authors/0")
        await client.get("/nowhere")
    seen, violations = recorded(folder / "record")
    return {each.operation for each in seen}, [
        f"{each.operation}: {each.wrong}" for each in violations
    ]


async def test_validator_finds_nothing_wrong_below_the_prefix(tmp_path: Path) -> None:
    assert await recorded_below_prefix(tmp_path) == ({"create_author", "get_author"}, [])


async def test_validator_finds_a_location_out_of_the_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generated.runtime.responses._below", lambda _, *header: header)

    _, [wrong] = await recorded_below_prefix(tmp_path)

    assert wrong.startswith("create_author: Location leads to /authors/")


async def test_validator_finds_a_problem_whose_type_has_the_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "app.problems.Kind.type", property(lambda kind: f"{PREFIX}/problems/{kind.slug}")
    )

    _, wrong = await recorded_below_prefix(tmp_path)

    assert sorted(each.partition(": the type of a problem")[0] for each in wrong) == [
        "(no operation)",
        "get_author",
    ]


async def test_validator_finds_a_member_that_the_contract_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generated.runtime.responses._encoded", lambda *_: b'{"id":1}')

    _, wrong = await recorded_below_prefix(tmp_path)

    assert any(each.startswith("create_author: the body breaks the contract") for each in wrong)
    assert any(each.startswith("(no operation): the body breaks the contract") for each in wrong)
