"""`make handlers`: first handler modules, which run and are left alone ever after."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

import app.security
from generated.routers import build_routes
from generated.runtime.rejections import RequestRejected
from generated.security import SecurityHandlers
from specfirst.codegen.scaffold import Principal, scaffold
from specfirst.contract.reading import read
from tests.conftest import ROOT

with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    # imports fastapi-code-generator, which is older than Pydantic
    from specfirst.codegen.generate import generate

pytestmark = pytest.mark.slow

CONTRACT = ROOT / "openapi" / "openapi.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handler modules of the contract, as first written."""
    folder = tmp_path_factory.mktemp("handlers")
    caller = Principal.parse("app.security:Principal")
    scaffold(CONTRACT, package="generated", folder=folder, principal=caller)
    return folder


def test_each_tag_gets_a_module_with_every_operation(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "articles.py",
        "authors.py",
        "health.py",
        "tokens.py",
    ]
    articles = " ".join((folder / "articles.py").read_text().split())
    assert "class ArticlesHandlers(api.ArticlesHandlers[Principal]):" in articles
    assert (
        "async def update_article( self, *, principal: Principal, article_id: int, "
        "if_match: IfMatch, body: models.ArticleUpdate, )"
    ) in articles
    assert "principal: Principal | None, article_id: int" in articles


def test_modules_pass_mypy_strict(folder: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *map(str, sorted(folder.iterdir()))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


class Nobody(SecurityHandlers[app.security.Principal]):
    """Knows no token."""

    async def bearer_token(self, credentials: str) -> None:
        return None


async def test_every_operation_answers_501_until_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    articles, authors, health, tokens = map(__import__, ("articles", "authors", "health", "tokens"))
    routes = build_routes(
        articles=articles.ArticlesHandlers(),
        authors=authors.AuthorsHandlers(),
        tokens=tokens.TokensHandlers(),
        health=health.HealthHandlers(),
        security=Nobody(),
        max_body_bytes=1000,
    )

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestRejected)
        return PlainTextResponse(error.detail, error.status)

    service = Starlette(routes=[*routes], exception_handlers={RequestRejected: refused})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service), base_url="http://service"
    ) as client:
        for path, name in [
            ("/authors", "list_authors"),
            ("/articles/1", "get_article"),
            ("/readyz", "get_readiness"),
        ]:
            answer = await client.get(path)
            assert (answer.status_code, answer.text) == (
                501,
                f"The operation {name} is not written yet.",
            )


def test_module_that_exists_is_not_touched(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "authors.py").write_text("# mine\n")

    written = scaffold(CONTRACT, package="generated", folder=tmp_path)

    assert [path.name for path in written] == ["articles.py", "tokens.py", "health.py"]
    assert (tmp_path / "authors.py").read_text() == "# mine\n"


def test_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    handlers = tmp_path / "handlers"
    handlers.mkdir()
    (handlers / "authors.py").symlink_to(tmp_path / "elsewhere.py")

    written = scaffold(CONTRACT, package="generated", folder=handlers)

    assert [path.name for path in written] == ["articles.py", "tokens.py", "health.py"]
    assert not (tmp_path / "elsewhere.py").exists()


def test_module_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tidy(_: Path) -> None:
        (tmp_path / "authors.py").write_text("# mine\n")

    monkeypatch.setattr("specfirst.codegen.scaffold.tidy", tidy)

    written = scaffold(CONTRACT, package="generated", folder=tmp_path)

    assert [path.name for path in written] == ["articles.py", "tokens.py", "health.py"]
    assert (tmp_path / "authors.py").read_text() == "# mine\n"


def test_file_in_the_place_of_the_folder_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "handlers").write_text("no folder\n")
    command = [
        sys.executable,
        "-m",
        "specfirst.codegen.scaffold",
        "--folder",
        str(tmp_path / "handlers"),
    ]

    failed = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1)
    assert failed.stderr.startswith(str(tmp_path / "handlers"))
    assert (tmp_path / "handlers").read_text() == "no folder\n"


SECURED = """
openapi: 3.1.0
info: {title: Secrets, version: '1'}
paths:
  /secrets:
    get:
      operationId: get_secret
      tags: [secrets]
      security: [{}, {Token: [%s]}]
      responses: {'204': {description: Read.}}
    put:
      operationId: put_secret
      tags: [secrets]
      security: [{Token: [], Key: []}]
      responses: {'204': {description: Written.}}
components:
  securitySchemes:
    Token: {type: http, scheme: bearer}
    Key: {type: apiKey, in: header, name: X-Key}
"""

CALLER = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Caller:
    scopes: frozenset[str] = frozenset()
"""


@pytest.mark.parametrize(
    ("scope", "principal", "name"),
    [
        ("read", "callers:Caller", "Caller"),
        ("read", None, "HasScopes"),
        ("", "callers:Caller", "Caller"),
        ("", None, "object"),
    ],
)
def test_handlers_have_the_principal_that_is_given(
    tmp_path: Path, scope: str, principal: str | None, name: str
) -> None:
    spec = tmp_path / "secrets.yaml"
    spec.write_text(SECURED % scope)
    (tmp_path / "callers.py").write_text(CALLER)
    command = ["-m", "specfirst.codegen.scaffold", "--spec", str(spec), "--package", "secrets_api"]
    command += ["--folder", "handlers", *(["--principal", principal] if principal else [])]
    generate(read(spec), tmp_path / "secrets_api", source=spec.name)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "openapi")}

    subprocess.run([sys.executable, *command], cwd=tmp_path, env=environment, check=True)

    code = (tmp_path / "handlers" / "secrets.py").read_text()
    assert f"class SecretsHandlers(api.SecretsHandlers[{name}]):" in code
    assert f"async def get_secret(self, *, principal: {name} | None)" in code
    assert f"principal: tuple[{name}, {name}]" in code
    strict = [sys.executable, "-m", "mypy", "--strict", "handlers/secrets.py"]
    checked = subprocess.run(strict, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("principal", ["Caller", "callers.Caller", "callers:", ":Caller", "a:b.c"])
def test_principal_that_is_no_class_is_told(tmp_path: Path, principal: str) -> None:
    command = ["-m", "specfirst.codegen.scaffold", "--folder", str(tmp_path / "handlers")]

    failed = subprocess.run(
        [sys.executable, *command, "--principal", principal],
        capture_output=True,
        text=True,
        check=False,
    )

    assert failed.returncode == 2
    assert failed.stderr.endswith(f"{principal!r} is no class; give app.security:Principal\n")
    assert not (tmp_path / "handlers").exists()
