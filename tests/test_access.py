"""docs/access.md: scopes and pattern are right, and the example of JWTs withstands attacks."""

import base64
import hmac
import json
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm
from pydantic import MISSING

from app.database.embedded import EmbeddedPostgres
from app.tokens import is_well_formed, new_token
from specfirst.contract.reading import read
from tests.conftest import ROOT, running_service
from tests.servers import wait_until
from tests.test_readme import applied, copied, run
from tests.tokens import ADMIN, bearer

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")

ISSUER, AUDIENCE = "https://id.example/", "blog"
ADA = {"first_name": "Ada", "last_name": "Lovelace"}


def blocks(language: str) -> list[str]:
    """Return the fenced blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_table_of_scopes_is_that_of_the_contract() -> None:
    section = PAGE.partition("\n## Scopes\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?:`([a-z:]+)`|none) \| (.*) \|$", section, re.MULTILINE)
    documented = {scope: set(re.findall(r"`(\w+)`", cell)) for scope, cell in rows}
    declared = defaultdict(set)
    for operation in read(ROOT / "openapi" / "openapi.yaml").operations:
        for alternative in operation.security:
            for scope in [scope for scopes in alternative.values() for scope in scopes] or [""]:
                declared[scope].add(operation.id)

    assert documented == declared


def test_pattern_for_scanners_finds_tokens_in_a_text() -> None:
    pattern, in_gitleaks = re.findall(
        r"^.*?((?:\\b)?blog_pat_\[.*\}(?:\\b)?).*$", PAGE, re.MULTILINE
    )
    tokens = [new_token() for _ in range(100)]
    text = "\n".join(f'token = "{token}"' for token in tokens)

    assert re.findall(pattern, text) == re.findall(in_gitleaks, text) == tokens
    assert re.findall(in_gitleaks, f"{tokens[0]}x {tokens[0][:-1]}") == []


def test_token_that_the_page_shows_is_well_formed() -> None:
    [shown] = re.findall(r"^(blog_pat_\w+)$", PAGE, re.MULTILINE)

    assert is_well_formed(shown)


# --- JWTs ---


class Provider:
    """An identity provider: it publishes keys and issues tokens."""

    def __init__(self) -> None:
        self.keys = {"first": new_key()}
        self.is_up = True
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def published(self) -> bytes:
        """Return the public keys, as a JWKS (RFC 7517)."""
        keys = [public(key) | {"kid": name, "use": "sig"} for name, key in self.keys.items()]
        return json.dumps({"keys": keys}).encode()

    def token(self, *, key_id: str = "first", **changes: Any) -> str:
        """Return a token for this service, valid unless a claim is changed."""
        return signed(claims(**changes), key=self.keys[key_id], key_id=key_id)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(provider.published() if provider.is_up else b"<h1>Sorry</h1>")

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    return dict(ECAlgorithm.to_jwk(key.public_key(), as_dict=True))


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a valid token, changed; without those that become `MISSING`."""
    valid = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "exp": time.time() + 60,
        "scope": "openid authors:write articles:write tokens:manage",
        "author_id": None,
    }
    return {name: value for name, value in (valid | changes).items() if value is not MISSING}


def signed(content: Any, *, key: ec.EllipticCurvePrivateKey, key_id: str, **header: Any) -> str:
    return jwt.encode(content, key, "ES256", headers={"kid": key_id, **header})


def segment(text: str) -> str:
    """Return a part of a JWT (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def forged_with_public_key(provider: Provider) -> str:
    """Return a token whose signature is an HMAC under the public key, which everybody knows."""
    pem = (
        provider.keys["first"]
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    start = (
        f"{segment(json.dumps({'alg': 'HS256', 'kid': 'first'}))}.{segment(json.dumps(claims()))}"
    )
    digest = hmac.digest(pem, start.encode(), "sha256")
    return f"{start}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def forged_with_own_key(provider: Provider) -> str:
    """Return a token that brings its own key along."""
    own = new_key()
    return signed(claims(), key=own, key_id="first", jwk=public(own), jku="http://127.0.0.1:1/")


NESTED = "[" * 20_000
HEADER = segment('{"alg": "ES256", "kid": "first"}')

REFUSED: dict[str, Callable[[Provider], str]] = {
    "expired": lambda provider: provider.token(exp=time.time() - 60),
    "not valid yet": lambda provider: provider.token(nbf=time.time() + 60),
    "without expiry": lambda provider: provider.token(exp=MISSING),
    "of another issuer": lambda provider: provider.token(iss="https://evil.example/"),
    "without issuer": lambda provider: provider.token(iss=MISSING),
    "for another audience": lambda provider: provider.token(aud="shop"),
    "without audience": lambda provider: provider.token(aud=MISSING),
    "without subject": lambda provider: provider.token(sub=MISSING),
    "without author": lambda provider: provider.token(author_id=MISSING),
    "with an author that is text": lambda provider: provider.token(author_id="1"),
    "with an author that is true": lambda provider: provider.token(author_id=True),
    "with author 0": lambda provider: provider.token(author_id=0),
    "with scopes in an array": lambda provider: provider.token(scope=["authors:write"]),
    "of another key": lambda _: signed(claims(), key=new_key(), key_id="first"),
    "of an unknown key": lambda _: signed(claims(), key=new_key(), key_id="other"),
    "of its own key": forged_with_own_key,
    "of the public key": forged_with_public_key,
    "unsigned": lambda _: jwt.encode(claims(), "", "none", headers={"kid": "first"}),
    "without a name of a key": lambda provider: jwt.encode(
        claims(), provider.keys["first"], "ES256"
    ),
    "with a header that is nested": lambda _: f"{segment(NESTED)}.e30.e30",
    "with claims that are nested": lambda _: f"{HEADER}.{segment(NESTED)}.e30",
    "with a header that is a list": lambda _: f"{segment('[]')}.e30.e30",
    "empty": lambda _: "..",
    "text": lambda _: "secret",
    "an own token with a typing error": lambda _: f"{new_token()[:-1]}!",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that is changed as the page says."""
    folder = copied(tmp_path_factory.mktemp("jwt") / "project")
    [module], [diff] = blocks("python"), blocks("diff")
    (folder / "app" / "provider.py").write_text(module, encoding="utf-8")
    applied(folder, diff)
    return folder


@pytest.fixture(scope="module")
def client(project: Path, provider: Provider, postgres: EmbeddedPostgres) -> Iterator[httpx.Client]:
    """A client of the changed service, which knows the keys of the provider."""
    with serving(project, postgres, provider.url) as client:
        wait_until(lambda: status(client, provider.token()) == 201)
        yield client


@contextmanager
def serving(project: Path, postgres: EmbeddedPostgres, jwks_url: str) -> Iterator[httpx.Client]:
    """Run the changed service and yield a client without a token."""
    with (
        running_service(
            project,
            BLOG_DATABASE_URL=postgres.url,
            BLOG_JWKS_URL=jwks_url,
            BLOG_JWKS_REFRESH="0.1",
            BLOG_JWT_ISSUER=ISSUER,
            BLOG_JWT_AUDIENCE=AUDIENCE,
        ) as base_url,
        httpx.Client(base_url=base_url, timeout=30, verify=False) as client,
    ):
        yield client


def create_author(client: httpx.Client, token: str) -> httpx.Response:
    return client.post("/authors", json=ADA, headers=bearer(token))


def status(client: httpx.Client, token: str) -> int:
    """Return the status of a request that needs a scope."""
    return create_author(client, token).status_code


@pytest.mark.slow
def test_changed_project_passes_the_checks(project: Path) -> None:
    for check in ("mypy app", "ruff check app", "ruff format --check app"):
        done = run(project, sys.executable, "-m", *check.split())
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_jwt_may_do_what_its_scopes_and_its_author_allow(
    client: httpx.Client, provider: Provider
) -> None:
    other, own = (create_author(client, provider.token()).json()["id"] for _ in range(2))
    bound = provider.token(author_id=own)

    def create_article(author_id: int) -> int:
        article = {"title": "Note G", "content": "Step by step.", "author_id": author_id}
        return client.post("/articles", json=article, headers=bearer(bound)).status_code

    assert (create_article(own), create_article(other)) == (201, 403)
    assert status(client, bound) == 403
    assert client.get("/authors", headers=bearer(bound)).status_code == 200


@pytest.mark.slow
def test_jwt_without_the_scope_is_forbidden(client: httpx.Client, provider: Provider) -> None:
    lacking = create_author(client, provider.token(scope="articles:write authors:writer"))
    managing = client.get("/tokens", headers=bearer(provider.token()))

    assert (lacking.status_code, managing.status_code) == (403, 403)
    assert 'scope="authors:write"' in lacking.headers["WWW-Authenticate"]
    assert 'scope="tokens:manage"' in managing.headers["WWW-Authenticate"]


@pytest.mark.slow
@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
def test_jwt_is_refused(
    client: httpx.Client, provider: Provider, token: Callable[[Provider], str]
) -> None:
    refused = create_author(client, token(provider))

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.slow
def test_own_tokens_are_still_accepted(client: httpx.Client) -> None:
    assert client.post("/authors", json=ADA, headers=ADMIN).status_code == 201


@pytest.mark.slow
def test_keys_are_kept_while_the_provider_is_down_and_exchanged_afterwards(
    client: httpx.Client, provider: Provider
) -> None:
    provider.is_up = False
    time.sleep(0.5)
    during = status(client, provider.token())
    provider.is_up = True
    provider.keys["second"] = new_key()
    wait_until(lambda: status(client, provider.token(key_id="second")) == 201)
    withdrawn = provider.token(key_id="second")
    del provider.keys["second"]
    wait_until(lambda: status(client, withdrawn) == 401)

    assert during == 201


@pytest.mark.slow
def test_without_the_keys_a_jwt_is_a_503_and_everything_else_is_served(
    project: Path, provider: Provider, postgres: EmbeddedPostgres
) -> None:
    with serving(project, postgres, "http://127.0.0.1:1/jwks.json") as client:
        unavailable = create_author(client, provider.token())

        assert (unavailable.status_code, unavailable.headers["Retry-After"]) == (503, "1")
        assert client.get("/authors").status_code == 200
        assert client.post("/authors", json=ADA, headers=ADMIN).status_code == 201
