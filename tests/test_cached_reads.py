"""Reads that nginx caches, with the settings of docs/proxies.md: nobody gets what is another's."""

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from tests.conftest import ROOT, running_service
from tests.contract.factories import article, author
from tests.problems import problem
from tests.servers import HOST, free_port, nginx
from tests.tokens import ADMIN

PUBLIC = "public, max-age=1, must-revalidate"
PRIVATE = "private, no-cache"
LOGGED = """
log_format cache '$upstream_cache_status';
server {{
    access_log {log} cache;
"""


class Cached(NamedTuple):
    """The service behind a cache."""

    base_url: str
    log: Path

    def statuses(self) -> Counter[str]:
        """Return how often the cache did what: HIT, MISS, REVALIDATED, …"""
        return Counter(self.log.read_text().split())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nginx can reach, whose processes run as nobody where the tests run as root."""
    with TemporaryDirectory(prefix="blog-nginx-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture
def cached(postgres: EmbeddedPostgres, database_url: str, folder: Path) -> Iterator[Cached]:
    """The service behind nginx, as the page tells; the database and the cache are empty."""
    page = (ROOT / "docs" / "proxies.md").read_text()
    block = re.search(r"\n### Cached reads.*?\n```\n(.*?)```", page, re.DOTALL)
    assert block is not None
    port = free_port()
    with running_service(
        BLOG_DATABASE_URL=postgres.url,
        BLOG_PUBLIC_MAX_AGE="1",
        BLOG_TRUSTED_PROXIES=HOST,
    ) as base_url:
        replaced = {
            "127.0.0.1:8001": base_url.removeprefix("http://"),
            "*:80": f"{HOST}:{port}",
            "/var/cache/nginx/blog": str(folder / "cache"),
            "server {\n": LOGGED.format(log=folder / "statuses"),
        }
        settings = block[1]
        for shown, used in replaced.items():
            assert settings.count(shown) == 1
            settings = settings.replace(shown, used)
        with nginx(folder, settings, port=port):
            yield Cached(f"http://{HOST}:{port}", folder / "statuses")


@pytest.fixture
def client(cached: Cached) -> Iterator[httpx.Client]:
    """A client without a token."""
    with httpx.Client(base_url=cached.base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def path(client: httpx.Client) -> str:
    """The path of an article that nobody has read yet."""
    client.post("/authors", json=author(), headers=ADMIN).raise_for_status()
    created = client.post("/articles", json=article(author_id=1), headers=ADMIN)
    return str(created.raise_for_status().headers["Location"])


def test_each_response_has_an_id_of_its_own_wherever_it_comes_from(
    cached: Cached, client: httpx.Client, path: str
) -> None:
    def read(number: int) -> httpx.Response:
        return client.get([path, "/articles", "/articles/7", "/authors?limit=0"][number % 4])

    with ThreadPoolExecutor(8) as readers:
        responses = list(readers.map(read, range(400)))

    ids = [response.headers.get_list("X-Request-ID") for response in responses]
    assert {len(each) for each in ids} == {1}
    assert len({each[0] for each in ids}) == 400
    assert Counter(response.status_code for response in responses) == {200: 200, 404: 100, 422: 100}
    for response in responses:
        if response.status_code != 200:
            problem(response, response.status_code)  # whose request_id is that of its header
    assert cached.statuses()["HIT"] >= 150


def test_what_a_token_is_shown_is_shown_to_nobody_else(
    cached: Cached, client: httpx.Client, path: str
) -> None:
    def read(number: int) -> tuple[bool, httpx.Response]:
        has_token = number % 3 == 0
        return has_token, client.get(
            [path, "/articles", "/tokens"][number // 3 % 3], headers=ADMIN if has_token else {}
        )

    with ThreadPoolExecutor(8) as readers:
        responses = list(readers.map(read, range(360)))

    seen = {
        (response.url.path == "/tokens", has_token, response.status_code, cache_control(response))
        for has_token, response in responses
    }
    assert seen == {
        (False, False, 200, PUBLIC),
        (False, True, 200, PRIVATE),
        (True, False, 401, "no-store"),
        (True, True, 200, PRIVATE),
    }
    assert all(("RateLimit" in response.headers) is has_token for has_token, response in responses)
    statuses = cached.statuses()
    assert statuses["BYPASS"] == 120
    assert statuses["HIT"] >= 100


def cache_control(response: httpx.Response) -> str:
    """Return who may keep a response."""
    return response.headers["Cache-Control"]


def test_headers_of_one_client_change_nothing_for_the_next(client: httpx.Client, path: str) -> None:
    client.post("/authors", json=author(), headers=ADMIN).raise_for_status()
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    hostile = {
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Host": "evil.example",
        "X-Request-ID": "6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11",
        "traceparent": trace,
    }

    first = client.get("/authors?limit=1", headers=hostile)
    second = client.get("/authors?limit=1")

    assert first.headers["Link"] == second.headers["Link"]
    assert "evil" not in second.headers["Link"]
    assert hostile["X-Request-ID"] not in [*first.headers.values(), *second.headers.values()]


@pytest.mark.parametrize("credentials", ["Bearer wrong", "Bearer 0"])
def test_wrong_credentials_are_refused_in_spite_of_the_cache(
    client: httpx.Client, path: str, credentials: str
) -> None:
    assert client.get(path).status_code == 200

    refused = client.get(path, headers={"Authorization": credentials})

    assert refused.status_code == 401
    assert client.get(path).status_code == 200


def test_old_response_is_revalidated_with_its_etag(
    cached: Cached, client: httpx.Client, path: str
) -> None:
    first = client.get(path)
    time.sleep(2.1)  # nginx counts whole seconds
    again = client.get(path)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert cached.statuses()["REVALIDATED"] == 1


def test_changed_article_is_seen_at_once_with_a_token_and_a_second_later_without(
    client: httpx.Client, path: str
) -> None:
    before = client.get(path)
    change = {**ADMIN, "If-Match": before.headers["ETag"]}
    changed = client.patch(path, json={"title": "New"}, headers=change).raise_for_status()

    assert client.get(path, headers=ADMIN).json() == changed.json()
    time.sleep(2.1)  # nginx counts whole seconds
    assert client.get(path).json() == changed.json()
    assert client.patch(path, json={"title": "Newer"}, headers=change).status_code == 412


def test_client_that_has_the_response_gets_304_from_the_cache(
    cached: Cached, client: httpx.Client, path: str
) -> None:
    etag = client.get(path).headers["ETag"]

    again = client.get(path, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert cached.statuses()["HIT"] == 1


def test_health_is_not_cached(cached: Cached, client: httpx.Client) -> None:
    for _ in range(2):
        for path in ("/livez", "/readyz"):
            assert client.get(path).status_code == 200

    assert cached.statuses()["HIT"] == 0
