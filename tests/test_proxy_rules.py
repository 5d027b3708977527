"""Rules about paths at a proxy in front of the service: no spelling of a path gets past them."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.problems import problem
from tests.test_hostile import exchange, request

# As docs/proxies.md shows it: with `normalize-uri`, or without.
CONFIGURATION = """
global
    expose-experimental-directives
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend api
    bind fd@{listener}
    {normalize}
    http-request deny deny_status 403 if METH_DELETE {{ path_beg /authors/ }}
    default_backend service
backend service
    server one {server}
"""
NORMALIZE = """
    http-request normalize-uri percent-to-uppercase
    http-request normalize-uri percent-decode-unreserved
"""


@pytest.fixture(scope="module")
def haproxy() -> str:
    """The program; without it the tests are skipped, but never in CI."""
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None and os.environ.get("CI") == "true":
        pytest.fail("no haproxy; CI has to have it")
    return program or pytest.skip("skipped: no haproxy")


@pytest.fixture(scope="module", params=["", NORMALIZE], ids=["as sent", "normalized"])
def proxy(
    request: pytest.FixtureRequest,
    haproxy: str,
    service: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The base URL of HAProxy in front of the service; it lets nobody delete an author."""
    file = tmp_path_factory.mktemp("haproxy") / "haproxy.cfg"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        server = urlsplit(service).netloc
        file.write_text(
            CONFIGURATION.format(listener=number, normalize=request.param, server=server)
        )
        process = subprocess.Popen([haproxy, "-db", "-f", str(file)], pass_fds=[number])
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def author(client: httpx.Client) -> str:
    """The path of the only author."""
    body = {"first_name": "Ada", "last_name": "Lovelace"}
    created = client.post("/authors", json=body)
    return f"/authors/{created.json()['id']}"


@pytest.mark.parametrize(
    "written",
    ["/authors%2F1", "/authors%2f1", "/authors%2F%31", "/%61uthors%2F1", "/authors%252F1"],
)
def test_encoded_slash_passes_the_rule_and_reaches_no_author(
    client: httpx.Client, proxy: str, author: str, written: str
) -> None:
    answer = exchange(proxy, request(b"DELETE", written.encode()))

    assert author == "/authors/1"
    problem(answer, 404)
    assert client.get(author).status_code == 200


@pytest.mark.parametrize("written", ["/authors/1", "/authors/%31", "/authors/1?cascade=true"])
def test_rule_holds_for_the_path_that_it_names(
    client: httpx.Client, proxy: str, author: str, written: str
) -> None:
    answer = exchange(proxy, request(b"DELETE", written.encode()))

    assert answer.status_code == 403
    assert client.get(author).status_code == 200


@pytest.mark.parametrize("written", ["/%61uthors/1", "/authors/1", "/%61%75%74%68%6f%72%73/%31"])
@pytest.mark.parametrize("proxy", [NORMALIZE], indirect=True)
def test_rule_of_a_proxy_that_normalizes_holds_for_every_spelling_of_the_path(
    client: httpx.Client, proxy: str, author: str, written: str
) -> None:
    answer = exchange(proxy, request(b"DELETE", written.encode()))

    assert answer.status_code == 403
    assert client.get(author).status_code == 200
